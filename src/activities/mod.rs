//! What partners do together: visits, meetings, exchanges, conferences.

pub mod filter;
pub mod read;
pub mod rules;
pub mod store;
pub mod types;
pub mod write;

use crate::http::routes::Routes;

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(read::list_activities)
        .service(write::create_activity)
        .service(read::get_activity)
        .service(write::update_activity)
        .service(write::withdraw_activity);
}
