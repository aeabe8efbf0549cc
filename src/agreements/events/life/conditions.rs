//! The conditions of an event beyond the status, and what is answered when one fails.

use super::{Life, Now};
use crate::agreements::events::replaced;
use crate::agreements::events::required::CheckedEvent;
use crate::agreements::lifecycle::guards::{self, Misstated};
use crate::agreements::lifecycle::story::{Fault, SaidOfParty};
use crate::agreements::lifespans;
use crate::agreements::types::Warning;
use crate::changes::Ctx;
use crate::core::ids::PublicId;
use crate::core::issue::{FieldIssue, Issues};
use crate::core::vocabulary::lifecycle::EventAction;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::problem::{Problem, validated};
use crate::partners::reference;

impl Life {
    /// The conditions that depend on more than the status: 422 with every one that fails; warnings.
    pub(super) fn guarded(
        &self,
        conn: &mut DbConn,
        ctx: &Ctx,
        (said, acts_as, sets): (&CheckedEvent, EventAction, bool),
        after: &Now,
        (id, at): (i64, &str),
        ahead: Option<FieldIssue>,
    ) -> Result<Vec<Warning>, Problem> {
        let mut failures: Vec<FieldIssue> = ahead.into_iter().collect();
        failures.extend(self.own(conn, ctx, (said, acts_as, sets), after)?);
        // A past is told to its end before anybody asks who is left today.
        let untold = |fault: &&Fault| self.facts.key.is_none() && fault.of_today;
        let (own, others): (Vec<&Fault>, Vec<&Fault>) = self
            .new_faults(after, self.now.as_ref())
            .into_iter()
            .filter(|fault| !untold(fault))
            .partition(|fault| fault.event == id);
        failures.extend(own.iter().map(|fault| fault.failure.clone()));
        if failures.is_empty() && !others.is_empty() {
            return Err(match said.member {
                Some(_) => self.harmed(&others),
                None => self.impossible(&others, at),
            });
        }
        if !failures.is_empty() {
            let too_few = |failure: &FieldIssue| failure.code == "too_few_parties";
            if failures.iter().all(too_few) {
                if self.facts.key.is_none() {
                    self.missed_as_said(after, &own)?;
                } else if said.member.is_some() {
                    return Err(self.harmed(&own));
                }
            }
            for failure in &mut failures {
                if let Some(member) = said.member.filter(|_| failure.pointer == "/effective_on") {
                    *failure = failure.at(member);
                }
            }
            return Err(unmet(&failures, at));
        }
        if said.action != EventAction::Terminate {
            return Ok(Vec::new());
        }
        let notice = after.story.notice_met.and_then(|id| self.event(id));
        let notice = notice.and_then(|one| one.details.notice_given_on.as_ref());
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

    /// Of a record it is told which of its parties can't have left, or have joined too late.
    fn missed_as_said(&self, after: &Now, faults: &[&Fault]) -> Result<(), Problem> {
        let misstated = after.misstated.iter();
        self.as_said(misstated.filter(|one| one.failure.code == "too_few_parties"))?;
        self.as_said(faults.iter().flat_map(|fault| &fault.said))
    }

    /// 422 when too few parties are left today of what is recorded with its whole past.
    pub fn is_left_with_enough(&self) -> Result<(), Problem> {
        let now = self.now()?;
        let faults: Vec<&Fault> = now.story.faults.iter().collect();
        if faults.is_empty() {
            return Ok(());
        }
        self.missed_as_said(now, &faults)?;
        let failures: Vec<_> = faults.iter().map(|fault| fault.failure.clone()).collect();
        Err(unmet(&failures, ""))
    }

    /// The conditions asked of the new event alone.
    fn own(
        &self,
        conn: &mut DbConn,
        ctx: &Ctx,
        (said, acts_as, sets): (&CheckedEvent, EventAction, bool),
        after: &Now,
    ) -> Result<Vec<FieldIssue>, Problem> {
        let mut failures = Vec::new();
        if sets {
            return Ok(failures);
        }
        let (seats, on) = (&after.story.seats, &said.effective_on);
        failures.extend(lifespans::guard(conn, &self.facts, seats, said, acts_as)?);
        match acts_as {
            EventAction::EnterIntoForce => {
                let signed_on = self.facts.dates.signed_on.as_ref();
                failures.extend(guards::enter_into_force(on, signed_on).err());
            }
            EventAction::GiveNotice => {
                if let Some(given) = &said.details.notice_given_on {
                    failures.extend(guards::give_notice(given, on, ctx.today()));
                }
            }
            EventAction::Supersede => {
                failures.extend(replaced::successor(conn, ctx, (self, after), said)?);
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
        issues.extend(misstated.into_iter().map(|one| self.said_at(one)));
        validated(issues)
    }

    /// What is wrong, at the member of the party in the record.
    fn said_at(&self, Misstated { partner, failure }: &Misstated) -> FieldIssue {
        let of_partner = |(key, _): &(i64, SaidOfParty)| key == partner;
        let mut parties = self.base.parties.iter();
        let index = parties.position(of_partner).unwrap_or_default();
        failure.at(format!("/parties/{index}{}", failure.pointer))
    }

    /// What of the record's parties could not have been and was not said so `before`.
    pub fn newly_misstated(&self, before: &Now) -> Result<Vec<&Misstated>, Problem> {
        let known = |one: &&Misstated| before.misstated.iter().any(|was| was.is_like(one));
        let now = self.now()?.misstated.iter();
        Ok(now.filter(|one| !known(one)).collect())
    }

    /// 422 when an event has made impossible what the record says of its parties, and was not so `before`.
    pub fn keeps_what_is_said(&self, conn: &mut DbConn, before: &Now) -> Result<(), Problem> {
        let new = self.newly_misstated(before)?;
        let Some(first) = new.first() else {
            return Ok(());
        };
        let named = reference::by_keys(conn, new.iter().map(|one| one.partner), None)?;
        let id = |one: &Misstated| named.get(&one.partner).map(|party| party.id.as_str());
        let told = |one: &Misstated| {
            format!(
                "{} of the party {}, as the record says it, could not stand: {}",
                one.failure.pointer.trim_start_matches('/'),
                id(one).unwrap_or_default(),
                one.failure.message
            )
        };
        let problem = Problem::new(Code::GuardFailed)
            .detail(told(first))
            .member("party", id(first));
        Err(new.iter().fold(problem, |problem, one| {
            problem.field("/effective_on", one.failure.code, told(one))
        }))
    }

    /// The event that corrections of it go back to.
    fn root(&self, event: i64) -> i64 {
        let corrected = self.event(event).and_then(|one| one.step.corrects);
        corrected.map_or(event, |earlier| self.root(earlier))
    }

    /// The faults `now` that were not there `before`, of the same event or of the one it corrects.
    pub fn new_faults<'a>(&self, now: &'a Now, before: Option<&Now>) -> Vec<&'a Fault> {
        let before = before.map_or(&[][..], |before| &before.story.faults);
        let known = |fault: &&Fault| {
            let root = self.root(fault.event);
            let mut before = before.iter();
            before.any(|was| self.root(was.event) == root && was.failure.is_like(&fault.failure))
        };
        let faults = now.story.faults.iter();
        faults.filter(|fault| !known(fault)).collect()
    }

    /// 422 that names the events which could not stand beside a change of the record.
    pub fn harmed(&self, faults: &[&Fault]) -> Problem {
        let named = faults.iter().find_map(|fault| self.public_id(fault.event));
        let mut problem = Problem::new(Code::GuardFailed);
        if let (Some(fault), Some(event)) = (faults.first(), named) {
            problem = cannot_stand(problem, Some(&event), fault);
        }
        faults.iter().fold(problem, |problem, fault| {
            if !fault.said.is_empty() {
                let said = fault.said.iter();
                return problem.fields(said.map(|one| self.said_at(one)));
            }
            let at = match fault.failure.code {
                "renews_tacitly" => "/renewal",
                "not_later" | "before_renewal" | "not_over" | "required" => "/valid_until",
                _ => "/parties",
            };
            problem.fields([fault.failure.at(at)])
        })
    }

    /// 422 that names the events which could not stand beside the new one.
    fn impossible(&self, others: &[&Fault], at: &str) -> Problem {
        let mut problem = Problem::new(Code::GuardFailed);
        if let Some(fault) = others.first() {
            problem = cannot_stand(problem, self.public_id(fault.event).as_ref(), fault);
        }
        let at = format!("{at}/effective_on");
        problem.fields(others.iter().map(|fault| fault.failure.at(at.as_str())))
    }
}

/// The problem with what is told of a recorded event that has this fault.
fn cannot_stand(problem: Problem, event: Option<&PublicId>, fault: &Fault) -> Problem {
    let rule = &fault.failure.message;
    match event {
        Some(id) => problem
            .detail(format!("{id}, which is recorded, could not stand: {rule}"))
            .member("event", id.as_str()),
        None => problem.detail(format!(
            "an event that is recorded, could not stand: {rule}"
        )),
    }
}

/// 422 with every condition that fails.
fn unmet(failures: &[FieldIssue], at: &str) -> Problem {
    let problem = Problem::new(Code::GuardFailed)
        .detail("the action is possible in this status, but a condition is not met");
    problem.fields(
        failures
            .iter()
            .map(|failure| match failure.pointer.as_str() {
                // The parties are those of the record, wherever the event stands.
                "/parties" => failure.clone(),
                pointer => failure.at(format!("{at}{pointer}")),
            }),
    )
}
