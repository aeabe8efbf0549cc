//! `GET /search`: records of all kinds by their names, best match first.
//!
//! The index finds and ranks in memory; what is shown of the hits of one page is read with one or
//! two statements for each kind of record among them.

mod hits;
pub mod read;
pub mod types;
