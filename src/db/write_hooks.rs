//! What a room further right does at the beginning and at the end of every write, inside its
//! transaction. This room does not know what it is.

use std::sync::OnceLock;

use diesel::QueryResult;

use super::{DbConn, Error};

/// What is done around every write; see [`hook_writes`].
#[derive(Debug, Clone, Copy)]
pub struct WriteHooks {
    /// Done before the write: nobody else writes any more.
    pub begin: fn(&mut DbConn) -> QueryResult<()>,
    /// Done after a write that is to be kept, before it is committed.
    pub end: fn(&mut DbConn) -> QueryResult<()>,
}

static AROUND: OnceLock<WriteHooks> = OnceLock::new();

/// Says once for the process what is done around every write of every database.
pub fn hook_writes(around: WriteHooks) {
    // Left again, it is the same.
    AROUND.get_or_init(|| around);
}

/// `f` with what is done around it.
pub(super) fn within<T, E: From<Error>>(
    conn: &mut DbConn,
    f: impl FnOnce(&mut DbConn) -> Result<T, E>,
) -> Result<T, E> {
    let Some(around) = AROUND.get() else {
        return f(conn);
    };
    (around.begin)(conn).map_err(Error::from)?;
    let value = f(conn)?;
    (around.end)(conn).map_err(Error::from)?;
    Ok(value)
}
