//! What comes into the registry from other files, and what leaves it as files.
//!
//! [`links`] reads the spreadsheets that `twincity import` takes: one row a link of two partners.
//! [`export`] writes such a file, or all published records.

pub mod example;
pub mod export;
pub mod import;
pub mod links;
mod pairs;

use crate::http::routes::Routes;

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes.service(export::read::export_links);
}
