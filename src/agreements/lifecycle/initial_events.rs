//! The first events of an agreement: they follow from what is known of its past.

use chrono::NaiveDate;

use super::{AT_BIRTH, signed};
use crate::agreements::dates::{Dates, reached};
use crate::core::{
    edtf::Edtf,
    issue::FieldIssue,
    vocabulary::{
        agreement::EntryIntoForce,
        lifecycle::EventAction as Do,
        lifecycle::LegalStatus::{
            self, Abandoned, Approved, Expired, InForce, Proposed, Signed, Superseded, Suspended,
            Terminated,
        },
    },
};

/// One of the first events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct First {
    /// What was done; `register` opens the log.
    pub action: Do,
    /// Where it leads, where the table leaves that open.
    pub to: Option<LegalStatus>,
    /// When.
    pub on: Edtf,
}

/// The first events, the oldest first, of an agreement that is entered with a status, if one is stated, and with
/// these dates.
///
/// There is one for each date that is given, in the order of the lifecycle; a status whose step has no date stands at
/// "by today". Refused are a stated status that the dates contradict, and one that is reached by a day still to
/// come.
pub fn first_events(
    stated: Option<LegalStatus>,
    entry: EntryIntoForce,
    dates: &Dates,
    today: NaiveDate,
) -> Result<Vec<First>, FieldIssue> {
    let in_force_on = dates.in_force_on.as_ref();
    let planned = in_force_on.is_some_and(|day| day.earliest() > Some(today));
    let dated = dated(stated, entry, dates, planned);
    let furthest = dated.last().map(|(status, _)| *status);
    let target = target(stated, planned, furthest)?;
    let mut first: Vec<First> = Vec::new();
    let mut at: Option<LegalStatus> = None;
    for (status, on) in dated {
        first.push(step(at, status, on.clone()));
        at = Some(status);
    }
    let some_day = || Edtf::no_later_than(today);
    while at != Some(target) {
        let next = match at {
            None => target,
            Some(at) => towards(at, target, entry),
        };
        first.push(step(at, next, some_day()));
        at = Some(next);
    }
    Ok(first)
}

/// The dates with the statuses they brought.
fn dated(
    stated: Option<LegalStatus>,
    entry: EntryIntoForce,
    dates: &Dates,
    planned: bool,
) -> Vec<(LegalStatus, &Edtf)> {
    let come = dates.in_force_on.as_ref().filter(|_| !planned);
    // A day of entry into force, or a status that only a signed agreement can have, says that the
    // signature alone brought nothing into force.
    let unbound = matches!(stated, Some(Signed | Abandoned));
    let signs = if dates.in_force_on.is_some() || unbound {
        Signed
    } else {
        signed(entry)
    };
    [
        (Proposed, dates.proposed_on.as_ref()),
        (Approved, dates.approved_on.as_ref()),
        (signs, dates.signed_on.as_ref()),
        (InForce, come),
    ]
    .into_iter()
    .filter_map(|(status, date)| Some((status, date?)))
    .collect()
}

/// The status it is entered with: the one that is stated, else the furthest step for which there is a
/// date. When it is known on which day it will enter into force, it is signed.
fn target(
    stated: Option<LegalStatus>,
    planned: bool,
    furthest: Option<LegalStatus>,
) -> Result<LegalStatus, FieldIssue> {
    let Some(stated) = stated else {
        return Ok(if planned {
            Signed
        } else {
            furthest.unwrap_or(Proposed)
        });
    };
    if !AT_BIRTH.contains(&stated) {
        let rule = "an agreement becomes superseded by the action supersede, which names the \
                    agreement that took its place";
        return Err(FieldIssue::new("/initial_status", "not_at_birth", rule));
    }
    let binds = matches!(stated, InForce | Suspended | Expired | Terminated);
    if binds && planned {
        let rule = format!("an agreement that is to enter into force is not {stated} yet");
        return Err(FieldIssue::new("/in_force_on", "in_the_future", rule));
    }
    let last = if stated == Abandoned { Signed } else { stated };
    if let Some(furthest) = furthest.filter(|furthest| reached(*furthest) > reached(last)) {
        let rule = format!(
            "the dates say that it is {furthest}, at least; leave out the date of what has not \
             happened, or the status"
        );
        return Err(FieldIssue::new("/initial_status", "contradiction", rule));
    }
    Ok(stated)
}

/// The next status on the way from one to another; what is neither dated nor the one that is stated
/// has to have been met all the same.
fn towards(at: LegalStatus, target: LegalStatus, entry: EntryIntoForce) -> LegalStatus {
    match (at, target) {
        (Proposed | Approved, InForce | Suspended | Expired | Terminated) => signed(entry),
        (Signed, Suspended | Expired | Terminated) => InForce,
        (_, target) => target,
    }
}

/// The event that leads there; the first one registers the agreement.
fn step(at: Option<LegalStatus>, to: LegalStatus, on: Edtf) -> First {
    let Some(at) = at else {
        let (action, to) = (Do::Register, Some(to));
        return First { action, to, on };
    };
    let (action, to) = match to {
        Proposed | Approved => (Do::Approve, None),
        Signed => (Do::Sign, Some(Signed)),
        InForce if at == Signed => (Do::EnterIntoForce, None),
        InForce => (Do::Sign, Some(InForce)),
        Suspended => (Do::Suspend, None),
        Expired => (Do::Expire, None),
        Terminated => (Do::Terminate, None),
        Superseded => (Do::Supersede, None),
        Abandoned => (Do::Abandon, None),
    };
    First { action, to, on }
}
