//! What must hold of a membership's own fields. Pure: what needs other records is checked in
//! `create` and `change`.

use chrono::NaiveDate;

use super::event_rules::{NewEvent, event};
use super::initial_events::{self, First};
use super::store::Own;
use super::types::{EventIn, MembershipIn, Office, OfficeIn};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::{Checked, Issues};
use crate::core::vocabulary::lifecycle::{
    MembershipAction as Do, MembershipStatus, MembershipStatus as Is,
};
use crate::db::Json;
use crate::evidence::citations::types::NewCitation;
use crate::http::validate;
use crate::networks::lifecycle::OBSERVER_CLASS;
use crate::networks::lifecycle::story::Facts;
use crate::networks::rules::MAX_CLASS;
use crate::partners::names::reversed;
use crate::partners::rules::sources;

/// Longest text of a field that holds a name.
const MAX_NAME: usize = 200;
/// Most offices, and most events of a past.
const MAX_ITEMS: usize = 100;

/// A membership whose own values are right.
#[derive(Debug, Clone)]
pub struct NewMembership {
    pub(crate) partner: Option<PublicId>,
    pub(crate) network: Option<PublicId>,
    pub(crate) via: Option<PublicId>,
    pub(crate) facts: Facts,
    pub(crate) section: Option<String>,
    /// Whether a date that says how it begins was given and refused.
    pub(crate) refused: bool,
    pub(crate) offices: Vec<Office>,
    pub(crate) sources: Vec<NewCitation>,
}

impl NewMembership {
    /// What it says beside its class and its dates, with the internal key of the partner it is a member through.
    pub(super) fn own(&self, via: Option<i64>) -> Own {
        Own {
            section: self.section.clone().unwrap_or_default(),
            via_partner_id: via,
            offices: Json(self.offices.clone()),
        }
    }
}

/// How a new membership begins.
#[derive(Debug, Clone)]
pub enum Past {
    /// As its dates and `initial_status` say.
    Derived(Vec<First>),
    /// As it was told event by event.
    Told(Vec<NewEvent>),
}

fn office(at: &str, input: OfficeIn, issues: &mut Issues) -> Option<Office> {
    let p = |name: &str| format!("{at}/{name}");
    let office = validate::required_text(&p("office"), input.office, MAX_NAME, issues);
    let name = validate::text(&p("name"), input.name, MAX_NAME, issues);
    let since = issues.take(&p("since"), input.since);
    let until = issues.take(&p("until"), input.until);
    reversed(&p("until"), since.as_ref(), until.as_ref(), issues);
    Some(Office {
        office: office?,
        name,
        since,
        until,
    })
}

/// Checks every field that can be checked by itself; what is wrong goes to `issues`.
pub fn check(input: MembershipIn, today: NaiveDate, issues: &mut Issues) -> NewMembership {
    validate::record_state("/record_state", input.record_state, issues);
    let partner = issues.require("/partner_id", input.partner_id);
    let partner = validate::id("/partner_id", partner, Kind::Partner, issues);
    let network = issues.require("/network_id", input.network_id);
    let network = validate::id("/network_id", network, Kind::Network, issues);
    let via = validate::id(
        "/via_partner_id",
        input.via_partner_id,
        Kind::Partner,
        issues,
    );
    if via.is_some() && via == partner {
        issues.add(
            "/via_partner_id",
            "same_partner",
            "a partner is no member through itself",
        );
    }
    let dated = [input.applied_on.is_some(), input.admitted_on.is_some()];
    let applied_on = issues.take("/applied_on", input.applied_on);
    let admitted_on = issues.take("/admitted_on", input.admitted_on);
    let ended_on = issues.take("/ended_on", input.ended_on);
    let refused = dated != [applied_on.is_some(), admitted_on.is_some()];
    reversed(
        "/admitted_on",
        applied_on.as_ref(),
        admitted_on.as_ref(),
        issues,
    );
    reversed(
        "/ended_on",
        admitted_on.as_ref().or(applied_on.as_ref()),
        ended_on.as_ref(),
        issues,
    );
    let facts = Facts {
        class: validate::text("/class", input.class, MAX_CLASS, issues),
        applied_on,
        admitted_on,
        ended_on,
    };
    for (at, date) in facts.dates() {
        // Nothing about a membership is recorded before its day.
        if date.is_some_and(|date| date.earliest() > Some(today)) {
            let rule = "a step is recorded once it has happened";
            issues.add(at, "in_the_future", rule);
        }
    }
    NewMembership {
        partner,
        network,
        via,
        facts,
        section: validate::text("/section", input.section, MAX_CLASS, issues),
        refused,
        offices: validate::list("/offices", input.offices, MAX_ITEMS, issues, office),
        sources: sources(input.sources, issues),
    }
}

/// How the membership begins: as it was told, or as its dates say. `sourced` says that the record
/// itself names a source.
pub fn past(
    new: &mut NewMembership,
    stated: Option<Checked<MembershipStatus>>,
    events: Option<Vec<EventIn>>,
    (today, sourced): (NaiveDate, bool),
    issues: &mut Issues,
) -> Past {
    let given = stated.is_some();
    let stated = issues.take("/initial_status", stated);
    if let Some(events) = events {
        if given {
            let rule = "give initial_status or the whole past as events, not both";
            issues.add("/initial_status", "either_or", rule);
        }
        if events.is_empty() || events.len() > MAX_ITEMS {
            issues.add(
                "/events",
                "length",
                format!("must hold from 1 to {MAX_ITEMS}"),
            );
        }
        let told = events.into_iter().enumerate();
        return Past::Told(
            told.map(|(i, input)| {
                let at = format!("/events/{i}");
                let event = event(input, &at, sourced, issues);
                if event.action == Some(Do::Correct) {
                    let rule = "a past that is told for the first time needs no corrections";
                    issues.add(format!("{at}/action"), "not_applicable", rule);
                }
                if event.source.is_none() && !sourced && event.action != Some(Do::Note) {
                    issues.add(format!("{at}/source_id"), "required", "name a source");
                }
                event
            })
            .collect(),
        );
    }
    // A refused status or date is told already: what else is missing can't be known.
    if new.refused || (given && stated.is_none()) {
        return Past::Derived(Vec::new());
    }
    if stated == Some(Is::Observer) && new.facts.class.is_none() {
        new.facts.class = Some(OBSERVER_CLASS.to_owned());
    }
    let first = initial_events::first_events(&new.facts, stated, today, issues);
    Past::Derived(first)
}
