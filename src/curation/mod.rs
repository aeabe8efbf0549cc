//! Care of records of every kind: undoing a withdrawal.

pub mod restore;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this room.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(restore::restore_record);
}
