//! What an event has to say, as its action asks. Pure: the rest of it is checked in `events`.

use super::types::EventIn;
use crate::core::edtf::Edtf;
use crate::core::issue::Issues;
use crate::core::vocabulary::lifecycle::MembershipAction as Do;
use crate::lifecycle::needs::{Need, missing};
use crate::networks::lifecycle::NEEDS;

/// The action and the date of an event, and whether it has what its action needs and nothing else.
///
/// What is wrong goes to `issues`, below `at`. `sourced` says that the record itself names a source, as at its creation.
pub fn event(
    input: &EventIn,
    at: &str,
    sourced: bool,
    issues: &mut Issues,
) -> (Option<Do>, Option<Edtf>) {
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
    let action = issues.take_required(&p("action"), input.action.clone());
    let effective_on = issues.take_required(&p("effective_on"), input.effective_on.clone());
    let Some(action) = action else {
        return (None, effective_on);
    };
    for (pointer, message) in missing(NEEDS, &action, given) {
        issues.add(format!("{at}{pointer}"), "required", message);
    }
    let states = input.to_status.is_some();
    let corrects = input.corrects_event_id.is_some();
    let of_class = [
        Do::ChangeClass,
        Do::Admit,
        Do::Apply,
        Do::Register,
        Do::Correct,
    ];
    for (given, field, of) in [
        (states, "to_status", &[Do::Register, Do::Correct][..]),
        (input.class.is_some(), "class", &of_class),
        (corrects, "corrects_event_id", &[Do::Correct]),
    ] {
        if given && !of.contains(&action) {
            let of: Vec<String> = of.iter().map(ToString::to_string).collect();
            let rule = format!("belongs to {} only", of.join(", "));
            issues.add(p(field), "not_applicable", rule);
        }
    }
    if action == Do::Register && !states {
        issues.missing(&p("to_status"));
    }
    (Some(action), effective_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(input: EventIn) -> Vec<String> {
        let mut issues = Issues::default();
        event(&input, "", false, &mut issues);
        issues.pointers()
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
