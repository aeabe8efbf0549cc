mod consents;
pub mod contacts;
mod identifiers;
mod lives;
mod merges;
mod names;
mod records;
mod relations;
mod search;
