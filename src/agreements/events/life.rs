//! The life of an agreement in memory: its events, what they amount to, and one more of them.
//!
//! Everything is decided here before anything of it is written, for an agreement that is there as for
//! one that is being recorded with its whole past.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::QueryResult;

use super::check::Said;
use super::types::Details;
use crate::agreements::lifecycle::guards::{self, GuardFailure};
use crate::agreements::lifecycle::story::{self, Base, Fault, Met, SaidOfParty, Story, Term};
use crate::agreements::lifecycle::{self, MACHINE};
use crate::agreements::lives;
use crate::agreements::parties::{self, PartyRow};
use crate::agreements::rules::NewAgreement;
use crate::agreements::store::AgreementRow;
use crate::agreements::types::Warning;
use crate::changes::Ctx;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::lifecycle::{
    Event, Folded, Illegal, Order, allowed_now, fold, fold_in, fold_kept,
};
use crate::core::period::Period;
use crate::core::vocabulary::agreement::{EntryIntoForce, Renewal};
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus, ParticipationStatus};
use crate::db::{DbConn, json};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle::store::EventRow;
use crate::lifecycle::{self as recorded, Current, Subject};

/// An agreement's machine events.
pub type Step = Event<EventAction, LegalStatus>;
/// An agreement's fold.
pub type Fold = Folded<EventAction, LegalStatus>;

/// Stands for the event that is not stored yet: no other has this key.
const NEW: i64 = i64::MAX;

/// What the conditions ask of the record itself.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The internal key; none for one that is being recorded.
    pub(crate) key: Option<i64>,
    pub(super) entry_into_force: EntryIntoForce,
    pub(super) renewal: Option<Renewal>,
    pub(super) notice_period: Option<Period>,
    /// The dates of the steps.
    pub(crate) dates: Dates,
}

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

/// An event with what it says.
#[derive(Debug, Clone)]
pub struct Happened {
    pub(crate) step: Step,
    pub(crate) public_id: Option<PublicId>,
    /// Its own date; of a notice the end it announces.
    pub(crate) on: Edtf,
    pub(crate) details: Details,
    pub(crate) source: Option<i64>,
}

/// What the events amount to.
#[derive(Debug, Clone)]
pub struct Now {
    pub(crate) fold: Fold,
    pub(crate) order: Order,
    pub(crate) story: Story,
}

/// The life of one agreement.
#[derive(Debug, Clone)]
pub struct Life {
    pub(crate) facts: Facts,
    pub(crate) base: Base,
    /// In the order of recording.
    pub(crate) happened: Vec<Happened>,
    /// None before the first event.
    pub(crate) now: Option<Now>,
}

/// One more event that has passed every check.
#[derive(Debug)]
pub struct Added {
    /// The status it meets.
    pub(crate) met: Option<LegalStatus>,
    /// The status after it.
    pub(crate) to: LegalStatus,
    /// What the event said that it corrects.
    pub(crate) wrong: Option<Details>,
    /// The action it does, or puts right.
    pub(crate) acts_as: EventAction,
    /// What is odd about it.
    pub(crate) warnings: Vec<Warning>,
}

impl Life {
    /// The life that is stored, and the rows of its parties.
    pub fn load(
        conn: &mut DbConn,
        today: NaiveDate,
        row: &AgreementRow,
    ) -> Result<(Self, Vec<PartyRow>), Problem> {
        let rows = recorded::of_subject(conn, Subject::Agreement(row.id))?;
        let parties = parties::rows(conn, &[row.id])?;
        Ok((Self::of(row, &rows, &parties, today)?, parties))
    }

    /// The life these rows tell.
    pub fn of(
        row: &AgreementRow,
        rows: &[EventRow],
        parties: &[PartyRow],
        today: NaiveDate,
    ) -> Result<Self, Problem> {
        let happened = happened(rows)?;
        let steps = steps_of(&happened);
        let (fold, order) = fold_kept(&MACHINE, &steps, today).map_err(|illegal| {
            tracing::error!(agreement = %row.public_id, %illegal, "the events of an agreement no longer fold");
            Problem::new(Code::Internal)
        })?;
        let base = base(row, parties, &fold, &happened)?;
        let story = told(&base, &fold, &happened, NEW);
        Ok(Self {
            facts: Facts {
                key: Some(row.id),
                entry_into_force: row.entry_into_force,
                renewal: row.renewal,
                notice_period: row.notice_period.clone(),
                dates: Dates::of(row),
            },
            base,
            happened,
            now: Some(Now { fold, order, story }),
        })
    }

    /// The life of an agreement that is being recorded, between these partners (internal keys).
    pub fn begin(new: &NewAgreement, partners: &[i64]) -> Self {
        let parties = new.parties.iter().zip(partners);
        let said = |party: &parties::NewParty| SaidOfParty {
            participation: party.participation,
            acceded_on: party.acceded_on.clone(),
            withdrew_on: party.withdrew_on.clone(),
            by_event: false,
        };
        Self {
            facts: Facts {
                key: None,
                entry_into_force: new.entry_into_force,
                renewal: new.renewal,
                notice_period: new.notice_period.clone(),
                dates: Dates {
                    proposed_on: new.proposed_on.clone(),
                    approved_on: new.approved_on.clone(),
                    signed_on: new.signed_on.clone(),
                    in_force_on: new.in_force_on.clone(),
                },
            },
            base: Base {
                parties: parties.map(|(party, key)| (*key, said(party))).collect(),
                term: Term {
                    valid_until: new.valid_until.clone(),
                    duration: new.duration,
                },
                signed_on: new.signed_on.clone(),
            },
            happened: Vec::new(),
            now: None,
        }
    }

    /// What the events amount to; there is at least one.
    pub fn now(&self) -> Result<&Now, Problem> {
        self.now
            .as_ref()
            .ok_or_else(|| Problem::new(Code::Internal))
    }

    /// Whether the history is one that today's rules would not accept.
    pub fn in_doubt(&self) -> bool {
        self.now
            .as_ref()
            .is_some_and(|now| now.order == Order::Former || !now.story.faults.is_empty())
    }

    /// What may be recorded now, as far as the status decides.
    pub fn allowed(&self) -> Vec<EventAction> {
        let steps = steps_of(&self.happened);
        let now = self.now.as_ref();
        now.map_or_else(Vec::new, |now| {
            allowed_now(&MACHINE, &now.fold, &steps, now.order)
        })
    }

    fn current(&self) -> Option<Current> {
        let status = self.now.as_ref()?.fold.status;
        Some(Current::new(status, &self.allowed()))
    }

    /// Adds an event whose fields are right: 409 when the lifecycle does not allow it, 422 for a
    /// condition that fails, here or of a later event.
    pub fn add(
        &mut self,
        conn: &mut DbConn,
        ctx: &Ctx,
        mut said: Said,
        at: &str,
    ) -> Result<Added, Problem> {
        let today = ctx.today();
        let corrected = self.corrected(&said, at)?;
        let (mut acts_as, mut wrong) = (said.action, None);
        if let Some((row, was)) = corrected
            .and_then(|at| self.happened.get(at))
            .zip(corrected)
        {
            wrong = Some(row.details.clone());
            acts_as = self.acts_as(was).unwrap_or(said.action);
            said.details = std::mem::take(&mut said.details).kept_from(row.details.clone());
            said.source = said.source.or(row.source);
        }
        let was_on = corrected
            .and_then(|at| self.happened.get(at))
            .map(|was| was.on.clone());
        let stated = self.stated(&said, today);
        let step = Step {
            id: self.next_id(),
            action: said.action,
            effective_on: lifecycle::stands_on(
                acts_as,
                &said.effective_on,
                said.details.notice_given_on.as_ref(),
            )
            .clone(),
            recorded_on: today,
            to: stated,
            corrects: corrected
                .and_then(|at| self.happened.get(at))
                .map(|was| was.step.id),
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
        self.follow_dates((acts_as, sets), &said.effective_on, was_on.as_ref(), to);
        self.now = Some(after);
        Ok(Added {
            met: entry.from,
            to,
            wrong,
            acts_as,
            warnings,
        })
    }

    /// A key that no other event of this life has.
    fn next_id(&self) -> i64 {
        if self.facts.key.is_some() {
            return NEW - self.unstored();
        }
        i64::try_from(self.happened.len()).map_or(NEW, |count| count + 1)
    }

    fn unstored(&self) -> i64 {
        let new = self.happened.iter().filter(|one| one.public_id.is_none());
        i64::try_from(new.count()).unwrap_or_default()
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
        let (fold, order) = folded.map_err(|illegal| self.refused(&illegal, at))?;
        let id = steps.last().map_or(NEW, |step| step.id);
        let story = told(&self.base, &fold, &self.happened, id);
        Ok(Now { fold, order, story })
    }

    fn refused(&self, illegal: &Illegal<EventAction, LegalStatus>, at: &str) -> Problem {
        let before = Self {
            happened: self
                .happened
                .split_last()
                .map(|(_, before)| before.to_vec())
                .unwrap_or_default(),
            ..self.clone()
        };
        recorded::illegal(illegal, at, before.current(), |id| self.public_id(id))
    }

    fn public_id(&self, id: i64) -> Option<PublicId> {
        let named = self.happened.iter().find(|one| one.step.id == id)?;
        named.public_id.clone()
    }

    /// The event a correction puts right, by its place among those recorded: one of this agreement.
    fn corrected(&self, said: &Said, at: &str) -> Result<Option<usize>, Problem> {
        let Some(id) = &said.corrects else {
            return Ok(None);
        };
        self.happened
            .iter()
            .position(|one| one.public_id.as_ref() == Some(id))
            .map(Some)
            .ok_or_else(|| {
                Problem::new(Code::ValidationFailed).field(
                    &format!("{at}/corrects_event_id"),
                    "unknown_reference",
                    format!("this agreement has no event {id}"),
                )
            })
    }

    fn acts_as(&self, at: usize) -> Option<EventAction> {
        let id = self.happened.get(at)?.step.id;
        let now = self.now.as_ref()?;
        now.fold.entry(id).map(|entry| entry.acts_as)
    }

    /// The status the event itself names: where the table leaves it open, decided now and kept.
    fn stated(&self, said: &Said, today: NaiveDate) -> Option<LegalStatus> {
        match said.action {
            EventAction::Register | EventAction::Correct => said.to_status,
            EventAction::Sign => Some(said.to_status.unwrap_or_else(|| {
                let planned = self.facts.dates.in_force_on.as_ref();
                if planned.is_some_and(|day| day.earliest() > Some(today)) {
                    return LegalStatus::Signed;
                }
                lifecycle::target(
                    said.action,
                    LegalStatus::Proposed,
                    self.facts.entry_into_force,
                    None,
                )
            })),
            _ => None,
        }
    }

    /// The conditions that depend on more than the status: 422 with every one that fails; warnings.
    fn guarded(
        &self,
        conn: &mut DbConn,
        ctx: &Ctx,
        (said, acts_as, sets): (&Said, EventAction, bool),
        after: &Now,
        (id, at): (i64, &str),
        ahead: Option<GuardFailure>,
    ) -> Result<Vec<Warning>, Problem> {
        let known: &[Fault] = self.now.as_ref().map_or(&[], |now| &now.story.faults);
        let mut failures: Vec<GuardFailure> = ahead.into_iter().collect();
        let met = after.story.met.as_ref();
        failures.extend(self.own(conn, ctx, (said, acts_as, sets), met, after)?);
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
        (said, acts_as, sets): (&Said, EventAction, bool),
        met: Option<&Met>,
        after: &Now,
    ) -> Result<Vec<GuardFailure>, Problem> {
        let today = ctx.today();
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
            EventAction::Expire => {
                let end = met.and_then(|met| met.term.valid_until.as_ref());
                let corrects = said.action == EventAction::Correct;
                let sourced = said.source.is_some() || said.sourced || corrects;
                failures.extend(guards::expire(end, self.facts.renewal, sourced, today).err());
            }
            EventAction::GiveNotice => {
                if let Some(given) = &said.details.notice_given_on {
                    failures.extend(guards::give_notice(given, &said.effective_on, today));
                }
            }
            EventAction::Supersede => {
                let parties: Vec<i64> = after.story.seats.iter().map(|seat| seat.partner).collect();
                failures.extend(super::record::successor(
                    conn,
                    self.facts.key,
                    &parties,
                    said,
                )?);
            }
            _ => {}
        }
        Ok(failures)
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
            let term = matches!(fault.failure.code, "not_later" | "not_over");
            let at = if term { "/valid_until" } else { "/parties" };
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

    /// Fills the date of a step that has none, and lets a date follow the event it came from.
    fn follow_dates(
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

/// The machine's view of these events.
pub fn steps_of(happened: &[Happened]) -> Vec<Step> {
    happened.iter().map(|one| one.step.clone()).collect()
}

/// Stored events with what they say.
pub fn happened(rows: &[EventRow]) -> QueryResult<Vec<Happened>> {
    let mut acts: HashMap<i64, EventAction> = HashMap::new();
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let mut step: Step = row.event()?;
        let acting = row.corrects_id.and_then(|id| acts.get(&id).copied());
        let acting = acting.unwrap_or(step.action);
        acts.insert(row.id, acting);
        let details: Details = json::value(&row.details)?;
        let given = details.notice_given_on.as_ref();
        step.effective_on = lifecycle::stands_on(acting, &row.effective_on, given).clone();
        all.push(Happened {
            step,
            public_id: Some(row.public_id.clone()),
            on: row.effective_on.clone(),
            details,
            source: row.source_id,
        });
    }
    Ok(all)
}

/// The events in the order of the fold with what they say.
fn in_order<'a>(fold: &'a Fold, happened: &'a [Happened]) -> Vec<story::Told<'a>> {
    let by_id: HashMap<i64, &Happened> = happened.iter().map(|one| (one.step.id, one)).collect();
    let all = fold.entries.iter().filter_map(|entry| {
        let one = by_id.get(&entry.id)?;
        Some(story::Told {
            entry,
            on: &one.on,
            details: &one.details,
        })
    });
    all.collect()
}

fn told(base: &Base, fold: &Fold, happened: &[Happened], asked: i64) -> Story {
    story::tell(base, in_order(fold, happened), asked)
}

impl Life {
    /// Where the parties stood on this day.
    pub fn seats_on(&self, day: NaiveDate) -> Vec<story::Seat> {
        let Some(now) = &self.now else {
            return Vec::new();
        };
        story::seats_on(&self.base, in_order(&now.fold, &self.happened), day)
    }

    /// The story with another base: what a change of the record makes of the same events.
    pub fn with_base(&mut self, base: Base) {
        if let Some(now) = &mut self.now {
            now.story = told(&base, &now.fold, &self.happened, NEW);
        }
        self.base = base;
    }
}

/// What the record says by itself. Rows of a release that did not keep it apart are taken as what
/// nobody's event brought.
fn base(
    row: &AgreementRow,
    parties: &[PartyRow],
    fold: &Fold,
    happened: &[Happened],
) -> QueryResult<Base> {
    let events = in_order(fold, happened);
    let mut said = Vec::with_capacity(parties.len());
    for party in parties {
        let one = match &party.said {
            Some(text) => json::value(text)?,
            None => unsaid_party(party, &events),
        };
        said.push((party.partner_id, one));
    }
    let term = match &row.said_term {
        Some(text) => json::value(text)?,
        None => unsaid_term(row, &events),
    };
    Ok(Base {
        parties: said,
        term,
        signed_on: row.signed_on.clone(),
    })
}

fn unsaid_party(row: &PartyRow, events: &[story::Told<'_>]) -> SaidOfParty {
    use ParticipationStatus::{Invited, Party, Signatory};
    let own = Some(row.partner_id);
    let joins = |one: &&story::Told<'_>| match one.entry.acts_as {
        EventAction::Accede => one.details.party == own,
        EventAction::SucceedParty => one.details.successor == own,
        _ => false,
    };
    let leaves = |one: &&story::Told<'_>| {
        matches!(
            one.entry.acts_as,
            EventAction::WithdrawParty | EventAction::ExcludeParty | EventAction::SucceedParty
        ) && one.details.party == own
    };
    // That release took in nobody who was a party already: whose first event is a joining was none.
    let first = events
        .iter()
        .filter(|one| joins(one) || leaves(one))
        .min_by_key(|one| one.entry.id);
    let by_event = first.is_some_and(|one| joins(&one));
    let brought = |date: &Edtf| {
        events
            .iter()
            .any(|one| (joins(&one) || leaves(&one)) && one.on == date)
    };
    let follows = matches!(row.participation, Invited | Signatory | Party);
    let said = |date: &Option<Edtf>| date.clone().filter(|date| !by_event && !brought(date));
    SaidOfParty {
        participation: Some(row.participation).filter(|_| !follows && first.is_none()),
        acceded_on: said(&row.acceded_on),
        withdrew_on: said(&row.withdrew_on),
        by_event,
    }
}

fn unsaid_term(row: &AgreementRow, events: &[story::Told<'_>]) -> Term {
    let stored = Term {
        valid_until: row.valid_until.clone(),
        duration: row.duration,
    };
    let renews = |one: &&story::Told<'_>| one.entry.acts_as == EventAction::Renew;
    let mut renewals = events.iter().filter(renews);
    let brought = renewals.any(|one| one.details.valid_until == row.valid_until);
    // What the term was before it was renewed is not known any more.
    if brought { Term::default() } else { stored }
}

/// What may be recorded now of an agreement whose end is planned: what leaves that end possible.
pub fn allowed_of(conn: &mut DbConn, row: &AgreementRow) -> QueryResult<Vec<EventAction>> {
    let rows = recorded::of_subject(conn, Subject::Agreement(row.id))?;
    let steps = steps_of(&happened(&rows)?);
    // Its day has not come on the day of the last recording either.
    let learnt = steps.iter().map(|step| step.recorded_on).max();
    let folded = fold_kept(&MACHINE, &steps, learnt.unwrap_or_default());
    Ok(folded.map_or_else(
        |_| lifecycle::allowed(row.status),
        |(fold, order)| allowed_now(&MACHINE, &fold, &steps, order),
    ))
}

/// Where the parties of these agreements stood on this day, by internal key: two queries.
pub fn seats_of(
    conn: &mut DbConn,
    rows: &[AgreementRow],
    day: NaiveDate,
) -> QueryResult<HashMap<i64, Vec<story::Seat>>> {
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut parties: HashMap<i64, Vec<PartyRow>> = HashMap::new();
    for party in parties::rows(conn, &keys)? {
        parties.entry(party.agreement_id).or_default().push(party);
    }
    let events = recorded::of_subjects(conn, recorded::Of::Agreements, &keys)?;
    let mut all = HashMap::new();
    for row in rows {
        let happened = happened(events.get(&row.id).map_or(&[], Vec::as_slice))?;
        // No event waits for its day where another day is asked about.
        let Ok((fold, _)) = fold_kept(&MACHINE, &steps_of(&happened), day) else {
            continue;
        };
        let those = parties.get(&row.id).map_or(&[][..], Vec::as_slice);
        let base = base(row, those, &fold, &happened)?;
        let seats = story::seats_on(&base, in_order(&fold, &happened), day);
        all.insert(row.id, seats);
    }
    Ok(all)
}
