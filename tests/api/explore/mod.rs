//! Views across the rooms.

mod attention;
mod partnerships;
mod search;
mod seed;
mod stats;
mod vocabularies;
