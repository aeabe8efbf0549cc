//! The life of a membership in memory: its events, what they amount to, and one more of them. All is
//! decided before anything is written.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::store::{self, Content, MembershipRow, Sides};
use super::types::Details;
use crate::changes::Ctx;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::state_machine::{Event, Illegal, Order};
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::{MembershipAction as Do, MembershipStatus as Is};
use crate::core::vocabulary::record::QualityFlag;
use crate::db::schema::networks;
use crate::db::{DbConn, Json, json};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle::{self, Current, EventRow, NewEvent, Subject, SubjectKind};
use crate::networks::lifecycle::allowed;
use crate::networks::lifecycle::story::{self, Base, Story, Told};

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
    pub(crate) base: Base,
    told: Vec<Told>,
    ids: Vec<Option<PublicId>>,
    /// What the events amount to; none before the first one.
    pub(crate) story: Option<Story>,
}

impl Life {
    /// The life of a membership that is being recorded.
    pub fn begin(base: Base) -> Self {
        Self {
            base,
            told: Vec::new(),
            ids: Vec::new(),
            story: None,
        }
    }

    /// The life that is stored.
    pub fn load(conn: &mut DbConn, row: &MembershipRow, today: NaiveDate) -> Result<Self, Problem> {
        let rows = lifecycle::of_subject(conn, Subject::Membership(row.id))?;
        Self::of(row, rows, today)
    }

    /// The life these rows tell.
    pub fn of(row: &MembershipRow, rows: Vec<EventRow>, today: NaiveDate) -> Result<Self, Problem> {
        let told = told(&rows)?;
        let base = match &row.said {
            Some(base) => base.0.clone(),
            None => unsaid(row, &rows)?,
        };
        let story = story::tell(&base, &told, today, true).map_err(|illegal| {
            tracing::error!(membership = %row.public_id, ?illegal, "stored events can't be folded");
            Problem::new(Code::Internal)
        })?;
        Ok(Self {
            base,
            told,
            ids: rows.into_iter().map(|row| Some(row.public_id)).collect(),
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
    pub fn say(&mut self, base: Base, today: NaiveDate) -> Result<(), Problem> {
        self.base = base;
        let story = story::tell(&self.base, &self.told, today, true);
        self.story = Some(story.map_err(|_illegal| Problem::new(Code::Internal))?);
        Ok(())
    }

    /// The date of an event.
    pub fn date_of(&self, id: i64) -> Option<&Edtf> {
        let one = self.told.iter().find(|one| one.event.id == id)?;
        Some(&one.event.effective_on)
    }

    /// Adds a step: 409 when the lifecycle does not allow it. `at` is where it stands in the body.
    pub fn add(&mut self, today: NaiveDate, step: &Step, at: &str) -> Result<Added, Problem> {
        let id = if self.ids.iter().any(Option::is_some) {
            NEW
        } else {
            i64::try_from(self.told.len()).map_or(NEW, |count| count + 1)
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
        self.ids.push(None);
        let kept = self
            .story
            .as_ref()
            .is_some_and(|story| story.order == Order::Former);
        let after = story::tell(&self.base, &self.told, today, kept)
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
        let wrong = step
            .corrects
            .and_then(|id| self.told.iter().find(|one| one.event.id == id));
        if let Some(wrong) = wrong.map(|one| one.event.clone()) {
            let was = self.story.as_ref();
            let was = was.and_then(|story| story.folded.entry(wrong.id));
            let dates = (&wrong.effective_on, &step.effective_on);
            let acts = (entry.acts_as, entry.sets);
            self.base.follow(acts, dates, (was, to));
        }
        self.base.clear_impossible_dates(after.folded.status);
        let after = story::tell(&self.base, &self.told, today, kept)
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
            Current::new(status, &allowed(status))
        });
        lifecycle::illegal(illegal, at, now, |id| {
            let place = self.told.iter().position(|one| one.event.id == id)?;
            self.ids.get(place).cloned().flatten()
        })
    }

    /// What is written of it beside the membership's own fields.
    pub fn content(&self, own: Content) -> Result<Content, Problem> {
        let story = self.story()?;
        let doubtful = story.order == Order::Former;
        Ok(Content {
            class: story.class.0.clone(),
            applied_on: story.applied_on.clone(),
            admitted_on: story.admitted_on.clone(),
            ended_on: story.ended_on.clone(),
            status: story.folded.status,
            status_since: story.folded.since.clone(),
            said: Some(Json(self.base.clone())),
            flags: Json(Vec::from_iter(
                doubtful.then_some(QualityFlag::HistoryInDoubt),
            )),
            ..own
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

/// A membership on another day.
#[derive(Debug)]
pub struct Then {
    /// Its class.
    pub class: Option<String>,
    /// What its events amounted to; nothing when none had certainly happened.
    pub story: Option<Story>,
}

/// What these memberships amounted to on a day, by internal key: only what had happened by then counts.
pub fn stories_on(
    conn: &mut DbConn,
    rows: &[MembershipRow],
    day: NaiveDate,
) -> QueryResult<HashMap<i64, Then>> {
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut events = lifecycle::of_subjects(conn, SubjectKind::Memberships, &keys)?;
    let mut all = HashMap::new();
    for row in rows {
        let events = events.remove(&row.id).unwrap_or_default();
        let base = match &row.said {
            Some(base) => base.0.clone(),
            None => unsaid(row, &events)?,
        };
        let mut told = told(&events)?;
        told.retain(|Told { event, .. }| {
            let on = &event.effective_on;
            if event.action == Do::Register {
                // A beginning counts from the first day on which it may have been.
                return on.earliest().is_none_or(|from| from <= day);
            }
            let by = on.latest().or(on.earliest());
            by.is_none_or(|by| by.min(event.recorded_on) <= day)
        });
        let story = if told.is_empty() {
            None
        } else {
            story::tell(&base, &told, day, true).ok()
        };
        let class = story.as_ref().map_or(&base.class, |story| &story.class.0);
        let class = class.clone();
        all.insert(row.id, Then { class, story });
    }
    Ok(all)
}

/// What a membership says by itself, of which an earlier release did not keep it apart: what none of its
/// events brought.
fn unsaid(row: &MembershipRow, rows: &[EventRow]) -> QueryResult<Base> {
    let mut classes = Vec::new();
    for event in rows {
        let details: Details = json::value(&event.details)?;
        classes.extend(details.class);
    }
    let class = row.class.clone().filter(|class| !classes.contains(class));
    let brought = |actions: &[Do], date: &Edtf| {
        rows.iter().any(|event| {
            let acts = actions.iter().any(|action| action.code() == event.action);
            acts && event.effective_on == *date
        })
    };
    let own =
        |date: &Option<Edtf>, actions: &[Do]| date.clone().filter(|date| !brought(actions, date));
    let ends = [Do::Withdraw, Do::Exclude, Do::Lapse, Do::End, Do::Refuse];
    Ok(Base {
        class,
        applied_on: own(&row.applied_on, &[Do::Apply]),
        admitted_on: own(&row.admitted_on, &[Do::Admit]),
        ended_on: own(&row.ended_on, &ends),
    })
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

/// What must hold of a membership before it is written: one live membership a partner, network and
/// section, and none in a network that has been dissolved.
pub fn check_no_live_duplicate(
    conn: &mut DbConn,
    ctx: &Ctx,
    of: Sides,
    content: &Content,
) -> Result<(), Problem> {
    if !content.status.is_live() {
        return Ok(());
    }
    if let Some(live_duplicate) = store::live_duplicate(conn, of, &content.section)? {
        return Err(Problem::new(Code::DuplicateAgreement)
            .detail("the partner already has a live membership of this network and section")
            .member("duplicate_of", live_duplicate.as_str()));
    }
    let dissolved_on: Option<Edtf> = networks::table
        .find(of.network)
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
    let content = life.content(Content::of(row))?;
    store::store_fold(conn, row, &content)?;
    let periods = &life.story()?.folded.periods;
    lifecycle::replace_periods(conn, Subject::Membership(row.id), periods)?;
    Ok(())
}
