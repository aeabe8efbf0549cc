//! The life of an agreement in memory: its events, what they amount to, and one more of them.
//!
//! Everything is decided here before anything of it is written, for an agreement that is there as for
//! one that is being recorded with its whole past.

mod add;
mod base;
mod conditions;
mod dates;
mod stored;

use std::collections::HashMap;

use chrono::NaiveDate;

use super::types::Details;
use crate::agreements::dates::Dates;
use crate::agreements::lifecycle::MACHINE;
use crate::agreements::lifecycle::guards::Misstated;
use crate::agreements::lifecycle::stays::misstated;
use crate::agreements::lifecycle::story::{self, Base, Story, Term};
use crate::agreements::rules::NewAgreement;
use crate::agreements::types::Warning;
use crate::core::duration::CalendarDuration;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::state_machine::{Event, Folded, Order, allowed_now};
use crate::core::vocabulary::agreement::EntryIntoForce;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle::lifespans::Lifespans;

pub use stored::{allowed_of, happened, lives_of, stories_of};

/// An agreement's machine events.
pub type Step = Event<EventAction, LegalStatus>;
/// An agreement's fold.
pub type Fold = Folded<EventAction, LegalStatus>;

/// Stands for the event that is not stored yet: no other has this key.
const NEW: i64 = i64::MAX;

/// What the conditions ask of the record itself.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The internal key; none for one that is being recorded.
    pub(crate) key: Option<i64>,
    pub(super) entry_into_force: EntryIntoForce,
    pub(super) notice_period: Option<CalendarDuration>,
    /// The lives of the parties it is recorded with; of one that is stored they are looked up.
    pub(crate) lives: Lifespans,
    /// The dates of the steps.
    pub(crate) dates: Dates,
}

/// An event with what it says.
#[derive(Debug, Clone)]
pub struct Happened {
    pub(crate) step: Step,
    pub(crate) public_id: Option<PublicId>,
    /// Its own date; of a notice the end it announces.
    pub(crate) on: Edtf,
    pub(crate) details: Details,
    pub(crate) source: Option<i64>,
}

/// What the events amount to.
#[derive(Debug, Clone)]
pub struct Now {
    pub(crate) fold: Fold,
    pub(crate) order: Order,
    pub(crate) story: Story,
    /// What the record says of its parties and could not have been.
    pub(crate) misstated: Vec<Misstated>,
}

/// The life of one agreement.
#[derive(Debug, Clone)]
pub struct Life {
    pub(crate) facts: Facts,
    pub(crate) base: Base,
    /// In the order of recording.
    pub(crate) happened: Vec<Happened>,
    /// None before the first event.
    pub(crate) now: Option<Now>,
}

/// One more event that has passed every check.
#[derive(Debug)]
pub struct Added {
    /// The status it meets.
    pub(crate) met: Option<LegalStatus>,
    /// The status after it.
    pub(crate) to: LegalStatus,
    /// What the event said that it corrects.
    pub(crate) wrong: Option<Details>,
    /// The action it does, or puts right.
    pub(crate) acts_as: EventAction,
    /// What is odd about it.
    pub(crate) warnings: Vec<Warning>,
}

impl Life {
    /// The life of an agreement that is being recorded today, between these partners (internal keys).
    pub fn begin(new: &NewAgreement, partners: &[i64], lives: Lifespans, today: NaiveDate) -> Self {
        let parties = new.parties.iter().zip(partners);
        Self {
            facts: Facts {
                key: None,
                entry_into_force: new.content.entry_into_force,
                notice_period: new.content.notice_period.clone(),
                lives,
                dates: new.content.dates.clone(),
            },
            base: Base {
                parties: parties
                    .map(|(party, key)| (*key, party.said(today)))
                    .collect(),
                term: Term {
                    valid_until: new.content.valid_until.clone(),
                    duration: new.content.duration,
                },
                signed_on: new.content.dates.signed_on.clone(),
                renewal: new.content.renewal,
            },
            happened: Vec::new(),
            now: None,
        }
    }

    /// What the events amount to; there is at least one.
    pub fn now(&self) -> Result<&Now, Problem> {
        self.now
            .as_ref()
            .ok_or_else(|| Problem::new(Code::Internal))
    }

    /// The event of this key.
    pub fn event(&self, id: i64) -> Option<&Happened> {
        self.happened.iter().find(|one| one.step.id == id)
    }

    /// Whether the history is one that today's rules would not accept.
    pub fn in_doubt(&self) -> bool {
        self.now.as_ref().is_some_and(|now| {
            let holds = now.story.faults.is_empty() && now.misstated.is_empty();
            now.order == Order::Former || !holds
        })
    }

    /// What may be recorded now, as far as the status decides.
    pub fn allowed(&self) -> Vec<EventAction> {
        self.now.as_ref().map_or_else(Vec::new, |now| {
            allowed_now(&MACHINE, &now.fold, &steps_of(&self.happened), now.order)
        })
    }

    /// The status, and what may be recorded now.
    fn current(&self) -> Option<(LegalStatus, Vec<EventAction>)> {
        let status = self.now.as_ref()?.fold.status;
        Some((status, self.allowed()))
    }
}

/// The machine's view of these events.
pub fn steps_of(happened: &[Happened]) -> Vec<Step> {
    happened.iter().map(|one| one.step.clone()).collect()
}

/// The events in the order of the fold with what they say.
fn in_order<'a>(fold: &'a Fold, happened: &'a [Happened]) -> Vec<story::Told<'a>> {
    let by_id: HashMap<i64, &Happened> = happened.iter().map(|one| (one.step.id, one)).collect();
    let all = fold.entries.iter().filter_map(|entry| {
        let one = by_id.get(&entry.id)?;
        Some(story::Told {
            entry,
            on: &one.on,
            details: &one.details,
        })
    });
    all.collect()
}

impl Now {
    /// What events that fold like this amount to; `asked` is the one of which is told what it met.
    fn tell(
        (fold, order): (Fold, Order),
        (base, happened): (&Base, &[Happened]),
        asked: i64,
        today: NaiveDate,
    ) -> Self {
        let told = in_order(&fold, happened);
        let story = story::tell(base, &told, asked, today);
        let misstated = misstated(base, &told, &story.seats, today);
        Self {
            fold,
            order,
            story,
            misstated,
        }
    }
}
