//! What an import has done.

use super::summary;
use crate::exchange::links::{BadRow, ReadError};
use crate::http::problem::Problem;

/// Counts of an import, and every row it could not use.
#[derive(Debug, Default)]
pub struct Report {
    /// Rows read.
    pub rows: u64,
    /// Partners that were not there.
    pub partners_created: u64,
    /// Agreements that were not there.
    pub created: u64,
    /// Rows of a known agreement that added their source to it.
    pub matched: u64,
    /// Rows that said nothing new.
    pub duplicates: u64,
    /// Rows that name no partner in any of several columns; they are not among the others.
    pub without_partner: u64,
    /// Rows of text above the header, such as a title; they are not among the others.
    pub above_header: u64,
    /// Rows that could not be used.
    pub rejected: u64,
    /// Why not: one entry for each thing that is wrong, by line.
    pub faults: Vec<BadRow>,
    /// What rows that were used say and the import leaves to people.
    pub remarks: Vec<BadRow>,
}

impl Report {
    pub(super) fn reject(&mut self, faults: Vec<BadRow>) {
        self.rejected += 1;
        self.faults.extend(faults);
    }

    /// Whether nothing is wrong with a row; else it is rejected.
    pub(super) fn is_faultless(&mut self, faults: Vec<BadRow>) -> bool {
        let is_faultless = faults.is_empty();
        if !is_faultless {
            self.reject(faults);
        }
        is_faultless
    }

    /// What is wrong, for people: the same fault of many rows is one line.
    pub fn told(&self) -> Vec<String> {
        summary::lines(&self.faults)
    }

    /// What is left to people, told like faults.
    pub fn to_do(&self) -> Vec<String> {
        summary::lines(&self.remarks)
    }

    /// One line of numbers.
    pub fn summary(&self) -> String {
        let also = |what, count| match count {
            0 => String::new(),
            count => format!(", {what} {count}"),
        };
        let without = also("without a partner", self.without_partner);
        let above = also("above the header", self.above_header);
        format!(
            "rows {}: partners created {}, agreements created {}, matched {}, duplicates {}, rejected {}{without}{above}",
            self.rows,
            self.partners_created,
            self.created,
            self.matched,
            self.duplicates,
            self.rejected
        )
    }
}

/// Why an import has left nothing behind.
#[derive(Debug)]
pub enum Ended {
    /// On purpose, or because rows were rejected: here is what it would have done.
    NothingKept(Box<Report>),
    /// The file could not be read to its end.
    Unreadable(ReadError),
    /// The registry could not take it.
    Problem(Problem),
}

impl From<ReadError> for Ended {
    fn from(error: ReadError) -> Self {
        Self::Unreadable(error)
    }
}

impl<E: Into<Problem>> From<E> for Ended {
    fn from(error: E) -> Self {
        Self::Problem(error.into())
    }
}
