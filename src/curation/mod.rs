//! Care of records of every kind: undoing a withdrawal.

pub mod restore;

use crate::http::routes::Routes;

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes.service(restore::restore_record);
}
