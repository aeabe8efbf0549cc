//! What one paper says of the tie of two of its parties on a day.

use chrono::NaiveDate;

use super::succession::Found;
use super::{AsOf, Pair, Paper, Party};
use crate::agreements::lifecycle::stays::may_be_left;
use crate::agreements::overlap::{EarlierStay, Leaving, Stay, stays_of, together};
use crate::core::edtf::Edtf;
use crate::core::state_machine::StatusPeriod;
use crate::core::vocabulary::lifecycle::{LegalStatus, ParticipationStatus};

/// What one paper says of the tie of two of its parties.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The paper.
    pub key: i64,
    /// The status of the paper itself.
    pub paper_status: LegalStatus,
    /// Since when.
    pub paper_since: Edtf,
    /// Those of its parties whose tie this is.
    pub(super) seats: Pair,
    /// The status for the two: one of them may have left or not have joined.
    pub(super) status: LegalStatus,
    /// Since when, if that is known.
    pub(super) since: Option<Edtf>,
    /// When it began for the two.
    pub(super) begin: Edtf,
    /// When and how it ended for the two.
    pub(super) end: Option<(Edtf, LegalStatus)>,
    /// Whether it ended because another paper took its place, not because one of the two gave way to a successor.
    pub(super) replaced: bool,
    /// Whether it was ever more than a proposal.
    pub(super) bound: bool,
    /// Whether it is one of bodies that the two came out of, or in whose place they came.
    pub(super) predecessors: bool,
    /// Which of the times it is in which the paper held: what has expired and was renewed held twice.
    time: usize,
    /// The last day on which that may have been over: the paper held once more from then on.
    pub(super) over_by: Option<NaiveDate>,
}

impl AsOf {
    /// Whether what happened on this date had on the day, when it is `known` or not to have by its event.
    fn begun(self, date: &Edtf, known: bool) -> bool {
        if self.matching.is_certain() {
            known || self.happened(date.latest())
        } else {
            date.earliest().is_none_or(|earliest| earliest <= self.day)
        }
    }

    /// Whether what had happened by this day, if it is known, had on the day asked about.
    fn happened(self, by: Option<NaiveDate>) -> bool {
        by.is_some_and(|by| by <= self.day)
    }

    /// The first day of a period, and the first behind it.
    fn days(self, period: &StatusPeriod<LegalStatus>) -> (NaiveDate, NaiveDate) {
        if self.matching.is_certain() {
            (period.certain_from, period.certain_to)
        } else {
            (period.from_on, period.to_on)
        }
    }

    fn period_holds(self, period: &StatusPeriod<LegalStatus>) -> bool {
        let (from, to) = self.days(period);
        (from..to).contains(&self.day)
    }
}

/// Periods one behind the other.
type Periods<'a> = Vec<&'a StatusPeriod<LegalStatus>>;

/// The times in which the paper held, up to the day asked about: what has expired and was renewed later held
/// twice.
fn times(paper: &Paper, asked: Option<AsOf>) -> Vec<Periods<'_>> {
    let begun = paper
        .periods
        .iter()
        .filter(|period| asked.is_none_or(|asked| asked.days(period).0 <= asked.day));
    let mut times: Vec<Periods<'_>> = vec![Vec::new()];
    for period in begun {
        let over = times.last().and_then(|time| time.last());
        if over.is_some_and(|before| before.status.is_terminal()) && !period.status.is_terminal() {
            times.push(Vec::new());
        }
        if let Some(time) = times.last_mut() {
            time.push(period);
        }
    }
    times
}

/// The last day on which this one of the times may have been over, which the next one followed.
fn over_by(times: &[Periods<'_>], at: usize) -> Option<NaiveDate> {
    let next = times.get(at + 1)?.first()?;
    next.since.latest()
}

/// Whether the status follows a signature, or the paper counted as if there had been one.
fn binds(status: LegalStatus) -> bool {
    use LegalStatus::{Abandoned, Approved, Proposed};
    !matches!(status, Proposed | Approved | Abandoned)
}

/// What the end of a participation is to the tie with any of the others.
fn end_of(leaving: Leaving<'_>) -> LegalStatus {
    if leaving.participation == ParticipationStatus::Succeeded {
        LegalStatus::Superseded
    } else {
        LegalStatus::Terminated
    }
}

impl Paper {
    /// The stays of this party, with the joining of the body in whose place it came.
    fn stays(&self, partner: i64) -> Vec<Stay<'_>> {
        let own = |partner| {
            let party = self.parties.get(&partner);
            party.into_iter().flat_map(Party::stays).collect()
        };
        let before = |partner| {
            let party = self.parties.get(&partner);
            party.map_or_else(Vec::new, |party| party.predecessors.clone())
        };
        stays_of(partner, &own, &before)
    }
}

impl Party {
    fn stays(&self) -> impl Iterator<Item = Stay<'_>> {
        let (joined, left) = (self.row.acceded_on.as_ref(), self.row.withdrew_on.as_ref());
        let own = Stay::own(self.row.participation, joined, left);
        let now = Stay {
            days: self.days.unwrap_or(own.days),
            ..own
        };
        self.earlier.iter().map(EarlierStay::stay).chain([now])
    }
}

impl Standing {
    /// What `paper` says of these two, for each time it held and they were parties together.
    pub(super) fn all(paper: &Paper, found: &Found, asked: Option<AsOf>) -> Vec<Self> {
        let [mine, others] = [0, 1].map(|side| paper.stays(found.seats.side(side)));
        let met = mine
            .iter()
            .flat_map(|mine| others.iter().map(move |other| [*mine, *other]));
        let times = &times(paper, asked);
        let met = met.flat_map(|stays| (0..times.len()).map(move |at| (stays, at)));
        met.filter_map(|(stays, at)| Self::new(paper, found, (times, at), stays, asked))
            .collect()
    }

    /// What `paper` says of these two stays in one of the times in which it held; none when it, or one of the
    /// two, had not begun on the day asked about.
    fn new(
        paper: &Paper,
        found: &Found,
        (times, at): (&[Periods<'_>], usize),
        stays: [Stay<'_>; 2],
        asked: Option<AsOf>,
    ) -> Option<Self> {
        let seats = found.seats;
        let periods = times.get(at)?;
        let (is_first, is_last) = (at == 0, at + 1 == times.len());
        let (paper_status, paper_since) = match asked {
            None => (paper.row.status, &paper.row.status_since),
            Some(asked) => paper
                .periods
                .iter()
                .find(|period| asked.period_holds(period))
                .map(|period| (period.status, &period.since))?,
        };
        let (status, since) = match periods.last() {
            Some(ended) if !is_last => (ended.status, &ended.since),
            _ => (paper_status, paper_since),
        };
        let binding = periods.iter().find(|period| binds(period.status));
        let signed_on = paper.row.signed_on.as_ref().filter(|date| {
            is_first && asked.is_none_or(|asked| asked.begun(date, binding.is_some()))
        });
        let begin = signed_on
            .or_else(|| binding.map(|period| &period.since))
            .or_else(|| periods.first().map(|period| &period.since))
            .unwrap_or(since);
        let end = status.is_terminal().then(|| {
            // Expired and later replaced: it ended when it expired.
            let ended = periods
                .iter()
                .rev()
                .take_while(|period| period.status.is_terminal());
            ended
                .last()
                .map_or((since, status), |period| (&period.since, period.status))
        });
        let [mine, other] = &stays;
        let met = together(Some(begin), mine, other)?;
        // Of a paper that held more than once, the two were parties together in some of the times only.
        let joined = met.since.and_then(Edtf::earliest);
        let over = end.and_then(|(date, _)| date.latest()).filter(|_| !is_last);
        let left = met.until.and_then(|leaving| leaving.on?.latest());
        let again = begin.earliest().filter(|_| !is_first);
        let too_late = joined
            .zip(over)
            .is_some_and(|(joined, over)| joined >= over);
        let too_early = left.zip(again).is_some_and(|(left, again)| left <= again);
        if too_late || too_early {
            return None;
        }
        // Nothing held of the two before both were parties.
        let late = met.since.filter(|joined| since.certainly_before(joined));
        let mut standing = Self {
            key: found.key,
            paper_status,
            paper_since: paper_since.clone(),
            seats,
            status,
            since: Some(late.unwrap_or(since).clone()),
            begin: met.since.unwrap_or(begin).clone(),
            replaced: end
                .as_ref()
                .is_some_and(|(_, how)| *how == LegalStatus::Superseded),
            end: end.map(|(date, status)| (date.clone(), status)),
            bound: signed_on.is_some() || binding.is_some() || binds(status),
            predecessors: found.predecessors,
            time: at,
            over_by: over_by(times, at),
        };
        // Who left first, wherever one looks from: their dates may overlap.
        let mut in_order = [*mine, *other];
        if met.until == other.leaving() {
            in_order.reverse();
        }
        for stay in in_order {
            standing.with(paper, stay, asked)?;
        }
        // It held between others, and holds for these two no longer.
        if standing.predecessors && !standing.status.is_terminal() {
            standing.status = LegalStatus::Superseded;
            standing.since = None;
        }
        Some(standing)
    }

    /// Whether it is what the same paper says of a later time, which begins when this one is over, whatever the
    /// dates may mean.
    pub(super) fn follows(&self, other: &Self) -> bool {
        self.key == other.key && self.time > other.time
    }

    /// Takes into account when one of the two came and went.
    fn with(&mut self, paper: &Paper, stay: Stay<'_>, asked: Option<AsOf>) -> Option<()> {
        if let Some(asked) = asked
            && stay.joined.is_some()
            // Of the steps only those that begin the paper itself count as soon as they may have been; who
            // has left had joined, however little is known of when.
            && ![stay.days.joined_by, stay.leaving().and_then(|leaving| leaving.by)]
                .into_iter()
                .any(|by| asked.happened(by))
        {
            return None;
        }
        if let Some(leaving) = stay.leaving() {
            return self.leave(paper, leaving, asked);
        }
        match stay.participation {
            // Of another day it is not known whether the place was halted then.
            ParticipationStatus::Suspended
                if asked.is_none() && self.status == LegalStatus::InForce =>
            {
                self.status = LegalStatus::Suspended;
                self.since = None;
            }
            // Asked to join what binds others already.
            ParticipationStatus::Invited
                if binds(self.status)
                    && !self.status.is_terminal()
                    && paper
                        .parties
                        .values()
                        .any(|other| other.row.participation.is_live()) =>
            {
                self.status = LegalStatus::Proposed;
                self.since = None;
                self.bound = false;
            }
            _ => {}
        }
        Some(())
    }

    /// One of the two left, at a date if that is known.
    fn leave(&mut self, paper: &Paper, leaving: Leaving<'_>, asked: Option<AsOf>) -> Option<()> {
        let (how, date) = (end_of(leaving), leaving.on);
        if let (Some(asked), Some(date)) = (asked, date)
            && !asked.happened(leaving.by)
        {
            // Nobody leaves what is not there yet, nor before the steps that came first.
            let mut periods = paper.periods.iter();
            let there = periods.find(|period| may_be_left(period.status));
            let there = there.map(|period| period.from_on);
            let first = date.earliest().max(there).max(leaving.from);
            let may_have = first.is_none_or(|day| day <= asked.day);
            // It stood still, unless only what is certain counts and it may be over.
            return (!asked.matching.is_certain() || !may_have).then_some(());
        }
        let earlier = match (&self.end, date) {
            (None, _) => true,
            (Some((end, _)), Some(date)) => date.certainly_before(end),
            (Some(_), None) => false,
        };
        if earlier {
            self.status = how;
            self.since = date.cloned();
            // Without a day the end is somewhere after the beginning.
            let begun = self.begin.earliest();
            let unknown = || begun.map_or_else(|| self.begin.clone(), since_day);
            self.end = Some((date.cloned().unwrap_or_else(unknown), how));
            self.replaced = false;
        }
        Some(())
    }
}

/// Some day not before this one.
fn since_day(day: NaiveDate) -> Edtf {
    format!("[{day}..]")
        .parse()
        .unwrap_or_else(|_| Edtf::day(day))
}
