//! Which writes may have to wait for another person's consent, and what they answer then.

use serde_json::{Map, Value, json};

use super::shared::header;

/// Whether a write to this address may have to wait for another person's consent.
pub(super) fn may_wait(path: &str, method: &str) -> bool {
    const RECORDS: &[&str] = &[
        "partners",
        "agreements",
        "networks",
        "memberships",
        "activities",
        "sources",
        "documents",
        "citations",
    ];
    const PARTS: &[&str] = &[
        "/api/v1/partners",
        "/api/v1/networks",
        "/api/v1/partners/{id}/relations",
        "/api/v1/agreements/{id}/events",
        "/api/v1/agreements/{id}/confirm",
        "/api/v1/memberships/{id}/events",
        "/api/v1/{collection}/{id}/citations",
        "/api/v1/{collection}/{id}/restore",
    ];
    match method {
        "post" => PARTS.contains(&path),
        "patch" | "delete" => {
            path == "/api/v1/partners/{id}/relations/{relation_id}"
                || path
                    .strip_prefix("/api/v1/")
                    .and_then(|rest| rest.strip_suffix("/{id}"))
                    .is_some_and(|collection| RECORDS.contains(&collection))
        }
        _ => false,
    }
}

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
