//! The twin-city partnership registry.

pub mod core;
