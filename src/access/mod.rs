//! Who may write: keys, the actor behind a request, and which records it may edit.

mod actor;
pub mod keys;
pub mod oidc;
mod rights;

pub use actor::Actor;
pub use rights::{Editing, may_correct, may_create, may_edit, speaks_for};
