//! Recording an agreement with its first events, or with its whole past.
//!
//! All that follows from them is known before anything is written, so the record is written once and
//! nothing of it is read back.

use super::draft::CheckedInput;
use super::events::life::{Added, DATED, Dated, Life, reached};
use super::events::required::{self, CheckedEvent, EventPlace};
use super::events::types::EventIn;
use super::events::{apply, record, status};
use super::lifecycle::initial_events::First;
use super::parts::{self, AtHand};
use super::record::Agreement;
use super::rules::NewAgreement;
use super::store::{self, AgreementRow, Opening, Resolved};
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

/// How a new agreement came to be what it is.
#[derive(Debug)]
pub(super) enum Steps {
    /// As its dates and `initial_status` say.
    Derived(Vec<First>),
    /// As it was told event by event.
    Told(Vec<EventIn>),
}

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
    let (notice, end) = status::pending(&life)?;
    let opening = Opening {
        status: now.fold.status,
        since: &now.fold.since,
        pending: (notice, end),
        flags,
        life: &life,
    };
    let row = store::insert(conn, ctx, &new, &resolved, rev, opening)?;
    citation_store::record_all(conn, ctx, &row.public_id, &cited)?;
    for (one, (added, superseded_by)) in life.happened.iter().zip(&added) {
        record::insert_one(conn, ctx, row.id, one, (added.met, added.to))?;
        apply::link(conn, &row, (added.acts_as, &one.details), *superseded_by)?;
    }
    recorded::add_periods(conn, Subject::Agreement(row.id), &now.fold.periods)?;
    links::mark_dependents_changed(conn, row.record_state, &resolved.supersedes, rev)?;
    let joined = now.story.seats.get(partners.len()..).unwrap_or_default();
    let replaced = added
        .iter()
        .any(|(added, _)| added.acts_as == EventAction::Supersede);
    if joined.is_empty() && !replaced {
        let countries = resolved.parties.iter().map(|known| known.partner.country);
        let listed = agreement_listing::Standing {
            state: row.record_state,
            status: row.status,
            signed_desc: &row.signed_desc,
        };
        agreement_listing::list(conn, row.id, countries.collect(), listed)?;
        let at_hand = AtHand {
            new,
            resolved,
            life,
        };
        return log_created(conn, ctx, row, at_hand);
    }
    for (position, seat) in (0_i32..).zip(&now.story.seats).skip(partners.len()) {
        parties::join(conn, row.id, position, seat)?;
    }
    agreement_listing::refresh(conn, &[row.id])?;
    let row = store::by_key(conn, row.id)?;
    let reason = new.allow_duplicate.as_deref();
    records::log::<Agreement>(conn, ctx, ChangeOp::Created, None, &row, reason)?;
    Ok(Registered { row, at_hand: None })
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
                let said =
                    required::checked_event(conn, ctx, event, EventPlace { at: &at, sourced })?;
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
    let rank = entries.iter().filter_map(|entry| reached(entry.to?)).max();
    let missing = DATED.into_iter().filter(|dated| {
        let date = life.facts.dates.get(*dated);
        let planned = *dated == Dated::InForce
            && date.is_some_and(|date| date.earliest() > Some(ctx.today()));
        date.is_some() && Some(dated.rank()) > rank && !planned
    });
    let missing: Vec<Dated> = missing.collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(missing
        .into_iter()
        .fold(Problem::new(Code::ValidationFailed), |problem, dated| {
            let action = dated.action().map_or("register", |action| action.code());
            let rule = format!("the events do not tell of it: add the action {action}");
            problem.field(dated.pointer(), "by_event", rule)
        }))
}

/// What was said of the agreement, as its events have left it.
fn settled(new: &NewAgreement, life: &Life) -> Result<NewAgreement, Problem> {
    let term = &life.now()?.story.term;
    let dates = life.facts.dates.clone();
    Ok(NewAgreement {
        proposed_on: dates.proposed_on,
        approved_on: dates.approved_on,
        signed_on: dates.signed_on,
        in_force_on: dates.in_force_on,
        valid_until: term.valid_until.clone(),
        duration: term.duration,
        ..new.clone()
    })
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
    let own = status::Own {
        status_basis: new.status_basis,
        activity_level: new.activity_level,
        renewal: new.renewal,
        last_confirmed_on: new.last_confirmed_on,
        contradicted: cited.any(contradicts),
        documented: false,
    };
    status::flags_of(conn, ctx.today(), life, own, |partner| {
        let mut known = new.parties.iter().zip(&resolved.parties);
        let party = known.find(|(_, known)| known.key == partner)?.0;
        Some((party.acknowledgement, party.signed_on.as_ref()))
    })
}

/// [`records::log`] for an agreement that was just recorded, none of whose parties came by an event and in
/// whose place no other has come: what it shows is at hand and not read again.
fn log_created(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: AgreementRow,
    at_hand: AtHand,
) -> Result<Registered, Problem> {
    // A party that is dissolved is shown with what stands in its place today.
    let mut parties = at_hand.resolved.parties.iter();
    let dissolved = parties.any(|known| known.existence == Existence::Dissolved);
    let after = if dissolved {
        Agreement::logged(conn, &row)?
    } else {
        json::shown(&parts::created(&row, &at_hand, false))?
    };
    let reason = at_hand.new.allow_duplicate.as_deref();
    records::append::<Agreement>(conn, ctx, ChangeOp::Created, (None, &after), &row, reason)?;
    Ok(Registered {
        row,
        at_hand: (!dissolved).then_some(at_hand),
    })
}
