//! What is done once a day, by whichever instance comes first: whatever time alone brings about.
//!
//! To add something, add a line to [`STEPS`].

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use actix_web::web;
use chrono::{NaiveTime, TimeDelta};
use diesel::QueryResult;
use tokio::time::sleep;

use crate::app::App;
use crate::changes::Ctx;
use crate::core::vocabulary::record::Role;
use crate::db::{DbConn, dialect, revision};
use crate::evidence::documents;
use crate::http::idempotency;
use crate::http::problem::Problem;
use crate::jobs::batch::{Batch, SIZE, Step};
use crate::jobs::{self, leases};
use crate::partners::{self, contacts};
use crate::{agreements, networks, subscriptions};

/// What is done, in this order, each with what the log calls its records.
#[rustfmt::skip]
const STEPS: &[(&str, Step)] = &[
    ("agreements whose recorded end has come", agreements::scheduled::bring_up_to_date),
    ("agreements whose entry into force has come", agreements::scheduled::enter_into_force),
    ("agreements whose term has passed", agreements::scheduled::expire),
    ("partners whose last day has passed", partners::scheduled::dissolve),
    ("memberships of dissolved networks", networks::memberships::scheduled::end_with_networks),
    // After whatever changes a status.
    ("agreements whose flags have changed", agreements::scheduled::renew_flags),
    ("personal contacts whose consent has ended", |conn, ctx, _| deleted(contacts::retire(conn, ctx, ctx.today(), SIZE))),
    ("answers kept for idempotency keys", |conn, ctx, _| deleted(idempotency::purge_expired(conn, ctx.now, SIZE))),
    ("jobs that ended", |conn, ctx, _| deleted(jobs::store::forget(conn, ctx.now - JOBS_KEPT, SIZE))),
    ("what was told to subscribers", |conn, ctx, _| deleted(subscriptions::forget(conn, ctx.now, SIZE))),
    ("how tables are filled", look_at_tables),
];

/// The lease of whoever does it; it rests until the next day when everything is done.
pub const LEASE: &str = "daily";

/// How long a batch may take before another instance may go on in its place.
const TTL: TimeDelta = TimeDelta::minutes(10);

/// When it is tried again after a step has failed.
const AGAIN: TimeDelta = TimeDelta::hours(1);

/// How often it is looked whether the day has begun.
const LOOK: Duration = Duration::from_mins(1);

/// How long jobs that ended are kept, to be looked at.
const JOBS_KEPT: TimeDelta = TimeDelta::days(7);

/// After so many changes the tables of a registry are filled as they will be.
const TELLING: i64 = 20_000;

/// Plans hold without it; with it they are better where a registry is of an unusual shape. What a new registry
/// shows would mislead: of tables with one row none is worth an index, and by tomorrow it may have grown.
fn look_at_tables(conn: &mut DbConn, _: &Ctx, _: i64) -> Result<Batch, Problem> {
    if revision(conn)? < TELLING {
        dialect::forget_tables(conn)?;
    } else {
        dialect::look_at_tables(conn)?;
    }
    Ok(Batch::default())
}

/// What was deleted is not found again: the next batch begins where this one did.
fn deleted(found: QueryResult<usize>) -> Result<Batch, Problem> {
    let done = found?;
    let full = usize::try_from(SIZE).is_ok_and(|size| done >= size);
    Ok(Batch {
        done,
        left: 0,
        next: full.then_some(0),
    })
}

/// What came of one step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What the step is about.
    pub what: &'static str,
    /// Records that were changed.
    pub done: usize,
    /// Records that wait for a person.
    pub left: usize,
    /// Whether the step was broken off by a failure.
    pub failed: bool,
}

/// Does today's work, unless it was done or another instance is at it: then there is no report.
pub async fn run_once(app: &App, holder: &str) -> Result<Option<Vec<Report>>, Problem> {
    let tomorrow = app.today() + TimeDelta::days(1);
    if !renew(app, holder).await? {
        return Ok(None);
    }
    let mut all = Vec::with_capacity(STEPS.len());
    for (what, step) in STEPS {
        let Some(report) = run_step(app, holder, what, *step).await else {
            // The lease is another's, who does the rest too.
            return Ok(Some(all));
        };
        all.push(report);
    }
    all.push(sweep(app).await);
    // What was erased since yesterday must not stay in the log of the database.
    let db = app.db.clone();
    drop(web::block(move || db.empty_log()).await);
    let until = if all.iter().any(|report| report.failed) {
        app.now() + AGAIN
    } else {
        tomorrow.and_time(NaiveTime::MIN).and_utc()
    };
    app.db
        .write(move |conn| -> Result<_, Problem> { Ok(leases::rest(conn, LEASE, until)?) })
        .await?;
    Ok(Some(all))
}

impl Report {
    fn of(what: &'static str) -> Self {
        Self {
            what,
            ..Self::default()
        }
    }

    /// Adds what came of a part of the step; where the next part begins.
    fn add(&mut self, came: Result<Batch, Problem>) -> Option<i64> {
        let batch = came.unwrap_or_else(|problem| {
            tracing::warn!(%problem, what = self.what, "a step of the daily work failed");
            self.failed = true;
            Batch::default()
        });
        self.done += batch.done;
        self.left += batch.left;
        batch.next
    }

    /// Tells in the log what was done.
    fn told(self) -> Self {
        if self.done > 0 || self.left > 0 {
            tracing::info!(done = self.done, left = self.left, "daily: {}", self.what);
        }
        self
    }
}

/// Removes bytes that belong to no document; they are no rows, so that this is no step.
async fn sweep(app: &App) -> Report {
    let mut report = Report::of("bytes of documents that do not exist");
    let swept = documents::sweep::sweep(app).await;
    report.add(swept.map(|done| Batch {
        done,
        ..Batch::default()
    }));
    report.told()
}

/// Takes the lease before anything is done: while no write succeeds there is one failure to tell of, and nothing is
/// laid down that another instance holds.
async fn renew(app: &App, holder: &str) -> Result<bool, Problem> {
    let (holder, now) = (holder.to_owned(), app.now());
    let take = move |conn: &mut DbConn| Ok(leases::take(conn, LEASE, &holder, now, TTL)?);
    app.db.write(take).await
}

/// Goes through all records of a step; none when the lease was lost meanwhile.
async fn run_step(app: &App, holder: &str, what: &'static str, step: Step) -> Option<Report> {
    let mut report = Report::of(what);
    let mut next = Some(0);
    while let Some(after) = next {
        let holder = holder.to_owned();
        let ctx = Ctx::system(Role::Registrar, app.now());
        let part = move |conn: &mut DbConn| -> Result<_, Problem> {
            if !leases::take(conn, LEASE, &holder, ctx.now, TTL)? {
                return Ok(None);
            }
            step(conn, &ctx, after).map(Some)
        };
        next = report.add(app.db.write(part).await.transpose()?);
    }
    Some(report.told())
}

/// Does each day's work when it begins, and today's at once, until `stop` is done.
pub async fn run(app: App, stop: impl Future<Output = ()>) {
    let holder = format!("{:016x}", rand::random::<u64>());
    let mut stop = pin!(stop);
    loop {
        if is_free(&app).await {
            tokio::select! {
                // Every batch is whole: the next start goes on where this one ends.
                () = &mut stop => return give_back(&app, &holder).await,
                done = run_once(&app, &holder) => {
                    if let Err(problem) = done {
                        tracing::warn!(%problem, "the daily work could not be done");
                    }
                }
            }
        }
        tokio::select! {
            () = &mut stop => return,
            () = sleep(LOOK) => {}
        }
    }
}

/// Whether today's work waits for somebody: a read, so that nobody who writes waits for it.
async fn is_free(app: &App) -> bool {
    let now = app.now();
    let asked = move |conn: &mut DbConn| Ok(leases::is_free(conn, LEASE, now)?);
    app.db.read(asked).await.unwrap_or_else(|problem: Problem| {
        tracing::warn!(%problem, "it could not be seen whether the daily work is done");
        false
    })
}

/// Lets another instance go on at once.
async fn give_back(app: &App, holder: &str) {
    let (holder, now) = (holder.to_owned(), app.now());
    let given = app
        .db
        .write(move |conn| -> Result<_, Problem> {
            if leases::take(conn, LEASE, &holder, now, TTL)? {
                leases::rest(conn, LEASE, now)?;
            }
            Ok(())
        })
        .await;
    if let Err(problem) = given {
        tracing::warn!(%problem, "the daily work could not be handed over");
    }
}
