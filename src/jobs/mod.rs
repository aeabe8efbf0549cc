//! Work that a write leaves for later, such as mails.
//!
//! A job is a row that [`push`] adds in the caller's own transaction: it exists exactly when what it
//! tells of was committed. The worker ([`worker`]) takes it up after that and tries until it succeeds,
//! so that a job may be done twice and never not at all. What there is to do for a kind is said by the
//! rooms on the right, in a table that `server` puts together.

pub mod batch;
pub mod leases;
pub mod mail;
pub mod store;
pub mod worker;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;

pub use batch::Batch;
pub use store::{Done, Job, JobError};
pub use worker::Handlers;

use crate::db::prepared::Prepare as _;
use crate::db::schema::jobs;
use crate::db::{DbConn, json};

/// Leaves a job of this kind inside the caller's write transaction, to be done as soon as it commits.
pub fn push<T: Serialize + ?Sized>(
    conn: &mut DbConn,
    kind: &str,
    payload: &T,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    push_at(conn, kind, payload, now, now)
}

/// [`push`] for a job that is not done before `run_at`.
pub fn push_at<T: Serialize + ?Sized>(
    conn: &mut DbConn,
    kind: &str,
    payload: &T,
    now: DateTime<Utc>,
    run_at: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::insert_into(jobs::table)
        .values((
            jobs::kind.eq(kind),
            jobs::payload.eq(json::text(payload)?),
            jobs::run_at.eq(run_at.naive_utc()),
            jobs::attempts.eq(0),
            jobs::created_at.eq(now.naive_utc()),
        ))
        .prepared()
        .execute(conn)?;
    Ok(())
}
