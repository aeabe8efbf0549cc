//! What takes effect by the passing of time alone: terminations recorded ahead of their day, terms that
//! have passed, and the flags that depend on the day.
//!
//! Each function is one small transaction of the daily work: it looks at the next records behind a key.

use chrono::{Months, NaiveDate};
use diesel::prelude::*;

use super::events::required::CheckedEvent;
use super::events::{record, status};
use super::quality::{self, Dated};
use super::record::next_version;
use super::store::{self, AgreementRow};
use crate::changes::{Ctx, refresh};
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::vocabulary::agreement::{ActivityLevel, Renewal};
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::core::vocabulary::record::{ChangeOp, QualityFlag, RecordState};
use crate::db::schema::agreements;
use crate::db::{DbConn, Json};
use crate::http::problem::Problem;
use crate::jobs::batch::{self, Batch};
use crate::lifecycle::{Subject, of_subject, waits};

/// The agreement stands in law.
const LIVE: [LegalStatus; 2] = [LegalStatus::InForce, LegalStatus::Suspended];

/// Ends the agreements whose recorded end has come, each with its change.
pub fn bring_up_to_date(conn: &mut DbConn, ctx: &Ctx, after: i64) -> Result<Batch, Problem> {
    let waiting: Vec<(i64, Option<Edtf>)> = agreements::table
        .filter(agreements::id.gt(after))
        .filter(agreements::pending_effective_on.is_not_null())
        .filter(agreements::record_state.eq(RecordState::Published))
        .order(agreements::id)
        .limit(batch::SIZE)
        .select((agreements::id, agreements::pending_effective_on))
        .load(conn)?;
    let keys: Vec<i64> = waiting.iter().map(|(key, _)| *key).collect();
    let mut batch = Batch::of(&keys);
    let today = ctx.today();
    let due = waiting.into_iter().filter(|(_, end)| {
        end.as_ref()
            .and_then(Edtf::latest)
            .is_some_and(|last| last <= today)
    });
    for (key, _) in due {
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
    let waiting: Vec<AgreementRow> = agreements::table
        .filter(agreements::id.gt(after))
        .filter(agreements::status.eq(LegalStatus::Signed))
        .filter(agreements::in_force_on.is_not_null())
        .filter(agreements::record_state.eq(RecordState::Published))
        .order(agreements::id)
        .limit(batch::SIZE)
        .select(AgreementRow::as_select())
        .load(conn)?;
    let keys: Vec<i64> = waiting.iter().map(|row| row.id).collect();
    let mut batch = Batch::of(&keys);
    let today = ctx.today();
    for row in waiting {
        let Some(day) = row.in_force_on.clone() else {
            continue;
        };
        let come = day.latest().is_some_and(|last| last <= today);
        if !come || !was_planned(conn, &row, &day)? {
            continue;
        }
        let act = |conn: &mut DbConn| enter_one(conn, ctx, &row, day);
        batch.attempt(conn, act, waits)?;
    }
    Ok(batch)
}

/// Whether the day was still to come when the last of its events was recorded: one that had passed by
/// then, and did not bring it into force, is for a person to look at.
fn was_planned(conn: &mut DbConn, row: &AgreementRow, day: &Edtf) -> QueryResult<bool> {
    let events = of_subject(conn, Subject::Agreement(row.id))?;
    let last = events.iter().map(|event| event.recorded_at.date()).max();
    Ok(day.earliest() > last)
}

fn enter_one(conn: &mut DbConn, ctx: &Ctx, row: &AgreementRow, day: Edtf) -> Result<(), Problem> {
    let said = CheckedEvent::of(EventAction::EnterIntoForce, day);
    record::record_checked(conn, ctx, row, said, "")?;
    changed(conn, ctx, row, "the day of its entry into force has come")
}

/// Expires the agreements whose term has certainly passed and does not renew itself, each by an event
/// and with its change. Those whose events go on after that day wait for a person.
pub fn expire(conn: &mut DbConn, ctx: &Ctx, after: i64) -> Result<Batch, Problem> {
    use agreements as a;
    let over: Vec<AgreementRow> = a::table
        .filter(a::id.gt(after))
        .filter(a::valid_until_latest.lt(ctx.today()))
        .filter(a::status.eq_any(LIVE))
        .filter(a::renewal.is_null().or(a::renewal.ne(Renewal::Tacit)))
        .filter(a::record_state.eq(RecordState::Published))
        .order(a::id)
        .limit(batch::SIZE)
        .select(AgreementRow::as_select())
        .load(conn)?;
    let keys: Vec<i64> = over.iter().map(|row| row.id).collect();
    let mut batch = Batch::of(&keys);
    for row in over {
        let Some(end) = row.valid_until.clone() else {
            continue;
        };
        let act = |conn: &mut DbConn| expire_one(conn, ctx, &row, &end);
        batch.attempt(conn, act, waits)?;
    }
    Ok(batch)
}

fn expire_one(conn: &mut DbConn, ctx: &Ctx, row: &AgreementRow, end: &Edtf) -> Result<(), Problem> {
    let said = CheckedEvent::of(EventAction::Expire, first_day_after(end));
    record::record_checked(conn, ctx, row, said, "")?;
    changed(conn, ctx, row, "the term has passed")
}

/// The day on which a term that ends like this holds no longer. Of an end that is not known to the day,
/// no more is known of that day either.
fn first_day_after(end: &Edtf) -> Edtf {
    end.exact_day()
        .and_then(|day| day.succ_opt())
        .map_or_else(|| end.clone(), Edtf::day)
}

/// A new version of the agreement, with its change.
fn changed(conn: &mut DbConn, ctx: &Ctx, row: &AgreementRow, reason: &str) -> Result<(), Problem> {
    next_version(conn, ctx, row, ChangeOp::Event, None, Some(reason)).map(drop)
}

/// What the flags of an agreement depend on as days go by.
#[derive(Queryable, Selectable)]
#[diesel(table_name = agreements)]
struct Flagged {
    id: i64,
    public_id: PublicId,
    status: LegalStatus,
    activity_level: ActivityLevel,
    valid_until: Option<Edtf>,
    renewal: Option<Renewal>,
    last_confirmed_on: Option<NaiveDate>,
    quality_flags: Json<Vec<QualityFlag>>,
}

/// Brings the flags that depend on the day up to today. The record is no new version: nobody has
/// changed it. The feed tells that it is shown otherwise.
pub fn renew_flags(conn: &mut DbConn, ctx: &Ctx, after: i64) -> Result<Batch, Problem> {
    use agreements as a;
    let today = ctx.today();
    // Every confirmation that may be too old by now; a few days more do no harm.
    let confirmed = today.checked_sub_months(Months::new(35));
    let found: Vec<Flagged> = a::table
        .filter(a::id.gt(after))
        .filter(a::status.eq_any(LIVE))
        .filter(a::record_state.eq(RecordState::Published))
        .filter(
            a::last_confirmed_on
                .lt(confirmed)
                .or(a::valid_until_latest.lt(today).nullable())
                .or(a::activity_level.eq(ActivityLevel::Dormant).nullable()),
        )
        .order(a::id)
        .limit(batch::SIZE)
        .select(Flagged::as_select())
        .load(conn)?;
    let keys: Vec<i64> = found.iter().map(|row| row.id).collect();
    let mut batch = Batch::of(&keys);
    for row in found {
        let dated = Dated {
            status: row.status,
            activity_level: row.activity_level,
            valid_until: row.valid_until.as_ref(),
            renewal: row.renewal,
            last_confirmed_on: row.last_confirmed_on,
        };
        let flags = Json(quality::renewed(&row.quality_flags, &dated, today));
        if flags == row.quality_flags {
            continue;
        }
        diesel::update(a::table.find(row.id))
            .set(a::quality_flags.eq(flags))
            .execute(conn)?;
        refresh::mark_by(ctx, &row.public_id);
        batch.done += 1;
    }
    Ok(batch)
}
