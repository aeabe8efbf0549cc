//! The schema's history: paired migrations of the same names for both engines, built into the binary.

use super::{Db, DbConn, Error, dialect};

/// A migration's name and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// `2026-11-24-000001_registry`.
    pub name: String,
    /// Whether it has been applied.
    pub applied: bool,
}

fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::Internal(format!("migration failed: {error}"))
}

/// Applies every pending migration, oldest first; the names of those applied.
pub fn up(db: &Db) -> Result<Vec<String>, Error> {
    let pending: Vec<String> = status(db)?
        .into_iter()
        .filter(|one| !one.applied)
        .map(|one| one.name)
        .collect();
    dialect::migrate_up(&mut *db.connection()?).map_err(failed)?;
    Ok(pending)
}

/// Reverts the newest migration with its data; its name, or nothing when none was applied.
pub fn down(db: &Db) -> Result<Option<String>, Error> {
    let Some(newest) = status(db)?.into_iter().rev().find(|one| one.applied) else {
        return Ok(None);
    };
    dialect::migrate_down(&mut *db.connection()?).map_err(failed)?;
    Ok(Some(newest.name))
}

/// Every migration of this binary, oldest first.
pub fn status(db: &Db) -> Result<Vec<Status>, Error> {
    let conn: &mut DbConn = &mut *db.connection()?;
    let all = dialect::migration_status(conn).map_err(failed)?;
    Ok(all
        .into_iter()
        .map(|(name, applied)| Status { name, applied })
        .collect())
}
