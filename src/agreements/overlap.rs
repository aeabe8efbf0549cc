//! Whether two parties of an agreement were ever parties at the same time, and from when to when.
//! Pure: the one place that partnerships, exports and whatever else derives pairs ask.

use chrono::NaiveDate;

use crate::core::edtf::Edtf;
use crate::core::vocabulary::lifecycle::ParticipationStatus;

/// On which days a partner joined and left, as far as they are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MoveDays {
    /// The day by which it had joined: of a date that is not exact, the day on which that was learnt at the
    /// latest.
    pub joined_by: Option<NaiveDate>,
    /// The first day on which the event by which it left may have happened, where an event tells it.
    pub left_from: Option<NaiveDate>,
    /// The day by which it had left.
    pub left_by: Option<NaiveDate>,
}

/// A partner's stay in an agreement.
#[derive(Debug, Clone, Copy)]
pub struct Stay<'a> {
    /// Where it stands.
    pub participation: ParticipationStatus,
    /// When it joined; none for who was there from the beginning.
    pub joined: Option<&'a Edtf>,
    /// When it left.
    pub left: Option<&'a Edtf>,
    /// On which days that was.
    pub days: MoveDays,
    /// When the body joined in whose place it came, if it came in another's.
    pub inherited: Option<Option<&'a Edtf>>,
}

/// A time for which a partner was a party, until it left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierStay {
    /// How it left.
    pub participation: ParticipationStatus,
    /// When it joined; none for who was there from the beginning.
    pub acceded_on: Option<Edtf>,
    /// When it left.
    pub withdrew_on: Option<Edtf>,
    /// On which days that was.
    pub days: MoveDays,
}

impl EarlierStay {
    /// It as one among others.
    pub fn stay(&self) -> Stay<'_> {
        let (joined, left) = (self.acceded_on.as_ref(), self.withdrew_on.as_ref());
        Stay {
            days: self.days,
            ..Stay::own(self.participation, joined, left)
        }
    }
}

/// How and when the first of two parties left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaving<'a> {
    /// Where it stands since.
    pub participation: ParticipationStatus,
    /// When, if that is known.
    pub on: Option<&'a Edtf>,
    /// The first day on which the event that says so may have happened, where that is known.
    pub from: Option<NaiveDate>,
    /// The day by which it had left, where that is known.
    pub by: Option<NaiveDate>,
}

/// The time two parties were parties together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Together<'a> {
    /// Since when: the later joining, where a successor counts from its predecessor's.
    pub since: Option<&'a Edtf>,
    /// The first leaving; none while both stay.
    pub until: Option<Leaving<'a>>,
}

/// Whether this is the participation of a party that is one no longer.
pub fn has_left(participation: ParticipationStatus) -> bool {
    use ParticipationStatus::{Excluded, Succeeded, Withdrawn};
    matches!(participation, Withdrawn | Excluded | Succeeded)
}

/// Of two dates the one that may be later; a date that is not known says nothing.
fn later<'a>(a: Option<&'a Edtf>, b: Option<&'a Edtf>) -> Option<&'a Edtf> {
    let last = |date: &Edtf| {
        (
            date.latest().unwrap_or(NaiveDate::MAX),
            date.earliest().unwrap_or(NaiveDate::MIN),
        )
    };
    match (a, b) {
        (Some(a), Some(b)) => Some(if last(b) > last(a) { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// All stays of a partner, each with the joining of the body in whose place it came: `own` are the stays of
/// a partner by themselves, `before` those in whose place it ever came.
pub fn stays_of<'a>(
    partner: i64,
    own: &impl Fn(i64) -> Vec<Stay<'a>>,
    before: &impl Fn(i64) -> Vec<i64>,
) -> Vec<Stay<'a>> {
    let inherited = |joined| {
        let (mut at, mut seen) = ((partner, joined), Vec::new());
        let mut inherited = None;
        while let (partner, Some(joined)) = at
            && !seen.contains(&at)
        {
            seen.push(at);
            // The event may have been put right since: then the other one didn't leave for this one.
            let gave_way = |stay: &Stay<'_>| {
                stay.participation == ParticipationStatus::Succeeded && stay.left == Some(joined)
            };
            let found = before(partner).into_iter().find_map(|other| {
                let stay = own(other).into_iter().find(gave_way)?;
                Some((other, stay.joined))
            });
            let Some(found) = found else { break };
            inherited = Some(found.1);
            at = found;
        }
        inherited
    };
    let own = own(partner).into_iter();
    own.map(|stay| Stay {
        inherited: inherited(stay.joined),
        ..stay
    })
    .collect()
}

impl<'a> Stay<'a> {
    /// A stay by itself.
    pub fn own(
        participation: ParticipationStatus,
        joined: Option<&'a Edtf>,
        left: Option<&'a Edtf>,
    ) -> Self {
        Self {
            participation,
            joined,
            left,
            days: MoveDays {
                joined_by: joined.and_then(Edtf::latest),
                left_from: None,
                left_by: left.and_then(Edtf::latest),
            },
            inherited: None,
        }
    }

    /// When it, or the body in whose place it came, joined.
    fn began(&self) -> Option<&'a Edtf> {
        self.inherited.unwrap_or(self.joined)
    }

    /// How it ended, if it has.
    pub fn leaving(&self) -> Option<Leaving<'a>> {
        has_left(self.participation).then_some(Leaving {
            participation: self.participation,
            on: self.left,
            from: self.days.left_from,
            by: self.days.left_by,
        })
    }

    /// Whether it had certainly left when the other one joined. Who takes over on the day another one
    /// leaves was never a party beside it.
    fn was_gone_for(&self, other: &Self, begin: Option<&Edtf>) -> bool {
        let Some(Leaving { on: Some(left), .. }) = self.leaving() else {
            return false;
        };
        let Some(joined) = other.joined else {
            return begin.is_some_and(|begin| left.certainly_before(begin));
        };
        let hands_over = self.participation == ParticipationStatus::Succeeded && joined == left;
        let days = left.latest().zip(joined.earliest());
        hands_over || days.is_some_and(|(left, joined)| left <= joined)
    }
}

/// The time these two were parties together of an agreement that began on `begin`; none when they
/// certainly never were.
pub fn together<'a>(begin: Option<&'a Edtf>, a: &Stay<'a>, b: &Stay<'a>) -> Option<Together<'a>> {
    if a.was_gone_for(b, begin) || b.was_gone_for(a, begin) {
        return None;
    }
    let first = |date: &Edtf| (date.latest().or(date.earliest()), date.earliest());
    let until = match (a.leaving(), b.leaving()) {
        (Some(a), Some(b)) => Some(match (a.on, b.on) {
            (Some(left), Some(right)) if first(right) < first(left) => b,
            (None, Some(_)) => b,
            _ => a,
        }),
        (a, b) => a.or(b),
    };
    Some(Together {
        since: later(later(begin, a.began()), b.began()),
        until,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ParticipationStatus::{Acceded, Party, Succeeded, Withdrawn};
    use proptest::prelude::*;

    fn date(text: &str) -> Edtf {
        text.parse().unwrap()
    }

    #[test]
    fn who_left_before_another_one_joined_was_never_its_partner() {
        let (begin, left, joined) = (date("1991"), date("2000-05"), date("2010"));
        let founder = Stay::own(Party, None, None);
        let gone = Stay::own(Withdrawn, None, Some(&left));
        let late = Stay::own(Acceded, Some(&joined), None);
        assert_eq!(together(Some(&begin), &gone, &late), None);
        assert_eq!(together(Some(&begin), &late, &gone), None);
        let with_founder = together(Some(&begin), &founder, &late).unwrap();
        assert_eq!(with_founder.since, Some(&joined));
        assert_eq!(with_founder.until, None);
        let before = together(Some(&begin), &founder, &gone).unwrap();
        assert_eq!(before.since, Some(&begin));
        assert_eq!(before.until.unwrap().on, Some(&left));
    }

    #[test]
    fn a_day_that_is_not_known_leaves_the_tie_possible() {
        let (begin, left, joined) = (date("1991"), date("2010"), date("2010-06"));
        let gone = Stay::own(Withdrawn, None, Some(&left));
        let late = Stay::own(Acceded, Some(&joined), None);
        assert!(together(Some(&begin), &gone, &late).is_some());
        assert!(together(Some(&begin), &Stay::own(Withdrawn, None, None), &late).is_some());
        // Leaving on a day is not being there on it.
        let (left, joined) = (date("2010-06-01"), date("2010-06-01"));
        let gone = Stay::own(Withdrawn, None, Some(&left));
        let late = Stay::own(Acceded, Some(&joined), None);
        assert_eq!(together(Some(&begin), &gone, &late), None);
    }

    #[test]
    fn a_successor_is_no_partner_of_its_predecessor_and_counts_from_its_joining() {
        let (begin, joined, handed) = (date("1991"), date("1995"), date("2010"));
        let old = Stay::own(Succeeded, Some(&joined), Some(&handed));
        let new = Stay {
            inherited: Some(Some(&joined)),
            ..Stay::own(Acceded, Some(&handed), None)
        };
        let founder = Stay::own(Party, None, None);
        assert_eq!(together(Some(&begin), &old, &new), None);
        let tie = together(Some(&begin), &founder, &new).unwrap();
        assert_eq!(tie.since, Some(&joined));
        let tie = together(Some(&begin), &founder, &old).unwrap();
        assert_eq!(
            (tie.since, tie.until.unwrap().on),
            (Some(&joined), Some(&handed))
        );
    }

    proptest! {
        #[test]
        fn exact_days_overlap_as_intervals_do_and_the_order_of_the_two_is_nothing(
            a in (0_i64..50, 1_i64..50, any::<bool>()),
            b in (0_i64..50, 1_i64..50, any::<bool>()),
        ) {
            let day = |n: i64| Edtf::day(
                NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + chrono::TimeDelta::days(n),
            );
            let begin = day(0);
            let of = |(from, length, leaves): (i64, i64, bool)| {
                (day(from), day(from + length), leaves)
            };
            let (a_days, b_days) = (of(a), of(b));
            let stay_of = |(from, to, leaves): &(Edtf, Edtf, bool)| (
                if *leaves { Withdrawn } else { Acceded }, from.clone(), to.clone(),
            );
            let ((pa, ja, la), (pb, jb, lb)) = (stay_of(&a_days), stay_of(&b_days));
            let left_a = a.2.then_some(&la);
            let left_b = b.2.then_some(&lb);
            let (sa, sb) = (Stay::own(pa, Some(&ja), left_a), Stay::own(pb, Some(&jb), left_b));
            let end = |(from, length, leaves): (i64, i64, bool)| if leaves { from + length } else { 1000 };
            let overlap = a.0.max(b.0) < end(a).min(end(b));
            let found = together(Some(&begin), &sa, &sb);
            prop_assert_eq!(found.is_some(), overlap);
            let turned = together(Some(&begin), &sb, &sa);
            prop_assert_eq!(found.map(|tie| tie.since.cloned()), turned.map(|tie| tie.since.cloned()));
            if let Some(tie) = found {
                prop_assert_eq!(tie.since, Some(&day(a.0.max(b.0))));
            }
        }
    }
}
