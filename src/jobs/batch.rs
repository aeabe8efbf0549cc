//! Going through many records in small transactions.

/// Most records of one transaction: other writers wait no longer than these take.
pub const SIZE: i64 = 500;

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
    /// Nothing done yet; of these keys, in their order, the next batch begins behind the last unless
    /// they are fewer than a batch holds.
    pub fn of(keys: &[i64]) -> Self {
        let full = usize::try_from(SIZE).is_ok_and(|size| keys.len() >= size);
        Self {
            next: keys.last().copied().filter(|_| full),
            ..Self::default()
        }
    }
}
