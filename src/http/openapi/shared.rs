//! What operations share: problems, headers, conditional parameters, security and links.

use serde_json::{Map, Value, json};

use super::{Login, waiting};
use crate::http::code::Code;

/// The statuses of problems with the name of their shared response and what they mean.
const PROBLEMS: &[(u16, &str, &str)] = &[
    (
        400,
        "MalformedRequest",
        "The request can't be read: malformed JSON, a wrong type, an unknown field or parameter",
    ),
    (401, "Unauthenticated", "A valid key is needed"),
    (403, "Forbidden", "The key's role may not do this"),
    (
        404,
        "NotFound",
        "There is no such resource, or the caller may not see it",
    ),
    (
        406,
        "NotAcceptable",
        "None of the media types asked for can be produced",
    ),
    (
        409,
        "Conflict",
        "The record's state, a duplicate or a record that depends on it forbids this",
    ),
    (410, "Gone", "The record was withdrawn; the reason is given"),
    (
        412,
        "PreconditionFailed",
        "The record has changed since the version named in If-Match",
    ),
    (
        413,
        "PayloadTooLarge",
        "The body is larger than 2 MiB, or a document than 20 MiB",
    ),
    (414, "UriTooLong", "The address is longer than 8 KiB"),
    (
        415,
        "UnsupportedMediaType",
        "The body's media type is not read here",
    ),
    (
        416,
        "RangeNotSatisfiable",
        "The range asked for lies outside of the document",
    ),
    (
        422,
        "Unprocessable",
        "Fields break rules, each listed with its pointer",
    ),
    (428, "PreconditionRequired", "If-Match is missing"),
    (
        429,
        "TooManyRequests",
        "Too many requests from this address",
    ),
    (
        500,
        "Internal",
        "Something went wrong here; nothing was changed",
    ),
    (
        503,
        "Unavailable",
        "The database can't be reached or is too busy; nothing was changed",
    ),
];

fn response_name(status: u16) -> &'static str {
    PROBLEMS
        .iter()
        .find(|(s, _, _)| *s == status)
        .map_or("Internal", |(_, name, _)| name)
}

/// Adds the shared responses, headers and the security scheme.
pub(super) fn components(document: &mut Value) {
    let mut responses = Map::new();
    for (status, name, about) in PROBLEMS {
        let mut headers = json!({ "X-Request-Id": header("X-Request-Id") });
        let extra: &[&str] = match status {
            401 => &["WWW-Authenticate"],
            412 => &["ETag"],
            416 => &["Content-Range"],
            429 => &["Retry-After", "RateLimit", "RateLimit-Policy"],
            503 => &["Retry-After"],
            _ => &[],
        };
        for name in extra {
            if let Some(headers) = headers.as_object_mut() {
                headers.insert((*name).to_owned(), header(name));
            }
        }
        let example = Code::ALL
            .iter()
            .find(|code| code.status().as_u16() == *status)
            .map(|code| {
                json!({
                    "type": format!("/problems/{}", code.as_str()),
                    "title": code.title(),
                    "status": status,
                    "code": code.as_str(),
                    "instance": "/api/v1/partners",
                })
            });
        responses.insert(
            (*name).to_owned(),
            json!({
                "description": about,
                "headers": headers,
                "content": { "application/problem+json": {
                    "schema": { "$ref": "#/components/schemas/Problem" },
                    "example": example,
                }},
            }),
        );
    }
    let headers: Map<String, Value> = HEADERS
        .iter()
        .map(|(name, about, schema)| {
            let schema: Value = serde_json::from_str(schema).unwrap_or_default();
            (
                (*name).to_owned(),
                json!({ "description": about, "schema": schema }),
            )
        })
        .collect();
    let Some(root) = document.as_object_mut() else {
        return;
    };
    let components = root.entry("components").or_insert_with(|| json!({}));
    if let Some(components) = components.as_object_mut() {
        components.insert("responses".to_owned(), Value::Object(responses));
        components.insert("headers".to_owned(), Value::Object(headers));
        components.insert(
            "securitySchemes".to_owned(),
            json!({ "bearer": {
                "type": "http", "scheme": "bearer",
                "description": "The token of a log-in (`tcs_…`), an API key (`tck_…`, shown once when it is made), or a token of the city's identity provider (JWT).",
            }}),
        );
    }
}

/// Headers of answers: name, meaning, schema.
const HEADERS: &[(&str, &str, &str)] = &[
    (
        "X-Request-Id",
        "The id under which the log has this request: the caller's own, or a new one.",
        r#"{"type":"string"}"#,
    ),
    (
        "ETag",
        "Identifies this representation. Send it as If-Match to change the record, as If-None-Match to ask again.",
        r#"{"type":"string"}"#,
    ),
    (
        "Last-Modified",
        "When the record last changed.",
        r#"{"type":"string"}"#,
    ),
    (
        "Cache-Control",
        "How the answer may be kept.",
        r#"{"type":"string"}"#,
    ),
    (
        "Link",
        "first, prev and next of this list (RFC 8288).",
        r#"{"type":"string"}"#,
    ),
    (
        "Registry-Revision",
        "The number of the last change the answer has seen.",
        r#"{"type":"string"}"#,
    ),
    (
        "Location",
        "Where the new record is found, or where a merged one leads.",
        r#"{"type":"string"}"#,
    ),
    (
        "Idempotency-Replayed",
        "`true` when this is the kept answer to an earlier request of the same key.",
        r#"{"type":"string"}"#,
    ),
    (
        "Retry-After",
        "Seconds after which to come back.",
        r#"{"type":"string"}"#,
    ),
    (
        "RateLimit",
        "Requests left in the window.",
        r#"{"type":"string"}"#,
    ),
    (
        "RateLimit-Policy",
        "Requests allowed in a window.",
        r#"{"type":"string"}"#,
    ),
    (
        "Accept-Ranges",
        "`bytes`: ranges may be asked for.",
        r#"{"type":"string"}"#,
    ),
    (
        "Content-Range",
        "Which bytes these are, and of how many.",
        r#"{"type":"string"}"#,
    ),
    (
        "Content-Disposition",
        "The name to save the file under.",
        r#"{"type":"string"}"#,
    ),
    (
        "WWW-Authenticate",
        "How to authenticate.",
        r#"{"type":"string"}"#,
    ),
];

pub(super) fn header(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

/// Completes one operation.
pub(super) fn complete(
    path: &str,
    method: &str,
    operation: &mut Map<String, Value>,
    readable: &Map<String, Value>,
    login: impl Fn(&str) -> Login,
) {
    let writes = method != "get";
    let id = operation.get("operationId").and_then(Value::as_str);
    let login = login(id.unwrap_or_default());
    operation.insert(
        "security".to_owned(),
        match login {
            Login::No => json!([]),
            Login::Optional => json!([{}, { "bearer": [] }]),
            Login::Needed => json!([{ "bearer": [] }]),
        },
    );
    parameters(has_validator(path), method, operation);
    if path.ends_with(BYTES) {
        ranges(operation);
    }
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    let Some(responses) = responses.as_object_mut() else {
        return;
    };
    // A POST that makes nothing answers with a record, and its validator.
    let acts = method == "post" && !responses.contains_key("201");
    for (status, response) in responses.iter_mut() {
        success(path, method, status, response, readable);
        if acts
            && status == "200"
            && names_record(path)
            && let Some(headers) = response
                .pointer_mut("/headers")
                .and_then(Value::as_object_mut)
        {
            headers.insert("ETag".to_owned(), header("ETag"));
        }
    }
    if !writes && leads_on(path) {
        responses.insert(
            "301".to_owned(),
            json!({ "description": "The partner was merged: the same address of the one it was merged into",
                "headers": { "X-Request-Id": header("X-Request-Id"), "Location": header("Location"), "Cache-Control": header("Cache-Control") } }),
        );
    }
    if has_validator(path) && !writes {
        responses.insert(
            "304".to_owned(),
            json!({ "description": "The caller already holds this representation",
                "headers": { "X-Request-Id": header("X-Request-Id"), "ETag": header("ETag"), "Cache-Control": header("Cache-Control") } }),
        );
    }
    if waiting::may_wait(path, method) {
        responses.insert("202".to_owned(), waiting::answer(method));
    }
    for status in statuses(path, method, login) {
        responses.entry(status.to_string()).or_insert_with(
            || json!({ "$ref": format!("#/components/responses/{}", response_name(status)) }),
        );
    }
}

/// How addresses of bytes end.
const BYTES: &str = "/content";

/// Whether a POST to this address does something with the record it names.
fn names_record(path: &str) -> bool {
    ["/merge", "/restore", "/confirm"]
        .iter()
        .any(|end| path.ends_with(&format!("}}{end}")))
}

/// Whether this address of a merged partner leads to that of another one.
fn leads_on(path: &str) -> bool {
    path.starts_with("/api/v1/partners/{id}") || path == "/api/v1/{collection}/{id}/citations"
}

/// Whether answers of this address carry an `ETag`.
fn has_validator(path: &str) -> bool {
    (path.starts_with("/api/") && !LIVE.contains(&path)) || path == "/openapi.json"
}

/// Addresses whose answers change without a change of the registry, and carry no `ETag`.
const LIVE: &[&str] = &[
    "/api/v1/me",
    "/api/v1/sessions",
    "/api/v1/sessions/current",
    "/api/v1/api-keys",
    "/api/v1/suggestions/puzzle",
];

/// The problems an operation can answer with.
fn statuses(path: &str, method: &str, login: Login) -> Vec<u16> {
    let mut all = vec![414, 429, 500];
    if !path.starts_with("/api/") {
        match path {
            "/problems/{code}" => all.push(404),
            "/health/ready" => all.push(503),
            _ => {}
        }
        return all;
    }
    all.extend([400, 406, 503]);
    if path.contains('{') {
        all.extend([404, 410]);
    }
    // What is asked for by a parameter, or by the token itself, may not be there.
    if matches!(path, "/api/v1/sessions/current" | "/api/v1/attention") {
        all.push(404);
    }
    // The record is named in the body.
    if path == "/api/v1/redactions" {
        all.push(410);
    }
    if path.ends_with(BYTES) {
        all.push(416);
    }
    if login != Login::No {
        all.push(401);
    }
    if login == Login::Needed {
        all.push(403);
    }
    match method {
        "get" => {}
        "post" => all.extend([401, 403, 404, 409, 412, 413, 415, 422]),
        "patch" => all.extend([401, 403, 409, 412, 413, 415, 422, 428]),
        _ => all.extend([401, 403, 409, 412, 415, 422, 428]),
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Headers of a 2xx answer, and the link from a created record to its address.
fn success(
    path: &str,
    method: &str,
    status: &str,
    response: &mut Value,
    readable: &Map<String, Value>,
) {
    let Some(response) = response.as_object_mut() else {
        return;
    };
    let mut names = vec!["X-Request-Id", "Cache-Control"];
    match (method, status) {
        ("get", _) if LIVE.contains(&path) && is_page(response) => {
            names.extend(["Registry-Revision", "Link"]);
        }
        ("get", _) if LIVE.contains(&path) => {}
        ("get", status) if path.ends_with(BYTES) => {
            names.extend(["ETag", "Accept-Ranges", "Content-Disposition"]);
            if status == "206" {
                names.push("Content-Range");
            }
        }
        ("get", _) if path.starts_with("/api/v1/") => {
            names.push("ETag");
            // Vocabularies are part of the program: the registry's changes do not touch them.
            if !path.starts_with("/api/v1/vocabularies") {
                names.push(if path.ends_with('}') {
                    "Last-Modified"
                } else {
                    "Registry-Revision"
                });
            }
            if is_page(response) {
                names.push("Link");
            }
        }
        ("get", _) if has_validator(path) => names.push("ETag"),
        ("post", "201") if path == "/api/v1/sessions" => names.push("Location"),
        ("post", "201") if LIVE.contains(&path) => {}
        ("post", "201") => names.extend(["ETag", "Location", "Idempotency-Replayed"]),
        ("post", _) => names.push("Idempotency-Replayed"),
        ("patch", _) => names.push("ETag"),
        _ => {}
    }
    let headers: Map<String, Value> = names
        .into_iter()
        .map(|name| (name.to_owned(), header(name)))
        .collect();
    response.insert("headers".to_owned(), Value::Object(headers));
    // A part of another record is read at the address of both.
    let own = json!({ "id": "$response.body#/id" });
    let items = [
        ("{id}", own.clone()),
        ("{relation_id}", own),
        (
            "{contact_id}",
            json!({ "id": "$response.body#/partner_id", "contact_id": "$response.body#/id" }),
        ),
    ];
    let item = items.into_iter().find_map(|(id, parameters)| {
        let read = readable.get(&format!("{path}/{id}")).cloned()?;
        Some((read, parameters))
    });
    if let (("post", "201"), Some((read, parameters))) = ((method, status), item) {
        response.insert(
            "links".to_owned(),
            json!({ "read": { "operationId": read, "parameters": parameters } }),
        );
    }
}

fn is_page(response: &Map<String, Value>) -> bool {
    response
        .get("content")
        .and_then(|content| content.pointer("/application~1json/schema/$ref"))
        .and_then(Value::as_str)
        .is_some_and(|reference| reference.contains("/Page"))
}

/// The headers that ask for a part of bytes.
fn ranges(operation: &mut Map<String, Value>) {
    let list = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(list) = list.as_array_mut() {
        for (name, about, example) in [
            ("Range", "The one part that is wanted.", "bytes=0-1023"),
            (
                "If-Range",
                "An ETag: all bytes are sent when it is no longer current.",
                "\"sha256-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"",
            ),
        ] {
            list.push(
                json!({ "name": name, "in": "header", "required": false, "description": about,
                "schema": { "type": "string", "examples": [example] } }),
            );
        }
    }
}

/// Conditional headers and the idempotency key.
fn parameters(conditional: bool, method: &str, operation: &mut Map<String, Value>) {
    if !conditional {
        return;
    }
    let header = |name: &str, required: bool, about: &str, schema: Value| json!({ "name": name, "in": "header", "required": required, "description": about, "schema": schema });
    let if_match = "The ETag of the version that was read; only the version in it counts.";
    let more = match method {
        "get" => vec![header(
            "If-None-Match",
            false,
            "An ETag the caller holds: 304 while it is current.",
            json!({ "type": "string" }),
        )],
        "post" => vec![
            header(
                "Idempotency-Key",
                false,
                "A text of the caller's own, such as a UUID: the same request sent again with it gets the first answer.",
                json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" }),
            ),
            header("If-Match", false, if_match, json!({ "type": "string" })),
        ],
        _ => vec![header(
            "If-Match",
            true,
            if_match,
            json!({ "type": "string", "examples": ["\"1\""] }),
        )],
    };
    let list = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(list) = list.as_array_mut() {
        list.extend(more);
    }
}
