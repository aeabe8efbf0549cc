//! The media types of answers, and the parameters that belong to them.

use serde_json::{Map, Value, json};

use super::members_at;
use crate::http::format::{EXTENSION, Format};

/// Gives the answer of a read every media type it can be had in, `format` their names, and takes out what
/// is said of formats that it is not had in.
pub(super) fn complete(operation: &mut Map<String, Value>) {
    let formats = Format::said(operation.get(EXTENSION));
    let responses = operation.get_mut("responses");
    if let Some(content) = responses.and_then(|all| members_at(all, "/200/content")) {
        for format in formats.iter().filter(|format| **format != Format::Json) {
            let media = content.entry(format.media_type());
            media.or_insert_with(|| json!({ "schema": schema(*format) }));
        }
    }
    let parameters = operation.get_mut("parameters");
    let Some(parameters) = parameters.and_then(Value::as_array_mut) else {
        return;
    };
    if !formats.contains(&Format::Csv) {
        parameters.retain(|parameter| parameter.get("name") != Some(&json!("bom")));
    }
    let format = parameters
        .iter_mut()
        .filter(|parameter| parameter.get("name") == Some(&json!("format")))
        .find_map(Value::as_object_mut);
    if let Some(parameter) = format.filter(|_| formats.len() > 1) {
        let names: Vec<&str> = formats.iter().map(|format| format.name()).collect();
        let about = |format: &Format| format!("`{}`: {}", format.name(), format.about());
        let about: Vec<String> = formats.iter().map(about).collect();
        let about = format!(
            "Media type by name, instead of `Accept`. {}. All but JSON have what nobody in particular may \
             see, without names of persons, and lists have every record.",
            about.join("; ")
        );
        parameter.insert("description".to_owned(), json!(about));
        let names = format!("^({})$", names.join("|"));
        let schema = json!({ "type": "string", "pattern": names });
        parameter.insert("schema".to_owned(), schema);
    }
}

/// Whether the answer can be had in other formats than JSON.
pub(super) fn has_several(response: &Map<String, Value>) -> bool {
    let content = response.get("content").and_then(Value::as_object);
    content
        .is_some_and(|content| content.len() > 1 && content.contains_key(Format::Csv.media_type()))
}

fn schema(format: Format) -> Value {
    match format {
        Format::Json | Format::GeoJson | Format::JsonLd => json!({ "type": "object" }),
        Format::Xlsx => json!({ "type": "string", "format": "binary" }),
        _ => json!({ "type": "string" }),
    }
}
