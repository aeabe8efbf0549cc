mod conditions;
mod stories;

use proptest::prelude::*;

use super::*;
use crate::core::{
    state_machine::{
        Event, Folded, Illegal, fold,
        properties::{attempts, check, day, edtf, in_sequence, record},
    },
    vocabulary::{Code, lifecycle::LegalStatus::*},
};

const TODAY: &str = "2026-11-24";

fn event(id: i64, action: EventAction, on: &str) -> Event<EventAction, LegalStatus> {
    let to = match action {
        Do::Register | Do::Sign => Some(InForce),
        _ => None,
    };
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

fn folded_on(
    today: &str,
    log: &[Event<EventAction, LegalStatus>],
) -> Folded<EventAction, LegalStatus> {
    let folded = fold(&MACHINE, log, day(today)).unwrap();
    check(&MACHINE, log, &folded, day(today));
    folded
}

fn status_on(folded: &Folded<EventAction, LegalStatus>, on: &str) -> Option<LegalStatus> {
    let on = day(on);
    let period = folded
        .periods
        .iter()
        .find(|p| p.from_on <= on && on < p.to_on);
    period.map(|period| period.status)
}

/// The table once more, as the specification prints it: from which status each action leads where.
#[rustfmt::skip]
fn printed(action: EventAction) -> Vec<(LegalStatus, Vec<LegalStatus>)> {
    let same = || vec![(InForce, vec![InForce]), (Suspended, vec![Suspended])];
    let all = |from: &[LegalStatus], to: LegalStatus| from.iter().map(|s| (*s, vec![to])).collect();
    match action {
        Do::Register => vec![],
        Do::Approve => all(&[Proposed], Approved),
        Do::Sign => vec![(Proposed, vec![Signed, InForce]), (Approved, vec![Signed, InForce])],
        Do::EnterIntoForce => all(&[Signed], InForce),
        Do::Renew => [same(), vec![(Expired, vec![InForce])]].concat(),
        Do::Amend | Do::Accede | Do::WithdrawParty | Do::ExcludeParty | Do::SucceedParty
        | Do::GiveNotice | Do::WithdrawNotice => same(),
        Do::Suspend => all(&[InForce], Suspended),
        Do::Resume => all(&[Suspended], InForce),
        Do::Terminate => all(&[InForce, Suspended], Terminated),
        Do::Expire => all(&[InForce, Suspended], Expired),
        Do::Supersede => all(&[InForce, Suspended, Expired], Superseded),
        Do::Abandon => all(&[Proposed, Approved, Signed], Abandoned),
        Do::Note => LegalStatus::all().iter().map(|s| (*s, vec![*s])).collect(),
        Do::Correct => LegalStatus::all().iter().map(|s| (*s, LegalStatus::all().to_vec())).collect(),
    }
}

#[test]
fn the_table_is_the_specified_one() {
    for action in EventAction::all() {
        let printed = printed(*action);
        for from in LegalStatus::all() {
            let to = MACHINE
                .rule(*action, Some(*from))
                .map(|rule| match rule.to {
                    To::Fixed(to) => vec![to],
                    To::Same => vec![*from],
                    To::Given(possible) => possible.to_vec(),
                });
            let expected = printed.iter().find(|(status, _)| status == from);
            assert_eq!(
                to,
                expected.map(|(_, to)| to.clone()),
                "{action} from {from}"
            );
        }
        assert_eq!(
            MACHINE.rule(*action, None).is_some(),
            *action == Do::Register
        );
    }
    let births = LegalStatus::all()
        .iter()
        .filter(|status| **status != Superseded);
    assert!(births.eq(AT_BIRTH));
    assert!(LegalStatus::all().iter().eq(ANY));
}

#[test]
fn an_ended_agreement_accepts_nothing_but_what_is_listed() {
    for status in LegalStatus::all()
        .iter()
        .filter(|status| status.is_terminal())
    {
        let expected: &[_] = if *status == Expired {
            &[Do::Renew, Do::Supersede]
        } else {
            &[]
        };
        assert_eq!(allowed(*status), expected, "{status}");
    }
    assert_eq!(allowed(Proposed), [Do::Approve, Do::Sign, Do::Abandon]);
    assert_eq!(allowed(Signed), [Do::EnterIntoForce, Do::Abandon]);
    assert!(allowed(Suspended).contains(&Do::Resume));
    assert!(!allowed(Suspended).contains(&Do::Suspend));
}

#[test]
fn the_story_of_grodno() {
    let log = [
        event(1, Do::Register, "2000-06"),
        event(2, Do::Suspend, "2020"),
        event(3, Do::Terminate, "2022-03-03"),
    ];
    let folded = folded_on(TODAY, &log);
    assert_eq!(
        (folded.status, folded.since.as_str()),
        (Terminated, "2022-03-03")
    );
    assert_eq!(status_on(&folded, "1999-12-31"), None);
    assert_eq!(status_on(&folded, "2000-06-01"), Some(InForce));
    assert_eq!(status_on(&folded, "2020-06-01"), Some(InForce));
    assert_eq!(status_on(&folded, "2021-06-01"), Some(Suspended));
    assert_eq!(status_on(&folded, "2022-03-02"), Some(Suspended));
    assert_eq!(status_on(&folded, "2023-01-01"), Some(Terminated));
    // A year says only when it may have been.
    let in_force = &folded.periods[0];
    assert_eq!(
        (in_force.from_on, in_force.certain_from),
        (day("2000-06-01"), day("2000-06-30"))
    );
    assert_eq!(
        (in_force.certain_to, in_force.to_on),
        (day("2020-01-01"), day("2020-12-31"))
    );
}

#[test]
fn learnt_late_and_out_of_order() {
    let mut log = vec![
        event(1, Do::Register, "1992"),
        event(2, Do::Terminate, "2022-03-03"),
        event(3, Do::Suspend, "2014"),
        event(4, Do::Resume, "2016-05"),
    ];
    let folded = folded_on(TODAY, &log);
    assert_eq!(folded.order().collect::<Vec<_>>(), [1, 3, 4, 2]);
    assert_eq!(folded.entry(2).unwrap().from, Some(InForce));
    assert_eq!(status_on(&folded, "2015-01-01"), Some(Suspended));
    log.push(event(5, Do::Amend, "2022-06"));
    assert_eq!(
        fold(&MACHINE, &log, day(TODAY)),
        Err(Illegal::Transition {
            event: 5,
            action: Do::Amend,
            status: Some(Terminated),
            allowed: vec![]
        })
    );
    let refusal = fold(&MACHINE, &log, day(TODAY)).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "amend is not possible while the status is terminated"
    );
}

#[test]
fn an_expired_agreement_is_renewed() {
    let log = [
        event(1, Do::Register, "2014-06-18"),
        event(2, Do::Renew, "2018-01-01"),
        event(3, Do::Expire, "2019-06-19"),
        event(4, Do::Renew, "2020-02-01"),
    ];
    let folded = folded_on(TODAY, &log);
    assert_eq!(
        (folded.status, folded.since.as_str()),
        (InForce, "2020-02-01")
    );
    assert_eq!(folded.entry(2).unwrap().to, Some(InForce));
    assert_eq!(folded.entry(4).unwrap().from, Some(Expired));
    assert_eq!(status_on(&folded, "2019-12-31"), Some(Expired));
    assert_eq!(folded.periods.len(), 3);
}

#[test]
fn a_planned_termination_waits_for_its_day() {
    let log = [
        event(1, Do::Register, "1992"),
        event(2, Do::Terminate, "2027-06-30"),
    ];
    let before = folded_on("2027-06-29", &log);
    assert_eq!((before.status, before.since.as_str()), (InForce, "1992"));
    assert!(before.entry(2).unwrap().pending);
    assert_eq!(status_on(&before, "2027-06-30"), Some(Terminated));
    let after = folded_on("2027-06-30", &log);
    assert_eq!(
        (after.status, after.since.as_str()),
        (Terminated, "2027-06-30")
    );
    assert!(!after.entry(2).unwrap().pending);
}

#[test]
fn a_notice_stands_where_it_was_given() {
    let (end, given) = (edtf("2027-12-31"), edtf("2026-05"));
    assert_eq!(stands_on(Do::GiveNotice, &end, Some(&given)), &given);
    assert_eq!(stands_on(Do::Terminate, &end, Some(&given)), &end);
}

#[test]
fn a_signature_leads_into_force_when_the_agreement_says_so() {
    use EntryIntoForce::{FixedDate, OnConsent, OnSignature};
    assert_eq!(signed(OnSignature), InForce);
    assert_eq!(signed(OnConsent), Signed);
    assert_eq!(signed(FixedDate), Signed);
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
