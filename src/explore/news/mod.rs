//! `GET /partners/{id}/changes.atom`: what changes about a partner, for feed readers (RFC 4287).

mod feed;
pub mod read;
mod store;
