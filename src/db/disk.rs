//! The thread that brings `SQLite`'s commits to the disk while the writer goes on.
//!
//! A commit appends to the write-ahead log; it lasts once that file is synced. Waiting for the disk takes
//! longer than making most commits, and keeps no processor busy.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::{DbConn, Error, dialect};

/// A write of a commit.
pub(super) trait Written: Send {
    /// Tells its caller how it went, after the shared commit. The caller may have gone away; the write stands
    /// all the same.
    fn answer(self: Box<Self>, committed: Result<(), Error>);
}

/// The writes of one commit.
type Commit = Vec<Box<dyn Written>>;

/// Brings commits to the disk, one at a time.
pub(super) struct Disk(Option<Thread>);

struct Thread {
    commits: SyncSender<Commit>,
    /// Receives once for each commit that was brought to the disk, or could not be.
    done: Receiver<()>,
    /// Whether it has nothing to do.
    is_ready: bool,
}

impl Disk {
    /// Takes over from this connection what it does to make its commits last, where it does that.
    pub(super) fn start(conn: &mut DbConn) -> Result<Self, Error> {
        let Some(log) = dialect::leave_log_unsynced(conn)? else {
            return Ok(Self(None));
        };
        let (commits, made) = sync_channel(1);
        let (tell_done, done) = sync_channel(1);
        super::thread("twincity-disk", move || run(&log, &made, &tell_done))?;
        Ok(Self(Some(Thread {
            commits,
            done,
            is_ready: true,
        })))
    }

    /// Whether it waits for a commit.
    pub(super) fn is_free(&mut self) -> bool {
        let Self(Some(thread)) = self else {
            return false;
        };
        thread.is_ready |= thread.done.try_recv().is_ok();
        thread.is_ready
    }

    /// Waits until the last commit is on the disk.
    pub(super) fn wait(&mut self) {
        if let Self(Some(thread)) = self
            && !thread.is_ready
        {
            // It has ended if nothing is received; then the next commit is told so.
            thread.is_ready = thread.done.recv().is_ok();
        }
    }

    /// Tells these that their commit lasts, as soon as it does.
    pub(super) fn sync(&mut self, written: Commit) {
        self.wait();
        let Self(Some(thread)) = self else {
            return tell(written, Ok(()));
        };
        thread.is_ready = false;
        if let Err(unsent) = thread.commits.send(written) {
            let stopped =
                || Error::Uncertain("what brings commits to the disk has stopped".to_owned());
            tell(unsent.0, Err(&stopped));
        }
    }
}

fn run(log: &Path, commits: &Receiver<Commit>, done: &SyncSender<()>) {
    while let Ok(written) = commits.recv() {
        let synced = sync(log);
        if let Err(error) = &synced {
            tracing::error!(%error, "a commit did not reach the disk");
        }
        match synced {
            Ok(()) => tell(written, Ok(())),
            Err(error) => tell(written, Err(&|| Error::Uncertain(error.to_string()))),
        }
        if done.send(()).is_err() {
            break;
        }
    }
}

/// Opened anew each time: who deletes and restores the database beside us makes a new log.
fn sync(log: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).open(log)?.sync_data()
}

/// Tells those of a commit how it went.
pub(super) fn tell(written: Commit, committed: Result<(), &dyn Fn() -> Error>) {
    for job in written {
        job.answer(committed.map_err(|fault| fault()));
    }
}
