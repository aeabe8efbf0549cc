use proptest::prelude::*;

use super::*;
use crate::core::{
    state_machine::{
        Event, fold,
        properties::{attempts, check, day, edtf, in_sequence, record},
    },
    vocabulary::{Code, lifecycle::MembershipStatus::*},
};
use crate::lifecycle::needs::missing;

const TODAY: &str = "2026-11-24";

fn event(
    id: i64,
    action: MembershipAction,
    on: &str,
    to: Option<MembershipStatus>,
) -> Event<MembershipAction, MembershipStatus> {
    let (effective_on, recorded_on) = (edtf(on), day(TODAY));
    Event {
        id,
        action,
        effective_on,
        recorded_on,
        to,
        corrects: None,
    }
}

#[test]
fn the_table_is_the_specified_one() {
    let held: &[_] = &[
        Do::Suspend,
        Do::ChangeClass,
        Do::Withdraw,
        Do::Exclude,
        Do::Lapse,
        Do::End,
    ];
    let leave = &held[2..];
    let expected = |status| match status {
        Applied => [&[Do::Resolve, Do::Admit, Do::Refuse], leave].concat(),
        ConsentPending => [&[Do::Admit, Do::Refuse], leave].concat(),
        Member => held.to_vec(),
        Observer => [&[Do::Admit], held].concat(),
        Suspended => [&[Do::Resume, Do::ChangeClass], leave].concat(),
        Withdrawn | Excluded | Lapsed | Ended => vec![],
    };
    for status in MembershipStatus::all() {
        assert_eq!(allowed(*status), expected(*status), "{status}");
        assert_eq!(LIVE.contains(status), status.is_live());
    }
    assert!(MembershipStatus::all().iter().eq(ANY));
    for action in MembershipAction::all() {
        let opens = matches!(action, Do::Register | Do::Apply);
        assert_eq!(MACHINE.rule(*action, None).is_some(), opens, "{action}");
        let possible = RULES.iter().any(|rule| rule.action == *action);
        assert!(possible, "{action} is in no line of the table");
    }
}

#[test]
fn from_application_to_membership_and_out() {
    let mut log = vec![
        event(1, Do::Apply, "2001", None),
        event(2, Do::Resolve, "2001-05-10", None),
        event(3, Do::Admit, "2001", Some(Member)),
        event(4, Do::Suspend, "2010", None),
        event(5, Do::Withdraw, "2012-01-01", None),
        event(6, Do::Resume, "2011", Some(Member)),
    ];
    let folded = fold(&MACHINE, &log, day(TODAY)).unwrap();
    check(&MACHINE, &log, &folded, day(TODAY));
    assert_eq!(folded.order().collect::<Vec<_>>(), [1, 2, 3, 4, 6, 5]);
    assert_eq!(
        (folded.status, folded.since.as_str()),
        (Withdrawn, "2012-01-01")
    );
    // Admitted in 2001: on every day on which that is possible a member, and not before the council
    // had resolved.
    let from: Vec<_> = folded
        .periods
        .iter()
        .map(|p| (p.status, p.from_on))
        .collect();
    assert_eq!(
        from[..2],
        [(Applied, day("2001-01-01")), (Member, day("2001-05-10"))]
    );
    log.push(event(7, Do::Admit, "2013", Some(Member)));
    assert!(fold(&MACHINE, &log, day(TODAY)).is_err());
}

#[test]
fn initial_status_of_a_membership() {
    assert_eq!(initial_status(true, true, None, Some(Lapsed)), Some(Member));
    assert_eq!(
        initial_status(true, false, Some("observer"), None),
        Some(Observer)
    );
    assert_eq!(
        initial_status(false, true, Some("observer"), None),
        Some(Applied)
    );
    assert_eq!(
        initial_status(false, false, None, Some(Lapsed)),
        Some(Lapsed)
    );
    assert_eq!(initial_status(false, false, None, None), None);
}

#[test]
fn every_missing_field_is_named_at_its_pointer() {
    let pointers = |action| -> Vec<_> {
        missing(NEEDS, &action, |_| false)
            .into_iter()
            .map(|(pointer, _)| pointer)
            .collect()
    };
    for action in [Do::Suspend, Do::Withdraw, Do::Exclude, Do::Refuse] {
        assert_eq!(pointers(action), ["/reason_code"]);
        let given = |need| need == Need::ReasonCode;
        assert!(missing(NEEDS, &action, given).is_empty());
    }
    assert_eq!(pointers(Do::Note), ["/note", "/source_id"]);
    assert_eq!(pointers(Do::ChangeClass), ["/class"]);
    assert_eq!(
        pointers(Do::Correct),
        ["/corrects_event_id", "/reason_text"]
    );
    assert!(pointers(Do::Lapse).is_empty());
}

proptest! {
    #[test]
    fn every_log_keeps_the_laws((attempts, today) in attempts()) {
        record(&MACHINE, &attempts, today);
    }

    #[test]
    fn every_sequence_keeps_the_laws((attempts, today) in in_sequence()) {
        record(&MACHINE, &attempts, today);
    }
}
