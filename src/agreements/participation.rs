//! Where parties stand as the status of their agreement changes. Pure.

use crate::core::vocabulary::lifecycle::{LegalStatus, ParticipationStatus};

/// Where a party stands when nobody says so.
pub fn usual(status: LegalStatus) -> ParticipationStatus {
    match status {
        LegalStatus::Proposed | LegalStatus::Approved | LegalStatus::Abandoned => {
            ParticipationStatus::Invited
        }
        LegalStatus::Signed => ParticipationStatus::Signatory,
        LegalStatus::InForce
        | LegalStatus::Suspended
        | LegalStatus::Expired
        | LegalStatus::Terminated
        | LegalStatus::Superseded => ParticipationStatus::Party,
    }
}

/// Who moves on, and to what, when the agreement reaches this status: those who were asked become
/// signatories when it is signed, and parties when it binds them, or has bound them.
pub fn advance(to: LegalStatus) -> Option<(&'static [ParticipationStatus], ParticipationStatus)> {
    match to {
        LegalStatus::Signed => Some((
            &[ParticipationStatus::Invited],
            ParticipationStatus::Signatory,
        )),
        LegalStatus::InForce
        | LegalStatus::Suspended
        | LegalStatus::Expired
        | LegalStatus::Terminated
        | LegalStatus::Superseded => Some((
            &[ParticipationStatus::Invited, ParticipationStatus::Signatory],
            ParticipationStatus::Party,
        )),
        LegalStatus::Proposed | LegalStatus::Approved | LegalStatus::Abandoned => None,
    }
}

/// Where a party stands once an agreement of this status is recorded.
pub fn initial(given: Option<ParticipationStatus>, status: LegalStatus) -> ParticipationStatus {
    let stands = given.unwrap_or_else(|| usual(status));
    match advance(status) {
        Some((from, reached)) if from.contains(&stands) => reached,
        _ => stands,
    }
}
