//! The only place that asks which engine it is.

use diesel::connection::{AnsiTransactionManager, SimpleConnection};
use diesel::migration::Result as MigrationResult;
use diesel::{QueryResult, RunQueryDsl};
use diesel_migrations::MigrationHarness;

use super::DbConn;
use super::migrations::{POSTGRES, SQLITE};

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
        DbConn::Sqlite(c) => c.batch_execute(
            "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; \
             PRAGMA synchronous = FULL; PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY;",
        ),
        DbConn::Postgres(c) => c.batch_execute(
            "SET TIME ZONE 'UTC'; SET application_name = 'twincity'; SET statement_timeout = '60s'; \
             SET client_min_messages = warning;",
        ),
    }
}

/// Begins a transaction whose queries all see the same state.
pub(super) fn begin_read(conn: &mut DbConn) -> QueryResult<()> {
    match conn {
        DbConn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
        DbConn::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(
            c,
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        ),
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

/// Applies every pending migration; the names applied.
pub(super) fn migrate_up(conn: &mut DbConn) -> MigrationResult<Vec<String>> {
    let applied = match conn {
        DbConn::Sqlite(c) => c.run_pending_migrations(SQLITE)?,
        DbConn::Postgres(c) => c.run_pending_migrations(POSTGRES)?,
    };
    Ok(applied.iter().map(ToString::to_string).collect())
}

/// Reverts the newest migration; its name.
pub(super) fn migrate_down(conn: &mut DbConn) -> MigrationResult<String> {
    let reverted = match conn {
        DbConn::Sqlite(c) => c.revert_last_migration(SQLITE)?,
        DbConn::Postgres(c) => c.revert_last_migration(POSTGRES)?,
    };
    Ok(reverted.to_string())
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

/// The query plan of a statement, one line a step, for tests that look for indexes.
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
        DbConn::Postgres(c) => Ok(diesel::sql_query(format!("EXPLAIN {statement}"))
            .load::<PostgresStep>(c)?
            .into_iter()
            .map(|step| step.line)
            .collect()),
    }
}
