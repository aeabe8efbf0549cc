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
    /// A query failed.
    #[error(transparent)]
    Query(#[from] diesel::result::Error),
    /// Something that should not happen did.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// The writer has gone: the process is shutting down.
    pub(super) fn stopped() -> Self {
        Self::Unavailable("the writer has stopped".to_owned())
    }
}
