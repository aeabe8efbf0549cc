//! What a write answers that waits for another person's consent.

use serde_json::{Map, Value, json};

use super::header;

/// The answer to a write that waits.
pub(super) fn answer(method: &str) -> Value {
    let names = ["X-Request-Id", "Cache-Control", "Idempotency-Replayed"];
    let kept = names
        .iter()
        .filter(|name| **name != "Idempotency-Replayed" || method == "post");
    let headers: Map<String, Value> = kept
        .map(|name| ((*name).to_owned(), header(name)))
        .collect();
    json!({
        "description": "It waits for another person's consent, as the suggestion whose id is given; nothing was changed",
        "headers": headers,
        "content": { "application/json": {
            "schema": {
                "type": "object",
                "required": ["suggestion_id", "state"],
                "properties": {
                    "suggestion_id": { "type": "string", "example": "sug_8x3k0q2m7t" },
                    "state": { "$ref": "#/components/schemas/SuggestionState" },
                },
            },
            "example": { "suggestion_id": "sug_8x3k0q2m7t", "state": "open" },
        }},
    })
}
