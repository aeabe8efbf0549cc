//! Names of partners and networks: all are searched, exactly one is shown.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::issue::{Checked, Issues};
use crate::core::language::LanguageTag;
use crate::core::name;
use crate::core::vocabulary::partner::NameType;
use crate::core::warning::Warning;
use crate::db::condition::grouped;
use crate::db::prepared::Prepare as _;
use crate::db::schema::names;
use crate::db::{DbConn, Json, columns_of, json};
use crate::formats::{Node, Object};
use crate::http::patch;
use crate::http::problem::Problem;
use crate::http::validate;

/// Longest name.
pub const MAX_NAME: usize = 200;
/// Most names of one record.
const MAX_NAMES: usize = 100;

/// A name as it is sent.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"value": "Hrodna", "lang": "be-Latn", "types": ["transliteration"]}))]
pub struct NameIn {
    /// The name.
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 200,
        example = "Hrodna"
    )]
    pub value: Option<String>,
    /// Its language, with the script where that matters.
    pub lang: Option<Checked<LanguageTag>>,
    /// What it is used for; exactly one name of a record is `display`.
    #[schema(value_type = Vec<NameType>, required = true, nullable = false, min_items = 1)]
    pub types: Option<Vec<Checked<NameType>>>,
    /// Since when it has been in use.
    pub valid_from: Option<Checked<Edtf>>,
    /// Until when it was in use.
    pub valid_to: Option<Checked<Edtf>>,
}

/// A name of a partner or network.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = names)]
pub struct Name {
    /// The name.
    #[schema(example = "Hrodna")]
    pub value: String,
    /// Its language, with the script where that matters.
    pub lang: Option<LanguageTag>,
    /// What it is used for.
    #[diesel(deserialize_as = Json<Vec<NameType>>)]
    #[schema(example = json!(["display"]))]
    pub types: Vec<NameType>,
    /// Since when it has been in use.
    pub valid_from: Option<Edtf>,
    /// Until when it was in use.
    pub valid_to: Option<Edtf>,
}

/// Says of a thing by which name it is shown and by which others it is known: no name is both.
pub fn labelled(thing: Node, name: &str, names: &[Name]) -> Node {
    let label = |name: &Name| match &name.lang {
        Some(lang) => Object::In(name.value.clone(), lang.clone()),
        None => Object::Text(name.value.clone()),
    };
    let (shown, others): (Vec<_>, Vec<_>) = names.iter().partition(|name| name.is_display());
    let shown: Vec<Object> = shown.into_iter().map(label).collect();
    let others = others.into_iter().map(label);
    let others: Vec<Object> = others.filter(|name| !shown.contains(name)).collect();
    thing
        .text("schema:name", name)
        .all("skos:prefLabel", shown)
        .all("skos:altLabel", others)
}

impl Name {
    /// The name that is shown, and nothing known of it.
    pub fn display(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            lang: None,
            types: vec![NameType::Display],
            valid_from: None,
            valid_to: None,
        }
    }

    fn is_display(&self) -> bool {
        self.types.contains(&NameType::Display)
    }
}

fn check_one(at: &str, input: NameIn, issues: &mut Issues) -> Option<Name> {
    let p = |name: &str| format!("{at}/{name}");
    let value = validate::required_name(&p("value"), input.value, MAX_NAME, issues);
    let lang = issues.take(&p("lang"), input.lang);
    let given = issues.require(&p("types"), input.types);
    let mut types: Vec<NameType> = Vec::new();
    for (index, kind) in given.iter().flatten().enumerate() {
        if let Some(kind) = issues.take(&format!("{at}/types/{index}"), Some(kind.clone()))
            && !types.contains(&kind)
        {
            types.push(kind);
        }
    }
    if given.is_some_and(|given| given.is_empty()) {
        issues.add(p("types"), "length", "must name at least one type");
    }
    let valid_from = issues.take(&p("valid_from"), input.valid_from);
    let valid_to = issues.take(&p("valid_to"), input.valid_to);
    reversed(
        &p("valid_to"),
        valid_from.as_ref(),
        valid_to.as_ref(),
        issues,
    );
    Some(Name {
        value: value?,
        lang,
        types,
        valid_from,
        valid_to,
    })
}

/// Notes an end that certainly lies before its beginning.
pub fn reversed(at: &str, from: Option<&Edtf>, to: Option<&Edtf>, issues: &mut Issues) {
    if let (Some(from), Some(to)) = (from, to)
        && to.certainly_before(from)
    {
        issues.add(at, "reversed", format!("{to} is certainly before {from}"));
    }
}

/// The names of a record: exactly one is `display` and equals `name`.
///
/// `name` alone makes that entry or changes it; `names` alone says which is the display name.
pub fn check(
    name: Option<String>,
    given: Option<Vec<NameIn>>,
    issues: &mut Issues,
) -> (String, Vec<Name>) {
    let mut all = validate::list("/names", given, MAX_NAMES, issues, check_one);
    let shown = validate::name("/name", name.clone(), MAX_NAME, issues);
    let displays = all.iter().filter(|name| name.is_display()).count();
    if displays > 1 {
        let rule = "exactly one name must have the type display";
        issues.add("/names", "one_display_name", rule);
    }
    let display = all.iter().find(|name| name.is_display());
    let display = display.map(|name| name.value.clone());
    match (&shown, &display) {
        (Some(shown), None) => match all.iter_mut().find(|name| name.value == *shown) {
            Some(same) => same.types.insert(0, NameType::Display),
            None => all.insert(0, Name::display(shown)),
        },
        (Some(shown), Some(display)) if shown != display && displays == 1 => {
            let rule = "must equal the value of the name of type display";
            issues.add("/name", "display_name_differs", rule);
        }
        (None, None) if name.is_none() => issues.missing("/name"),
        _ => {}
    }
    (shown.or(display).unwrap_or_default(), all)
}

/// Brings `name` and `names` of a record into step, where a patch gives only one of them; 422 for one that
/// would take the name away.
pub fn rename(current: &mut Value, patch: &Value) -> Result<(), Problem> {
    let name = patch.get("name").and_then(Value::as_str);
    let names = patch.get("names");
    if names.is_none() {
        patch::not_null(patch, "name")?;
    }
    match (name, names) {
        (Some(name), None) => show(current, name),
        // The list says which name is shown.
        (None, Some(_)) => drop(current.as_object_mut().map(|it| it.remove("name"))),
        _ => {}
    }
    Ok(())
}

/// Gives the entry that is shown this name.
fn show(current: &mut Value, name: &str) {
    for entry in patch::parts(current, "names") {
        let types = entry.get("types").and_then(Value::as_array);
        let display = types.is_some_and(|types| types.iter().any(|kind| kind == "display"));
        if display && let Some(value) = entry.get_mut("value") {
            *value = name.into();
        }
    }
}

/// Replaces the names of a record.
pub fn store(conn: &mut DbConn, record: &PublicId, all: &[Name]) -> QueryResult<()> {
    diesel::delete(names::table.filter(names::record.eq(record))).execute(conn)?;
    add(conn, record, all)
}

/// Records the names of a new record.
pub fn add(conn: &mut DbConn, record: &PublicId, all: &[Name]) -> QueryResult<()> {
    for (position, name) in (0_i32..).zip(all) {
        diesel::insert_into(names::table)
            .values((
                names::record.eq(record),
                names::position.eq(position),
                names::value.eq(&name.value),
                names::lang.eq(&name.lang),
                names::types.eq(json::text(&name.types)?),
                names::valid_from.eq(&name.valid_from),
                names::valid_to.eq(&name.valid_to),
            ))
            .prepared()
            .execute(conn)?;
    }
    Ok(())
}

/// The names of these records, in their order.
pub fn of_records(
    conn: &mut DbConn,
    records: &[PublicId],
) -> QueryResult<HashMap<PublicId, Vec<Name>>> {
    let rows: Vec<(PublicId, Name)> = names::table
        .filter(names::record.eq_any(records))
        .order((names::record, names::position))
        .select((names::record, columns_of::<Name>()))
        .load(conn)?;
    Ok(grouped(rows))
}

/// What is wrong with names that an earlier release took and that could not be recorded today: they
/// stay, for a person to look at.
pub fn warnings(all: &[Name]) -> Option<Vec<Warning>> {
    let wrong = (1_u32..).zip(all).filter_map(|(place, name)| {
        let rule = name::check(&name.value).err()?.message;
        Some(Warning {
            code: "name_in_doubt",
            message: format!("name {place}: {rule}"),
        })
    });
    Some(wrong.collect()).filter(|found: &Vec<Warning>| !found.is_empty())
}

/// The name to show in this language, if the record has one that it still bears: the exact tag before the
/// language alone, an official or native name before any other.
pub fn in_language<'a>(names: &'a [Name], lang: &LanguageTag) -> Option<&'a str> {
    names
        .iter()
        .filter(|name| {
            let historic = name.types.contains(&NameType::Historic) || name.valid_to.is_some();
            let tag = name.lang.as_ref();
            !historic && tag.is_some_and(|tag| tag.primary() == lang.primary())
        })
        .min_by_key(|name| {
            let rank = name.types.iter().map(|kind| match kind {
                NameType::Display => 0,
                NameType::Endonym | NameType::Exonym => 1,
                NameType::Official => 2,
                NameType::Transliteration => 3,
                NameType::Alias | NameType::Historic => 4,
                NameType::Short | NameType::Acronym => 5,
            });
            (name.lang.as_ref() != Some(lang), rank.min().unwrap_or(9))
        })
        .map(|name| name.value.as_str())
}
