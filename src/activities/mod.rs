//! What partners do together: visits, meetings, exchanges, conferences.

pub mod read;
pub mod restore;
pub mod rules;
pub mod store;
pub mod types;
pub mod write;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this room.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(read::list_activities)
        .service(write::create_activity)
        .service(read::get_activity)
        .service(write::update_activity)
        .service(write::withdraw_activity);
}
