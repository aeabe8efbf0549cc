//! The order of events, their fold, and what it says of a day: section 3 of the model, written anew.

use super::dates::{Date, Day};

/// What a step says beside its action and date.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The status that a `register` or `correct` states.
    pub to: Option<&'static str>,
    /// The party concerned, by its number.
    pub party: Option<usize>,
    pub successor: Option<usize>,
    /// The new end of the term; the inner one is absent for an indefinite one.
    pub until: Option<Option<Date>>,
    /// The end that a notice announces.
    pub end: Option<Date>,
    pub class: Option<&'static str>,
    /// Whether it names a source.
    pub sourced: bool,
    /// From when the agreement stands that takes the place.
    pub stands: Option<Date>,
}

/// A step of a life.
#[derive(Debug, Clone)]
pub struct Event {
    pub id: String,
    pub action: &'static str,
    /// Where it stands.
    pub on: Date,
    pub recorded: Day,
    pub said: Said,
    /// Whether it begins something: it counts from its first possible day.
    pub begins: bool,
    /// Whether it corrects one, and states another status.
    pub overruled: bool,
}

impl Event {
    /// Whether it was still to come when it was recorded.
    pub fn planned(&self) -> bool {
        self.on.certainly_after(self.recorded)
    }

    /// What was recorded as having happened has happened by then.
    fn last(&self) -> Option<Day> {
        if self.planned() {
            return self.on.last;
        }
        Some(
            self.on
                .last
                .map_or(self.recorded, |last| last.min(self.recorded)),
        )
    }

    fn certainly_later(&self, than: &Self) -> bool {
        matches!((self.on.first, than.last()), (Some(first), Some(last)) if first > last)
    }
}

/// Puts a new event before the first one that is certainly later, else last.
pub fn insert(events: &mut Vec<Event>, new: Event) {
    let later = events.iter().position(|event| event.certainly_later(&new));
    events.insert(later.unwrap_or(events.len()), new);
}

/// Puts an event in the place of another, as long as its date fits there.
pub fn replace(events: &mut Vec<Event>, index: usize, new: Event) {
    events.remove(index);
    let (before, after) = events.split_at(index);
    let fits = !before.iter().any(|event| event.certainly_later(&new))
        && !after.iter().any(|event| new.certainly_later(event));
    if fits {
        events.insert(index, new);
    } else {
        insert(events, new);
    }
}

/// Why a history is refused; both may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Refused {
    /// 409: an action that its status does not know.
    pub transition: bool,
    /// 422: a condition that does not hold.
    pub guard: bool,
}

impl Refused {
    pub fn answers(self, status: u16) -> bool {
        (self.transition && status == 409) || (self.guard && status == 422)
    }
}

/// What is of a record after a step.
pub trait State: Clone {
    fn status(&self) -> &'static str;
    fn since(&self) -> &Date;
}

/// What may happen, and what it makes of a record.
pub trait Machine {
    type State: State;
    /// The state after an event and whether its conditions hold; none when its status forbids it.
    fn step(&self, before: Option<&Self::State>, event: &Event) -> Option<(Self::State, bool)>;
}

/// A history that may have been.
#[derive(Debug, Clone)]
pub struct Life<S> {
    pub events: Vec<Event>,
    /// What is after each of the events.
    pub states: Vec<S>,
}

impl<S: State> Life<S> {
    pub fn fold(machine: &impl Machine<State = S>, events: Vec<Event>) -> Result<Self, Refused> {
        let mut states: Vec<S> = Vec::new();
        let mut refused = Refused::default();
        for event in &events {
            let Some((state, holds)) = machine.step(states.last(), event) else {
                refused.transition = true;
                return Err(refused);
            };
            refused.guard |= !holds;
            states.push(state);
        }
        if refused.guard {
            return Err(refused);
        }
        Ok(Self { events, states })
    }

    /// What is today; what is still to come has not happened.
    pub fn now(&self, today: Day) -> &S {
        let come =
            |event: &Event| !event.planned() || event.on.last.is_some_and(|last| last <= today);
        let index = self.events.iter().rposition(come).unwrap();
        &self.states[index]
    }

    /// The events that changed what is looked at, by their places.
    fn changes<'a, T: PartialEq>(&'a self, look: impl Fn(&'a S) -> Option<T>) -> Vec<usize> {
        let mut before = None;
        let mut changes = Vec::new();
        for (index, state) in self.states.iter().enumerate() {
            let after = look(state);
            if after != before {
                changes.push(index);
            }
            before = after;
        }
        changes
    }

    /// The last of these steps that counts on a day: a beginning from its first possible day, but not
    /// before that of a step it follows, all else once it has certainly happened.
    fn counted(&self, steps: &[usize], on: Day) -> Option<usize> {
        let all = self.changes(|state| Some(state.status()));
        let mut first: Option<Day> = None;
        let mut found = None;
        for index in steps {
            let event = &self.events[*index];
            let before = all.iter().take_while(|step| *step <= index);
            let followed = before.map(|step| self.events[*step].on.first);
            first = followed.fold(first, Ord::max).max(event.on.first);
            let counts = if event.begins {
                first.is_none_or(|first| first <= on)
            } else {
                event.last().is_some_and(|last| last <= on)
            };
            if counts {
                found = Some(*index);
            }
        }
        found
    }

    /// What a day's list says, with `match=possible`.
    pub fn possibly(&self, on: Day) -> Option<&S> {
        let steps = self.changes(|state| Some(state.status()));
        Some(&self.states[self.counted(&steps, on)?])
    }

    /// The status that holds on a day however the dates are read in their order.
    pub fn certainly(&self, on: Day) -> Option<&'static str> {
        self.sure(on, |state| Some(state.status()))
    }

    /// What holds of a part of the record on a day however the dates are read in their order.
    pub fn sure<'a, T: PartialEq>(
        &'a self,
        on: Day,
        look: impl Fn(&'a S) -> Option<T>,
    ) -> Option<T> {
        let steps = self.changes(&look);
        let after = |done: usize| look(&self.states[steps[done - 1]]);
        // How many of the steps have happened at the least, and at the most.
        let happened = |index: &usize| self.events[*index].last().is_some_and(|last| last <= on);
        let least = steps.iter().rposition(happened)? + 1;
        let begun = |index: &usize| self.events[*index].on.first.is_none_or(|first| first <= on);
        let most = steps.iter().take_while(|index| begun(index)).count();
        let sure = after(least);
        (least..=most)
            .all(|done| after(done) == sure)
            .then_some(sure)?
    }

    /// What is of a part of the record on a day.
    pub fn part_on<'a, T: PartialEq>(
        &'a self,
        on: Day,
        look: impl Fn(&'a S) -> Option<T>,
    ) -> Option<T> {
        let steps = self.changes(&look);
        look(&self.states[self.counted(&steps, on)?])
    }
}
