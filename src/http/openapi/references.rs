//! References stand alone: readers of the document differ on what words beside a `$ref` mean.

use serde_json::{Map, Value, json};

/// Moves what stands beside a reference into the schema around it, or wraps the reference.
pub(super) fn alone(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(alone),
        Value::Object(members) => {
            members.values_mut().for_each(alone);
            // What is checked only after it was read is described as what it has to be.
            if let Some(Value::String(reference)) = members.get_mut("$ref") {
                *reference = reference.replace("/schemas/Checked_", "/schemas/");
            }
            if let Some(choices) = members.get_mut("oneOf").and_then(Value::as_array_mut) {
                // `oneOf` null and a reference is how an optional member comes: its words are about it.
                let words: Map<String, Value> = choices.iter_mut().flat_map(unwrapped).collect();
                for (name, word) in words {
                    members.entry(name).or_insert(word);
                }
            }
            if members.len() > 1
                && let Some(reference) = members.remove("$ref")
            {
                members.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
            }
        }
        _ => {}
    }
}

/// Makes the choice a bare reference again, if it was one with words beside it; those words.
fn unwrapped(choice: &mut Value) -> Map<String, Value> {
    let reference = choice
        .pointer("/allOf/0/$ref")
        .filter(|_| choice.pointer("/allOf/1").is_none())
        .cloned();
    match (reference, choice.as_object_mut()) {
        (Some(reference), Some(members)) => {
            let mut words = std::mem::take(members);
            words.remove("allOf");
            members.insert("$ref".to_owned(), reference);
            words
        }
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_beside_a_reference_move_out() {
        for (before, after) in [
            (json!({"$ref": "#/a"}), json!({"$ref": "#/a"})),
            (
                json!({"$ref": "#/schemas/Checked_A"}),
                json!({"$ref": "#/schemas/A"}),
            ),
            (
                json!({"$ref": "#/a", "description": "b"}),
                json!({"allOf": [{"$ref": "#/a"}], "description": "b"}),
            ),
            (
                json!({"oneOf": [{"type": "null"}, {"$ref": "#/a", "description": "b", "example": 1}]}),
                json!({"oneOf": [{"type": "null"}, {"$ref": "#/a"}], "description": "b", "example": 1}),
            ),
        ] {
            let mut made = before;
            alone(&mut made);
            assert_eq!(made, after);
        }
    }
}
