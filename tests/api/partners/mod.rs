mod consents;
pub mod contacts;
mod names;
mod records;
mod relations;
mod search;
