//! Documents: papers held by the registry, or pointers to papers held elsewhere.
//!
//! A row says what a document is; its bytes are in [`crate::files`] under a name made from its id. The
//! bytes come first and the row second, in the write's transaction, so that no reader meets a row
//! without bytes; when the row does not come about, the bytes are removed again.

pub mod content;
pub mod create;
mod file_name;
pub mod filter;
mod form;
pub mod media;
pub mod owner;
mod paced;
mod range;
pub mod read;
pub mod record;
mod rules;
pub mod store;
pub mod sweep;
pub mod types;
mod upload;
pub mod view;
pub mod visibility;
pub mod write;

pub use types::DocumentView;
pub use visibility::DocumentVisibility;
