//! One write, from the transaction to the answer: idempotency keys, dry runs, and what is sent back.
//!
//! `Idempotency-Key` follows the IETF draft of that name: the first answer is kept for 24 hours in
//! the same transaction as the data, bound to actor, method and path.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde_json::Value;

use super::code::Code;
use super::extract::{OneOrMany, WriteRequest};
use super::problem::Problem;
use crate::app::App;
use crate::db::prepared::Prepare as _;
use crate::db::schema::idempotency_keys;
use crate::db::{self, DbConn};

/// How long an answer is kept for its key.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// What a write answers with.
#[derive(Debug, Clone)]
pub struct Written {
    /// 200, 201 or 204.
    pub status: StatusCode,
    /// The record, or the array of them; nothing with 204.
    pub body: Option<Value>,
    /// The record's validator.
    pub etag: Option<String>,
    /// Where a new record is found.
    pub location: Option<String>,
}

impl Written {
    /// 201 with the new record at `location`.
    pub fn created(body: Value, etag: String, location: String) -> Self {
        Self {
            status: StatusCode::CREATED,
            body: Some(body),
            etag: Some(etag),
            location: Some(location),
        }
    }

    /// 200 with the record as it now is.
    pub fn changed(body: Value, etag: String) -> Self {
        Self {
            status: StatusCode::OK,
            body: Some(body),
            etag: Some(etag),
            location: None,
        }
    }

    /// 202: the write waits for another person's consent.
    pub fn waiting(body: Value) -> Self {
        Self {
            status: StatusCode::ACCEPTED,
            body: Some(body),
            etag: None,
            location: None,
        }
    }

    /// 204.
    pub fn nothing() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            body: None,
            etag: None,
            location: None,
        }
    }

    /// 201 with `{"data": […]}` for the records of a bulk request.
    pub fn created_many(items: Vec<Self>) -> Self {
        let data: Vec<Value> = items.into_iter().filter_map(|item| item.body).collect();
        Self {
            status: StatusCode::CREATED,
            body: Some(serde_json::json!({ "data": data })),
            etag: None,
            location: None,
        }
    }

    fn respond(self, replayed: bool) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(etag) = self.etag {
            response.insert_header((header::ETAG, etag));
        }
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        if replayed {
            response.insert_header(("Idempotency-Replayed", "true"));
        }
        match self.body {
            Some(body) => response.json(body),
            None => response.finish(),
        }
    }
}

/// Runs `f` for the one record, or for each of an array: all or nothing, and every item's field
/// errors are told at once, below its index.
pub fn each<T>(
    input: OneOrMany<T>,
    mut f: impl FnMut(T) -> Result<Written, Problem>,
) -> Result<Written, Problem> {
    let items = match input {
        OneOrMany::One(item) => return f(item),
        OneOrMany::Many(items) => items,
    };
    let mut written = Vec::with_capacity(items.len());
    let mut failed: Option<Problem> = None;
    for (index, item) in items.into_iter().enumerate() {
        match f(item) {
            Ok(item) => written.push(item),
            Err(problem) => {
                let more_to_tell = problem.code() == Code::ValidationFailed;
                let problem = problem.below(&format!("/{index}"));
                failed = Some(match failed {
                    None => problem,
                    Some(first) => first.also(&problem),
                });
                // Any other failure may have broken the transaction: nothing after it can be trusted.
                if !more_to_tell {
                    break;
                }
            }
        }
    }
    failed.map_or_else(|| Ok(Written::created_many(written)), Err)
}

/// How a write's transaction ends.
enum End {
    Problem(Problem),
    /// Undone on purpose: only its answer is wanted.
    DryRun(Box<Written>),
}

impl From<db::Error> for End {
    fn from(error: db::Error) -> Self {
        Self::Problem(error.into())
    }
}

impl From<Problem> for End {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// One kept answer and what it is bound to.
#[derive(Debug, Clone)]
struct Bound {
    actor: String,
    method: String,
    path: String,
    key: String,
    body_hash: String,
}

/// Runs `f` in one write transaction and answers with what it returns.
///
/// The name of the caller and `body_hash` bind the idempotency key; a dry run undoes the transaction and
/// answers 200 with the record as it would be.
pub async fn execute(
    app: &App,
    request: &WriteRequest,
    caller: &str,
    body_hash: String,
    f: impl FnOnce(&mut DbConn) -> Result<Written, Problem> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    run(app, request, caller, body_hash, Box::new(f)).await
}

/// Boxed, so that what surrounds every write is compiled once.
type Work = Box<dyn FnOnce(&mut DbConn) -> Result<Written, Problem> + Send>;

async fn run(
    app: &App,
    request: &WriteRequest,
    caller: &str,
    body_hash: String,
    f: Work,
) -> Result<HttpResponse, Problem> {
    let dry_run = request.dry_run;
    let bound = request.key.clone().filter(|_| !dry_run).map(|key| Bound {
        actor: caller.to_owned(),
        method: request.method.clone(),
        path: request.path.clone(),
        key,
        body_hash,
    });
    let claim = match &bound {
        None => None,
        Some(b) => Some(
            app.running
                .claim([b.actor.as_str(), &b.method, &b.path, &b.key].join("\n"))
                .ok_or_else(|| {
                    Problem::new(Code::IdempotencyInProgress)
                        .detail("a request with this Idempotency-Key is still being worked on")
                        .header(header::RETRY_AFTER, "1")
                })?,
        ),
    };
    let now = app.now();
    let ended = app
        .db
        .write(move |conn| -> Result<(Written, bool), End> {
            if let Some(bound) = &bound
                && let Some(kept) = replay(conn, bound, now)?
            {
                return Ok((kept, true));
            }
            let mut written = f(conn)?;
            if dry_run {
                written.status = StatusCode::OK;
                written.location = None;
                written.etag = None;
                return Err(End::DryRun(Box::new(written)));
            }
            if let Some(bound) = bound {
                keep(conn, bound, &written, now)?;
            }
            Ok((written, false))
        })
        .await;
    drop(claim);
    match ended {
        Ok((written, replayed)) => Ok(written.respond(replayed)),
        Err(End::DryRun(written)) => Ok(written.respond(false)),
        Err(End::Problem(problem)) => Err(problem),
    }
}

/// Deletes up to `most` answers that are kept no longer; how many there were.
pub fn forget(conn: &mut DbConn, now: DateTime<Utc>, most: i64) -> QueryResult<usize> {
    use idempotency_keys as k;
    let old: Vec<i64> = k::table
        .filter(k::created_at.lt((now - KEPT).naive_utc()))
        .order(k::created_at)
        .limit(most)
        .select(k::id)
        .load(conn)?;
    diesel::delete(k::table.filter(k::id.eq_any(old))).execute(conn)
}

fn replay(
    conn: &mut DbConn,
    bound: &Bound,
    now: DateTime<Utc>,
) -> Result<Option<Written>, Problem> {
    use idempotency_keys as k;
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
        body: (!body.is_empty())
            .then(|| db::json::value(&body))
            .transpose()?,
        etag,
        location,
    }))
}

fn keep(
    conn: &mut DbConn,
    bound: Bound,
    written: &Written,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    use idempotency_keys as k;
    let body = written
        .body
        .as_ref()
        .map(db::json::text)
        .transpose()?
        .unwrap_or_default();
    diesel::insert_into(k::table)
        .values((
            k::actor.eq(bound.actor),
            k::method.eq(bound.method),
            k::path.eq(bound.path),
            k::key.eq(bound.key),
            k::body_hash.eq(bound.body_hash),
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
