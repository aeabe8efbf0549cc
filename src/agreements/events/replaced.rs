//! What takes the place of what, and whether it could: asked when it is recorded, and again of every change of
//! either of the two.

use super::life::{Happened, Life, Now, lives_of};
use super::required::CheckedEvent;
use crate::agreements::lifecycle::guards;
use crate::agreements::links::{self, Link};
use crate::agreements::store::{self, AgreementRow};
use crate::changes::Ctx;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::issue::FieldIssue;
use crate::core::state_machine::{ALWAYS, NEVER, StatusPeriod};
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::problem::Problem;

/// Whether the later agreement that an event names could take the place of this one, of which `after` is what
/// its events amount to with it.
pub fn successor(
    conn: &mut DbConn,
    ctx: &Ctx,
    (life, after): (&Life, &Now),
    said: &CheckedEvent,
) -> Result<Vec<FieldIssue>, Problem> {
    let named = &said.details.superseded_by;
    let Some(newer) = super::apply::named(conn, said.superseded_by, &said.details)? else {
        return Ok(Vec::new());
    };
    let mut happened = life.happened.iter();
    let corrected = happened.find(|one| said.corrects.is_some() && one.public_id == said.corrects);
    let was = corrected.and_then(|one| one.details.superseded_by.as_ref());
    if let Some(own) = life.facts.key {
        let refused = |code, rule| Ok(vec![FieldIssue::new("/superseded_by", code, rule)]);
        if newer == own {
            let rule = "an agreement can't take its own place";
            return refused("same_agreement", rule);
        }
        if links::leads_to(conn, Link::Supersedes, own, newer)? {
            let rule = "that agreement stands in whose place this one came";
            return refused("cycle", rule);
        }
        if !links::newer(conn, own)?.contains(&newer)
            && let Some(by) = links::of_agreements(conn, &[own])?.superseded_by.get(&own)
            && Some(by) != was
        {
            return Ok(vec![guards::taken_already("/superseded_by", by)]);
        }
    }
    let rows = store::by_keys(conn, &[newer])?;
    // Nothing is known against one whose own events can't be read.
    let Some((_, newer)) = lives_of(conn, ctx.today(), &rows)?.pop() else {
        return Ok(Vec::new());
    };
    let mut failures = takes_over(conn, after, &newer, &[&said.effective_on])?;
    // What a correction leaves as it was recorded is not asked again.
    if corrected.is_none_or(|one| one.details.superseded_by != *named) {
        failures.extend(in_turn("/superseded_by", life, &newer));
    }
    Ok(failures)
}

/// In which it takes the place of another one.
const STANDS: [LegalStatus; 2] = [LegalStatus::Signed, LegalStatus::InForce];

/// Whether it may have been signed or in force on the day it took over.
fn stood(life: &Life, on: &Edtf) -> bool {
    let (first, last) = (
        on.earliest().unwrap_or(ALWAYS),
        on.latest().unwrap_or(NEVER),
    );
    let mut periods = periods(life).iter();
    periods.any(|one| STANDS.contains(&one.status) && one.from_on <= last && one.to_on > first)
}

fn periods(life: &Life) -> &[StatusPeriod<LegalStatus>] {
    life.now.as_ref().map_or(&[], |now| &now.fold.periods)
}

fn seats(now: &Now) -> Vec<i64> {
    now.story.seats.iter().map(|seat| seat.partner).collect()
}

/// Whether the later one stood on these days, on which it took over, and for the same parties.
fn takes_over(
    conn: &mut DbConn,
    older: &Now,
    newer: &Life,
    on: &[&Edtf],
) -> Result<Vec<FieldIssue>, Problem> {
    if on.is_empty() {
        return Ok(Vec::new());
    }
    let shared = links::shared_parties(conn, &seats(older), &seats(newer.now()?))?;
    let stood = on.iter().all(|on| stood(newer, on));
    Ok(guards::supersede(stood, shared))
}

/// What is wrong with the order of their signatures.
fn in_turn(at: &'static str, older: &Life, newer: &Life) -> Option<FieldIssue> {
    let (newer, older) = (&newer.facts.dates, &older.facts.dates);
    guards::signed_in_turn(at, newer.signed_on.as_ref(), older.signed_on.as_ref()).err()
}

/// The events that say that this agreement was replaced.
fn taken(life: &Life) -> impl Iterator<Item = &Happened> {
    let entries = life.now.iter().flat_map(|now| &now.fold.entries);
    let counting = entries.filter(|entry| {
        entry.acts_as == EventAction::Supersede && entry.to == Some(LegalStatus::Superseded)
    });
    counting.filter_map(|entry| life.event(entry.id))
}

/// What does not hold between an agreement and the one that replaced it.
fn between(
    conn: &mut DbConn,
    older: &Life,
    (id, newer): (&PublicId, &Life),
) -> Result<Vec<FieldIssue>, Problem> {
    let by_this = |one: &&Happened| one.details.superseded_by.as_ref() == Some(id);
    let on: Vec<&Edtf> = taken(older).filter(by_this).map(|one| &one.on).collect();
    let mut failures = takes_over(conn, older.now()?, newer, &on)?;
    failures.extend(in_turn("/supersedes", older, newer));
    Ok(failures)
}

/// Whether something differs that is asked of an agreement that replaced another one, or was replaced.
fn is_other(life: &Life, before: &Life) -> Result<bool, Problem> {
    let said = |one: &Happened| (one.on.clone(), one.details.superseded_by.clone());
    Ok(life.facts.dates.signed_on != before.facts.dates.signed_on
        || periods(life) != periods(before)
        || seats(life.now()?) != seats(before.now()?)
        || !taken(life).map(said).eq(taken(before).map(said)))
}

/// 422 for what an event of this agreement has made impossible between it and those that it replaced, or that
/// replaced it.
pub fn still_hold(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &AgreementRow,
    (before, life): (&Life, &Life),
) -> Result<(), Problem> {
    if !is_other(life, before)? {
        return Ok(());
    }
    let beside = Beside::load(conn, ctx, row)?;
    let broken = beside.broken(conn, before)?;
    beside.unbroken(conn, life, &broken, Asked::Event)
}

/// 422 when what replaced this agreement while it was withdrawn from sight, could not have.
///
/// What it replaced itself is left as it is: it can't be told otherwise before it has come back.
pub fn restorable(conn: &mut DbConn, ctx: &Ctx, key: i64) -> Result<(), Problem> {
    let row = store::by_key(conn, key)?;
    let mut beside = Beside::load(conn, ctx, &row)?;
    beside.others.retain(|other| other.place.is_none());
    if beside.others.is_empty() {
        return Ok(());
    }
    let (life, _) = Life::load(conn, ctx.today(), &row)?;
    beside.unbroken(conn, &life, &[], Asked::Shown)
}

/// What one agreement replaced, and what replaced it.
#[derive(Debug)]
pub struct Beside {
    own: PublicId,
    others: Vec<Other>,
}

#[derive(Debug)]
struct Other {
    id: PublicId,
    life: Life,
    /// Its place among those that were replaced; none of one that replaced this one.
    place: Option<usize>,
}

/// Something that does not hold between an agreement and another one.
#[derive(Debug)]
pub struct Broken {
    other: PublicId,
    place: Option<usize>,
    failure: FieldIssue,
}

impl Broken {
    fn is_like(&self, other: &Self) -> bool {
        self.other == other.other && self.failure.is_like(&other.failure)
    }
}

/// What made it necessary to ask.
#[derive(Debug, Clone, Copy)]
pub enum Asked {
    /// An event that was added.
    Event,
    /// The record was changed.
    Change,
    /// From now on others see it: it was published or restored.
    Shown,
}

impl Asked {
    /// Where in the body it is told what does not hold.
    fn place(self, broken: &Broken) -> String {
        match (self, broken.place, broken.failure.code) {
            (Self::Event, ..) => "/effective_on".to_owned(),
            (_, Some(place), "out_of_order") => format!("/supersedes/{place}"),
            (Self::Shown, None, _) => "/record_state".to_owned(),
            (_, _, "too_few_shared_parties") => "/parties".to_owned(),
            _ => "/signed_on".to_owned(),
        }
    }
}

impl Beside {
    /// The published agreements that this one replaced, and that replaced it, but for those whose own events
    /// can't be read.
    pub fn load(conn: &mut DbConn, ctx: &Ctx, row: &AgreementRow) -> Result<Self, Problem> {
        let older = links::older(conn, row.id)?;
        let mut keys = links::newer(conn, row.id)?;
        keys.extend(&older);
        let mut rows = Vec::new();
        if !keys.is_empty() {
            rows = store::by_keys(conn, &keys)?;
            rows.retain(|row| row.record_state == RecordState::Published);
        }
        let lives = lives_of(conn, ctx.today(), &rows)?.into_iter();
        let others = lives.map(|(id, life)| Other {
            place: older.iter().position(|key| Some(*key) == life.facts.key),
            id,
            life,
        });
        Ok(Self {
            own: row.public_id.clone(),
            others: others.collect(),
        })
    }

    /// What does not hold between them and an agreement of this life.
    pub fn broken(&self, conn: &mut DbConn, life: &Life) -> Result<Vec<Broken>, Problem> {
        let mut all = Vec::new();
        for other in &self.others {
            let failures = match other.place {
                Some(_) => between(conn, &other.life, (&self.own, life))?,
                None => between(conn, life, (&other.id, &other.life))?,
            };
            all.extend(failures.into_iter().map(|failure| Broken {
                other: other.id.clone(),
                place: other.place,
                failure,
            }));
        }
        Ok(all)
    }

    /// 422 for what does not hold between them and this life, and was not so `before`.
    pub fn unbroken(
        &self,
        conn: &mut DbConn,
        life: &Life,
        before: &[Broken],
        asked: Asked,
    ) -> Result<(), Problem> {
        let broken = self.broken(conn, life)?;
        let known = |one: &&Broken| before.iter().any(|was| was.is_like(one));
        let mut new = broken.iter().filter(|one| !known(one)).peekable();
        let Some(first) = new.peek() else {
            return Ok(());
        };
        let other = first.other.as_str();
        let mut told = format!(
            "what is recorded of {other}, which replaced it or was replaced by it, could not stand: {}",
            first.failure.message
        );
        if let Asked::Shown = asked {
            told += &format!(
                "; change {other} first: its signature, its parties, or what it names in `supersedes`"
            );
        }
        let problem = Problem::new(Code::GuardFailed).detail(told);
        let problem = problem.member("agreement", other);
        Err(problem.fields(new.map(|one| one.failure.at(asked.place(one)))))
    }
}
