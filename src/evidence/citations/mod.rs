//! Citations: which source says what of a record or of one of its fields.

pub mod read;
pub mod store;
pub mod types;
pub mod write;

pub use types::{CitationIn, CitationView, SourceRefIn};
