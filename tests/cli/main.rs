//! The binary as it is used from a shell.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed set-up should stop the test"
)]

mod commands;
mod documents;
mod export;
mod import;
mod limits;
mod serving;
mod support;
mod themes;
