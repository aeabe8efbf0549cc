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
    keys: Vec<(SortKey, bool)>,
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
        Ok(Order {
            table: self.table,
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

    fn descends_last(&self) -> bool {
        self.keys.last().is_some_and(|(_, descending)| *descending)
    }

    /// The ORDER BY list; `backwards` turns every direction round.
    pub fn order_by(&self, backwards: bool) -> String {
        let direction = |descending: bool| {
            if descending == backwards {
                "ASC"
            } else {
                "DESC"
            }
        };
        let mut sql = String::new();
        for (key, descending) in self.keys() {
            let column = if descending { key.desc } else { key.asc };
            sql.push_str(&format!("{column} {}, ", direction(descending)));
        }
        sql.push_str(&format!(
            "{}.id {}",
            self.table,
            direction(self.descends_last())
        ));
        sql
    }

    /// The rows behind `position` in this order, or before it when `backwards`. `None` when the
    /// position does not fit the keys (a forged or damaged cursor).
    pub fn behind(&self, position: &Position, backwards: bool) -> Option<Condition> {
        if position.values.len() != self.keys.len() {
            return None;
        }
        let mut columns: Vec<(String, bool, Condition)> = Vec::new();
        for ((key, descending), value) in self.keys().zip(&position.values) {
            let value = match key.kind {
                Kind::Text => Value::Text(value.clone()),
                Kind::Integer => Value::Integer(value.parse().ok()?),
                Kind::Time => {
                    let time = NaiveDateTime::parse_from_str(value, "%Y-%m-%dT%H:%M:%S%.f").ok()?;
                    // Others are beyond what one engine can be asked for.
                    Value::Time(Some(time).filter(|time| (1..=9999).contains(&time.year()))?)
                }
            };
            let column = if descending { key.desc } else { key.asc };
            columns.push((
                column.to_owned(),
                descending,
                Condition::default().bind(value),
            ));
        }
        // The row is named by its public id: internal keys never leave the database.
        let row = Condition::new(format!(
            "(SELECT k.id FROM {} k WHERE k.public_id = ",
            self.table
        ))
        .text(position.id.clone())
        .sql(")");
        columns.push((format!("{}.id", self.table), self.descends_last(), row));

        // a < x OR (a = x AND (b < y OR (b = y AND …))), with a <= x in front for the index.
        let operator = |descending: bool| if descending == backwards { ">" } else { "<" };
        let mut condition = Condition::default();
        let mut closing = String::new();
        let last = columns.len().saturating_sub(1);
        for (i, (column, descending, value)) in columns.iter().enumerate() {
            let op = operator(*descending);
            if i < last {
                condition = condition
                    .sql(format!("({column} {op}= "))
                    .then(value.clone())
                    .sql(format!(" AND ({column} {op} "))
                    .then(value.clone())
                    .sql(" OR ");
                closing.push_str("))");
            } else {
                condition = condition.sql(format!("{column} {op} ")).then(value.clone());
            }
        }
        Some(Condition::new("(").then(condition).sql(closing).sql(")"))
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
