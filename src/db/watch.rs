//! Whether anything was written since: by this process, by another one, or by another instance.
//!
//! What is kept of answers is good for as long as nothing was written. Own commits are counted before
//! whoever wrote is answered; those of others are seen by asking for the number of the last change,
//! twenty times a second, on a connection and a thread of their own. While the database does not
//! answer, nothing is known, and nothing that was kept may be used.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use diesel::QueryResult;
use diesel::RunQueryDsl;
use diesel::query_dsl::methods::SelectDsl;

use super::manager::Manager;
use super::own_connection::OwnConnection;
use super::schema::registry_meta;
use super::{DbConn, Error};
use crate::db::prepared::Prepare as _;

/// How often the database is asked.
const EVERY: Duration = Duration::from_millis(50);

/// How old an answer may be: what others have written is seen no later than that.
const OLDEST: Duration = Duration::from_millis(200);

/// The registry's revision: the number of the last change.
pub fn revision(conn: &mut DbConn) -> QueryResult<i64> {
    registry_meta::table
        .select(registry_meta::seq)
        .prepared()
        .get_result(conn)
}

/// The revision of what everyone may read: the number of the last public change.
pub fn public_revision(conn: &mut DbConn) -> QueryResult<i64> {
    registry_meta::table
        .select(registry_meta::public_seq)
        .prepared()
        .get_result(conn)
}

/// Counts writes.
#[derive(Debug)]
pub(super) struct Watch {
    /// How many there were, at least: some are counted twice, none is missed.
    writes: AtomicU64,
    /// When the question was asked whose answer came last, in milliseconds since `start`, from 1; 0
    /// when the last one had no answer.
    asked: AtomicU64,
    start: Instant,
    running: AtomicBool,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            writes: AtomicU64::new(0),
            asked: AtomicU64::new(0),
            start: Instant::now(),
            running: AtomicBool::new(false),
        }
    }
}

impl Watch {
    /// Begins to look for the writes of others, once; it ends when the database is closed.
    pub(super) fn begin(self: &Arc<Self>, manager: Manager) -> Result<(), Error> {
        if self.running.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let mut asking = Asking {
            connection: OwnConnection::new(manager),
            last: None,
        };
        // What is asked first may be kept already.
        asking.ask(self);
        let watch = Arc::downgrade(self);
        super::thread("twincity-watch", move || run(&watch, &mut asking))
    }

    /// Counts a commit of this process.
    pub(super) fn written(&self) {
        self.writes.fetch_add(1, Ordering::SeqCst);
    }

    /// How many writes there were; `None` while those of others can't be known.
    pub(super) fn writes(&self) -> Option<u64> {
        let asked = self.asked.load(Ordering::SeqCst);
        let age = self.now().saturating_sub(asked);
        let known = asked > 0 && u128::from(age) <= OLDEST.as_millis();
        known.then(|| self.writes.load(Ordering::SeqCst))
    }

    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX - 1) + 1
    }
}

/// Who asks for the number of the last change.
struct Asking {
    connection: OwnConnection,
    last: Option<i64>,
}

impl Asking {
    fn ask(&mut self, watch: &Watch) {
        let asked = watch.now();
        match self.connection.ask(|conn| Ok(revision(conn)?)) {
            Ok(revision) => {
                if self.last.replace(revision) != Some(revision) {
                    watch.written();
                }
                watch.asked.store(asked, Ordering::SeqCst);
            }
            Err(error) => {
                if watch.asked.swap(0, Ordering::SeqCst) > 0 {
                    tracing::warn!(%error, "the database can't be watched; no kept answer is used");
                }
            }
        }
    }
}

fn run(watch: &Weak<Watch>, asking: &mut Asking) {
    loop {
        thread::sleep(EVERY);
        let Some(watch) = watch.upgrade() else { return };
        asking.ask(&watch);
    }
}
