//! Where parties stand as the status of their agreement changes. Pure.

use crate::core::vocabulary::lifecycle::{LegalStatus, ParticipationStatus};

/// Where a party stands when nobody says so.
fn usual(status: LegalStatus) -> ParticipationStatus {
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

/// Where one who stands like this stands when the agreement reaches this status: who was asked becomes a
/// signatory when it is signed, and a party when it binds them, or has bound them.
pub fn advanced(stands: ParticipationStatus, to: LegalStatus) -> ParticipationStatus {
    use ParticipationStatus::{Invited, Signatory};
    match stands {
        Invited | Signatory => usual(to).max(stands),
        _ => stands,
    }
}

/// Where a party stands once an agreement of this status is recorded.
pub fn initial(given: Option<ParticipationStatus>, status: LegalStatus) -> ParticipationStatus {
    advanced(given.unwrap_or_else(|| usual(status)), status)
}
