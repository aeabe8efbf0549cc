//! Records as the API shows them, for whoever shows them otherwise: inside a transaction, without a request.

use super::{Filter, Readable, Row, Show, apply};
use crate::core::ids::PublicId;
use crate::db::DbConn;
use crate::db::keyset::Sorting;
use crate::http::extract::ListQuery;
use crate::http::extract::params::Parsed;
use crate::http::listing::{Hits, Listing};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::index::Index;

/// The record of this id: 404 when the viewer may not see it, 410 when it is withdrawn.
pub fn item<R: Readable>(
    conn: &mut DbConn,
    id: &PublicId,
    show: &Show<'_>,
) -> Result<R::View, Problem> {
    let row = apply::visible::<R>(conn, show.viewer, id)?;
    let view = R::views(conn, vec![row], show)?.pop();
    view.ok_or_else(|| Problem::not_found(R::NAME))
}

/// Those of these records that the viewer may see, in any order.
pub fn visible<R: Readable>(
    conn: &mut DbConn,
    ids: &[PublicId],
    show: &Show<'_>,
) -> Result<Vec<R::View>, Problem> {
    let mut rows = Vec::new();
    for row in R::Row::by_ids(conn, ids)? {
        if R::must_see(conn, show.viewer, &row).is_ok() {
            rows.push(row);
        }
    }
    Ok(R::views(conn, rows, show)?)
}

/// A page of records.
pub fn page<R: Readable>(
    conn: &mut DbConn,
    index: &Index,
    query: &ListQuery<R::Filter>,
    show: &Show<'_>,
) -> Result<Page<R::View>, Problem> {
    query.filter.check()?;
    let (listing, _) = listing::<R>(conn, index, query, show)?;
    let found = listing.page(conn, R::Row::by_keys)?;
    Ok(found.shown(|rows| R::views(conn, rows, show))?)
}

/// What a list is asked, and the order it stands in.
pub fn listing<'q, R: Readable>(
    conn: &mut DbConn,
    index: &Index,
    query: &'q ListQuery<impl Filter>,
    show: &Show<'_>,
) -> Result<(Listing<'q>, &'static Sorting), Problem> {
    let hits = match query.filter.words() {
        Some(Parsed(words)) if query.params.sort.is_none() => {
            Some(Hits::Ranked(index.search(conn, &[R::ENTITY], &words.0)?))
        }
        Some(Parsed(words)) => Some(Hits::Keys(index.keys(conn, R::ENTITY, &words.0)?)),
        None => None,
    };
    let condition = query.filter.condition(conn, show)?;
    let order = match &query.params.sort {
        Some(_) => R::SORTING,
        None => query.filter.order().unwrap_or(R::SORTING),
    };
    Ok((Listing::new(order, query, condition, hits), order))
}
