//! The recorded lives of agreements and memberships: rows of events, the periods of their statuses,
//! and the questions asked about another day than today.
//!
//! What may happen is a table in each room; the machine that reads it is [`crate::core::state_machine`].
//! What both rooms store and answer alike is here.

pub mod agreement_listing;
pub mod legal_act;
pub mod lifespans;
pub mod live_days;
pub mod needs;
pub mod periods;
pub mod problems;
pub mod recompute;
pub mod store;

pub use legal_act::{LegalAct, LegalActIn, Vote};
pub use periods::{add_periods, as_of_condition, replace_periods, status_at};
pub use problems::{illegal, is_refusal, waits};
pub use store::{EventRow, NewEvent, insert, of_subject, of_subjects, recorded};

/// Longest reason of an event in words.
pub const MAX_REASON: usize = 2000;
/// Longest note of an event.
pub const MAX_NOTE: usize = 4000;
/// Longest name of the place of an event.
pub const MAX_PLACE: usize = 300;

/// The record an event or a period belongs to, by its internal key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A paper between partners.
    Agreement(i64),
    /// A partner's place in a network.
    Membership(i64),
}

impl Subject {
    /// The internal key of the agreement, or of the membership: one of both.
    pub fn keys(self) -> (Option<i64>, Option<i64>) {
        match self {
            Self::Agreement(key) => (Some(key), None),
            Self::Membership(key) => (None, Some(key)),
        }
    }
}

/// Which of the two sorts of records is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectKind {
    /// Agreements.
    Agreements,
    /// Memberships.
    Memberships,
}

impl SubjectKind {
    /// The table of these records.
    pub fn table(self) -> &'static str {
        match self {
            Self::Agreements => "agreements",
            Self::Memberships => "memberships",
        }
    }

    /// The column by which events and periods name them.
    pub fn column(self) -> &'static str {
        match self {
            Self::Agreements => "agreement_id",
            Self::Memberships => "membership_id",
        }
    }
}
