//! The one thread that writes to `SQLite`: waiting closures share a commit, and what fails is undone alone.
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

use super::disk::{Disk, Written, tell};
use super::watch::Watch;
use super::{DbConn, Error, dialect, thread};

type Tm = <DbConn as Connection>::TransactionManager;

/// Most writes that share one commit: bounds how long the first of them waits for its answer.
const BATCH: usize = 256;

/// Writes that are worth a commit of their own when the disk has nothing to do. If all that wait shared one, there
/// would be nothing to work on while the disk does.
const ENOUGH: usize = 16;

/// How a write is undone when it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Undo {
    /// With everything that is to be committed so far. `SQLite` notes for a savepoint what each page was, which
    /// is a tenth of what a small write costs and most of what a large one does.
    Transaction,
    /// By itself.
    Savepoint,
}

/// A write that waits for its turn, then for the disk.
trait Job: Written {
    /// Runs it. Says whether what it wrote is to be kept.
    fn run(&mut self, conn: &mut DbConn, undo: Undo) -> bool;

    /// Whether it may run again after it was undone.
    fn is_repeatable(&self) -> bool;

    /// Whether anybody still waits for it.
    fn is_awaited(&self) -> bool;
}

struct Waiting<F, T, E> {
    f: F,
    repeatable: bool,
    tell: oneshot::Sender<Result<T, E>>,
    /// How it went, once it has run.
    result: Option<Result<T, E>>,
}

impl<F, T, E> Job for Waiting<F, T, E>
where
    F: FnMut(&mut DbConn) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, conn: &mut DbConn, undo: Undo) -> bool {
        let result = match undo {
            Undo::Transaction => caught(conn, &mut self.f),
            Undo::Savepoint => savepoint(conn, &mut self.f),
        };
        self.result.insert(result).is_ok()
    }

    fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    fn is_awaited(&self) -> bool {
        !self.tell.is_closed()
    }
}

impl<F: Send, T: Send, E: From<Error> + Send> Written for Waiting<F, T, E> {
    fn answer(self: Box<Self>, committed: Result<(), Error>) {
        let result = match (self.result, committed) {
            (Some(Ok(value)), Ok(())) => Ok(value),
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(E::from(error)),
            (None, Ok(())) => Err(E::from(Error::stopped())),
        };
        drop(self.tell.send(result));
    }
}

/// The queue in front of the writer thread; the thread ends when this is dropped.
pub(super) struct Writer {
    queue: SyncSender<Box<dyn Job>>,
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

    /// Queues `f`; the receiver gets its result once the shared commit is durable. What is `repeatable` may run
    /// again after everything it wrote was undone, and costs less.
    pub(super) fn submit<T, E>(
        &self,
        f: impl FnMut(&mut DbConn) -> Result<T, E> + Send + 'static,
        repeatable: bool,
    ) -> Result<oneshot::Receiver<Result<T, E>>, Error>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let job = Waiting {
            f,
            repeatable,
            tell,
            result: None,
        };
        match self.queue.try_send(Box::new(job)) {
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

/// The writes that share a transaction, all of which are to be kept.
#[derive(Default)]
struct Batch {
    kept: Vec<Box<dyn Job>>,
    /// Whether each further one has to be undone by itself.
    savepoints: bool,
}

impl Batch {
    fn written(self) -> Vec<Box<dyn Written>> {
        let kept = self.kept.into_iter();
        kept.map(|job| -> Box<dyn Written> { job }).collect()
    }

    /// Runs one more write, unless its caller has gone before it began. Where it fails and has no savepoint, all
    /// are undone and the others run again.
    fn add(&mut self, conn: &mut DbConn, mut job: Box<dyn Job>) -> QueryResult<()> {
        if !job.is_awaited() {
            return Ok(());
        }
        let undo = if !self.savepoints && (job.is_repeatable() || self.kept.is_empty()) {
            Undo::Transaction
        } else {
            Undo::Savepoint
        };
        self.savepoints |= !job.is_repeatable();
        if job.run(conn, undo) {
            self.kept.push(job);
            return Ok(());
        }
        job.answer(Ok(()));
        if undo == Undo::Savepoint {
            return Ok(());
        }
        roll_back(conn);
        dialect::begin_write(conn)?;
        let undone = std::mem::take(&mut self.kept);
        self.savepoints = !undone.is_empty();
        for mut job in undone {
            if job.run(conn, Undo::Savepoint) {
                self.kept.push(job);
            } else {
                job.answer(Ok(()));
            }
        }
        Ok(())
    }
}

fn run(mut conn: DbConn, jobs: &Receiver<Box<dyn Job>>, watch: &Watch, mut disk: Disk) {
    while let Ok(first) = jobs.recv() {
        if let Err(error) = dialect::begin_write(&mut conn) {
            tracing::error!(%error, "the writer could not begin a transaction");
            tell(vec![first], Err(&|| Error::Unavailable(error.to_string())));
            continue;
        }
        let mut batch = Batch::default();
        let mut added = batch.add(&mut conn, first);
        let (mut ran, mut ready) = (1, false);
        while added.is_ok() && ran < BATCH && !batch.kept.is_empty() {
            if ran >= ENOUGH && disk.is_free() {
                break;
            }
            match jobs.try_recv() {
                Ok(job) => {
                    added = batch.add(&mut conn, job);
                    ran += 1;
                }
                Err(_) if ready => break,
                // Whoever comes until the disk is ready still shares this commit, unless they are enough.
                Err(_) => {
                    disk.wait();
                    ready = true;
                }
            }
        }
        if batch.kept.is_empty() {
            roll_back(&mut conn);
            continue;
        }
        match added.and_then(|()| Tm::commit_transaction(&mut conn)) {
            Ok(()) => {
                watch.written();
                disk.sync(batch.written());
            }
            Err(error) => {
                tracing::error!(%error, "a commit failed");
                roll_back(&mut conn);
                let fault = || Error::Unavailable(error.to_string());
                tell(batch.written(), Err(&fault));
            }
        }
    }
}

/// Undoes the transaction, from within whatever savepoint a panic has left it.
fn roll_back(conn: &mut DbConn) {
    while Tm::transaction_manager_status_mut(conn)
        .transaction_depth()
        .is_ok_and(|depth| depth.is_some())
    {
        if let Err(error) = Tm::rollback_transaction(conn) {
            tracing::debug!(%error, "nothing left to roll back");
            break;
        }
    }
}
