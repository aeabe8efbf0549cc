//! What can be checked of a new agreement before anything is looked up.

use super::checks::not_ahead;
use super::events::types::EventIn;
use super::lifecycle::initial_events::{First, first_events};
use super::rules::{self, NewAgreement};
use super::types::AgreementIn;
use crate::changes::Ctx;
use crate::core::issue::Issues;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::evidence::citations::types::NewCitation;

/// Where a new agreement comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Someone who is logged in: the entry itself may be the source.
    Request,
    /// A file: it names its source.
    Import,
}

/// Most events a whole past may have.
const MAX_EVENTS: usize = 200;

/// An agreement whose own values are right, and what is known of its life.
#[derive(Debug)]
pub(super) struct CheckedInput {
    pub(super) new: NewAgreement,
    pub(super) sources: Vec<NewCitation>,
    stated: Option<LegalStatus>,
    past: Option<Vec<EventIn>>,
}

/// How a new agreement came to be what it is.
#[derive(Debug)]
pub(super) enum Steps {
    /// As its dates and `initial_status` say.
    Derived(Vec<First>),
    /// As it was told event by event.
    Told(Vec<EventIn>),
}

impl CheckedInput {
    /// The events it is entered with: those that it tells, else those that follow; what forbids these is
    /// noted.
    pub(super) fn steps(&mut self, ctx: &Ctx, issues: &mut Issues) -> Steps {
        if let Some(events) = self.past.take() {
            return Steps::Told(events);
        }
        let new = &self.new;
        let first = first_events(
            self.stated,
            new.content.entry_into_force,
            &new.content.dates,
            ctx.today(),
        );
        Steps::Derived(first.unwrap_or_else(|failure| {
            issues.extend([failure]);
            Vec::new()
        }))
    }
}

/// Checks all that can be checked without the registry; what is wrong goes to `issues`.
pub(super) fn entry(
    ctx: &Ctx,
    mut input: AgreementIn,
    sources: Vec<NewCitation>,
    origin: Origin,
    issues: &mut Issues,
) -> CheckedInput {
    let past = input.events.take();
    let stated = issues.take("/initial_status", input.initial_status.take());
    past_is_whole(past.as_deref(), stated, &sources, issues);
    if origin == Origin::Import && sources.is_empty() {
        issues.add("/sources", "required", "what is imported names its source");
    }
    let new = rules::check(input, issues);
    not_ahead(&new, ctx, issues);
    CheckedInput {
        new,
        sources,
        stated,
        past,
    }
}

fn past_is_whole(
    past: Option<&[EventIn]>,
    stated: Option<LegalStatus>,
    sources: &[NewCitation],
    issues: &mut Issues,
) {
    let Some(events) = past else { return };
    if stated.is_some() {
        let rule = "a whole past says which status it begins with";
        issues.add("/initial_status", "either_or", rule);
    }
    if events.is_empty() || events.len() > MAX_EVENTS {
        let rule = format!("must hold from 1 to {MAX_EVENTS} events");
        issues.add("/events", "length", rule);
    }
    let Some(first) = events.first() else { return };
    let registers = first.action == Some(EventAction::Register.into());
    if first.action.is_some() && !registers {
        let rule = "the first event of a past is register";
        issues.add("/events/0/action", "not_register", rule);
    }
    if registers && first.to_status.is_none() {
        let rule = "register says which status it finds";
        issues.add("/events/0/to_status", "required", rule);
    }
    if sources.is_empty() && first.source_id.is_none() && first.source.is_none() {
        let rule = "a whole past names where it is from";
        issues.add("/sources", "required", rule);
    }
}
