//! Memberships: a partner's place in a network, from the application to the end.

pub mod births;
pub mod events;
pub mod life;
pub mod read;
pub mod rules;
pub mod store;
pub mod types;
pub mod write;
