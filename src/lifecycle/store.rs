//! Rows of events: appended, never changed.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::result::Error;
use serde_json::Value;

use super::{Subject, SubjectKind};
use crate::changes::Ctx;
use crate::core::author::Author;
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::state_machine::Event;
use crate::core::vocabulary::Code;
use crate::db::condition::grouped;
use crate::db::prepared::Prepare as _;
use crate::db::schema::lifecycle_events;
use crate::db::{DbConn, columns_of, json};

/// An event as it is stored. Actions and statuses are codes of the subject's own vocabularies.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = lifecycle_events)]
pub struct EventRow {
    pub(crate) id: i64,
    pub(crate) public_id: PublicId,
    pub(crate) agreement_id: Option<i64>,
    pub(crate) membership_id: Option<i64>,
    pub(crate) action: String,
    /// The status it met when it was recorded; a later entry may have come between.
    pub(crate) from_status: Option<String>,
    /// The status after it when it was recorded.
    pub(crate) to_status: String,
    /// The status the event itself names, the `to` of [`Event`].
    pub(crate) stated_status: Option<String>,
    pub(crate) effective_on: Edtf,
    pub(crate) recorded_at: NaiveDateTime,
    pub(crate) recorded_by: Author,
    pub(crate) corrects_id: Option<i64>,
    pub(crate) source_id: Option<i64>,
    /// Whatever else is known of it, as JSON of the subject's room.
    pub(crate) details: String,
}

impl EventRow {
    /// What the machine has to know of it.
    pub fn event<A: Code, S: Code>(&self) -> QueryResult<Event<A, S>> {
        Ok(Event {
            id: self.id,
            action: code(&self.action)?,
            effective_on: self.effective_on.clone(),
            recorded_on: self.recorded_at.date(),
            to: self.stated_status.as_deref().map(code).transpose()?,
            corrects: self.corrects_id,
        })
    }
}

/// The code stored as `text`.
pub fn code<C: Code>(text: &str) -> QueryResult<C> {
    C::parse(text).map_err(|invalid| Error::DeserializationError(Box::new(invalid)))
}

/// The events the machine folds, from rows in the order of recording.
pub fn recorded<A: Code, S: Code>(rows: &[EventRow]) -> QueryResult<Vec<Event<A, S>>> {
    rows.iter().map(EventRow::event).collect()
}

/// An event that is being recorded.
#[derive(Debug, Clone)]
pub struct NewEvent<'a> {
    /// The record it belongs to.
    pub subject: Subject,
    /// What was done.
    pub action: &'a str,
    /// The status it meets.
    pub from_status: Option<&'a str>,
    /// The status after it.
    pub to_status: &'a str,
    /// The status the event itself names, the `to` of [`Event`].
    pub stated_status: Option<&'a str>,
    /// When it was true.
    pub effective_on: &'a Edtf,
    /// The event it puts right.
    pub corrects_id: Option<i64>,
    /// Where it is written.
    pub source_id: Option<i64>,
    /// Whatever else is known of it, as JSON.
    pub details: String,
}

/// Appends an event; its id.
pub fn insert(conn: &mut DbConn, ctx: &Ctx, new: &NewEvent<'_>) -> QueryResult<PublicId> {
    use lifecycle_events as e;
    let public_id = PublicId::next(Kind::Event);
    let (agreement, membership) = new.subject.keys();
    diesel::insert_into(e::table)
        .values((
            e::public_id.eq(&public_id),
            e::agreement_id.eq(agreement),
            e::membership_id.eq(membership),
            e::action.eq(new.action),
            e::from_status.eq(new.from_status),
            e::to_status.eq(new.to_status),
            e::stated_status.eq(new.stated_status),
            e::effective_on.eq(new.effective_on),
            e::recorded_at.eq(ctx.at()),
            e::recorded_by.eq(&ctx.author),
            e::corrects_id.eq(new.corrects_id),
            e::source_id.eq(new.source_id),
            e::details.eq(&new.details),
        ))
        .prepared()
        .execute(conn)?;
    Ok(public_id)
}

/// The events of one record in the order of recording.
pub fn of_subject(conn: &mut DbConn, subject: Subject) -> QueryResult<Vec<EventRow>> {
    use lifecycle_events as e;
    let rows = e::table.select(columns_of::<EventRow>()).order(e::id);
    match subject {
        Subject::Agreement(key) => rows.filter(e::agreement_id.eq(key)).prepared().load(conn),
        Subject::Membership(key) => rows.filter(e::membership_id.eq(key)).prepared().load(conn),
    }
}

/// The events of these records, by internal key, each in the order of recording: one query.
pub fn of_subjects(
    conn: &mut DbConn,
    of: SubjectKind,
    keys: &[i64],
) -> QueryResult<HashMap<i64, Vec<EventRow>>> {
    use lifecycle_events as e;
    let rows = e::table.select(columns_of::<EventRow>()).order(e::id);
    let rows: Vec<EventRow> = match of {
        SubjectKind::Agreements => rows.filter(e::agreement_id.eq_any(keys)).load(conn)?,
        SubjectKind::Memberships => rows.filter(e::membership_id.eq_any(keys)).load(conn)?,
    };
    // A check of the table: it belongs to exactly one of the two.
    let key = |row: &EventRow| row.agreement_id.or(row.membership_id).unwrap_or_default();
    Ok(grouped(rows.into_iter().map(|row| (key(&row), row))))
}

/// Writes another partner (internal keys) into the events that name this one: the two were merged.
/// What the events say stays as it is.
pub fn move_partner(conn: &mut DbConn, from: i64, to: i64) -> QueryResult<()> {
    use lifecycle_events as e;
    // A coarse filter: which member holds the number is seen below.
    let (inside, last) = (format!("%:{from},%"), format!("%:{from}}}%"));
    let named: Vec<(i64, String)> = e::table
        .filter(e::details.like(inside).or(e::details.like(last)))
        .select((e::id, e::details))
        .load(conn)?;
    for (id, details) in named {
        let mut details: Value = json::value(&details)?;
        let mut changed = false;
        for member in ["actor", "party", "successor"] {
            if let Some(key) = details.get_mut(member)
                && *key == from
            {
                *key = to.into();
                changed = true;
            }
        }
        if changed {
            diesel::update(e::table.find(id))
                .set(e::details.eq(json::text(&details)?))
                .execute(conn)?;
        }
    }
    Ok(())
}
