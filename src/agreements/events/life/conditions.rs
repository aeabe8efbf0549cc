//! The conditions of an event beyond the status, and what is answered when one fails.

use super::{Life, Now};
use crate::agreements::events::replaced;
use crate::agreements::events::required::CheckedEvent;
use crate::agreements::lifecycle::guards::{self, GuardFailure};
use crate::agreements::lifecycle::stays::Misstated;
use crate::agreements::lifecycle::story::{Fault, SaidOfParty};
use crate::agreements::lives;
use crate::agreements::types::Warning;
use crate::changes::Ctx;
use crate::core::issue::Issues;
use crate::core::vocabulary::lifecycle::EventAction;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::problem::{Problem, validated};

impl Life {
    /// The conditions that depend on more than the status: 422 with every one that fails; warnings.
    pub(super) fn guarded(
        &self,
        conn: &mut DbConn,
        ctx: &Ctx,
        (said, acts_as, sets): (&CheckedEvent, EventAction, bool),
        after: &Now,
        (id, at): (i64, &str),
        ahead: Option<GuardFailure>,
    ) -> Result<Vec<Warning>, Problem> {
        let known: &[Fault] = self.now.as_ref().map_or(&[], |now| &now.story.faults);
        let mut failures: Vec<GuardFailure> = ahead.into_iter().collect();
        let met = after.story.met.as_ref();
        failures.extend(self.own(conn, ctx, (said, acts_as, sets), after)?);
        let new = |fault: &&Fault| !known.contains(fault);
        let (own, others): (Vec<&Fault>, Vec<&Fault>) = after
            .story
            .faults
            .iter()
            .filter(new)
            .partition(|fault| fault.event == id);
        failures.extend(own.into_iter().map(|fault| fault.failure.clone()));
        if failures.is_empty() && !others.is_empty() {
            return Err(self.impossible(&others, at));
        }
        if !failures.is_empty() {
            // Of a new record it is told which of its parties can't have left.
            let too_few = |failure: &GuardFailure| failure.code == "too_few_parties";
            if self.facts.key.is_none() && failures.iter().all(too_few) {
                let left = after.misstated.iter().filter(|one| too_few(&one.failure));
                self.as_said(left)?;
            }
            return Err(unmet(failures, at));
        }
        if said.action != EventAction::Terminate {
            return Ok(Vec::new());
        }
        let notice = met
            .and_then(|met| met.notice)
            .and_then(|id| self.happened.iter().find(|one| one.step.id == id))
            .and_then(|one| one.details.notice_given_on.as_ref());
        let short = guards::short_notice(
            said.details.mode,
            self.facts.notice_period.as_ref(),
            said.details.notice_given_on.as_ref().or(notice),
            &said.effective_on,
            ctx.today(),
        );
        let warning = short.map(|message| Warning {
            code: "short_notice",
            message,
        });
        Ok(warning.into_iter().collect())
    }

    /// The conditions asked of the new event alone.
    fn own(
        &self,
        conn: &mut DbConn,
        ctx: &Ctx,
        (said, acts_as, sets): (&CheckedEvent, EventAction, bool),
        after: &Now,
    ) -> Result<Vec<GuardFailure>, Problem> {
        let mut failures = Vec::new();
        if sets {
            return Ok(failures);
        }
        failures.extend(lives::guard(
            conn,
            &self.facts,
            &after.story.seats,
            said,
            acts_as,
        )?);
        match acts_as {
            EventAction::EnterIntoForce => {
                let signed_on = self.facts.dates.signed_on.as_ref();
                failures.extend(guards::enter_into_force(&said.effective_on, signed_on).err());
            }
            EventAction::GiveNotice => {
                if let Some(given) = &said.details.notice_given_on {
                    let on = &said.effective_on;
                    failures.extend(guards::give_notice(given, on, ctx.today()));
                }
            }
            EventAction::Supersede => {
                let parties: Vec<i64> = after.story.seats.iter().map(|seat| seat.partner).collect();
                failures.extend(replaced::successor(conn, self.facts.key, &parties, said)?);
            }
            _ => {}
        }
        Ok(failures)
    }

    /// 422 for what the record says of its parties and could not have been, each at its member.
    pub fn as_said<'a>(
        &self,
        misstated: impl IntoIterator<Item = &'a Misstated>,
    ) -> Result<(), Problem> {
        let mut issues = Issues::default();
        for Misstated { partner, failure } in misstated {
            let of_partner = |(key, _): &(i64, SaidOfParty)| key == partner;
            let mut parties = self.base.parties.iter();
            let index = parties.position(of_partner).unwrap_or_default();
            let at = format!("/parties/{index}{}", failure.pointer);
            issues.add(at, failure.code, failure.message.clone());
        }
        validated(issues)
    }

    /// 422 when an event has made impossible what the record says of its parties: all of `misstated` that was
    /// not so `before`.
    pub fn keeps_what_is_said(&self, before: &[Misstated], at: &str) -> Result<(), Problem> {
        let now = &self.now()?.misstated;
        let Some(new) = now.iter().find(|one| !before.contains(one)) else {
            return Ok(());
        };
        let failure = &new.failure;
        let member = failure.pointer.trim_start_matches('/');
        let problem = Problem::new(Code::GuardFailed).detail(format!(
            "{member} of a party, as the record says it, could not stand: {}",
            failure.message
        ));
        let at = format!("{at}/effective_on");
        Err(problem.field(&at, failure.code, failure.message.clone()))
    }

    /// 422 that names the events which could not stand beside a change of the record.
    pub fn harmed(&self, faults: &[&Fault]) -> Problem {
        let named = faults.iter().find_map(|fault| self.public_id(fault.event));
        let problem = Problem::new(Code::GuardFailed);
        let problem = match (faults.first(), named) {
            (Some(fault), Some(event)) => problem
                .detail(format!(
                    "{event}, which is recorded, could not stand: {}",
                    fault.failure.message
                ))
                .member("event", event.as_str()),
            _ => problem,
        };
        faults.iter().fold(problem, |problem, fault| {
            let at = match fault.failure.code {
                "renews_tacitly" => "/renewal",
                "not_later" | "before_renewal" | "not_over" | "required" => "/valid_until",
                _ => "/parties",
            };
            problem.field(at, fault.failure.code, fault.failure.message.clone())
        })
    }

    /// 422 that names the events which could not stand beside the new one.
    fn impossible(&self, others: &[&Fault], at: &str) -> Problem {
        let named = |fault: &&Fault| self.public_id(fault.event);
        let mut problem = Problem::new(Code::GuardFailed);
        let first = others.first();
        if let Some(fault) = first {
            let which = named(fault).map_or_else(
                || "an event that is recorded".to_owned(),
                |id| format!("{id}, which is recorded"),
            );
            problem = problem.detail(format!(
                "{which}, could not stand: {}",
                fault.failure.message
            ));
        }
        if let Some(event) = first.and_then(named) {
            problem = problem.member("event", event.as_str());
        }
        others.iter().fold(problem, |problem, fault| {
            problem.field(
                &format!("{at}/effective_on"),
                fault.failure.code,
                fault.failure.message.clone(),
            )
        })
    }
}

/// 422 with every condition that fails.
pub fn unmet(failures: Vec<GuardFailure>, at: &str) -> Problem {
    let problem = Problem::new(Code::GuardFailed)
        .detail("the action is possible in this status, but a condition is not met");
    failures.into_iter().fold(problem, |problem, failure| {
        // The parties are those of the record, wherever the event stands.
        let at = if failure.pointer == "/parties" {
            ""
        } else {
            at
        };
        problem.field(
            &format!("{at}{}", failure.pointer),
            failure.code,
            failure.message,
        )
    })
}
