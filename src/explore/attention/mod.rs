//! `GET /attention`: what an office should look at, counted.
//!
//! What is counted is what a list shows: both ask the same condition, and each count comes with the
//! address of that list.

pub mod read;
mod store;
pub mod types;
