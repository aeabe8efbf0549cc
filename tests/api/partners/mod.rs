mod consents;
pub mod contacts;
mod merges;
mod names;
mod records;
mod relations;
mod search;
