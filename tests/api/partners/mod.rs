mod names;
mod records;
mod relations;
mod search;
