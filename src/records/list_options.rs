//! What a list does beside what lists of its kind do.

use diesel::QueryResult;

use super::readable::{Readable, Show};
use super::{Record, Row};
use crate::core::ids::PublicId;
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::http::extract::Viewer;
use crate::http::listing::Listing;
use crate::http::problem::Problem;

/// What only this kind's lists, or those with this filter, do.
pub struct ListOptions<R: Readable, F = <R as Readable>::Filter> {
    /// What the records of the list are called together.
    pub collection: &'static str,
    /// The record whose list it is, if it is one's.
    pub of: Option<PublicId>,
    /// What holds of all that can be in it; or why the viewer may not know.
    pub among: Box<Among>,
    /// What else is asked of the listing.
    pub listing: Box<Narrow<F>>,
    /// Reads the rows of these keys, in any order.
    pub load: Box<Load<R>>,
}

type Among = dyn FnOnce(&mut DbConn, &Viewer) -> Result<Option<Condition>, Problem> + Send;

type Narrow<F> = dyn for<'q> FnOnce(Listing<'q>, &F, &Show<'_>) -> Listing<'q> + Send;

type Load<R> = dyn Fn(&mut DbConn, &[i64]) -> QueryResult<Vec<<R as Record>::Row>> + Send;

impl<R: Readable, F: 'static> Default for ListOptions<R, F> {
    fn default() -> Self {
        Self {
            collection: R::COLLECTION,
            of: None,
            among: Box::new(|_, _| Ok(None)),
            listing: Box::new(|listing, _, _| listing),
            load: Box::new(R::Row::by_keys),
        }
    }
}
