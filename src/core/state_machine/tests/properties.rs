//! What is true of every log the machine accepts, whichever table it runs.

use std::fmt::Debug;

use proptest::prelude::*;

use crate::core::edtf::Edtf;
use crate::core::state_machine::{ALWAYS, Entry, Event, Folded, Illegal, Machine, NEVER, To, fold};
use chrono::{Days, NaiveDate};

/// One attempt to record something.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    action: usize,
    date: Edtf,
    recorded: NaiveDate,
    to: usize,
    corrects: usize,
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn edtf(text: &str) -> Edtf {
    text.parse().unwrap()
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (2000i32..2012, 1u32..=365).prop_map(|(y, d)| NaiveDate::from_yo_opt(y, d).unwrap())
}

/// Dates of every precision, close enough together to overlap often.
fn any_date() -> impl Strategy<Value = Edtf> {
    let exact = || any_day().prop_map(|day| day.to_string());
    prop_oneof![
        6 => exact(),
        3 => (2000i32..2012).prop_map(|year: i32| year.to_string()),
        2 => any_day().prop_map(|day| day.format("%Y-%m~").to_string()),
        1 => Just("200X".to_owned()),
        1 => exact().prop_map(|end| format!("[..{end}]")),
        1 => exact().prop_map(|start| format!("[{start}..]")),
        1 => (any_day(), 0u64..1500)
            .prop_map(|(start, length)| format!("[{start}..{}]", start + Days::new(length))),
    ]
    .prop_map(|text: String| edtf(&text))
}

pub(crate) fn attempts() -> impl Strategy<Value = (Vec<Attempt>, NaiveDate)> {
    let attempt = (
        any::<usize>(),
        any_date(),
        any_day(),
        any::<usize>(),
        any::<usize>(),
    )
        .prop_map(|(action, date, recorded, to, corrects)| Attempt {
            action,
            date,
            recorded,
            to,
            corrects,
        });
    (prop::collection::vec(attempt, 1..24), any_day())
}

/// The same with exact days only and growing, so that most steps of the table are accepted.
pub(crate) fn in_sequence() -> impl Strategy<Value = (Vec<Attempt>, NaiveDate)> {
    attempts().prop_map(|(mut attempts, today)| {
        let first = day("2001-01-01");
        for (months, attempt) in attempts.iter_mut().enumerate() {
            let months = u32::try_from(months).unwrap();
            attempt.date = Edtf::day(first + chrono::Months::new(months));
        }
        (attempts, today)
    })
}

/// Records one attempt after the other, keeps those that are accepted and checks every log on the
/// way. Returns the last log.
pub(crate) fn record<A, S>(
    machine: &Machine<A, S>,
    attempts: &[Attempt],
    today: NaiveDate,
) -> Vec<Event<A, S>>
where
    A: Copy + Eq + Debug,
    S: Copy + Eq + Debug,
{
    let mut log: Vec<Event<A, S>> = Vec::new();
    let mut before: Option<Folded<A, S>> = None;
    for (number, attempt) in attempts.iter().enumerate() {
        let event = event(machine, attempt, before.as_ref(), number);
        log.push(event);
        match fold(machine, &log, today) {
            Ok(folded) => {
                check(machine, &log, &folded, today);
                if let Some(before) = &before {
                    assert_eq!(
                        without_last(&folded, &log),
                        before.order().collect::<Vec<_>>()
                    );
                }
                before = Some(folded);
            }
            Err(illegal) => {
                check_refusal(machine, &illegal);
                log.pop();
            }
        }
    }
    log
}

/// Mostly something that the status allows, so that logs grow long.
fn event<A: Copy + Eq, S: Copy + Eq>(
    machine: &Machine<A, S>,
    attempt: &Attempt,
    before: Option<&Folded<A, S>>,
    number: usize,
) -> Event<A, S> {
    let status = before.map(|folded| folded.status);
    let fitting: Vec<_> = machine
        .rules
        .iter()
        .filter(|rule| status.map_or(rule.from.is_empty(), |s| rule.from.contains(&s)))
        .collect();
    let rule = if attempt.action.is_multiple_of(5) || fitting.is_empty() {
        &machine.rules[attempt.action % machine.rules.len()]
    } else {
        fitting[attempt.action % fitting.len()]
    };
    let corrects = before
        .filter(|_| rule.action == machine.correct)
        .map(|folded| folded.entries[attempt.corrects % folded.entries.len()].id);
    let to = match rule.to {
        To::Given(_) if rule.action == machine.correct && !attempt.to.is_multiple_of(3) => None,
        To::Given(possible) => Some(possible[attempt.to % possible.len()]),
        To::Fixed(_) | To::Same => None,
    };
    Event {
        id: i64::try_from(number).unwrap() + 1,
        action: rule.action,
        effective_on: attempt.date.clone(),
        recorded_on: attempt.recorded,
        to,
        corrects,
    }
}

fn without_last<A, S>(folded: &Folded<A, S>, log: &[Event<A, S>]) -> Vec<i64> {
    let last = log.last().map(|event| event.id);
    folded.order().filter(|id| Some(*id) != last).collect()
}

fn check_refusal<A: Copy + Eq + Debug, S: Copy + Eq + Debug>(
    machine: &Machine<A, S>,
    illegal: &Illegal<A, S>,
) {
    if let Illegal::Transition {
        action,
        status,
        allowed,
        ..
    } = illegal
    {
        assert!(!allowed.contains(&machine.note) && !allowed.contains(&machine.correct));
        let corrected_opening = machine.rule(*action, None).is_some();
        assert!(machine.rule(*action, *status).is_none() || corrected_opening || status.is_none());
    }
}

/// Everything that must be true of a folded log.
pub(crate) fn check<A, S>(
    machine: &Machine<A, S>,
    log: &[Event<A, S>],
    folded: &Folded<A, S>,
    today: NaiveDate,
) where
    A: Copy + Eq + Debug,
    S: Copy + Eq + Debug,
{
    // No event is lost and none is invented.
    let mut ids: Vec<_> = folded.order().collect();
    ids.sort_unstable();
    let mut recorded: Vec<_> = log.iter().map(|event| event.id).collect();
    recorded.sort_unstable();
    assert_eq!(ids, recorded);

    check_corrections(machine, log, folded);
    check_steps(machine, log, folded, today);
    check_periods(log, folded);
    check_as_of(machine, log, folded);
    check_certain(log, folded);
    check_nothing_certain_is_contradicted(log, folded);
    check_exact_order(machine, log, folded);

    // The day changes the status and what is pending, nothing else.
    for other in [ALWAYS, today, NEVER] {
        let on = fold(machine, log, other).unwrap();
        assert_eq!(on.periods, folded.periods);
        let steps = |folded: &Folded<A, S>| -> Vec<_> {
            folded
                .entries
                .iter()
                .map(|e| (e.id, e.from, e.to, e.corrected_by))
                .collect()
        };
        assert_eq!(steps(&on), steps(folded));
    }
}

fn of<A, S>(log: &[Event<A, S>], id: i64) -> &Event<A, S> {
    log.iter().find(|event| event.id == id).unwrap()
}

fn check_corrections<A: Copy + Eq + Debug, S: Copy + Eq + Debug>(
    machine: &Machine<A, S>,
    log: &[Event<A, S>],
    folded: &Folded<A, S>,
) {
    for entry in &folded.entries {
        let by = log
            .iter()
            .filter(|event| event.corrects == Some(entry.id))
            .map(|e| e.id);
        assert_eq!(by.collect::<Vec<_>>(), Vec::from_iter(entry.corrected_by));
        assert_eq!(entry.corrected_by.is_some(), entry.to.is_none());
        assert!(entry.corrected_by.is_none() || (entry.from.is_none() && !entry.pending));
        let mut root = of(log, entry.id);
        while let Some(corrected) = root.corrects {
            root = of(log, corrected);
        }
        assert_eq!(entry.acts_as, root.action);
        assert_ne!(entry.acts_as, machine.correct);
    }
}

fn counting<A, S>(folded: &Folded<A, S>) -> impl Iterator<Item = &Entry<A, S>> {
    folded
        .entries
        .iter()
        .filter(|entry| entry.corrected_by.is_none())
}

/// Whether the event, or one it corrects without saying where it leads, is a correction that does.
fn sets<A: Copy + Eq, S: Copy>(machine: &Machine<A, S>, log: &[Event<A, S>], id: i64) -> Option<S> {
    let event = of(log, id);
    if event.action != machine.correct {
        return None;
    }
    event.to.or_else(|| sets(machine, log, event.corrects?))
}

fn check_steps<A: Copy + Eq + Debug, S: Copy + Eq + Debug>(
    machine: &Machine<A, S>,
    log: &[Event<A, S>],
    folded: &Folded<A, S>,
    today: NaiveDate,
) {
    let mut status = None;
    let mut now = None;
    for entry in counting(folded) {
        assert_eq!(entry.from, status);
        let to = if let Some(set) = sets(machine, log, entry.id) {
            assert_eq!(
                status.is_none(),
                machine.rule(entry.acts_as, None).is_some()
            );
            Some(set)
        } else {
            let rule = machine
                .rule(entry.acts_as, status)
                .expect("along the table");
            match rule.to {
                To::Fixed(to) => Some(to),
                To::Same => None,
                To::Given(possible) => {
                    assert!(possible.contains(&entry.to.unwrap()));
                    entry.to
                }
            }
        };
        let to = to.filter(|to| Some(*to) != status);
        status = to.or(status);
        assert_eq!(entry.to, status);
        let event = of(log, entry.id);
        let date = &event.effective_on;
        let waits = event.is_planned() && event.last_day().is_none_or(|last| last > today);
        assert_eq!(
            entry.pending,
            waits && machine.may_be_pending.contains(&entry.acts_as)
        );
        if let Some(to) = to.filter(|_| !entry.pending)
            && now.is_none_or(|(status, _)| status != to)
        {
            now = Some((to, date));
        }
    }
    assert_eq!(now, Some((folded.status, &folded.since)));
}

fn check_periods<A: Copy, S: Copy + Eq + Debug>(log: &[Event<A, S>], folded: &Folded<A, S>) {
    let last = folded.periods.last().unwrap();
    assert_eq!(last.to_on, NEVER);
    if !log.iter().any(Event::is_planned) {
        assert_eq!(last.certain_to, NEVER);
        assert_eq!((last.status, &last.since), (folded.status, &folded.since));
    }
    for period in &folded.periods {
        assert!(period.from_on < period.to_on);
        assert!(period.from_on <= period.certain_from);
        assert!(period.certain_to <= period.to_on);
    }
    for pair in folded.periods.windows(2) {
        assert_eq!(pair[0].to_on, pair[1].from_on);
    }
}

/// The counting events that bring another status, in order.
fn changes<A: Copy, S: Copy + Eq>(folded: &Folded<A, S>) -> Vec<Entry<A, S>> {
    counting(folded)
        .filter(|entry| entry.from != entry.to)
        .copied()
        .collect()
}

/// The first and the last day on which each of these may have happened, when they are read in order.
fn in_their_order<A, S>(log: &[Event<A, S>], changes: &[Entry<A, S>]) -> Vec<(NaiveDate, NaiveDate)>
where
    A: Copy,
    S: Copy,
{
    let mut days: Vec<(NaiveDate, NaiveDate)> = changes
        .iter()
        .map(|entry| of(log, entry.id))
        .map(|event| (event.first_day(), event.last_day().unwrap_or(NEVER)))
        .collect();
    for at in 1..days.len() {
        days[at].0 = days[at].0.max(days[at - 1].0);
    }
    for at in (1..days.len()).rev() {
        days[at - 1].1 = days[at - 1].1.min(days[at].1);
    }
    days
}

fn some_days() -> impl Iterator<Item = NaiveDate> {
    (1999..2017).flat_map(|year| {
        [(1, 1), (4, 15), (12, 31)]
            .map(|(month, day)| NaiveDate::from_ymd_opt(year, month, day).unwrap())
    })
}

/// The periods say what the definition of `as_of` says, event by event.
fn check_as_of<A: Copy + Eq + Debug, S: Copy + Eq + Debug>(
    machine: &Machine<A, S>,
    log: &[Event<A, S>],
    folded: &Folded<A, S>,
) {
    let changes = changes(folded);
    let days = in_their_order(log, &changes);
    for on in some_days() {
        let expected = changes.iter().zip(&days).rev().find(|(entry, (first, _))| {
            if machine.begins(entry.acts_as, entry.sets, entry.from, entry.to.unwrap()) {
                *first <= on
            } else {
                of(log, entry.id).last_day().is_some_and(|last| last <= on)
            }
        });
        let period = folded
            .periods
            .iter()
            .find(|p| p.from_on <= on && on < p.to_on);
        assert_eq!(
            period.map(|period| (period.status, &period.since)),
            expected.map(|(entry, _)| (entry.to.unwrap(), &of(log, entry.id).effective_on)),
            "as of {on}"
        );
    }
}

/// Certain is what holds in every reading of the dates that keeps the order, and all of that is.
fn check_certain<A: Copy + Eq + Debug, S: Copy + Eq + Debug>(
    log: &[Event<A, S>],
    folded: &Folded<A, S>,
) {
    let changes = changes(folded);
    let days = in_their_order(log, &changes);
    for on in some_days() {
        // As many of them as may have happened by that day and no more: each number is a reading.
        let mut possible: Vec<Option<S>> = (0..=changes.len())
            .filter(|happened| {
                let those = happened.checked_sub(1).map(|last| days[last].0 <= on);
                let others = days.get(*happened).map(|(_, last)| on < *last);
                those != Some(false) && others != Some(false)
            })
            .map(|happened| happened.checked_sub(1).and_then(|last| changes[last].to))
            .collect();
        possible.dedup();
        let certain = folded
            .periods
            .iter()
            .find(|p| p.certain_from <= on && on < p.certain_to);
        match possible.as_slice() {
            [Some(only)] => assert_eq!(certain.map(|p| p.status), Some(*only), "on {on}"),
            _ => assert_eq!(certain, None, "on {on}: {possible:?}"),
        }
    }
}

/// No event that counts stands behind one that certainly happened after it.
fn check_nothing_certain_is_contradicted<A: Copy, S: Copy>(
    log: &[Event<A, S>],
    folded: &Folded<A, S>,
) {
    let order: Vec<_> = counting(folded).map(|entry| of(log, entry.id)).collect();
    for (at, later) in order.iter().enumerate() {
        for earlier in &order[..at] {
            assert!(!earlier.certainly_after(later));
        }
    }
}

/// Where all days are known and nothing was corrected the order is that of the calendar.
fn check_exact_order<A: Copy + Eq, S: Copy>(
    machine: &Machine<A, S>,
    log: &[Event<A, S>],
    folded: &Folded<A, S>,
) {
    let plain = |event: &Event<A, S>| {
        event.action != machine.correct && event.effective_on.exact_day().is_some()
    };
    if log.iter().all(plain) {
        let mut sorted: Vec<_> = log.iter().collect();
        sorted.sort_by_key(|event| event.effective_on.exact_day());
        let sorted: Vec<_> = sorted.iter().map(|event| event.id).collect();
        assert_eq!(sorted, folded.order().collect::<Vec<_>>());
    }
}
