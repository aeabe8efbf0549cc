//! `GET /partners/{id}/partnerships`: the relationships of a partner, computed from agreements.
//!
//! An agreement is a paper; the tie of two partners is what all their papers together say. One
//! partner's papers are read with a fixed number of statements and everything else happens in
//! memory, for nobody has more than a few hundred ties.

pub mod compute;
pub mod read;
mod represent;
mod store;
pub mod types;
