//! Whether the OpenAPI document says of an operation what it answers with.

use std::sync::OnceLock;

use actix_web::dev::ServiceResponse;
use serde_json::Value;
use twincity::access::permissions;
use twincity::http::openapi;
use twincity::server;

/// The document, made once.
fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| openapi::finished(&server::document(), permissions::rights))
}

/// Fails when an operation answers with a status that the document does not name.
pub fn check(response: &ServiceResponse) {
    let request = response.request();
    let method = request.method().as_str().to_lowercase();
    let method = if method == "head" { "get" } else { &method };
    let operation = request
        .match_pattern()
        .and_then(|path| document()["paths"].get(path)?.get(method));
    let Some(operation) = operation else { return };
    let status = response.status().as_u16().to_string();
    let (method, uri) = (request.method(), request.uri());
    assert!(
        operation["responses"].get(&status).is_some(),
        "{method} {uri} answers {status}, which the OpenAPI document does not say"
    );
}
