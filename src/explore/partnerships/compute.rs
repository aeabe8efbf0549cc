//! From papers to a tie: pure, without a database.

mod succession;
#[cfg(test)]
mod tests;
mod tie_on_day;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{Queryable, Selectable};

use super::types::Spell;
use crate::agreements::overlap::{EarlierStay, MoveDays};
use crate::agreements::parties;
use crate::core::edtf::{Certainty, Edtf};
use crate::core::ids::PublicId;
use crate::core::language::Translations;
use crate::core::state_machine::StatusPeriod;
use crate::core::vocabulary::agreement::{
    Acknowledgement, InstrumentType, Reciprocity, RelationshipType,
};
use crate::core::vocabulary::lifecycle::{LegalStatus, ParticipationStatus};
use crate::db::Json;
use crate::db::schema::{agreement_parties, agreements};
use crate::http::extract::params::Match;
use succession::chain;
pub use succession::{Links, Pair};
pub use tie_on_day::Standing;

/// An agreement as it is stored, as far as ties are computed from it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = agreements)]
pub struct PaperRow {
    /// Its internal key.
    pub id: i64,
    /// Its public id.
    pub public_id: PublicId,
    /// Its title by language.
    pub title: Json<Translations>,
    /// What sort of paper it is.
    pub instrument: InstrumentType,
    /// What kind of tie it makes.
    pub relationship: RelationshipType,
    /// Its status today.
    pub status: LegalStatus,
    /// The date of the event that brought it.
    pub status_since: Edtf,
    /// When it was signed.
    pub signed_on: Option<Edtf>,
    /// When it was recorded.
    pub created_at: NaiveDateTime,
}

/// An agreement as far as ties are computed from it.
#[derive(Debug, Clone)]
pub struct Paper {
    /// What it is.
    pub row: PaperRow,
    /// Its parties by internal key.
    pub parties: BTreeMap<i64, Party>,
    /// Which status held when, oldest first.
    pub periods: Vec<StatusPeriod<LegalStatus>>,
}

/// A partner's place in an agreement, as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = agreement_parties)]
pub struct PartyRow {
    /// Where it stands.
    pub participation: ParticipationStatus,
    /// When it joined, if it did so later.
    pub acceded_on: Option<Edtf>,
    /// When it left.
    pub withdrew_on: Option<Edtf>,
    /// What it says itself.
    pub acknowledgement: Acknowledgement,
}

/// A partner's place in an agreement.
#[derive(Debug, Clone)]
pub struct Party {
    /// What is recorded of it.
    pub row: PartyRow,
    /// On which days it joined and left, where that was asked: else as its dates say.
    pub days: Option<MoveDays>,
    /// What it was before, when it left and came back.
    pub earlier: Vec<EarlierStay>,
    /// The internal keys of the parties in whose place it ever came.
    pub predecessors: Vec<i64>,
}

/// The bodies that partners came out of, by internal keys: of each the direct predecessors.
pub type Lines = BTreeMap<i64, BTreeSet<i64>>;

/// Agreements by internal key.
pub type Papers = BTreeMap<i64, Paper>;

/// A day other than today.
#[derive(Debug, Clone, Copy)]
pub struct AsOf {
    /// The day.
    pub day: NaiveDate,
    /// What counts when dates are not exact.
    pub matching: Match,
}

/// What the papers of two partners say together.
#[derive(Debug, Clone)]
pub struct Tie {
    /// The strongest live status, else that of the paper that ended last.
    pub status: LegalStatus,
    /// Since when.
    pub status_since: Option<Edtf>,
    /// Whether it is so however the dates are read.
    pub certain: bool,
    /// The first beginning.
    pub since: Edtf,
    /// The closest kind of tie.
    pub relationship: RelationshipType,
    /// Whether both say the same of it.
    pub reciprocity: Reciprocity,
    /// The longest time without any paper, in days.
    pub longest_gap_days: Option<i64>,
    /// The times at which something bound the two, oldest first; the last has no end while it lasts.
    pub spells: Vec<Spell>,
    /// What the papers say, oldest first: one may say something of each of several stays.
    pub standings: Vec<Standing>,
}

/// The ties of a partner, by the internal key of the counterpart.
pub fn ties(
    me: i64,
    papers: &Papers,
    links: &Links,
    lines: &Lines,
    asked: Option<AsOf>,
) -> BTreeMap<i64, Tie> {
    let counterparts: BTreeSet<i64> = papers
        .values()
        .filter(|paper| paper.parties.contains_key(&me))
        .flat_map(|paper| paper.parties.keys().copied())
        .filter(|other| *other != me)
        .collect();
    counterparts
        .into_iter()
        .filter_map(|other| {
            let on = |asked| tie(Pair::new(me, other), papers, links, lines, asked);
            let mut tie = on(asked)?;
            let Some(asked) = asked else {
                return Some((other, tie));
            };
            // What is certain is so in both readings: nothing stronger may have held.
            let matching = match asked.matching {
                Match::Possible => Match::Certain,
                Match::Certain => Match::Possible,
            };
            let otherwise = on(Some(AsOf { matching, ..asked }));
            tie.certain = otherwise.is_some_and(|other| other.status == tie.status);
            (tie.certain || !asked.matching.is_certain()).then_some((other, tie))
        })
        .collect()
}

/// The tie of two partners; none when none of their papers had begun.
fn tie(
    pair: Pair,
    papers: &Papers,
    links: &Links,
    lines: &Lines,
    asked: Option<AsOf>,
) -> Option<Tie> {
    let chain = chain(pair, papers, links, lines);
    let mut standings: Vec<Standing> = chain
        .iter()
        .filter_map(|found| Some((papers.get(&found.key)?, found)))
        .flat_map(|(paper, found)| Standing::all(paper, found, asked))
        .collect();
    for standing in &mut standings {
        // What took its place may bind others.
        let mut newer = links
            .iter()
            .filter(|(_, older)| older.contains(&standing.key));
        let of_the_two = |(newer, _): (&i64, _)| chain.iter().any(|found| found.key == *newer);
        standing.replaced &= newer.clone().next().is_none() || newer.any(of_the_two);
    }
    // What predecessors agreed is a beginning for who came after them, and no tie of its own.
    if standings.iter().all(|standing| standing.predecessors) {
        return None;
    }
    standings.sort_by_key(|standing| (began(standing), standing.key));
    let (status, status_since) = status(&standings)?;
    let bound: Vec<&Standing> = standings.iter().filter(|standing| standing.bound).collect();
    Some(Tie {
        status,
        status_since,
        certain: true,
        since: since(&standings)?,
        relationship: relationship(status, &standings, papers)?,
        reciprocity: reciprocity(&standings, papers),
        longest_gap_days: longest_gap(&bound),
        spells: spells(&bound),
        standings,
    })
}

/// Orders beginnings: the one that had certainly happened first, then the one that may be earlier.
pub(super) fn first(date: &Edtf) -> (NaiveDate, NaiveDate) {
    (
        date.latest().unwrap_or(NaiveDate::MAX),
        date.earliest().unwrap_or(NaiveDate::MIN),
    )
}

/// The same of what a paper says: what began nobody knows when did so before it ended, or was renewed.
fn began(standing: &Standing) -> (NaiveDate, NaiveDate) {
    let end = standing.end.as_ref().and_then(|(date, _)| date.latest());
    let (latest, earliest) = first(&standing.begin);
    let over = [end, standing.over_by].into_iter().flatten().min();
    (latest.min(over.unwrap_or(NaiveDate::MAX)), earliest)
}

/// Orders ends: what is not known of the future counts as near.
fn last(date: &Edtf) -> (Option<NaiveDate>, Option<NaiveDate>) {
    (date.latest().or(date.earliest()), date.earliest())
}

/// The statuses of what has not ended, the strongest first.
const LIVE: [LegalStatus; 5] = [
    LegalStatus::InForce,
    LegalStatus::Suspended,
    LegalStatus::Signed,
    LegalStatus::Approved,
    LegalStatus::Proposed,
];

/// How strong a live status is, the strongest first; none for one that has ended.
fn strength(status: LegalStatus) -> Option<usize> {
    LIVE.iter().position(|live| *live == status)
}

fn status(standings: &[Standing]) -> Option<(LegalStatus, Option<Edtf>)> {
    let live = standings.iter().map(|standing| standing.status);
    let live = live.filter(|status| strength(*status).is_some());
    if let Some(status) = live.min_by_key(|status| strength(*status)) {
        let since = standings
            .iter()
            .filter(|standing| standing.status == status)
            .filter_map(|standing| standing.since.as_ref())
            .min_by_key(|since| first(since));
        return Some((status, since.cloned()));
    }
    // An attempt that came to nothing says less than a tie that ended, and being replaced says less
    // than any other end of the same day.
    let later = |one: &&Standing| standings.iter().any(|other| other.follows(one));
    let ended = standings.iter().filter(|one| !later(one));
    let ended = ended.max_by_key(|standing| {
        let replaced = standing.status == LegalStatus::Superseded;
        (
            standing.bound,
            standing.since.as_ref().map(last),
            Reverse(replaced),
        )
    })?;
    Some((ended.status, ended.since.clone()))
}

fn since(standings: &[Standing]) -> Option<Edtf> {
    let begins = |bound: bool| {
        standings
            .iter()
            .filter(move |standing| standing.bound == bound)
            .map(|standing| &standing.begin)
            .min_by_key(|begin| first(begin))
    };
    begins(true).or_else(|| begins(false)).cloned()
}

fn relationship(
    status: LegalStatus,
    standings: &[Standing],
    papers: &Papers,
) -> Option<RelationshipType> {
    let live = strength(status).is_some();
    let any_bound = standings.iter().any(|standing| standing.bound);
    let decides = |standing: &&Standing| {
        if live {
            standing.status == status
        } else {
            standing.bound == any_bound
        }
    };
    let decisive = standings.iter().filter(decides);
    let papers = decisive.filter_map(|standing| papers.get(&standing.key));
    papers.map(|paper| paper.row.relationship).min()
}

/// Each side's word is what it says of the newest paper it says anything of.
fn reciprocity(standings: &[Standing], papers: &Papers) -> Reciprocity {
    let word = |side: usize| {
        let mut said = standings.iter().rev().filter_map(|standing| {
            let parties = &papers.get(&standing.key)?.parties;
            let party = parties.get(&standing.seats.side(side))?;
            Some(party.row.acknowledgement)
        });
        let known = said.find(|word| *word != Acknowledgement::Unknown);
        known.unwrap_or(Acknowledgement::Unknown)
    };
    parties::reciprocity([word(0), word(1)])
}

/// Where one of the papers that bound the two follows on others that have all ended.
struct Turn<'a> {
    /// Those that began before.
    before: &'a [&'a Standing],
    /// The one of them that ended last.
    ended: &'a Standing,
    /// The next, and those that began later.
    after: &'a [&'a Standing],
}

impl<'a> Turn<'a> {
    /// The end of each that began before with the beginning of each that came after: between them all lies
    /// what no paper covers. What is replaced ends where the next begins, whatever the dates say.
    fn days_between(&self) -> impl Iterator<Item = (&'a Edtf, &'a Edtf)> {
        let ended = self.before.iter().filter(|paper| !paper.replaced);
        let ends = ended.filter_map(|paper| Some(&paper.end.as_ref()?.0));
        let after = self.after;
        ends.flat_map(|end| after.iter().map(move |next| (end, &next.begin)))
    }
}

/// The turns of these papers, oldest first, up to one that has not ended; and the one that ended last of all.
fn turns<'a>(bound: &'a [&'a Standing]) -> Option<(Vec<Turn<'a>>, &'a Standing)> {
    let mut ended: &Standing = bound.first()?;
    let mut turns = Vec::new();
    for (place, standing) in bound.iter().enumerate().skip(1) {
        // A paper that has not ended covers the rest.
        let Some((end, _)) = &ended.end else {
            break;
        };
        let (before, after) = bound.split_at(place);
        turns.push(Turn {
            before,
            ended,
            after,
        });
        let later = |(next, _): &(Edtf, LegalStatus)| last(next) >= last(end);
        if standing.follows(ended) || standing.end.as_ref().is_none_or(later) {
            ended = standing;
        }
    }
    Some((turns, ended))
}

/// The times of the papers that bound the two, each as long as no day is certain on which none did.
fn spells(bound: &[&Standing]) -> Vec<Spell> {
    let (Some((turns, last)), Some(first)) = (turns(bound), bound.first()) else {
        return Vec::new();
    };
    let until = |of: &Standing| of.end.as_ref().map(|(date, _)| date.clone());
    let mut since = &first.begin;
    let mut spells = Vec::new();
    for turn in turns {
        let is_over =
            !turn.ended.replaced && turn.days_between().all(|(end, next)| is_gap(end, next));
        if let Some(next) = turn.after.first().filter(|_| is_over) {
            spells.push(Spell {
                since: since.clone(),
                until: until(turn.ended),
            });
            since = &next.begin;
        }
    }
    spells.push(Spell {
        since: since.clone(),
        until: until(last),
    });
    spells
}

/// Whether there is a day, however the dates are read, between an end and a beginning.
fn is_gap(until: &Edtf, since: &Edtf) -> bool {
    let next = until.latest().and_then(|last| last.succ_opt());
    let apart = next
        .zip(since.earliest())
        .is_some_and(|(next, since)| next < since);
    apart && until.before(since) == Certainty::Yes
}

/// The longest time between the end of all papers so far and the beginning of the next, in days.
/// None when there was none, and when any one of them can't be told.
fn longest_gap(bound: &[&Standing]) -> Option<i64> {
    let mut longest = None;
    for turn in turns(bound)?.0 {
        if turn.ended.replaced {
            continue;
        }
        let apart: Vec<Certainty> = turn
            .days_between()
            .map(|(end, next)| end.before(next))
            .collect();
        if apart.contains(&Certainty::No) {
            continue;
        }
        if apart.contains(&Certainty::Maybe) {
            return None;
        }
        let (end, next) = (&turn.ended.end.as_ref()?.0, &turn.after.first()?.begin);
        let (end, begin) = (end.exact_day()?, next.exact_day()?);
        // One of them may have begun in between.
        let mut later = turn.after.iter();
        if later.any(|next| next.begin.earliest() < Some(begin)) {
            return None;
        }
        longest = longest.max(Some((begin - end).num_days()));
    }
    longest
}
