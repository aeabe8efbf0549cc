//! Recording an event: needs, fold, conditions, then what it changes.

use super::apply;
use super::life::{Added, Happened, Life};
use super::replaced;
use super::required::CheckedEvent;
use super::status;
use crate::agreements::parties;
use crate::agreements::store::{self, AgreementRow};
use crate::agreements::types::Warning;
use crate::changes::Ctx;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::db::{DbConn, json};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle::store::EventRow;
use crate::lifecycle::{self as recorded, NewEvent, Subject};

/// An event that was recorded.
#[derive(Debug)]
pub struct Recorded {
    /// Its id.
    pub id: PublicId,
    /// All events of the agreement in the order of recording: it is the last.
    pub events: Vec<EventRow>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
}

/// Records one event of an agreement, whose fields are right, inside a write transaction: 422 for conditions that
/// fail, 409 when the lifecycle does not allow it.
pub fn record(
    conn: &mut DbConn,
    ctx: &Ctx,
    agreement: &AgreementRow,
    said: CheckedEvent,
) -> Result<Recorded, Problem> {
    let subject = Subject::Agreement(agreement.id);
    let events = recorded::of_subject(conn, subject)?;
    let parties = parties::rows(conn, &[agreement.id])?;
    let mut life = Life::of(agreement, &events, &parties, ctx.today())?;
    let before = life.clone();
    let superseded_by = said.superseded_by;
    let added = life.add(conn, ctx, said, "")?;
    life.keeps_what_is_said(conn, before.now()?)?;
    replaced::still_hold(conn, ctx, agreement, (&before, &life))?;
    let id = insert(conn, ctx, agreement.id, &life, &added)?;
    apply::links(conn, agreement, &life, &added, superseded_by)?;
    status::store_all(conn, ctx, agreement, (&life, &parties), Some(before.now()?))?;
    Ok(Recorded {
        id,
        events: recorded::of_subject(conn, subject)?,
        warnings: added.warnings,
    })
}

/// Appends the correction of an event whose date or term the record itself shows and has changed.
pub fn move_event(
    conn: &mut DbConn,
    ctx: &Ctx,
    agreement: &AgreementRow,
    said: CheckedEvent,
) -> Result<(), Problem> {
    // What was moved before may have changed what is stored.
    let now = store::by_key(conn, agreement.id)?;
    let (mut life, parties) = Life::load(conn, ctx.today(), &now)?;
    let (before, dates) = (life.now.clone(), life.facts.dates.clone());
    let added = life.add(conn, ctx, said, "")?;
    life.facts.dates = dates;
    insert(conn, ctx, agreement.id, &life, &added)?;
    status::store_all(conn, ctx, &now, (&life, &parties), before.as_ref())
}

/// Lets an agreement that its signature brought into force enter into it on a day of its own: the
/// signature is put right to have been no more, and the entry into force appended.
pub fn enter_later(
    conn: &mut DbConn,
    ctx: &Ctx,
    agreement: &AgreementRow,
    date: &Edtf,
) -> Result<(), Problem> {
    let now = store::by_key(conn, agreement.id)?;
    let (mut life, parties) = Life::load(conn, ctx.today(), &now)?;
    let dates = life.facts.dates.clone();
    let Some(signature) = life.signature_in_force().filter(|one| one.on != *date) else {
        return Ok(());
    };
    let why = "It entered into force on a day of its own.";
    let signed = life.corrected_to(&signature, LegalStatus::Signed, ctx.today(), why);
    let correction = signed.step.id;
    life.happened.push(signed.clone());
    let said = CheckedEvent {
        member: Some("/in_force_on"),
        ..CheckedEvent::of(EventAction::EnterIntoForce, date.clone())
    };
    let added = life.add(conn, ctx, said, "")?;
    life.facts.dates = dates;
    let entry = life.now()?.fold.entry(correction);
    let met = entry.and_then(|entry| entry.from);
    insert_one(conn, ctx, agreement.id, &signed, (met, LegalStatus::Signed))?;
    insert(conn, ctx, agreement.id, &life, &added)?;
    status::store_all(conn, ctx, &now, (&life, &parties), None)
}

/// Appends the last event of this life to those that are stored; its id.
fn insert(
    conn: &mut DbConn,
    ctx: &Ctx,
    key: i64,
    life: &Life,
    added: &Added,
) -> Result<PublicId, Problem> {
    let last = life.happened.last();
    let last = last.ok_or_else(|| Problem::new(Code::Internal))?;
    insert_one(conn, ctx, key, last, (added.met, added.to))
}

/// Appends an event of an agreement, with the status it meets and the one after it; its id.
pub fn insert_one(
    conn: &mut DbConn,
    ctx: &Ctx,
    key: i64,
    one: &Happened,
    (met, to): (Option<LegalStatus>, LegalStatus),
) -> Result<PublicId, Problem> {
    let event = NewEvent {
        subject: Subject::Agreement(key),
        action: one.step.action.code(),
        from_status: met.map(LegalStatus::code),
        to_status: to.code(),
        stated_status: one.step.to.map(LegalStatus::code),
        effective_on: &one.on,
        corrects_id: one.step.corrects,
        source_id: one.source,
        details: json::text(&one.details)?,
    };
    Ok(recorded::insert(conn, ctx, &event)?)
}
