//! The redaction of a person in one record.

use diesel::QueryResult;

use super::history::Logs;
use super::parts::By;
use super::types::RedactedRecord;
use super::{columns, history, parts};
use crate::activities::record::Activity;
use crate::agreements::record::Agreement;
use crate::changes::{self, Ctx, records as any};
use crate::core::ids::{Kind, PublicId};
use crate::core::person::{Members, Person};
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::DbConn;
use crate::db::condition::{Condition, Value as Bound, execute};
use crate::evidence::dependents;
use crate::evidence::sources::record::Source;
use crate::http::code::Code;
use crate::http::listing::Listed as _;
use crate::http::problem::Problem;
use crate::networks::memberships::record::Membership;
use crate::networks::record::Network;
use crate::partners::contacts::store as contacts;
use crate::partners::record::Partner;
use crate::records::{self, Readable, Row as _};

/// Whether the person stands where the record, or its history, names people: a word of a text alone is
/// nobody.
pub(super) fn names(conn: &mut DbConn, id: &PublicId, person: &Person) -> Result<bool, Problem> {
    let key = Before::read(conn, id)?.key;
    for place in columns::of_kind(id.kind()) {
        if place.names(conn, key, person)? {
            return Ok(true);
        }
    }
    Ok(history::names(conn, id, person)?)
}

/// Takes the person out of the record of this id, with its change, and notes the logs that hold the name; `None`
/// when it stands nowhere.
pub(super) fn redact(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    person: &Person,
    reason: &str,
    logs: &mut Logs,
) -> Result<Option<RedactedRecord>, Problem> {
    let before = Before::read(conn, id)?;
    // What is said of a draft is for its office.
    let ctx = &ctx.with_state(before.state(conn)?);
    let mut persons = vec![person.clone()];
    let mut found = 0;
    // Names first: how they are written is then looked for in texts.
    for _ in 0..2 {
        for place in columns::of_kind(id.kind()) {
            let (stood, spellings) = place.erase(conn, before.key, &persons)?;
            found += stood;
            persons.extend(spellings.iter().filter_map(|name| Person::new(name)));
        }
    }
    found += logs.note(conn, (id, Members::All), &persons)?;
    found += history::erase_proposals(conn, id, &persons)?;
    let by = By {
        ctx,
        persons: &persons,
        reason,
    };
    found += parts::erase(conn, by, (id, before.key), logs)?;
    if found == 0 {
        return Ok(None);
    }
    let version = (before.log)(conn, ctx, reason)?;
    history::forget(conn, id, &persons)?;
    Ok(Some(RedactedRecord {
        target: id.clone(),
        places: found,
        version,
    }))
}

/// Counts the redaction of a record as a new version and appends its change; that version.
type Log = Box<dyn FnOnce(&mut DbConn, &Ctx, &str) -> Result<i32, Problem>>;

/// The record as it was.
struct Before {
    key: i64,
    /// The record that it stands with for those who read its changes, and where that stands.
    stands: (PublicId, RecordState),
    log: Log,
}

fn gone() -> Problem {
    Problem::not_found("record")
}

fn lost() -> Problem {
    Problem::new(Code::Internal)
}

impl Before {
    fn read(conn: &mut DbConn, id: &PublicId) -> Result<Self, Problem> {
        match id.kind() {
            Kind::Partner => Self::record::<Partner>(conn, id),
            Kind::Network => Self::record::<Network>(conn, id),
            Kind::Agreement => Self::record::<Agreement>(conn, id),
            Kind::Activity => Self::record::<Activity>(conn, id),
            Kind::Membership => Self::record::<Membership>(conn, id),
            Kind::Source => Self::record::<Source>(conn, id),
            Kind::Contact => Self::contact(conn, id),
            _ => Err(gone()),
        }
    }

    fn record<R: Readable>(conn: &mut DbConn, id: &PublicId) -> Result<Self, Problem> {
        let row = R::Row::find(conn, id)?.ok_or_else(gone)?;
        let before = R::logged(conn, &row)?;
        let head = row.head();
        Ok(Self {
            key: head.id,
            stands: (id.clone(), head.state),
            log: Box::new(move |conn, ctx, reason| {
                raise(conn, ctx, row.public_id(), head.version)?;
                let after = R::Row::find(conn, row.public_id())?.ok_or_else(lost)?;
                if R::KIND == Kind::Source {
                    dependents::mark_citing_changed(conn, head.id)?;
                }
                let (op, reason) = (ChangeOp::Redacted, Some(reason));
                records::log::<R>(conn, ctx, op, Some(&before), &after, reason)?;
                Ok(after.version())
            }),
        })
    }

    fn contact(conn: &mut DbConn, id: &PublicId) -> Result<Self, Problem> {
        let (row, partner) = contacts::find(conn, id)?.ok_or_else(gone)?;
        let head = any::find(conn, &partner)?;
        let state = head.map_or(RecordState::Draft, |head| head.state);
        Ok(Self {
            key: row.id,
            stands: (partner.clone(), state),
            log: Box::new(move |conn, ctx, reason| {
                let (op, reason) = (ChangeOp::Redacted, Some(reason));
                // Without the person there is nobody to write to at a personal address.
                if row.contact.is_personal {
                    let row = contacts::withdraw(conn, ctx, (&row, &partner), op, reason)?;
                    return Ok(row.ok_or_else(Problem::overtaken)?.version);
                }
                raise(conn, ctx, &row.public_id, row.version)?;
                let (after, _) = contacts::find(conn, &row.public_id)?.ok_or_else(lost)?;
                contacts::log(conn, ctx, op, (Some(&row), &after), &partner, reason)?;
                Ok(after.version)
            }),
        })
    }

    /// Where the record stands for those who read its changes: a contact where its partner does, and
    /// what was withdrawn before anybody saw it with the drafts.
    fn state(&self, conn: &mut DbConn) -> QueryResult<RecordState> {
        let (id, state) = &self.stands;
        if *state == RecordState::Withdrawn && !any::was_public(conn, id)? {
            return Ok(RecordState::Draft);
        }
        Ok(*state)
    }
}

/// Counts the redaction as a new version, with a new representation.
fn raise(conn: &mut DbConn, ctx: &Ctx, id: &PublicId, version: i32) -> Result<(), Problem> {
    let table = columns::table(id.kind()).ok_or_else(lost)?;
    let mut update = Condition::new(format!(
        "UPDATE {table} SET version = version + 1, updated_at = "
    ))
    .bind(Bound::Time(ctx.at()))
    .sql(", updated_by = ")
    .text(ctx.author.as_str());
    // What shows nothing of other records has no representation beside its version.
    if !matches!(id.kind(), Kind::Contact | Kind::Source) {
        update = update
            .sql(", rev = ")
            .integer(changes::next_revision(conn)?);
    }
    let update = update
        .sql(" WHERE public_id = ")
        .text(id.as_str())
        .sql(" AND version = ")
        .integer(i64::from(version));
    let raised = execute(conn, update)? == 1;
    raised.then_some(()).ok_or_else(Problem::overtaken)
}
