//! What is told of a record on a day of the past: nothing that certainly came later.

use chrono::NaiveDate;

use crate::agreements::types::AgreementView;
use crate::core::edtf::Edtf;
use crate::core::vocabulary::lifecycle::EventAction;
use crate::core::vocabulary::partner::Existence;
use crate::networks::memberships::types::MembershipView;
use crate::networks::types::NetworkView;
use crate::partners::types::PartnerView;

/// What is left out of a page of another day.
#[derive(Debug, Default)]
pub struct Later {
    /// Whether nothing of the record had happened yet.
    pub not_yet: bool,
    /// How many events came later.
    pub later: usize,
}

/// Whether what was on this date, if anybody knows it, may have been by then.
pub fn may_have_been(on: Option<&Edtf>, day: NaiveDate) -> bool {
    on.and_then(Edtf::earliest)
        .is_none_or(|earliest| earliest <= day)
}

/// Forgets a date that is certainly later.
fn forget(date: &mut Option<Edtf>, day: NaiveDate) {
    date.take_if(|date| !may_have_been(Some(date), day));
}

/// Keeps the events that may have been by then.
fn keep<E>(events: &mut Option<Vec<E>>, day: NaiveDate, on: impl Fn(&E) -> &Edtf) -> Later {
    let Some(events) = events else {
        return Later::default();
    };
    let before = events.len();
    events.retain(|event| may_have_been(Some(on(event)), day));
    Later {
        not_yet: events.is_empty() && before > 0,
        later: before - events.len(),
    }
}

/// Takes off a partner what came later than this day; whether it was not there yet, as far as is known.
pub fn partner(view: &mut PartnerView, day: NaiveDate) -> bool {
    let known = view.dissolved_on.is_some();
    forget(&mut view.dissolved_on, day);
    if known && view.dissolved_on.is_none() {
        view.existence = Existence::Active;
    }
    !may_have_been(view.founded_on.as_ref(), day)
}

/// Takes off a network what came later than this day.
pub fn network(view: &mut NetworkView, day: NaiveDate) {
    forget(&mut view.dissolved_on, day);
}

/// Takes off an agreement what came later than this day.
pub fn agreement(view: &mut AgreementView, day: NaiveDate) -> Later {
    for date in [
        &mut view.proposed_on,
        &mut view.approved_on,
        &mut view.signed_on,
        &mut view.in_force_on,
    ] {
        forget(date, day);
    }
    if view.signed_on.is_none() {
        view.signed_at = None;
    }
    for party in &mut view.parties {
        let own_day = party.signed_on.is_some();
        forget(&mut party.signed_on, day);
        if party.signed_on.is_none() && (own_day || view.signed_on.is_none()) {
            party.signatories = None;
        }
    }
    view.last_confirmed_on.take_if(|on| *on > day);
    if let Some(activities) = &mut view.activities {
        activities.retain(|activity| may_have_been(activity.starts_on.as_ref(), day));
    }
    // A notice is given before the end that it brings.
    keep(&mut view.events, day, |event| {
        let given = event.notice_given_on.as_ref();
        let given = given.filter(|_| event.action == EventAction::GiveNotice);
        given.unwrap_or(&event.effective_on)
    })
}

/// Takes off a membership what came later than this day.
pub fn membership(view: &mut MembershipView, day: NaiveDate) -> Later {
    for date in [
        &mut view.applied_on,
        &mut view.admitted_on,
        &mut view.ended_on,
    ] {
        forget(date, day);
    }
    let offices = &mut view.offices;
    offices.retain(|office| may_have_been(office.since.as_ref(), day));
    keep(&mut view.events, day, |event| &event.effective_on)
}

/// Whether a paper may have been there on this day, as far as its dates say.
pub fn had_begun(view: &AgreementView, day: NaiveDate) -> bool {
    let dates = [
        &view.proposed_on,
        &view.approved_on,
        &view.signed_on,
        &view.in_force_on,
    ];
    let mut known = dates.into_iter().flatten().peekable();
    known.peek().is_none() || known.any(|on| may_have_been(Some(on), day))
}
