//! The dates of the steps of an agreement.

use diesel::prelude::*;
use strum::VariantArray as _;

use crate::core::edtf::Edtf;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::db::schema::agreements;

/// When an agreement took which step, as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agreements, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Dates {
    /// When it was proposed.
    pub proposed_on: Option<Edtf>,
    /// When it was approved.
    pub approved_on: Option<Edtf>,
    /// When it was signed.
    pub signed_on: Option<Edtf>,
    /// When it came, or is to come, into force.
    pub in_force_on: Option<Edtf>,
}

/// One of those dates, in the order of the lifecycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::VariantArray)]
pub enum Dated {
    /// `proposed_on`
    Proposed,
    /// `approved_on`
    Approved,
    /// `signed_on`
    Signed,
    /// `in_force_on`
    InForce,
}

impl Dated {
    /// All of them, in the order of the lifecycle.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        Self::VARIANTS.iter().copied()
    }

    /// Where it stands in a body.
    pub fn pointer(self) -> &'static str {
        match self {
            Self::Proposed => "/proposed_on",
            Self::Approved => "/approved_on",
            Self::Signed => "/signed_on",
            Self::InForce => "/in_force_on",
        }
    }

    /// The action that takes the step; the first one is no action of its own.
    pub fn action(self) -> Option<EventAction> {
        match self {
            Self::Proposed => None,
            Self::Approved => Some(EventAction::Approve),
            Self::Signed => Some(EventAction::Sign),
            Self::InForce => Some(EventAction::EnterIntoForce),
        }
    }
}

/// The step that the lifecycle has come to in this status; one that was abandoned says nothing of it.
pub fn reached(status: LegalStatus) -> Option<Dated> {
    match status {
        LegalStatus::Proposed => Some(Dated::Proposed),
        LegalStatus::Approved => Some(Dated::Approved),
        LegalStatus::Signed => Some(Dated::Signed),
        LegalStatus::InForce
        | LegalStatus::Suspended
        | LegalStatus::Expired
        | LegalStatus::Terminated
        | LegalStatus::Superseded => Some(Dated::InForce),
        LegalStatus::Abandoned => None,
    }
}

impl Dates {
    /// One of them.
    pub fn get(&self, dated: Dated) -> Option<&Edtf> {
        match dated {
            Dated::Proposed => self.proposed_on.as_ref(),
            Dated::Approved => self.approved_on.as_ref(),
            Dated::Signed => self.signed_on.as_ref(),
            Dated::InForce => self.in_force_on.as_ref(),
        }
    }

    /// Changes one of them.
    pub fn set(&mut self, dated: Dated, date: Option<Edtf>) {
        match dated {
            Dated::Proposed => self.proposed_on = date,
            Dated::Approved => self.approved_on = date,
            Dated::Signed => self.signed_on = date,
            Dated::InForce => self.in_force_on = date,
        }
    }

    /// Those that are known, in the order of the lifecycle.
    pub fn known(&self) -> impl Iterator<Item = (Dated, &Edtf)> {
        Dated::all().filter_map(|dated| Some((dated, self.get(dated)?)))
    }
}
