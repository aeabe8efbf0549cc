//! What can be checked of a new agreement before anything is looked up.

use super::checks::not_ahead;
use super::events::types::EventIn;
use super::lifecycle::initial_events::{self, First, KnownDates};
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
    pub(super) past: Option<Vec<EventIn>>,
}

impl CheckedInput {
    fn known_dates(&self) -> KnownDates<'_> {
        KnownDates {
            initial_status: self.stated,
            entry_into_force: self.new.entry_into_force,
            proposed_on: self.new.proposed_on.as_ref(),
            approved_on: self.new.approved_on.as_ref(),
            signed_on: self.new.signed_on.as_ref(),
            in_force_on: self.new.in_force_on.as_ref(),
        }
    }

    /// The events it is entered with when it tells no others; what forbids them is noted.
    pub(super) fn first_events(&self, ctx: &Ctx, issues: &mut Issues) -> Vec<First> {
        if self.past.is_some() {
            return Vec::new();
        }
        initial_events::first_events(&self.known_dates(), ctx.today()).unwrap_or_else(|failure| {
            issues.extend([failure.into()]);
            Vec::new()
        })
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
        issues.add(
            "/initial_status",
            "either_or",
            "a whole past says which status it begins with",
        );
    }
    if events.is_empty() || events.len() > MAX_EVENTS {
        issues.add(
            "/events",
            "length",
            format!("must hold from 1 to {MAX_EVENTS} events"),
        );
    }
    let registers = |event: &EventIn| {
        event
            .action
            .as_ref()
            .is_some_and(|action| matches!(action.0, Ok(EventAction::Register)))
    };
    if let Some(first) = events.first() {
        if first.action.is_some() && !registers(first) {
            issues.add(
                "/events/0/action",
                "not_register",
                "the first event of a past is register",
            );
        }
        if registers(first) && first.to_status.is_none() {
            issues.add(
                "/events/0/to_status",
                "required",
                "register says which status it finds",
            );
        }
        if sources.is_empty() && first.source_id.is_none() && first.source.is_none() {
            issues.add(
                "/sources",
                "required",
                "a whole past names where it is from",
            );
        }
    }
}
