//! What an action needs, the guards, and the first events.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    super::{
        guards::{self, PartyChange},
        initial_events::first_events,
        needs::NEEDS,
        *,
    },
    TODAY,
};
use crate::agreements::dates::Dates;
use crate::core::{
    duration::CalendarDuration,
    issue::FieldIssue,
    state_machine::properties::{day, edtf},
    vocabulary::{
        Code,
        agreement::Renewal,
        lifecycle::{LegalStatus::*, TerminationMode},
    },
};
use crate::lifecycle::needs::{Need, missing};

fn codes(failures: Vec<FieldIssue>) -> Vec<(&'static str, &'static str)> {
    let failures = failures.into_iter();
    failures.map(|failure| code(Err(failure))).collect()
}

fn code(checked: guards::Checked) -> (&'static str, &'static str) {
    let failure = checked.unwrap_err();
    (failure.pointer.leak(), failure.code)
}

#[test]
fn every_missing_field_is_named_at_its_pointer() {
    let pointers = |action, given: &[Need]| -> Vec<_> {
        missing(NEEDS, &action, |need| given.contains(&need))
            .into_iter()
            .map(|(pointer, _)| pointer)
            .collect()
    };
    let nothing = [];
    assert_eq!(
        pointers(Do::Suspend, &nothing),
        ["/reason_code", "/deciding_body"]
    );
    assert_eq!(pointers(Do::Terminate, &nothing), ["/mode", "/reason_code"]);
    assert_eq!(pointers(Do::Note, &nothing), ["/note", "/source_id"]);
    assert_eq!(
        pointers(Do::Correct, &nothing),
        ["/corrects_event_id", "/reason_text"]
    );
    assert_eq!(pointers(Do::Renew, &nothing), ["/valid_until"]);
    assert_eq!(pointers(Do::GiveNotice, &nothing), ["/notice_given_on"]);
    assert_eq!(pointers(Do::Supersede, &nothing), ["/superseded_by"]);
    assert_eq!(pointers(Do::Approve, &nothing), ["/legal_act"]);
    assert!(pointers(Do::Resume, &nothing).is_empty());
    let given = [Need::Term, Need::NoteOrDocument, Need::Mode];
    assert!(pointers(Do::Renew, &given).is_empty());
    assert!(pointers(Do::Amend, &given).is_empty());
    assert_eq!(pointers(Do::Terminate, &given), ["/reason_code"]);
    let listed: BTreeSet<_> = NEEDS.iter().map(|(action, _)| *action).collect();
    assert_eq!(listed.len(), NEEDS.len(), "one line an action");
}

/// The first events of what is known, as text; the code of the refusal.
fn initial(
    stated: Option<LegalStatus>,
    entry: EntryIntoForce,
    given: [&str; 4],
) -> Result<String, &'static str> {
    let first = first_events(stated, entry, &dates(given), day(TODAY));
    let first = first.map_err(|failure| failure.code)?;
    let shown = first.iter().map(|one| {
        let to = one.to.map_or_else(String::new, |to| format!(">{to}"));
        format!("{}{to} {}", one.action, one.on)
    });
    Ok(shown.collect::<Vec<_>>().join(", "))
}

/// The dates of the steps, in their order; empty where none is known.
fn dates([proposed, approved, signed, in_force]: [&str; 4]) -> Dates {
    let date = |text: &str| text.parse::<Edtf>().ok();
    Dates {
        proposed_on: date(proposed),
        approved_on: date(approved),
        signed_on: date(signed),
        in_force_on: date(in_force),
    }
}

#[test]
fn each_date_is_a_step_of_its_own() {
    use EntryIntoForce::{OnConsent, OnSignature};
    let first = |entry, given| initial(None, entry, given).unwrap();
    for (entry, given, expected) in [
        (
            OnSignature,
            ["", "", "", ""],
            "register>proposed [..2026-11-24]",
        ),
        (OnSignature, ["", "1991", "", ""], "register>approved 1991"),
        (
            OnSignature,
            ["1990-01-10", "", "1992-03-01", ""],
            "register>proposed 1990-01-10, sign>in_force 1992-03-01",
        ),
        (
            OnConsent,
            ["1990", "1991", "1992", "1993"],
            "register>proposed 1990, approve 1991, sign>signed 1992, enter_into_force 1993",
        ),
        // A day of its own says that the signature did not bring it into force.
        (
            OnSignature,
            ["", "", "1992", "1993"],
            "register>signed 1992, enter_into_force 1993",
        ),
        (OnConsent, ["", "", "", "1993"], "register>in_force 1993"),
        // A day that is still to come leaves it signed.
        (
            OnSignature,
            ["", "", "1992", "2027-01-01"],
            "register>signed 1992",
        ),
        (
            OnConsent,
            ["", "1991", "", "2027-01-01"],
            "register>approved 1991, sign>signed [..2026-11-24]",
        ),
        (
            OnConsent,
            ["", "", "", "2027"],
            "register>signed [..2026-11-24]",
        ),
    ] {
        assert_eq!(first(entry, given), expected);
    }
}

#[test]
fn a_stated_status_without_a_date_stands_at_some_day_up_to_today() {
    use EntryIntoForce::{OnConsent, OnSignature};
    let stated = |status, entry, given| initial(Some(status), entry, given);
    let some_day = "[..2026-11-24]";
    let on = |status, signed| stated(status, OnSignature, ["", "", signed, ""]);
    let told = |text: &str| Ok(text.replace("..", some_day));
    assert_eq!(on(Terminated, ""), told("register>terminated .."));
    assert_eq!(
        on(Terminated, "1992"),
        told("register>in_force 1992, terminate ..")
    );
    assert_eq!(on(Signed, "1992"), told("register>signed 1992"));
    assert_eq!(
        on(Abandoned, "1992"),
        told("register>signed 1992, abandon ..")
    );
    assert_eq!(
        stated(Suspended, OnConsent, ["1990", "", "", ""]),
        told("register>proposed 1990, sign>signed .., enter_into_force .., suspend ..")
    );
    // What the dates contradict, and what is still to come, is refused.
    assert_eq!(on(Proposed, "1992"), Err("contradiction"));
    let entered = |status, day| stated(status, OnSignature, ["", "", "1992", day]);
    assert_eq!(entered(Abandoned, "1993"), Err("contradiction"));
    assert_eq!(entered(InForce, "2027"), Err("in_the_future"));
    assert_eq!(entered(Signed, "2027"), told("register>signed 1992"));
    assert_eq!(on(Superseded, "1992"), Err("not_at_birth"));
}

#[test]
fn guards_of_dates() {
    let today = day(TODAY);
    let future = edtf("2027");
    for action in EventAction::all() {
        let planned = matches!(action, Do::Terminate | Do::GiveNotice);
        assert_eq!(
            guards::not_in_the_future(*action, &future, today).is_ok(),
            planned
        );
        assert_eq!(
            guards::not_in_the_future(*action, &edtf("2026"), today),
            Ok(())
        );
    }
    let signed = edtf("1992-06-25");
    assert_eq!(
        guards::enter_into_force(&edtf("1992"), Some(&signed)),
        Ok(())
    );
    assert_eq!(guards::enter_into_force(&edtf("1991"), None), Ok(()));
    let early = guards::enter_into_force(&edtf("1991"), Some(&signed));
    assert_eq!(code(early), ("/effective_on", "before_signature"));
    let old = edtf("2019-06-18");
    for new in [None, Some(&edtf("2019")), Some(&edtf("2024-06-18"))] {
        assert_eq!(guards::renew(Some(&old), new), Ok(()));
    }
    assert_eq!(
        code(guards::renew(Some(&old), Some(&old))),
        ("/valid_until", "not_later")
    );
    let notice =
        |given: &str, end: &str| codes(guards::give_notice(&edtf(given), &edtf(end), today));
    assert!(notice("2026", "2026-12-31").is_empty());
    assert_eq!(
        notice("2026-12", "2027"),
        [("/notice_given_on", "in_the_future")]
    );
    assert_eq!(
        notice("2026-02", "2026-01"),
        [("/effective_on", "before_notice")]
    );
}

#[test]
fn guards_of_the_term() {
    let today = day(TODAY);
    let (over, running) = (edtf("2026-10"), edtf("2026"));
    let on = edtf("2026-11");
    let expire = |end, renewal, source| guards::expire(&on, end, renewal, source, today);
    assert_eq!(expire(Some(&over), None, false), Ok(()));
    assert_eq!(
        expire(Some(&over), Some(Renewal::ByAgreement), false),
        Ok(())
    );
    assert_eq!(expire(None, None, true), Ok(()));
    assert_eq!(code(expire(None, None, false)), ("/source_id", "required"));
    assert_eq!(
        code(expire(Some(&running), None, true)),
        ("/action", "not_over")
    );
    let tacit = expire(Some(&over), Some(Renewal::Tacit), true);
    assert_eq!(code(tacit), ("/action", "renews_tacitly"));
    let early = guards::expire(&edtf("2026-09"), Some(&over), None, true, today);
    assert_eq!(code(early), ("/effective_on", "not_over"));
}

#[test]
fn guards_of_the_parties() {
    use PartyChange::{Joins, Leaves, Succeeded};
    let parties = |change, is_live, live| codes(guards::parties(change, is_live, live));
    assert!(parties(Joins, false, 2).is_empty());
    assert_eq!(parties(Joins, true, 2), [("/party", "already_a_party")]);
    assert!(parties(Leaves, true, 3).is_empty());
    assert_eq!(parties(Leaves, true, 2), [("/party", "too_few_parties")]);
    assert_eq!(parties(Leaves, false, 4), [("/party", "not_a_party")]);
    assert!(parties(Succeeded, true, 2).is_empty());
    assert!(guards::supersede(true, 2).is_empty());
    assert_eq!(
        codes(guards::supersede(false, 1)),
        [
            ("/superseded_by", "successor_not_signed"),
            ("/superseded_by", "too_few_shared_parties")
        ]
    );
}

#[test]
fn a_short_notice_is_a_warning() {
    use TerminationMode::{Denunciation, MutualConsent};
    let period: CalendarDuration = "P6M".parse().unwrap();
    let warning = |mode, given: Option<&str>, end: &str| {
        let given = given.map(edtf);
        let end = edtf(end);
        guards::short_notice(Some(mode), Some(&period), given.as_ref(), &end, day(TODAY))
    };
    assert!(warning(Denunciation, None, "2027-05-23").is_some());
    assert!(warning(Denunciation, None, "2027-05-24").is_none());
    assert!(warning(Denunciation, Some("2026-01-01"), "2026-06-30").is_some());
    assert!(warning(Denunciation, Some("2026-01-01"), "2026").is_none());
    assert!(warning(Denunciation, Some("[..2026]"), "2026-06-30").is_none());
    assert!(warning(MutualConsent, None, "2026-11-24").is_none());
    assert_eq!(
        guards::short_notice(None, None, None, &edtf("2027"), NaiveDate::MIN),
        None
    );
}
