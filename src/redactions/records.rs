//! The redaction of a person in one record.

use diesel::QueryResult;
use serde_json::Value;

use super::types::RedactedRecord;
use super::{columns, history, parts};
use crate::activities::record::Activity;
use crate::activities::store as activities;
use crate::agreements::record::Agreement;
use crate::agreements::store as agreements;
use crate::changes::{self, Ctx, records as any};
use crate::core::ids::{Kind, PublicId};
use crate::core::person::Person;
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::DbConn;
use crate::db::condition::{Condition, Value as Bound, execute};
use crate::evidence::sources::record as source;
use crate::evidence::sources::store as sources;
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::networks::memberships::record::Membership;
use crate::networks::memberships::store as memberships;
use crate::partners::contacts::store as contacts;
use crate::records::{self, Record};

/// Whether the person stands where the record, or its history, names people: a word of a text alone is
/// nobody.
pub(super) fn names(conn: &mut DbConn, id: &PublicId, person: &Person) -> Result<bool, Problem> {
    let key = Before::read(conn, id)?.key();
    for place in columns::of_kind(id.kind()) {
        if place.names(conn, key, person)? {
            return Ok(true);
        }
    }
    Ok(history::names(conn, id, person)?)
}

/// Takes the person out of the record of this id, with its change; `None` when the name stands
/// nowhere in it.
pub(super) fn redact(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    person: &Person,
    reason: &str,
) -> Result<Option<RedactedRecord>, Problem> {
    let before = Before::read(conn, id)?;
    // What is said of a draft is for its office.
    let ctx = &ctx.with_state(before.state(conn)?);
    let mut persons = vec![person.clone()];
    let mut found = 0;
    // Names first: how they are written is then looked for in texts.
    for _ in 0..2 {
        for place in columns::of_kind(id.kind()) {
            let (stood, spellings) = place.erase(conn, before.key(), &persons)?;
            found += stood;
            persons.extend(spellings.iter().filter_map(|name| Person::new(name)));
        }
    }
    found += history::erase(conn, id, &persons)?;
    found += history::erase_proposals(conn, id, &persons)?;
    found += parts::erase(conn, ctx, id, before.key(), &persons, reason)?;
    if found == 0 {
        return Ok(None);
    }
    let version = before.log(conn, ctx, reason)?;
    history::forget(conn, id, &persons)?;
    Ok(Some(RedactedRecord {
        target: id.clone(),
        places: found,
        version,
    }))
}

/// The record as it was, and as the log has it.
enum Before {
    Agreement(Box<agreements::AgreementRow>, Value),
    Activity(Box<activities::ActivityRow>, Value),
    Membership(Box<memberships::MembershipRow>, Value),
    Contact(Box<contacts::ContactRow>, PublicId),
    Source(Box<sources::SourceRow>),
}

impl Before {
    fn read(conn: &mut DbConn, id: &PublicId) -> Result<Self, Problem> {
        let gone = || Problem::not_found("record");
        Ok(match id.kind() {
            Kind::Agreement => {
                let row = agreements::find(conn, id)?.ok_or_else(gone)?;
                let value = Agreement::logged(conn, &row)?;
                Self::Agreement(Box::new(row), value)
            }
            Kind::Activity => {
                let row = activities::find(conn, id)?.ok_or_else(gone)?;
                let value = Activity::logged(conn, &row)?;
                Self::Activity(Box::new(row), value)
            }
            Kind::Membership => {
                let row = memberships::find(conn, id)?.ok_or_else(gone)?;
                let value = Membership::logged(conn, &row)?;
                Self::Membership(Box::new(row), value)
            }
            Kind::Contact => {
                let (row, partner) = contacts::find(conn, id)?.ok_or_else(gone)?;
                Self::Contact(Box::new(row), partner)
            }
            Kind::Source => Self::Source(Box::new(sources::find(conn, id)?.ok_or_else(gone)?)),
            _ => return Err(gone()),
        })
    }

    /// Where the record stands for those who read its changes: a contact where its partner does, and
    /// what was withdrawn before anybody saw it with the drafts.
    fn state(&self, conn: &mut DbConn) -> QueryResult<RecordState> {
        let (id, state) = match self {
            Self::Agreement(row, _) => (&row.public_id, row.record_state),
            Self::Activity(row, _) => (&row.public_id, row.record_state),
            Self::Membership(row, _) => (&row.public_id, row.record_state),
            Self::Source(row) => (&row.public_id, row.record_state),
            Self::Contact(_, partner) => match any::find(conn, partner)? {
                Some(head) => (partner, head.state),
                None => (partner, RecordState::Draft),
            },
        };
        if state == RecordState::Withdrawn && !any::was_public(conn, id)? {
            return Ok(RecordState::Draft);
        }
        Ok(state)
    }

    fn key(&self) -> i64 {
        match self {
            Self::Agreement(row, _) => row.id,
            Self::Activity(row, _) => row.id,
            Self::Membership(row, _) => row.id,
            Self::Contact(row, _) => row.id,
            Self::Source(row) => row.id,
        }
    }

    /// Counts the redaction as a new version and appends its change; that version.
    fn log(self, conn: &mut DbConn, ctx: &Ctx, reason: &str) -> Result<i32, Problem> {
        let op = ChangeOp::Redacted;
        let reason = Some(reason);
        let gone = || Problem::new(Code::Internal);
        match self {
            Self::Agreement(row, before) => {
                raise(conn, ctx, &row.public_id, row.version)?;
                let after = agreements::by_key(conn, row.id)?;
                records::log::<Agreement>(conn, ctx, op, Some(&before), &after, reason)?;
                Ok(after.version)
            }
            Self::Activity(row, before) => {
                raise(conn, ctx, &row.public_id, row.version)?;
                let after = activities::find(conn, &row.public_id)?.ok_or_else(gone)?;
                records::log::<Activity>(conn, ctx, op, Some(&before), &after, reason)?;
                Ok(after.version)
            }
            Self::Membership(row, before) => {
                raise(conn, ctx, &row.public_id, row.version)?;
                let after = memberships::find(conn, &row.public_id)?.ok_or_else(gone)?;
                records::log::<Membership>(conn, ctx, op, Some(&before), &after, reason)?;
                Ok(after.version)
            }
            Self::Source(row) => {
                raise(conn, ctx, &row.public_id, row.version)?;
                let after = source::redacted(conn, ctx, &row, reason)?;
                Ok(after.ok_or_else(gone)?.version)
            }
            // Without the person there is nobody to write to at a personal address.
            Self::Contact(row, partner) if row.is_personal => {
                let row = contacts::withdraw(conn, ctx, (&row, &partner), op, reason)?;
                Ok(row.ok_or_else(Problem::overtaken)?.version)
            }
            Self::Contact(row, partner) => {
                raise(conn, ctx, &row.public_id, row.version)?;
                let (after, _) = contacts::find(conn, &row.public_id)?.ok_or_else(gone)?;
                let both = (Some(&*row), &after);
                contacts::log(conn, ctx, op, both, &partner, reason)?;
                Ok(after.version)
            }
        }
    }
}

/// Counts the redaction as a new version, with a new representation.
fn raise(conn: &mut DbConn, ctx: &Ctx, id: &PublicId, version: i32) -> Result<(), Problem> {
    let table = columns::table(id.kind()).ok_or_else(|| Problem::new(Code::Internal))?;
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
    if execute(conn, update)? == 1 {
        Ok(())
    } else {
        Err(Problem::overtaken())
    }
}
