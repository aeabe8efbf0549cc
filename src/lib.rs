//! The twin-city partnership registry.

pub mod agreements;
pub mod core;
pub mod networks;
