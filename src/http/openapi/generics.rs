//! Shapes that follow from how records are asked for: pages, bodies of one or many, answers with
//! only some members, and answers to dry runs.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{members_at, operations};
use crate::http::patch::ONLY_AT_CREATION;

/// Where the schemas stand in the document.
const SCHEMAS: &str = "/components/schemas";

/// Where the schema of a page has that of its records.
const ITEMS: &str = "/properties/data/items";

const PREFIX: &str = "#/components/schemas/";

type Schemas = Map<String, Value>;

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{PREFIX}{name}") })
}

fn named(schema: &Value) -> Option<String> {
    let reference = schema.get("$ref")?.as_str()?;
    Some(reference.strip_prefix(PREFIX)?.to_owned())
}

/// Makes `Page_X` and `OneOrManySchema_X` refer to the schema of X instead of writing it out, and
/// answers of several shapes `anyOf` them.
pub(super) fn by_reference(document: &mut Value) {
    let Some(schemas) = members_at(document, SCHEMAS) else {
        return;
    };
    let known: Vec<String> = schemas.keys().cloned().collect();
    for (name, schema) in schemas.iter_mut() {
        // Readers ignore members they do not know, so that an answer may fit more than one shape.
        if let Some(members) = schema.as_object_mut()
            && let Some(shapes) = members.remove("oneOf")
        {
            members.insert("anyOf".to_owned(), shapes);
        }
        let Some((generic, of)) = name.split_once('_') else {
            continue;
        };
        if !known.iter().any(|known| known == of) {
            continue;
        }
        match generic {
            "Page" => {
                if let Some(items) = schema.pointer_mut(ITEMS) {
                    *items = reference(of);
                }
            }
            "OneOrManySchema" => {
                let many = json!({ "type": "array", "minItems": 1, "maxItems": 500,
                    "items": reference(of),
                    "description": "From 1 to 500 records: all or nothing, errors per index." });
                *schema = json!({ "oneOf": [reference(of), many],
                    "description": "One record, or an array of them." });
            }
            _ => {}
        }
    }
}

/// Gives every PATCH a body of its own: the schema of what is created, with nothing required and
/// without what is only said at creation.
pub(super) fn patches(document: &mut Value) {
    let mut schemas = take(document);
    for (_, method, operation) in operations(document) {
        let Some(content) = operation.pointer_mut("/requestBody/content") else {
            continue;
        };
        let created = content.pointer("/application~1json/schema").and_then(named);
        let Some(name) = created.filter(|_| method == "patch") else {
            continue;
        };
        let mut schema = schemas.get(&name).cloned().unwrap_or_default();
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("required");
            schema.remove("example");
            schema.insert(
                "description".to_owned(),
                json!("A JSON merge patch (RFC 7396): members left out stay, null removes, lists are replaced as a whole."),
            );
        }
        if let Some(properties) = members_at(&mut schema, "/properties") {
            for only_at_creation in ONLY_AT_CREATION {
                properties.remove(only_at_creation);
            }
        }
        let patch = format!("{}Patch", name.strip_suffix("In").unwrap_or(&name));
        let body = json!({ "schema": reference(&patch) });
        *content = json!({ "application/merge-patch+json": body, "application/json": body });
        schemas.insert(patch, schema);
    }
    put_back(document, schemas);
}

/// Takes the schemas out of the document, to be changed along with its operations.
fn take(document: &mut Value) -> Schemas {
    let schemas = members_at(document, SCHEMAS);
    schemas.map(std::mem::take).unwrap_or_default()
}

fn put_back(document: &mut Value, schemas: Schemas) {
    if let Some(left) = members_at(document, SCHEMAS) {
        *left = schemas;
    }
}

/// Documents what parameters do to answers: `fields` leaves members out, `dry_run` answers 200, and
/// an array of records is answered with `data`.
pub(super) fn by_parameter(document: &mut Value) {
    let mut schemas = take(document);
    for (_, method, operation) in operations(document) {
        let takes = |name: &str| {
            let parameters = operation.get("parameters").and_then(Value::as_array);
            parameters
                .is_some_and(|all| all.iter().any(|one| one.get("name") == Some(&json!(name))))
        };
        let (sparse, dry) = (takes("fields"), takes("dry_run"));
        if method == "get" && sparse {
            leave_out(operation, &mut schemas);
        }
        if method == "post" {
            answer_many(operation, &mut schemas);
            if dry {
                answer_dry_run(operation);
            }
        }
    }
    put_back(document, schemas);
}

/// Removes the schemas that nothing refers to any more.
pub(super) fn prune(document: &mut Value) {
    let mut schemas = take(document);
    let mut wanted = HashSet::new();
    follow(document, &schemas, &mut wanted);
    schemas.retain(|name, _| wanted.contains(name));
    put_back(document, schemas);
}

/// Adds the schemas that `value` refers to, and those that these refer to.
fn follow(value: &Value, schemas: &Schemas, wanted: &mut HashSet<String>) {
    let parts: Box<dyn Iterator<Item = &Value>> = match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(members) => Box::new(members.values()),
        _ => return,
    };
    if let Some(name) = named(value)
        && let Some(schema) = schemas.get(&name)
        && wanted.insert(name)
    {
        follow(schema, schemas, wanted);
    }
    parts.for_each(|part| follow(part, schemas, wanted));
}

/// The answer's records may lack members that `fields` did not ask for.
fn leave_out(operation: &mut Value, schemas: &mut Schemas) {
    let Some(schema) = operation.pointer_mut("/responses/200/content/application~1json/schema")
    else {
        return;
    };
    let Some(name) = named(schema) else { return };
    let several = schemas
        .get(&name)
        .and_then(|all| all.get("anyOf")?.as_array());
    if let Some(mut several) = several.cloned() {
        for one in &mut several {
            leave_out_of(one, schemas);
        }
        *schema = json!({ "anyOf": several });
    } else {
        leave_out_of(schema, schemas);
    }
}

fn leave_out_of(schema: &mut Value, schemas: &mut Schemas) {
    let Some(name) = named(schema) else { return };
    if name.starts_with("Page_") {
        let page = schemas.get(&name);
        let of = page.and_then(|page| named(page.pointer(ITEMS)?));
        let Some(of) = of.filter(|of| !of.ends_with("Sparse")) else {
            return;
        };
        let sparse = reference(&sparse(&of, schemas));
        let page = schemas.get_mut(&name);
        if let Some(items) = page.and_then(|page| page.pointer_mut(ITEMS)) {
            *items = sparse;
        }
    } else {
        *schema = reference(&sparse(&name, schemas));
    }
}

/// The schema of a record with nothing required; its name.
fn sparse(name: &str, schemas: &mut Schemas) -> String {
    let made = format!("{}Sparse", name.strip_suffix("View").unwrap_or(name));
    if !schemas.contains_key(&made) {
        let mut schema = schemas.get(name).cloned().unwrap_or_default();
        relax(&mut schema, schemas);
        schemas.insert(made.clone(), schema);
    }
    made
}

fn relax(schema: &mut Value, schemas: &Schemas) {
    if let Some(of) = named(schema) {
        *schema = schemas.get(&of).cloned().unwrap_or_default();
    }
    if let Some(members) = schema.as_object_mut() {
        members.remove("required");
        members.remove("example");
    }
    let parts = schema.get_mut("allOf").and_then(Value::as_array_mut);
    for part in parts.into_iter().flatten() {
        relax(part, schemas);
    }
}

/// An array of records is answered with `data`, in its order.
fn answer_many(operation: &mut Value, schemas: &mut Schemas) {
    let body = operation.pointer("/requestBody/content/application~1json/schema");
    let body = body.and_then(named).unwrap_or_default();
    let takes_many = body.starts_with("OneOrManySchema_");
    let Some(schema) = operation.pointer_mut("/responses/201/content/application~1json/schema")
    else {
        return;
    };
    let Some(name) = named(schema).filter(|_| takes_many) else {
        return;
    };
    let many = format!("Many{name}");
    schemas.entry(many.clone()).or_insert_with(|| {
        json!({ "type": "object", "required": ["data"],
            "description": "The records of an array, in its order.",
            "properties": { "data": { "type": "array", "items": reference(&name) } } })
    });
    *schema = json!({ "anyOf": [reference(&name), reference(&many)] });
}

/// A dry run is answered with what would be, and 200.
fn answer_dry_run(operation: &mut Value) {
    let Some(content) = operation.pointer("/responses/201/content").cloned() else {
        return;
    };
    if let Some(responses) = members_at(operation, "/responses") {
        responses.entry("200").or_insert_with(
            || json!({ "description": "A dry run: as it would be, and nothing kept", "content": content }),
        );
    }
}
