//! Columns of the tables that lists become: what stands in each, read out of the JSON of a record.

use std::borrow::Cow;

use serde_json::Value;

use crate::core::language::LanguageTag;
use crate::core::title::of_language;

/// Between the values of a cell that has several.
pub const BETWEEN: &str = " | ";

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// What stands in the header.
    pub name: &'static str,
    /// Where its cells come from.
    pub of: Of,
}

/// The columns of a kind, in their order: the name of a member, in quotes when it has dots, or in brackets another
/// place where its cells come from ([`Of`]).
#[macro_export]
macro_rules! columns {
    (= $name:expr, $of:ident $(($($from:expr),+))?) => {
        $crate::formats::Column { name: $name, of: $crate::formats::Of::$of $(($($from),+))? }
    };
    (@ identifiers) => { $crate::columns!(= "identifiers", Identifiers) };
    (@ other_names) => { $crate::columns!(= "other_names", OtherNames) };
    (@ $name:ident) => { $crate::columns!(= stringify!($name), Value(stringify!($name))) };
    (@ $name:literal) => { $crate::columns!(= $name, Value($name)) };
    (@ [$name:ident at $path:literal]) => { $crate::columns!(= stringify!($name), Value($path)) };
    (@ [$name:ident each $list:literal $path:literal]) => {
        $crate::columns!(= stringify!($name), Each($list, $path))
    };
    (@ [all $name:ident]) => { $crate::columns!(= stringify!($name), Each(stringify!($name), "")) };
    (@ [text $name:ident]) => { $crate::columns!(= stringify!($name), Text(stringify!($name))) };
    (@ [identifier $name:ident]) => {
        $crate::columns!(= stringify!($name), Identifier(stringify!($name)))
    };
    ($($column:tt),+ $(,)?) => { &[$($crate::columns!(@ $column)),+] };
}

/// Where a cell comes from.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// The value at a path: names with dots between them.
    Value(&'static str),
    /// The values at a path below each entry of a list, one after the other.
    Each(&'static str, &'static str),
    /// The text of those that stand at a path in the language asked for, else in English, else in the first there is.
    Text(&'static str),
    /// What an identifier is in the register of this name.
    Identifier(&'static str),
    /// All identifiers, each with its register in front.
    Identifiers,
    /// The names beside the one that is shown.
    OtherNames,
}

impl Column {
    /// The member of the record it is read from, as `fields=` names it.
    pub fn member(&self) -> &'static str {
        let path = match self.of {
            Of::Value(path) | Of::Each(path, _) | Of::Text(path) => path,
            Of::Identifier(_) | Of::Identifiers => "identifiers",
            Of::OtherNames => "names",
        };
        path.split('.').next().unwrap_or(path)
    }

    /// The cell of a record.
    pub fn cell<'v>(&self, record: &'v Value, lang: Option<&LanguageTag>) -> Cow<'v, Value> {
        match self.of {
            Of::Value(path) => at(record, path).map_or(Cow::Owned(Value::Null), Cow::Borrowed),
            Of::Each(list, path) => joined(entries(record, list).filter_map(|one| at(one, path))),
            Of::Text(path) => {
                let texts = at(record, path).and_then(Value::as_object);
                let texts = texts.into_iter().flatten();
                let text = of_language(texts.map(|(tag, text)| (tag.as_str(), text)), lang);
                text.map_or(Cow::Owned(Value::Null), Cow::Borrowed)
            }
            Of::Identifier(scheme) => joined(
                entries(record, "identifiers")
                    .filter(|one| one.get("scheme").and_then(Value::as_str) == Some(scheme))
                    .filter_map(|one| one.get("value")),
            ),
            Of::Identifiers => {
                let all = entries(record, "identifiers").filter_map(|one| {
                    let scheme = one.get("scheme")?.as_str()?;
                    Some(format!("{scheme}:{}", one.get("value")?.as_str()?))
                });
                text(&all.collect::<Vec<_>>())
            }
            Of::OtherNames => {
                let shown = record.get("name");
                let names = entries(record, "names").filter_map(|one| one.get("value"));
                let mut others: Vec<&Value> = Vec::new();
                for name in names {
                    if Some(name) != shown && !others.contains(&name) {
                        others.push(name);
                    }
                }
                joined(others.into_iter())
            }
        }
    }
}

/// The value at a path.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    if path.is_empty() {
        return Some(value);
    }
    // Names may have dots in them.
    value.get(path).or_else(|| {
        path.split('.')
            .try_fold(value, |value, name| value.get(name))
    })
}

fn entries<'v>(record: &'v Value, list: &str) -> impl Iterator<Item = &'v Value> {
    let list = at(record, list).and_then(Value::as_array);
    list.into_iter().flatten()
}

/// Several values as one text; of none a blank cell.
fn joined<'v>(values: impl Iterator<Item = &'v Value>) -> Cow<'v, Value> {
    let texts = values.map(|value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    text(&texts.collect::<Vec<_>>())
}

fn text<'v>(texts: &[String]) -> Cow<'v, Value> {
    Cow::Owned(if texts.is_empty() {
        Value::Null
    } else {
        Value::String(texts.join(BETWEEN))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_are_found_by_their_columns() {
        let record = json!({
            "name": "Białystok",
            "names": [{"value": "Białystok"}, {"value": "Bielostok"}, {"value": "Bielostok"}],
            "host": {"id": "ptn_1"},
            "fields": ["youth", "sport"],
            "parties": [{"partner": {"name": "a"}}, {"partner": {}}, {"partner": {"name": "b"}}],
            "title": {"pl": "Umowa", "en": "Agreement"},
            "identifiers": [{"scheme": "wikidata", "value": "Q761"}],
            "empty": [],
        });
        let pl: LanguageTag = "pl-PL".parse().unwrap();
        let columns: &[Column] = columns![
            name, [host_id at "host.id"], [host_name at "host.name"], [all fields], [all empty],
            [names each "parties" "partner.name"], [text title], [identifier wikidata],
            [identifier ror], identifiers, other_names,
        ];
        let cells = [
            json!("Białystok"),
            json!("ptn_1"),
            Value::Null,
            json!("youth | sport"),
            Value::Null,
            json!("a | b"),
            json!("Umowa"),
            json!("Q761"),
            Value::Null,
            json!("wikidata:Q761"),
            json!("Bielostok"),
        ];
        for (column, cell) in columns.iter().zip(cells) {
            assert_eq!(*column.cell(&record, Some(&pl)), cell, "{}", column.name);
        }
        let [text, host, all]: &[Column; 3] =
            columns![[text title], [host_id at "host.id"], identifiers];
        let title = |lang: Option<&str>| {
            let lang = lang.map(|lang| lang.parse().unwrap());
            text.cell(&record, lang.as_ref()).into_owned()
        };
        assert_eq!(title(None), "Agreement");
        assert_eq!(title(Some("de")), "Agreement");
        let near = json!({ "title": { "de": "Abkommen", "en-GB": "Agreement" } });
        assert_eq!(*text.cell(&near, None), "Agreement", "as everywhere else");
        assert_eq!(host.member(), "host");
        assert_eq!(all.member(), "identifiers");
    }
}
