//! What operations share: problems, headers, conditional parameters, security and links.

use serde_json::{Map, Value, json};

use super::{Login, Rights, formats, members_at};
use crate::http::code::Code;
use crate::http::format;

/// The statuses of problems with the name of their shared response and what they mean.
#[rustfmt::skip]
const PROBLEMS: &[(u16, &str, &str)] = &[
    (400, "MalformedRequest", "The request can't be read: malformed JSON, a wrong type, an unknown field or parameter"),
    (401, "Unauthenticated", "A valid key is needed"),
    (403, "Forbidden", "The key's role may not do this"),
    (404, "NotFound", "There is no such resource, or the caller may not see it"),
    (406, "NotAcceptable", "None of the media types asked for can be produced"),
    (409, "Conflict", "The record's state, a duplicate or a record that depends on it forbids this"),
    (410, "Gone", "The record was withdrawn; the reason is given"),
    (412, "PreconditionFailed", "The record has changed since the version named in If-Match"),
    (413, "PayloadTooLarge", "The body is larger than 2 MiB, or a document than 20 MiB"),
    (414, "UriTooLong", "The address is longer than 8 KiB"),
    (415, "UnsupportedMediaType", "The body's media type is not read here"),
    (416, "RangeNotSatisfiable", "The range asked for lies outside of the document"),
    (422, "Unprocessable", "Fields break rules, each listed with its pointer"),
    (428, "PreconditionRequired", "If-Match is missing"),
    (429, "TooManyRequests", "Too many requests from this address"),
    (500, "Internal", "Something went wrong here; nothing was changed"),
    (503, "Unavailable", "The database can't be reached or is too busy; nothing was changed, unless the problem says that this is not known"),
];

fn response_name(status: u16) -> &'static str {
    let found = PROBLEMS.iter().find(|(known, ..)| *known == status);
    found.map_or("Internal", |(_, name, _)| name)
}

/// Adds the shared responses, headers and the security scheme.
pub(super) fn components(document: &mut Value) {
    let Some(components) = members_at(document, "/components") else {
        return;
    };
    let responses: Map<String, Value> = PROBLEMS.iter().map(response).collect();
    let header = |(name, about): &(&str, &str)| {
        let header = json!({ "description": about, "schema": { "type": "string" } });
        ((*name).to_owned(), header)
    };
    let headers: Map<String, Value> = HEADERS.iter().map(header).collect();
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

/// The shared response of the problems of a status, with its name.
fn response((status, name, about): &(u16, &str, &str)) -> (String, Value) {
    let own: &[&str] = match status {
        401 => &["WWW-Authenticate"],
        412 => &["ETag"],
        416 => &["Content-Range"],
        429 => &["Retry-After", "RateLimit", "RateLimit-Policy"],
        503 => &["Retry-After"],
        _ => &[],
    };
    let mut codes = Code::ALL.iter();
    let code = codes.find(|code| code.status().as_u16() == *status);
    let example = code.map(|code| {
        json!({
            "type": format!("/problems/{}", code.as_str()),
            "title": code.title(),
            "status": status,
            "code": code.as_str(),
            "instance": "/api/v1/partners",
        })
    });
    let response = json!({
        "description": about,
        "headers": super::headers([&["X-Request-Id"], own].concat()),
        "content": { "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem" },
            "example": example,
        }},
    });
    ((*name).to_owned(), response)
}

/// Headers of answers, all of them text: name and meaning.
#[rustfmt::skip]
const HEADERS: &[(&str, &str)] = &[
    ("X-Request-Id", "The id under which the log has this request: the caller's own, or a new one."),
    ("ETag", "Identifies this representation. Send it as If-Match to change the record, as If-None-Match to ask again."),
    ("Last-Modified", "When the record last changed."),
    ("Cache-Control", "How the answer may be kept."),
    ("Link", "first, prev and next of this list (RFC 8288)."),
    ("Registry-Revision", "The number of the last change the answer has seen."),
    ("Location", "Where the new record is found, or where a merged one leads."),
    ("Idempotency-Replayed", "`true` when this is the kept answer to an earlier request of the same key."),
    ("Retry-After", "Seconds after which to come back."),
    ("RateLimit", "Requests left in the window."),
    ("RateLimit-Policy", "Requests allowed in a window."),
    ("Accept-Ranges", "`bytes`: ranges may be asked for."),
    ("Content-Range", "Which bytes these are, and of how many."),
    ("Content-Disposition", "The name to save the file under."),
    ("Content-Language", "The language that names were asked for in."),
    ("WWW-Authenticate", "How to authenticate."),
];

/// What the answers of an operation depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The registry: they carry a validator and what they have seen of it.
    Registry,
    /// The program alone: they carry a validator.
    Program,
    /// More than that, such as the clock or the caller's log-ins: they carry no validator.
    Live,
}

/// One operation, as far as it decides what is added to it.
struct Shape<'a> {
    path: &'a str,
    method: &'a str,
    state: State,
    rights: Rights,
    /// Its answer is bytes, of which ranges may be asked for.
    bytes: bool,
}

impl Shape<'_> {
    fn is_conditional(&self) -> bool {
        self.state != State::Live
    }
}

/// Whether this address is one of the contract: the others are for people and for whoever watches.
fn is_api(path: &str) -> bool {
    path.starts_with("/api/")
}

/// Completes one operation: what it says of itself for this alone is taken out of it.
pub(super) fn complete(
    path: &str,
    method: &str,
    operation: &mut Map<String, Value>,
    readable: &Map<String, Value>,
    rights: impl Fn(&str) -> Rights,
) {
    let id = operation.get("operationId").and_then(Value::as_str);
    let rights = rights(id.unwrap_or_default());
    let state = operation.shift_remove(super::STATE);
    let declared = operation.get("responses");
    let shape = Shape {
        path,
        method,
        state: match state.as_ref().and_then(Value::as_str) {
            Some("program") => State::Program,
            None if is_api(path) => State::Registry,
            _ => State::Live,
        },
        rights,
        bytes: declared.is_some_and(|all| all.get("206").is_some()),
    };
    if method == "get" {
        formats::complete(operation);
    }
    operation.shift_remove(format::EXTENSION);
    operation.insert(
        "security".to_owned(),
        match shape.rights.login {
            Login::No => json!([]),
            Login::Optional => json!([{}, { "bearer": [] }]),
            Login::Needed => json!([{ "bearer": [] }]),
        },
    );
    parameters(&shape, operation);
    let address = operation.shift_remove(super::ADDRESS);
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    let Some(responses) = responses.as_object_mut() else {
        return;
    };
    let declared = problems(responses);
    for (status, response) in responses.iter_mut() {
        if let Some(response) = response.as_object_mut() {
            headers(&shape, status, response);
            if (method, status.as_str()) == ("post", "201") {
                link(path, response, address.as_ref(), readable);
            }
        }
    }
    if method == "get" && shape.is_conditional() {
        let headers = super::headers(["X-Request-Id", "ETag", "Cache-Control"]);
        responses.insert(
            "304".to_owned(),
            json!({ "description": "The caller already holds this representation", "headers": headers }),
        );
    }
    if shape.rights.reviewed {
        responses.insert("202".to_owned(), waiting(method));
    }
    for status in statuses(&shape, declared) {
        responses.entry(status.to_string()).or_insert_with(
            || json!({ "$ref": format!("#/components/responses/{}", response_name(status)) }),
        );
    }
}

/// The answer to a write that waits for another person's consent.
fn waiting(method: &str) -> Value {
    let kept: &[&str] = match method {
        "post" => &["Idempotency-Replayed"],
        _ => &[],
    };
    json!({
        "description": "It waits for another person's consent, as the suggestion whose id is given; nothing was changed",
        "headers": super::headers([&["X-Request-Id", "Cache-Control"], kept].concat()),
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

/// Takes out the problems an operation names beside those of its shape: all are described alike.
fn problems(responses: &mut Map<String, Value>) -> Vec<u16> {
    let mut named = Vec::new();
    responses.retain(|status, _| {
        let problem = status.parse::<u16>().ok().filter(|status| *status >= 400);
        named.extend(problem);
        problem.is_none()
    });
    named
}

/// The problems an operation can answer with, beside those it names.
fn statuses(shape: &Shape<'_>, mut all: Vec<u16>) -> Vec<u16> {
    all.splice(..0, [414, 429, 500]);
    if !is_api(shape.path) {
        return all;
    }
    all.extend([400, 406, 503]);
    if shape.path.contains('{') {
        all.extend([404, 410]);
    }
    if shape.bytes {
        all.push(416);
    }
    if shape.rights.login != Login::No {
        all.push(401);
    }
    if shape.rights.login == Login::Needed {
        all.push(403);
    }
    match shape.method {
        "get" => {}
        "post" => all.extend([401, 403, 404, 409, 412, 413, 415, 422]),
        "patch" => all.extend([401, 403, 409, 412, 413, 415, 422, 428]),
        _ => all.extend([401, 403, 409, 412, 415, 422, 428]),
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Headers of an answer that is no problem: those of its shape, then those the operation names.
fn headers(shape: &Shape<'_>, status: &str, response: &mut Map<String, Value>) {
    let mut names = match status {
        "301" => vec!["X-Request-Id", "Location", "Cache-Control"],
        _ => vec!["X-Request-Id", "Cache-Control"],
    };
    match (shape.method, status) {
        (_, "301") => {}
        ("get", _) => {
            if shape.is_conditional() {
                names.push("ETag");
            }
            let page = is_page(response);
            if shape.bytes {
                names.extend(["Accept-Ranges", "Content-Disposition"]);
                if status == "206" {
                    names.push("Content-Range");
                }
            } else if shape.state == State::Registry && shape.path.ends_with('}') {
                names.push("Last-Modified");
            } else if shape.state == State::Registry || page {
                names.push("Registry-Revision");
            }
            if page {
                names.push("Link");
            }
            if formats::has_several(response) {
                names.extend(["Content-Disposition", "Content-Language"]);
            }
        }
        ("post", "201") if shape.state == State::Live => {}
        ("post", "201") => names.extend(["ETag", "Location", "Idempotency-Replayed"]),
        ("post", _) => names.push("Idempotency-Replayed"),
        ("patch", _) => names.push("ETag"),
        _ => {}
    }
    let named = response.remove("headers");
    let named = named.iter().filter_map(Value::as_object);
    names.extend(named.flat_map(Map::keys).map(String::as_str));
    response.insert("headers".to_owned(), super::headers(names));
}

/// The link from a created record to its address: below that of its collection, by its id, unless the
/// operation says otherwise.
fn link(
    path: &str,
    response: &mut Map<String, Value>,
    parameters: Option<&Value>,
    readable: &Map<String, Value>,
) {
    let own = json!({ "id": "$response.body#/id" });
    let parameters = parameters.unwrap_or(&own);
    let last = parameters
        .as_object()
        .and_then(|all| all.keys().next_back());
    let read = last.and_then(|id| readable.get(&format!("{path}/{{{id}}}")));
    if let Some(read) = read {
        response.insert(
            "links".to_owned(),
            json!({ "read": { "operationId": read, "parameters": parameters } }),
        );
    }
}

fn is_page(response: &Map<String, Value>) -> bool {
    let content = response.get("content");
    content
        .and_then(|content| content.pointer("/application~1json/schema/$ref")?.as_str())
        .is_some_and(|reference| reference.contains("/Page"))
}

/// Conditional headers, the idempotency key, and what asks for a part of bytes.
fn parameters(shape: &Shape<'_>, operation: &mut Map<String, Value>) {
    let if_match = "The ETag of the version that was read; only the version in it counts.";
    let mut more = match shape.method {
        _ if !shape.is_conditional() => vec![],
        "get" => vec![
            json!({ "name": "If-None-Match", "in": "header", "required": false,
            "description": "An ETag the caller holds: 304 while it is current.",
            "schema": { "type": "string" } }),
        ],
        "post" => vec![
            json!({ "name": "Idempotency-Key", "in": "header", "required": false,
                "description": "A text of the caller's own, such as a UUID: the same request sent again with it gets the first answer.",
                "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" } }),
            json!({ "name": "If-Match", "in": "header", "required": false, "description": if_match,
                "schema": { "type": "string" } }),
        ],
        _ => vec![
            json!({ "name": "If-Match", "in": "header", "required": true, "description": if_match,
            "schema": { "type": "string", "examples": ["\"1\""] } }),
        ],
    };
    if shape.bytes {
        more.push(json!({ "name": "Range", "in": "header", "required": false,
            "description": "The one part that is wanted.",
            "schema": { "type": "string", "examples": ["bytes=0-1023"] } }));
        more.push(json!({ "name": "If-Range", "in": "header", "required": false,
            "description": "An ETag: all bytes are sent when it is no longer current.",
            "schema": { "type": "string", "examples": ["\"sha256-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""] } }));
    }
    if more.is_empty() {
        return;
    }
    let list = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(list) = list.as_array_mut() {
        list.extend(more);
    }
}
