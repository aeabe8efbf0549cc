//! The first event of an agreement: its status and day follow from what is known of its past.

use chrono::NaiveDate;

use super::{AT_BIRTH, guards::GuardFailure, signed};
use crate::core::{
    edtf::Edtf,
    vocabulary::{
        agreement::EntryIntoForce,
        lifecycle::LegalStatus::{self, Approved, InForce, Proposed, Signed},
    },
};

/// What is known of an agreement when it is entered.
#[derive(Debug, Clone, Copy, Default)]
pub struct Birth<'a> {
    /// The status, when it is stated.
    pub initial_status: Option<LegalStatus>,
    /// What brings it into force.
    pub entry_into_force: EntryIntoForce,
    /// When it was proposed.
    pub proposed_on: Option<&'a Edtf>,
    /// When it was approved.
    pub approved_on: Option<&'a Edtf>,
    /// When it was signed.
    pub signed_on: Option<&'a Edtf>,
    /// When it came, or is to come, into force.
    pub in_force_on: Option<&'a Edtf>,
}

/// The status an agreement is entered with.
///
/// What is stated wins; else the furthest step for which there is a date. A day of entry into force
/// that is still to come brings nothing yet. Refused is a stated `superseded`.
pub fn initial_status(birth: &Birth<'_>, today: NaiveDate) -> Result<LegalStatus, GuardFailure> {
    if let Some(stated) = birth.initial_status {
        return if AT_BIRTH.contains(&stated) {
            Ok(stated)
        } else {
            let (pointer, code) = ("/initial_status", "not_at_birth");
            let rule = "an agreement becomes superseded by the action supersede, which names the \
                        agreement that took its place";
            Err(GuardFailure::new(pointer, code, rule))
        };
    }
    let come = birth
        .in_force_on
        .is_some_and(|day| day.earliest() <= Some(today));
    Ok(if come {
        InForce
    } else if birth.signed_on.is_some() {
        signed(birth.entry_into_force)
    } else if birth.approved_on.is_some() {
        Approved
    } else if birth.in_force_on.is_some() {
        // It is agreed when it will enter into force, so it is signed although nobody says when.
        Signed
    } else {
        Proposed
    })
}

/// The day of the first event: the earliest date that is known, else some day up to today.
pub fn birth_date(birth: &Birth<'_>, today: NaiveDate) -> Edtf {
    let Birth {
        proposed_on,
        approved_on,
        signed_on,
        in_force_on,
        ..
    } = *birth;
    [proposed_on, approved_on, signed_on, in_force_on]
        .into_iter()
        .flatten()
        // Of two that may begin on the same day the more precise one is the earlier.
        .min_by_key(|date| (date.earliest(), date.latest().unwrap_or(NaiveDate::MAX)))
        .cloned()
        .unwrap_or_else(|| Edtf::no_later_than(today))
}
