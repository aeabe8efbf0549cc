//! What can go wrong between the program and its database.

/// A failure of the database, before anyone has said what it means to a caller over HTTP.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database can't be reached or has no free connection: try again later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
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

    /// The writer has gone: the process is shutting down.
    pub(super) fn stopped() -> Self {
        Self::Unavailable("the writer has stopped".to_owned())
    }
}
