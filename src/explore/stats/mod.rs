//! `GET /stats`: how many records there are, by what matters about them.
//!
//! What the first page tells is counted in memory, and so are all partners and agreements of today. The database
//! counts the rest, in one statement with a branch for each dimension.

mod glance;
pub mod read;
mod store;
pub mod types;

pub use glance::{Glance, glance};
