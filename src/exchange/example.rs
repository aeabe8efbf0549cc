//! The Białystok example, built into the binary: records as one would post them, with local keys in
//! the place of ids.

use std::collections::HashMap;

use serde_json::Value;

use crate::activities::record::Activity;
use crate::agreements::create::{self, Origin};
use crate::changes::{Ctx, records};
use crate::core::ids::PublicId;
use crate::db::DbConn;
use crate::evidence::citations;
use crate::evidence::sources::record::Source;
use crate::http::extract::body::shaped;
use crate::http::listing::Listed as _;
use crate::http::problem::Problem;
use crate::networks::memberships::record::Membership;
use crate::networks::record::Network;
use crate::partners::record::Partner;
use crate::partners::relations;
use crate::records::Creatable;

/// Records one of a file, as it would be sent; its id, if others refer to it.
type Load = fn(&mut DbConn, &Ctx, Value) -> Result<Option<PublicId>, Problem>;

/// The files in the order in which they are loaded, and how what is in them is recorded.
#[rustfmt::skip]
const FILES: [(&str, &str, Load); 8] = [
    ("sources", include_str!("../../examples/bialystok/sources.json"), recorded::<Source>),
    ("partners", include_str!("../../examples/bialystok/partners.json"), recorded::<Partner>),
    ("networks", include_str!("../../examples/bialystok/networks.json"), recorded::<Network>),
    ("agreements", include_str!("../../examples/bialystok/agreements.json"), agreement),
    ("memberships", include_str!("../../examples/bialystok/memberships.json"), recorded::<Membership>),
    ("activities", include_str!("../../examples/bialystok/activities.json"), recorded::<Activity>),
    ("relations", include_str!("../../examples/bialystok/relations.json"), relation),
    ("citations", include_str!("../../examples/bialystok/citations.json"), citation),
];

/// The keys of records loaded so far.
type Keys = HashMap<String, PublicId>;

/// Loads the example inside one write transaction; the error names the file and the record.
pub fn load(conn: &mut DbConn, ctx: &Ctx) -> Result<(), Problem> {
    let mut keys = Keys::new();
    for (file, text, load) in FILES {
        let items: Vec<Value> = serde_json::from_str(text)
            .map_err(|error| Problem::malformed(format!("{file}.json is not JSON: {error}")))?;
        for mut item in items {
            fill(&mut item, &keys);
            let key = taken(&mut item, "key");
            let name = key.as_ref().and_then(Value::as_str).unwrap_or_default();
            let id = load(conn, ctx, item).map_err(|problem| {
                Problem::new(problem.code()).detail(format!("{file}.json, {name}: {problem}"))
            })?;
            keys.extend(id.map(|id| (name.to_owned(), id)));
        }
    }
    Ok(())
}

/// A member of a record, which is taken out of it.
fn taken(item: &mut Value, name: &str) -> Option<Value> {
    item.as_object_mut()?.remove(name)
}

fn recorded<R: Creatable>(
    conn: &mut DbConn,
    ctx: &Ctx,
    item: Value,
) -> Result<Option<PublicId>, Problem> {
    let (row, _) = R::create(conn, ctx, shaped(item, "")?)?;
    Ok(Some(row.public_id().clone()))
}

fn agreement(conn: &mut DbConn, ctx: &Ctx, item: Value) -> Result<Option<PublicId>, Problem> {
    let made = create::create(conn, ctx, shaped(item, "")?, Origin::Import)?;
    Ok(Some(made.row.public_id))
}

fn relation(conn: &mut DbConn, ctx: &Ctx, mut item: Value) -> Result<Option<PublicId>, Problem> {
    let (_, from) = referenced(conn, taken(&mut item, "from_id"))?;
    relations::create(conn, ctx, from, shaped(item, "")?)?;
    Ok(None)
}

fn citation(conn: &mut DbConn, ctx: &Ctx, mut item: Value) -> Result<Option<PublicId>, Problem> {
    let (record, _) = referenced(conn, taken(&mut item, "record"))?;
    citations::write::create(conn, ctx, &record, shaped(item, "")?)?;
    Ok(None)
}

/// The record a filled-in reference names.
fn referenced(conn: &mut DbConn, id: Option<Value>) -> Result<(PublicId, i64), Problem> {
    let id: Option<PublicId> = id.and_then(|id| id.as_str()?.parse().ok());
    let id = id.ok_or_else(|| Problem::not_found("record"))?;
    let head = records::find(conn, &id)?.ok_or_else(|| Problem::not_found("record"))?;
    Ok((id, head.id))
}

/// Puts ids in the place of `@key`.
fn fill(value: &mut Value, keys: &Keys) {
    match value {
        Value::String(text) => {
            if let Some(id) = text.strip_prefix('@').and_then(|key| keys.get(key)) {
                *text = id.to_string();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, keys)),
        Value::Object(members) => members.values_mut().for_each(|item| fill(item, keys)),
        _ => {}
    }
}
