//! Rows of users and their roles.

use chrono::{Days, NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde_json::{Value, json as object};

use crate::access::organisations::store as offices;
use crate::changes::{self, Change, Ctx};
use crate::core::author::Author;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::{Entity, Role};
use crate::db::prepared::Prepare as _;
use crate::db::schema::{
    api_keys, organisations, partners, password_tokens, sessions, user_roles, users,
};
use crate::db::{DbConn, Json, columns_of};
use crate::http::problem::Problem;
use crate::{change_row, find_row};

/// A user as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct UserRow {
    /// The internal key.
    pub id: i64,
    /// The id.
    pub public_id: PublicId,
    pub(crate) email: Option<String>,
    pub(crate) name: String,
    pub(crate) lang: String,
    pub(crate) password: Option<String>,
    pub(crate) registry_role: Option<Role>,
    pub(crate) active: bool,
    pub(crate) oidc_issuer: Option<String>,
    pub(crate) version: i32,
    pub(crate) created_at: NaiveDateTime,
    pub(crate) updated_at: NaiveDateTime,
    pub(crate) seen_email: Option<String>,
    pub(crate) seen_grants: Option<Json<Vec<String>>>,
    pub(crate) seen_on: Option<NaiveDate>,
}

/// What a user is to be.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct NewUser {
    pub(crate) email: Option<String>,
    pub(crate) name: String,
    pub(crate) lang: String,
    pub(crate) registry_role: Option<Role>,
    /// Internal keys of offices, with the role in each; none where those stay that there are.
    #[diesel(skip_insertion, skip_update)]
    pub(crate) roles: Option<Vec<(i64, Role)>>,
    pub(crate) active: bool,
}

impl NewUser {
    /// Someone without an address, who can't log in with a password.
    pub fn new(name: &str, registry_role: Option<Role>, roles: Vec<(i64, Role)>) -> Self {
        Self {
            email: None,
            name: name.to_owned(),
            lang: "en".to_owned(),
            registry_role,
            roles: Some(roles),
            active: true,
        }
    }
}

/// The user as it is, but for whether it may log in.
pub fn unchanged(row: &UserRow, active: bool) -> NewUser {
    NewUser {
        email: row.email.clone(),
        name: row.name.clone(),
        lang: row.lang.clone(),
        registry_role: row.registry_role,
        roles: None,
        active,
    }
}

/// The user of this internal key.
pub fn by_key(conn: &mut DbConn, key: i64) -> QueryResult<Option<UserRow>> {
    find_row!(users, conn, users::id.eq(key) => columns_of::<UserRow>())
}

/// The user of this id.
pub fn find(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<UserRow>> {
    find_row!(users, conn, users::public_id.eq(id) => columns_of::<UserRow>())
}

/// The user with this address, which is in lower case.
pub fn by_email(conn: &mut DbConn, email: &str) -> QueryResult<Option<UserRow>> {
    find_row!(users, conn, users::email.eq(email) => columns_of::<UserRow>())
}

/// The user that an identity provider knows by this subject.
pub fn by_subject(conn: &mut DbConn, issuer: &str, subject: &str) -> QueryResult<Option<UserRow>> {
    let known = users::oidc_issuer
        .eq(issuer)
        .and(users::oidc_subject.eq(subject));
    find_row!(users, conn, known => columns_of::<UserRow>())
}

/// Every user, by name.
pub fn all(conn: &mut DbConn) -> QueryResult<Vec<UserRow>> {
    users::table
        .order((users::name, users::id))
        .select(columns_of::<UserRow>())
        .load(conn)
}

/// The roles of these users in offices.
pub fn roles(conn: &mut DbConn, of: &[i64]) -> QueryResult<Vec<(i64, PublicId, Role)>> {
    user_roles::table
        .inner_join(organisations::table.inner_join(partners::table))
        .filter(user_roles::user_id.eq_any(of))
        .order((user_roles::user_id, user_roles::id))
        .select((user_roles::user_id, partners::public_id, user_roles::role))
        .load(conn)
}

/// How long what a token of the identity provider said counts for whom mail goes to.
const SEEN: Days = Days::new(90);

/// Where to write to those who decide in an office but for whoever writes: address and language.
///
/// They are its approvers and, without a second pair of eyes, its editors. Of people of the identity
/// provider their last token says what they are, if they came within ninety days.
pub fn deciding(
    conn: &mut DbConn,
    office: &PublicId,
    ctx: &Ctx,
) -> QueryResult<Vec<(String, String)>> {
    let roles: &[Role] = if offices::four_eyes(conn, office)? {
        &[Role::Approver]
    } else {
        &[Role::Editor, Role::Approver]
    };
    let mut all: Vec<(PublicId, Option<String>, String)> = users::table
        .inner_join(user_roles::table.inner_join(organisations::table.inner_join(partners::table)))
        .filter(partners::public_id.eq(office))
        .filter(user_roles::role.eq_any(roles))
        .filter(users::active.eq(true))
        .order(users::id)
        .select((users::public_id, users::email, users::lang))
        .load(conn)?;
    type Seen = (PublicId, Option<String>, String, Option<Json<Vec<String>>>);
    let seen: Vec<Seen> = users::table
        .filter(users::seen_email.is_not_null())
        .filter(users::active.eq(true))
        .filter(users::seen_on.ge(ctx.today().checked_sub_days(SEEN)))
        .order(users::id)
        .select((
            users::public_id,
            users::seen_email,
            users::lang,
            users::seen_grants,
        ))
        .load(conn)?;
    let deciding: Vec<String> = roles
        .iter()
        .map(|role| format!("{role}@{office}"))
        .collect();
    for (id, email, lang, grants) in seen {
        let decides =
            grants.is_some_and(|grants| grants.iter().any(|grant| deciding.contains(grant)));
        if decides && all.iter().all(|(known, _, _)| *known != id) {
            all.push((id, email, lang));
        }
    }
    let mut written: Vec<(String, String)> = Vec::new();
    for (id, email, lang) in all {
        if let Some(email) = email.filter(|_| Some(&id) != ctx.person.as_ref())
            && written.iter().all(|(known, _)| *known != email)
        {
            written.push((email, lang));
        }
    }
    Ok(written)
}

/// Notes what a token of the identity provider says of its bearer's address and roles, for whom mail
/// goes to. It is no change of the user.
pub fn note_seen(
    conn: &mut DbConn,
    user: i64,
    email: Option<&str>,
    grants: Vec<String>,
    today: NaiveDate,
) -> QueryResult<()> {
    diesel::update(users::table.find(user))
        .set((
            users::seen_email.eq(email),
            users::seen_grants.eq(Some(Json(grants))),
            users::seen_on.eq(Some(today)),
        ))
        .execute(conn)
        .map(drop)
}

/// What a user may act as, the strongest first.
pub fn grants(conn: &mut DbConn, user: &UserRow) -> QueryResult<Vec<Author>> {
    let mut grants: Vec<Author> = roles(conn, &[user.id])?
        .into_iter()
        .map(|(_, office, role)| Author::new(role, Some(office)))
        .collect();
    if let Some(role) = user.registry_role {
        grants.push(Author::new(role, None));
    }
    grants.sort_by_key(|grant| std::cmp::Reverse(grant.role()));
    Ok(grants)
}

/// What the user of this id may act as; nothing when there is none or it is deactivated.
pub fn grants_of(conn: &mut DbConn, id: &PublicId) -> QueryResult<Vec<Author>> {
    match find(conn, id)?.filter(|user| user.active) {
        Some(user) => grants(conn, &user),
        None => Ok(Vec::new()),
    }
}

/// Records a user, with its change.
pub fn insert(
    conn: &mut DbConn,
    ctx: &Ctx,
    new: &NewUser,
    password: Option<&str>,
    subject: Option<(&str, &str)>,
) -> QueryResult<UserRow> {
    let row: UserRow = diesel::insert_into(users::table)
        .values((
            users::public_id.eq(PublicId::random(Kind::User)),
            new,
            users::password.eq(password),
            users::oidc_issuer.eq(subject.map(|(issuer, _)| issuer)),
            users::oidc_subject.eq(subject.map(|(_, subject)| subject)),
            users::version.eq(1),
            users::created_at.eq(ctx.at()),
            users::updated_at.eq(ctx.at()),
        ))
        .returning(columns_of::<UserRow>())
        .prepared()
        .get_result(conn)?;
    set_roles(conn, row.id, new)?;
    log(conn, ctx, None, &row)?;
    Ok(row)
}

/// Changes a user as it was read, with its change; 412 when somebody was faster. One who is
/// deactivated is logged out everywhere and loses all keys.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &UserRow,
    new: &NewUser,
) -> Result<UserRow, Problem> {
    let told = value(conn, before)?;
    let columns = (
        new,
        users::version.eq(before.version + 1),
        users::updated_at.eq(ctx.at()),
    );
    let row = change_row!(users => UserRow, conn, before, columns)?;
    let row = row.ok_or_else(Problem::overtaken)?;
    set_roles(conn, row.id, new)?;
    // A link went to whoever has the old address.
    if before.email != row.email {
        void_links(conn, row.id)?;
    }
    if before.active && !row.active {
        lock_out(conn, ctx, &row)?;
    }
    log(conn, ctx, Some(&told), &row)?;
    Ok(row)
}

/// Links that set a password no longer do.
fn void_links(conn: &mut DbConn, user: i64) -> QueryResult<()> {
    diesel::delete(password_tokens::table.filter(password_tokens::user_id.eq(user)))
        .execute(conn)
        .map(drop)
}

/// Whether there is an active administrator who can log in.
pub fn has_admin(conn: &mut DbConn) -> QueryResult<bool> {
    let admin = users::active
        .eq(true)
        .and(users::password.is_not_null())
        .and(users::registry_role.eq(Role::Admin));
    let found: Option<i64> = find_row!(users, conn, admin => users::id)?;
    Ok(found.is_some())
}

/// Sets a password, with its change; every session but `kept` ends, and so do links that set one.
pub fn set_password(
    conn: &mut DbConn,
    ctx: &Ctx,
    user: &UserRow,
    password: &str,
    kept: Option<&PublicId>,
) -> QueryResult<UserRow> {
    let told = value(conn, user)?;
    let row: UserRow = diesel::update(users::table.find(user.id))
        .set((
            users::password.eq(Some(password)),
            users::version.eq(user.version + 1),
            users::updated_at.eq(ctx.at()),
        ))
        .returning(columns_of::<UserRow>())
        .get_result(conn)?;
    end_sessions(conn, ctx, user, kept)?;
    void_links(conn, user.id)?;
    log(conn, ctx, Some(&told), &row)?;
    Ok(row)
}

/// Ends the sessions of a user that still run, but for one that is kept.
fn end_sessions(
    conn: &mut DbConn,
    ctx: &Ctx,
    user: &UserRow,
    kept: Option<&PublicId>,
) -> QueryResult<()> {
    diesel::update(sessions::table)
        .filter(sessions::user_id.eq(user.id))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::public_id.ne(kept.map_or("", PublicId::as_str)))
        .set(sessions::ended_at.eq(Some(ctx.at())))
        .execute(conn)
        .map(drop)
}

fn lock_out(conn: &mut DbConn, ctx: &Ctx, user: &UserRow) -> QueryResult<()> {
    void_links(conn, user.id)?;
    end_sessions(conn, ctx, user, None)?;
    diesel::update(api_keys::table)
        .filter(api_keys::person.eq(&user.public_id))
        .filter(api_keys::revoked_at.is_null())
        .set(api_keys::revoked_at.eq(Some(ctx.at())))
        .execute(conn)
        .map(drop)
}

fn set_roles(conn: &mut DbConn, user: i64, new: &NewUser) -> QueryResult<()> {
    let Some(all) = &new.roles else { return Ok(()) };
    diesel::delete(user_roles::table.filter(user_roles::user_id.eq(user))).execute(conn)?;
    for (office, role) in all {
        diesel::insert_into(user_roles::table)
            .values((
                user_roles::user_id.eq(user),
                user_roles::organisation_id.eq(office),
                user_roles::role.eq(role),
            ))
            .prepared()
            .execute(conn)?;
    }
    Ok(())
}

/// What the log says of a user: roles, but no name and no address.
fn value(conn: &mut DbConn, row: &UserRow) -> QueryResult<Value> {
    let grants = grants(conn, row)?;
    let grants: Vec<&str> = grants.iter().map(Author::as_str).collect();
    Ok(object!({ "id": row.public_id, "active": row.active, "grants": grants }))
}

fn log(conn: &mut DbConn, ctx: &Ctx, before: Option<&Value>, row: &UserRow) -> QueryResult<i64> {
    let after = value(conn, row)?;
    let change = Change::of(Entity::User, (&row.public_id, row.version), before, &after);
    changes::record(conn, ctx, &change)
}
