//! Rows of jobs: taken up, put back, finished.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde::de::DeserializeOwned;

use crate::db::condition::containing;
use crate::db::schema::jobs;
use crate::db::{DbConn, json};
use crate::find_row;

/// How long a job belongs to the worker that took it up. When that worker is gone, it is free again.
pub const LOCK: TimeDelta = TimeDelta::minutes(10);

/// How long after each failure it is tried again; after the last one it has failed.
const DELAYS: [TimeDelta; 7] = [
    TimeDelta::minutes(1),
    TimeDelta::minutes(5),
    TimeDelta::minutes(30),
    TimeDelta::hours(2),
    TimeDelta::hours(6),
    TimeDelta::hours(12),
    TimeDelta::hours(24),
];

/// What is left of the payload of a job that ended: it may have held tokens and addresses.
const BLANK: &str = "{}";

/// A job that was taken up. It can't be printed: its payload may hold tokens and addresses.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = jobs)]
pub struct Job {
    /// Its key.
    pub id: i64,
    /// What is to be done.
    pub kind: String,
    pub(crate) payload: String,
    /// How often it was tried before.
    pub attempts: i32,
    pub(crate) created_at: NaiveDateTime,
}

impl Job {
    /// What it is to be done with.
    pub fn payload<T: DeserializeOwned>(&self) -> QueryResult<T> {
        json::value(&self.payload)
    }
}

/// When it is tried again after it was tried this often; none when that was the last time.
fn delay(tried: i32) -> Option<TimeDelta> {
    let before = usize::try_from(tried).ok()?.checked_sub(1)?;
    DELAYS.get(before).copied()
}

type Waiting<'a> = jobs::BoxedQuery<'a, crate::db::Backend>;

/// The jobs of these kinds that are due and in nobody's hands.
fn due<'a>(kinds: &'a [&'static str], now: NaiveDateTime) -> Waiting<'a> {
    jobs::table
        .filter(jobs::done_at.is_null())
        .filter(jobs::failed_at.is_null())
        .filter(jobs::run_at.le(now))
        .filter(jobs::locked_until.is_null().or(jobs::locked_until.le(now)))
        .filter(jobs::kind.eq_any(kinds))
        .into_boxed()
}

/// Whether there is anything to take up.
pub fn is_due(conn: &mut DbConn, kinds: &[&'static str], now: DateTime<Utc>) -> QueryResult<bool> {
    let first: Option<i64> = due(kinds, now.naive_utc())
        .select(jobs::id)
        .first(conn)
        .optional()?;
    Ok(first.is_some())
}

/// Takes up the first `most` jobs that are due, for `holder`.
pub fn claim(
    conn: &mut DbConn,
    kinds: &[&'static str],
    holder: &str,
    now: DateTime<Utc>,
    most: i64,
) -> QueryResult<Vec<Job>> {
    let at = now.naive_utc();
    let found: Vec<Job> = due(kinds, at)
        .order((jobs::run_at, jobs::id))
        .limit(most)
        .select(Job::as_select())
        .load(conn)?;
    // A worker that ends in the middle of a job doesn't say so: what was tried often enough is over.
    let (over, taken): (Vec<Job>, Vec<Job>) = found
        .into_iter()
        .partition(|job| job.attempts > 0 && delay(job.attempts).is_none());
    for job in over {
        fail(conn, job.id, at, "the worker did not come back")?;
    }
    let keys: Vec<i64> = taken.iter().map(|job| job.id).collect();
    diesel::update(jobs::table.filter(jobs::id.eq_any(keys)))
        .set((
            jobs::attempts.eq(jobs::attempts + 1),
            jobs::locked_until.eq((now + LOCK).naive_utc()),
            jobs::locked_by.eq(holder),
        ))
        .execute(conn)?;
    Ok(taken)
}

/// The job is done, if it is still in the hands of `holder`, and not in those of another who came after.
pub fn finish(conn: &mut DbConn, job: &Job, holder: &str, now: DateTime<Utc>) -> QueryResult<()> {
    diesel::update(jobs::table.find(job.id))
        .filter(jobs::locked_by.eq(holder))
        .set((
            jobs::done_at.eq(now.naive_utc()),
            jobs::payload.eq(BLANK),
            jobs::last_error.eq(None::<String>),
            jobs::locked_until.eq(None::<NaiveDateTime>),
            jobs::locked_by.eq(None::<String>),
        ))
        .execute(conn)
        .map(drop)
}

/// The job could not be done: it is tried again later, or has failed when `again` is not set or it was
/// tried often enough. Whether it will be tried again. One that is in other hands is left to them.
pub fn put_back(
    conn: &mut DbConn,
    job: &Job,
    holder: &str,
    now: DateTime<Utc>,
    again: bool,
    error: &str,
) -> QueryResult<bool> {
    let held = jobs::id.eq(job.id).and(jobs::locked_by.eq(holder));
    let held: Option<i64> = find_row!(jobs, conn, held => jobs::id)?;
    if held.is_none() {
        return Ok(true);
    }
    let Some(delay) = delay(job.attempts + 1).filter(|_| again) else {
        fail(conn, job.id, now.naive_utc(), error)?;
        return Ok(false);
    };
    diesel::update(jobs::table.find(job.id))
        .set((
            jobs::run_at.eq((now + delay).naive_utc()),
            jobs::last_error.eq(error),
            jobs::locked_until.eq(None::<NaiveDateTime>),
            jobs::locked_by.eq(None::<String>),
        ))
        .execute(conn)?;
    Ok(true)
}

fn fail(conn: &mut DbConn, key: i64, now: NaiveDateTime, error: &str) -> QueryResult<()> {
    diesel::update(jobs::table.find(key))
        .set((
            jobs::failed_at.eq(now),
            jobs::payload.eq(BLANK),
            jobs::last_error.eq(error),
            jobs::locked_until.eq(None::<NaiveDateTime>),
            jobs::locked_by.eq(None::<String>),
        ))
        .execute(conn)
        .map(drop)
}

/// Ends the jobs of this kind that wait, hold this text, and whose payload is one of `which`.
pub(super) fn take_back(
    conn: &mut DbConn,
    kind: &str,
    text: &str,
    now: DateTime<Utc>,
    which: impl Fn(&str) -> bool,
) -> QueryResult<()> {
    let waiting: Vec<(i64, String)> = jobs::table
        .filter(jobs::done_at.is_null())
        .filter(jobs::failed_at.is_null())
        .filter(jobs::kind.eq(kind))
        .filter(jobs::payload.like(containing(text)).escape('\\'))
        .select((jobs::id, jobs::payload))
        .load(conn)?;
    for (key, payload) in waiting {
        if which(&payload) {
            fail(conn, key, now.naive_utc(), "it is not wanted any more")?;
        }
    }
    Ok(())
}

/// Deletes up to `most` jobs that ended before this time; how many there were.
pub fn forget(conn: &mut DbConn, before: DateTime<Utc>, most: i64) -> QueryResult<usize> {
    let before = before.naive_utc();
    let old: Vec<i64> = jobs::table
        .filter(jobs::done_at.lt(before).or(jobs::failed_at.lt(before)))
        .order(jobs::id)
        .limit(most)
        .select(jobs::id)
        .load(conn)?;
    diesel::delete(jobs::table.filter(jobs::id.eq_any(old))).execute(conn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_tried_eight_times_and_ever_later() {
        let delays: Vec<TimeDelta> = (1..8).map(|tried| delay(tried).unwrap()).collect();
        assert!(delays.is_sorted());
        assert_eq!((delay(0), delay(8)), (None, None));
    }
}
