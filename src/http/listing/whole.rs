//! A list as a whole, chunk by chunk: for answers that have no pages.

use std::collections::HashMap;

use diesel::QueryResult;

use super::{Hits, Key, Listed, Listing, in_order, order, position};
use crate::db::DbConn;
use crate::db::keyset::Order;
use crate::http::problem::Problem;

/// Rows that are read and shown together: as many as on the largest page, for which the engines have plans.
const CHUNK: usize = 100;

/// Keys that are looked up together. The order of a list that is in no index is found anew for each so
/// many rows, so they are many; a key is small.
const KEYS: usize = 10_000;

impl Listing<'_> {
    /// Hands every row to `each`, in the order of the list; `load` reads the rows of these internal keys in
    /// any order. Whatever the list holds, no more than a chunk of it is in memory, and the keys of some.
    pub fn whole<R: Listed>(
        &self,
        conn: &mut DbConn,
        load: impl Fn(&mut DbConn, &[i64]) -> QueryResult<Vec<R>>,
        mut each: impl FnMut(&mut DbConn, Vec<R>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        // Hands on the rows of these keys, and says where the last of them stands in this order: the next keys
        // are found from there.
        let mut show = |conn: &mut DbConn, keys: &[Key], order: Option<&Order>| {
            let mut last = None;
            for chunk in keys.chunks(CHUNK) {
                let ids: Vec<i64> = chunk.iter().map(|key| key.id).collect();
                let rows = in_order(load(conn, &ids)?, ids.into_iter());
                last = order
                    .zip(rows.last())
                    .map(|(order, row)| position(order, row))
                    .or(last);
                each(conn, rows)?;
            }
            Ok::<_, Problem>(last)
        };
        if let Some(Hits::Ranked(hits)) = &self.hits {
            for many in hits.chunks(KEYS) {
                let known: HashMap<i64, Key> =
                    self.matching_keys(conn, many)?.into_iter().collect();
                // Best first, as the hits stand.
                let keys = many.iter().filter_map(|hit| known.get(&hit.id).copied());
                show(conn, &keys.collect::<Vec<_>>(), None)?;
            }
            return Ok(());
        }
        let order = order(self.sorting, self.params.sort.as_deref())?;
        let most = i64::try_from(KEYS).unwrap_or(i64::MAX);
        let mut last = None;
        loop {
            let from = last.as_ref().map(|position| (position, false));
            let keys = self.keys_from(conn, &order, from, most)?;
            last = show(conn, &keys, Some(&order))?.or(last);
            if keys.len() < KEYS {
                return Ok(());
            }
        }
    }
}
