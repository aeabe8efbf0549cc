//! Memberships: a partner's place in a network, from the application to the end.

mod change;
mod create;
mod dates;
pub mod event_rules;
pub mod events;
pub mod filter;
pub mod fold;
pub mod initial_events;
pub mod read;
pub mod recompute;
pub mod record;
mod represent;
pub mod rules;
pub mod scheduled;
mod span;
pub mod store;
pub mod types;
pub mod write;
