//! Rows of contacts.

use std::collections::{BTreeMap, HashMap};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::rules::{self, NewContact};
use super::types::ContactView;
use super::visibility::contact_scope;
use crate::changes::refresh::Shown;
use crate::changes::{self, Change, Ctx};
use crate::core::author::Author;
use crate::core::ids::{Kind, PublicId};
use crate::core::text;
use crate::core::vocabulary::partner::ContactVisibility;
use crate::core::vocabulary::record::{ChangeOp, Entity, RecordState};
use crate::db::condition::{Condition, grouped, published};
use crate::db::schema::{contacts, partners};
use crate::db::{DbConn, columns_of, keyset};
use crate::http::extract::Viewer;
use crate::http::idempotency;
use crate::http::listing::Listed;
use crate::{change_row, inserted, versioned};

/// A contact as it is stored.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = contacts)]
pub struct ContactRow {
    pub(crate) id: i64,
    pub(crate) public_id: PublicId,
    pub(crate) record_state: RecordState,
    pub(crate) version: i32,
    pub(crate) created_at: NaiveDateTime,
    pub(crate) updated_at: NaiveDateTime,
    pub(crate) created_by: Author,
    pub(crate) updated_by: Author,
    pub(crate) withdrawn_reason: Option<String>,
    pub(crate) partner_id: i64,
    pub(crate) sort_key: String,
    #[diesel(embed)]
    pub(crate) contact: NewContact,
}

// What it holds of a person must not reach a log by way of a `{:?}`.
impl std::fmt::Debug for ContactRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ContactRow({})", self.public_id)
    }
}

impl ContactRow {
    pub(super) fn etag(&self) -> String {
        format!("\"{}\"", self.version)
    }

    /// As those who may see it do.
    pub fn view(self, partner: &PublicId) -> ContactView {
        let (meta, contact) = (crate::meta!(self), self.contact);
        ContactView {
            meta,
            languages: contact.languages.0,
            partner_id: partner.clone(),
            id: self.public_id,
            unit: contact.unit,
            email: contact.email,
            phone: contact.phone,
            url: contact.url,
            is_personal: contact.is_personal,
            visibility: contact.visibility,
            verified_on: contact.verified_on,
            person_name: contact.personal.person_name,
            consent_given_on: contact.personal.consent_given_on,
            consent_note: contact.personal.consent_note,
            expires_on: contact.personal.expires_on,
        }
    }

    /// As the log of changes has it. E-mail addresses and numbers are never in it, and of what not
    /// everyone sees there is only that it exists.
    fn logged(&self, partner: &PublicId) -> Value {
        let contact = &self.contact;
        let mut value = json!({
            "id": self.public_id, "partner_id": partner, "visibility": contact.visibility,
            "record_state": self.record_state,
        });
        let Some(members) = value.as_object_mut() else {
            return value;
        };
        if let Some(day) = contact.verified_on {
            members.insert("verified_on".to_owned(), json!(day));
        }
        if contact.visibility == ContactVisibility::Public {
            members.insert("unit".to_owned(), json!(contact.unit));
            members.insert("languages".to_owned(), json!(*contact.languages));
            if let Some(url) = &contact.url {
                members.insert("url".to_owned(), json!(url));
            }
        }
        value
    }
}

impl Listed for ContactRow {
    fn id(&self) -> i64 {
        self.id
    }

    fn public_id(&self) -> &PublicId {
        &self.public_id
    }

    fn sort_value(&self, key: &str, _: bool) -> String {
        match key {
            "created_at" => keyset::time(self.created_at),
            "updated_at" => keyset::time(self.updated_at),
            _ => self.sort_key.clone(),
        }
    }
}

/// The contact of this id and the public id of its partner, whatever its state.
pub fn find(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<(ContactRow, PublicId)>> {
    contacts::table
        .inner_join(partners::table)
        .filter(contacts::public_id.eq(id))
        .select((columns_of::<ContactRow>(), partners::public_id))
        .first(conn)
        .optional()
}

/// The contacts of these internal keys.
pub fn by_keys(conn: &mut DbConn, keys: &[i64]) -> QueryResult<Vec<ContactRow>> {
    contacts::table
        .filter(contacts::id.eq_any(keys))
        .select(columns_of::<ContactRow>())
        .load(conn)
}

/// The contacts of these partners that the viewer sees and that hold today, by the partner's public id: the
/// same queries for any number of partners.
pub fn seen_of(
    conn: &mut DbConn,
    ids: &BTreeMap<i64, PublicId>,
    viewer: &Viewer,
    today: NaiveDate,
) -> QueryResult<HashMap<PublicId, Vec<ContactView>>> {
    let keys: Vec<i64> = ids.keys().copied().collect();
    let scope = contact_scope(conn, viewer, &keys)?;
    let rows: Vec<ContactRow> = contacts::table
        .filter(contacts::partner_id.eq_any(keys))
        .filter(Condition::new(published("contacts")))
        .order((contacts::sort_key, contacts::id))
        .select(columns_of::<ContactRow>())
        .load(conn)?;
    let shown = |row: &ContactRow| {
        scope.sees(row.contact.visibility, row.partner_id)
            && !rules::has_expired(row.contact.personal.expires_on, today)
    };
    let views = rows.into_iter().filter(shown).filter_map(|row| {
        let partner = ids.get(&row.partner_id)?;
        Some((partner.clone(), row.view(partner)))
    });
    Ok(grouped(views))
}

/// Records a contact of a partner, with its change.
pub fn insert(
    conn: &mut DbConn,
    ctx: &Ctx,
    (partner, partner_id): (i64, &PublicId),
    new: &NewContact,
) -> QueryResult<ContactRow> {
    let id = PublicId::random(Kind::Contact);
    // It is as public as its partner; a contact has no drafts of its own.
    let open = ctx.with_state(RecordState::Published);
    let row: ContactRow = diesel::insert_into(contacts::table)
        .values((
            inserted!(contacts, &id, open),
            contacts::partner_id.eq(partner),
            contacts::sort_key.eq(text::sort_key(&new.unit)),
            new,
        ))
        .returning(columns_of::<ContactRow>())
        .get_result(conn)?;
    log(conn, ctx, ChangeOp::Created, (None, &row), partner_id, None)?;
    Ok(row)
}

/// Changes the contact as it was read, with its change; `None` when somebody was faster.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    (before, partner): (&ContactRow, &PublicId),
    new: &NewContact,
) -> QueryResult<Option<ContactRow>> {
    let sort_key = contacts::sort_key.eq(text::sort_key(&new.unit));
    let columns = (versioned!(contacts, before.version, ctx), sort_key, new);
    let row = change_row!(contacts => ContactRow, conn, before, columns)?;
    if let Some(row) = &row {
        // What was told while it was public is told to nobody any more.
        let is_public = |row: &ContactRow| row.contact.visibility == ContactVisibility::Public;
        if is_public(before) && !is_public(row) {
            let this = (&row.public_id, row.version);
            changes::hide_from_public(conn, ctx, Entity::Contact, this, Some(partner))?;
        }
        let both = (Some(before), row);
        log(conn, ctx, ChangeOp::Updated, both, partner, None)?;
    }
    Ok(row)
}

/// Withdraws the contact as it was read, with its change; of a personal one nothing of the person is
/// left, kept answers included. `None` when
/// somebody was faster.
pub fn withdraw(
    conn: &mut DbConn,
    ctx: &Ctx,
    (before, partner): (&ContactRow, &PublicId),
    op: ChangeOp,
    reason: Option<&str>,
) -> QueryResult<Option<ContactRow>> {
    let contact = &before.contact;
    let of_office = |value: &'_ Option<String>| value.clone().filter(|_| !contact.is_personal);
    let columns = (
        versioned!(contacts, before.version, ctx),
        contacts::record_state.eq(RecordState::Withdrawn),
        contacts::withdrawn_reason.eq(reason),
        contacts::email.eq(of_office(&contact.email)),
        contacts::phone.eq(of_office(&contact.phone)),
        contacts::url.eq(of_office(&contact.url)),
        contacts::person_name.eq(of_office(&contact.personal.person_name)),
        contacts::consent_note.eq(of_office(&contact.personal.consent_note)),
    );
    let row = change_row!(contacts => ContactRow, conn, before, columns)?;
    let Some(row) = row else { return Ok(None) };
    if contact.is_personal {
        idempotency::purge_matching(conn, row.public_id.as_str(), |_| true)?;
    }
    log(conn, ctx, op, (Some(before), &row), partner, reason)?;
    Ok(Some(row))
}

/// Appends the change of a contact to the log.
pub fn log(
    conn: &mut DbConn,
    ctx: &Ctx,
    op: ChangeOp,
    (before, row): (Option<&ContactRow>, &ContactRow),
    partner: &PublicId,
    reason: Option<&str>,
) -> QueryResult<()> {
    let before = before.map(|before| before.logged(partner));
    let (this, after) = ((&row.public_id, row.version), row.logged(partner));
    let change = Change::of(Entity::Contact, this, before.as_ref(), &after);
    changes::record(conn, ctx, &change.with_op(op, reason)).map(drop)
}

/// The contacts of this partner (internal key), whatever their state.
pub fn of_partner(conn: &mut DbConn, partner: i64) -> QueryResult<Vec<PublicId>> {
    contacts::table
        .filter(contacts::partner_id.eq(partner))
        .select(contacts::public_id)
        .load(conn)
}

/// The contacts of these ids as the log keeps them, for the feed: as long as their partners are shown.
pub fn listed(conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<Vec<Shown>> {
    use partners as p;
    let rows: Vec<(ContactRow, PublicId, RecordState)> = contacts::table
        .inner_join(p::table)
        .filter(contacts::public_id.eq_any(ids))
        .select((columns_of::<ContactRow>(), p::public_id, p::record_state))
        .load(conn)?;
    let shown = rows.into_iter().map(|(row, partner, state)| Shown {
        value: match state {
            RecordState::Published | RecordState::Draft => row.logged(&partner),
            _ => Value::Null,
        },
        version: row.version,
        state,
        id: row.public_id,
    });
    Ok(shown.collect())
}
