//! Rows of jobs: taken up, put back, finished.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde::de::DeserializeOwned;

use crate::db::condition::containing;
use crate::db::schema::jobs;
use crate::db::{DbConn, columns_of, json};

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

/// Why a job was not done, in words that hold no secret, no address and no name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobError {
    /// It may succeed later.
    Later(String),
    /// It never will.
    Never(String),
}

/// How a job ended.
pub type Done = Result<(), JobError>;

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
        .select(columns_of::<Job>())
        .load(conn)?;
    // A worker that ends in the middle of a job doesn't say so: what was tried often enough is over.
    let (over, taken): (Vec<Job>, Vec<Job>) = found
        .into_iter()
        .partition(|job| job.attempts > 0 && delay(job.attempts).is_none());
    let gone = Some("the worker did not come back");
    for job in over {
        put_down(conn, job.id, None, now, gone, None)?;
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

/// Writes a job off that is still in the hands of `holder`, and not in those of another who came after.
///
/// It is done, has failed, or is tried again later, unless it was tried often enough. Whether it has failed for good.
pub fn write_off(
    conn: &mut DbConn,
    job: &Job,
    holder: &str,
    now: DateTime<Utc>,
    done: &Done,
) -> QueryResult<bool> {
    let (error, delay) = match done {
        Ok(()) => (None, None),
        Err(JobError::Later(error)) => (Some(&**error), delay(job.attempts + 1)),
        Err(JobError::Never(error)) => (Some(&**error), None),
    };
    let held = put_down(conn, job.id, Some(holder), now, error, delay)?;
    Ok(held > 0 && error.is_some() && delay.is_none())
}

/// The job is in nobody's hands any more: it is tried again after this delay, or else has ended, well unless there is
/// an error. With a `holder`, only if it is still in those hands; how many that are.
fn put_down(
    conn: &mut DbConn,
    key: i64,
    holder: Option<&str>,
    now: DateTime<Utc>,
    error: Option<&str>,
    again: Option<TimeDelta>,
) -> QueryResult<usize> {
    let (ended, failed) = (again.is_none(), error.is_some());
    let at = now.naive_utc();
    let mut job = diesel::update(jobs::table.find(key))
        .set((
            again.map(|delay| jobs::run_at.eq((now + delay).naive_utc())),
            (ended && !failed).then(|| jobs::done_at.eq(at)),
            (ended && failed).then(|| jobs::failed_at.eq(at)),
            ended.then(|| jobs::payload.eq(BLANK)),
            jobs::last_error.eq(error),
            jobs::locked_until.eq(None::<NaiveDateTime>),
            jobs::locked_by.eq(None::<String>),
        ))
        .into_boxed();
    if let Some(holder) = holder {
        job = job.filter(jobs::locked_by.eq(holder));
    }
    job.execute(conn)
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
            let why = Some("it is not wanted any more");
            put_down(conn, key, None, now, why, None)?;
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
