mod consents;
pub mod contacts;
mod identifiers;
mod merges;
mod names;
mod records;
mod relations;
mod search;
