//! Answers kept for `Idempotency-Key`.
//!
//! As in the IETF draft of that name: the first answer is kept for 24 hours in the same transaction as the
//! data, bound to actor, method and path.

use actix_web::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::code::Code;
use super::problem::Problem;
use super::written::Written;
use crate::db::condition::{Condition, containing};
use crate::db::prepared::Prepare as _;
use crate::db::schema::idempotency_keys as k;
use crate::db::{DbConn, json};

/// How long an answer is kept for its key.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// One kept answer and what it is bound to.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    pub(super) actor: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) key: String,
    pub(super) body_hash: String,
}

/// Forgets the kept answers in which this text stands and in which `holds` finds something; how many
/// there were. A request that is repeated with the key of one of them is a new request.
pub fn purge_matching(
    conn: &mut DbConn,
    text: &str,
    holds: impl Fn(&str) -> bool,
) -> QueryResult<usize> {
    // Answers are JSON: the text stands in them as JSON writes it, without the quotes.
    let written = json::text(text)?;
    let written = written.trim_matches('"');
    let there = Condition::new("idempotency_keys.body LIKE ")
        .text(containing(written))
        .sql(" ESCAPE '\\'");
    let kept: Vec<(i64, String)> = k::table.filter(there).select((k::id, k::body)).load(conn)?;
    let gone: Vec<i64> = kept
        .into_iter()
        .filter(|(_, body)| holds(body))
        .map(|(id, _)| id)
        .collect();
    diesel::delete(k::table.filter(k::id.eq_any(gone))).execute(conn)
}

/// Deletes up to `most` answers that are kept no longer; how many there were.
pub fn purge_expired(conn: &mut DbConn, now: DateTime<Utc>, most: i64) -> QueryResult<usize> {
    let old: Vec<i64> = k::table
        .filter(k::created_at.lt((now - KEPT).naive_utc()))
        .order(k::created_at)
        .limit(most)
        .select(k::id)
        .load(conn)?;
    diesel::delete(k::table.filter(k::id.eq_any(old))).execute(conn)
}

pub(super) fn replay(
    conn: &mut DbConn,
    bound: &Bound,
    now: DateTime<Utc>,
) -> Result<Option<Written>, Problem> {
    diesel::delete(k::table.filter(k::created_at.lt((now - KEPT).naive_utc()))).execute(conn)?;
    type Kept = (String, i32, Option<String>, Option<String>, String);
    let kept: Option<Kept> = k::table
        .filter(k::actor.eq(&bound.actor))
        .filter(k::method.eq(&bound.method))
        .filter(k::path.eq(&bound.path))
        .filter(k::key.eq(&bound.key))
        .select((k::body_hash, k::status, k::etag, k::location, k::body))
        .first(conn)
        .optional()?;
    let Some((body_hash, status, etag, location, body)) = kept else {
        return Ok(None);
    };
    if body_hash != bound.body_hash {
        return Err(Problem::new(Code::IdempotencyMismatch)
            .detail("this Idempotency-Key was used with another body"));
    }
    let status = u16::try_from(status)
        .ok()
        .and_then(|s| StatusCode::from_u16(s).ok());
    Ok(Some(Written {
        status: status.unwrap_or(StatusCode::OK),
        body: (!body.is_empty()).then(|| json::value(&body)).transpose()?,
        etag,
        location,
    }))
}

pub(super) fn store(
    conn: &mut DbConn,
    bound: &Bound,
    written: &Written,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let body = written
        .body
        .as_ref()
        .map(json::text)
        .transpose()?
        .unwrap_or_default();
    diesel::insert_into(k::table)
        .values((
            k::actor.eq(&bound.actor),
            k::method.eq(&bound.method),
            k::path.eq(&bound.path),
            k::key.eq(&bound.key),
            k::body_hash.eq(&bound.body_hash),
            k::status.eq(i32::from(written.status.as_u16())),
            k::etag.eq(&written.etag),
            k::location.eq(&written.location),
            k::body.eq(body),
            k::created_at.eq(now.naive_utc()),
        ))
        .prepared()
        .execute(conn)?;
    Ok(())
}
