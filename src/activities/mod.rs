//! What partners do together: visits, meetings, exchanges, conferences.

pub mod filter;
pub mod read;
pub mod record;
mod represent;
pub mod rules;
pub mod store;
pub mod types;
pub mod write;

use crate::http::routes::Routes;
use crate::records;

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(records::routes::<record::Activity>())
        .service(records::creation::<record::Activity>());
}
