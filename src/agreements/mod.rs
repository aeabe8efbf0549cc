//! Agreements between partners.

pub mod lifecycle;
