//! Views across the rooms.

mod partnerships;
mod search;
mod seed;
mod stats;
mod vocabularies;
