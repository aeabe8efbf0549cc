//! One write, from the transaction to the answer: idempotency keys, dry runs, and what is sent back.
//!
//! The answer to a request with an `Idempotency-Key` is stored in the transaction of its data:
//! [`idempotency`].

use actix_web::http::{StatusCode, header};

use super::code::Code;
use super::extract::{OneOrMany, WriteRequest};
use super::idempotency::{self, Bound};
use super::problem::{HttpResult, Problem};
pub use super::written::Written;
use crate::app::App;
use crate::db::DbConn;

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
                let made = written.iter().map(Written::id);
                let problem = problem.of_item(&made.collect::<Vec<_>>());
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

/// Why what a write did is undone.
#[derive(Debug)]
pub enum Undo {
    /// It can't be done.
    Problem(Problem),
    /// Only its answer is wanted.
    Done(Box<Written>),
}

impl Undo {
    /// What is answered all the same.
    pub fn into_answer(self) -> Result<Written, Problem> {
        match self {
            Self::Problem(problem) => Err(problem),
            Self::Done(written) => Ok(*written),
        }
    }
}

impl<E: Into<Problem>> From<E> for Undo {
    fn from(error: E) -> Self {
        Self::Problem(error.into())
    }
}

/// What a write does in its transaction: boxed, so that what surrounds every write is compiled once.
pub type Work = Box<dyn FnMut(&mut DbConn) -> Result<Written, Problem> + Send>;

/// Does the work in one write transaction and answers with what it returns.
///
/// It runs [`once`](crate::db::once), or is `repeatable` ([`write_repeatable`](crate::db::Db::write_repeatable)).
/// The name of the caller and `body_hash` bind the idempotency key; a dry run undoes the transaction and
/// answers 200 with the record as it would be.
pub async fn execute(
    app: &App,
    request: &WriteRequest,
    caller: &str,
    body_hash: String,
    (mut work, repeatable): (Work, bool),
) -> HttpResult {
    let dry_run = request.dry_run;
    let bound = request.key.clone().filter(|_| !dry_run).map(|key| Bound {
        actor: caller.to_owned(),
        method: request.method.clone(),
        path: request.path.clone(),
        key,
        body_hash,
    });
    let claim = bound.as_ref().map(|b| {
        let claimed = [b.actor.as_str(), &b.method, &b.path, &b.key].join("\n");
        app.running.claim(claimed).ok_or_else(|| {
            Problem::new(Code::IdempotencyInProgress)
                .detail("a request with this Idempotency-Key is still being worked on")
                .header(header::RETRY_AFTER, "1")
        })
    });
    let claim = claim.transpose()?;
    let now = app.now();
    let answered = move |conn: &mut DbConn| -> Result<(Written, bool), Undo> {
        if let Some(bound) = &bound
            && let Some(kept) = idempotency::replay(conn, bound, now)?
        {
            return Ok((kept, true));
        }
        let mut written = work(conn)?;
        if dry_run {
            written.status = StatusCode::OK;
            written.location = None;
            written.etag = None;
            return Err(Undo::Done(Box::new(written)));
        }
        if let Some(bound) = &bound {
            idempotency::store(conn, bound, &written, now)?;
        }
        Ok((written, false))
    };
    // A dry run is always undone: others would run again for it.
    let ended = if repeatable && !dry_run {
        app.db.write_repeatable(answered).await
    } else {
        app.db.write(answered).await
    };
    drop(claim);
    let (written, replayed) = ended.or_else(|undo| undo.into_answer().map(|it| (it, false)))?;
    Ok(written.respond(replayed))
}
