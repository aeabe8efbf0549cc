//! A piece of a WHERE clause that is put together at run time: filters that look into other tables,
//! and the place a page starts at.

use std::collections::HashMap;
use std::hash::Hash;
use std::marker::PhantomData;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::LoadQuery;
use diesel::sql_types::{BigInt, Bool, Date, Double, Text, Timestamp};
use diesel::{QueryResult, RunQueryDsl};

use super::dialect::{self, Engine};
use super::recurring::comes_again;
use super::{Backend, DbConn};

/// Keys that are bound one by one, at most.
const BOUND_KEYS: usize = 64;

/// A value bound into a statement, never pasted into its text.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A real number.
    Real(f64),
    /// A day.
    Day(NaiveDate),
    /// A time in UTC.
    Time(NaiveDateTime),
}

#[derive(Debug, Clone)]
enum Part {
    Sql(String),
    /// Text that names single records.
    Keys(String),
    Bind(Value),
}

/// SQL text with bound values, used as a boolean expression on any table.
#[derive(Debug, Clone, Default)]
pub struct Condition(Vec<Part>);

/// What stands in the place of a `?` of [`Condition::of`].
#[derive(Debug)]
pub enum Given {
    /// A bound value.
    Value(Value),
    /// Other SQL with its own values: a condition, or a list.
    Sql(Condition),
}

impl From<Value> for Given {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Given {
    fn from(text: &str) -> Self {
        Self::Value(Value::Text(text.to_owned()))
    }
}

impl From<String> for Given {
    fn from(text: String) -> Self {
        Self::Value(Value::Text(text))
    }
}

impl From<i64> for Given {
    fn from(integer: i64) -> Self {
        Self::Value(Value::Integer(integer))
    }
}

impl From<NaiveDate> for Given {
    fn from(day: NaiveDate) -> Self {
        Self::Value(Value::Day(day))
    }
}

impl From<Condition> for Given {
    fn from(sql: Condition) -> Self {
        Self::Sql(sql)
    }
}

/// A list of texts for `IN ?`, as [`Condition::texts`] writes it.
pub fn texts<T: ToString>(values: impl IntoIterator<Item = T>) -> Given {
    Condition::default().texts(values).into()
}

impl Condition {
    /// Text written by the program (never a caller's), with what is given in the place of each `?`, in this order.
    pub fn of<const N: usize>(sql: &str, given: [Given; N]) -> Self {
        debug_assert_eq!(sql.matches('?').count(), N, "as many are given: {sql}");
        let mut given = given.into_iter();
        let all = Self(Vec::with_capacity(2 * N + 1));
        sql.split('?').fold(all, |all, text| {
            let all = all.sql(text);
            match given.next() {
                None => all,
                Some(Given::Value(value)) => all.bind(value),
                Some(Given::Sql(other)) => all.then(other),
            }
        })
    }

    /// Begins with this text.
    pub fn new(sql: impl Into<String>) -> Self {
        Self::default().sql(sql)
    }

    /// Appends text written by the program (never a caller's).
    #[must_use]
    pub fn sql(mut self, sql: impl Into<String>) -> Self {
        self.0.push(Part::Sql(sql.into()));
        self
    }

    /// Appends a bound value.
    #[must_use]
    pub fn bind(mut self, value: Value) -> Self {
        self.0.push(Part::Bind(value));
        self
    }

    /// Appends a bound text.
    #[must_use]
    pub fn text(self, value: impl Into<String>) -> Self {
        self.bind(Value::Text(value.into()))
    }

    /// Appends a bound day.
    #[must_use]
    pub fn day(self, value: NaiveDate) -> Self {
        self.bind(Value::Day(value))
    }

    /// Appends a bound integer.
    #[must_use]
    pub fn integer(self, value: i64) -> Self {
        self.bind(Value::Integer(value))
    }

    /// Appends `(?, ?, …)`; an empty list matches nothing.
    #[must_use]
    pub fn texts<T: ToString>(self, values: impl IntoIterator<Item = T>) -> Self {
        let mut values = values.into_iter().map(|value| value.to_string());
        let Some(first) = values.next() else {
            return self.sql("(NULL)");
        };
        let all = self.sql("(").text(first);
        values
            .fold(all, |all, value| all.sql(", ").text(value))
            .sql(")")
    }

    /// Internal keys, `(1, 2, 3)`: few are bound, so that a statement for others has the same text; many are part of
    /// the text, so that no number of them meets an engine's limit of bound values. No key matches nothing.
    pub fn keys(keys: impl ExactSizeIterator<Item = i64> + Clone) -> Self {
        let count = keys.len();
        if !(1..=BOUND_KEYS).contains(&count) {
            return Self(vec![Part::Keys(ids_sql(keys))]);
        }
        // One text for up to as many: the first key stands in for those that are missing.
        let missing = count.next_power_of_two() - count;
        let all = keys.clone().take(1).cycle().take(missing).chain(keys);
        let list = all.enumerate().fold(Self::new("("), |list, (at, key)| {
            let list = if at == 0 { list } else { list.sql(",") };
            list.integer(key)
        });
        list.sql(")")
    }

    /// Whether its text names single records.
    fn names_keys(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Keys(_)))
    }

    /// Its text, in pieces between the values.
    fn pieces(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Sql(sql) | Part::Keys(sql) => Some(sql.as_str()),
            Part::Bind(_) => None,
        })
    }

    /// Whether it makes a set of keys of other tables, which the engine makes as a whole however few rows are wanted.
    pub fn makes_sets(&self) -> bool {
        self.pieces().any(|sql| sql.contains("IN (SELECT"))
    }

    /// Appends another condition.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

impl Expression for Condition {
    type SqlType = Bool;
}

impl<QS: ?Sized> AppearsOnTable<QS> for Condition {}
impl<QS: ?Sized> SelectableExpression<QS> for Condition {}

impl<G> ValidGrouping<G> for Condition {
    type IsAggregate = is_aggregate::Never;
}

impl QueryId for Condition {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Backend> for Condition {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        // The text differs from call to call, so the statement must not be cached by type.
        out.unsafe_to_cache_prepared();
        for part in &self.0 {
            match part {
                Part::Sql(sql) | Part::Keys(sql) => out.push_sql(sql),
                Part::Bind(Value::Text(v)) => out.push_bind_param::<Text, _>(v)?,
                Part::Bind(Value::Integer(v)) => out.push_bind_param::<BigInt, _>(v)?,
                Part::Bind(Value::Real(v)) => out.push_bind_param::<Double, _>(v)?,
                Part::Bind(Value::Day(v)) => out.push_bind_param::<Date, _>(v)?,
                Part::Bind(Value::Time(v)) => out.push_bind_param::<Timestamp, _>(v)?,
            }
        }
        Ok(())
    }
}

impl RunQueryDsl<DbConn> for Condition {}

/// A whole statement whose columns have these types, in their order.
#[derive(Debug)]
pub struct Typed<ST> {
    statement: Condition,
    /// Whether it is kept prepared.
    stays: bool,
    columns: PhantomData<ST>,
}

impl<ST> Typed<ST> {
    const fn new(statement: Condition, stays: bool) -> Self {
        Self {
            statement,
            stays,
            columns: PhantomData,
        }
    }
}

impl<ST> Query for Typed<ST> {
    type SqlType = ST;
}

impl<ST> QueryId for Typed<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> QueryFragment<Backend> for Typed<ST> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.statement.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Backend) -> QueryResult<bool> {
        Ok(self.stays)
    }
}

impl<ST> RunQueryDsl<DbConn> for Typed<ST> {}

/// The rows of a statement put together at run time, read by the order of its columns, whose types are told.
pub fn rows<ST, R>(conn: &mut DbConn, statement: Condition) -> QueryResult<Vec<R>>
where
    Typed<ST>: for<'q> LoadQuery<'q, DbConn, R>,
{
    Typed::new(statement, false).load(conn)
}

/// [`rows`] of a statement that stays prepared when its text comes again, values apart.
pub fn rows_again<ST, R>(conn: &mut DbConn, statement: Condition) -> QueryResult<Vec<R>>
where
    Typed<ST>: for<'q> LoadQuery<'q, DbConn, R>,
{
    // The server engine plans for the values it is given, as long as nothing is prepared.
    let stays = dialect::engine(conn) == Engine::Sqlite
        && !statement.names_keys()
        && comes_again(statement.pieces());
    Typed::new(statement, stays).load(conn)
}

/// Rows by their keys, those of a key in the order in which they were read.
pub fn grouped<K: Eq + Hash, V>(rows: impl IntoIterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut all: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in rows {
        all.entry(key).or_default().push(value);
    }
    all
}

/// Runs a statement put together at run time; how many rows it changed.
pub fn execute(conn: &mut DbConn, statement: Condition) -> QueryResult<usize> {
    statement.execute(conn)
}

/// `(1, 2, 3)`: our own keys, as text.
pub fn ids_sql(ids: impl Iterator<Item = i64>) -> String {
    let list: Vec<String> = ids.map(|id| id.to_string()).collect();
    if list.is_empty() {
        "(NULL)".to_owned()
    } else {
        format!("({})", list.join(","))
    }
}

/// As SQL, that a row of this table is published, in a form no engine takes for a way to find it: nearly
/// every row is, which `SQLite` can't know without statistics. For rows that something else leads to.
pub fn published(table: &str) -> String {
    format!("({table}.record_state = 'published') IS TRUE")
}

/// What is selected of the published rows of a table: of all, or of those of these ids.
#[macro_export]
macro_rules! published_rows {
    ($table:ident, $records:expr, $selected:expr) => {{
        use $crate::db::condition::{Condition, published};
        let mut query = $table::table
            .filter(Condition::new(published(stringify!($table))))
            .select($selected)
            .into_boxed();
        if let Some(records) = $records {
            query = query.filter($table::public_id.eq_any(records));
        }
        query
    }};
}

/// ` AND …`: a list kept as JSON text holds any of these codes. Codes are ours: no caller's text is in them.
pub fn any_code<T: std::fmt::Display>(column: &str, codes: &[T]) -> String {
    let any: Vec<String> = codes
        .iter()
        .map(|code| format!("{column} LIKE '%\"{code}\"%'"))
        .collect();
    format!(" AND ({})", any.join(" OR "))
}

/// A pattern for `LIKE … ESCAPE '\'` that finds `text` anywhere, its `%` and `_` taken literally.
pub fn containing(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(condition: &Condition) -> String {
        let parts = condition.0.iter().map(|part| match part {
            Part::Sql(sql) | Part::Keys(sql) => sql.clone(),
            Part::Bind(value) => format!("{value:?}"),
        });
        parts.collect()
    }

    #[test]
    fn what_is_given_stands_in_the_place_of_its_mark() {
        let other = Condition::of("d < ?", [5_i64.into()]);
        let none: [&str; 0] = [];
        let given: [Given; 4] = ["x?".into(), texts(["y", "z"]), texts(none), other.into()];
        assert_eq!(
            written(&Condition::of("a = ? AND b IN ? AND (c IN ? OR ?)", given)),
            r#"a = Text("x?") AND b IN (Text("y"), Text("z")) AND (c IN (NULL) OR d < Integer(5))"#
        );
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "as many are given: a = ? AND b = ?")]
    fn a_mark_that_nothing_is_given_for_is_a_mistake() {
        let _ = Condition::of("a = ? AND b = ?", ["x".into()]);
    }

    #[test]
    fn few_keys_are_bound_and_many_are_text() {
        let keys = |count: i64| Condition::keys((0..count).collect::<Vec<_>>().into_iter());
        assert_eq!(written(&keys(0)), "(NULL)");
        assert_eq!(written(&keys(1)), "(Integer(0))");
        assert_eq!(
            written(&keys(3)),
            "(Integer(0),Integer(0),Integer(1),Integer(2))"
        );
        assert!(!keys(64).names_keys());
        assert!(keys(65).names_keys() && written(&keys(65)).starts_with("(0,1,2,"));
    }

    #[test]
    fn wildcards_in_a_text_are_literals() {
        assert_eq!(containing(r"50%_\"), r"%50\%\_\\%");
    }
}
