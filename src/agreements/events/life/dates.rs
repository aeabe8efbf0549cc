//! The dates of the steps, and how they follow the events that bring them.

use chrono::NaiveDate;

use super::{Happened, Life, Step};
use crate::agreements::events::types::Details;
use crate::agreements::store::AgreementRow;
use crate::core::edtf::Edtf;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};

/// The dates of the steps of an agreement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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

/// One of those dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// All of them, in the order of the lifecycle.
pub const DATED: [Dated; 4] = [
    Dated::Proposed,
    Dated::Approved,
    Dated::Signed,
    Dated::InForce,
];

impl Dated {
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

    /// How far the lifecycle has come with it; see [`reached`].
    pub fn rank(self) -> u8 {
        match self {
            Self::Proposed => 0,
            Self::Approved => 1,
            Self::Signed => 2,
            Self::InForce => 3,
        }
    }
}

/// How far the lifecycle has come in this status; one that was abandoned says nothing of it.
pub fn reached(status: LegalStatus) -> Option<u8> {
    match status {
        LegalStatus::Proposed => Some(0),
        LegalStatus::Approved => Some(1),
        LegalStatus::Signed => Some(2),
        LegalStatus::InForce
        | LegalStatus::Suspended
        | LegalStatus::Expired
        | LegalStatus::Terminated
        | LegalStatus::Superseded => Some(3),
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

    fn set(&mut self, dated: Dated, date: Option<Edtf>) {
        match dated {
            Dated::Proposed => self.proposed_on = date,
            Dated::Approved => self.approved_on = date,
            Dated::Signed => self.signed_on = date,
            Dated::InForce => self.in_force_on = date,
        }
    }

    /// As they are stored.
    pub fn of(row: &AgreementRow) -> Self {
        Self {
            proposed_on: row.proposed_on.clone(),
            approved_on: row.approved_on.clone(),
            signed_on: row.signed_on.clone(),
            in_force_on: row.in_force_on.clone(),
        }
    }
}

impl Life {
    /// The event of signature that brought it into force as well.
    pub fn signature_in_force(&self) -> Option<Happened> {
        let entries = &self.now.as_ref()?.fold.entries;
        let entry = entries
            .iter()
            .find(|entry| entry.to == Some(LegalStatus::InForce) && entry.from != entry.to)?;
        let one = self.happened.iter().find(|one| one.step.id == entry.id)?;
        let signs = match entry.acts_as {
            EventAction::Sign => !entry.sets,
            EventAction::Register => Some(&one.on) == self.facts.dates.signed_on.as_ref(),
            _ => false,
        };
        signs.then(|| one.clone())
    }

    /// A correction of this event that leaves its date and states another status.
    pub fn corrected_to(
        &self,
        one: &Happened,
        to: LegalStatus,
        today: NaiveDate,
        why: &str,
    ) -> Happened {
        let said = Details {
            reason_text: Some(why.to_owned()),
            ..Details::default()
        };
        Happened {
            step: Step {
                id: self.next_id(),
                action: EventAction::Correct,
                recorded_on: today,
                to: Some(to),
                corrects: Some(one.step.id),
                ..one.step.clone()
            },
            public_id: None,
            details: said.kept_from(one.details.clone()),
            ..one.clone()
        }
    }

    /// Fills the date of a step that has none, and lets a date follow the event it came from.
    pub(super) fn follow_dates(
        &mut self,
        (acts_as, sets): (EventAction, bool),
        on: &Edtf,
        was: Option<&Edtf>,
        to: LegalStatus,
    ) {
        let own = DATED
            .into_iter()
            .find(|dated| dated.action() == Some(acts_as));
        let dates = &mut self.facts.dates;
        let Some(was) = was else {
            if let Some(dated) = own.filter(|dated| dates.get(*dated).is_none()) {
                dates.set(dated, Some(on.clone()));
            }
            return;
        };
        let rank = reached(to);
        let dated = match own {
            Some(dated) => Some(dated),
            None if acts_as == EventAction::Register => DATED
                .into_iter()
                .rev()
                .filter(|dated| sets || Some(dated.rank()) <= rank)
                .find(|dated| dates.get(*dated) == Some(was)),
            None => None,
        };
        let Some(dated) = dated else { return };
        if sets && Some(dated.rank()) > rank {
            if dates.get(dated) == Some(was) {
                dates.set(dated, None);
            }
        } else if own.is_some() || dates.get(dated) == Some(was) {
            dates.set(dated, Some(on.clone()));
        }
    }
}
