mod catalogue;
mod constraints;
mod engine;
mod fixtures;
mod migrations;
mod recompute;
mod schema;
