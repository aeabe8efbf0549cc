//! HTTP itself: problems, extractors, conditional requests, paging, idempotency, the OpenAPI
//! document. Nothing here knows what a partner or an agreement is.

pub mod code;
pub mod extract;
pub mod fallback;
pub mod format;
pub mod idempotency;
pub mod listing;
pub mod middleware;
pub mod openapi;
pub mod page;
pub mod patch;
pub mod problem;
pub mod respond;
pub mod routes;
pub mod validate;
pub mod wire;
pub mod write;
mod written;
