//! API keys: shown once, stored hashed, expiring, revocable.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::access::token;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::{KeyScope, Role};
use crate::db::prepared::Prepare as _;
use crate::db::schema::api_keys;
use crate::db::{DbConn, Json, columns_of};
use crate::find_row;

/// A key as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = api_keys)]
pub struct Key {
    /// The internal key.
    pub id: i64,
    /// What it is called in lists and in the log of changes.
    pub public_id: PublicId,
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// For which office.
    pub organisation: Option<PublicId>,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// When it stops working.
    pub expires_at: Option<NaiveDateTime>,
    /// When it was taken back.
    pub revoked_at: Option<NaiveDateTime>,
    /// When it was last used, to the hour.
    pub last_used_at: Option<NaiveDateTime>,
    /// Who it acts as: a user, or the key of the command line that made it.
    pub person: Option<PublicId>,
    /// What it is limited to.
    pub(crate) scopes: Option<Json<Vec<KeyScope>>>,
}

/// What a new key is to be.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// For which office; needed by editors and approvers.
    pub organisation: Option<PublicId>,
    /// When it stops working.
    pub expires_at: Option<DateTime<Utc>>,
    /// Who it acts as; nobody but itself when made on the command line.
    pub person: Option<PublicId>,
    /// What it is limited to.
    pub scopes: Option<Vec<KeyScope>>,
}

impl NewKey {
    /// A key that belongs to nobody, does whatever its role may and never stops working.
    pub fn new(name: String, role: Role, organisation: Option<PublicId>) -> Self {
        Self {
            name,
            role,
            organisation,
            expires_at: None,
            person: None,
            scopes: None,
        }
    }
}

impl Key {
    /// Whether it opens anything at this time.
    pub fn is_valid_at(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now.naive_utc() < end)
    }
}

/// Makes a key; its id and its secret, which is not kept.
pub fn create(
    conn: &mut DbConn,
    new: &NewKey,
    now: DateTime<Utc>,
) -> QueryResult<(PublicId, String)> {
    let secret = token::new("tck_");
    let id = PublicId::random(Kind::Key);
    diesel::insert_into(api_keys::table)
        .values((
            api_keys::public_id.eq(&id),
            api_keys::name.eq(&new.name),
            api_keys::hash.eq(token::hash(&secret)),
            api_keys::role.eq(new.role),
            api_keys::organisation.eq(&new.organisation),
            api_keys::created_at.eq(now.naive_utc()),
            api_keys::expires_at.eq(new.expires_at.map(|end| end.naive_utc())),
            api_keys::person.eq(&new.person),
            api_keys::scopes.eq(new.scopes.clone().map(Json)),
        ))
        .prepared()
        .execute(conn)?;
    Ok((id, secret))
}

/// The key of this hash, valid or not.
pub fn find(conn: &mut DbConn, hash: &str) -> QueryResult<Option<Key>> {
    api_keys::table
        .filter(api_keys::hash.eq(hash))
        .select(columns_of::<Key>())
        .prepared()
        .get_result(conn)
        .optional()
}

/// The key of this id, valid or not.
pub fn by_id(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<Key>> {
    find_row!(api_keys, conn, api_keys::public_id.eq(id) => columns_of::<Key>())
}

/// Every key, newest last.
pub fn list(conn: &mut DbConn) -> QueryResult<Vec<Key>> {
    api_keys::table
        .order(api_keys::id)
        .select(columns_of::<Key>())
        .load(conn)
}

/// Takes a key back; `false` when there is none of this id that still works.
pub fn revoke(conn: &mut DbConn, id: &PublicId, now: DateTime<Utc>) -> QueryResult<bool> {
    let revoked = diesel::update(api_keys::table)
        .filter(api_keys::public_id.eq(id))
        .filter(api_keys::revoked_at.is_null())
        .set(api_keys::revoked_at.eq(Some(now.naive_utc())))
        .execute(conn)?;
    Ok(revoked > 0)
}

/// Notes that a key was used.
pub fn note_use(conn: &mut DbConn, id: i64, now: DateTime<Utc>) -> QueryResult<()> {
    diesel::update(api_keys::table)
        .filter(api_keys::id.eq(id))
        .set(api_keys::last_used_at.eq(Some(now.naive_utc())))
        .execute(conn)
        .map(drop)
}
