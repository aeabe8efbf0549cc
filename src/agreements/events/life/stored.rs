//! Lives as they are stored.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::QueryResult;

use super::base::base;
use super::{Facts, Happened, Life, NEW, Now, Step, in_order, steps_of};
use crate::agreements::events::types::Details;
use crate::agreements::lifecycle::{self, MACHINE, as_of, story};
use crate::agreements::parties::{self, PartyRow};
use crate::agreements::store::AgreementRow;
use crate::core::ids::PublicId;
use crate::core::state_machine::{allowed_now, fold_kept};
use crate::core::vocabulary::lifecycle::EventAction;
use crate::db::condition::grouped;
use crate::db::{DbConn, json};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle::lifespans::Lifespans;
use crate::lifecycle::store::EventRow;
use crate::lifecycle::{self as recorded, Subject};

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
        let folded = fold_kept(&MACHINE, &steps, today).map_err(|illegal| {
            tracing::error!(agreement = %row.public_id, %illegal, "the events of an agreement no longer fold");
            Problem::new(Code::Internal)
        })?;
        let base = base(row, parties, &folded.0, &happened);
        let now = Now::tell(folded, (&base, &happened), NEW, today);
        Ok(Self {
            facts: Facts {
                key: Some(row.id),
                entry_into_force: row.content.entry_into_force,
                notice_period: row.content.notice_period.clone(),
                lives: Lifespans::new(),
                dates: row.content.dates.clone(),
            },
            base,
            happened,
            now: Some(now),
        })
    }
}

/// The lives of these agreements, but for those whose events can't be read in any order.
pub fn lives_of(
    conn: &mut DbConn,
    today: NaiveDate,
    rows: &[AgreementRow],
) -> QueryResult<Vec<(PublicId, Life)>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let lives = kept(conn, rows)?.into_iter();
    let lives = lives.filter_map(|(row, parties, events)| {
        let life = Life::of(row, &events, &parties, today).ok()?;
        Some((row.public_id.clone(), life))
    });
    Ok(lives.collect())
}

/// An agreement with its parties and its events.
type Kept<'a> = (&'a AgreementRow, Vec<PartyRow>, Vec<EventRow>);

/// These agreements with their parties and their events: two queries.
fn kept<'a>(conn: &mut DbConn, rows: &'a [AgreementRow]) -> QueryResult<Vec<Kept<'a>>> {
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let parties = parties::rows(conn, &keys)?.into_iter();
    let mut parties = grouped(parties.map(|party| (party.agreement_id, party)));
    let mut events = recorded::of_subjects(conn, recorded::SubjectKind::Agreements, &keys)?;
    let all = rows.iter().map(|row| {
        let parties = parties.remove(&row.id).unwrap_or_default();
        (row, parties, events.remove(&row.id).unwrap_or_default())
    });
    Ok(all.collect())
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

/// What these agreements amounted to on this day, by internal key: two queries. When asked to be `early`,
/// who may have left by then has.
pub fn stories_of(
    conn: &mut DbConn,
    rows: &[AgreementRow],
    day: NaiveDate,
    early: bool,
) -> QueryResult<HashMap<i64, story::Story>> {
    let mut all = HashMap::new();
    for (row, parties, events) in kept(conn, rows)? {
        let happened = happened(&events)?;
        // No event waits for its day where another day is asked about.
        let Ok((fold, _)) = fold_kept(&MACHINE, &steps_of(&happened), day) else {
            continue;
        };
        let base = base(row, &parties, &fold, &happened);
        let mut story = as_of::story_on(&base, in_order(&fold, &happened), day, early);
        let ending = fold.entries.iter().find(|entry| entry.pending);
        let known = |id: &i64| {
            let event = happened.iter().find(|one| one.step.id == *id);
            event.is_some_and(|one| one.step.recorded_on <= day)
        };
        story.planned = ending.map(|entry| entry.id).filter(known);
        all.insert(row.id, story);
    }
    Ok(all)
}
