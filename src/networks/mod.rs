//! Networks of partners and memberships in them.

pub mod filter;
pub mod lifecycle;
pub mod memberships;
pub mod read;
pub mod record;
pub mod reference;
mod represent;
pub mod rules;
pub mod store;
pub mod types;
pub mod write;

pub use reference::NetworkRef;

use crate::http::routes::Routes;
use crate::records;

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(records::routes::<record::Network>())
        .service(records::creation::<record::Network>())
        .service(read::list_network_members)
        .service(records::routes::<memberships::record::Membership>())
        .service(records::creation::<memberships::record::Membership>())
        .service(memberships::events::list_membership_events)
        .service(memberships::events::create_membership_event);
}
