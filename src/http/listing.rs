//! One page of any collection: filtered, sorted or ranked, counted, the same way everywhere.
//!
//! A room says what its rows are sorted by and writes its filters as one [`Condition`]; the ids of
//! the page come from one statement, the rows from a second, whatever the filters look into.

mod memory;

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::code::Code;
use super::extract::{ListParams, ListQuery, ReadRequest};
use super::page::{Cursor, PageInfo, bad_cursor, order, slice};
use super::problem::Problem;
use super::respond::{self, State};
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::db::DbConn;
use crate::db::condition::{Condition, query};
use crate::db::keyset::{Order, Position, Sorting};
use crate::index::Hit;

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
    Problem::new(Code::MalformedRequest)
        .detail(detail)
        .parameter("sort", "unknown_sort_key", "allowed are none here")
}

/// What is asked of a collection.
pub struct Listing<'q> {
    sorting: &'static Sorting,
    params: &'q ListParams,
    fingerprint: &'q str,
    condition: Condition,
    hits: Option<Vec<Hit>>,
    /// A key that stands in another column here, and what is joined for it.
    moved: Option<(&'static str, &'static str, Condition)>,
}

/// A page of rows and, when asked for, how many there are.
#[derive(Debug)]
pub struct Found<R> {
    /// The rows in order.
    pub rows: Vec<R>,
    /// Paging of the answer.
    pub page: PageInfo,
    /// How many match in all.
    pub total: Option<i64>,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

impl<'q> Listing<'q> {
    /// The records for which `condition` holds; with `hits`, only those, best first unless `sort=`
    /// says otherwise.
    pub fn new<F>(
        sorting: &'static Sorting,
        query: &'q ListQuery<F>,
        condition: Condition,
        hits: Option<Vec<Hit>>,
    ) -> Self {
        Self {
            sorting,
            params: &query.params,
            fingerprint: &query.fingerprint,
            condition,
            hits,
            moved: None,
        }
    }

    /// Only those of the records for which `condition` holds, too.
    #[must_use]
    pub fn among(mut self, condition: Condition) -> Self {
        self.condition = self.condition.sql(" AND ").then(condition);
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
    ) -> Result<Found<R>, Problem> {
        match &self.hits {
            Some(hits) if self.params.sort.is_none() => self.ranked(conn, hits, load),
            _ => self.sorted(conn, load),
        }
    }

    fn matching(&self, joined: Option<Condition>) -> Condition {
        let condition = Condition::new(format!(" FROM {}", self.sorting.table))
            .then(joined.unwrap_or_default())
            .sql(" WHERE (")
            .then(self.condition.clone())
            .sql(")");
        match &self.hits {
            None => condition,
            Some(hits) => condition
                .sql(format!(" AND {}.id IN ", self.sorting.table))
                .sql(ids_sql(hits.iter().map(|hit| hit.id))),
        }
    }

    fn total(&self, conn: &mut DbConn) -> QueryResult<Option<i64>> {
        if !self.params.counts() {
            return Ok(None);
        }
        let counted: Vec<Id> = query(
            conn,
            Condition::new("SELECT COUNT(*) AS id").then(self.matching(None)),
        )?;
        Ok(counted.first().map(|count| count.id))
    }

    fn sorted<R: Listed>(
        &self,
        conn: &mut DbConn,
        load: impl FnOnce(&mut DbConn, &[i64]) -> QueryResult<Vec<R>>,
    ) -> Result<Found<R>, Problem> {
        let cursor = Cursor::decode(self.params.cursor.as_deref(), self.fingerprint)?;
        let cursor = cursor.as_ref();
        let mut order: Order = order(self.sorting, self.params.sort.as_deref())?;
        let joined = self.moved.as_ref().map(|(key, column, join)| {
            order.look_up(key, column);
            join.clone()
        });
        let backwards = cursor.is_some_and(|cursor| cursor.backwards);
        let mut statement = Condition::new(format!("SELECT {}.id AS id", self.sorting.table))
            .then(self.matching(joined));
        if let Some(cursor) = cursor {
            let behind = order
                .behind(&cursor.position, backwards)
                .ok_or_else(bad_cursor)?;
            statement = statement.sql(" AND ").then(behind);
        }
        let limit = self.params.limit();
        let statement = statement.sql(format!(
            " ORDER BY {} LIMIT {}",
            order.order_by(backwards),
            i64::from(limit) + 1
        ));
        let ids: Vec<i64> = query::<Id>(conn, statement)?
            .into_iter()
            .map(|row| row.id)
            .collect();
        let rows = in_order(load(conn, &ids)?, &ids);
        let sliced = slice(rows, limit, self.fingerprint, cursor, |row| Position {
            values: order
                .keys()
                .map(|(key, descending)| row.sort_value(key.name, descending))
                .collect(),
            id: row.public_id().to_string(),
        });
        Ok(Found {
            rows: sliced.rows,
            page: sliced.page,
            total: self.total(conn)?,
        })
    }

    fn ranked<R: Listed>(
        &self,
        conn: &mut DbConn,
        hits: &[Hit],
        load: impl FnOnce(&mut DbConn, &[i64]) -> QueryResult<Vec<R>>,
    ) -> Result<Found<R>, Problem> {
        let statement = Condition::new(format!("SELECT {}.id AS id", self.sorting.table));
        let matching: HashSet<i64> = query::<Id>(conn, statement.then(self.matching(None)))?
            .into_iter()
            .map(|row| row.id)
            .collect();
        let hits = hits.iter().filter(|hit| matching.contains(&hit.id));
        let found = page_of_hits(hits.collect(), self.params, self.fingerprint)?;
        let ids: Vec<i64> = found.rows.iter().map(|hit| hit.id).collect();
        Ok(Found {
            rows: in_order(load(conn, &ids)?, &ids),
            page: found.page,
            total: found.total,
        })
    }
}

/// `(1, 2, 3)`: our own keys, so that no number of hits meets an engine's limit of bound values.
pub fn ids_sql(ids: impl Iterator<Item = i64>) -> String {
    let list: Vec<String> = ids.map(|id| id.to_string()).collect();
    if list.is_empty() {
        "(NULL)".to_owned()
    } else {
        format!("({})", list.join(","))
    }
}

fn in_order<R: Listed>(rows: Vec<R>, ids: &[i64]) -> Vec<R> {
    let mut by_id: HashMap<i64, R> = rows.into_iter().map(|row| (row.id(), row)).collect();
    ids.iter().filter_map(|id| by_id.remove(id)).collect()
}
