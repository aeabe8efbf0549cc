//! What the events of a membership make of its class and its dates, in the order of the fold. Pure.

use std::collections::HashMap;
use std::iter;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{MACHINE, OBSERVER_CLASS, held_as};
use crate::core::edtf::Edtf;
use crate::core::state_machine::{self, Entry, Event, Folded, Illegal, Order};
use crate::core::vocabulary::lifecycle::{MembershipAction as Do, MembershipStatus as Is};
use crate::db::schema::memberships;

/// The class and the dates of a membership: as the record says them by itself, or as all its events make
/// them.
#[serde_with::skip_serializing_none]
#[derive(
    Debug,
    Clone,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    Selectable,
    Insertable,
    AsChangeset,
)]
#[diesel(table_name = memberships, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Facts {
    /// The class.
    pub class: Option<String>,
    /// When the partner asked to join.
    pub applied_on: Option<Edtf>,
    /// When it was admitted.
    pub admitted_on: Option<Edtf>,
    /// When it ended.
    pub ended_on: Option<Edtf>,
}

/// An event with the class it is about.
#[derive(Debug, Clone)]
pub struct Told {
    /// What the machine knows of it.
    pub event: Event<Do, Is>,
    /// The class it names.
    pub class: Option<String>,
}

/// What all events amount to.
#[derive(Debug, Clone)]
pub struct Story {
    /// The fold of the status.
    pub folded: Folded<Do, Is>,
    /// The order in which they are read.
    pub order: Order,
    /// The class and the dates: what is `said` of the whole comes before what the events say.
    pub facts: Facts,
    /// The event that decided the class.
    pub class_by: Option<i64>,
}

/// Folds the events, handed over in the order of recording, as of `today`; one that was accepted in the
/// former order is kept in it when `kept`.
pub fn tell(
    said: &Facts,
    told: &[Told],
    today: chrono::NaiveDate,
    kept: bool,
) -> Result<Story, Illegal<Do, Is>> {
    match in_order(said, told, today, Order::Certain) {
        Err(illegal) if kept => {
            in_order(said, told, today, Order::Former).map_err(|_former| illegal)
        }
        result => result,
    }
}

fn in_order(
    said: &Facts,
    told: &[Told],
    today: chrono::NaiveDate,
    order: Order,
) -> Result<Story, Illegal<Do, Is>> {
    let mut events: Vec<Event<Do, Is>> = told.iter().map(|one| one.event.clone()).collect();
    let (class, class_by) = held(said, told, &mut events, order)?;
    let folded = state_machine::fold_in(&MACHINE, &events, today, order)?;
    Ok(Story {
        facts: dated(class, said, &folded, &events),
        folded,
        order,
        class_by,
    })
}

/// Decides along the order how whoever is admitted, resumes or changes class holds the membership, as
/// the class then is; the class after all of them.
fn held(
    said: &Facts,
    told: &[Told],
    events: &mut [Event<Do, Is>],
    order: Order,
) -> Result<(Option<String>, Option<i64>), Illegal<Do, Is>> {
    let places = state_machine::places(&MACHINE, events, order)?;
    let at: HashMap<i64, usize> = told
        .iter()
        .enumerate()
        .map(|(index, one)| (one.event.id, index))
        .collect();
    let mut class = (said.class.clone(), None);
    let mut observes = false;
    for place in places.iter().filter(|place| place.counts) {
        let Some(index) = at.get(&place.id).copied() else {
            continue;
        };
        let way = || way_back(told, &at, index);
        let root = way().last().map_or(index, |(root, _)| root);
        let named = way().find_map(|(_, one)| one.class.clone());
        // A correction may leave the status to the one it corrects.
        let stated = way().find_map(|(_, one)| one.event.to);
        if place.sets || place.acts_as == Do::Register {
            match stated {
                Some(Is::Observer) => observes = true,
                Some(Is::Member) => observes = false,
                Some(Is::Suspended) if place.acts_as == Do::Register => {
                    // As the class that this event itself names.
                    let class = named.as_deref().or(class.0.as_deref());
                    observes = held_as(class) == Is::Observer;
                }
                _ if place.acts_as == Do::Register => observes = false,
                _ => {}
            }
        }
        if place.sets {
            continue;
        }
        if let Some(named) = named {
            class = (Some(named), Some(place.id));
        } else if place.acts_as == Do::Admit
            && observes
            && class.0.as_deref() == Some(OBSERVER_CLASS)
        {
            // Whoever observed and is admitted without a word on the class becomes a member.
            class = (None, Some(place.id));
        }
        match place.acts_as {
            Do::Admit | Do::Resume | Do::ChangeClass => {
                // Who resumes holds it as before, whatever the class may say or not.
                let status = match place.acts_as {
                    Do::Resume if observes => Is::Observer,
                    Do::Resume => Is::Member,
                    _ => held_as(class.0.as_deref()),
                };
                observes = status == Is::Observer;
                if let Some(event) = events.get_mut(root) {
                    event.to = Some(status);
                }
            }
            _ => {}
        }
    }
    Ok(class)
}

/// The event at this place, and those that it corrects one after the other, by their places among those
/// recorded. No correction corrects a later one, so that the way ends.
fn way_back<'a>(
    told: &'a [Told],
    at: &'a HashMap<i64, usize>,
    index: usize,
) -> impl Iterator<Item = (usize, &'a Told)> {
    let places = iter::successors(Some(index), |index| {
        let corrects = told.get(*index)?.event.corrects?;
        at.get(&corrects).copied().filter(|earlier| earlier < index)
    });
    places.filter_map(|index| Some((index, told.get(index)?)))
}

/// The date of a step as it was told; "by the day it was recorded" says no date.
fn told_date(event: &Event<Do, Is>) -> Option<&Edtf> {
    let date = &event.effective_on;
    (*date != Edtf::no_later_than(event.recorded_on)).then_some(date)
}

/// What is said of the whole comes before what the events say.
fn dated(
    class: Option<String>,
    said: &Facts,
    folded: &Folded<Do, Is>,
    events: &[Event<Do, Is>],
) -> Facts {
    let of = |id: i64| events.iter().find(|event| event.id == id);
    let date = |id: i64| of(id).and_then(told_date).cloned();
    let counting = || folded.entries.iter().filter(|entry| entry.to.is_some());
    let first = |action: Do| {
        let mut found = counting().filter(|entry| entry.acts_as == action && !entry.sets);
        found.find_map(|entry| date(entry.id))
    };
    // Whatever ended it, a correction that names an end and an entry as ended included.
    let ends = counting().rfind(|entry| {
        let lived = entry.from.is_none_or(Is::is_live);
        lived && entry.to.is_some_and(|to| !to.is_live())
    });
    let end = ends.and_then(|entry| date(entry.id));
    let mut facts = Facts {
        class,
        applied_on: said.applied_on.clone().or_else(|| first(Do::Apply)),
        admitted_on: said.admitted_on.clone().or_else(|| first(Do::Admit)),
        ended_on: said.ended_on.clone().or(end),
    };
    facts.clear_impossible_dates(folded.status);
    facts
}

/// Whether every day that a date may mean is one that the other may mean.
fn lies_within(date: &Edtf, other: &Edtf) -> bool {
    let begins = other.earliest();
    let ends = other.latest();
    begins.is_none_or(|begins| date.earliest().is_some_and(|first| first >= begins))
        && ends.is_none_or(|ends| date.latest().is_some_and(|last| last <= ends))
}

impl Facts {
    /// Its dates, each with where it stands in a body.
    pub fn dates(&self) -> [(&'static str, Option<&Edtf>); 3] {
        [
            ("/applied_on", self.applied_on.as_ref()),
            ("/admitted_on", self.admitted_on.as_ref()),
            ("/ended_on", self.ended_on.as_ref()),
        ]
    }

    /// Lets the date that an event brought follow its correction, or go with what never was.
    pub fn follow(
        &mut self,
        (acts_as, sets): (Do, bool),
        (was, on): (&Edtf, &Edtf),
        (corrected, to): (Option<&Entry<Do, Is>>, Is),
    ) {
        let from = corrected.and_then(|entry| entry.to);
        // Who observed and became a member was admitted by it.
        let rises = corrected.is_some_and(|entry| entry.from == Some(Is::Observer))
            && from == Some(Is::Member);
        let held = |status: Option<Is>| matches!(status, Some(Is::Member | Is::Observer));
        let old = match acts_as {
            Do::Apply => &mut self.applied_on,
            Do::Admit => &mut self.admitted_on,
            Do::ChangeClass if rises => &mut self.admitted_on,
            Do::Register if from == Some(Is::Applied) => &mut self.applied_on,
            Do::Register if held(from) => &mut self.admitted_on,
            Do::Register if from.is_some_and(|status| !status.is_live()) => &mut self.ended_on,
            Do::Withdraw | Do::Exclude | Do::Lapse | Do::End | Do::Refuse => &mut self.ended_on,
            _ => return,
        };
        let Some(said) = old.clone().filter(|said| lies_within(said, was)) else {
            return;
        };
        // Who has declared to leave ends on that day or later.
        let fits = match acts_as {
            Do::Withdraw => !said.certainly_before(on),
            _ => said.overlaps(on),
        };
        // What was known better than the event told stays as long as it fits.
        if said != *was && fits && (!sets || from == Some(to)) {
            return;
        }
        if !sets {
            *old = Some(on.clone());
            return;
        }
        *old = None;
        if acts_as != Do::Register {
            return;
        }
        let now = match to {
            Is::Applied => &mut self.applied_on,
            Is::Member | Is::Observer => &mut self.admitted_on,
            // When it ended is told by the event that ended it last.
            _ => return,
        };
        now.get_or_insert_with(|| on.clone());
    }

    /// Forgets what a live membership, or one that is only asked for, can't have.
    pub fn clear_impossible_dates(&mut self, status: Is) {
        if status.is_live() {
            self.ended_on = None;
        }
        if status.is_asked_for() {
            self.admitted_on = None;
        }
    }
}
