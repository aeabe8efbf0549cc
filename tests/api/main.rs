//! The API from outside: one binary, so that it is linked once. Folders mirror `src/`.
//!
//! Every test has a registry and a database of its own: `SQLite` on a memory-backed folder, or, with
//! `TEST_DATABASE_URL`, a schema of its own on that `PostgreSQL`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "a failed set-up should stop the test"
)]

mod access;
mod activities;
mod agreements;
mod caches;
mod changes;
mod contract;
mod daily;
mod database;
mod evidence;
mod explore;
mod feed;
mod feed_parts;
mod formats;
mod histories;
mod history;
mod http;
mod identities;
mod import;
mod jobs;
mod memberships;
mod networks;
mod notify;
mod oidc;
mod pages;
mod partners;
mod plans;
mod records;
mod redactions;
mod restore;
mod service;
mod subscriptions;
mod support;
