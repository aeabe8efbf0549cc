//! How the header of somebody else's file fits ours.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::{columns::Target, date::Dates, missing};
use crate::core::{
    parse_error::ParseError,
    text::{hint, nfc},
};

/// The tables of a mapping file.
const SECTIONS: [&str; 3] = ["columns", "set", "values"];

/// What stands above the tables.
const WORDS: [&str; 6] = [
    "dates",
    "months",
    "split",
    "missing",
    "markup",
    "unreadable_dates",
];

/// The cells of a column and what they stand for.
type ValueTable = BTreeMap<String, String>;

/// Which column holds what, what is the same in every row, and what the cells stand for.
///
/// An empty mapping fits a file whose columns are named as [`Target`]s are. Constants and the
/// values of tables are checked when the mapping is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// By the number of the partner of a row whose columns they are: `b` is 1, `b2` is 2, and what is of all of them 1.
    columns: BTreeMap<(u16, Target), String>,
    /// What is the same in every row, for one of its partners or for all.
    set: BTreeMap<(u16, Target), String>,
    values: BTreeMap<Target, ValueTable>,
    /// How dates are written besides EDTF.
    pub(super) dates: Dates,
    /// What separates the items of a list in a cell.
    pub(super) split: Option<String>,
    missing: Option<Vec<String>>,
    /// Whether cells have the marks of a wiki.
    pub(super) is_wiki: bool,
    /// Whether a beginning that can't be read is left out of its row.
    pub(super) leaves_dates_out: bool,
}

impl Mapping {
    /// Reads a mapping file: `[columns]` and `[set]` by target, `[values.TARGET]` by cell; above
    /// them `dates`, `months`, `split`, `missing`, `markup` and `unreadable_dates`.
    ///
    /// A target is written `a.name` or, as one key, `"a.name"`; `b2.name` is the name of a second
    /// partner in the row. A blank value of a table makes its cells blank. Else `invalid_mapping`,
    /// with all that is wrong.
    pub fn from_toml(text: &str) -> Result<Self, ParseError> {
        let table: Table = text
            .trim_start_matches('\u{feff}')
            .parse()
            .map_err(|error: toml::de::Error| refused(error.to_string().trim_end()))?;
        let mut mapping = Self::default();
        let mut wrong = Vec::new();
        for (section, value) in &table {
            if WORDS.contains(&section.as_str()) {
                if let Err(invalid) = mapping.word(section, value) {
                    wrong.push(invalid.message);
                }
                continue;
            }
            if !SECTIONS.contains(&section.as_str()) {
                let hint = hint(section, SECTIONS.into_iter().chain(WORDS));
                let (tables, words) = (SECTIONS.join(", "), WORDS.join(", "));
                wrong.push(format!(
                    "{section} is none of the tables {tables}, nor of the words {words}{hint}"
                ));
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
    pub fn with_map(mut self, assignment: &str) -> Result<Self, ParseError> {
        let (target, column) = assigned(assignment, "TARGET=COLUMN, as in a.name=City")?;
        self.place(target, column)?;
        Ok(self)
    }

    /// The same with one more constant, `TARGET=VALUE`; it replaces what the target had.
    ///
    /// A constant stands in every row whose own cell is blank or missing.
    pub fn with_set(mut self, assignment: &str) -> Result<Self, ParseError> {
        let (target, value) = assigned(assignment, "TARGET=VALUE, as in a.country=PL")?;
        self.constant(target, value)?;
        Ok(self)
    }

    /// The column that was named for a target of one of the partners of a row.
    pub(super) fn column(&self, partner: u16, target: Target) -> Option<&str> {
        self.columns.get(&(partner, target)).map(String::as_str)
    }

    /// What a target is for one of the partners of a row, where the row doesn't say.
    pub(super) fn set_value(&self, partner: u16, target: Target) -> Option<&str> {
        let own = self.set.get(&(partner, target));
        own.or_else(|| self.set.get(&(1, target)))
            .map(String::as_str)
    }

    /// The numbers of further partners: of those for which columns were named, and of those for which something was
    /// set.
    pub(super) fn further(&self) -> [BTreeSet<u16>; 2] {
        [&self.columns, &self.set].map(|told| {
            let all = told.keys().map(|(partner, _)| *partner);
            all.filter(|partner| *partner > 1).collect()
        })
    }

    /// Every column that was named.
    pub(super) fn named_columns(&self) -> impl Iterator<Item = &str> {
        self.columns.values().map(String::as_str)
    }

    /// Whether a cell says that it is empty.
    pub(super) fn is_missing(&self, cell: &str) -> bool {
        match &self.missing {
            None => missing::is_missing(cell),
            Some(marks) => marks.contains(&cell.to_lowercase()),
        }
    }

    /// Whether the cells of a target have a table.
    pub(super) fn has_table(&self, target: Target) -> bool {
        self.values.contains_key(&target)
    }

    /// What the table of a target has for a cell, if it has the cell.
    pub(super) fn translate(&self, target: Target, cell: &str) -> Option<&str> {
        self.values.get(&target)?.get(cell).map(String::as_str)
    }

    /// What the table of a target holds, for a cell that it lacks and that can't be read as it is.
    pub(super) fn table_hint(&self, target: Target, cell: &str) -> Option<String> {
        let table = self.values.get(&target)?;
        let known = table.keys().map(String::as_str);
        let hint = hint(cell, known.clone());
        let some: Vec<_> = known.take(12).collect();
        let more = if table.len() > some.len() {
            ", …"
        } else {
            ""
        };
        Some(format!(
            "the table of values for {target} has {}{more}{hint}",
            some.join(", ")
        ))
    }

    /// Takes one of the words above the tables.
    fn word(&mut self, word: &str, value: &Value) -> Result<(), ParseError> {
        let named = |message: &str| refused(format!("{word}: {message}"));
        match (word, value.as_str()) {
            ("dates", text) if text.is_some() || value.is_array() => {
                let several = value.as_array().map(Vec::as_slice);
                for order in several.unwrap_or(std::slice::from_ref(value)) {
                    let order = scalar(order).unwrap_or_default();
                    let declared = order.parse().and_then(|style| self.dates.declare(style));
                    declared.map_err(|invalid| named(&invalid.message))?;
                }
            }
            ("months", Some(language)) => {
                let spoken = self.dates.speak(language);
                spoken.map_err(|invalid| named(&invalid.message))?;
            }
            ("split", Some(text)) if !text.is_empty() => self.split = Some(text.to_owned()),
            ("missing", _) if let Some(marks) = value.as_array() => {
                let texts = marks.iter().map(|mark| Some(scalar(mark)?.to_lowercase()));
                let texts = texts.collect::<Option<Vec<_>>>();
                self.missing = Some(texts.ok_or_else(|| named("this must be a list of texts"))?);
            }
            ("missing", _) => {
                return Err(named("this must be a list, such as [\"k. A.\", \"-\"]"));
            }
            ("markup", Some("wiki")) => self.is_wiki = true,
            ("markup", _) => return Err(named("the only markup known is \"wiki\"")),
            ("unreadable_dates", Some(what @ ("reject" | "leave_out"))) => {
                self.leaves_dates_out = what == "leave_out";
            }
            ("unreadable_dates", _) => {
                return Err(named("this is \"reject\" or \"leave_out\""));
            }
            _ => return Err(named("this must be text in quotation marks")),
        }
        Ok(())
    }

    /// Names the column of a target.
    fn place(&mut self, target: &str, column: String) -> Result<(), ParseError> {
        self.columns.insert(of_partner(target)?, column);
        Ok(())
    }

    /// Adds one line of a mapping file.
    fn add(&mut self, section: &str, path: &[&str], value: &Value) -> Result<(), ParseError> {
        let at = [&[section], path].concat().join(".");
        if path.first().is_some_and(|word| WORDS.contains(word)) {
            return Err(refused(format!("{at}: this stands above the first table")));
        }
        let named = |invalid: ParseError| refused(format!("{at}: {}", invalid.message));
        let value = scalar(value).ok_or_else(|| refused(format!("{at}: this must be text")))?;
        if section == "values" {
            let (cell, target) = path.split_last().unwrap_or((&"", &[]));
            let target = target.join(".");
            if further(&target).is_some() {
                let rule = "the tables of b hold for b2, b3 and so on, too";
                return Err(refused(format!("{at}: {rule}")));
            }
            let target: Target = target.parse().map_err(named)?;
            if !value.is_empty() {
                target.check(&value).map_err(named)?;
            }
            self.values
                .entry(target)
                .or_default()
                .insert(nfc(cell), value);
            return Ok(());
        }
        let target = path.join(".");
        if value.is_empty() {
            return Err(refused(format!("{at}: this is blank")));
        }
        if section == "set" {
            return self.constant(&target, value).map_err(named);
        }
        self.place(&target, value).map_err(named)
    }

    /// Sets what a target is in every row.
    fn constant(&mut self, target: &str, value: String) -> Result<(), ParseError> {
        let (partner, target) = of_partner(target)?;
        target.check(&value)?;
        self.set.insert((partner, target), value);
        Ok(())
    }
}

fn refused(message: impl Into<String>) -> ParseError {
    ParseError::new("invalid_mapping", message)
}

/// The two sides of `TARGET=…`, both without blanks at their ends.
fn assigned<'t>(assignment: &'t str, form: &str) -> Result<(&'t str, String), ParseError> {
    let (target, value) = assignment.split_once('=').unwrap_or((assignment, ""));
    let value = nfc(value);
    if value.is_empty() {
        return Err(refused(format!("“{assignment}” is not {form}")));
    }
    Ok((target.trim(), value))
}

/// The number and the target of a column that belongs to a further partner: `b2.name` is the name of
/// the second, `b2.signed_on` when the link with it was signed. `b1` is `b`.
pub(super) fn further(text: &str) -> Option<(u16, Result<Target, ParseError>)> {
    let (number, rest) = text.trim().strip_prefix('b')?.split_once('.')?;
    let number: u16 = number
        .parse()
        .ok()
        .filter(|number| (2..1000).contains(number))?;
    let target = format!("b.{rest}").parse().or_else(|end: ParseError| {
        rest.parse::<Target>()
            .ok()
            .filter(|target| !matches!(target, Target::End(..)))
            .ok_or(end)
    });
    Some((number, target))
}

/// A target and the number of the partner whose it is, which may be a further one: `b2.name`.
fn of_partner(text: &str) -> Result<(u16, Target), ParseError> {
    match further(text) {
        Some((partner, target)) => Ok((partner, target?)),
        None => Ok((1, text.parse()?)),
    }
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
