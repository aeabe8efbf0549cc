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
mod waiting;

use serde_json::{Map, Value, json};
use utoipa::openapi::{
    Components, Contact, Info, License, OpenApi, Server, Tag, extensions::ExtensionsBuilder,
};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

use crate::http::patch::ONLY_AT_CREATION;
use crate::http::problem::ProblemBody;

/// What each tag is about, in the order pages show them.
const TAGS: &[(&str, &str)] = &[
    (
        "partners",
        "Cities, counties, districts, regions and institutions: any body that can be a party",
    ),
    (
        "agreements",
        "Agreements, letters of intent and every other instrument, with their lifecycle",
    ),
    ("networks", "Networks and associations of partners"),
    (
        "memberships",
        "A partner's place in a network, with its own lifecycle",
    ),
    (
        "activities",
        "Missions, meetings, conferences, cultural, educational and sport events",
    ),
    (
        "sources",
        "Where facts are from, and which source states what of which field",
    ),
    (
        "documents",
        "Papers: agreements, resolutions, minutes, photographs, with their versions",
    ),
    (
        "suggestions",
        "Corrections by the public, and edits that wait for a second pair of eyes",
    ),
    (
        "subscriptions",
        "Being told of changes by e-mail: asked for, confirmed by a link, left with one click",
    ),
    ("access", "Offices, users, log-ins and keys"),
    (
        "explore",
        "Search, the feed of changes, statistics and vocabularies",
    ),
    ("privacy", "Removing the names of persons"),
    (
        "service",
        "Health, this document and the pages that explain problems",
    ),
];

/// The frame of the document, before any operation is collected.
pub fn base() -> OpenApi {
    let mut info = Info::new("twincity", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "The twin-city partnership registry: who is partnered with whom, on what paper, since when, \
         and whether it still holds.\n\nReading is public; writing needs `Authorization: Bearer` with the \
         token of a log-in, an API key or a token of the city's identity provider. Every error is `application/problem+json` (RFC 9457); \
         switch on its `code`. Unknown members of an answer are to be ignored: new ones may be added \
         at any time. Dates are EDTF (ISO 8601-2), as precise as what is known, and come back as they \
         were given."
            .to_owned(),
    );
    let mut license = License::new("Apache-2.0");
    license.identifier = Some("Apache-2.0".to_owned());
    info.license = Some(license);
    let mut contact = Contact::new();
    contact.name = Some("The maintainers of twincity".to_owned());
    contact.url = Some("https://example.org/twincity".to_owned());
    info.contact = Some(contact);
    let mut document = OpenApi::new(info, utoipa::openapi::Paths::new());
    document.servers = Some(vec![Server::new("/")]);
    document.tags = Some(
        TAGS.iter()
            .map(|(name, about)| {
                let mut tag = Tag::new(*name);
                tag.description = Some((*about).to_owned());
                tag
            })
            .collect(),
    );
    // No handler names it as its answer: it belongs to all of them.
    let mut components = Components::new();
    components
        .schemas
        .insert(ProblemBody::name().into_owned(), ProblemBody::schema());
    let mut parts = Vec::new();
    ProblemBody::schemas(&mut parts);
    components.schemas.extend(parts);
    document.components = Some(components);
    document.extensions = Some(ExtensionsBuilder::new().build());
    document
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
    patches(&mut document);
    generics::by_parameter(&mut document);
    references::alone(&mut document);
    let readable = readable(&document);
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths {
            let Some(operations) = item.as_object_mut() else {
                continue;
            };
            for (method, operation) in operations {
                if let Some(operation) = operation.as_object_mut() {
                    shared::complete(path, method, operation, &readable, &rights);
                }
            }
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
    let mut found = Map::new();
    for (path, item) in document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        if let Some(id) = item.pointer("/get/operationId") {
            found.insert(path.clone(), id.clone());
        }
    }
    found
}

/// Gives every PATCH a body of its own: the schema of what is created, with nothing required and
/// without what is only said at creation.
fn patches(document: &mut Value) {
    const PREFIX: &str = "#/components/schemas/";
    let mut made: Map<String, Value> = Map::new();
    let schemas = document
        .pointer("/components/schemas")
        .cloned()
        .unwrap_or_default();
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    for item in paths.values_mut() {
        let Some(content) = item.pointer_mut("/patch/requestBody/content") else {
            continue;
        };
        let Some(name) = content
            .pointer("/application~1json/schema/$ref")
            .and_then(Value::as_str)
            .and_then(|reference| reference.strip_prefix(PREFIX))
            .map(str::to_owned)
        else {
            continue;
        };
        let patch = format!("{}Patch", name.strip_suffix("In").unwrap_or(&name));
        let mut schema = schemas.get(&name).cloned().unwrap_or_default();
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("required");
            schema.remove("example");
            schema.insert(
                "description".to_owned(),
                json!("A JSON merge patch (RFC 7396): members left out stay, null removes, lists are replaced as a whole."),
            );
            if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
                for only_at_creation in ONLY_AT_CREATION {
                    properties.remove(only_at_creation);
                }
            }
        }
        made.insert(patch.clone(), schema);
        let body = json!({ "schema": { "$ref": format!("{PREFIX}{patch}") } });
        *content = json!({ "application/merge-patch+json": body, "application/json": body });
    }
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        schemas.extend(made);
    }
}

/// One of the shared headers.
fn header(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}
