//! Sources: pages, papers, registers and people's word that facts are taken from.

pub mod filter;
pub mod read;
pub mod record;
mod represent;
pub mod store;
pub mod types;
pub mod write;

pub use types::{SourceIn, SourceView};
