//! What takes the place of what, and whether it could: asked when it is recorded, and again of every change of
//! either of the two.

use diesel::prelude::*;

use super::life::{Happened, Life};
use super::required::CheckedEvent;
use crate::agreements::lifecycle::guards::{self, GuardFailure};
use crate::agreements::links::{self, Link};
use crate::agreements::parties;
use crate::agreements::store::{self, AgreementRow};
use crate::changes::Ctx;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::state_machine::{ALWAYS, NEVER};
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::schema::{agreement_links, status_periods};
use crate::http::code::Code;
use crate::http::problem::Problem;

/// Whether the later agreement stood when it took over, and for the same parties.
pub fn successor(
    conn: &mut DbConn,
    own: Option<i64>,
    seats: &[i64],
    said: &CheckedEvent,
) -> Result<Vec<GuardFailure>, Problem> {
    let newer = match (said.superseded_by, &said.details.superseded_by) {
        (None, Some(id)) => links::key(conn, id)?,
        (newer, _) => newer,
    };
    let Some(newer) = newer else {
        return Ok(Vec::new());
    };
    if let Some(own) = own {
        if newer == own {
            return Ok(vec![GuardFailure::new(
                "/superseded_by",
                "same_agreement",
                "an agreement can't take its own place",
            )]);
        }
        if links::leads_to(conn, Link::Supersedes, own, newer)? {
            return Ok(vec![GuardFailure::new(
                "/superseded_by",
                "cycle",
                "that agreement stands in whose place this one came",
            )]);
        }
    }
    let stood = stood(conn, newer, &said.effective_on)?;
    let newer = parties::keys(conn, newer)?;
    let shared = links::shared_parties(conn, seats, &newer)?;
    Ok(guards::supersede(stood, shared))
}

/// Whether the later agreement may have been signed or in force on the day it took over.
fn stood(conn: &mut DbConn, newer: i64, on: &Edtf) -> QueryResult<bool> {
    use status_periods as p;
    let stands = STANDS.map(LegalStatus::code);
    let found: i64 = p::table
        .filter(p::agreement_id.eq(newer))
        .filter(p::status.eq_any(stands))
        .filter(p::from_on.le(on.latest().unwrap_or(NEVER)))
        .filter(p::to_on.gt(on.earliest().unwrap_or(ALWAYS)))
        .count()
        .get_result(conn)?;
    Ok(found > 0)
}

/// In which it takes the place of another one.
const STANDS: [LegalStatus; 2] = [LegalStatus::Signed, LegalStatus::InForce];

/// [`stood`] in this life.
fn stood_in(life: &Life, on: &Edtf) -> bool {
    let (first, last) = (
        on.earliest().unwrap_or(ALWAYS),
        on.latest().unwrap_or(NEVER),
    );
    let mut periods = life.now.iter().flat_map(|now| &now.fold.periods);
    periods.any(|period| {
        STANDS.contains(&period.status) && period.from_on <= last && period.to_on > first
    })
}

/// The events that say that this agreement was replaced by that one.
fn taken<'a>(life: &'a Life, newer: &'a PublicId) -> impl Iterator<Item = &'a Happened> {
    let entries = life.now.iter().flat_map(|now| &now.fold.entries);
    let counting = entries.filter(|entry| {
        entry.acts_as == EventAction::Supersede && entry.to == Some(LegalStatus::Superseded)
    });
    counting
        .filter_map(|entry| life.happened.iter().find(|one| one.step.id == entry.id))
        .filter(move |one| one.details.superseded_by.as_ref() == Some(newer))
}

/// What one agreement replaced, and what replaced it.
#[derive(Debug)]
pub struct Beside {
    own: PublicId,
    older: Vec<(PublicId, Life)>,
    newer: Vec<(PublicId, Life)>,
}

/// Something that does not hold between an agreement and another one.
#[derive(Debug, PartialEq, Eq)]
pub struct Broken {
    other: PublicId,
    failure: GuardFailure,
}

impl Beside {
    /// The published agreements that this one replaced, and that replaced it.
    pub fn load(conn: &mut DbConn, ctx: &Ctx, row: &AgreementRow) -> Result<Self, Problem> {
        use agreement_links as l;
        let older = links::older(conn, row.id)?;
        let newer: Vec<i64> = l::table
            .filter(l::to_id.eq(row.id))
            .select(l::from_id)
            .load(conn)?;
        let mut lives = |keys: Vec<i64>| -> Result<Vec<(PublicId, Life)>, Problem> {
            let mut all = Vec::with_capacity(keys.len());
            if keys.is_empty() {
                return Ok(all);
            }
            for other in store::by_keys(conn, &keys)? {
                if other.record_state == RecordState::Published {
                    let (life, _) = Life::load(conn, ctx.today(), &other)?;
                    all.push((other.public_id, life));
                }
            }
            Ok(all)
        };
        Ok(Self {
            own: row.public_id.clone(),
            older: lives(older)?,
            newer: lives(newer)?,
        })
    }

    /// What does not hold between them and an agreement of this life.
    pub fn broken(&self, conn: &mut DbConn, life: &Life) -> QueryResult<Vec<Broken>> {
        let mut all = Vec::new();
        let mut note = |other: &PublicId, failures: Vec<GuardFailure>| {
            all.extend(failures.into_iter().map(|failure| Broken {
                other: other.clone(),
                failure,
            }));
        };
        for (id, older) in &self.older {
            note(id, between(conn, older, (&self.own, life))?);
        }
        for (id, newer) in &self.newer {
            note(id, between(conn, life, (id, newer))?);
        }
        Ok(all)
    }

    /// 422 for what does not hold between them and this life, and was not so `before`. `at` is where the event
    /// stands that was added; none when the record itself was changed.
    pub fn unbroken(
        &self,
        conn: &mut DbConn,
        life: &Life,
        before: &[Broken],
        at: Option<&str>,
    ) -> Result<(), Problem> {
        let broken = self.broken(conn, life)?;
        let mut new = broken.iter().filter(|one| !before.contains(one)).peekable();
        let Some(first) = new.peek() else {
            return Ok(());
        };
        let problem = Problem::new(Code::GuardFailed)
            .detail(format!(
                "what is recorded of {}, which replaced it or was replaced by it, could not stand: {}",
                first.other, first.failure.message
            ))
            .member("agreement", first.other.as_str());
        Err(new.fold(problem, |problem, Broken { failure, .. }| {
            let place = match at {
                Some(at) => format!("{at}/effective_on"),
                None if failure.code == "too_few_shared_parties" => "/parties".to_owned(),
                None => "/signed_on".to_owned(),
            };
            problem.field(&place, failure.code, failure.message.clone())
        }))
    }
}

/// What does not hold between an agreement and the one that replaced it.
fn between(
    conn: &mut DbConn,
    older: &Life,
    (id, newer): (&PublicId, &Life),
) -> QueryResult<Vec<GuardFailure>> {
    let mut failures = Vec::new();
    let signed = (&newer.facts.dates.signed_on, &older.facts.dates.signed_on);
    if let (Some(newer), Some(older)) = signed {
        failures.extend(guards::signed_in_turn(newer, older).err());
    }
    let seats = |life: &Life| -> Vec<i64> {
        let seats = life.now.iter().flat_map(|now| &now.story.seats);
        seats.map(|seat| seat.partner).collect()
    };
    for event in taken(older, id) {
        let shared = links::shared_parties(conn, &seats(older), &seats(newer))?;
        failures.extend(guards::supersede(stood_in(newer, &event.on), shared));
    }
    Ok(failures)
}
