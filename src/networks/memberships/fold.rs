//! The life of a membership in memory: its events, what they amount to, and one more of them. All is
//! decided before anything is written.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::span;
use super::store::{self, Content, MembershipRow, Own, Sides};
use super::types::Details;
use crate::changes::Ctx;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::state_machine::{Event, Illegal, Order, StatusPeriod};
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::{MembershipAction as Do, MembershipStatus as Is};
use crate::core::vocabulary::record::{QualityFlag, RecordState};
use crate::db::schema::networks;
use crate::db::{DbConn, Json, json};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle::{self, EventRow, NewEvent, Subject, SubjectKind};
use crate::networks::lifecycle::allowed;
use crate::networks::lifecycle::story::{self, Facts, Story, Told};

/// Stands for the event that is not stored yet.
const NEW: i64 = i64::MAX;

/// One more event, everything it names looked up.
#[derive(Debug, Clone)]
pub struct Step {
    pub(crate) action: Do,
    pub(crate) effective_on: Edtf,
    pub(crate) to_status: Option<Is>,
    pub(crate) corrects: Option<i64>,
    pub(crate) source: Option<i64>,
    pub(crate) details: Details,
}

impl Step {
    /// A step of which nothing else is known.
    pub fn new(action: Do, to_status: Option<Is>, effective_on: Edtf) -> Self {
        let (corrects, source, details) = (None, None, Details::default());
        Self {
            action,
            effective_on,
            to_status,
            corrects,
            source,
            details,
        }
    }
}

/// An event that was added and is still to be stored.
#[derive(Debug)]
pub struct Added {
    met: Option<Is>,
    to: Is,
    stated: Option<Is>,
}

/// The life of one membership.
#[derive(Debug, Clone)]
pub struct Life {
    /// What the record says by itself.
    pub(crate) said: Facts,
    told: Vec<Told>,
    /// The ids of those that are stored.
    ids: HashMap<i64, PublicId>,
    /// What the events amount to; none before the first one.
    pub(crate) story: Option<Story>,
}

impl Life {
    /// The life of a membership that is being recorded.
    pub fn begin(said: Facts) -> Self {
        Self {
            said,
            told: Vec::new(),
            ids: HashMap::new(),
            story: None,
        }
    }

    /// The life that is stored.
    pub fn load(conn: &mut DbConn, row: &MembershipRow, today: NaiveDate) -> Result<Self, Problem> {
        let rows = lifecycle::of_subject(conn, Subject::Membership(row.id))?;
        Self::of(row, &rows, today)
    }

    /// The life these rows tell.
    pub fn of(row: &MembershipRow, rows: &[EventRow], today: NaiveDate) -> Result<Self, Problem> {
        let told = told(rows)?;
        let said = said(row, &told);
        let story = story::tell(&said, &told, today, true).map_err(|illegal| {
            tracing::error!(membership = %row.public_id, ?illegal, "stored events can't be folded");
            Problem::new(Code::Internal)
        })?;
        Ok(Self {
            said,
            told,
            ids: rows
                .iter()
                .map(|row| (row.id, row.public_id.clone()))
                .collect(),
            story: Some(story),
        })
    }

    /// What the events amount to; there is at least one.
    pub fn story(&self) -> Result<&Story, Problem> {
        self.story
            .as_ref()
            .ok_or_else(|| Problem::new(Code::Internal))
    }

    /// Says something else by itself of the same events.
    pub fn say(&mut self, said: Facts, today: NaiveDate) -> Result<(), Problem> {
        self.said = said;
        let story = story::tell(&self.said, &self.told, today, true);
        self.story = Some(story.map_err(|_illegal| Problem::new(Code::Internal))?);
        Ok(())
    }

    /// The date of an event.
    pub fn date_of(&self, id: i64) -> Option<&Edtf> {
        let one = self.told.iter().find(|one| one.event.id == id)?;
        Some(&one.event.effective_on)
    }

    /// The id of an event that is stored.
    pub fn id_of(&self, id: i64) -> Option<PublicId> {
        self.ids.get(&id).cloned()
    }

    /// Adds a step: 409 when the lifecycle does not allow it. `at` is where it stands in the body.
    pub fn add(&mut self, today: NaiveDate, step: &Step, at: &str) -> Result<Added, Problem> {
        let id = if self.ids.is_empty() {
            i64::try_from(self.told.len()).map_or(NEW, |count| count + 1)
        } else {
            NEW
        };
        let stated = match step.action {
            Do::Register | Do::Correct => step.to_status,
            // The table asks for one; along the fold the class decides.
            Do::Admit | Do::Resume | Do::ChangeClass => Some(Is::Member),
            _ => None,
        };
        self.told.push(Told {
            event: Event {
                id,
                action: step.action,
                effective_on: step.effective_on.clone(),
                recorded_on: today,
                to: stated,
                corrects: step.corrects,
            },
            class: step.details.class.clone(),
        });
        let was = self.story.as_ref();
        let kept = was.is_some_and(|story| story.order == Order::Former);
        let after = story::tell(&self.said, &self.told, today, kept)
            .map_err(|illegal| self.refused(&illegal, at))?;
        // A membership's events happen before they are recorded, as those of agreements do.
        if step.effective_on.earliest() > Some(today) {
            let rule = format!(
                "{} is recorded once it has happened; {} is still to come",
                step.action, step.effective_on
            );
            return Err(Problem::new(Code::GuardFailed)
                .detail("the action is possible in this status, but a condition is not met")
                .field(&format!("{at}/effective_on"), "in_the_future", rule));
        }
        let entry = after.folded.entry(id).copied();
        let entry = entry.ok_or_else(|| Problem::new(Code::Internal))?;
        let to = entry.to.ok_or_else(|| Problem::new(Code::Internal))?;
        if let Some(id) = step.corrects
            && let Some(wrong) = self.date_of(id).cloned()
        {
            let was = self.story.as_ref();
            let was = was.and_then(|story| story.folded.entry(id));
            let acts = (entry.acts_as, entry.sets);
            let dates = (&wrong, &step.effective_on);
            self.said.follow(acts, dates, (was, to));
        }
        self.said.clear_impossible_dates(after.folded.status);
        let after = story::tell(&self.said, &self.told, today, kept)
            .map_err(|illegal| self.refused(&illegal, at))?;
        self.story = Some(after);
        Ok(Added {
            met: entry.from,
            to,
            stated: match step.action {
                Do::Admit | Do::Resume | Do::ChangeClass => Some(to),
                _ => stated,
            },
        })
    }

    fn refused(&self, illegal: &Illegal<Do, Is>, at: &str) -> Problem {
        let now = self.story.as_ref().map(|story| {
            let status = story.folded.status;
            (status, allowed(status))
        });
        lifecycle::illegal(illegal, at, now, |id| self.id_of(id))
    }

    /// What is written of it, beside the membership's own fields.
    pub fn content(&self, own: Own) -> Result<Content, Problem> {
        let story = self.story()?;
        let doubtful = story.order == Order::Former;
        let flags = doubtful.then_some(QualityFlag::HistoryInDoubt);
        Ok(Content {
            own,
            facts: story.facts.clone(),
            status: story.folded.status,
            status_since: story.folded.since.clone(),
            said: Some(Json(self.said.clone())),
            quality_flags: Json(Vec::from_iter(flags)),
        })
    }
}

/// Stored events as they are told.
fn told(rows: &[EventRow]) -> QueryResult<Vec<Told>> {
    let told = rows.iter().map(|row| {
        let details: Details = json::value(&row.details)?;
        Ok(Told {
            event: row.event()?,
            class: details.class,
        })
    });
    told.collect()
}

/// The class and the dates of these memberships on a day, by internal key: only what had happened by then
/// counts.
pub fn facts_on(
    conn: &mut DbConn,
    rows: &[MembershipRow],
    day: NaiveDate,
) -> QueryResult<HashMap<i64, Facts>> {
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut events = lifecycle::of_subjects(conn, SubjectKind::Memberships, &keys)?;
    let mut all = HashMap::new();
    for row in rows {
        let mut told = told(&events.remove(&row.id).unwrap_or_default())?;
        let said = said(row, &told);
        told.retain(|Told { event, .. }| {
            let on = &event.effective_on;
            if event.action == Do::Register {
                // A beginning counts from the first day on which it may have been.
                return on.earliest().is_none_or(|from| from <= day);
            }
            let by = on.latest().or(on.earliest());
            by.is_none_or(|by| by.min(event.recorded_on) <= day)
        });
        let told = Some(told).filter(|told| !told.is_empty());
        let story = told.and_then(|told| story::tell(&said, &told, day, true).ok());
        // When none had certainly happened, the dates are those of today.
        let facts = story.map_or_else(
            || Facts {
                class: said.class.clone(),
                ..row.facts.clone()
            },
            |story| story.facts,
        );
        all.insert(row.id, facts);
    }
    Ok(all)
}

/// What a membership says by itself. Of one that an earlier release recorded, which did not keep it apart: what
/// none of its events brought.
fn said(row: &MembershipRow, told: &[Told]) -> Facts {
    if let Some(said) = &row.said {
        return said.0.clone();
    }
    let own = |date: &Option<Edtf>, actions: &[Do]| {
        let brought = |date: &Edtf| {
            let mut events = told.iter().map(|one| &one.event);
            events.any(|event| actions.contains(&event.action) && event.effective_on == *date)
        };
        date.clone().filter(|date| !brought(date))
    };
    let facts = &row.facts;
    let class = facts.class.clone();
    let ends = [Do::Withdraw, Do::Exclude, Do::Lapse, Do::End, Do::Refuse];
    Facts {
        class: class.filter(|class| told.iter().all(|one| one.class.as_ref() != Some(class))),
        applied_on: own(&facts.applied_on, &[Do::Apply]),
        admitted_on: own(&facts.admitted_on, &[Do::Admit]),
        ended_on: own(&facts.ended_on, &ends),
    }
}

/// Appends an event that was added to the life to those that are stored; its id.
pub fn insert(
    conn: &mut DbConn,
    ctx: &Ctx,
    key: i64,
    step: &Step,
    added: &Added,
) -> Result<PublicId, Problem> {
    let event = NewEvent {
        subject: Subject::Membership(key),
        action: step.action.code(),
        from_status: added.met.map(Is::code),
        to_status: added.to.code(),
        stated_status: added.stated.map(Is::code),
        effective_on: &step.effective_on,
        corrects_id: step.corrects,
        source_id: step.source,
        details: json::text(&step.details)?,
    };
    Ok(lifecycle::insert(conn, ctx, &event)?)
}

/// Writes what the events of a membership now make of it, where their statuses held in these periods before;
/// they are stored already.
pub fn store_life(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &MembershipRow,
    before: &[StatusPeriod<Is>],
    (life, content): (&Life, &Content),
) -> Result<MembershipRow, Problem> {
    let guarded = (content.status, content.own.section.as_str());
    check_no_live_duplicate(conn, ctx, (Some(row.id), row.sides), guarded)?;
    let after = store::update(conn, ctx, row, content)?.ok_or_else(Problem::overtaken)?;
    let now = &life.story()?.folded.periods;
    let moved = now != before;
    if moved {
        lifecycle::replace_periods(conn, Subject::Membership(row.id), now)?;
    }
    // What overlapped before this was refused is left until its days are changed.
    let opened = row.record_state != RecordState::Published || row.own.section != after.own.section;
    if (moved || opened) && after.record_state == RecordState::Published {
        span::alone(conn, &after)?;
    }
    Ok(after)
}

/// What must hold of a membership of this status and section before it is written: one live membership a
/// partner, network and section, and none in a network that has been dissolved.
pub fn check_no_live_duplicate(
    conn: &mut DbConn,
    ctx: &Ctx,
    (own, of): (Option<i64>, Sides),
    (status, section): (Is, &str),
) -> Result<(), Problem> {
    if !status.is_live() {
        return Ok(());
    }
    if let Some(live_duplicate) = store::live_duplicate(conn, own, of, section)? {
        return Err(Problem::new(Code::DuplicateAgreement)
            .detail("the partner already has a live membership of this network and section")
            .member("duplicate_of", live_duplicate.as_str()));
    }
    let dissolved_on: Option<Edtf> = networks::table
        .find(of.network_id)
        .select(networks::dissolved_on)
        .first(conn)?;
    if let Some(day) = dissolved_on
        && day.earliest() <= Some(ctx.today())
    {
        let rule = format!("the network was dissolved ({day}); record how the membership ended");
        return Err(Problem::new(Code::GuardFailed)
            .detail("a network that was dissolved has no live memberships")
            .field("/network_id", "network_dissolved", rule));
    }
    Ok(())
}

/// Computes what is kept of a membership anew, for events that were stored by another release.
pub fn anew(conn: &mut DbConn, ctx: &Ctx, row: &MembershipRow) -> Result<(), Problem> {
    let life = Life::load(conn, row, ctx.today())?;
    let content = life.content(row.own.clone())?;
    store::store_fold(conn, row, &content)?;
    let periods = &life.story()?.folded.periods;
    lifecycle::replace_periods(conn, Subject::Membership(row.id), periods)?;
    Ok(())
}
