//! Keyset paging: a page starts behind the sort values of the last row seen, not at an offset, so
//! that it costs the same however deep it is and no row is seen twice when others are added.

use chrono::{Datelike, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::condition::{Condition, Value};

/// How a sort column's values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As text, byte by byte.
    Text,
    /// As an integer.
    Integer,
    /// As a time.
    Time,
}

/// One key a list can be sorted by. Missing values come last in both directions, which is why a key
/// may name two columns.
#[derive(Debug, Clone, Copy)]
pub struct SortKey {
    /// The name in `sort=`.
    pub name: &'static str,
    /// `table.column` when ascending.
    pub asc: &'static str,
    /// `table.column` when descending.
    pub desc: &'static str,
    /// How values compare.
    pub kind: Kind,
}

impl SortKey {
    /// A text: one column in both directions.
    pub const fn text(name: &'static str, column: &'static str) -> Self {
        Self::of(name, column, column, Kind::Text)
    }

    /// A number: columns whose missing values come last when ascending, and when descending.
    pub const fn integer(name: &'static str, asc: &'static str, desc: &'static str) -> Self {
        Self::of(name, asc, desc, Kind::Integer)
    }

    /// A time.
    pub const fn time(name: &'static str, column: &'static str) -> Self {
        Self::of(name, column, column, Kind::Time)
    }

    /// A date of any precision: columns whose missing values come last when ascending, and when descending.
    pub const fn date(name: &'static str, asc: &'static str, desc: &'static str) -> Self {
        Self::of(name, asc, desc, Kind::Text)
    }

    /// The column that is sorted by.
    fn column(&self, descending: bool) -> &'static str {
        if descending { self.desc } else { self.asc }
    }

    const fn of(name: &'static str, asc: &'static str, desc: &'static str, kind: Kind) -> Self {
        Self {
            name,
            asc,
            desc,
            kind,
        }
    }
}

/// What one collection can be sorted by.
#[derive(Debug, Clone, Copy)]
pub struct Sorting {
    /// The table whose rows are listed.
    pub table: &'static str,
    /// The keys callers may name.
    pub keys: &'static [SortKey],
    /// The order without `sort=`, in its notation.
    pub default: &'static str,
}

/// A resolved sort order, which always ends with the row id so that it is total.
#[derive(Debug, Clone)]
pub struct Order {
    table: &'static str,
    /// The row's own number, and whether it descends.
    row: (String, bool),
    keys: Vec<(SortKey, bool)>,
}

/// Another table that keeps the rows of a list in some of its orders: one run of its index for each
/// value of what it is looked up by.
#[derive(Debug, Clone)]
pub struct Runs {
    /// The table, joined with that of the list.
    pub from: &'static str,
    /// The number of the list's row in it.
    pub row: &'static str,
    /// The orders it keeps: a sort key, whether it descends, and its column; none where the rows'
    /// numbers run as the key does.
    pub orders: &'static [(&'static str, bool, Option<&'static str>)],
    /// What is true of each run.
    pub runs: Vec<Condition>,
    /// What else has to be true of each row.
    pub rest: Condition,
}

/// The sort values of one row, in the order of the keys, and its public id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// One value a key.
    pub values: Vec<String>,
    /// The row itself.
    pub id: String,
}

impl Sorting {
    /// Reads `-signed_on,name`. `Err` holds the part that names no key, or names one twice.
    pub fn parse<'a>(&self, sort: Option<&'a str>) -> Result<Order, &'a str>
    where
        'static: 'a,
    {
        let mut keys: Vec<(SortKey, bool)> = Vec::new();
        for part in sort.unwrap_or(self.default).split(',') {
            let (name, descending) = part
                .strip_prefix('-')
                .map_or((part, false), |name| (name, true));
            let key = self.keys.iter().find(|key| key.name == name).ok_or(part)?;
            if keys.iter().any(|(seen, _)| seen.name == key.name) {
                return Err(part);
            }
            keys.push((*key, descending));
        }
        let descends = keys.last().is_some_and(|(_, descending)| *descending);
        Ok(Order {
            table: self.table,
            row: (format!("{}.id", self.table), descends),
            keys,
        })
    }
}

impl Order {
    /// The keys with `true` for descending.
    pub fn keys(&self) -> impl Iterator<Item = (&SortKey, bool)> {
        self.keys.iter().map(|(key, descending)| (key, *descending))
    }

    /// Reads the key of this name from another column.
    pub fn look_up(&mut self, name: &str, column: &'static str) {
        for (key, _) in &mut self.keys {
            if key.name == name {
                (key.asc, key.desc) = (column, column);
            }
        }
    }

    /// The same order as the runs of another table keep it, if they do.
    pub fn along(&self, runs: &Runs) -> Option<Self> {
        let [(key, descending)] = self.keys.as_slice() else {
            return None;
        };
        let (.., column) = runs
            .orders
            .iter()
            .find(|(name, down, _)| *name == key.name && down == descending)?;
        let mut along = Self {
            row: (runs.row.to_owned(), *descending),
            ..self.clone()
        };
        match column {
            Some(column) => along.look_up(key.name, column),
            None => along.keys.clear(),
        }
        Some(along)
    }

    /// The place of a row among those of runs: what it is sorted by first.
    pub fn place(&self) -> &str {
        match self.keys.first() {
            Some((key, descending)) => key.column(*descending),
            None => &self.row.0,
        }
    }

    /// Whether the first key descends, or ascends when read backwards.
    pub fn direction(&self, backwards: bool) -> &'static str {
        let down = self.keys.first().map_or(self.row.1, |(_, down)| *down);
        direction(down, backwards)
    }

    /// The ORDER BY list; `backwards` turns every direction round.
    pub fn order_by(&self, backwards: bool) -> String {
        let mut sql = String::new();
        for (key, descending) in self.keys() {
            let column = key.column(descending);
            sql.push_str(&format!("{column} {}, ", direction(descending, backwards)));
        }
        let (row, descending) = &self.row;
        sql.push_str(&format!("{row} {}", direction(*descending, backwards)));
        sql
    }

    /// The rows behind `position` in this order, or before it when `backwards`. `None` when the
    /// position does not fit the keys (a forged or damaged cursor).
    pub fn behind(&self, position: &Position, backwards: bool) -> Option<Condition> {
        if position.values.len() != self.keys.len() {
            return None;
        }
        // The row is named by its public id: internal keys never leave the database.
        let (number, descending) = &self.row;
        let operator = |descending: bool| if descending == backwards { ">" } else { "<" };
        let sql = format!(
            "{number} {} (SELECT k.id FROM {} k WHERE k.public_id = ?)",
            operator(*descending),
            self.table
        );
        let mut condition = Condition::of(&sql, [position.id.as_str().into()]);
        // a < x OR (a = x AND (b < y OR (b = y AND …))), with a <= x in front for the index; from the inside out.
        for ((key, descending), value) in self.keys.iter().zip(&position.values).rev() {
            let value = match key.kind {
                Kind::Text => Value::Text(value.clone()),
                Kind::Integer => Value::Integer(value.parse().ok()?),
                Kind::Time => {
                    let time = NaiveDateTime::parse_from_str(value, "%Y-%m-%dT%H:%M:%S%.f").ok()?;
                    // Others are beyond what one engine can be asked for.
                    Value::Time(Some(time).filter(|time| (1..=9999).contains(&time.year()))?)
                }
            };
            let column = key.column(*descending);
            let op = operator(*descending);
            let sql = format!("({column} {op}= ? AND ({column} {op} ? OR ?))");
            condition = Condition::of(&sql, [value.clone().into(), value.into(), condition.into()]);
        }
        Some(Condition::of("(?)", [condition.into()]))
    }
}

fn direction(descending: bool, backwards: bool) -> &'static str {
    if descending == backwards {
        "ASC"
    } else {
        "DESC"
    }
}

/// A time as it stands in a [`Position`].
pub fn time(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.f").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SORTING: Sorting = Sorting {
        table: "t",
        keys: &[
            SortKey::date("signed_on", "t.first", "t.last"),
            SortKey::text("name", "t.name"),
        ],
        default: "name",
    };

    #[test]
    fn directions_and_the_row_itself_end_the_order() {
        let order = SORTING.parse(Some("-signed_on,name")).unwrap();
        assert_eq!(order.order_by(false), "t.last DESC, t.name ASC, t.id ASC");
        assert_eq!(order.order_by(true), "t.last ASC, t.name DESC, t.id DESC");
    }

    #[test]
    fn unknown_and_repeated_keys_are_named() {
        assert_eq!(SORTING.parse(Some("name,colour")).unwrap_err(), "colour");
        assert_eq!(SORTING.parse(Some("name,-name")).unwrap_err(), "-name");
    }

    #[test]
    fn a_position_of_another_order_fits_no_query() {
        let order = SORTING.parse(None).unwrap();
        let position = Position {
            values: vec![],
            id: "x".to_owned(),
        };
        assert!(order.behind(&position, false).is_none());
    }
}
