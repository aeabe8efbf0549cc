mod catalogue;
mod constraints;
mod engine;
mod migrations;
mod schema;
