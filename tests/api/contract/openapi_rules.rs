//! What every operation of the document must say.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use twincity::http::openapi;
use twincity::server;

fn document() -> Value {
    openapi::finished(&server::document(), twincity::access::permissions::rights)
}

/// Path, method and operation.
fn operations(document: &Value) -> Vec<(&str, &str, &Map<String, Value>)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push((
                path.as_str(),
                method.as_str(),
                operation.as_object().unwrap(),
            ));
        }
    }
    assert!(all.len() >= 10);
    all
}

/// Every value of the document with its place.
fn walk<'a>(value: &'a Value, place: &str, see: &mut impl FnMut(&str, &'a Value)) {
    see(place, value);
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                walk(value, &format!("{place}/{name}"), see);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                walk(value, &format!("{place}/{index}"), see);
            }
        }
        _ => {}
    }
}

#[test]
fn every_operation_says_what_it_is() {
    let document = document();
    let tags: BTreeSet<&str> = document["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["name"].as_str().unwrap())
        .collect();
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let summary = operation
            .get("summary")
            .and_then(Value::as_str)
            .unwrap_or_default();
        assert!(
            !summary.is_empty() && !summary.ends_with('.'),
            "{method} {path}: summary {summary:?}"
        );
        let named: Vec<&str> = operation["tags"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tag| tag.as_str().unwrap())
            .collect();
        assert!(
            named.len() == 1 && tags.contains(named[0]),
            "{method} {path}: {named:?}"
        );
        let id = operation["operationId"].as_str().unwrap();
        assert!(
            id.chars().all(|c| c.is_ascii_lowercase() || c == '_'),
            "{id}"
        );
        assert!(ids.insert(id), "{id} twice");
        assert!(
            operation.contains_key("security"),
            "{method} {path}: security"
        );
        let responses = operation["responses"].as_object().unwrap();
        let good = responses
            .keys()
            .filter(|status| status.starts_with('2'))
            .count();
        assert!(good >= 1, "{method} {path}: no answer");
    }
}

#[test]
fn every_operation_names_the_problems_it_answers_with() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        let responses = operation["responses"].as_object().unwrap();
        let mut wanted = vec!["414", "429", "500"];
        if path.starts_with("/api/") {
            wanted.extend(["400", "406", "503"]);
            if path.contains('{') {
                wanted.push("404");
            }
            match method {
                // Answers that change without the registry have no validator.
                "get" if operation["responses"]["200"]["headers"]["ETag"].is_null() => {}
                "get" => wanted.push("304"),
                "post" => wanted.extend(["409", "413", "415", "422"]),
                "patch" => wanted.extend(["412", "413", "415", "422", "428"]),
                _ => wanted.extend(["409", "412", "428"]),
            }
            let security = operation["security"].as_array().unwrap();
            if !security.is_empty() {
                wanted.push("401");
            }
            if security.len() == 1 {
                wanted.push("403");
            }
        }
        for status in wanted {
            assert!(
                responses.contains_key(status),
                "{method} {path}: {status} is missing"
            );
        }
        for (status, response) in responses {
            let described = response.get("$ref").is_some() || response["description"].is_string();
            assert!(described, "{method} {path}: {status}");
        }
    }
}

#[test]
fn what_is_sent_is_described() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        if matches!(method, "post" | "patch") {
            let content = operation.get("requestBody").map(|body| &body["content"]);
            // What programs of mail send is laid down elsewhere (RFC 8058).
            let media = match operation["operationId"].as_str() {
                Some("unsubscribe") => "application/x-www-form-urlencoded",
                _ => "application/json",
            };
            let there = content.is_some_and(|content| content[media]["schema"].is_object());
            assert!(there, "{method} {path} has no body");
        }
        let names: Vec<&str> = path
            .split('{')
            .skip(1)
            .filter_map(|part| part.split('}').next())
            .collect();
        let none = Vec::new();
        let parameters = operation
            .get("parameters")
            .and_then(Value::as_array)
            .unwrap_or(&none);
        let in_path: Vec<&str> = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        assert_eq!(in_path, names, "{method} {path}");
        for parameter in parameters {
            let name = &parameter["name"];
            assert!(
                parameter["description"].is_string(),
                "{method} {path}: {name} has no description"
            );
        }
    }
}

#[test]
fn examples_are_what_the_schemas_allow() {
    let document = document();
    // One schema whose members are the places of the document, so that it is compiled once; references
    // lead where they lead in the document.
    let mut schemas = json!({ "components": document["components"], "properties": {} });
    let mut examples = json!({});
    walk(&document, "", &mut |place, value| {
        if let (Some(schema), Some(example)) = (value.get("schema"), value.get("example")) {
            schemas["properties"][place] = schema.clone();
            examples[place] = example.clone();
        }
    });
    let faults: Vec<String> = jsonschema::validator_for(&schemas)
        .unwrap()
        .iter_errors(&examples)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let checked = examples.as_object().unwrap().len();
    assert!(checked >= 20, "only {checked} examples");
}

#[test]
fn schemas_are_plain() {
    let document = document();
    walk(&document, "", &mut |place, value| {
        let Some(members) = value.as_object() else {
            return;
        };
        if place.contains("/example") || place.ends_with("/properties") {
            return;
        }
        assert!(
            !members.contains_key("nullable"),
            "{place} is nullable in the manner of 3.0"
        );
        if let Some(choices) = members.get("enum").and_then(Value::as_array) {
            assert!(
                !choices.contains(&Value::Null),
                "{place} allows null beside its codes"
            );
        }
        if let Some(choices) = members.get("oneOf").and_then(Value::as_array) {
            // Null, an array and a record never meet; a paper may have all that a source must have.
            let records = choices.iter().filter(|choice| choice.get("type").is_none());
            assert!(
                records.count() <= 1,
                "{place}: `oneOf` refuses what fits two of its shapes"
            );
        }
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            assert_eq!(members.len(), 1, "{place} has words beside its reference");
            let target = reference.trim_start_matches('#');
            assert!(
                document.pointer(target).is_some(),
                "{place} refers to nothing: {reference}"
            );
        }
    });
}

#[test]
fn the_document_says_where_it_belongs() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["license"]["identifier"], "Apache-2.0");
    assert!(!document["servers"].as_array().unwrap().is_empty());
    assert!(document["info"]["description"].is_string());
    for tag in document["tags"].as_array().unwrap() {
        assert!(tag["description"].is_string(), "{tag}");
    }
}
