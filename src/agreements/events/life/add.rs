//! One more event, decided before it is written.

use chrono::NaiveDate;

use super::{Added, Happened, Life, NEW, Now, Step, steps_of};
use crate::agreements::events::required::CheckedEvent;
use crate::agreements::lifecycle::{self, MACHINE, guards};
use crate::changes::Ctx;
use crate::core::ids::PublicId;
use crate::core::state_machine::{Illegal, Order, fold, fold_in};
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle as recorded;

impl Life {
    /// Adds an event whose fields are right: 409 when the lifecycle does not allow it, 422 for a
    /// condition that fails, here or of a later event.
    pub fn add(
        &mut self,
        conn: &mut DbConn,
        ctx: &Ctx,
        mut said: CheckedEvent,
        at: &str,
    ) -> Result<Added, Problem> {
        let today = ctx.today();
        let corrected = self.corrected(&said, at)?.cloned();
        let mut acts_as = said.action;
        if let Some(was) = &corrected {
            let now = self.now.as_ref();
            let entry = now.and_then(|now| now.fold.entry(was.step.id));
            acts_as = entry.map_or(said.action, |entry| entry.acts_as);
            said.details = std::mem::take(&mut said.details).kept_from(was.details.clone());
            // A correction that names a status, by itself or as the one that it corrects did, says that no notice
            // was given, and stands on its own day.
            let sets = said.to_status.is_some() || entry.is_some_and(|entry| entry.sets);
            if acts_as == EventAction::GiveNotice && sets {
                said.details.notice_given_on = None;
            }
            said.source = said.source.or(was.source);
        }
        let sourced = said.source.is_some() || said.sourced;
        // A correction says that there is a source by naming it, and not by naming none.
        let wrong = corrected.as_ref().map(|was| &was.details);
        let unsourced = wrong.is_none_or(|wrong| wrong.unsourced);
        said.details.unsourced = acts_as == EventAction::Expire && !sourced && unsourced;
        let stated = self.stated(&said, today);
        let given = said.details.notice_given_on.as_ref();
        let step = Step {
            id: self.next_id(),
            action: said.action,
            effective_on: lifecycle::stands_on(acts_as, &said.effective_on, given).clone(),
            recorded_on: today,
            to: stated,
            corrects: corrected.as_ref().map(|was| was.step.id),
        };
        let id = step.id;
        self.happened.push(Happened {
            step,
            public_id: None,
            on: said.effective_on.clone(),
            details: said.details.clone(),
            source: said.source,
        });
        let after = self.after(today, at)?;
        let entry = after.fold.entry(id).copied();
        let entry = entry.ok_or_else(|| Problem::new(Code::Internal))?;
        let sets = entry.sets;
        let to = entry.to.unwrap_or(after.fold.status);
        // Only an end can be planned, whatever the event was that is put right.
        let planned_as = if sets && to != LegalStatus::Terminated {
            EventAction::Correct
        } else {
            acts_as
        };
        let ahead = guards::not_in_the_future(planned_as, &said.effective_on, today).err();
        let warnings = self.guarded(conn, ctx, (&said, acts_as, sets), &after, (id, at), ahead)?;
        let was_on = corrected.as_ref().map(|was| &was.on);
        self.follow_dates((acts_as, sets), &said.effective_on, was_on, to);
        self.now = Some(after);
        Ok(Added {
            met: entry.from,
            to,
            wrong: corrected.map(|was| was.details),
            acts_as,
            warnings,
        })
    }

    /// A key that no other event of this life has.
    pub(super) fn next_id(&self) -> i64 {
        let unstored = self.happened.iter().filter(|one| one.public_id.is_none());
        let unstored = i64::try_from(unstored.count()).unwrap_or_default();
        match self.facts.key {
            Some(_) => NEW - unstored,
            None => unstored + 1,
        }
    }

    /// What the events amount to with the last one.
    fn after(&self, today: NaiveDate, at: &str) -> Result<Now, Problem> {
        let steps = steps_of(&self.happened);
        let former = self.now.as_ref().map(|now| now.order) == Some(Order::Former);
        let folded = match fold(&MACHINE, &steps, today) {
            Ok(fold) => Ok((fold, Order::Certain)),
            // A history that was accepted in the former order goes on in it.
            Err(_) if former => {
                fold_in(&MACHINE, &steps, today, Order::Former).map(|fold| (fold, Order::Former))
            }
            Err(illegal) => Err(illegal),
        };
        let folded = folded.map_err(|illegal| self.refused(&illegal, at))?;
        let id = steps.last().map_or(NEW, |step| step.id);
        let of = (&self.base, self.happened.as_slice());
        Ok(Now::tell(folded, of, id, today))
    }

    fn refused(&self, illegal: &Illegal<EventAction, LegalStatus>, at: &str) -> Problem {
        let mut before = self.clone();
        before.happened.pop();
        recorded::illegal(illegal, at, before.current(), |id| self.public_id(id))
    }

    /// The id of the event of this key, if it is stored.
    pub fn public_id(&self, id: i64) -> Option<PublicId> {
        self.event(id)?.public_id.clone()
    }

    /// The event a correction puts right: one of this agreement.
    fn corrected(&self, said: &CheckedEvent, at: &str) -> Result<Option<&Happened>, Problem> {
        let Some(id) = &said.corrects else {
            return Ok(None);
        };
        let mut happened = self.happened.iter();
        let named = happened.find(|one| one.public_id.as_ref() == Some(id));
        named.map(Some).ok_or_else(|| {
            let rule = format!("this agreement has no event {id}");
            let at = format!("{at}/corrects_event_id");
            Problem::new(Code::ValidationFailed).field(&at, "unknown_reference", rule)
        })
    }

    /// The status the event itself names: where the table leaves it open, decided now and kept.
    fn stated(&self, said: &CheckedEvent, today: NaiveDate) -> Option<LegalStatus> {
        match said.action {
            EventAction::Register | EventAction::Correct => said.to_status,
            EventAction::Sign => Some(said.to_status.unwrap_or_else(|| {
                let planned = self.facts.dates.in_force_on.as_ref();
                if planned.is_some_and(|day| day.earliest() > Some(today)) {
                    return LegalStatus::Signed;
                }
                lifecycle::signed(self.facts.entry_into_force)
            })),
            _ => None,
        }
    }
}
