//! What the record says of its parties by itself, beside the events.

use super::*;
use crate::agreements::lifecycle::guards::Misstated;
use crate::agreements::lifecycle::stays::misstated;

const C: i64 = 3;

/// Parties that are said to have joined and left on these dates.
fn saying(parties: &[(i64, Option<&str>, Option<&str>)]) -> Base {
    let parties = parties.iter().map(|(key, joined, left)| {
        let said = SaidOfParty {
            participation: left.map(|_| ParticipationStatus::Withdrawn),
            acceded_on: joined.map(edtf),
            withdrew_on: left.map(edtf),
            ..SaidOfParty::default()
        };
        (*key, said.stated_by(day(TODAY)))
    });
    Base {
        parties: parties.collect(),
        ..Base::default()
    }
}

/// What of it could not have been: of whom, at which member, and why.
fn wrong(log: &Log, base: &Base) -> Vec<(i64, &'static str, &'static str)> {
    log.told(|told| {
        let story = tell(base, &told, i64::MIN, day(TODAY));
        let found = misstated(base, &told, &story.seats, day(TODAY));
        let found = found.into_iter().map(|Misstated { partner, failure }| {
            let pointer: &str = failure.pointer.leak();
            (partner, pointer, failure.code)
        });
        found.collect()
    })
}

#[test]
fn who_joins_and_leaves_does_so_while_the_agreement_stands() {
    let mut log = since("1990-05-05");
    log.add(Do::Terminate, "2005-03-01", Details::default());
    let joins = |joined: &str, left: Option<&str>| {
        let base = Base {
            signed_on: Some(edtf("1990-05-05")),
            ..saying(&[(A, None, None), (B, None, None), (Z, Some(joined), left)])
        };
        wrong(&log, &base)
    };
    for (joined, possible) in [
        ("1985", false),
        ("1990", true),
        ("[..1995]", true),
        ("2005", true),
        ("2005-04", false),
        ("2006", false),
        ("[2004..]", true),
    ] {
        let expected: &[_] = if possible {
            &[]
        } else {
            &[(Z, "/acceded_on", "not_in_force")]
        };
        assert_eq!(joins(joined, None), expected, "{joined}");
    }
    assert!(joins("1995", Some("2001")).is_empty());
    let left = joins("1995", Some("2006"));
    assert_eq!(left, [(Z, "/withdrew_on", "not_in_force")]);
}

#[test]
fn what_was_found_ended_had_been_in_force_before() {
    let mut log = since("2000-01-01");
    log.steps[0].to = Some(Terminated);
    let left = |on: &str| {
        let mut base = saying(&[(A, None, None), (B, None, None), (Z, None, Some(on))]);
        base.signed_on = Some(edtf("1990"));
        wrong(&log, &base)
    };
    assert!(left("1990").is_empty());
    assert!(left("1999").is_empty());
    for on in ["1989", "2001"] {
        assert_eq!(left(on), [(Z, "/withdrew_on", "not_in_force")], "{on}");
    }
    // Also of what had ended by some day, or in the year in which it was signed.
    for (found, signed) in [
        ("[..2005]", None),
        ("[..2005]", Some("1990")),
        ("2005", Some("2005")),
    ] {
        let mut log = since(found);
        let third = (Z, Some("2005"), Some("2005"));
        let mut base = saying(&[(A, None, None), (B, None, None), third]);
        base.signed_on = signed.map(edtf);
        for ended in [Terminated, Expired, Abandoned] {
            log.steps[0].to = Some(ended);
            assert!(wrong(&log, &base).is_empty(), "{ended} {found}");
        }
    }
}

#[test]
fn two_remain_when_one_is_said_to_have_left() {
    let mut log = since("1990");
    log.add(Do::Terminate, "2015", Details::default());
    let too_few = |of: i64| (of, "/withdrew_on", "too_few_parties");
    let left = |parties: &[(i64, Option<&str>, Option<&str>)]| wrong(&log, &saying(parties));
    let founder = (A, None, None);
    assert_eq!(left(&[founder, (B, None, Some("2001"))]), [too_few(B)]);
    let both = [founder, (B, None, Some("2001")), (Z, None, Some("2001"))];
    assert_eq!(left(&both), [too_few(Z)]);
    let in_turn = [founder, (B, None, Some("2002")), (Z, None, Some("2001-05"))];
    assert_eq!(left(&in_turn), [too_few(B)]);
    // Who joined in that year may have done so in time.
    let [a, b, z] = both;
    assert!(left(&[a, b, z, (C, Some("2001"), None)]).is_empty());
    // Or on the next day.
    assert!(left(&[a, b, z, (C, Some("2002"), None)]).is_empty());
    let late = left(&[a, b, z, (C, Some("2003"), None)]);
    assert_eq!(late, [too_few(Z)]);
    // Who leaves when it ends leaves nobody behind, nor does whom another body succeeds.
    assert!(left(&[founder, (B, None, Some("2015"))]).is_empty());
    assert!(left(&[founder, (B, None, Some("2014-12-31"))]).is_empty());
    let before = left(&[founder, (B, None, Some("2014-12-30"))]);
    assert_eq!(before, [too_few(B)]);
    let mut base = saying(&[founder, (B, None, Some("2001")), (C, Some("2005"), None)]);
    assert_eq!(wrong(&log, &base), [too_few(B)]);
    base.parties[1].1.participation = Some(ParticipationStatus::Succeeded);
    assert!(wrong(&log, &base).is_empty());
}

#[test]
fn what_is_signed_is_joined_and_left_before_it_is_in_force() {
    let mut log = since("1990-05-05");
    log.steps[0].to = Some(Signed);
    let on = |log: &Log, joined: Option<&str>, left: Option<&str>| {
        let base = saying(&[(A, None, None), (B, None, None), (Z, joined, left)]);
        wrong(log, &base)
    };
    assert!(on(&log, Some("1990"), Some("1995")).is_empty());
    let early = on(&log, Some("1989"), None);
    assert_eq!(early, [(Z, "/acceded_on", "not_in_force")]);
    log.add(Do::Abandon, "1996", Details::default());
    assert!(on(&log, None, Some("1995")).is_empty());
    let late = on(&log, None, Some("1997"));
    assert_eq!(late, [(Z, "/withdrew_on", "not_in_force")]);
    // A proposal may be left, and not joined.
    log.steps.truncate(1);
    log.steps[0].to = Some(Proposed);
    assert!(on(&log, None, Some("1995")).is_empty());
    let joined = on(&log, Some("1995"), None);
    assert_eq!(joined, [(Z, "/acceded_on", "not_in_force")]);
    // Of what is found in force it is not known since when it was.
    let found = since("2005");
    assert!(on(&found, Some("1995"), Some("2001")).is_empty());
}

#[test]
fn who_is_missed_is_told_with_what_is_said_of_it() {
    let missed = |base: &Base| {
        let story = since("1990-05-05").story(base);
        let said = story.faults.into_iter().flat_map(|fault| fault.said);
        let told = said.map(|one| (one.partner, &*one.failure.pointer.leak()));
        told.collect::<Vec<_>>()
    };
    let base = saying(&[(A, None, None), (B, Some("1990-06-10"), None)]);
    assert_eq!(missed(&base), [(B, "/acceded_on")]);
    let base = saying(&[(A, None, None), (B, None, Some("2000"))]);
    assert_eq!(missed(&base), [(B, "/withdrew_on")]);
}

#[test]
fn when_it_joined_is_asked_of_who_has_left_by_an_event_too() {
    let mut log = since("1990-05-05");
    log.party(Do::WithdrawParty, "2010", Z);
    let base = Base {
        signed_on: Some(edtf("1990-05-05")),
        ..saying(&[(A, None, None), (B, None, None), (Z, Some("1985"), None)])
    };
    assert_eq!(wrong(&log, &base), [(Z, "/acceded_on", "not_in_force")]);
}

#[test]
fn events_are_asked_about_who_is_said_to_have_joined_and_left() {
    let founders = [(A, None, None), (B, None, None), (C, None, None)];
    let [a, b, c] = founders;
    let mut log = since("1990");
    log.party(Do::WithdrawParty, "1995", Z);
    let base = saying(&[a, b, c, (Z, Some("2000"), None)]);
    assert_eq!(faults(&log.story(&base)), [(2, "not_a_party")]);
    let mut log = since("1990");
    log.party(Do::Accede, "2005", Z);
    let base = saying(&[a, b, (Z, None, Some("2010"))]);
    assert_eq!(faults(&log.story(&base)), [(2, "already_a_party")]);
    let mut log = since("1990");
    log.party(Do::WithdrawParty, "1995", Z);
    let base = saying(&[a, (B, Some("2000"), None), (Z, None, None)]);
    assert_eq!(faults(&log.story(&base)), [(2, "too_few_parties")]);
    // One party alone makes no agreement.
    let base = saying(&[a, (B, Some("2000"), None)]);
    assert_eq!(
        faults(&since("1990").story(&base)),
        [(1, "too_few_parties")]
    );
}

#[test]
fn nobody_may_have_left_before_a_change_of_the_status_that_came_first() {
    use ParticipationStatus::{Party, Withdrawn};
    let stood = |log: &Log, base: &Base, on: &str| {
        log.told(|told| story_on(base, told, day(on), true).seats[2].participation)
    };
    let mut log = since("1990-01-01");
    log.add(Do::Suspend, "2010-09-01", Details::default());
    log.party(Do::WithdrawParty, "2010", Z);
    let base = between(&[A, B, Z]);
    assert_eq!(stood(&log, &base, "2010-06-01"), Party);
    assert_eq!(stood(&log, &base, "2010-10-01"), Withdrawn);
    // Nor before the agreement was signed; what is signed may be left before it is in force.
    let mut log = since("2009-05-01");
    log.steps[0].to = Some(Signed);
    log.add(Do::EnterIntoForce, "2010-05-01", Details::default());
    let base = saying(&[(A, None, None), (B, None, None), (Z, None, Some("2009"))]);
    let early = stood(&log, &base, "2009-03-01");
    assert_eq!(early, ParticipationStatus::Invited);
    assert_eq!(stood(&log, &base, "2009-06-01"), Withdrawn);
}
