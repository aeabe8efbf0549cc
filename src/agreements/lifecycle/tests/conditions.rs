//! What an action needs, the guards, and the first event.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    super::{
        birth::{Birth, birth_date, initial_status},
        guards::{self, GuardFailure, PartyChange},
        needs::{Given, NEEDS, missing},
        *,
    },
    TODAY,
};
use crate::core::{
    lifecycle::laws::{day, edtf},
    period::Period,
    vocabulary::{
        Code,
        agreement::Renewal,
        lifecycle::{LegalStatus::*, TerminationMode},
    },
};

fn codes(failures: &[GuardFailure]) -> Vec<(&'static str, &'static str)> {
    failures
        .iter()
        .map(|failure| (failure.pointer, failure.code))
        .collect()
}

fn code(checked: guards::Checked) -> (&'static str, &'static str) {
    let failure = checked.unwrap_err();
    (failure.pointer, failure.code)
}

#[test]
fn every_missing_field_is_named_at_its_pointer() {
    let pointers = |action, given: &Given| -> Vec<_> {
        missing(action, given)
            .into_iter()
            .map(|(pointer, _)| pointer)
            .collect()
    };
    let nothing = Given::default();
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
    let given = Given {
        indefinite: true,
        document: true,
        mode: true,
        ..nothing
    };
    assert!(pointers(Do::Renew, &given).is_empty());
    assert!(pointers(Do::Amend, &given).is_empty());
    assert_eq!(pointers(Do::Terminate, &given), ["/reason_code"]);
    let listed: BTreeSet<_> = NEEDS.iter().map(|(action, _)| *action).collect();
    assert_eq!(listed.len(), NEEDS.len(), "one line an action");
}

#[test]
fn status_at_birth() {
    use EntryIntoForce::{OnConsent, OnSignature};
    let born = |entry_into_force, approved_on, signed_on, in_force_on| {
        let [approved_on, signed_on, in_force_on] =
            [approved_on, signed_on, in_force_on].map(|date: &str| date.parse().ok());
        let birth = Birth {
            entry_into_force,
            approved_on: approved_on.as_ref(),
            signed_on: signed_on.as_ref(),
            in_force_on: in_force_on.as_ref(),
            ..Birth::default()
        };
        initial_status(&birth, day(TODAY)).unwrap()
    };
    assert_eq!(born(OnSignature, "", "", ""), Proposed);
    assert_eq!(born(OnSignature, "1991", "", ""), Approved);
    assert_eq!(born(OnSignature, "1991", "1992", ""), InForce);
    assert_eq!(born(OnConsent, "1991", "1992", ""), Signed);
    assert_eq!(born(OnConsent, "", "1992", "1993"), InForce);
    assert_eq!(born(OnConsent, "", "", "1993"), InForce);
    // A day that is still to come brings nothing yet.
    assert_eq!(born(OnConsent, "", "1992", "2027-01-01"), Signed);
    assert_eq!(born(OnConsent, "1991", "", "2027-01-01"), Approved);
    assert_eq!(born(OnConsent, "", "", "2027-01-01"), Signed);
}

#[test]
fn a_stated_status_wins() {
    let signed = edtf("1992");
    let stated = |status| {
        let birth = Birth {
            initial_status: Some(status),
            signed_on: Some(&signed),
            ..Birth::default()
        };
        initial_status(&birth, day(TODAY))
    };
    assert_eq!(stated(Terminated), Ok(Terminated));
    assert_eq!(stated(Proposed), Ok(Proposed));
    let refused = stated(Superseded).unwrap_err();
    assert_eq!(
        (refused.pointer, refused.code),
        ("/initial_status", "not_at_birth")
    );
}

#[test]
fn day_of_birth() {
    let (approved, signed, open) = (edtf("1992"), edtf("1992-01-01"), edtf("[..1995]"));
    let today = day(TODAY);
    let mut birth = Birth {
        approved_on: Some(&approved),
        ..Birth::default()
    };
    assert_eq!(birth_date(&birth, today), approved);
    birth.signed_on = Some(&signed);
    assert_eq!(birth_date(&birth, today), signed);
    birth.in_force_on = Some(&open);
    assert_eq!(birth_date(&birth, today), open);
    assert_eq!(
        birth_date(&Birth::default(), today).as_str(),
        "[..2026-11-24]"
    );
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
        |given: &str, end: &str| codes(&guards::give_notice(&edtf(given), &edtf(end), today));
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
    let expire = |end, renewal, source| guards::expire(end, renewal, source, today);
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
}

#[test]
fn guards_of_the_parties() {
    use PartyChange::{Joins, Leaves, Succeeded};
    let parties = |change, is_live, live| codes(&guards::parties(change, is_live, live));
    assert!(parties(Joins, false, 2).is_empty());
    assert_eq!(parties(Joins, true, 2), [("/party", "already_a_party")]);
    assert!(parties(Leaves, true, 3).is_empty());
    assert_eq!(parties(Leaves, true, 2), [("/party", "too_few_parties")]);
    assert_eq!(parties(Leaves, false, 4), [("/party", "not_a_party")]);
    assert!(parties(Succeeded { by_a_party: false }, true, 2).is_empty());
    let merged = parties(Succeeded { by_a_party: true }, true, 2);
    assert_eq!(
        merged,
        [
            ("/successor_id", "already_a_party"),
            ("/party", "too_few_parties")
        ]
    );
    assert!(guards::supersede(Signed, 2).is_empty());
    assert_eq!(
        codes(&guards::supersede(Proposed, 1)),
        [
            ("/superseded_by", "successor_not_signed"),
            ("/superseded_by", "too_few_shared_parties")
        ]
    );
}

#[test]
fn a_short_notice_is_a_warning() {
    use TerminationMode::{Denunciation, MutualConsent};
    let period: Period = "P6M".parse().unwrap();
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
