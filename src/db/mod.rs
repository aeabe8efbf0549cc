//! The database: one of two engines, chosen by URL, behind one connection type.
//!
//! Everything above this room calls [`Db::read`] and [`Db::write`] and never opens a transaction of
//! its own. Reads share a small pool and see one consistent state each. Writes run one after the
//! other on both engines, so a check made inside a write still holds when the write commits:
//! on `SQLite` one writer thread shares an fsynced commit between all waiting closures, on
//! `PostgreSQL` every write transaction begins by locking the registry's counter row.

mod cancellation;
pub mod chain;
pub mod condition;
pub mod constraints;
pub mod dialect;
mod disk;
mod error;
mod export;
pub mod json;
pub mod keyset;
mod limit;
mod manager;
pub mod migrations;
mod own_connection;
pub mod prepared;
mod private;
mod progress;
mod pulse;
mod query_count;
mod recurring;
pub mod schema;
mod types;
mod url;
mod watch;
mod write_hooks;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use actix_web::web;
use diesel::connection::TransactionManager;
use diesel::r2d2::{Pool, PooledConnection};
use diesel::{Connection, PgConnection, QueryResult, SqliteConnection};
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

use cancellation::{Canceller, Reading};
pub use error::Error;
pub use export::Export;
pub use json::Json;
pub use limit::ReadLimits;
use limit::{Caller, Limit, Turns};
use manager::Manager;
use pulse::Pulse;
use query_count::Counter;
pub use types::columns_of;
pub use url::DatabaseUrl;
use watch::Watch;
pub use watch::{public_revision, revision};
pub use write_hooks::{WriteHooks, hook_writes};
use writer::Writer;
pub use writer::savepoint;

/// A connection to either engine; only [`dialect`] looks inside.
#[derive(diesel::MultiConnection)]
pub enum DbConn {
    /// The embedded engine.
    Sqlite(SqliteConnection),
    /// The server engine.
    Postgres(PgConnection),
}

/// The SQL backend that stands for both engines in type signatures.
pub type Backend = <DbConn as Connection>::Backend;

/// How long a request waits for a free connection before it is told to come back later.
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(5);

/// How long a read that was told to end may take to do so.
const WAIT_FOR_THE_END: Duration = Duration::from_secs(2);

/// What [`Db::open`] needs to know.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which engine and where.
    pub url: DatabaseUrl,
    /// Connections kept for reads (and, on `PostgreSQL`, writes).
    pub pool: u32,
    /// Writes that may wait at once on `SQLite`; one more is refused.
    pub write_queue: usize,
    /// What bounds the reads of requests.
    pub reads: ReadLimits,
}

/// The open database. Cheap to clone; clones share the pool and the writer.
#[derive(Clone)]
pub struct Db {
    pool: Pool<Manager>,
    /// `Some` on `SQLite`: the only connection that writes.
    writer: Option<Arc<Writer>>,
    /// The file, on `SQLite`.
    file: Option<PathBuf>,
    counter: Counter,
    work: Arc<Notify>,
    /// Where the database is, for those who ask it on connections of their own.
    url: DatabaseUrl,
    watch: Arc<Watch>,
    /// Who may read now.
    turns: Arc<Turns>,
    /// How long a read of a request may work.
    read_time: Duration,
    /// Who may read whole lists now: never all that may read.
    exports: Arc<Turns>,
    /// How long such a read may work.
    export_time: Duration,
    /// Says whether the database is there.
    pulse: Arc<Pulse>,
    /// `Some` on the server engine: ends what nobody waits for.
    canceller: Option<Arc<Canceller>>,
}

/// What is done in a write transaction. Boxed, so that what surrounds every write is compiled once for what it gives.
type Write<T, E> = Box<dyn FnMut(&mut DbConn) -> Result<T, E> + Send>;

/// The process of the server that works for a connection.
#[derive(Debug, Clone, Copy)]
struct Process(i32);

impl Db {
    /// Opens the pool, and on `SQLite` the writer; the schema is not touched.
    pub fn open(options: &Options) -> Result<Self, Error> {
        let counter = Counter::default();
        if let DatabaseUrl::Sqlite(path) = &options.url {
            private::database(Path::new(path));
        }
        let manager = Manager::new(options.url.clone(), counter.clone());
        if !options.url.is_postgres() {
            progress::install()?;
        }
        let watch = Arc::new(Watch::default());
        let writer = match &options.url {
            DatabaseUrl::Sqlite(_) => Some(Arc::new(Writer::start(
                manager.connect_writer()?,
                options.write_queue,
                Arc::clone(&watch),
            )?)),
            DatabaseUrl::Postgres(_) => {
                // Asked once before the pool is built, so that a wrong URL is told in one line.
                manager.connect()?;
                None
            }
        };
        let pool = Pool::builder()
            .max_size(options.pool)
            .min_idle(Some(1))
            .connection_timeout(WAIT_FOR_CONNECTION)
            .test_on_check_out(options.url.is_postgres())
            .error_handler(Box::new(diesel::r2d2::LoggingErrorHandler))
            .build(manager)
            .map_err(|e| Error::Unavailable(e.to_string()))?;
        Ok(Self {
            pool,
            writer,
            file: match &options.url {
                DatabaseUrl::Sqlite(path) => Some(PathBuf::from(path)),
                DatabaseUrl::Postgres(_) => None,
            },
            work: Arc::new(Notify::new()),
            url: options.url.clone(),
            watch,
            // On the server engine a write needs a connection of the pool, too.
            turns: Arc::new(Turns::new(
                usize::try_from(options.pool).unwrap_or(usize::MAX)
                    - usize::from(options.url.is_postgres() && options.pool > 1),
                options.reads.waiting,
            )),
            read_time: options.reads.time,
            exports: Arc::new(Turns::new(
                usize::try_from(options.pool / 2).unwrap_or(1),
                export::MOST_WAITING,
            )),
            export_time: options.reads.export,
            pulse: Arc::new(Pulse::start(Manager::new(
                options.url.clone(),
                counter.clone(),
            ))?),
            canceller: if options.url.is_postgres() {
                let manager = Manager::new(options.url.clone(), counter.clone());
                Some(Arc::new(Canceller::start(manager)?))
            } else {
                None
            },
            counter,
        })
    }

    /// Statements sent through this handle and its clones so far; other databases of the process,
    /// such as those of tests that run at the same time, do not count.
    pub fn statements(&self) -> u64 {
        self.counter.statements()
    }

    /// The texts of the statements since this was last called, with the values bound to them: for tests
    /// that look at plans. The first call gives none and begins to keep them.
    pub fn statement_texts(&self) -> Vec<String> {
        self.counter.texts()
    }

    /// Begins to look for what other processes and instances write, so that [`Db::writes`] is known.
    pub fn watch(&self) -> Result<(), Error> {
        // Statements that nobody's request has sent are not counted.
        self.watch
            .begin(Manager::new(self.url.clone(), Counter::default()))
    }

    /// A number that grows with every write, of whatever process: what was read while it stood the same
    /// may be shown again. Own writes move it before they are answered, those of others within 200 ms;
    /// `None` while those of others can't be known.
    pub fn writes(&self) -> Option<u64> {
        self.watch.writes()
    }

    /// The file that holds the database, where it is one.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Connections the pool keeps at most.
    pub fn connections(&self) -> u32 {
        self.pool.max_size()
    }

    /// Told after each commit of this process: it may have left work behind.
    pub fn work(&self) -> &Notify {
        &self.work
    }

    fn connection(&self) -> Result<PooledConnection<Manager>, Error> {
        self.pool
            .get()
            .map_err(|e| Error::Unavailable(e.to_string()))
    }

    /// The number of the last change, asked on a connection of its own: whether the database is there.
    /// It does not wait for readers, and not for long.
    pub async fn pulse(&self) -> Result<i64, Error> {
        self.pulse.revision().await
    }

    /// Runs `f` in one read transaction on a blocking thread: all its queries see one state.
    ///
    /// It waits for its turn, and ends when it has worked for too long or when the future is dropped,
    /// because nobody waits for it any more.
    pub async fn read<T: Send + 'static, E: From<Error> + Send + 'static>(
        &self,
        f: impl FnOnce(&mut DbConn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let (tell, mut told) = oneshot::channel();
        let run = move |conn: &mut DbConn| {
            let result = f(conn);
            let is_ok = result.is_ok();
            drop(tell.send(result));
            is_ok
        };
        self.read_in_turn(Box::new(run)).await?;
        told.try_recv()
            .unwrap_or_else(|_| Err(Error::stopped().into()))
    }

    /// [`Db::read`] of what says whether it went well. Boxed, so that what surrounds every read is compiled once.
    async fn read_in_turn(
        &self,
        f: Box<dyn FnOnce(&mut DbConn) -> bool + Send>,
    ) -> Result<(), Error> {
        let turn = self.turns.take(WAIT_FOR_CONNECTION).await?;
        let caller = Caller::default();
        let gone = caller.gone();
        let (awaited, reading) = self
            .canceller
            .as_ref()
            .map(|canceller| canceller.watch())
            .unzip();
        let db = self.clone();
        let mut read = on_blocking_thread(move || {
            let _turn = turn;
            let limit = Limit::begin(db.read_time, gone);
            db.read_under(&limit, db.read_time, reading.as_ref(), f)
        });
        let ended = if let Ok(ended) = timeout(self.read_time, &mut read).await {
            ended
        } else {
            // The server counts the time of each statement by itself: here all of them are over.
            drop(awaited);
            // A server that has gone without a word ends nothing: whoever asks needs an answer all the same.
            match timeout(WAIT_FOR_THE_END, read).await {
                Ok(ended) => ended,
                Err(_) => return Err(Error::Unavailable("it does not answer".to_owned())),
            }
        };
        ended.unwrap_or_else(|_| Err(Error::Internal("a read panicked".to_owned())))
    }

    /// Runs `f`, which says whether it went well, in one read transaction under this limit, of which the server is
    /// told `time`.
    fn read_under(
        &self,
        limit: &Limit,
        time: Duration,
        reading: Option<&Reading>,
        f: impl FnOnce(&mut DbConn) -> bool,
    ) -> Result<(), Error> {
        if limit.is_over() {
            return Err(Error::TooLong);
        }
        let mut is_ok = false;
        let within = Box::new(|conn: &mut DbConn| is_ok = limit.during(|| f(conn)));
        let read = self.in_read(Some(time), reading, within);
        // Whatever became of the error on its way: this is why.
        if !(read.is_ok() && is_ok) && limit.is_over() {
            return Err(Error::TooLong);
        }
        read
    }

    /// [`Db::read`] for callers outside the server, such as the command line, and for work beside the
    /// requests: without a limit.
    pub fn read_blocking<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&mut DbConn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut result = None;
        self.in_read(None, None, Box::new(|conn| result = Some(f(conn))))?;
        // Only then is there an error to be made, which tells of itself in the log.
        result.unwrap_or_else(|| Err(Error::stopped().into()))
    }

    /// Boxed, so that what surrounds every read is compiled once.
    fn in_read(
        &self,
        time: Option<Duration>,
        reading: Option<&Reading>,
        f: Box<dyn FnOnce(&mut DbConn) + '_>,
    ) -> Result<(), Error> {
        let mut conn = self.connection()?;
        let process = match reading {
            Some(_) => self.process(&mut conn)?,
            None => None,
        };
        dialect::begin_read(&mut conn, time)?;
        if let (Some(reading), Some(Process(process))) = (reading, process) {
            reading.on(process);
        }
        f(&mut conn);
        if let Some(reading) = reading {
            reading.over();
        }
        type Manager = <DbConn as Connection>::TransactionManager;
        // A read changes nothing: rolling back and committing are the same.
        if let Err(error) = Manager::rollback_transaction(&mut *conn) {
            tracing::warn!(%error, "a read transaction could not be closed");
        }
        Ok(())
    }

    /// The process of the server that works for this connection: asked once, and counted by nobody.
    fn process(&self, conn: &mut PooledConnection<Manager>) -> QueryResult<Option<Process>> {
        if let Some(known) = PooledConnection::extensions(conn).get::<Process>() {
            return Ok(Some(*known));
        }
        conn.set_instrumentation(None::<Counter>);
        let process = dialect::process(conn);
        conn.set_instrumentation(self.counter.clone());
        let process = process?.map(Process);
        if let Some(process) = process {
            PooledConnection::extensions_mut(conn).insert(process);
        }
        Ok(process)
    }

    /// Runs `f` in one write transaction: committed on `Ok`, rolled back on `Err`.
    ///
    /// When this returns `Ok`, the change is durable and every later read sees it.
    pub async fn write<T: Send + 'static, E: From<Error> + Send + 'static>(
        &self,
        f: impl FnOnce(&mut DbConn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        self.write_when(Box::new(once(f)), false).await
    }

    /// [`Db::write`] for what may run again: on `SQLite` it costs less. It runs again, with all it wrote undone,
    /// when another write that shares its commit has failed, and nothing else than the database may remember it.
    pub async fn write_repeatable<T: Send + 'static, E: From<Error> + Send + 'static>(
        &self,
        f: impl FnMut(&mut DbConn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        self.write_when(Box::new(f), true).await
    }

    async fn write_when<T: Send + 'static, E: From<Error> + Send + 'static>(
        &self,
        mut f: Write<T, E>,
        repeatable: bool,
    ) -> Result<T, E> {
        let f = move |conn: &mut DbConn| write_hooks::within(conn, &mut f);
        let written = if let Some(writer) = &self.writer {
            writer.submit(f, repeatable)?
        } else {
            let db = self.clone();
            on_blocking_thread(move || db.write_on_pool(f))
        };
        let written = written
            .await
            .unwrap_or_else(|_| Err(Error::stopped().into()))?;
        self.work.notify_one();
        Ok(written)
    }

    /// [`Db::write`] for callers outside the server, such as the command line.
    pub fn write_blocking<T: Send + 'static, E: From<Error> + Send + 'static>(
        &self,
        f: impl FnOnce(&mut DbConn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let mut f = once(f);
        let f = move |conn: &mut DbConn| write_hooks::within(conn, &mut f);
        let written = match &self.writer {
            Some(writer) => writer
                .submit(f, false)?
                .blocking_recv()
                .unwrap_or_else(|_| Err(Error::stopped().into()))?,
            None => self.write_on_pool(f)?,
        };
        self.work.notify_one();
        Ok(written)
    }

    /// [`Db::write_blocking`] for a write of many records, in a transaction of its own.
    ///
    /// The writer may run a closure in a savepoint, for which `SQLite` keeps a copy of each page that
    /// is changed; of a large database that would be most of it, in memory.
    pub fn write_unbatched<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&mut DbConn) -> Result<T, E>,
    ) -> Result<T, E> {
        self.write_on_pool(|conn| {
            dialect::set_up_writer(conn).map_err(Error::from)?;
            write_hooks::within(conn, f)
        })
    }

    /// Writes a consistent copy of the whole database into a new file, while others read and write;
    /// `None` where the engine has tools of its own for that. Who is told of changes by mail is taken along only
    /// `with_subscribers`. The file gets its name when all of it is there and nothing else: a copy that was broken
    /// off must not pass for a backup, nor keep addresses.
    pub fn backup(&self, file: &str, with_subscribers: bool) -> Result<Option<()>, Error> {
        let unable =
            |why: &dyn fmt::Display| Error::Internal(format!("{file} can't be written: {why}"));
        let folder = Path::new(file)
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let draft = tempfile::Builder::new()
            .prefix(".backup")
            .suffix(".part")
            .tempfile_in(folder.unwrap_or(Path::new(".")))
            .map_err(|error| unable(&error))?;
        let name = draft.path().to_string_lossy();
        let copied =
            dialect::backup(&mut *self.connection()?, &name).map_err(|error| unable(&error))?;
        if copied.is_some() {
            if !with_subscribers {
                dialect::erase_subscribers(&name).map_err(|error| unable(&error))?;
            }
            draft.as_file().sync_all().map_err(|error| unable(&error))?;
            draft
                .persist_noclobber(file)
                .map_err(|kept| unable(&kept.error))?;
        }
        Ok(copied)
    }

    /// Forgets what was overwritten and still stands in the log of the database: tries for some seconds, since
    /// whoever reads keeps it.
    pub fn empty_log(&self) {
        const TRIES: u32 = 20;
        let once = || -> Result<bool, Error> { Ok(dialect::empty_log(&mut *self.connection()?)?) };
        let mut emptied = once();
        for _ in 1..TRIES {
            if !matches!(emptied, Ok(false)) {
                break;
            }
            thread::sleep(Duration::from_millis(250));
            emptied = once();
        }
        match emptied {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!("readers keep the log of the database: it is emptied later");
            }
            Err(error) => tracing::warn!(%error, "the log of the database could not be emptied"),
        }
    }

    fn write_on_pool<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&mut DbConn) -> Result<T, E>,
    ) -> Result<T, E> {
        type Manager = <DbConn as Connection>::TransactionManager;
        let mut conn = self.connection()?;
        dialect::begin_write(&mut conn).map_err(Error::from)?;
        match f(&mut conn) {
            Ok(value) => {
                Manager::commit_transaction(&mut *conn).map_err(Error::of_commit)?;
                self.watch.written();
                Ok(value)
            }
            Err(error) => {
                if let Err(rollback) = Manager::rollback_transaction(&mut *conn) {
                    tracing::warn!(%rollback, "a write transaction could not be rolled back");
                }
                Err(error)
            }
        }
    }
}

/// `f`, which runs once, among what may run again.
pub fn once<T, E: From<Error>>(
    f: impl FnOnce(&mut DbConn) -> Result<T, E>,
) -> impl FnMut(&mut DbConn) -> Result<T, E> {
    let mut f = Some(f);
    move |conn| match f.take() {
        Some(f) => f(conn),
        None => Err(Error::Internal("a write ran twice".to_owned()).into()),
    }
}

/// Starts a thread of the database's own.
fn thread(name: &str, f: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(f)
        .map(drop)
        .map_err(|e| Error::Internal(format!("the thread {name} could not start: {e}")))
}

/// Runs `f` on a blocking thread; nothing comes back when it panics. Boxed, so that the runtime's part
/// is compiled once.
fn on_blocking_thread<T: Send + 'static>(
    f: impl FnOnce() -> T + Send + 'static,
) -> oneshot::Receiver<T> {
    let (tell, told) = oneshot::channel();
    let job: Box<dyn FnOnce() + Send> = Box::new(move || {
        // The caller may have gone away, or go meanwhile.
        if !tell.is_closed() {
            drop(tell.send(f()));
        }
    });
    drop(web::block(job));
    told
}
