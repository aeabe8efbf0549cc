//! Recording an agreement with its first events, or with its whole past.
//!
//! All that follows from them is known before anything is written, so the record is written once and
//! nothing of it is read back.

use super::dates::{Dated, reached};
use super::draft::{CheckedInput, Steps};
use super::events::life::{Added, Life};
use super::events::required::{self, CheckedEvent};
use super::events::{apply, record, status};
use super::lifecycle::initial_events::First;
use super::parts::{self, AtHand};
use super::record::Agreement;
use super::rules::NewAgreement;
use super::store::{self, AgreementRow, Resolved};
use super::{links, parties};
use crate::changes::{self, Ctx};
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::evidence::{Rank, Stance};
use crate::core::vocabulary::lifecycle::EventAction;
use crate::core::vocabulary::partner::Existence;
use crate::core::vocabulary::record::{ChangeOp, QualityFlag};
use crate::db::DbConn;
use crate::db::json;
use crate::evidence::citations::store as citation_store;
use crate::evidence::citations::types::NewCitation;
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle::{self as recorded, Subject, agreement_listing};
use crate::records::{self, Record};
use serde_json::Value;

/// An agreement that was just recorded.
#[derive(Debug)]
pub struct Registered {
    /// Its row.
    pub row: AgreementRow,
    at_hand: Option<AtHand>,
}

impl Registered {
    /// The agreement as its item shows it to whoever recorded it.
    pub fn item(&self, conn: &mut DbConn, ctx: &Ctx) -> Result<Value, Problem> {
        match &self.at_hand {
            Some(at_hand) => Ok(json::shown(&parts::created(&self.row, at_hand, true))?),
            None => Agreement::item(conn, ctx, &self.row),
        }
    }
}

/// Records the agreement as it is, with everything beside it and its change.
pub(super) fn record(
    conn: &mut DbConn,
    ctx: &Ctx,
    entry: &CheckedInput,
    resolved: Resolved,
    steps: Steps,
) -> Result<Registered, Problem> {
    let partners: Vec<i64> = resolved.parties.iter().map(|known| known.key).collect();
    let mut life = Life::begin(&entry.new, &partners, resolved.lives.clone(), ctx.today());
    let sourced = !entry.sources.is_empty();
    let added = live(conn, ctx, &mut life, steps, sourced)?;
    life.is_left_with_enough()?;
    dates_are_told(ctx, &life)?;
    life.as_said(&life.now()?.misstated)?;
    let new = settled(&entry.new, &life)?;
    let cited = citation_store::cited(conn, ctx, &entry.sources)?;
    let rev = changes::next_revision(conn)?;
    let now = life.now()?;
    let told = cited.iter().map(|(_, said)| said);
    let flags = flags(conn, ctx, (&new, &resolved), &life, told)?;
    let standing = status::standing(&life, flags)?;
    let row = store::insert(conn, ctx, &new, &resolved, rev, standing)?;
    let parties = parties::add(conn, row.id, &new.parties, &now.story.seats)?;
    links::store_new(conn, row.id, &resolved.supersedes)?;
    citation_store::record_all(conn, ctx, &row.public_id, &cited)?;
    for (one, (added, superseded_by)) in life.happened.iter().zip(&added) {
        record::insert_one(conn, ctx, row.id, one, (added.met, added.to))?;
        apply::link(conn, &row, (added.acts_as, &one.details), *superseded_by)?;
    }
    recorded::add_periods(conn, Subject::Agreement(row.id), &now.fold.periods)?;
    links::mark_dependents_changed(conn, row.record_state, &resolved.supersedes, rev)?;
    let seats = &now.story.seats;
    let mut steps = added.iter().map(|(added, _)| added.acts_as);
    let as_sent =
        seats.len() <= partners.len() && !steps.any(|step| step == EventAction::Supersede);
    let row = if as_sent {
        let countries = resolved.parties.iter().map(|known| known.partner.country);
        let listed = agreement_listing::Standing {
            state: row.record_state,
            status: row.status,
            signed_desc: &row.signed_desc,
        };
        agreement_listing::list(conn, row.id, countries.collect(), listed)?;
        row
    } else {
        for (position, seat) in (0_i32..).zip(seats).skip(partners.len()) {
            parties::join(conn, row.id, position, seat)?;
        }
        agreement_listing::refresh(conn, &[row.id])?;
        store::by_key(conn, row.id)?
    };
    // A party that is dissolved is shown with what stands in its place today.
    let mut known = resolved.parties.iter();
    let dissolved = known.any(|known| known.existence == Existence::Dissolved);
    let at_hand = (as_sent && !dissolved).then_some(AtHand {
        new,
        resolved,
        parties,
        life,
    });
    // As `records::log` does, but for what it shows: where that is at hand, it is not read again.
    let after = match &at_hand {
        Some(at_hand) => json::shown(&parts::created(&row, at_hand, false))?,
        None => Agreement::logged(conn, &row)?,
    };
    let reason = entry.new.allow_duplicate.as_deref();
    records::append::<Agreement>(conn, ctx, ChangeOp::Created, (None, &after), &row, reason)?;
    Ok(Registered { row, at_hand })
}

/// Lives through the steps; each with the agreement that it says took the place of this one.
fn live(
    conn: &mut DbConn,
    ctx: &Ctx,
    life: &mut Life,
    steps: Steps,
    sourced: bool,
) -> Result<Vec<(Added, Option<i64>)>, Problem> {
    let mut all = Vec::new();
    match steps {
        Steps::Derived(first) => {
            for First { action, to, on } in first {
                let mut said = CheckedEvent::of(action, on);
                // An entry is a source of its own.
                said.sourced = true;
                said.to_status = to;
                all.push((life.add(conn, ctx, said, "")?, None));
            }
        }
        Steps::Told(events) => {
            for (index, event) in events.into_iter().enumerate() {
                let at = format!("/events/{index}");
                let said = required::checked_event(conn, ctx, event, (&at, sourced))?;
                let newer = said.superseded_by;
                all.push((life.add(conn, ctx, said, &at)?, newer));
            }
        }
    }
    Ok(all)
}

/// 422 for a date of a step that the events do not tell of: it would be a step nobody took.
fn dates_are_told(ctx: &Ctx, life: &Life) -> Result<(), Problem> {
    let entries = &life.now()?.fold.entries;
    let come = entries.iter().filter_map(|entry| reached(entry.to?)).max();
    let missing = life.facts.dates.known().filter(|(dated, date)| {
        let planned = *dated == Dated::InForce && date.earliest() > Some(ctx.today());
        Some(*dated) > come && !planned
    });
    let mut missing = missing.peekable();
    if missing.peek().is_none() {
        return Ok(());
    }
    let problem = Problem::new(Code::ValidationFailed);
    Err(missing.fold(problem, |problem, (dated, _)| {
        let action = dated.action().map_or("register", |action| action.code());
        let rule = format!("the events do not tell of it: add the action {action}");
        problem.field(dated.pointer(), "by_event", rule)
    }))
}

/// What was said of the agreement, as its events have left it.
fn settled(new: &NewAgreement, life: &Life) -> Result<NewAgreement, Problem> {
    let term = &life.now()?.story.term;
    let mut settled = new.clone();
    settled.content.dates = life.facts.dates.clone();
    settled.content.valid_until.clone_from(&term.valid_until);
    settled.content.duration = term.duration;
    Ok(settled)
}

/// What could be better about the record on its first day.
fn flags<'a>(
    conn: &mut DbConn,
    ctx: &Ctx,
    (new, resolved): (&NewAgreement, &Resolved),
    life: &Life,
    mut cited: impl Iterator<Item = &'a NewCitation>,
) -> Result<Vec<QualityFlag>, Problem> {
    let contradicts = |citation: &NewCitation| {
        citation.stance == Stance::Contradicts && citation.rank != Rank::Deprecated
    };
    let told = (cited.any(contradicts), false);
    status::flags_of(conn, ctx, (&new.content, life), told, |partner| {
        let mut known = new.parties.iter().zip(&resolved.parties);
        let party = known.find(|(_, known)| known.key == partner)?.0;
        Some((party.acknowledgement, party.signed_on.as_ref()))
    })
}
