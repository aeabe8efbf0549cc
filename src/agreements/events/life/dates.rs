//! How the dates of the steps follow the events that bring them.

use chrono::NaiveDate;

use super::{Happened, Life, Step};
use crate::agreements::dates::{Dated, reached};
use crate::agreements::events::types::Details;
use crate::core::edtf::Edtf;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};

impl Life {
    /// The event of signature that brought it into force as well.
    pub fn signature_in_force(&self) -> Option<Happened> {
        let entries = &self.now.as_ref()?.fold.entries;
        let entry = entries
            .iter()
            .find(|entry| entry.to == Some(LegalStatus::InForce) && entry.from != entry.to)?;
        let one = self.event(entry.id)?;
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
        let own = Dated::all().find(|dated| dated.action() == Some(acts_as));
        let dates = &mut self.facts.dates;
        let Some(was) = was else {
            if let Some(dated) = own.filter(|dated| dates.get(*dated).is_none()) {
                dates.set(dated, Some(on.clone()));
            }
            return;
        };
        let come = reached(to);
        let dated = match own {
            Some(dated) => Some(dated),
            None if acts_as == EventAction::Register => Dated::all()
                .rev()
                .filter(|dated| sets || Some(*dated) <= come)
                .find(|dated| dates.get(*dated) == Some(was)),
            None => None,
        };
        let Some(dated) = dated else { return };
        if sets && Some(dated) > come {
            if dates.get(dated) == Some(was) {
                dates.set(dated, None);
            }
        } else if own.is_some() || dates.get(dated) == Some(was) {
            dates.set(dated, Some(on.clone()));
        }
    }
}
