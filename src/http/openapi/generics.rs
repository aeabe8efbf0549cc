//! Pages and bodies of one or many: their records by reference instead of written out each time.

use serde_json::{Value, json};

const PREFIX: &str = "#/components/schemas/";

/// Makes `Page_X` and `OneOrManySchema_X` refer to the schema of X.
pub(super) fn by_reference(document: &mut Value) {
    let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    let known: Vec<String> = schemas.keys().cloned().collect();
    for (name, schema) in schemas.iter_mut() {
        let Some((generic, of)) = name.split_once('_') else {
            continue;
        };
        if !known.iter().any(|known| known == of) {
            continue;
        }
        let record = json!({ "$ref": format!("{PREFIX}{of}") });
        match generic {
            "Page" => {
                if let Some(items) = schema.pointer_mut("/properties/data/items") {
                    *items = record;
                }
            }
            "OneOrManySchema" => {
                let many = json!({ "type": "array", "minItems": 1, "maxItems": 500, "items": record,
                    "description": "From 1 to 500 records: all or nothing, errors per index." });
                *schema = json!({ "oneOf": [record, many], "description": "One record, or an array of them." });
            }
            _ => {}
        }
    }
}
