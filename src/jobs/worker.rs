//! Doing the jobs: taken up in one short transaction, done outside of any, written off in another.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::{FutureExt, LocalBoxFuture, join_all};
use serde::de::DeserializeOwned;
use tokio::time::{sleep, timeout};

use super::store::{self, Done, Job, JobError};
use crate::app::App;
use crate::db::DbConn;
use crate::http::problem::Problem;

/// How often jobs are looked for that other instances left, or that wait for another try.
const POLL: Duration = Duration::from_secs(5);

/// How long it does not look again: of a thousand writes in a second few leave a job.
const PAUSE: Duration = Duration::from_millis(100);

/// Most jobs taken up at once.
const MOST: u8 = 10;

/// How long a job may take: well within [`store::LOCK`], so that no other worker takes it up meanwhile.
const LIMIT: Duration = Duration::from_mins(5);

type Handler = Rc<dyn Fn(App, Job) -> LocalBoxFuture<'static, Done>>;

/// What there is to do, kind by kind.
#[derive(Clone, Default)]
pub struct Handlers(BTreeMap<&'static str, Handler>);

impl Handlers {
    /// With this for jobs of `kind`.
    #[must_use]
    pub fn on<F: Future<Output = Done> + 'static>(
        mut self,
        kind: &'static str,
        handler: impl Fn(App, Job) -> F + 'static,
    ) -> Self {
        let handler: Handler = Rc::new(move |app, job| handler(app, job).boxed_local());
        self.0.insert(kind, handler);
        self
    }

    /// With this write for jobs of `kind`, which name a `what`.
    #[must_use]
    pub fn write<T: DeserializeOwned + Send + 'static>(
        self,
        kind: &'static str,
        what: &'static str,
        write: fn(&mut DbConn, &T, DateTime<Utc>) -> Result<(), Problem>,
    ) -> Self {
        self.on(kind, move |app, job| async move {
            let named: T = job
                .payload()
                .map_err(|_repeats_it| JobError::Never(format!("the job names no {what}")))?;
            let now = app.now();
            let written = app.db.write(move |conn| write(conn, &named, now)).await;
            written.map_err(|problem| JobError::Later(problem.to_string()))
        })
    }

    fn kinds(&self) -> Vec<&'static str> {
        self.0.keys().copied().collect()
    }
}

/// Takes up what is due and does it, all at the same time; how many jobs that were.
///
/// Jobs of other kinds are left alone: a newer instance may know them.
pub async fn run_once(app: &App, handlers: &Handlers) -> Result<usize, Problem> {
    let (kinds, now) = (handlers.kinds(), app.now());
    // One for each time: a worker that lost its jobs must not write them off.
    let holder = format!("{:016x}", rand::random::<u64>());
    let by = holder.clone();
    let claim = move |conn: &mut DbConn| -> Result<_, Problem> {
        Ok(store::claim(conn, &kinds, &by, now, i64::from(MOST))?)
    };
    let taken = app.db.write(claim).await?;
    let all = taken
        .into_iter()
        .map(|job| carry_out(app, handlers, job, &holder));
    let written_off = join_all(all).await;
    let count = written_off.len();
    written_off.into_iter().collect::<Result<(), Problem>>()?;
    Ok(count)
}

/// Does one job and writes it off.
async fn carry_out(app: &App, handlers: &Handlers, job: Job, holder: &str) -> Result<(), Problem> {
    let Some(handler) = handlers.0.get(job.kind.as_str()) else {
        return Ok(());
    };
    // A task of its own, so that a panic is the end of this job and not of the worker.
    let mut running = actix_web::rt::spawn(handler(app.clone(), job.clone()));
    let done = match timeout(LIMIT, &mut running).await {
        Ok(Ok(done)) => done,
        Ok(Err(_panicked)) => Err(JobError::Later("it panicked".to_owned())),
        Err(_elapsed) => {
            running.abort();
            Err(JobError::Later("it took too long".to_owned()))
        }
    };
    let (holder, now) = (holder.to_owned(), app.now());
    let (id, kind, attempts) = (job.id, job.kind.clone(), job.attempts + 1);
    let told = done.clone();
    let write_off = move |conn: &mut DbConn| Ok(store::write_off(conn, &job, &holder, now, &done)?);
    let failed = app.db.write::<_, Problem>(write_off).await?;
    match told {
        Ok(()) => tracing::debug!(id, kind, attempts, "a job is done"),
        Err(JobError::Later(error) | JobError::Never(error)) if failed => {
            tracing::error!(id, kind, attempts, error, "a job has failed for good");
        }
        Err(JobError::Later(error) | JobError::Never(error)) => {
            tracing::warn!(id, kind, attempts, error, "a job could not be done yet");
        }
    }
    Ok(())
}

/// Does jobs until `stop` is done; those that are running then are finished.
pub async fn run(app: App, handlers: Handlers, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    loop {
        let more = match run_once(&app, &handlers).await {
            Ok(count) => count == usize::from(MOST),
            Err(problem) => {
                tracing::warn!(%problem, "jobs could not be taken up or written off");
                false
            }
        };
        if more {
            // Asked once, without waiting.
            if stop.as_mut().now_or_never().is_some() {
                return;
            }
            continue;
        }
        loop {
            let next = async {
                sleep(PAUSE).await;
                // Whether it was told or the time is over: it looks for what is due.
                drop(timeout(POLL, app.db.work().notified()).await);
            };
            tokio::select! {
                () = &mut stop => return,
                () = next => {}
            }
            if is_due(&app, &handlers).await {
                break;
            }
        }
    }
}

/// Whether there is something to take up: a read, so that nobody who writes waits for it.
async fn is_due(app: &App, handlers: &Handlers) -> bool {
    let (kinds, now) = (handlers.kinds(), app.now());
    let asked = move |conn: &mut DbConn| Ok(store::is_due(conn, &kinds, now)?);
    app.db.read(asked).await.unwrap_or_else(|problem: Problem| {
        tracing::warn!(%problem, "jobs could not be looked for");
        false
    })
}
