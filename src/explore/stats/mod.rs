//! `GET /stats`: how many records there are, by what matters about them.
//!
//! The database counts, in one statement with a branch for each dimension. What the first page tells is
//! counted in memory.

mod glance;
pub mod read;
mod store;
pub mod types;

pub use glance::{Glance, glance};
