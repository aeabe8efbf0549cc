//! `GET /stats`: how many records there are, by what matters about them.
//!
//! The database counts, in one statement with a branch for each dimension.

pub mod read;
mod store;
pub mod types;

pub use store::count;
