//! What must hold of an event's own fields. Pure: what needs other records is checked in `events`.

use super::types::{Details, EventIn};
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::lifecycle::{MembershipAction as Do, MembershipStatus};
use crate::evidence::citations::types::Which;
use crate::http::validate;
use crate::lifecycle::needs::{Need, missing};
use crate::lifecycle::{MAX_NOTE, MAX_PLACE, MAX_REASON};
use crate::networks::lifecycle::NEEDS;
use crate::networks::rules::MAX_CLASS;

/// An event as far as its own values are right; without an action or a date there is none, though what else it
/// names can be looked up.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub(crate) action: Option<Do>,
    pub(crate) effective_on: Option<Edtf>,
    pub(crate) to_status: Option<MembershipStatus>,
    pub(crate) corrects: Option<PublicId>,
    pub(crate) actor: Option<PublicId>,
    pub(crate) source: Option<Which>,
    pub(crate) document: Option<String>,
    pub(crate) details: Details,
}

/// Checks every field of an event that can be checked by itself; what is wrong goes to `issues`,
/// below `at`. `sourced` says that the record itself names a source, as at its creation.
pub fn event(input: EventIn, at: &str, sourced: bool, issues: &mut Issues) -> NewEvent {
    let p = |name: &str| format!("{at}/{name}");
    let given = |need| match need {
        Need::ReasonCode => input.reason_code.is_some(),
        Need::Class => input.class.is_some(),
        Need::Note => input.note.is_some(),
        Need::Source => input.source_id.is_some() || input.source.is_some() || sourced,
        Need::CorrectsEvent => input.corrects_event_id.is_some(),
        Need::ReasonText => input.reason_text.is_some(),
        _ => false,
    };
    let action = issues.take_required(&p("action"), input.action);
    let effective_on = issues.take_required(&p("effective_on"), input.effective_on);
    let states = input.to_status.is_some();
    let to_status = issues.take(&p("to_status"), input.to_status);
    if let Some(action) = action {
        for (pointer, message) in missing(NEEDS, &action, given) {
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
            input.class.is_some(),
            "class",
            &[
                Do::ChangeClass,
                Do::Admit,
                Do::Apply,
                Do::Register,
                Do::Correct,
            ],
        );
        let corrects = input.corrects_event_id.is_some();
        only(corrects, "corrects_event_id", &[Do::Correct]);
        if action == Do::Register && !states {
            issues.missing(&p("to_status"));
        }
    }
    let (at_corrected, at_actor) = (p("corrects_event_id"), p("actor_partner_id"));
    let corrects = validate::id(&at_corrected, input.corrects_event_id, Kind::Event, issues);
    let actor = validate::id(&at_actor, input.actor_partner_id, Kind::Partner, issues);
    let source = Which::of_event(at, input.source_id, input.source, issues);
    let details = Details {
        actor: None,
        deciding_body: issues.take(&p("deciding_body"), input.deciding_body),
        class: validate::text(&p("class"), input.class, MAX_CLASS, issues),
        reason_code: issues.take(&p("reason_code"), input.reason_code),
        reason_text: validate::prose(&p("reason_text"), input.reason_text, MAX_REASON, issues),
        formal: input.formal,
        place: validate::text(&p("place"), input.place, MAX_PLACE, issues),
        legal_act: input
            .legal_act
            .and_then(|act| act.check(&p("legal_act"), issues)),
        note: validate::prose(&p("note"), input.note, MAX_NOTE, issues),
        document: None,
    };
    NewEvent {
        action,
        effective_on,
        to_status,
        corrects,
        actor,
        source,
        document: input.document_id,
        details,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(input: EventIn) -> Vec<String> {
        let mut issues = Issues::default();
        event(input, "", false, &mut issues);
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
    }
}
