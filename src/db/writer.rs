//! The one thread that writes to `SQLite`: waiting closures run as savepoints of a shared commit.
//!
//! `SQLite` has one writer at a time and its waiting is sleeping; a queue in front of one connection
//! is fair and pays one fsync for everything that waits (four times the throughput of a pool).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use diesel::Connection;
use diesel::connection::TransactionManager;
use tokio::sync::oneshot;

use super::watch::Watch;
use super::{DbConn, Error, dialect};

type Tm = <DbConn as Connection>::TransactionManager;

/// Most closures that share one commit: bounds how long the first of them waits for its answer.
const BATCH: usize = 256;

/// Tells a closure's caller how the shared commit went.
type Answer = Box<dyn FnOnce(Result<(), Error>) + Send>;
/// Runs with the connection, or learns why there is none.
type Job = Box<dyn FnOnce(Result<&mut DbConn, Error>) -> Answer + Send>;

/// The queue in front of the writer thread; the thread ends when this is dropped.
pub(super) struct Writer {
    queue: SyncSender<Job>,
}

impl Writer {
    pub(super) fn start(conn: DbConn, waiting: usize, watch: Arc<Watch>) -> Result<Self, Error> {
        let (queue, jobs) = sync_channel(waiting);
        std::thread::Builder::new()
            .name("twincity-writer".to_owned())
            .spawn(move || run(conn, &jobs, &watch))
            .map_err(|e| Error::Internal(format!("the writer could not start: {e}")))?;
        Ok(Self { queue })
    }

    /// Queues `f`; the receiver gets its result once the shared commit is durable.
    pub(super) fn submit<T, E>(
        &self,
        f: impl FnOnce(&mut DbConn) -> Result<T, E> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, E>>, Error>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let result = conn.map_err(E::from).and_then(|conn| savepoint(conn, f));
            Box::new(move |committed| {
                let result = match (result, committed) {
                    (Ok(value), Ok(())) => Ok(value),
                    (Ok(_), Err(error)) => Err(E::from(error)),
                    (Err(error), _) => Err(error),
                };
                // The caller may have gone away; the write stands all the same.
                drop(tell.send(result));
            })
        });
        match self.queue.try_send(job) {
            Ok(()) => Ok(told),
            Err(TrySendError::Full(_)) => Err(Error::Busy),
            Err(TrySendError::Disconnected(_)) => Err(Error::stopped()),
        }
    }
}

/// Runs `f` so that its failure, or its panic, undoes only its own statements.
pub fn savepoint<T, E: From<Error>>(
    conn: &mut DbConn,
    f: impl FnOnce(&mut DbConn) -> Result<T, E>,
) -> Result<T, E> {
    Tm::begin_transaction(conn).map_err(Error::from)?;
    let result = catch_unwind(AssertUnwindSafe(|| f(conn)))
        .unwrap_or_else(|_| Err(Error::Internal("a write panicked".to_owned()).into()));
    match result {
        Ok(value) => {
            Tm::commit_transaction(conn).map_err(Error::from)?;
            Ok(value)
        }
        Err(error) => {
            Tm::rollback_transaction(conn).map_err(Error::from)?;
            Err(error)
        }
    }
}

fn run(mut conn: DbConn, jobs: &Receiver<Job>, watch: &Watch) {
    while let Ok(first) = jobs.recv() {
        if let Err(error) = dialect::begin_write(&mut conn) {
            tracing::error!(%error, "the writer could not begin a transaction");
            first(Err(Error::Unavailable(error.to_string())))(Ok(()));
            continue;
        }
        let mut answers = vec![first(Ok(&mut conn))];
        while answers.len() < BATCH {
            match jobs.try_recv() {
                Ok(job) => answers.push(job(Ok(&mut conn))),
                Err(_) => break,
            }
        }
        match Tm::commit_transaction(&mut conn) {
            Ok(()) => {
                watch.written();
                for answer in answers {
                    answer(Ok(()));
                }
            }
            Err(error) => {
                tracing::error!(%error, "a commit failed");
                let text = error.to_string();
                if let Err(error) = Tm::rollback_transaction(&mut conn) {
                    tracing::debug!(%error, "nothing left to roll back");
                }
                for answer in answers {
                    answer(Err(Error::Unavailable(text.clone())));
                }
            }
        }
    }
}
