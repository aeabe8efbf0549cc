//! What takes effect by the passing of time alone: terminations recorded ahead of their day, terms that
//! have passed, and the flags that depend on the day.
//!
//! Each function is one small transaction of the daily work: it looks at the next records behind a key.

use chrono::Months;
use diesel::prelude::*;

use super::events::required::CheckedEvent;
use super::events::{record, status};
use super::lifecycle::LIVE;
use super::quality::{self, Daily};
use super::record::next_version;
use super::store::{self, AgreementRow};
use crate::changes::{Ctx, refresh};
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::vocabulary::agreement::{ActivityLevel, Renewal};
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::core::vocabulary::record::{ChangeOp, QualityFlag, RecordState};
use crate::db::schema::agreements;
use crate::db::{Backend, DbConn, Json, columns_of};
use crate::http::problem::Problem;
use crate::jobs::batch::{self, Batch};
use crate::lifecycle::{Subject, of_subject, waits};

/// The next published agreements behind this key, in its order, as many as are looked at together.
fn next<'a>(after: i64) -> agreements::BoxedQuery<'a, Backend> {
    agreements::table
        .filter(agreements::id.gt(after))
        .filter(agreements::record_state.eq(RecordState::Published))
        .order(agreements::id)
        .limit(batch::SIZE)
        .into_boxed()
}

/// Ends the agreements whose recorded end has come, each with its change.
pub fn bring_up_to_date(conn: &mut DbConn, ctx: &Ctx, after: i64) -> Result<Batch, Problem> {
    let waiting: Vec<(i64, Option<Edtf>)> = next(after)
        .filter(agreements::pending_effective_on.is_not_null())
        .select((agreements::id, agreements::pending_effective_on))
        .load(conn)?;
    let mut batch = Batch::of(&waiting, |(key, _)| *key);
    let today = ctx.today();
    for (key, end) in waiting {
        let end = end.as_ref().and_then(Edtf::latest);
        if end.is_none_or(|last| last > today) {
            continue;
        }
        let row = store::by_key(conn, key)?;
        status::store_status(conn, ctx, key)?;
        let after = store::by_key(conn, key)?;
        // A notice announces an end and does not bring it about.
        if after.status == row.status {
            if after.quality_flags != row.quality_flags {
                refresh::mark_by(ctx, &row.public_id);
            }
            continue;
        }
        changed(conn, ctx, &row, "the day of the recorded end has come")?;
        batch.done += 1;
    }
    Ok(batch)
}

/// Enters into force the signed agreements whose day, which was still to come when they were recorded,
/// has certainly come, each by an event and with its change.
pub fn enter_into_force(conn: &mut DbConn, ctx: &Ctx, after: i64) -> Result<Batch, Problem> {
    let waiting: Vec<AgreementRow> = next(after)
        .filter(agreements::status.eq(LegalStatus::Signed))
        .filter(agreements::in_force_on.is_not_null())
        .select(columns_of::<AgreementRow>())
        .load(conn)?;
    let today = ctx.today();
    let why = "the day of its entry into force has come";
    each(conn, ctx, &waiting, why, |conn, row| {
        let day = row.content.dates.in_force_on.clone();
        let come = day.filter(|day| day.latest().is_some_and(|last| last <= today));
        let Some(day) = come else { return Ok(None) };
        let planned = was_planned(conn, row, &day)?;
        Ok(planned.then(|| CheckedEvent::of(EventAction::EnterIntoForce, day)))
    })
}

/// Whether the day was still to come when the last of its events was recorded: one that had passed by
/// then, and did not bring it into force, is for a person to look at.
fn was_planned(conn: &mut DbConn, row: &AgreementRow, day: &Edtf) -> QueryResult<bool> {
    let events = of_subject(conn, Subject::Agreement(row.id))?;
    let last = events.iter().map(|event| event.recorded_at.date()).max();
    Ok(day.earliest() > last)
}

/// Expires the agreements whose term has certainly passed and does not renew itself, each by an event
/// and with its change. Those whose events go on after that day wait for a person.
pub fn expire(conn: &mut DbConn, ctx: &Ctx, after: i64) -> Result<Batch, Problem> {
    use agreements as a;
    let over: Vec<AgreementRow> = next(after)
        .filter(a::valid_until_latest.lt(ctx.today()))
        .filter(a::status.eq_any(LIVE))
        .filter(a::renewal.is_null().or(a::renewal.ne(Renewal::Tacit)))
        .select(columns_of::<AgreementRow>())
        .load(conn)?;
    each(conn, ctx, &over, "the term has passed", |_, row| {
        let end = row.content.valid_until.as_ref().map(first_day_after);
        Ok(end.map(|day| CheckedEvent::of(EventAction::Expire, day)))
    })
}

/// The day on which a term that ends like this holds no longer. Of an end that is not known to the day,
/// no more is known of that day either.
fn first_day_after(end: &Edtf) -> Edtf {
    end.exact_day()
        .and_then(|day| day.succ_opt())
        .map_or_else(|| end.clone(), Edtf::day)
}

/// Records of each of these agreements the event that time has brought about, if it has, with its change.
fn each(
    conn: &mut DbConn,
    ctx: &Ctx,
    rows: &[AgreementRow],
    why: &str,
    due: impl Fn(&mut DbConn, &AgreementRow) -> QueryResult<Option<CheckedEvent>>,
) -> Result<Batch, Problem> {
    let mut batch = Batch::of(rows, |row| row.id);
    for row in rows {
        let Some(said) = due(conn, row)? else {
            continue;
        };
        let act = |conn: &mut DbConn| {
            record::record(conn, ctx, row, said)?;
            changed(conn, ctx, row, why)
        };
        batch.attempt(conn, act, waits)?;
    }
    Ok(batch)
}

/// A new version of the agreement, with its change.
fn changed(conn: &mut DbConn, ctx: &Ctx, row: &AgreementRow, reason: &str) -> Result<(), Problem> {
    next_version(conn, ctx, row, ChangeOp::Event, None, Some(reason)).map(drop)
}

/// Brings the flags that depend on the day up to today. The record is no new version: nobody has
/// changed it. The feed tells that it is shown otherwise.
pub fn renew_flags(conn: &mut DbConn, ctx: &Ctx, after: i64) -> Result<Batch, Problem> {
    use agreements as a;
    let today = ctx.today();
    // Every confirmation that may be too old by now; a few days more do no harm.
    let confirmed = today.checked_sub_months(Months::new(35));
    type Flagged = (i64, PublicId, Json<Vec<QualityFlag>>, Daily);
    let found: Vec<Flagged> = next(after)
        .filter(a::status.eq_any(LIVE))
        .filter(
            a::last_confirmed_on
                .lt(confirmed)
                .or(a::valid_until_latest.lt(today).nullable())
                .or(a::activity_level.eq(ActivityLevel::Dormant).nullable()),
        )
        .select((a::id, a::public_id, a::quality_flags, columns_of::<Daily>()))
        .load(conn)?;
    let mut batch = Batch::of(&found, |(key, ..)| *key);
    for (key, id, stored, daily) in found {
        let flags = Json(quality::renewed(&stored, &daily, today));
        if flags == stored {
            continue;
        }
        diesel::update(a::table.find(key))
            .set(a::quality_flags.eq(flags))
            .execute(conn)?;
        refresh::mark_by(ctx, &id);
        batch.done += 1;
    }
    Ok(batch)
}
