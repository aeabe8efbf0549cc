//! Memberships: a partner's place in a network, from the application to the end.

pub mod births;
mod change;
mod create;
pub mod due;
pub mod event_rules;
pub mod events;
pub mod filter;
pub mod life;
pub mod read;
pub mod recompute;
pub mod record;
pub mod rules;
mod span;
pub mod store;
pub mod types;
pub mod view;
pub mod write;
