//! The one thread that writes to `SQLite`: waiting closures share a commit, each undone by itself.
//!
//! `SQLite` has one writer at a time and its waiting is sleeping; a queue in front of one connection
//! is fair and pays one fsync for everything that waits (four times the throughput of a pool). While the
//! disk works for one commit, the next is made; nobody is answered before the disk has what was written.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use diesel::connection::{SimpleConnection as _, TransactionManager};
use diesel::{Connection, QueryResult};
use tokio::sync::oneshot;

use super::disk::{Answer, Disk, tell};
use super::watch::Watch;
use super::{DbConn, Error, dialect, thread};

type Tm = <DbConn as Connection>::TransactionManager;

/// Most closures that share one commit: bounds how long the first of them waits for its answer.
const BATCH: usize = 256;

/// Where a closure runs: as the whole of what is to be committed so far, or beside others.
enum Within<'c> {
    /// The first: when it fails, there is nothing else to keep. `SQLite` notes for a savepoint what each page
    /// was, which for a write of many records is most of the work.
    Transaction(&'c mut DbConn),
    Savepoint(&'c mut DbConn),
}

/// Runs with the connection, or learns why there is none. Says whether what it wrote is to be kept.
type Job = Box<dyn FnOnce(Result<Within<'_>, Error>) -> (Answer, bool) + Send>;

/// The queue in front of the writer thread; the thread ends when this is dropped.
pub(super) struct Writer {
    queue: SyncSender<Job>,
}

impl Writer {
    pub(super) fn start(
        mut conn: DbConn,
        waiting: usize,
        watch: Arc<Watch>,
    ) -> Result<Self, Error> {
        let (queue, jobs) = sync_channel(waiting);
        let disk = Disk::start(&mut conn)?;
        thread("twincity-writer", move || run(conn, &jobs, &watch, disk))?;
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
        let job: Job = Box::new(move |within| {
            let result = match within {
                Ok(Within::Transaction(conn)) => caught(conn, f),
                Ok(Within::Savepoint(conn)) => savepoint(conn, f),
                Err(error) => Err(E::from(error)),
            };
            let keep = result.is_ok();
            let answer: Answer = Box::new(move |committed| {
                let result = match (result, committed) {
                    (Ok(value), Ok(())) => Ok(value),
                    (Ok(_), Err(error)) => Err(E::from(error)),
                    (Err(error), _) => Err(error),
                };
                // The caller may have gone away; the write stands all the same.
                drop(tell.send(result));
            });
            (answer, keep)
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
    match caught(conn, f) {
        Ok(value) => {
            Tm::commit_transaction(conn).map_err(Error::from)?;
            Ok(value)
        }
        Err(error) => {
            Tm::rollback_transaction(conn).map_err(Error::from)?;
            release(conn).map_err(Error::from)?;
            Err(error)
        }
    }
}

/// Ends the savepoint that was just rolled back to: diesel leaves it, and `SQLite` goes through all there are at
/// each page that is written.
fn release(conn: &mut DbConn) -> QueryResult<()> {
    let depth = Tm::transaction_manager_status_mut(conn).transaction_depth()?;
    match depth {
        None => Ok(()),
        Some(depth) => conn.batch_execute(&format!("RELEASE SAVEPOINT diesel_savepoint_{depth}")),
    }
}

/// Runs `f`; its panic is an error.
fn caught<T, E: From<Error>>(
    conn: &mut DbConn,
    f: impl FnOnce(&mut DbConn) -> Result<T, E>,
) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(|| f(conn)))
        .unwrap_or_else(|_| Err(Error::Internal("a write panicked".to_owned()).into()))
}

fn run(mut conn: DbConn, jobs: &Receiver<Job>, watch: &Watch, mut disk: Disk) {
    while let Ok(first) = jobs.recv() {
        if let Err(error) = dialect::begin_write(&mut conn) {
            tracing::error!(%error, "the writer could not begin a transaction");
            let (answer, _) = first(Err(Error::Unavailable(error.to_string())));
            answer(Ok(()));
            continue;
        }
        let (answer, keep) = first(Ok(Within::Transaction(&mut conn)));
        if !keep {
            roll_back(&mut conn);
            answer(Ok(()));
            continue;
        }
        let mut answers = vec![answer];
        let mut ready = false;
        while answers.len() < BATCH {
            match jobs.try_recv() {
                Ok(job) => answers.push(job(Ok(Within::Savepoint(&mut conn))).0),
                Err(_) if ready => break,
                // Whoever comes until the disk is ready still shares this commit.
                Err(_) => {
                    disk.wait();
                    ready = true;
                }
            }
        }
        match Tm::commit_transaction(&mut conn) {
            Ok(()) => {
                watch.written();
                disk.sync(answers);
            }
            Err(error) => {
                tracing::error!(%error, "a commit failed");
                let text = error.to_string();
                roll_back(&mut conn);
                tell(answers, Err(text));
            }
        }
    }
}

fn roll_back(conn: &mut DbConn) {
    if let Err(error) = Tm::rollback_transaction(conn) {
        tracing::debug!(%error, "nothing left to roll back");
    }
}
