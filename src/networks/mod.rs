//! Networks of partners and memberships in them.

pub mod lifecycle;
