//! The first events of a membership: they follow from what is known of its past. Pure.

use chrono::NaiveDate;

use crate::core::edtf::Edtf;
use crate::core::issue::Issues;
use crate::core::vocabulary::lifecycle::{MembershipAction as Do, MembershipStatus as Is};
use crate::networks::lifecycle::story::Facts;
use crate::networks::lifecycle::{OBSERVER_CLASS, initial_status};

/// One of the first events: what happened, the status it names, and when.
pub type First = (Do, Option<Is>, Edtf);

/// Where it went from `ended` on, as an action.
fn leave(stated: Option<Is>) -> Do {
    match stated {
        Some(Is::Withdrawn) => Do::Withdraw,
        Some(Is::Excluded) => Do::Exclude,
        Some(Is::Lapsed) => Do::Lapse,
        _ => Do::End,
    }
}

/// The events that say what is known, beside the status when it is stated.
///
/// The first one registers the membership, an admission after an application and an end follow. What contradicts
/// itself goes to `issues`.
pub fn first_events(
    known: &Facts,
    stated: Option<Is>,
    today: NaiveDate,
    issues: &mut Issues,
) -> Vec<First> {
    let class = match stated {
        Some(Is::Observer) => Some(known.class.as_deref().unwrap_or(OBSERVER_CLASS)),
        _ => known.class.as_deref(),
    };
    let (admitted, applied) = (known.admitted_on.is_some(), known.applied_on.is_some());
    let Some(status) = initial_status(admitted, applied, class, stated) else {
        let rule = "needed when neither admitted_on nor applied_on is given";
        issues.add("/initial_status", "required", rule);
        return Vec::new();
    };
    let live = stated.filter(|stated| stated.is_live());
    if live.is_some_and(|stated| stated != status) {
        let rule =
            format!("the dates say it begins as {status}; what came later is recorded as an event");
        issues.add("/initial_status", "contradiction", rule);
    }
    if live.is_some() && known.ended_on.is_some() {
        let rule = "a live membership has not ended";
        issues.add("/ended_on", "contradiction", rule);
    }
    let over = stated.is_some() && live.is_none();
    let some_day = || Edtf::no_later_than(today);
    let ended = || known.ended_on.clone().unwrap_or_else(some_day);
    let mut first: Vec<First> = match (&known.applied_on, &known.admitted_on) {
        (None, None) => {
            let day = if over { ended() } else { some_day() };
            return vec![(Do::Register, Some(status), day)];
        }
        (Some(applied), Some(admitted)) => vec![
            (Do::Register, Some(Is::Applied), applied.clone()),
            (Do::Admit, Some(status), admitted.clone()),
        ],
        (Some(only), None) | (None, Some(only)) => {
            vec![(Do::Register, Some(status), only.clone())]
        }
    };
    if over || known.ended_on.is_some() {
        first.push((leave(stated), None, ended()));
    }
    first
}

#[cfg(test)]
mod tests {
    type Step = (Do, Option<Is>, String);

    use super::*;

    const TODAY: &str = "2026-11-24";

    fn initial(
        applied: Option<&str>,
        admitted: Option<&str>,
        ended: Option<&str>,
        stated: Option<Is>,
    ) -> (Vec<Step>, Vec<String>) {
        let date = |text: Option<&str>| text.map(|text| text.parse::<Edtf>().unwrap());
        let known = Facts {
            class: None,
            applied_on: date(applied),
            admitted_on: date(admitted),
            ended_on: date(ended),
        };
        let mut issues = Issues::default();
        let first = first_events(&known, stated, TODAY.parse().unwrap(), &mut issues);
        let first = first
            .into_iter()
            .map(|(action, to, on)| (action, to, on.to_string()));
        (first.collect(), issues.pointers())
    }

    #[test]
    fn the_dates_say_how_it_begins() {
        let (first, issues) = initial(None, Some("1997"), None, None);
        assert_eq!(first, [(Do::Register, Some(Is::Member), "1997".to_owned())]);
        assert!(issues.is_empty());
        let (first, _) = initial(Some("1996"), Some("1997"), None, None);
        assert_eq!(first[1], (Do::Admit, Some(Is::Member), "1997".to_owned()));
        let (first, _) = initial(Some("1996"), None, None, None);
        assert_eq!(
            first,
            [(Do::Register, Some(Is::Applied), "1996".to_owned())]
        );
    }

    #[test]
    fn an_end_is_an_event_of_its_own() {
        let (first, _) = initial(None, Some("1997"), Some("2010"), Some(Is::Withdrawn));
        assert_eq!(first[1], (Do::Withdraw, None, "2010".to_owned()));
        let (first, _) = initial(None, Some("1997"), None, Some(Is::Lapsed));
        assert_eq!(first[1], (Do::Lapse, None, format!("[..{TODAY}]")));
        let (first, _) = initial(None, None, Some("2010"), Some(Is::Ended));
        assert_eq!(first, [(Do::Register, Some(Is::Ended), "2010".to_owned())]);
    }

    #[test]
    fn nothing_known_needs_a_status_and_contradictions_are_told() {
        assert_eq!(initial(None, None, None, None).1, ["/initial_status"]);
        assert_eq!(
            initial(None, Some("1997"), None, Some(Is::Suspended)).1,
            ["/initial_status"]
        );
        assert_eq!(
            initial(None, None, Some("2010"), Some(Is::Member)).1,
            ["/ended_on"]
        );
        let (first, issues) = initial(None, Some("1997"), None, Some(Is::Observer));
        assert_eq!((first[0].1, issues.len()), (Some(Is::Observer), 0));
    }
}
