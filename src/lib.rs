//! The twin-city partnership registry.

pub mod core;
pub mod exchange;
