//! Redactions: the name of a person leaves the registry, the office and the date stay.
//!
//! Nothing else is ever taken out of what was published. A redaction reaches what a record shows,
//! what was said of it, its history and the answers kept for repeated requests; it can't be undone,
//! and sending a name again is a deliberate act.

mod all_records;
mod columns;
mod history;
mod parts;
mod records;
pub mod types;
pub mod write;

use crate::http::routes::Routes;

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes.service(write::create_redaction);
}
