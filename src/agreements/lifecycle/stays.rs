//! Whether what a record says of the joining and leaving of its parties could have been. Pure.
//!
//! Dates that are said stand in no order among the events. So each is asked what the event of that day would
//! be asked, in the reading of all dates that suits it best: who joined did so as early as it may have been,
//! who left as late, and only what no reading allows is a fault.

use chrono::NaiveDate;

use super::guards::{self, GuardFailure};
use super::story::{Base, SaidOfParty, Seat, Told, left as has_left};
use crate::core::edtf::Edtf;
use crate::core::state_machine::{ALWAYS, NEVER};
use crate::core::vocabulary::lifecycle::LegalStatus;

/// Something that a record says of a party and that could not have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misstated {
    /// The partner, by internal key.
    pub partner: i64,
    /// What is wrong, at the member of the party.
    pub failure: GuardFailure,
}

/// The first and the last day of a time.
type Days = [NaiveDate; 2];

/// The days on which the agreement may have been in force or suspended.
fn live_times(base: &Base, told: &[Told<'_>]) -> Vec<Days> {
    let changes = || {
        told.iter().filter_map(|one| {
            let to = one.entry.to.filter(|_| one.entry.from != one.entry.to)?;
            Some((to, one.entry))
        })
    };
    let mut times = Vec::new();
    let mut until = NEVER;
    for (to, entry) in changes().collect::<Vec<_>>().into_iter().rev() {
        if to.is_live() {
            times.push([entry.possible_from, until]);
        }
        until = until.min(entry.possible_to);
    }
    times.reverse();
    // What it was before it was found like this is not known.
    let lived = |status| {
        use LegalStatus::{Expired, Superseded, Suspended, Terminated};
        matches!(status, Suspended | Expired | Terminated | Superseded)
    };
    if changes().next().is_some_and(|(to, _)| lived(to)) {
        let signed = base.signed_on.as_ref().and_then(Edtf::earliest);
        times.insert(0, [signed.unwrap_or(ALWAYS), until]);
    }
    times
}

/// The first day on which somebody may have joined or left; none when that is not known.
pub(super) fn first_live_day(base: &Base, told: &[Told<'_>]) -> Option<NaiveDate> {
    live_times(base, told).first().map(|[from, _]| *from)
}

/// A time for which a partner was a party, as long as it may have been.
struct Stay<'a> {
    /// The place of its seat.
    seat: usize,
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
fn within<'a>(
    date: &Edtf,
    times: &'a [Days],
    today: NaiveDate,
) -> impl DoubleEndedIterator<Item = Days> + use<'a> {
    let first = date.earliest().unwrap_or(ALWAYS);
    // What is said to have happened has by today.
    let last = date.latest().map_or(today, |last| last.min(today));
    let last = last.max(first);
    times
        .iter()
        .map(move |[from, until]| [first.max(*from), last.min(*until)])
        .filter(|[from, until]| from <= until)
}

/// All stays of the parties; the first one of each is the one that the record may tell of.
fn stays<'a>(seats: &'a [Seat], times: &[Days], today: NaiveDate) -> Vec<Stay<'a>> {
    let mut all = Vec::new();
    for (at, seat) in seats.iter().enumerate() {
        let earlier = seat.earlier.iter().map(|stay| {
            let (joined, left) = (stay.acceded_on.as_ref(), stay.withdrew_on.as_ref());
            (stay.participation, joined, left)
        });
        let (joined, left) = (seat.acceded_on.as_ref(), seat.withdrew_on.as_ref());
        let now = (seat.participation, joined, left);
        for (place, (stands, joined, left)) in earlier.chain([now]).enumerate() {
            let told_by_record =
                place == 0 && (seat.moved_by.is_none() || !seat.earlier.is_empty());
            let end = left.filter(|_| has_left(stands));
            let begin = joined.map_or(ALWAYS, |date| {
                let first = within(date, times, today).next();
                first.map_or(date.earliest().unwrap_or(ALWAYS), |[first, _]| first)
            });
            let over = end.map_or(NEVER, |date| {
                let last = within(date, times, today).next_back();
                last.map_or(date.latest().unwrap_or(NEVER), |[_, last]| last)
            });
            let counts = stands.is_live() || has_left(stands);
            all.push(Stay {
                seat: at,
                joined,
                left: end,
                begin: if counts { begin } else { NEVER },
                end: over,
                said: seat.said().filter(|_| told_by_record),
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
        let dates = seat
            .said()
            .map(|said| (&said.acceded_on, &said.withdrew_on));
        dates.is_some_and(|dates| dates != (&None, &None))
    };
    if !seats.iter().any(says) {
        return Vec::new();
    }
    let times = live_times(base, told);
    let stays = stays(seats, &times, today);
    let mut all = Vec::new();
    for stay in &stays {
        let Some((said, seat)) = stay.said.zip(seats.get(stay.seat)) else {
            continue;
        };
        let mut note = |failure: Option<GuardFailure>| {
            let partner = seat.partner;
            all.extend(failure.map(|failure| Misstated { partner, failure }));
        };
        let is_live = |date: &Edtf| within(date, &times, today).next().is_some();
        if let Some(date) = stay
            .joined
            .filter(|date| said.acceded_on.as_ref() == Some(*date))
        {
            note(guards::joined_or_left("/acceded_on", date, is_live(date)).err());
        }
        if let Some(date) = stay.left.filter(|_| stay.leaves_as_said()) {
            note(guards::joined_or_left("/withdrew_on", date, is_live(date)).err());
            let remain = is_live(date).then(|| remaining(stay, &stays));
            note(remain.and_then(|remain| guards::remain("/withdrew_on", remain).err()));
        }
    }
    all
}

/// How many other parties there may have been when this one had left. Of several who are said to have left
/// on the same last day, one left after the other.
fn remaining(stay: &Stay<'_>, stays: &[Stay<'_>]) -> usize {
    let stays_on = |other: &&Stay<'_>| {
        let next = other.leaves_as_said() && other.seat > stay.seat;
        let there = other.end > stay.end || (other.end == stay.end && next);
        other.seat != stay.seat && other.begin <= stay.end && there
    };
    let mut seats: Vec<usize> = stays
        .iter()
        .filter(stays_on)
        .map(|stay| stay.seat)
        .collect();
    seats.dedup();
    seats.len()
}
