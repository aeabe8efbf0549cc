//! The machine that folds a log of events into a status.
//!
//! A lifecycle is a table of [`Rule`]s, one line each: which action leads from which statuses where.
//! [`fold`] puts the events of one record in order, checks every step against the table and says
//! what the status is, since when, and what it was on any other day. Agreements and memberships are
//! two tables for this one machine.

mod order;
mod periods;
#[cfg(test)]
mod tests;

use std::fmt;

use chrono::NaiveDate;

use crate::core::edtf::Edtf;
pub use order::Order;
use order::{Acting, Slot, in_order};
pub use periods::{ALWAYS, NEVER, StatusPeriod};
use periods::{Change, periods};
#[cfg(test)]
pub(crate) use tests::properties;

/// Everything that tells one lifecycle from another.
#[derive(Debug)]
pub struct Machine<A: 'static, S: 'static> {
    /// What may happen, in the order in which actions are listed to people.
    pub rules: &'static [Rule<A, S>],
    /// The action that puts an earlier event right.
    pub correct: A,
    /// The action that changes nothing; like a correction always possible and never listed.
    pub note: A,
    /// Actions that begin something: on a day that is only possible they count already.
    pub beginnings: &'static [A],
    /// Actions that may be dated in the future, where they wait for their day.
    pub may_be_pending: &'static [A],
}

/// One line of the table: this action leads from any of these statuses there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule<A, S: 'static> {
    /// What is done.
    pub action: A,
    /// From where; empty for an action that opens the log.
    pub from: &'static [S],
    /// To where.
    pub to: To<S>,
}

/// Where an action leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To<S: 'static> {
    /// Always there.
    Fixed(S),
    /// Nowhere: the status stays as it is.
    Same,
    /// To one of these; the event itself says to which.
    Given(&'static [S]),
}

/// What the machine has to know of one recorded event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<A, S> {
    /// Distinguishes it from the other events of the log.
    pub id: i64,
    /// What was done.
    pub action: A,
    /// The day on which it stands in the order.
    pub effective_on: Edtf,
    /// The day on which the registry learnt of it.
    pub recorded_on: NaiveDate,
    /// Where it leads: needed where the table says [`To::Given`], without meaning where the table
    /// decides. A correction with it sets this status; one without does what the corrected event did.
    pub to: Option<S>,
    /// The event that a correction puts right.
    pub corrects: Option<i64>,
}

/// What a log amounts to on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded<A, S> {
    /// All events in the order of the fold, oldest first.
    pub entries: Vec<Entry<A, S>>,
    /// The status on the day asked about; what is pending has not changed it.
    pub status: S,
    /// The date of the event that brought this status.
    pub since: Edtf,
    /// Which status holds when, without gaps, oldest first.
    pub periods: Vec<StatusPeriod<S>>,
}

/// What the fold says of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<A, S> {
    /// The event.
    pub id: i64,
    /// Its action; for a correction the action of the event it stands for.
    pub acts_as: A,
    /// The status it met: none when it opens the log or counts no longer.
    pub from: Option<S>,
    /// The status after it: none only when it counts no longer.
    pub to: Option<S>,
    /// The later event that put it right; it stays in the list and counts no longer.
    pub corrected_by: Option<i64>,
    /// Whether it waits for a day that has not come.
    pub pending: bool,
    /// Whether it is a correction that sets a status: what the corrected event did besides, it does
    /// not.
    pub sets: bool,
    /// The first day on which it counts for `as_of`, [`NEVER`] when no such day is known.
    pub counts_from: NaiveDate,
    /// The first day on which it may have happened: not before a change of the status that it follows.
    pub possible_from: NaiveDate,
    /// The last such day, [`NEVER`] when the future is open.
    pub possible_to: NaiveDate,
}

impl<A, S> Event<A, S> {
    /// Whether it was recorded before its day.
    pub fn is_planned(&self) -> bool {
        self.effective_on.earliest() > Some(self.recorded_on)
    }

    /// The first day on which it may have happened, [`ALWAYS`] when the past is open.
    pub fn first_day(&self) -> NaiveDate {
        self.effective_on.earliest().unwrap_or(ALWAYS)
    }

    /// The last day on which it may have happened, none when the future is open: what is recorded as
    /// having happened has happened by the day it was recorded, what is planned has not.
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.effective_on.last_day(self.recorded_on)
    }

    /// Whether every day on which this may have happened is after every such day of the other one.
    pub fn certainly_after(&self, other: &Self) -> bool {
        other.last_day().is_some_and(|last| self.first_day() > last)
    }
}

/// Why a log can't be folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Illegal<A, S: 'static> {
    /// There is no event at all.
    Empty,
    /// An action isn't possible where its event stands.
    Transition {
        /// The event that can't stand where its date puts it; not always the one recorded last.
        event: i64,
        /// What it does.
        action: A,
        /// The status it met; none before the beginning.
        status: Option<S>,
        /// What could be done instead.
        allowed: Vec<A>,
    },
    /// The event has to say where it leads, and doesn't or names a status it can't lead to.
    Target {
        /// What the event does.
        action: A,
        /// The statuses it can lead to.
        possible: &'static [S],
    },
    /// A correction names no event, or one that isn't in the log before it.
    NothingToCorrect,
    /// A correction names an event that has been put right already; the later entry is the one to
    /// correct.
    AlreadyCorrected {
        /// The correction that came first.
        corrected_by: i64,
    },
}

impl<A: fmt::Display, S: fmt::Display> fmt::Display for Illegal<A, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is no event"),
            Self::Transition {
                action,
                status: Some(status),
                ..
            } => write!(f, "{action} is not possible while the status is {status}"),
            Self::Transition { action, .. } => {
                write!(f, "{action} is not possible before the first event")
            }
            Self::Target { action, possible } => {
                let possible: Vec<String> = possible.iter().map(ToString::to_string).collect();
                let possible = possible.join(", ");
                write!(f, "{action} has to lead to one of {possible}")
            }
            Self::NothingToCorrect => f.write_str("there is no such event to correct"),
            Self::AlreadyCorrected { .. } => {
                f.write_str("this event has been corrected already; correct the later entry")
            }
        }
    }
}

impl<A, S> Rule<A, S> {
    /// A line of the table.
    pub const fn new(action: A, from: &'static [S], to: To<S>) -> Self {
        Self { action, from, to }
    }
}

impl<A: Copy + Eq, S: Copy + Eq> Machine<A, S> {
    /// The line of the table for this action in this status, or at the beginning of the log.
    pub fn rule(&self, action: A, status: Option<S>) -> Option<&'static Rule<A, S>> {
        self.rules.iter().find(|rule| {
            rule.action == action
                && status.map_or(rule.from.is_empty(), |status| rule.from.contains(&status))
        })
    }

    /// Where a step leads, or why it can't be taken.
    fn step(&self, slot: &Slot<'_, A, S>, status: Option<S>) -> Result<Option<S>, Illegal<A, S>> {
        let Acting { action, to, set } = slot.acting;
        let refused = || Illegal::Transition {
            event: slot.event.id,
            action,
            status,
            allowed: status.map_or_else(Vec::new, |status| allowed(self, status)),
        };
        let rule = if set {
            // A correction leads from anywhere to anywhere, but what opens the log still does.
            let opens = self.rule(action, None).is_some();
            let fits = opens == status.is_none();
            let correction = self.rules.iter().find(|rule| rule.action == self.correct);
            correction.filter(|_| fits)
        } else {
            self.rule(action, status)
        }
        .ok_or_else(refused)?;
        match rule.to {
            To::Fixed(status) => Ok(Some(status)),
            To::Same => Ok(None),
            To::Given(possible) => match to.filter(|to| possible.contains(to)) {
                Some(to) => Ok(Some(to)),
                None => Err(Illegal::Target { action, possible }),
            },
        }
    }

    /// Whether the step begins something: by what it does; a correction that sets a status by where it
    /// leads, for what it corrects never was. The first of all does.
    fn begins(&self, acts_as: A, sets: bool, from: Option<S>, to: S) -> bool {
        let leads = |action: &A| match self.rule(*action, from).map(|rule| rule.to) {
            Some(To::Fixed(status)) => status == to,
            Some(To::Given(possible)) => possible.contains(&to),
            Some(To::Same) | None => false,
        };
        if sets {
            from.is_none() || self.beginnings.iter().any(leads)
        } else {
            self.beginnings.contains(&acts_as)
        }
    }

    /// Whether the step waits for a day after `today`.
    fn is_pending(&self, slot: &Slot<'_, A, S>, today: NaiveDate) -> bool {
        let come = slot.event.last_day().is_some_and(|last| last <= today);
        slot.event.is_planned() && !come && self.may_be_pending.contains(&slot.acting.action)
    }
}

impl<A, S> Folded<A, S> {
    /// The events in the order of the fold, oldest first.
    pub fn order(&self) -> impl Iterator<Item = i64> {
        self.entries.iter().map(|entry| entry.id)
    }

    /// What the fold says of this event.
    pub fn entry(&self, id: i64) -> Option<&Entry<A, S>> {
        self.entries.iter().find(|entry| entry.id == id)
    }
}

/// What may be done in this status: the actions that change status, terms or parties, in the order
/// of the table.
pub fn allowed<A: Copy + Eq, S: Copy + Eq>(machine: &Machine<A, S>, status: S) -> Vec<A> {
    let mut actions = Vec::new();
    for rule in machine.rules {
        let listed = rule.action != machine.note && rule.action != machine.correct;
        if listed && rule.from.contains(&status) && !actions.contains(&rule.action) {
            actions.push(rule.action);
        }
    }
    actions
}

/// Where an event stands, before anything is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<A> {
    /// The event.
    pub id: i64,
    /// Its action; for a correction the action of the event it stands for.
    pub acts_as: A,
    /// Whether it is a correction that sets a status.
    pub sets: bool,
    /// Whether no later event has put it right.
    pub counts: bool,
}

/// The places of the events in their order. It depends on their dates and on what they correct, not on
/// where they lead.
pub fn places<A: Copy + Eq, S: Copy + Eq>(
    machine: &Machine<A, S>,
    events: &[Event<A, S>],
    rule: Order,
) -> Result<Vec<Place<A>>, Illegal<A, S>> {
    let order = in_order(machine, events, rule)?;
    let places = order.iter().map(|slot| Place {
        id: slot.event.id,
        acts_as: slot.acting.action,
        sets: slot.acting.set,
        counts: slot.counts(),
    });
    Ok(places.collect())
}

/// What may be done on the day of the last recording: what the table allows in the status, and leaves
/// every planned step possible.
pub fn allowed_now<A: Copy + Eq, S: Copy + Eq>(
    machine: &Machine<A, S>,
    folded: &Folded<A, S>,
    events: &[Event<A, S>],
    rule: Order,
) -> Vec<A> {
    let listed = allowed(machine, folded.status);
    let learnt = events.iter().map(|event| event.recorded_on).max();
    let Some(day) = learnt.filter(|_| folded.entries.iter().any(|entry| entry.pending)) else {
        return listed;
    };
    let possible = |action: &A| {
        let line = machine.rule(*action, Some(folded.status));
        let targets: Vec<Option<S>> = match line.map(|rule| rule.to) {
            Some(To::Given(targets)) => targets.iter().copied().map(Some).collect(),
            Some(To::Fixed(_) | To::Same) => vec![None],
            None => Vec::new(),
        };
        targets.into_iter().any(|to| {
            let mut more = events.to_vec();
            more.push(Event {
                id: i64::MIN,
                action: *action,
                effective_on: Edtf::day(day),
                recorded_on: day,
                to,
                corrects: None,
            });
            fold_in(machine, &more, day, rule).is_ok()
        })
    };
    listed.into_iter().filter(possible).collect()
}

/// Folds the events of one record, handed over in the order of recording, as of `today`.
///
/// The order and every single step are the same on any day: an event that waits for its day is
/// checked as if it had come, so that a log accepted once never becomes illegal by the passing of
/// time. Only the status knows `today`.
pub fn fold<A: Copy + Eq, S: Copy + Eq>(
    machine: &Machine<A, S>,
    events: &[Event<A, S>],
    today: NaiveDate,
) -> Result<Folded<A, S>, Illegal<A, S>> {
    fold_in(machine, events, today, Order::Certain)
}

/// [`fold`] in the order by which the log was accepted: one that is impossible in today's is kept in
/// the former.
pub fn fold_kept<A: Copy + Eq, S: Copy + Eq>(
    machine: &Machine<A, S>,
    events: &[Event<A, S>],
    today: NaiveDate,
) -> Result<(Folded<A, S>, Order), Illegal<A, S>> {
    let by = |rule| Ok((fold_in(machine, events, today, rule)?, rule));
    by(Order::Certain).or_else(|illegal| by(Order::Former).map_err(|_impossible| illegal))
}

/// [`fold`] in this order.
pub fn fold_in<A: Copy + Eq, S: Copy + Eq>(
    machine: &Machine<A, S>,
    events: &[Event<A, S>],
    today: NaiveDate,
    rule: Order,
) -> Result<Folded<A, S>, Illegal<A, S>> {
    let order = in_order(machine, events, rule)?;
    let mut entries = Vec::with_capacity(order.len());
    let mut changes: Vec<Change<'_, S>> = Vec::new();
    let mut status = None;
    let mut now: Option<(S, &Edtf)> = None;
    for slot in &order {
        let counts = slot.counts();
        let from = status.filter(|_| counts);
        let pending = counts && machine.is_pending(slot, today);
        let possible_to = slot.event.last_day().unwrap_or(NEVER);
        let mut counts_from = possible_to;
        let first = changes.last().map_or(ALWAYS, |last| last.possible_from);
        // A step that leaves the status as it is, is no evidence of when it came about.
        if counts
            && let Some(to) = machine.step(slot, status)?
            && status != Some(to)
        {
            status = Some(to);
            let Acting { action, set, .. } = slot.acting;
            let beginning = machine.begins(action, set, from, to);
            let change = Change::new(to, slot.event, beginning, first);
            counts_from = change.counts_from;
            changes.push(change);
            if !pending && now.is_none_or(|(current, _)| current != to) {
                now = Some((to, &slot.event.effective_on));
            }
        }
        entries.push(Entry {
            id: slot.event.id,
            acts_as: slot.acting.action,
            from,
            to: status.filter(|_| counts),
            corrected_by: slot.corrected_by,
            pending,
            sets: slot.acting.set,
            counts_from,
            possible_from: slot.event.first_day().max(first),
            possible_to,
        });
    }
    let (status, since) = now.ok_or(Illegal::Empty)?;
    Ok(Folded {
        entries,
        status,
        since: since.clone(),
        periods: periods(&changes),
    })
}
