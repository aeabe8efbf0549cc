//! The recorded life of an agreement: one event after the other, never changed, only corrected.
//!
//! [`record`] is the one way an event comes about, from the API, from a whole past at creation and
//! from imports: check what it needs, add it to the [`life`] in memory, keep what follows from it.

pub mod apply;
pub mod life;
pub mod read;
pub mod record;
pub mod replaced;
pub mod required;
pub mod status;
pub mod types;
pub mod write;
