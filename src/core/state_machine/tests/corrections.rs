//! Events that put earlier ones right.

use super::*;

#[test]
fn a_correction_does_what_the_corrected_event_did() {
    let folded = folded(&[
        event(1, Open, "2000"),
        event(2, Halt, "2010"),
        event(3, Go, "2015"),
        correct(4, 2, "2012-03-01", None),
    ]);
    assert_eq!(folded.order().collect::<Vec<_>>(), [1, 2, 4, 3]);
    let corrected = folded.entry(2).unwrap();
    assert_eq!(
        (corrected.corrected_by, corrected.from, corrected.to),
        (Some(4), None, None)
    );
    let correction = folded.entry(4).unwrap();
    assert_eq!((correction.acts_as, correction.to), (Halt, Some(Halted)));
    assert_eq!(folded.periods[1].since.as_str(), "2012-03-01");
}

#[test]
fn a_correction_sets_the_status_it_names() {
    let mut log = vec![
        event(1, Open, "2000"),
        event(2, End, "2010"),
        correct(3, 2, "2010", Some(Halted)),
    ];
    assert_eq!(
        (folded(&log).status, folded(&log).since.as_str()),
        (Halted, "2010")
    );
    // And one that corrects the correction does what that did.
    log.push(correct(4, 3, "2011", None));
    assert_eq!(
        (folded(&log).status, folded(&log).since.as_str()),
        (Halted, "2011")
    );
    assert_eq!(folded(&log).entry(4).unwrap().acts_as, End);
    log.push(event(5, Go, "2012"));
    assert_eq!(folded(&log).status, Running);
}

#[test]
fn the_beginning_can_be_corrected() {
    let mut log = vec![event(1, Open, "2000"), event(2, Halt, "2010")];
    log.push(correct(3, 1, "1992-06-25", None));
    assert_eq!(order(&log), [3, 1, 2]);
    assert_eq!(folded(&log).periods[0].from_on, day("1992-06-25"));
    log.push(correct(4, 3, "1993", Some(Running)));
    assert_eq!(order(&log), [3, 4, 1, 2]);
    // But it stays the beginning.
    log.push(correct(5, 4, "2012", None));
    let refusal = Illegal::Transition {
        event: 2,
        action: Halt,
        status: None,
        allowed: vec![],
    };
    assert_eq!(fold(&MACHINE, &log, day(TODAY)), Err(refusal));
    log.pop();
    // And nothing else is moved before it.
    log.push(correct(5, 2, "1992", Some(Over)));
    assert!(matches!(
        fold(&MACHINE, &log, day(TODAY)),
        Err(Illegal::Transition {
            event: 5,
            action: Halt,
            status: None,
            ..
        })
    ));
}

#[test]
fn a_refined_date_keeps_its_place() {
    let open = Event {
        to: Some(Planned),
        ..event(1, Open, "1992")
    };
    let log = [
        open,
        event(2, Begin, "1992"),
        correct(3, 1, "1992-06-25", None),
    ];
    assert_eq!(order(&log), [1, 3, 2]);
    assert_eq!(folded(&log).status, Running);
}

#[test]
fn what_was_corrected_holds_nothing_back() {
    // The wide date that was wrong would keep 2012 behind 2015.
    let log = [
        event(1, Open, "2000"),
        event(2, Halt, "2010-01-01"),
        event(3, Go, "2015-01-01"),
        event(4, Note, "[2005..2030]"),
        correct(5, 4, "2008", None),
        event(6, Note, "2012"),
    ];
    assert_eq!(order(&log), [1, 5, 2, 6, 3, 4]);
}

#[test]
fn corrects_each_event_once() {
    let mut log = vec![event(1, Open, "2000"), correct(2, 1, "2001", None)];
    log.push(correct(3, 1, "2002", None));
    assert_eq!(
        fold(&MACHINE, &log, day(TODAY)),
        Err(Illegal::AlreadyCorrected { corrected_by: 2 })
    );
    for corrects in [Some(9), Some(3), None] {
        log[2].corrects = corrects;
        let refusal = Illegal::NothingToCorrect;
        assert_eq!(fold(&MACHINE, &log, day(TODAY)), Err(refusal));
    }
}
