//! What holds when, and what waits for its day.

use super::*;

/// The status and the days from which it counts and is certain, to which it counts and is certain.
fn period(period: &StatusPeriod<State>) -> (State, [String; 4]) {
    let days = [
        period.from_on,
        period.certain_from,
        period.to_on,
        period.certain_to,
    ];
    (period.status, days.map(|day| day.to_string()))
}

fn expected(status: State, days: [&str; 4]) -> (State, [String; 4]) {
    (status, days.map(str::to_owned))
}

#[test]
fn what_may_be_pending_waits_for_its_day() {
    let log = [event(1, Open, "2000"), event(2, End, "2027-03")];
    let on = |today: &str| {
        let folded = fold(&MACHINE, &log, day(today)).unwrap();
        (
            folded.status,
            folded.entry(2).unwrap().pending,
            folded.since.to_string(),
        )
    };
    assert_eq!(on("2027-02-28"), (Running, true, "2000".to_owned()));
    // It has certainly come with the last day it may mean, as for a question about that day.
    assert_eq!(on("2027-03-30"), (Running, true, "2000".to_owned()));
    assert_eq!(on("2027-03-31"), (Over, false, "2027-03".to_owned()));
    // It is the same step on any day, and its period is known already.
    let folded = folded(&log);
    assert_eq!(folded.entry(2).unwrap().to, Some(Over));
    let running = ["2000-01-01", "2000-12-31", "2027-03-31", "2027-03-01"];
    assert_eq!(period(&folded.periods[0]), expected(Running, running));
    // What is recorded as having happened stands before it; what is planned as well does not.
    for date in ["[2026..2027]", "2026-10"] {
        let log = [log[0].clone(), log[1].clone(), event(3, Halt, date)];
        assert_eq!(order(&log), [1, 3, 2]);
    }
    let log = [log[0].clone(), log[1].clone(), event(3, End, "2027-04")];
    assert!(fold(&MACHINE, &log, day(TODAY)).is_err());
}

#[test]
fn periods_know_what_is_possible_and_what_is_certain() {
    let folded = folded(&[
        Event {
            to: Some(Planned),
            ..event(1, Open, "[..1990]")
        },
        event(2, Begin, "1992"),
        event(3, Halt, "2010"),
        event(4, End, "[2015..]"),
    ]);
    let periods: Vec<_> = folded.periods.iter().map(period).collect();
    assert_eq!(
        periods,
        [
            // A beginning counts as soon as it is possible, an end once it is certain.
            expected(
                Planned,
                ["0001-01-01", "1990-12-31", "1992-01-01", "1992-01-01"]
            ),
            expected(
                Running,
                ["1992-01-01", "1992-12-31", "2010-12-31", "2010-01-01"]
            ),
            expected(Halted, ["2010-12-31", "2010-12-31", TODAY, "2015-01-01"]),
            expected(Over, [TODAY, TODAY, "9999-12-31", "9999-12-31"]),
        ]
    );
}

#[test]
fn a_status_that_may_have_held_makes_the_one_before_less_certain() {
    let folded = folded(&[
        event(1, Open, "2000-01-01"),
        event(2, Halt, "2020"),
        event(3, End, "2020-12"),
    ]);
    let periods: Vec<_> = folded.periods.iter().map(period).collect();
    assert_eq!(
        periods,
        [
            expected(
                Running,
                ["2000-01-01", "2000-01-01", "2020-12-31", "2020-01-01"]
            ),
            expected(
                Over,
                ["2020-12-31", "2020-12-31", "9999-12-31", "9999-12-31"]
            ),
        ]
    );
}

#[test]
fn nothing_is_certain_between_two_vague_events() {
    let folded = folded(&[
        event(1, Open, "1990-01-01"),
        event(2, Halt, "2020"),
        event(3, Go, "2020-06"),
    ]);
    let periods: Vec<_> = folded.periods.iter().map(period).collect();
    assert_eq!(
        periods,
        [
            expected(
                Running,
                ["1990-01-01", "1990-01-01", "2020-06-30", "2020-01-01"]
            ),
            expected(
                Running,
                ["2020-06-30", "2020-06-30", "9999-12-31", "9999-12-31"]
            ),
        ]
    );
}

#[test]
fn what_changes_nothing_is_no_evidence_of_when_a_status_began() {
    let folded = folded(&[
        event(1, Open, "1990"),
        event(2, Change, "1990-03-01"),
        event(3, Halt, "2010"),
    ]);
    assert_eq!(
        period(&folded.periods[0]),
        expected(
            Running,
            ["1990-01-01", "1990-12-31", "2010-12-31", "2010-01-01"]
        )
    );
}

#[test]
fn a_beginning_of_the_open_past_is_not_before_what_came_before_it() {
    let folded = folded(&[
        Event {
            to: Some(Planned),
            ..event(1, Open, "1995")
        },
        event(2, Begin, "[..2006]"),
    ]);
    let periods: Vec<_> = folded.periods.iter().map(period).collect();
    assert_eq!(
        periods,
        [expected(
            Running,
            ["1995-01-01", "2006-12-31", "9999-12-31", "9999-12-31"]
        )]
    );
}

#[test]
fn neighbours_of_one_status_have_each_their_own_beginning() {
    let folded = folded(&[
        event(1, Open, "2000"),
        event(2, End, "2010-01-01"),
        event(3, Change, "2010-01-01"),
    ]);
    assert_eq!(
        (folded.status, folded.since.as_str()),
        (Running, "2010-01-01")
    );
    let since: Vec<_> = folded.periods.iter().map(|p| p.since.as_str()).collect();
    assert_eq!(since, ["2000", "2010-01-01"]);
}

/// What it corrects was a beginning; what it says is an end, and the other way round.
#[test]
fn a_correction_begins_something_when_it_leads_where_a_beginning_does() {
    let planned = |on: &str| Event {
        to: Some(Planned),
        ..event(1, Open, on)
    };
    let folded_to = |to: State| {
        let corrected = correct(3, 2, "2010", Some(to));
        let folded = folded(&[planned("1995"), event(2, Begin, "2010"), corrected]);
        folded.periods.last().map(period)
    };
    let days = |counts_from| [counts_from, "2010-12-31", "9999-12-31", "9999-12-31"];
    assert_eq!(
        folded_to(Running),
        Some(expected(Running, days("2010-01-01")))
    );
    assert_eq!(folded_to(Over), Some(expected(Over, days("2010-12-31"))));
    // A note that turns out to have been the beginning.
    let began = correct(3, 2, "2010", Some(Running));
    let folded = folded(&[planned("1995"), event(2, Note, "2010"), began]);
    assert_eq!(
        folded.periods.last().map(period),
        Some(expected(Running, days("2010-01-01")))
    );
}
