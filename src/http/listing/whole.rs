//! A list as a whole, chunk by chunk: for answers that have no pages.

use std::collections::HashMap;

use diesel::QueryResult;

use super::{Hits, Key, Listed, Listing, in_order, order, position};
use crate::db::DbConn;
use crate::http::problem::Problem;
use crate::index::Hit;

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
        match &self.hits {
            Some(Hits::Ranked(hits)) => self.whole_of_hits(conn, hits, &load, &mut each),
            _ => self.whole_in_order(conn, &load, &mut each),
        }
    }

    fn whole_in_order<R: Listed>(
        &self,
        conn: &mut DbConn,
        load: &impl Fn(&mut DbConn, &[i64]) -> QueryResult<Vec<R>>,
        each: &mut impl FnMut(&mut DbConn, Vec<R>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let order = order(self.sorting, self.params.sort.as_deref())?;
        let most = i64::try_from(KEYS).unwrap_or(i64::MAX);
        let mut last = None;
        loop {
            let from = last.as_ref().map(|position| (position, false));
            let keys = self.keys_from(conn, &order, from, most)?;
            for chunk in keys.chunks(CHUNK) {
                let rows = in_chunk(conn, chunk, load)?;
                if let Some(row) = rows.last() {
                    last = Some(position(&order, row));
                }
                each(conn, rows)?;
            }
            if keys.len() < KEYS {
                return Ok(());
            }
        }
    }

    fn whole_of_hits<R: Listed>(
        &self,
        conn: &mut DbConn,
        hits: &[Hit],
        load: &impl Fn(&mut DbConn, &[i64]) -> QueryResult<Vec<R>>,
        each: &mut impl FnMut(&mut DbConn, Vec<R>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        for many in hits.chunks(KEYS) {
            let known: HashMap<i64, Key> = self.matching_keys(conn, many)?.into_iter().collect();
            // Best first, as the hits stand.
            let keys = many.iter().filter_map(|hit| known.get(&hit.id).copied());
            let keys: Vec<Key> = keys.collect();
            for chunk in keys.chunks(CHUNK) {
                let rows = in_chunk(conn, chunk, load)?;
                each(conn, rows)?;
            }
        }
        Ok(())
    }
}

fn in_chunk<R: Listed>(
    conn: &mut DbConn,
    keys: &[Key],
    load: &impl Fn(&mut DbConn, &[i64]) -> QueryResult<Vec<R>>,
) -> QueryResult<Vec<R>> {
    let ids: Vec<i64> = keys.iter().map(|key| key.id).collect();
    let rows = load(conn, &ids)?;
    Ok(in_order(rows, ids.into_iter()))
}
