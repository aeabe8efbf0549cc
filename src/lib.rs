//! The twin-city partnership registry.

pub mod access;
pub mod activities;
pub mod agreements;
pub mod app;
pub mod changes;
pub mod cli;
pub mod config;
pub mod core;
pub mod curation;
pub mod db;
pub mod evidence;
pub mod exchange;
pub mod explore;
pub mod files;
pub mod http;
pub mod index;
pub mod jobs;
pub mod lifecycle;
pub mod networks;
pub mod notify;
pub mod partners;
pub mod private;
pub mod redactions;
pub mod server;
pub mod service;
pub mod suggestions;
