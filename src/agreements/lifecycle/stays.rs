//! Whether what a record says of the joining and leaving of its parties could have been. Pure.
//!
//! Dates that are said stand in no order among the events. So each is asked what the event of that day would
//! be asked, in the reading of all dates that suits it best: who joined did so as early as it may have been,
//! who left as late, and only what no reading allows is a fault.

use chrono::NaiveDate;

use super::guards::{self, Misstated};
use super::story::{Base, SaidOfParty, Seat, Told};
use crate::agreements::overlap::has_left;
use crate::core::edtf::Edtf;
use crate::core::issue::FieldIssue;
use crate::core::state_machine::{ALWAYS, NEVER};
use crate::core::vocabulary::lifecycle::{LegalStatus, ParticipationStatus};

/// The first and the last day of a time.
type Days = [NaiveDate; 2];

/// A time of one status, as long as it may have been.
#[derive(Debug, Clone, Copy)]
struct Time {
    /// None of what was before the agreement was found: it is not known.
    status: Option<LegalStatus>,
    days: Days,
    /// When it may have ended; none while it lasts.
    over: Option<Days>,
}

impl Time {
    fn is_live(&self) -> bool {
        self.status.is_some_and(LegalStatus::is_live)
    }

    /// Whether a party may join: what is signed waits for the others.
    fn is_open(&self) -> bool {
        let is_signed = |status| status == LegalStatus::Signed;
        self.is_live() || self.status.is_none_or(is_signed)
    }

    fn may_be_left(&self) -> bool {
        self.status.is_none_or(may_be_left)
    }
}

/// Whether a party may leave: also what is only proposed, and what the others may renew without it.
pub fn may_be_left(status: LegalStatus) -> bool {
    use LegalStatus::{Approved, Expired, Proposed, Signed};
    status.is_live() || matches!(status, Proposed | Approved | Signed | Expired)
}

/// The times of the statuses, one behind the other.
fn times(base: &Base, told: &[Told<'_>]) -> Vec<Time> {
    use LegalStatus::{Approved, InForce, Proposed, Signed};
    let changes = told.iter().rev().filter_map(|one| {
        let to = one.entry.to.filter(|_| one.entry.from != one.entry.to)?;
        Some((to, one.entry))
    });
    let mut times = Vec::new();
    let (mut until, mut over) = (NEVER, None);
    for (to, entry) in changes {
        times.push(Time {
            status: Some(to),
            days: [entry.possible_from, until],
            over,
        });
        until = until.min(entry.possible_to);
        over = Some([entry.possible_from, until]);
    }
    let signed = base.signed_on.as_ref().and_then(Edtf::earliest);
    // What it was before it was found like this is not known, but for what is no more than proposed.
    let found = times.last().and_then(|first| {
        let begin = match first.status? {
            Proposed | Approved => None,
            Signed => signed,
            _ => Some(signed.unwrap_or(ALWAYS)),
        }?;
        let [from, _] = first.days;
        let was = match first.status? {
            Signed | InForce => begin < from,
            // What was found suspended or ended had stood before, however little is known of when.
            _ => begin <= until,
        };
        was.then_some(Time {
            status: first.status.filter(|status| *status == Signed),
            days: [begin, until],
            over: None,
        })
    });
    times.extend(found);
    times.reverse();
    times
}

/// The first day on which a party may have left it; none when there was none.
pub(super) fn first_day_to_leave(base: &Base, told: &[Told<'_>]) -> Option<NaiveDate> {
    let mut times = times(base, told).into_iter();
    let left = times.find(Time::may_be_left);
    left.map(|time| time.days[0])
}

/// A time for which a partner was a party, as long as it may have been.
struct Stay<'a> {
    /// The place of its seat.
    seat: usize,
    participation: ParticipationStatus,
    joined: Option<&'a Edtf>,
    left: Option<&'a Edtf>,
    begin: NaiveDate,
    end: NaiveDate,
    /// What the record says of it by itself.
    said: Option<&'a SaidOfParty>,
}

impl Stay<'_> {
    /// Whether it is the record by itself that says when it ended.
    fn leaves_as_said(&self) -> bool {
        let said = self.said.and_then(|said| said.withdrew_on.as_ref());
        said.is_some() && said == self.left
    }
}

/// The days that a date may mean within each of these times.
fn within(
    date: &Edtf,
    times: impl DoubleEndedIterator<Item = Days>,
    today: NaiveDate,
) -> impl DoubleEndedIterator<Item = Days> {
    let first = date.earliest().unwrap_or(ALWAYS);
    // What is said to have happened has by today.
    let last = date.latest().map_or(today, |last| last.min(today));
    let last = last.max(first);
    times
        .map(move |[from, until]| [first.max(from), last.min(until)])
        .filter(|[from, until]| from <= until)
}

/// The days of the times of which this holds.
fn those(times: &[Time], of: fn(&Time) -> bool) -> impl DoubleEndedIterator<Item = Days> {
    times
        .iter()
        .filter(move |time| of(time))
        .map(|time| time.days)
}

/// All stays of the parties; the first one of each is the one that the record may tell of.
fn stays<'a>(seats: &'a [Seat], times: &[Time], today: NaiveDate) -> Vec<Stay<'a>> {
    let mut all = Vec::new();
    for (at, seat) in seats.iter().enumerate() {
        let earlier = seat.earlier.iter();
        let earlier = earlier.map(|stay| (stay.participation, &stay.acceded_on, &stay.withdrew_on));
        let now = (seat.participation, &seat.acceded_on, &seat.withdrew_on);
        for (place, (stands, joined, left)) in earlier.chain([now]).enumerate() {
            let joined = joined.as_ref();
            let end = left.as_ref().filter(|_| has_left(stands));
            let begin = joined.map_or(ALWAYS, |date| {
                let first = within(date, those(times, Time::is_open), today).next();
                first.map_or(date.earliest().unwrap_or(ALWAYS), |[first, _]| first)
            });
            let over = end.map_or(NEVER, |date| {
                let last = within(date, those(times, Time::may_be_left), today).next_back();
                last.map_or(date.latest().unwrap_or(NEVER), |[_, last]| last)
            });
            let counts = stands.is_live() || has_left(stands);
            all.push(Stay {
                seat: at,
                participation: stands,
                joined,
                left: end,
                begin: if counts { begin } else { NEVER },
                end: over,
                said: Some(&seat.said).filter(|said| place == 0 && !said.by_event),
            });
        }
    }
    all
}

/// What the record says of its parties and could not have been, whatever the dates mean.
pub fn misstated(
    base: &Base,
    told: &[Told<'_>],
    seats: &[Seat],
    today: NaiveDate,
) -> Vec<Misstated> {
    let says = |seat: &Seat| {
        let said = &seat.said;
        !said.by_event && (said.acceded_on.is_some() || said.withdrew_on.is_some())
    };
    if !seats.iter().any(says) {
        return Vec::new();
    }
    let times = times(base, told);
    let stays = stays(seats, &times, today);
    let ended = times.iter().rfind(|time| time.is_live());
    // The last day of a term is the one before that on which it is over.
    let ended = ended.and_then(|time| {
        let [from, until] = time.over?;
        Some([from.pred_opt().unwrap_or(from), until])
    });
    let mut all = Vec::new();
    for stay in &stays {
        let Some((said, seat)) = stay.said.zip(seats.get(stay.seat)) else {
            continue;
        };
        let mut note = |failure: Option<FieldIssue>| {
            let partner = seat.partner;
            all.extend(failure.map(|failure| Misstated { partner, failure }));
        };
        let possible = |date: &Edtf, of| within(date, those(&times, of), today).next().is_some();
        if let Some(date) = stay
            .joined
            .filter(|date| said.acceded_on.as_ref() == Some(*date))
        {
            let could = possible(date, Time::is_open);
            note(guards::joined_or_left("/acceded_on", date, could).err());
        }
        if let Some(date) = stay.left.filter(|_| stay.leaves_as_said()) {
            let could = possible(date, Time::may_be_left);
            note(guards::joined_or_left("/withdrew_on", date, could).err());
            let unbound = possible(date, |time| time.may_be_left() && !time.is_live());
            // Another body took the place, or it was the end of all.
            let others_go_on = stay.participation != ParticipationStatus::Succeeded
                && within(date, ended.into_iter(), today).next().is_none();
            let asked = could && !unbound && others_go_on;
            let remain = asked.then(|| remaining(stay, &stays));
            note(remain.and_then(|remain| guards::remain("/withdrew_on", remain).err()));
        }
    }
    all
}

/// How many other parties there may have been when this one had left. Of several who are said to have left
/// on the same last day, one left after the other; who joined on the next day was there in time.
fn remaining(stay: &Stay<'_>, stays: &[Stay<'_>]) -> usize {
    let next_day = stay.end.succ_opt().unwrap_or(NEVER);
    let stays_on = |other: &&Stay<'_>| {
        let next = other.leaves_as_said() && other.seat > stay.seat;
        let there = other.end > stay.end || (other.end == stay.end && next);
        other.seat != stay.seat && other.begin <= next_day && there
    };
    let mut seats: Vec<usize> = stays
        .iter()
        .filter(stays_on)
        .map(|stay| stay.seat)
        .collect();
    seats.dedup();
    seats.len()
}
