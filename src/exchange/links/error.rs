//! Why a file of links can't be read.

use std::io;

/// Why no more rows can be read from a file.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The bytes could not be read.
    #[error("the file can't be read: {0}")]
    Io(#[from] io::Error),
    /// It is no table, it is in another encoding, or its columns don't fit the mapping: all that is wrong.
    #[error("{0}")]
    Format(String),
    /// What follows can't be told apart into rows.
    #[error("line {line}, column {column}: a quote that opens in this row is never closed")]
    Quote {
        /// The line on which the row begins.
        line: u64,
        /// The column in which the quote opens.
        column: String,
    },
}

impl ReadError {
    pub(super) fn format(what: impl Into<String>) -> Self {
        Self::Format(what.into())
    }
}
