//! The OpenAPI 3.1 document: what every operation has in common is written here once, so that a
//! handler only says what is its own.
//!
//! Handlers carry a summary, a description, parameters, a body and their 2xx answer. [`finished`]
//! adds the problems an operation can answer with, the headers that are really sent, conditional
//! parameters, security, links from a created record to its address, and examples.

mod examples;
mod formats;
mod generics;
mod references;
mod shared;

use serde_json::{Map, Value, json};
use utoipa::IntoResponses;
use utoipa::openapi::OpenApi;

use crate::http::problem::ProblemBody;

/// The frame of the document: title, version and licence are those of the crate.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        description = "The twin-city partnership registry: who is partnered with whom, on what paper, since when, \
            and whether it still holds.\n\nReading is public; writing needs `Authorization: Bearer` with the \
            token of a log-in, an API key or a token of the city's identity provider. Every error is \
            `application/problem+json` (RFC 9457); switch on its `code`. Unknown members of an answer are to be \
            ignored: new ones may be added at any time. Dates are EDTF (ISO 8601-2), as precise as what is known, \
            and come back as they were given.",
        contact(name = "The maintainers of twincity", url = "https://example.org/twincity"),
    ),
    servers((url = "/")),
    // In the order pages show them.
    tags(
        (name = "partners", description = "Cities, counties, districts, regions and institutions: any body that can be a party"),
        (name = "agreements", description = "Agreements, letters of intent and every other instrument, with their lifecycle"),
        (name = "networks", description = "Networks and associations of partners"),
        (name = "memberships", description = "A partner's place in a network, with its own lifecycle"),
        (name = "activities", description = "Missions, meetings, conferences, cultural, educational and sport events"),
        (name = "sources", description = "Where facts are from, and which source states what of which field"),
        (name = "documents", description = "Papers: agreements, resolutions, minutes, photographs, with their versions"),
        (name = "suggestions", description = "Corrections by the public, and edits that wait for a second pair of eyes"),
        (name = "subscriptions", description = "Being told of changes by e-mail: asked for, confirmed by a link, left with one click"),
        (name = "access", description = "Offices, users, log-ins and keys"),
        (name = "explore", description = "Search, the feed of changes, statistics and vocabularies"),
        (name = "privacy", description = "Removing the names of persons"),
        (name = "service", description = "Health, this document and the pages that explain problems"),
    ),
    // No handler names it as its answer: it belongs to all of them.
    components(schemas(ProblemBody)),
)]
struct Frame;

/// The frame of the document, before any operation is collected.
pub fn base() -> OpenApi {
    <Frame as utoipa::OpenApi>::openapi()
}

/// The extension by which an operation says what its answers depend on, when that is not the registry
/// as its last change left it: `program`, when they are part of the program; `live`, when they change
/// without a change of the registry, and carry no `ETag`. It is not in the finished document.
pub(super) const STATE: &str = "x-state";

/// The extension by which an operation says how a record it creates is addressed, when that is not by
/// its id below the collection: where the answer has each parameter of the address. It is not in the
/// finished document.
pub(super) const ADDRESS: &str = "x-address";

/// The same address of a merged record's successor, for operations that read there.
#[derive(Debug, IntoResponses)]
#[response(
    status = 301,
    description = "The partner was merged: the same address of the one it was merged into"
)]
pub struct Merged;

/// Who may call an operation, as far as the document says it.
#[derive(Debug, Clone, Copy)]
pub struct Rights {
    /// Whether it wants to know who calls.
    pub login: Login,
    /// Whether it may have to wait for another person's consent.
    pub reviewed: bool,
}

/// Whether an operation wants to know who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    /// It does not matter.
    No,
    /// Callers who are known may see more.
    Optional,
    /// Nobody else is let in.
    Needed,
}

/// The finished document; `rights` tells of each operation who may call it.
pub fn finished(collected: &OpenApi, rights: impl Fn(&str) -> Rights) -> Value {
    let mut document = serde_json::to_value(collected).unwrap_or_default();
    shared::components(&mut document);
    generics::by_reference(&mut document);
    generics::patches(&mut document);
    generics::by_parameter(&mut document);
    references::alone(&mut document);
    let readable = readable(&document);
    for (path, method, operation) in operations(&mut document) {
        if let Some(operation) = operation.as_object_mut() {
            shared::complete(path, method, operation, &readable, &rights);
        }
    }
    generics::prune(&mut document);
    examples::add(&mut document);
    document
}

/// The finished document as text, ending with a line break: what is served and committed.
pub fn text(collected: &OpenApi, rights: impl Fn(&str) -> Rights) -> String {
    let mut text = serde_json::to_string_pretty(&finished(collected, rights)).unwrap_or_default();
    text.push('\n');
    text
}

/// The paths that can be read, with the id of the reading operation.
fn readable(document: &Value) -> Map<String, Value> {
    let paths = document.get("paths").and_then(Value::as_object);
    let read = |(path, item): (&String, &Value)| {
        Some((path.clone(), item.pointer("/get/operationId")?.clone()))
    };
    paths.into_iter().flatten().filter_map(read).collect()
}

/// The members of the object that a pointer leads to.
fn members_at<'v>(value: &'v mut Value, pointer: &str) -> Option<&'v mut Map<String, Value>> {
    value.pointer_mut(pointer)?.as_object_mut()
}

/// Every operation, with its path and its method.
fn operations(document: &mut Value) -> impl Iterator<Item = (&str, &str, &mut Value)> {
    let paths = members_at(document, "/paths").into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let all = item.as_object_mut().into_iter().flatten();
        all.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

/// These of the shared headers.
fn headers<'n>(names: impl IntoIterator<Item = &'n str>) -> Value {
    let header = |name| json!({ "$ref": format!("#/components/headers/{name}") });
    let named = names
        .into_iter()
        .map(|name| (name.to_owned(), header(name)));
    Value::Object(named.collect())
}
