mod corrections;
mod periods;
pub(crate) mod properties;

use super::*;
use properties::{attempts, day, edtf, in_sequence, record};
use proptest::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Open,
    Begin,
    Halt,
    Go,
    Change,
    End,
    Note,
    Correct,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Planned,
    Running,
    Halted,
    Over,
}

use Act::{Begin, Change, Correct, End, Go, Halt, Note, Open};
use State::{Halted, Over, Planned, Running};

const ANY: &[State] = &[Planned, Running, Halted, Over];

const MACHINE: Machine<Act, State> = Machine {
    rules: &[
        Rule::new(Open, &[], To::Given(&[Planned, Running])),
        Rule::new(Begin, &[Planned], To::Fixed(Running)),
        Rule::new(Halt, &[Running], To::Fixed(Halted)),
        Rule::new(Go, &[Halted], To::Fixed(Running)),
        Rule::new(Change, &[Running], To::Same),
        Rule::new(Change, &[Over], To::Fixed(Running)),
        Rule::new(End, &[Running, Halted], To::Fixed(Over)),
        Rule::new(Note, ANY, To::Same),
        Rule::new(Correct, ANY, To::Given(ANY)),
    ],
    correct: Correct,
    note: Note,
    beginnings: &[Open, Begin],
    may_be_pending: &[End],
};

const TODAY: &str = "2026-11-24";

fn event(id: i64, action: Act, on: &str) -> Event<Act, State> {
    Event {
        id,
        action,
        effective_on: edtf(on),
        recorded_on: day(TODAY),
        to: (action == Open).then_some(Running),
        corrects: None,
    }
}

fn correct(id: i64, corrects: i64, on: &str, to: Option<State>) -> Event<Act, State> {
    Event {
        to,
        corrects: Some(corrects),
        ..event(id, Correct, on)
    }
}

fn folded(events: &[Event<Act, State>]) -> Folded<Act, State> {
    let folded = fold(&MACHINE, events, day(TODAY)).unwrap();
    properties::check(&MACHINE, events, &folded, day(TODAY));
    folded
}

fn order(events: &[Event<Act, State>]) -> Vec<i64> {
    folded(events).order().collect()
}

#[test]
fn nothing_folds_to_nothing() {
    assert_eq!(fold(&MACHINE, &[], day(TODAY)), Err(Illegal::Empty));
}

#[test]
fn same_changes_neither_status_nor_since() {
    let folded = folded(&[
        event(1, Open, "2000"),
        event(2, Halt, "2010-05"),
        event(3, Note, "2011"),
        event(4, Note, "2012-01-01"),
    ]);
    assert_eq!((folded.status, folded.since.as_str()), (Halted, "2010-05"));
    assert_eq!(folded.periods.len(), 2);
    assert_eq!(folded.entry(4).unwrap().from, Some(Halted));
    assert_eq!(folded.entry(4).unwrap().to, Some(Halted));
    assert_eq!(folded.entry(1).unwrap().from, None);
}

#[test]
fn stands_before_the_first_that_is_certainly_later() {
    let open = event(1, Open, "2000");
    let note = |id, on| event(id, Note, on);
    // The same day, and days that may be the same: as they were recorded.
    assert_eq!(
        order(&[
            open.clone(),
            note(2, "2005-06-01"),
            note(3, "2005"),
            note(4, "2005-06-01")
        ]),
        [1, 2, 3, 4]
    );
    // What is certain comes first, whatever stands between.
    assert_eq!(
        order(&[
            open.clone(),
            note(2, "2005-06-01"),
            note(3, "2005"),
            note(4, "2005-01-01")
        ]),
        [1, 4, 2, 3]
    );
    assert_eq!(
        order(&[
            open.clone(),
            note(2, "2005-06-01"),
            note(3, "2005-01-01"),
            note(4, "2004")
        ]),
        [1, 4, 3, 2]
    );
    // A wide date holds nothing back that is certainly earlier than what it overlaps.
    assert_eq!(
        order(&[
            open,
            note(2, "2005-06-01"),
            note(3, "[2001..2009]"),
            note(4, "2003")
        ]),
        [1, 4, 2, 3]
    );
}

#[test]
fn a_vague_note_makes_nothing_possible_or_impossible() {
    let open = event(1, Open, "1990");
    let note = event(3, Note, "2022");
    // Ended in March, and halted in January: the note of that year stands in nobody's way.
    let ended = [
        open.clone(),
        event(2, End, "2022-03-03"),
        note.clone(),
        event(4, Halt, "2022-01-10"),
    ];
    assert_eq!(order(&ended), [1, 4, 2, 3]);
    // Halted in June: it did not go on in January, note or not.
    let log = [
        open,
        event(2, Halt, "2022-06-01"),
        note,
        event(4, Go, "2022-01-10"),
    ];
    assert!(matches!(
        fold(&MACHINE, &log, day(TODAY)),
        Err(Illegal::Transition { event: 4, .. })
    ));
}

#[test]
fn what_was_recorded_has_happened_by_the_day_it_was_recorded() {
    let halt = Event {
        recorded_on: day("2026-06-01"),
        ..event(2, Halt, "2026")
    };
    // On 1 July it was certainly halted, so that what is of July stands after it.
    let log = [event(1, Open, "1990"), event(3, Note, "2026-07-01"), halt];
    assert_eq!(order(&log), [1, 2, 3]);
    let folded = folded(&log);
    let halted = &folded.periods[1];
    assert_eq!(
        (halted.from_on, halted.certain_from),
        (day("2026-06-01"), day("2026-06-01"))
    );
}

#[test]
fn a_history_that_is_impossible_in_this_order_is_folded_in_the_former() {
    let log = [
        event(1, Open, "1990"),
        event(2, Halt, "2022-06-01"),
        event(3, Note, "2022"),
        event(4, Go, "2022-01-10"),
    ];
    let (folded, order) = fold_kept(&MACHINE, &log, day(TODAY)).unwrap();
    assert_eq!((folded.status, order), (Running, Order::Former));
    assert_eq!(folded.order().collect::<Vec<_>>(), [1, 2, 3, 4]);
    let (_, order) = fold_kept(&MACHINE, &log[..3], day(TODAY)).unwrap();
    assert_eq!(order, Order::Certain);
}

#[test]
fn recorded_late_an_event_is_checked_where_it_stands() {
    let mut log = vec![
        event(1, Open, "2000"),
        event(2, Halt, "2010"),
        event(3, End, "2020"),
        event(4, Go, "2015"),
    ];
    assert_eq!(order(&log), [1, 2, 4, 3]);
    log.push(event(5, Halt, "2012"));
    assert_eq!(
        fold(&MACHINE, &log, day(TODAY)),
        Err(Illegal::Transition {
            event: 5,
            action: Halt,
            status: Some(Halted),
            allowed: vec![Go, End]
        })
    );
    log.pop();
    // The late one is possible, but what came after it no longer is.
    log.push(event(5, End, "2014"));
    assert_eq!(
        fold(&MACHINE, &log, day(TODAY)),
        Err(Illegal::Transition {
            event: 4,
            action: Go,
            status: Some(Over),
            allowed: vec![Change]
        })
    );
}

#[test]
fn nothing_stands_before_the_beginning() {
    let log = [event(1, Open, "2000"), event(2, Note, "1999")];
    let refusal = Illegal::Transition {
        event: 2,
        action: Note,
        status: None,
        allowed: vec![],
    };
    assert_eq!(fold(&MACHINE, &log, day(TODAY)), Err(refusal));
    let log = [event(1, Open, "2000"), event(2, Open, "2001")];
    let allowed = vec![Halt, Change, End];
    let refusal = Illegal::Transition {
        event: 2,
        action: Open,
        status: Some(Running),
        allowed,
    };
    assert_eq!(fold(&MACHINE, &log, day(TODAY)), Err(refusal));
}

#[test]
fn an_event_that_decides_has_to_decide() {
    for to in [None, Some(Over)] {
        let open = Event {
            to,
            ..event(1, Open, "2000")
        };
        let possible: &[State] = &[Planned, Running];
        let refusal = Illegal::Target {
            action: Open,
            possible,
        };
        assert_eq!(fold(&MACHINE, &[open], day(TODAY)), Err(refusal));
    }
}

#[test]
fn lists_what_may_be_done_in_the_order_of_the_table() {
    assert_eq!(allowed(&MACHINE, Running), [Halt, Change, End]);
    assert_eq!(allowed(&MACHINE, Over), [Change]);
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
