//! One page of any collection: filtered, sorted or ranked, counted, the same way everywhere.
//!
//! A room says what its rows are sorted by and writes its filters as one [`Condition`]; the ids of
//! the page come from one statement, the rows from a second, whatever the filters look into.

mod answer;
mod memory;
mod whole;

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};

use super::extract::{ListParams, ListQuery, ReadRequest};
use super::page::{Cursor, Page, bad_cursor, order, slice};
use super::problem::Problem;
use super::respond::{self, State};
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::db::DbConn;
use crate::db::condition::{Condition, rows_again};
use crate::db::keyset::{Order, Position, Runs, Sorting};
use crate::index::Hit;

pub use answer::{Opened, answer, answer_live, of_all};
use memory::beside;
pub use memory::{page_of, page_of_hits, page_sorted};

/// A row that can stand in a list.
pub trait Listed {
    /// Its internal key.
    fn id(&self) -> i64;
    /// Its public id.
    fn public_id(&self) -> &PublicId;
    /// Its value for a sort key, as it compares in the database.
    fn sort_value(&self, key: &str, descending: bool) -> String;
}

/// The value that stands for a missing date when dates ascend: behind every other.
pub const LAST_DATE: &str = "9999-99";

/// What a date sorts by when dates ascend and when they descend: its first possible day, and a
/// missing one last in both directions.
pub fn date_keys(date: Option<&Edtf>) -> (String, String) {
    match date.and_then(|date| date.earliest().or(date.latest())) {
        Some(day) => (day.to_string(), day.to_string()),
        None => (LAST_DATE.to_owned(), String::new()),
    }
}

/// Whether this list needs no body ([`respond::is_settled`]), asked before anything is read for it. `400`
/// all the same when it can't be sorted or begin as asked; without `sorting` it has one order.
pub fn is_settled<F>(
    request: &ReadRequest,
    state: impl Into<State>,
    query: &ListQuery<F>,
    sorting: Option<&Sorting>,
) -> Result<bool, Problem> {
    if !respond::is_settled(request, &state.into().validator()) {
        return Ok(false);
    }
    let params = &query.params;
    Cursor::decode(params.cursor.as_deref(), &query.fingerprint)?;
    match sorting {
        None if params.sort.is_some() => Err(one_order("this list has one order")),
        None => Ok(true),
        Some(sorting) => order(sorting, params.sort.as_deref()).map(|_| true),
    }
}

/// 400 for `sort=` of a list that has one order.
pub fn one_order(detail: &str) -> Problem {
    Problem::malformed(detail).parameter("sort", "unknown_sort_key", "allowed are none here")
}

/// The records that were found by their names.
#[derive(Debug)]
pub enum Hits {
    /// Best first.
    Ranked(Vec<Hit>),
    /// Their internal keys, for a list in an order of its own.
    Keys(Vec<i64>),
}

impl Hits {
    /// Their internal keys, as SQL.
    fn ids(&self) -> Condition {
        match self {
            Self::Ranked(hits) => ids_of(hits),
            Self::Keys(keys) => Condition::keys(keys.iter().copied()),
        }
    }
}

fn ids_of(hits: &[Hit]) -> Condition {
    Condition::keys(hits.iter().map(|hit| hit.id))
}

/// What is asked of a collection.
pub struct Listing<'q> {
    sorting: &'static Sorting,
    params: &'q ListParams,
    fingerprint: &'q str,
    condition: Condition,
    hits: Option<Hits>,
    /// A key that stands in another column here, and what is joined for it.
    moved: Option<(&'static str, &'static str, Condition)>,
    versioned: bool,
    runs: Option<Runs>,
}

/// A row of the page before it is read: enough to know whether what is kept of it is good.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Key {
    /// Its internal key.
    pub id: i64,
    /// Its version; 0 where a list says nothing of it.
    pub version: i32,
    /// The revision at which what it shows last changed; likewise.
    pub rev: i64,
}

/// How a [`Key`] is read.
type KeyColumns = (BigInt, Integer, BigInt);

impl<'q> Listing<'q> {
    /// The records for which `condition` holds; with `hits`, only those, best first where they are ranked.
    pub fn new<F>(
        sorting: &'static Sorting,
        query: &'q ListQuery<F>,
        condition: Condition,
        hits: Option<Hits>,
    ) -> Self {
        Self {
            sorting,
            params: &query.params,
            fingerprint: &query.fingerprint,
            condition,
            hits,
            moved: None,
            versioned: false,
            runs: None,
        }
    }

    /// Only those of the records for which `condition` holds, too.
    #[must_use]
    pub fn among(mut self, condition: Condition) -> Self {
        self.condition = self.condition.sql(" AND ").then(condition);
        self
    }

    /// Reads the page along the runs of another table, in the orders that it keeps. They must hold the rows
    /// for which the condition holds, and no others.
    #[must_use]
    pub fn along(mut self, runs: Runs) -> Self {
        self.runs = Some(runs);
        self
    }

    /// Reads the versions of the rows with their keys.
    #[must_use]
    pub fn versioned(mut self) -> Self {
        self.versioned = true;
        self
    }

    /// Sorts by `key` as it stands in `column`, which `join` adds.
    #[must_use]
    pub fn sorted_by(mut self, key: &'static str, column: &'static str, join: Condition) -> Self {
        self.moved = Some((key, column, join));
        self
    }

    /// The page; `load` reads the rows of these internal keys in any order.
    pub fn page<R: Listed>(
        self,
        conn: &mut DbConn,
        load: impl FnOnce(&mut DbConn, &[i64]) -> QueryResult<Vec<R>>,
    ) -> Result<Page<R>, Problem> {
        self.page_of_keys(conn, |conn, keys| {
            let keys: Vec<i64> = keys.iter().map(|key| key.id).collect();
            Ok(load(conn, &keys)?)
        })
    }

    /// The same, for `load` that asks first whether the rows have changed: of tables with the columns of
    /// a record, when [`Listing::versioned`] was said.
    pub fn page_of_keys<R: Listed>(
        self,
        conn: &mut DbConn,
        load: impl FnOnce(&mut DbConn, &[Key]) -> Result<Vec<R>, Problem>,
    ) -> Result<Page<R>, Problem> {
        match &self.hits {
            Some(Hits::Ranked(hits)) => self.ranked(conn, hits, load),
            _ => self.sorted(conn, load),
        }
    }

    fn keys(&self) -> Condition {
        let table = self.sorting.table;
        Condition::new(if self.versioned {
            format!("SELECT {table}.id AS id, {table}.version AS version, {table}.rev AS rev")
        } else {
            format!("SELECT {table}.id AS id, 0 AS version, CAST(0 AS BIGINT) AS rev")
        })
    }

    /// The rows for which the condition holds, whether they were hit or not.
    fn matching_all(&self, joined: Option<Condition>) -> Condition {
        Condition::new(format!(" FROM {}", self.sorting.table))
            .then(joined.unwrap_or_default())
            .sql(" WHERE (")
            .then(self.condition.clone())
            .sql(")")
    }

    fn among_ids(&self, ids: Condition) -> Condition {
        Condition::new(format!(" AND {}.id IN ", self.sorting.table)).then(ids)
    }

    fn matching(&self, joined: Option<Condition>) -> Condition {
        let condition = self.matching_all(joined);
        match &self.hits {
            None => condition,
            Some(hits) => condition.then(self.among_ids(hits.ids())),
        }
    }

    fn total(&self, conn: &mut DbConn) -> QueryResult<Option<i64>> {
        if !self.params.counts() {
            return Ok(None);
        }
        let statement = Condition::new("SELECT COUNT(*)").then(self.matching(None));
        Ok(rows_again::<BigInt, i64>(conn, statement)?.pop())
    }

    fn sorted<R: Listed>(
        &self,
        conn: &mut DbConn,
        load: impl FnOnce(&mut DbConn, &[Key]) -> Result<Vec<R>, Problem>,
    ) -> Result<Page<R>, Problem> {
        let cursor = Cursor::decode(self.params.cursor.as_deref(), self.fingerprint)?;
        let cursor = cursor.as_ref();
        let order: Order = order(self.sorting, self.params.sort.as_deref())?;
        let limit = self.params.limit();
        // One more than the page has tells whether there is another.
        let from = cursor.map(|cursor| (&cursor.position, cursor.backwards));
        let (keys, total) = self.keys_and_total(conn, &order, from, i64::from(limit) + 1)?;
        let rows = in_order(load(conn, &keys)?, keys.iter().map(|key| key.id));
        let page = slice(rows, limit, self.fingerprint, cursor, |row| {
            position(&order, row)
        });
        Ok(Page { total, ..page })
    }

    /// [`keys_from`](Self::keys_from), and how many there are in all when that is asked for: in one statement where
    /// to find them costs most of it.
    fn keys_and_total(
        &self,
        conn: &mut DbConn,
        order: &Order,
        from: Option<(&Position, bool)>,
        most: i64,
    ) -> Result<(Vec<Key>, Option<i64>), Problem> {
        let dear = self.hits.is_some() || self.runs.is_none() && self.condition.makes_sets();
        if !dear || !self.params.counts() {
            return Ok((self.keys_from(conn, order, from, most)?, self.total(conn)?));
        }
        let table = self.sorting.table;
        let (order, joined) = self.looked_up(order);
        let statement =
            Condition::new(format!("WITH found(id) AS MATERIALIZED (SELECT {table}.id"))
                .then(self.matching(None))
                .sql(") ")
                .then(self.keys())
                .sql(format!(
                    ", (SELECT COUNT(*) FROM found) AS count FROM found CROSS JOIN {table}"
                ))
                .then(joined.unwrap_or_default())
                .sql(format!(" WHERE {table}.id = found.id"));
        let statement = part(statement, &order, from, most)?;
        let counted = rows_again::<(KeyColumns, BigInt), (Key, i64)>(conn, statement)?;
        let total = match counted.first() {
            Some((_, count)) => Some(*count),
            // Behind the last one nothing tells.
            None => self.total(conn)?,
        };
        Ok((counted.into_iter().map(|(key, _)| key).collect(), total))
    }

    /// The order with the key that stands elsewhere here, and what is joined for it.
    fn looked_up(&self, order: &Order) -> (Order, Option<Condition>) {
        let mut order = order.clone();
        let joined = self.moved.as_ref().map(|(key, column, join)| {
            order.look_up(key, column);
            join.clone()
        });
        (order, joined)
    }

    /// The keys of so many rows in this order, from a position on: those behind it, or backwards those
    /// before it.
    fn keys_from(
        &self,
        conn: &mut DbConn,
        order: &Order,
        from: Option<(&Position, bool)>,
        most: i64,
    ) -> Result<Vec<Key>, Problem> {
        let along = self.runs.as_ref().filter(|_| self.hits.is_none());
        let along = along.and_then(|runs| Some((runs, order.along(runs)?)));
        let statement = if let Some((runs, order)) = along {
            along_runs(&self.keys(), runs, &order, from, most)?
        } else {
            let (order, joined) = self.looked_up(order);
            part(self.keys().then(self.matching(joined)), &order, from, most)?
        };
        Ok(rows_again::<KeyColumns, _>(conn, statement)?)
    }

    /// The hits that match, best first. Only so many of them are looked at as the page needs, unless all
    /// are counted.
    fn ranked<R: Listed>(
        &self,
        conn: &mut DbConn,
        hits: &[Hit],
        load: impl FnOnce(&mut DbConn, &[Key]) -> Result<Vec<R>, Problem>,
    ) -> Result<Page<R>, Problem> {
        let cursor = Cursor::decode(self.params.cursor.as_deref(), self.fingerprint)?;
        let wanted = usize::try_from(self.params.limit()).unwrap_or(usize::MAX) + 1;
        let mut known = HashMap::new();
        let matching: Vec<&Hit> = if self.params.counts() {
            known.extend(self.matching_keys(conn, hits)?);
            hits.iter()
                .filter(|hit| known.contains_key(&hit.id))
                .collect()
        } else {
            let (mut side, backwards) = beside(hits, cursor.as_ref())?;
            // Nearly all match, until it turns out that they don't. What they are compared with is found anew each
            // time, so there are few times.
            let (mut matching, mut together) = (Vec::new(), wanted);
            while matching.len() < wanted && !side.is_empty() {
                let some = side.len().min(together);
                together = LOOKED_AT.max(together * 4);
                let looked_at;
                (looked_at, side) = if backwards {
                    let (rest, last) = side.split_at(side.len() - some);
                    (last, rest)
                } else {
                    side.split_at(some)
                };
                known.extend(self.matching_keys(conn, looked_at)?);
                let those = looked_at.iter().filter(|hit| known.contains_key(&hit.id));
                if backwards {
                    matching.splice(0..0, those);
                } else {
                    matching.extend(those);
                }
            }
            matching
        };
        let page = page_of_hits(matching, self.params, self.fingerprint)?;
        page.shown(|hits| {
            let keys = hits.iter().filter_map(|hit| known.get(&hit.id).copied());
            let keys: Vec<Key> = keys.collect();
            Ok(in_order(load(conn, &keys)?, keys.iter().map(|key| key.id)))
        })
    }

    /// The keys of those of these hits that match.
    fn matching_keys(&self, conn: &mut DbConn, hits: &[Hit]) -> QueryResult<Vec<(i64, Key)>> {
        let statement = self
            .keys()
            .then(self.matching_all(None))
            .then(self.among_ids(ids_of(hits)));
        let keys: Vec<Key> = rows_again::<KeyColumns, _>(conn, statement)?;
        Ok(keys.into_iter().map(|key| (key.id, key)).collect())
    }
}

/// Where a row stands in this order.
fn position<R: Listed>(order: &Order, row: &R) -> Position {
    let values = order.keys();
    let values = values.map(|(key, descending)| row.sort_value(key.name, descending));
    Position {
        values: values.collect(),
        id: row.public_id().to_string(),
    }
}

/// So many rows of what `statement` finds, in this order from a position on.
fn part(
    mut statement: Condition,
    order: &Order,
    from: Option<(&Position, bool)>,
    most: i64,
) -> Result<Condition, Problem> {
    let backwards = from.is_some_and(|(_, backwards)| backwards);
    if let Some((position, backwards)) = from {
        let behind = order.behind(position, backwards).ok_or_else(bad_cursor)?;
        statement = statement.sql(" AND ").then(behind);
    }
    Ok(statement.sql(format!(
        " ORDER BY {} LIMIT {most}",
        order.order_by(backwards)
    )))
}

/// The same of each run, whose rows `keys` selects; of several the first of what they hold together.
fn along_runs(
    keys: &Condition,
    runs: &Runs,
    order: &Order,
    from: Option<(&Position, bool)>,
    most: i64,
) -> Result<Condition, Problem> {
    let backwards = from.is_some_and(|(_, backwards)| backwards);
    let position = from.map(|(position, _)| {
        let mut position = position.clone();
        // Where the rows' numbers are the order, they say it all.
        position.values.truncate(order.keys().count());
        position
    });
    let from = position.as_ref().map(|position| (position, backwards));
    let mut union = Condition::default();
    for (at, run) in runs.runs.iter().enumerate() {
        let place = order.place();
        let along = format!(", {place} AS place FROM {} WHERE ? AND (?)", runs.from);
        let along = Condition::of(&along, [run.clone().into(), runs.rest.clone().into()]);
        let select = keys.clone().then(along);
        let before = if at == 0 { "" } else { " UNION " };
        union = union
            .sql(format!("{before}SELECT * FROM ("))
            .then(part(select, order, from, most)?)
            .sql(") AS run");
    }
    if runs.runs.len() == 1 {
        return Ok(union);
    }
    let direction = order.direction(backwards);
    Ok(Condition::new("SELECT id, version, rev FROM (")
        .then(union)
        .sql(format!(
            ") AS page ORDER BY place {direction}, id {direction} LIMIT {most}"
        )))
}

/// How many hits are looked at together, at least, once some of them did not match.
const LOOKED_AT: usize = 100;

fn in_order<R: Listed>(rows: Vec<R>, ids: impl Iterator<Item = i64> + Clone) -> Vec<R> {
    if rows.iter().map(Listed::id).eq(ids.clone()) {
        return rows;
    }
    let mut by_id: HashMap<i64, R> = rows.into_iter().map(|row| (row.id(), row)).collect();
    ids.filter_map(|id| by_id.remove(&id)).collect()
}
