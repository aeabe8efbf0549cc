//! The schema's history: paired migrations of the same names for both engines, built into the binary.

use std::fmt;

use super::{Db, DbConn, Error, dialect};

/// A migration's name and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// `2026-11-24-000001_registry`.
    pub name: String,
    /// Whether it has been applied.
    pub applied: bool,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Applies every pending migration, oldest first; the names of those applied.
pub fn up(db: &Db) -> Result<Vec<String>, Error> {
    alone(db, |conn| {
        let all = all(conn)?.into_iter();
        let pending = all.filter(|one| !one.applied).map(|one| one.name).collect();
        dialect::migrate_up(conn)?;
        Ok(pending)
    })
}

/// Reverts the newest migration with its data; its name, or nothing when none was applied.
pub fn down(db: &Db) -> Result<Option<String>, Error> {
    alone(db, |conn| {
        let Some(newest) = all(conn)?.into_iter().rev().find(|one| one.applied) else {
            return Ok(None);
        };
        dialect::migrate_down(conn)?;
        Ok(Some(newest.name))
    })
}

/// Every migration of this binary, oldest first.
pub fn status(db: &Db) -> Result<Vec<Status>, Error> {
    all(&mut *db.connection()?).map_err(|error| failed(db, &error))
}

/// Changes the schema while no other process does.
fn alone<T>(db: &Db, f: impl FnOnce(&mut DbConn) -> Result<T, Failure>) -> Result<T, Error> {
    dialect::migrating(&mut *db.connection()?, f).map_err(|error| failed(db, &error))
}

fn all(conn: &mut DbConn) -> Result<Vec<Status>, Failure> {
    let all = dialect::migration_status(conn)?;
    Ok(all
        .into_iter()
        .map(|(name, applied)| Status { name, applied })
        .collect())
}

fn failed(db: &Db, error: &dyn fmt::Display) -> Error {
    Error::Internal(format!("{}: migration failed: {error}", db.url))
}
