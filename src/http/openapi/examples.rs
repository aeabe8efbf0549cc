//! Examples made from the schemas: what single fields say of themselves, put together.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{members_at, operations};

/// Gives every JSON body and answer that has none an example.
pub(super) fn add(document: &mut Value) {
    let schemas = document.pointer("/components/schemas").cloned();
    let schemas = schemas.unwrap_or_default();
    for (_, _, operation) in operations(document) {
        fill(members_at(operation, "/requestBody/content"), &schemas);
        let responses = members_at(operation, "/responses").into_iter().flatten();
        for (_, response) in responses {
            fill(members_at(response, "/content"), &schemas);
        }
    }
}

fn fill(content: Option<&mut Map<String, Value>>, schemas: &Value) {
    let media = content.into_iter().flat_map(|all| all.values_mut());
    for media in media.filter_map(Value::as_object_mut) {
        if media.contains_key("example") || media.contains_key("examples") {
            continue;
        }
        let schema = media.get("schema").unwrap_or(&Value::Null);
        if let Some(example) = of(schema, schemas, &mut HashSet::new()) {
            media.insert("example".to_owned(), example);
        }
    }
}

/// A value that the schema allows, if its parts say enough.
fn of(schema: &Value, schemas: &Value, open: &mut HashSet<String>) -> Option<Value> {
    if let Some(example) = schema.get("example").or(schema.pointer("/examples/0")) {
        return Some(example.clone());
    }
    let reference = schema.get("$ref").and_then(Value::as_str);
    if let Some(name) = reference.and_then(|r| r.rsplit('/').next()) {
        if !open.insert(name.to_owned()) {
            return None;
        }
        let named = schemas.get(name);
        let example = named.and_then(|schema| of(schema, schemas, open));
        open.remove(name);
        return example;
    }
    if let Some(value) = schema.pointer("/enum/0").or(schema.get("default")) {
        return Some(value.clone());
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let mut all = Map::new();
        for part in parts {
            match of(part, schemas, open) {
                Some(Value::Object(members)) => all.extend(members),
                // A reference with words beside it comes as `allOf` it alone.
                Some(value) if parts.len() == 1 => return Some(value),
                _ => {}
            }
        }
        return Some(Value::Object(all));
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(parts) = schema.get(choice).and_then(Value::as_array) {
            let null = json!("null");
            let mut some = parts.iter().filter(|part| part.get("type") != Some(&null));
            return some.find_map(|part| of(part, schemas, open));
        }
    }
    match kind(schema)? {
        "object" => Some(object(schema, schemas, open)),
        "array" => {
            let items = schema.get("items");
            let item = items.and_then(|items| of(items, schemas, open));
            Some(Value::Array(item.into_iter().collect()))
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
        Value::Array(kinds) => {
            let mut kinds = kinds.iter().filter_map(Value::as_str);
            kinds.find(|kind| *kind != "null")
        }
        _ => None,
    }
}

/// Required members, and those optional ones that say what they look like.
fn object(schema: &Value, schemas: &Value, open: &mut HashSet<String>) -> Value {
    let required = schema.get("required").and_then(Value::as_array);
    let mut members = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let says = property.get("example").is_some() || property.get("examples").is_some();
        let needed = required.is_some_and(|all| all.iter().any(|required| required == name));
        if (needed || says)
            && let Some(example) = of(property, schemas, open)
        {
            members.insert(name.clone(), example);
        }
    }
    Value::Object(members)
}
