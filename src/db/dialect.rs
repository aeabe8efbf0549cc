//! The only place that asks which engine it is.

use std::path::PathBuf;
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection};
use diesel::migration::Result as MigrationResult;
use diesel::result::Error;
use diesel::{Connection, QueryResult, RunQueryDsl, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::DbConn;

/// How long a connection to SQLite waits for others.
const BUSY_TIMEOUT: &str = "PRAGMA busy_timeout = 5000;";

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Which engine a connection speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// Server.
    Postgres,
}

/// The engine of this connection.
pub fn engine(conn: &DbConn) -> Engine {
    match conn {
        DbConn::Sqlite(_) => Engine::Sqlite,
        DbConn::Postgres(_) => Engine::Postgres,
    }
}

/// Settings every new connection gets.
pub(super) fn set_up(conn: &mut DbConn) -> QueryResult<()> {
    match conn {
        // FULL: an answered write survives a power cut; group commit pays for the fsync once.
        DbConn::Sqlite(c) => {
            c.batch_execute(BUSY_TIMEOUT)?;
            c.batch_execute(
                "PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY;",
            )
        }
        DbConn::Postgres(c) => c.batch_execute(
            "SET TIME ZONE 'UTC'; SET application_name = 'twincity'; SET statement_timeout = '60s'; \
             SET client_min_messages = warning;",
        ),
    }
}

/// Settings of the connection that writes. It goes through every index at places all over, so more of
/// the file is worth keeping; and the more writes are moved from the log into the file at once, the more
/// of them are to the same page. More than this helps nothing: SQLite goes through all of what is kept at
/// the end of each commit that has moved a page.
pub(super) fn set_up_writer(conn: &mut DbConn) -> QueryResult<()> {
    match conn {
        DbConn::Sqlite(c) => {
            // What is deleted is overwritten: names that were redacted must not lie in the file.
            c.batch_execute(
                "PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 16000; PRAGMA secure_delete = ON;",
            )
        }
        DbConn::Postgres(_) => Ok(()),
    }
}

/// Has commits on this connection return before they are on the disk, where the engine can; the file that has
/// to reach the disk for them to last. `None` where they are durable as they return.
pub(super) fn leave_log_unsynced(conn: &mut DbConn) -> QueryResult<Option<PathBuf>> {
    #[derive(diesel::QueryableByName)]
    struct Main {
        #[diesel(sql_type = diesel::sql_types::Text)]
        file: String,
    }
    let DbConn::Sqlite(c) = conn else {
        return Ok(None);
    };
    let main: Vec<Main> = diesel::sql_query(
        "SELECT file FROM pragma_database_list, pragma_journal_mode WHERE name = 'main' AND journal_mode = 'wal'",
    )
    .load(c)?;
    let Some(Main { file }) = main.into_iter().find(|main| !main.file.is_empty()) else {
        return Ok(None);
    };
    c.batch_execute("PRAGMA synchronous = NORMAL;")?;
    Ok(Some(PathBuf::from(file + "-wal")))
}

/// Begins a transaction whose queries all see the same state. A statement that works for longer than
/// `time` is ended by the server itself, several together by the canceller; the embedded engine is asked to by its
/// progress handler.
pub(super) fn begin_read(conn: &mut DbConn, time: Option<Duration>) -> QueryResult<()> {
    match conn {
        DbConn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
        DbConn::Postgres(c) => {
            let mut begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".to_owned();
            if let Some(time) = time {
                begin.push_str(&format!(
                    "; SET LOCAL statement_timeout = {}",
                    time.as_millis().max(1)
                ));
            }
            AnsiTransactionManager::begin_transaction_sql(c, &begin)
        }
    }
}

/// The process of the server that works for this connection; `None` where the engine is embedded.
pub(super) fn process(conn: &mut DbConn) -> QueryResult<Option<i32>> {
    diesel::define_sql_function! {
        /// The process of the server behind this connection.
        fn pg_backend_pid() -> diesel::sql_types::Integer;
    }
    match conn {
        DbConn::Sqlite(_) => Ok(None),
        DbConn::Postgres(c) => diesel::select(pg_backend_pid()).get_result(c).map(Some),
    }
}

/// Ends the statement that this process of the server runs, if it runs one.
pub(super) fn end_statement(conn: &mut DbConn, process: i32) -> QueryResult<()> {
    match conn {
        DbConn::Sqlite(_) => Ok(()),
        DbConn::Postgres(c) => diesel::sql_query("SELECT pg_cancel_backend($1)")
            .bind::<diesel::sql_types::Integer, _>(process)
            .execute(c)
            .map(drop),
    }
}

/// Has the embedded engine look how its tables are filled, as far as that has changed; of each index it
/// reads some hundred rows. The server does so by itself.
pub fn look_at_tables(conn: &mut DbConn) -> QueryResult<()> {
    match conn {
        DbConn::Sqlite(c) => {
            c.batch_execute("PRAGMA analysis_limit = 400; PRAGMA optimize = 0x10002;")
        }
        DbConn::Postgres(_) => Ok(()),
    }
}

/// Forgets what [`look_at_tables`] found: without it, every statement goes by its index.
pub fn forget_tables(conn: &mut DbConn) -> QueryResult<()> {
    match conn {
        DbConn::Sqlite(c) => c.batch_execute("DROP TABLE IF EXISTS sqlite_stat1;"),
        DbConn::Postgres(_) => Ok(()),
    }
}

/// Begins a transaction that is the only one writing until it ends.
///
/// A deferred transaction that later writes would be refused by `SQLite` at once, and on
/// `PostgreSQL` a check could be outrun by another transaction between the check and the commit:
/// so the first takes the write lock up front and the second the counter row every change needs.
pub(super) fn begin_write(conn: &mut DbConn) -> QueryResult<()> {
    match conn {
        DbConn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        DbConn::Postgres(c) => {
            AnsiTransactionManager::begin_transaction_sql(c, "BEGIN")?;
            let locked = diesel::sql_query("SELECT seq FROM registry_meta FOR UPDATE").execute(c);
            if let Err(error) = locked {
                use diesel::connection::TransactionManager;
                AnsiTransactionManager::rollback_transaction(c)?;
                return Err(error);
            }
            Ok(())
        }
    }
}

/// Runs `f` while no other process changes the schema: several instances may start at once, on an empty database,
/// too. On SQLite all that it does is one transaction; on PostgreSQL nothing of it is ended for taking long.
pub(super) fn migrating<T>(
    conn: &mut DbConn,
    f: impl FnOnce(&mut DbConn) -> MigrationResult<T>,
) -> MigrationResult<T> {
    use diesel::connection::TransactionManager;
    type Manager = <DbConn as Connection>::TransactionManager;
    let engine = engine(conn);
    match engine {
        Engine::Sqlite => begin_write(conn)?,
        // Other registries may be in other schemas of the same database.
        Engine::Postgres => {
            conn.batch_execute("SET statement_timeout = 0;")?;
            conn.batch_execute("SELECT pg_advisory_lock(20261201, hashtext(current_schema()));")?;
        }
    }
    let done = f(conn);
    let ended = match (engine, &done) {
        (Engine::Sqlite, Ok(_)) => Manager::commit_transaction(conn),
        (Engine::Sqlite, Err(_)) => Manager::rollback_transaction(conn),
        (Engine::Postgres, _) => conn
            .batch_execute("SELECT pg_advisory_unlock(20261201, hashtext(current_schema()));")
            .and_then(|()| set_up(conn)),
    };
    done.and_then(|value| Ok(ended.map(|()| value)?))
}

/// Applies every pending migration.
pub(super) fn migrate_up(conn: &mut DbConn) -> MigrationResult<()> {
    match conn {
        DbConn::Sqlite(c) => c.run_pending_migrations(SQLITE).map(drop),
        DbConn::Postgres(c) => c.run_pending_migrations(POSTGRES).map(drop),
    }
}

/// Reverts the newest migration.
pub(super) fn migrate_down(conn: &mut DbConn) -> MigrationResult<()> {
    match conn {
        DbConn::Sqlite(c) => c.revert_last_migration(SQLITE).map(drop),
        DbConn::Postgres(c) => c.revert_last_migration(POSTGRES).map(drop),
    }
}

/// Migrations applied and pending, in order.
pub(super) fn migration_status(conn: &mut DbConn) -> MigrationResult<Vec<(String, bool)>> {
    use diesel::migration::{Migration, MigrationSource};
    fn names<DB: diesel::backend::Backend>(
        all: Vec<Box<dyn Migration<DB>>>,
    ) -> Vec<(String, String)> {
        all.iter()
            .map(|m| {
                (
                    m.name().version().as_owned().to_string(),
                    m.name().to_string(),
                )
            })
            .collect()
    }
    let (applied, mut all) = match conn {
        DbConn::Sqlite(c) => (
            c.applied_migrations()?,
            names::<diesel::sqlite::Sqlite>(SQLITE.migrations()?),
        ),
        DbConn::Postgres(c) => (
            c.applied_migrations()?,
            names::<diesel::pg::Pg>(POSTGRES.migrations()?),
        ),
    };
    all.sort();
    let applied: Vec<String> = applied.iter().map(ToString::to_string).collect();
    Ok(all
        .into_iter()
        .map(|(version, name)| (name, applied.contains(&version)))
        .collect())
}

/// Writes a consistent copy of the whole database into a new file; `None` where the engine has tools
/// of its own for that.
pub(super) fn backup(conn: &mut DbConn, file: &str) -> QueryResult<Option<()>> {
    match conn {
        DbConn::Sqlite(c) => diesel::sql_query("VACUUM INTO ?")
            .bind::<diesel::sql_types::Text, _>(file)
            .execute(c)
            .map(|_| Some(())),
        DbConn::Postgres(_) => Ok(None),
    }
}

/// What holds addresses of those who are told of changes by mail, or of what they have not confirmed: tables, and
/// which of their rows. What refers to others comes first.
const SUBSCRIBERS: &[(&str, &str)] = &[
    ("subscription_topics", "1 = 1"),
    ("subscription_tokens", "1 = 1"),
    ("subscribers", "1 = 1"),
    ("subscription_requests", "1 = 1"),
    ("subscription_news", "1 = 1"),
    ("held_suggestions", "1 = 1"),
    (
        "jobs",
        "kind LIKE '%subscription' OR kind = 'unconfirmed_suggestion' \
         OR payload LIKE '{\"template\":\"subscription%' OR payload LIKE '{\"template\":\"suggestion_confirm%'",
    ),
];

/// Erases from a copy who is told of changes by mail: an address that is erased here would stay there. The copy
/// may be of an older release.
pub(super) fn erase_subscribers(file: &str) -> QueryResult<()> {
    #[derive(diesel::QueryableByName)]
    struct Table {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    let copy = SqliteConnection::establish(file);
    let mut copy = copy.map_err(|error| Error::QueryBuilderError(Box::new(error)))?;
    let there: Vec<Table> =
        diesel::sql_query("SELECT name FROM sqlite_schema WHERE type = 'table'").load(&mut copy)?;
    // What is deleted is overwritten.
    copy.batch_execute("PRAGMA secure_delete = ON;")?;
    for (table, rows) in SUBSCRIBERS {
        if there.iter().any(|there| there.name == *table) {
            copy.batch_execute(&format!("DELETE FROM {table} WHERE {rows};"))?;
        }
    }
    Ok(())
}

/// Moves everything from the log into the file and empties the log, where what was overwritten still stands;
/// whether it could, or the engine keeps its log in its own way. It waits for readers, and writers for it: not
/// for long.
pub(super) fn empty_log(conn: &mut DbConn) -> QueryResult<bool> {
    #[derive(diesel::QueryableByName)]
    struct Checkpoint {
        #[diesel(sql_type = diesel::sql_types::Integer)]
        busy: i32,
    }
    let DbConn::Sqlite(c) = conn else {
        return Ok(true);
    };
    c.batch_execute("PRAGMA busy_timeout = 50;")?;
    let done = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").load::<Checkpoint>(c);
    c.batch_execute(BUSY_TIMEOUT)?;
    Ok(done?.iter().all(|done| done.busy == 0))
}

/// The query plan of a statement, one line a step, for tests that look for indexes. It may have
/// parameters: the plan is the one for any values.
pub fn explain(conn: &mut DbConn, statement: &str) -> QueryResult<Vec<String>> {
    #[derive(diesel::QueryableByName)]
    struct SqliteStep {
        #[diesel(sql_type = diesel::sql_types::Text)]
        detail: String,
    }
    #[derive(diesel::QueryableByName)]
    struct PostgresStep {
        #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
        line: String,
    }
    match conn {
        DbConn::Sqlite(c) => Ok(diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}"))
            .load::<SqliteStep>(c)?
            .into_iter()
            .map(|step| step.detail)
            .collect()),
        DbConn::Postgres(c) => {
            let parameters = (1..=999)
                .rev()
                .find(|n| statement.contains(&format!("${n}")))
                .unwrap_or(0);
            let values = vec!["NULL"; parameters].join(", ");
            let values = if parameters == 0 {
                values
            } else {
                format!("({values})")
            };
            c.batch_execute(&format!(
                "SET LOCAL plan_cache_mode = force_generic_plan; PREPARE explained AS {statement}"
            ))?;
            let steps = diesel::sql_query(format!("EXPLAIN EXECUTE explained{values}"))
                .load::<PostgresStep>(c)?;
            c.batch_execute("DEALLOCATE explained")?;
            Ok(steps.into_iter().map(|step| step.line).collect())
        }
    }
}
