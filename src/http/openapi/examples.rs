//! Examples made from the schemas: what single fields say of themselves, put together.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

/// Gives every JSON body and answer that has none an example.
pub(super) fn add(document: &mut Value) {
    let schemas = document
        .pointer("/components/schemas")
        .cloned()
        .unwrap_or_default();
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    for item in paths.values_mut().filter_map(Value::as_object_mut) {
        for operation in item.values_mut() {
            if let Some(content) = operation.pointer_mut("/requestBody/content") {
                fill(content, &schemas);
            }
            let responses = operation
                .get_mut("responses")
                .and_then(Value::as_object_mut);
            for response in responses.into_iter().flat_map(|all| all.values_mut()) {
                if let Some(content) = response.get_mut("content") {
                    fill(content, &schemas);
                }
            }
        }
    }
}

fn fill(content: &mut Value, schemas: &Value) {
    for media in content
        .as_object_mut()
        .into_iter()
        .flat_map(|all| all.values_mut())
    {
        if media.get("example").is_some() || media.get("examples").is_some() {
            continue;
        }
        let schema = media.get("schema").cloned().unwrap_or_default();
        let example = of(&schema, schemas, &mut HashSet::new());
        if let (Some(example), Some(media)) = (example, media.as_object_mut()) {
            media.insert("example".to_owned(), example);
        }
    }
}

/// A value that the schema allows, if its parts say enough.
fn of(schema: &Value, schemas: &Value, open: &mut HashSet<String>) -> Option<Value> {
    if let Some(example) = schema.get("example") {
        return Some(example.clone());
    }
    if let Some(example) = schema.pointer("/examples/0") {
        return Some(example.clone());
    }
    if let Some(name) = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|r| r.rsplit('/').next())
    {
        if !open.insert(name.to_owned()) {
            return None;
        }
        let example = schemas
            .get(name)
            .and_then(|schema| of(schema, schemas, open));
        open.remove(name);
        return example;
    }
    if let Some(first) = schema.pointer("/enum/0") {
        return Some(first.clone());
    }
    if let Some(value) = schema.get("default") {
        return Some(value.clone());
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let mut all = Map::new();
        for part in parts {
            if let Some(Value::Object(members)) = of(part, schemas, open) {
                all.extend(members);
            }
        }
        return Some(Value::Object(all));
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(parts) = schema.get(choice).and_then(Value::as_array) {
            return parts
                .iter()
                .filter(|part| part.get("type") != Some(&json!("null")))
                .find_map(|part| of(part, schemas, open));
        }
    }
    match kind(schema)? {
        "object" => Some(object(schema, schemas, open)),
        "array" => {
            let items = schema
                .get("items")
                .and_then(|items| of(items, schemas, open));
            Some(Value::Array(items.into_iter().collect()))
        }
        "string" => match schema.get("format").and_then(Value::as_str) {
            Some("date-time") => Some(json!("2026-11-24T08:00:00Z")),
            Some("date") => Some(json!("2026-11-24")),
            _ => Some(json!("text")),
        },
        "integer" | "number" => Some(schema.get("minimum").cloned().unwrap_or_else(|| json!(1))),
        "boolean" => Some(json!(false)),
        _ => None,
    }
}

fn kind(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::String(kind) => Some(kind),
        Value::Array(kinds) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null"),
        _ => None,
    }
}

/// Required members, and those optional ones that say what they look like.
fn object(schema: &Value, schemas: &Value, open: &mut HashSet<String>) -> Value {
    let required: HashSet<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let mut members = Map::new();
    for (name, property) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let says = property.get("example").is_some() || property.get("examples").is_some();
        if (required.contains(name.as_str()) || says)
            && let Some(example) = of(property, schemas, open)
        {
            members.insert(name.clone(), example);
        }
    }
    Value::Object(members)
}
