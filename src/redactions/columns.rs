//! Where names of persons can stand in records: one table, and what is done with each place.

use std::collections::BTreeSet;
use std::slice;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::Value;

use super::history::blanked;
use crate::core::ids::Kind;
use crate::core::person::Person;
use crate::core::text;
use crate::db::condition::{Condition, execute, rows};
use crate::db::{DbConn, json};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// A name and nothing else: it is emptied.
    Name,
    /// A JSON list of offices, each with a `name` that is left out.
    Names,
    /// Text, in which the name is replaced.
    Text,
    /// JSON with texts.
    Json,
    /// What text sorts by: it is made anew, and is no place of its own.
    Key,
}

/// A column in which a name can stand.
#[derive(Debug)]
pub(super) struct Place {
    table: &'static str,
    /// The column with the key of the record.
    owner: &'static str,
    column: &'static str,
    holds: Holds,
}

/// A kind of record, a table of it, the column there with the key of the record, and every column in which names can
/// stand.
type Table = (
    Kind,
    &'static str,
    &'static str,
    &'static [(&'static str, Holds)],
);

/// Every place. A new table or column with text about people belongs here.
///
/// How partners and networks are called is none: one that is called after somebody is not that person.
#[rustfmt::skip]
const TABLES: &[Table] = {
    use Holds::{Json, Key, Name, Names, Text};
    &[
        (Kind::Partner, "partners", "id", &[
            ("description", Json), ("seeking", Json), ("website", Name), ("withdrawn_reason", Text),
        ]),
        (Kind::Network, "networks", "id", &[
            ("description", Json), ("legal_form", Text), ("membership_classes", Json),
            ("website", Name), ("withdrawn_reason", Text),
        ]),
        (Kind::Agreement, "agreement_parties", "agreement_id", &[
            ("signatories", Names), ("name_at_signing", Text),
        ]),
        (Kind::Agreement, "agreements", "id", &[
            ("title", Json), ("sort_key", Key), ("purpose", Json), ("signed_at", Text),
            ("registrations", Json), ("withdrawn_reason", Text),
        ]),
        (Kind::Agreement, "lifecycle_events", "agreement_id", &[("details", Json)]),
        (Kind::Activity, "activity_participants", "activity_id", &[("name", Name), ("office", Text)]),
        (Kind::Activity, "activities", "id", &[
            ("title", Json), ("sort_key", Key), ("place_text", Text), ("outcome", Text),
            ("programme", Text), ("grant_ref", Text), ("withdrawn_reason", Text),
        ]),
        (Kind::Membership, "memberships", "id", &[
            ("offices", Names), ("class", Text), ("section", Text), ("said", Json),
            ("withdrawn_reason", Text),
        ]),
        (Kind::Membership, "lifecycle_events", "membership_id", &[("details", Json)]),
        (Kind::Contact, "contacts", "id", &[
            ("person_name", Name), ("email", Name), ("url", Name), ("unit", Text), ("sort_key", Key),
            ("consent_note", Text), ("withdrawn_reason", Text),
        ]),
        (Kind::Source, "sources", "id", &[
            ("title", Text), ("sort_key", Key), ("url", Name), ("archived_url", Name),
            ("publisher", Text), ("author_body", Text), ("licence", Text), ("withdrawn_reason", Text),
        ]),
    ]
};

/// The tables of the records themselves, with their kinds.
pub(super) fn tables() -> impl Iterator<Item = (Kind, &'static str)> {
    let own = TABLES.iter().filter(|(_, _, owner, _)| *owner == "id");
    own.map(|(kind, table, ..)| (*kind, *table))
}

/// The table of records of this kind, if names can stand in them.
pub(super) fn table(kind: Kind) -> Option<&'static str> {
    let mut tables = tables();
    tables.find_map(|(known, table)| (known == kind).then_some(table))
}

/// The places of records of this kind.
pub(super) fn of_kind(kind: Kind) -> impl Iterator<Item = Place> {
    let tables = TABLES.iter().filter(move |(of, ..)| *of == kind);
    tables.flat_map(|&(_, table, owner, columns)| {
        columns.iter().map(move |&(column, holds)| Place {
            table,
            owner,
            column,
            holds,
        })
    })
}

#[derive(Queryable)]
struct Cell {
    id: i64,
    owner: i64,
    text: String,
}

/// What was found in one cell.
#[derive(Debug, Default)]
struct Erased {
    places: usize,
    /// What the cell holds from now on; `None` for nothing at all.
    left: Option<String>,
    /// Names that were emptied, as they were written.
    spellings: Vec<String>,
}

impl Place {
    fn cells(&self, conn: &mut DbConn, more: Condition) -> QueryResult<Vec<Cell>> {
        let (table, owner, column) = (self.table, self.owner, self.column);
        let all = Condition::new(format!(
            "SELECT id, {owner} AS owner, {column} AS text FROM {table} WHERE {column} IS NOT NULL \
             AND {owner} IS NOT NULL AND "
        ));
        rows::<(BigInt, BigInt, Text), _>(conn, all.then(more))
    }

    /// The cell without these persons; `None` when none stands in it.
    fn erased(&self, text: &str, persons: &[Person]) -> QueryResult<Option<Erased>> {
        let mut erased = Erased::default();
        match self.holds {
            Holds::Name => {
                if !persons.iter().any(|person| person.is_named(text)) {
                    return Ok(None);
                }
                erased.places = 1;
                erased.spellings.push(text.to_owned());
            }
            Holds::Names | Holds::Json => {
                let mut value: Value = json::value(text)?;
                if self.holds == Holds::Names {
                    erased.spellings = without_names(&mut value, persons);
                }
                erased.places = erased.spellings.len();
                for person in persons {
                    erased.places += person.blank_all(&mut value);
                }
                erased.left = Some(json::text(&value)?);
            }
            Holds::Text | Holds::Key => {
                let is_key = self.holds == Holds::Key;
                // Behind the mark stands what was folded: see `text::sort_key`.
                let name = text.split_once('\u{1}').filter(|_| is_key);
                let text = name.map_or(text, |(_, name)| name);
                let (left, places) = blanked(Some(text), persons);
                erased.places = places;
                erased.left = match left {
                    Some(left) if is_key => Some(text::sort_key(&left)),
                    left => left,
                };
            }
        }
        Ok((erased.places > 0).then_some(erased))
    }

    /// Takes these persons out of what the record holds here: in how many places they stood, and the
    /// spellings of names that were emptied.
    pub(super) fn erase(
        &self,
        conn: &mut DbConn,
        record: i64,
        persons: &[Person],
    ) -> QueryResult<(usize, Vec<String>)> {
        let own = Condition::new(format!("{} = ", self.owner)).integer(record);
        let (mut places, mut spellings) = (0, Vec::new());
        for cell in self.cells(conn, own)? {
            let Some(erased) = self.erased(&cell.text, persons)? else {
                continue;
            };
            let update = Condition::new(format!("UPDATE {} SET {} = ", self.table, self.column));
            let update = match erased.left {
                Some(left) => update.text(left),
                None => update.sql("NULL"),
            };
            execute(conn, update.sql(" WHERE id = ").integer(cell.id))?;
            if self.holds != Holds::Key {
                places += erased.places;
            }
            spellings.extend(erased.spellings);
        }
        Ok((places, spellings))
    }

    /// Whether the record names this person here, in a place for names.
    pub(super) fn names(
        &self,
        conn: &mut DbConn,
        record: i64,
        person: &Person,
    ) -> QueryResult<bool> {
        if !matches!(self.holds, Holds::Name | Holds::Names) {
            return Ok(false);
        }
        let own = Condition::new(format!("{} = ", self.owner)).integer(record);
        for cell in self.cells(conn, own)? {
            let erased = self.erased(&cell.text, slice::from_ref(person))?;
            if erased.is_some_and(|erased| !erased.spellings.is_empty()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The records (internal keys) in which the person stands here.
    pub(super) fn records_of(
        &self,
        conn: &mut DbConn,
        person: &Person,
    ) -> QueryResult<BTreeSet<i64>> {
        /// Cells read at once.
        const PAGE: usize = 2_000;
        let persons = slice::from_ref(person);
        let mut found = BTreeSet::new();
        let behind = format!("id > ? ORDER BY id LIMIT {PAGE}");
        let mut after: i64 = 0;
        loop {
            let cells = self.cells(conn, Condition::of(&behind, [after.into()]))?;
            for cell in &cells {
                if self.erased(&cell.text, persons)?.is_some() {
                    found.insert(cell.owner);
                }
            }
            match cells.last() {
                Some(last) if cells.len() == PAGE => after = last.id,
                _ => return Ok(found),
            }
        }
    }
}

/// Leaves the `name` out of every office that one of these persons holds; the names left out.
fn without_names(list: &mut Value, persons: &[Person]) -> Vec<String> {
    let mut gone = Vec::new();
    for office in list.as_array_mut().into_iter().flatten() {
        let Some(members) = office.as_object_mut() else {
            continue;
        };
        let named = members
            .get("name")
            .and_then(Value::as_str)
            .is_some_and(|name| persons.iter().any(|person| person.is_named(name)));
        if named && let Some(Value::String(name)) = members.remove("name") {
            gone.push(name);
        }
    }
    gone
}
