//! What can go wrong between the program and its database.

/// What the engines say when they can't do their work, where they have no code of their own for it.
const UNAVAILABLE: &[&str] = &[
    "database or disk is full",
    "disk I/O error",
    "attempt to write a readonly database",
    "unable to open database file",
    "database is locked",
    "No space left on device",
];

/// A failure of the database, before anyone has said what it means to a caller over HTTP.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database can't be reached or has no free connection: try again later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The database failed while it kept a write: whether it did is not known.
    #[error("whether it was kept is not known: {0}")]
    Uncertain(String),
    /// Too many writes are waiting: try again later.
    #[error("too many writes are waiting")]
    Busy,
    /// Too many reads are waiting: try again later.
    #[error("too many reads are waiting")]
    ReadsWait,
    /// A read has worked for longer than one may.
    #[error("the read took too long")]
    TooLong,
    /// A query failed.
    #[error(transparent)]
    Query(#[from] diesel::result::Error),
    /// Something that should not happen did.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// Whether a query failed because it was told to end, not for a fault of its own.
    pub fn was_ended(error: &diesel::result::Error) -> bool {
        use diesel::result::Error::DatabaseError;
        matches!(error, DatabaseError(_, said)
            if said.message() == "interrupted" || said.message().starts_with("canceling statement"))
    }

    /// Whether a query failed because the database can't do its work now, not for a fault of its own: the connection
    /// broke, another transaction was in its way, or the disk is full or may not be written.
    pub fn is_unavailable(error: &diesel::result::Error) -> bool {
        use diesel::result::DatabaseErrorKind as Kind;
        use diesel::result::Error::{BrokenTransactionManager, DatabaseError};
        match error {
            BrokenTransactionManager => true,
            DatabaseError(kind, said) => {
                matches!(
                    kind,
                    Kind::ClosedConnection | Kind::SerializationFailure | Kind::ReadOnlyTransaction
                ) || UNAVAILABLE
                    .iter()
                    .any(|words| said.message().contains(words))
            }
            _ => false,
        }
    }

    /// What a commit that failed means: a connection that broke meanwhile does not tell whether it was made.
    pub(super) fn of_commit(error: diesel::result::Error) -> Self {
        use diesel::result::DatabaseErrorKind::ClosedConnection;
        use diesel::result::Error::{BrokenTransactionManager, DatabaseError};
        match error {
            BrokenTransactionManager | DatabaseError(ClosedConnection, _) => {
                Self::Uncertain(error.to_string())
            }
            error => error.into(),
        }
    }

    /// The writer has gone: the process is shutting down.
    pub(super) fn stopped() -> Self {
        Self::Unavailable("the writer has stopped".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use diesel::result::{DatabaseErrorKind, Error as QueryError};

    use super::Error;

    #[test]
    fn a_connection_that_broke_does_not_tell_whether_it_committed() {
        let failed = |kind| {
            let said = Box::new("it failed".to_owned());
            Error::of_commit(QueryError::DatabaseError(kind, said))
        };
        assert!(matches!(
            failed(DatabaseErrorKind::ClosedConnection),
            Error::Uncertain(_)
        ));
        assert!(matches!(
            failed(DatabaseErrorKind::SerializationFailure),
            Error::Query(_)
        ));
    }

    #[test]
    fn a_full_or_read_only_disk_is_no_fault_of_the_query() {
        for (said, unavailable) in [
            ("database or disk is full", true),
            ("attempt to write a readonly database", true),
            (
                "could not extend file \"base/16384/2619\": No space left on device",
                true,
            ),
            ("no such column: colour", false),
        ] {
            let error =
                QueryError::DatabaseError(DatabaseErrorKind::Unknown, Box::new(said.to_owned()));
            assert_eq!(Error::is_unavailable(&error), unavailable, "{said}");
        }
    }
}
