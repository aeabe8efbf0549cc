//! What must hold of a membership's and an event's own fields. Pure: what needs other records is
//! checked in `write` and `events`.

use chrono::NaiveDate;

use super::births::{self, Birth, First};
use super::types::{Details, EventIn, MembershipIn, Office, OfficeIn};
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::lifecycle::{
    MembershipAction as Do, MembershipStatus, MembershipStatus as Is,
};
use crate::evidence::citations::types::{NewCitation, Which};
use crate::http::fields;
use crate::networks::lifecycle::{self, Given, OBSERVER_CLASS};
use crate::networks::rules::MAX_CLASS;
use crate::partners::names::reversed;
use crate::partners::rules::sources;

/// Longest text of a field that holds a name.
const MAX_NAME: usize = 200;
/// Longest name of a place.
const MAX_PLACE: usize = 300;
/// Longest note and reason.
const MAX_NOTE: usize = 2000;
/// Most offices, and most events of a past.
const MAX_ITEMS: usize = 100;

/// A membership whose own values are right.
#[derive(Debug, Clone)]
pub struct NewMembership {
    pub(crate) partner: PublicId,
    pub(crate) network: PublicId,
    pub(crate) class: Option<String>,
    pub(crate) section: Option<String>,
    pub(crate) via: Option<PublicId>,
    pub(crate) applied_on: Option<Edtf>,
    pub(crate) admitted_on: Option<Edtf>,
    pub(crate) ended_on: Option<Edtf>,
    pub(crate) offices: Vec<Office>,
    pub(crate) sources: Vec<NewCitation>,
}

/// How a new membership begins.
#[derive(Debug, Clone)]
pub enum Past {
    /// As its dates and `initial_status` say.
    Derived(Vec<First>),
    /// As it was told event by event.
    Told(Vec<NewEvent>),
}

/// An event whose own values are right.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub(crate) action: Do,
    pub(crate) effective_on: Edtf,
    pub(crate) to_status: Option<MembershipStatus>,
    pub(crate) corrects: Option<PublicId>,
    pub(crate) actor: Option<PublicId>,
    pub(crate) source: Option<Which>,
    pub(crate) details: Details,
}

fn office(at: &str, input: OfficeIn, issues: &mut Issues) -> Option<Office> {
    let p = |name: &str| format!("{at}/{name}");
    let office = fields::required_text(&p("office"), input.office, MAX_NAME, issues);
    let name = fields::text(&p("name"), input.name, MAX_NAME, issues);
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

fn offices(given: Option<Vec<OfficeIn>>, issues: &mut Issues) -> Vec<Office> {
    let given = given.unwrap_or_default();
    if given.len() > MAX_ITEMS {
        issues.add(
            "/offices",
            "length",
            format!("must hold at most {MAX_ITEMS}"),
        );
    }
    let checked = given.into_iter().enumerate();
    checked
        .filter_map(|(i, input)| office(&format!("/offices/{i}"), input, issues))
        .collect()
}

/// Notes a date that certainly lies in the future: nothing about a membership is recorded before
/// its day.
fn not_ahead(at: &str, date: Option<&Edtf>, today: NaiveDate, issues: &mut Issues) {
    if date.is_some_and(|date| date.earliest() > Some(today)) {
        issues.add(at, "in_future", "must not certainly lie in the future");
    }
}

/// Checks every field that can be checked by itself; what is wrong goes to `issues`.
pub fn check(input: MembershipIn, today: NaiveDate, issues: &mut Issues) -> Option<NewMembership> {
    fields::published_only("/record_state", input.record_state, issues);
    let id = |at: &str, value: Option<String>, kind: Kind, issues: &mut Issues| {
        value.and_then(|id| issues.check(at, PublicId::of_kind(&id, kind)))
    };
    let partner = issues.require("/partner_id", input.partner_id);
    let partner = id("/partner_id", partner, Kind::Partner, issues);
    let network = issues.require("/network_id", input.network_id);
    let network = id("/network_id", network, Kind::Network, issues);
    let via = id(
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
    let applied_on = issues.take("/applied_on", input.applied_on);
    let admitted_on = issues.take("/admitted_on", input.admitted_on);
    let ended_on = issues.take("/ended_on", input.ended_on);
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
    not_ahead("/applied_on", applied_on.as_ref(), today, issues);
    not_ahead("/admitted_on", admitted_on.as_ref(), today, issues);
    not_ahead("/ended_on", ended_on.as_ref(), today, issues);
    Some(NewMembership {
        class: fields::text("/class", input.class, MAX_CLASS, issues),
        section: fields::text("/section", input.section, MAX_CLASS, issues),
        via,
        applied_on,
        admitted_on,
        ended_on,
        offices: offices(input.offices, issues),
        sources: sources(input.sources, issues),
        partner: partner?,
        network: network?,
    })
}

/// How the membership begins: as it was told, or as its dates say.
pub fn past(
    new: Option<&mut NewMembership>,
    stated: Option<crate::core::issue::Checked<MembershipStatus>>,
    events: Option<Vec<EventIn>>,
    today: NaiveDate,
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
            told.filter_map(|(i, input)| {
                let at = format!("/events/{i}");
                let event = event(input, &at, today, issues)?;
                if event.action == Do::Correct {
                    let rule = "a past that is told for the first time needs no corrections";
                    issues.add(format!("{at}/action"), "not_applicable", rule);
                }
                if event.source.is_none() {
                    issues.add(format!("{at}/source_id"), "required", "name a source");
                }
                Some(event)
            })
            .collect(),
        );
    }
    let Some(new) = new else {
        return Past::Derived(Vec::new());
    };
    // A refused status is told already: what else is missing can't be known.
    if given && stated.is_none() {
        return Past::Derived(Vec::new());
    }
    if stated == Some(Is::Observer) && new.class.is_none() {
        new.class = Some(OBSERVER_CLASS.to_owned());
    }
    let birth = Birth {
        applied_on: new.applied_on.as_ref(),
        admitted_on: new.admitted_on.as_ref(),
        ended_on: new.ended_on.as_ref(),
        class: new.class.as_deref(),
        stated,
    };
    Past::Derived(births::first_events(&birth, today, issues))
}

/// Where an event is written: a source already there or one described, not both.
fn source(
    at: &str,
    id: Option<String>,
    described: Option<crate::evidence::sources::SourceIn>,
    issues: &mut Issues,
) -> Option<Which> {
    match (id, described) {
        (Some(_), Some(_)) => {
            let rule = "give source_id, or describe a source, not both";
            issues.add(format!("{at}/source_id"), "either_or", rule);
            None
        }
        (Some(id), None) => {
            let id = PublicId::of_kind(&id, Kind::Source);
            issues
                .check(&format!("{at}/source_id"), id)
                .map(Which::Known)
        }
        (None, Some(described)) => {
            let source = described.check(&format!("{at}/source"), issues)?;
            Some(Which::Described(Box::new(source)))
        }
        (None, None) => None,
    }
}

/// Checks every field of an event that can be checked by itself; what is wrong goes to `issues`,
/// below `at`.
pub fn event(input: EventIn, at: &str, today: NaiveDate, issues: &mut Issues) -> Option<NewEvent> {
    let p = |name: &str| format!("{at}/{name}");
    let given = Given {
        reason_code: input.reason_code.is_some(),
        class: input.class.is_some(),
        note: input.note.is_some(),
        source: input.source_id.is_some() || input.source.is_some(),
        corrects_event: input.corrects_event_id.is_some(),
        reason_text: input.reason_text.is_some(),
    };
    let action = issues.take_required(&p("action"), input.action);
    let effective_on = issues.take_required(&p("effective_on"), input.effective_on);
    not_ahead(&p("effective_on"), effective_on.as_ref(), today, issues);
    let states = input.to_status.is_some();
    let to_status = issues.take(&p("to_status"), input.to_status);
    if let Some(action) = action {
        for (pointer, message) in lifecycle::missing(action, &given) {
            issues.add(format!("{at}{pointer}"), "required", message);
        }
        let mut only = |given: bool, field: &str, of: &[Do]| {
            if given && !of.contains(&action) {
                let of: Vec<String> = of.iter().map(ToString::to_string).collect();
                let rule = format!("belongs to {} only", of.join(", "));
                issues.add(format!("{at}/{field}"), "not_applicable", rule);
            }
        };
        only(states, "to_status", &[Do::Register, Do::Correct]);
        only(
            given.class,
            "class",
            &[Do::ChangeClass, Do::Admit, Do::Apply, Do::Register],
        );
        only(given.corrects_event, "corrects_event_id", &[Do::Correct]);
        if action == Do::Register && !states {
            issues.missing(&p("to_status"));
        }
    }
    if input.document_id.is_some() {
        issues.add(
            p("document_id"),
            "not_available",
            "documents come with a later release",
        );
    }
    let corrects = input
        .corrects_event_id
        .and_then(|id| issues.check(&p("corrects_event_id"), PublicId::of_kind(&id, Kind::Event)));
    let actor = input.actor_partner_id.and_then(|id| {
        issues.check(
            &p("actor_partner_id"),
            PublicId::of_kind(&id, Kind::Partner),
        )
    });
    let source = source(at, input.source_id, input.source, issues);
    let details = Details {
        actor: None,
        deciding_body: issues.take(&p("deciding_body"), input.deciding_body),
        class: fields::text(&p("class"), input.class, MAX_CLASS, issues),
        reason_code: issues.take(&p("reason_code"), input.reason_code),
        reason_text: fields::prose(&p("reason_text"), input.reason_text, MAX_NOTE, issues),
        formal: input.formal,
        place: fields::text(&p("place"), input.place, MAX_PLACE, issues),
        legal_act: input
            .legal_act
            .and_then(|act| act.check(&p("legal_act"), issues)),
        note: fields::prose(&p("note"), input.note, MAX_NOTE, issues),
    };
    Some(NewEvent {
        action: action?,
        effective_on: effective_on?,
        to_status,
        corrects,
        actor,
        source,
        details,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(input: EventIn) -> Vec<String> {
        let mut issues = Issues::default();
        event(input, "", "2026-11-24".parse().unwrap(), &mut issues);
        issues
            .into_vec()
            .into_iter()
            .map(|issue| issue.pointer)
            .collect()
    }

    fn dated(action: Do, on: &str) -> EventIn {
        EventIn {
            action: Some(action.into()),
            effective_on: Some(on.parse::<Edtf>().unwrap().into()),
            ..EventIn::default()
        }
    }

    #[test]
    fn an_event_needs_what_its_action_needs_and_takes_nothing_else() {
        assert_eq!(pointers(EventIn::default()), ["/action", "/effective_on"]);
        assert_eq!(pointers(dated(Do::Suspend, "2022")), ["/reason_code"]);
        assert_eq!(pointers(dated(Do::Register, "2022")), ["/to_status"]);
        assert!(pointers(dated(Do::Lapse, "2022")).is_empty());
        let class = Some("full".to_owned());
        assert_eq!(
            pointers(EventIn {
                class,
                ..dated(Do::Lapse, "2022")
            }),
            ["/class"]
        );
        let document_id = Some("doc_8x3k0q2m7t".to_owned());
        let refused = pointers(EventIn {
            document_id,
            ..dated(Do::Lapse, "2022")
        });
        assert_eq!(refused, ["/document_id"]);
    }

    #[test]
    fn nothing_is_recorded_before_its_day() {
        assert_eq!(pointers(dated(Do::Lapse, "2027")), ["/effective_on"]);
        assert!(pointers(dated(Do::Lapse, "2026")).is_empty());
        assert!(pointers(dated(Do::Lapse, "[2020..]")).is_empty());
    }
}
