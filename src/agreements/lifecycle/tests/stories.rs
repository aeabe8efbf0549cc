//! What the events make of parties, term and notice, in whatever order they were recorded.

mod said;

use super::super::as_of::story_on;
use super::super::story::{Base, SaidOfParty, Seat, Story, Told, tell};
use super::*;
use crate::agreements::events::types::Details;
use crate::core::edtf::Edtf;
use crate::core::vocabulary::agreement::DurationKind;
use crate::core::vocabulary::lifecycle::ParticipationStatus;

const A: i64 = 1;
const B: i64 = 2;
const Z: i64 = 9;

/// A log in the order of recording, with what each event says.
#[derive(Debug, Clone, Default)]
struct Log {
    steps: Vec<Event<EventAction, LegalStatus>>,
    on: Vec<Edtf>,
    details: Vec<Details>,
}

impl Log {
    fn add(&mut self, action: EventAction, on: &str, details: Details) -> i64 {
        let id = i64::try_from(self.steps.len()).unwrap() + 1;
        let mut step = event(id, action, on);
        step.effective_on = stands_on(action, &edtf(on), details.notice_given_on.as_ref()).clone();
        self.steps.push(step);
        self.on.push(edtf(on));
        self.details.push(details);
        id
    }

    fn party(&mut self, action: EventAction, on: &str, party: i64) -> i64 {
        let details = Details {
            party: Some(party),
            ..Details::default()
        };
        self.add(action, on, details)
    }

    fn renew(&mut self, on: &str, until: Option<&str>) -> i64 {
        let details = Details {
            valid_until: until.map(edtf),
            duration: until.is_none().then_some(DurationKind::Indefinite),
            ..Details::default()
        };
        self.add(Do::Renew, on, details)
    }

    /// Takes back an event that never was.
    fn never(&mut self, wrong: i64, on: &str, status: LegalStatus) -> i64 {
        let at = usize::try_from(wrong - 1).unwrap();
        let id = self.add(Do::Correct, on, self.details[at].clone());
        let step = self.steps.last_mut().unwrap();
        (step.corrects, step.to) = (Some(wrong), Some(status));
        id
    }

    fn told<T>(&self, of: impl FnOnce(Vec<Told<'_>>) -> T) -> T {
        let folded = fold(&MACHINE, &self.steps, day(TODAY)).unwrap();
        let told = folded.entries.iter().map(|entry| {
            let at = usize::try_from(entry.id - 1).unwrap();
            let (on, details) = (&self.on[at], &self.details[at]);
            Told { entry, on, details }
        });
        of(told.collect())
    }

    fn story(&self, base: &Base) -> Story {
        self.told(|told| tell(base, &told, i64::MIN, day(TODAY)))
    }
}

fn between(parties: &[i64]) -> Base {
    let parties = parties.iter().map(|key| (*key, SaidOfParty::default()));
    Base {
        parties: parties.collect(),
        ..Base::default()
    }
}

fn since(on: &str) -> Log {
    let mut log = Log::default();
    log.add(Do::Register, on, Details::default());
    log
}

fn stands(seats: &[Seat]) -> Vec<(i64, ParticipationStatus)> {
    seats
        .iter()
        .map(|seat| (seat.partner, seat.participation))
        .collect()
}

fn faults(story: &Story) -> Vec<(i64, &'static str)> {
    let faults = story.faults.iter();
    faults
        .map(|fault| (fault.event, fault.failure.code))
        .collect()
}

#[test]
fn who_joined_before_leaving_has_left_whatever_was_recorded_first() {
    use ParticipationStatus::{Acceded, Party, Withdrawn};
    let mut log = since("1990");
    log.party(Do::WithdrawParty, "2010", Z);
    let base = between(&[A, B]);
    assert_eq!(
        faults(&log.story(&base)),
        [(2, "not_a_party"), (2, "too_few_parties")]
    );
    log.party(Do::Accede, "2005", Z);
    let story = log.story(&base);
    assert_eq!(
        stands(&story.seats),
        [(A, Party), (B, Party), (Z, Withdrawn)]
    );
    assert!(story.faults.is_empty());
    let on = |on: &str| log.told(|told| stands(&story_on(&base, told, day(on), false).seats));
    assert_eq!(on("2004-12-31"), [(A, Party), (B, Party)]);
    assert_eq!(on("2008-01-01")[2], (Z, Acceded));
    assert_eq!(on("2011-01-01")[2], (Z, Withdrawn));
}

#[test]
fn two_parties_remain_all_along() {
    let mut log = since("1990");
    log.party(Do::Accede, "2005", Z);
    log.party(Do::WithdrawParty, "2003", B);
    let story = log.story(&between(&[A, B]));
    assert_eq!(faults(&story), [(3, "too_few_parties")]);
}

#[test]
fn nobody_is_succeeded_by_a_party() {
    let mut log = since("1990");
    let details = Details {
        party: Some(Z),
        successor: Some(B),
        ..Details::default()
    };
    log.add(Do::SucceedParty, "2000", details);
    let story = log.story(&between(&[A, B, Z]));
    assert_eq!(faults(&story), [(2, "already_a_party")]);
}

#[test]
fn a_term_is_what_the_last_renewal_made_it() {
    let mut log = since("1990");
    log.renew("2010", Some("2030"));
    log.renew("2000", Some("2010"));
    let base = between(&[A, B]);
    let story = log.story(&base);
    assert!(story.faults.is_empty());
    assert_eq!(story.term.valid_until, Some(edtf("2030")));
    let mut log = since("1990");
    log.renew("2010", None);
    log.renew("2000", Some("2005"));
    let story = log.story(&base);
    assert_eq!(story.term.valid_until, None);
    assert_eq!(story.term.duration, DurationKind::Indefinite);
    // Of two that are out of order the later one ends no earlier.
    let mut log = since("1990");
    log.renew("2000", Some("2020"));
    log.renew("2010", Some("2015"));
    assert_eq!(faults(&log.story(&base)), [(3, "not_later")]);
}

#[test]
fn a_correction_takes_back_what_its_event_did() {
    let base = between(&[A, B]);
    let mut log = since("1990");
    let renewed = log.renew("2010", Some("2040"));
    let notice = Details {
        notice_given_on: Some(edtf("2020")),
        ..Details::default()
    };
    let given = log.add(Do::GiveNotice, "2027-12-31", notice);
    let joined = log.party(Do::Accede, "2005", Z);
    let story = log.story(&base);
    assert_eq!(
        (story.notice, story.renewed_by),
        (Some(given), Some(renewed))
    );
    for (wrong, on) in [(renewed, "2010"), (given, "2020"), (joined, "2005")] {
        log.never(wrong, on, InForce);
    }
    let story = log.story(&base);
    assert_eq!((story.notice, story.renewed_by), (None, None));
    assert_eq!((story.term, story.seats.len()), (base.term, 2));
}

#[test]
fn a_notice_is_taken_back_after_it_was_given() {
    let base = between(&[A, B]);
    let notice = Details {
        notice_given_on: Some(edtf("2013")),
        ..Details::default()
    };
    let mut log = since("1990");
    log.add(Do::GiveNotice, "2027-12-31", notice);
    log.add(Do::WithdrawNotice, "1998", Details::default());
    assert_eq!(faults(&log.story(&base)), [(3, "no_notice")]);
}

#[test]
fn a_corrected_beginning_places_the_parties_anew() {
    use ParticipationStatus::{Invited, Party};
    let base = between(&[A, B]);
    for (to, expected) in [(Proposed, Invited), (Suspended, Party), (Terminated, Party)] {
        let mut log = since("1990");
        log.never(1, "1990", to);
        let story = log.story(&base);
        assert_eq!(stands(&story.seats), [(A, expected), (B, expected)]);
        assert!(story.faults.is_empty());
    }
}

#[test]
fn an_agreement_expires_when_its_term_is_over() {
    let mut log = since("1990");
    log.renew("1995", Some("2020"));
    log.add(Do::Expire, "2010", Details::default());
    assert_eq!(faults(&log.story(&between(&[A, B]))), [(3, "not_over")]);
}

#[test]
fn an_expiry_is_asked_again_when_what_it_rests_on_changes() {
    let base = between(&[A, B]);
    let expired = |unsourced| {
        let mut log = since("1990");
        let renewed = log.renew("1995", Some("2020"));
        let details = Details {
            unsourced,
            ..Details::default()
        };
        let over = log.add(Do::Expire, "2021", details);
        assert!(log.story(&base).faults.is_empty());
        (log, renewed, over)
    };
    // Without a term a source has to say that it is over.
    for (unsourced, code) in [(true, Some("required")), (false, None)] {
        let (mut log, renewed, over) = expired(unsourced);
        log.never(renewed, "1995", InForce);
        let found = Vec::from_iter(code.map(|code| (over, code)));
        assert_eq!(faults(&log.story(&base)), found);
    }
    let (mut log, _, over) = expired(true);
    log.renew("2005", Some("2040"));
    assert_eq!(faults(&log.story(&base)), [(over, "not_over")]);
    let (log, _, over) = expired(false);
    let tacit = Base {
        renewal: Some(crate::core::vocabulary::agreement::Renewal::Tacit),
        ..base.clone()
    };
    assert_eq!(faults(&log.story(&tacit)), [(over, "renews_tacitly")]);
    // How the present term ends says nothing of one that was renewed since.
    let (mut log, ..) = expired(false);
    log.renew("2022", Some("2040"));
    assert!(log.story(&tacit).faults.is_empty());
}

/// One exact event a month, in an order of recording.
fn shuffled() -> impl Strategy<Value = (Vec<(usize, i64)>, Vec<usize>)> {
    prop::collection::vec((0usize..7, 0i64..4), 1..9).prop_flat_map(|chosen| {
        let order: Vec<usize> = (0..chosen.len()).collect();
        (Just(chosen), Just(order).prop_shuffle())
    })
}

fn recorded(chosen: &[(usize, i64)], order: impl Iterator<Item = usize>) -> Log {
    let mut log = since("1990-01-01");
    for at in order {
        let (action, party) = chosen[at];
        let on = (day("2001-01-15") + chrono::Months::new(u32::try_from(at).unwrap())).to_string();
        let party = party + 1;
        match action {
            0 => log.party(Do::Accede, &on, party),
            1 => log.party(Do::WithdrawParty, &on, party),
            2 => log.renew(&on, Some(&format!("20{}", 10 + at))),
            3 => log.renew(&on, None),
            4 => log.add(
                Do::GiveNotice,
                "2027-12-31",
                Details {
                    notice_given_on: Some(edtf(&on)),
                    ..Details::default()
                },
            ),
            5 => log.add(Do::WithdrawNotice, &on, Details::default()),
            _ => log.party(Do::ExcludeParty, &on, party),
        };
    }
    log
}

/// The story without the keys of events, which are those of recording.
fn keyless(story: &Story) -> String {
    let seats: Vec<String> = story
        .seats
        .iter()
        .map(|seat| {
            let (joined, left) = (&seat.acceded_on, &seat.withdrew_on);
            format!(
                "{} {} {joined:?} {left:?}",
                seat.partner, seat.participation
            )
        })
        .collect();
    let faults: Vec<&str> = story
        .faults
        .iter()
        .map(|fault| fault.failure.code)
        .collect();
    format!(
        "{seats:?} {:?} {} {faults:?}",
        story.term,
        story.notice.is_some()
    )
}

proptest! {
    #[test]
    fn exact_days_make_one_story_in_any_order_of_recording((chosen, order) in shuffled()) {
        let base = between(&[1, 2, 3]);
        let straight = recorded(&chosen, 0..chosen.len()).story(&base);
        let late = recorded(&chosen, order.into_iter()).story(&base);
        prop_assert_eq!(keyless(&straight), keyless(&late));
    }

    #[test]
    fn without_a_fault_two_live_parties_remain((chosen, order) in shuffled()) {
        let base = between(&[1, 2, 3]);
        let log = recorded(&chosen, order.into_iter());
        if log.story(&base).faults.is_empty() {
            for month in 0..12 {
                let on = day("2000-12-31") + chrono::Months::new(month);
                let seats = log.told(|told| story_on(&base, told, on, false).seats);
                let live = seats.iter().filter(|seat| seat.participation.is_live()).count();
                prop_assert!(live >= 2, "{live} on {on}");
            }
        }
    }
}
