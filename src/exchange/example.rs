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
use crate::http::code::Code;
use crate::http::extract::body::shaped;
use crate::http::listing::Listed as _;
use crate::http::problem::Problem;
use crate::networks::memberships::record::Membership;
use crate::networks::record::Network;
use crate::partners::record::Partner;
use crate::partners::relations;
use crate::records::Creatable;

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        /// The files in the order in which they are loaded.
        const FILES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../examples/bialystok/", $name, ".json")))),+];
    };
}
files![
    "sources",
    "partners",
    "networks",
    "agreements",
    "memberships",
    "activities",
    "relations",
    "citations",
];

/// The keys of records loaded so far.
type Keys = HashMap<String, PublicId>;

/// Loads the example inside one write transaction; the error names the file and the record.
pub fn load(conn: &mut DbConn, ctx: &Ctx) -> Result<(), Problem> {
    let mut keys = Keys::new();
    for (file, text) in FILES {
        let items: Vec<Value> = serde_json::from_str(text).map_err(|error| {
            Problem::new(Code::MalformedRequest).detail(format!("{file}.json is not JSON: {error}"))
        })?;
        for item in items {
            let name = item
                .get("key")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            let id = one(conn, ctx, file, item, &keys).map_err(|problem| {
                Problem::new(problem.code()).detail(format!("{file}.json, {name}: {problem}"))
            })?;
            if let Some(id) = id {
                keys.insert(name, id);
            }
        }
    }
    Ok(())
}

fn one(
    conn: &mut DbConn,
    ctx: &Ctx,
    file: &str,
    mut item: Value,
    keys: &Keys,
) -> Result<Option<PublicId>, Problem> {
    fill(&mut item, keys);
    let mut taken = |name: &str| {
        item.as_object_mut()
            .and_then(|members| members.remove(name))
    };
    taken("key");
    let id = match file {
        "sources" => recorded::<Source>(conn, ctx, item)?,
        "partners" => recorded::<Partner>(conn, ctx, item)?,
        "agreements" => {
            create::create(conn, ctx, shaped(item, "")?, Origin::Import)?
                .row
                .public_id
        }
        "networks" => recorded::<Network>(conn, ctx, item)?,
        "memberships" => recorded::<Membership>(conn, ctx, item)?,
        "activities" => recorded::<Activity>(conn, ctx, item)?,
        "relations" => {
            let (_, from) = referenced(conn, taken("from_id"))?;
            relations::create(conn, ctx, from, shaped(item, "")?)?;
            return Ok(None);
        }
        "citations" => {
            let (record, _) = referenced(conn, taken("record"))?;
            citations::write::create(conn, ctx, &record, shaped(item, "")?)?;
            return Ok(None);
        }
        _ => return Ok(None),
    };
    Ok(Some(id))
}

/// Records one, as it would be sent.
fn recorded<R: Creatable>(conn: &mut DbConn, ctx: &Ctx, item: Value) -> Result<PublicId, Problem> {
    let (row, _) = R::create(conn, ctx, shaped(item, "")?)?;
    Ok(row.public_id().clone())
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
