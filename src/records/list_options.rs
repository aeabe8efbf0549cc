//! What a list does beside what lists of its kind do.

use diesel::QueryResult;

use super::readable::{Readable, Show};
use super::{Record, Row};
use crate::db::DbConn;
use crate::http::listing::Listing;

/// What only this kind's lists do.
pub struct ListOptions<R: Readable> {
    /// What the records of the list are called together.
    pub collection: &'static str,
    /// What else is asked of the listing.
    pub listing: Box<Narrow<R>>,
    /// Reads the rows of these keys, in any order.
    pub load: Box<Load<R>>,
}

type Narrow<R> =
    dyn for<'q> FnOnce(Listing<'q>, &<R as Readable>::Filter, &Show<'_>) -> Listing<'q> + Send;

type Load<R> = dyn Fn(&mut DbConn, &[i64]) -> QueryResult<Vec<<R as Record>::Row>> + Send;

impl<R: Readable> Default for ListOptions<R> {
    fn default() -> Self {
        Self {
            collection: R::COLLECTION,
            listing: Box::new(|listing, _, _| listing),
            load: Box::new(R::Row::by_keys),
        }
    }
}
