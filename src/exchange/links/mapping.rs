//! How the header of somebody else's file fits ours.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::target::Target;
use crate::core::{
    invalid::Invalid,
    text::{did_you_mean, nfc},
};

/// The tables of a mapping file.
const SECTIONS: [&str; 3] = ["columns", "set", "values"];

/// The cells of a column and what they stand for.
type ValueTable = BTreeMap<String, String>;

/// Which column holds what, what is the same in every row, and what the cells stand for.
///
/// An empty mapping fits a file whose columns are named as [`Target`]s are. Constants and the
/// values of tables are checked when the mapping is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    columns: BTreeMap<Target, String>,
    set: BTreeMap<Target, String>,
    values: BTreeMap<Target, ValueTable>,
}

impl Mapping {
    /// Reads a mapping file: `[columns]` and `[set]` by target, `[values.TARGET]` by cell.
    ///
    /// A target is written `a.name` or, as one key, `"a.name"`. A blank value of a table makes its
    /// cells blank. Else `invalid_mapping`, with all that is wrong.
    pub fn from_toml(text: &str) -> Result<Self, Invalid> {
        let table: Table = text
            .trim_start_matches('\u{feff}')
            .parse()
            .map_err(|error: toml::de::Error| refused(error.to_string().trim_end()))?;
        let mut mapping = Self::default();
        let mut wrong = Vec::new();
        for (section, value) in &table {
            if !SECTIONS.contains(&section.as_str()) {
                let hint = did_you_mean(section, SECTIONS)
                    .map_or_else(String::new, |near| format!("; did you mean {near}?"));
                let known = SECTIONS.join(", ");
                wrong.push(format!("{section} is none of the tables {known}{hint}"));
                continue;
            }
            for (path, value) in leaves(value) {
                if let Err(invalid) = mapping.add(section, &path, value) {
                    wrong.push(invalid.message);
                }
            }
        }
        if wrong.is_empty() {
            Ok(mapping)
        } else {
            Err(refused(wrong.join("\n")))
        }
    }

    /// The same with one more column, `TARGET=COLUMN`; it replaces what the target had.
    pub fn with_map(mut self, assignment: &str) -> Result<Self, Invalid> {
        let (target, column) = assigned(assignment, "TARGET=COLUMN, as in a.name=City")?;
        self.columns.insert(target, column);
        Ok(self)
    }

    /// The same with one more constant, `TARGET=VALUE`; it replaces what the target had.
    ///
    /// A constant stands in every row whose own cell is blank or missing.
    pub fn with_set(mut self, assignment: &str) -> Result<Self, Invalid> {
        let (target, value) = assigned(assignment, "TARGET=VALUE, as in a.country=PL")?;
        self.constant(target, value)?;
        Ok(self)
    }

    /// The column that was named for a target.
    pub fn column(&self, target: Target) -> Option<&str> {
        self.columns.get(&target).map(String::as_str)
    }

    /// What a target is in rows that don't say.
    pub fn set_value(&self, target: Target) -> Option<&str> {
        self.set.get(&target).map(String::as_str)
    }

    /// What the cell of a target stands for: the cell itself, unless the target has a table.
    ///
    /// Else `unknown_value`.
    pub(super) fn translate(&self, target: Target, cell: String) -> Result<String, Invalid> {
        let Some(table) = self.values.get(&target) else {
            return Ok(cell);
        };
        table.get(&cell).cloned().ok_or_else(|| {
            let known = table.keys().map(String::as_str);
            let hint = did_you_mean(&cell, known.clone())
                .map_or_else(String::new, |near| format!("; did you mean {near}?"));
            let some: Vec<_> = known.take(12).collect();
            let more = if table.len() > some.len() {
                ", …"
            } else {
                ""
            };
            Invalid::new(
                "unknown_value",
                format!(
                    "the table of values for {target} has {}{more}{hint}",
                    some.join(", ")
                ),
            )
        })
    }

    /// Adds one line of a mapping file.
    fn add(&mut self, section: &str, path: &[&str], value: &Value) -> Result<(), Invalid> {
        let at = [&[section], path].concat().join(".");
        let named = |invalid: Invalid| refused(format!("{at}: {}", invalid.message));
        let value = scalar(value).ok_or_else(|| refused(format!("{at}: this must be text")))?;
        if section == "values" {
            let (cell, target) = path.split_last().unwrap_or((&"", &[]));
            let target: Target = target.join(".").parse().map_err(named)?;
            if !value.is_empty() {
                target.check(&value).map_err(named)?;
            }
            self.values
                .entry(target)
                .or_default()
                .insert(nfc(cell), value);
            return Ok(());
        }
        let target = path.join(".").parse().map_err(named)?;
        if value.is_empty() {
            return Err(refused(format!("{at}: this is blank")));
        }
        if section == "set" {
            return self.constant(target, value).map_err(named);
        }
        self.columns.insert(target, value);
        Ok(())
    }

    fn constant(&mut self, target: Target, value: String) -> Result<(), Invalid> {
        target.check(&value)?;
        self.set.insert(target, value);
        Ok(())
    }
}

fn refused(message: impl Into<String>) -> Invalid {
    Invalid::new("invalid_mapping", message)
}

/// The two sides of `TARGET=…`, both without blanks at their ends.
fn assigned(assignment: &str, form: &str) -> Result<(Target, String), Invalid> {
    let (target, value) = assignment.split_once('=').unwrap_or((assignment, ""));
    let target = target.parse()?;
    let value = nfc(value);
    if value.is_empty() {
        return Err(refused(format!("“{assignment}” is not {form}")));
    }
    Ok((target, value))
}

/// Every value below a table with the keys that lead to it: `a.name = "x"` is a table in a table.
fn leaves<'t>(value: &'t Value) -> Vec<(Vec<&'t str>, &'t Value)> {
    let Value::Table(table) = value else {
        return vec![(Vec::new(), value)];
    };
    let below = |(key, value): (&'t String, &'t Value)| {
        leaves(value).into_iter().map(move |(path, leaf)| {
            let path = [&[key.as_str()], path.as_slice()].concat();
            (path, leaf)
        })
    };
    table.iter().flat_map(below).collect()
}

/// A value as it would stand in a cell: `signed_on = 1992` needs no quotes.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(nfc(text)),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Datetime(date) => Some(date.to_string()),
        Value::Boolean(_) | Value::Array(_) | Value::Table(_) => None,
    }
}
