//! Pages of any origin may read; those of the origins named in the settings may write.

use actix_cors::Cors;
use actix_web::dev::RequestHead;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};

/// Seconds for which a browser may remember what a preflight said.
const REMEMBERED: usize = 3600;

/// Headers pages may look at.
const SHOWN: &[&str] = &[
    "ETag",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-Id",
    "Registry-Revision",
    "Content-Disposition",
    "Idempotency-Replayed",
];

/// Cross-origin rules, with these origins allowed to write.
pub fn cors(writers: &[String]) -> Cors {
    let writers = writers.to_vec();
    Cors::default()
        .allowed_origin_fn(move |origin, head| {
            reads(head)
                || writers
                    .iter()
                    .any(|writer| origin.as_bytes() == writer.as_bytes())
        })
        .allowed_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PATCH,
            Method::DELETE,
        ])
        // Which headers come along decides nothing here; tracing and caches of pages add their own.
        .allow_any_header()
        .expose_headers(SHOWN.iter().copied())
        .max_age(REMEMBERED)
}

/// Whether the request only reads; a preflight is judged by the request it announces.
fn reads(head: &RequestHead) -> bool {
    let announced = head
        .headers()
        .get(header::ACCESS_CONTROL_REQUEST_METHOD)
        .filter(|_| head.method == Method::OPTIONS)
        .map(HeaderValue::as_bytes);
    let method = announced.unwrap_or(head.method.as_str().as_bytes());
    matches!(method, b"GET" | b"HEAD" | b"OPTIONS")
}
