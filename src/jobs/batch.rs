//! Going through many records in small transactions.

use crate::changes::{self, Ctx};
use crate::db::DbConn;
use crate::http::problem::Problem;

/// Most records of one transaction: other writers wait no longer than these take.
pub const SIZE: i64 = 500;

/// One of these transactions: it looks at the next records behind a key.
pub type Step = fn(&mut DbConn, &Ctx, i64) -> Result<Batch, Problem>;

/// What one of these transactions did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Batch {
    /// Records that were changed.
    pub done: usize,
    /// Records that would have been but can't be, and wait for a person.
    pub left: usize,
    /// The key behind which the next one begins; none when everything has been looked at.
    pub next: Option<i64>,
}

impl Batch {
    /// Nothing done yet; of these rows, in the order of their keys, the next batch begins behind the last unless
    /// they are fewer than a batch holds.
    pub fn of<T>(rows: &[T], key: impl Fn(&T) -> i64) -> Self {
        let full = usize::try_from(SIZE).is_ok_and(|size| rows.len() >= size);
        Self {
            next: rows.last().map(key).filter(|_| full),
            ..Self::default()
        }
    }
    /// Does something to one record, all of it or nothing. Where a problem lets it wait for a person, that problem.
    pub fn attempt<T>(
        &mut self,
        conn: &mut DbConn,
        act: impl FnOnce(&mut DbConn) -> Result<T, Problem>,
        waits: impl FnOnce(&Problem) -> bool,
    ) -> Result<Option<Problem>, Problem> {
        match changes::savepoint(conn, act) {
            Ok(_) => {
                self.done += 1;
                Ok(None)
            }
            Err(problem) if waits(&problem) => {
                self.left += 1;
                Ok(Some(problem))
            }
            Err(problem) => Err(problem),
        }
    }
}
