//! Networks of partners and memberships in them.

pub mod filter;
pub mod lifecycle;
pub mod memberships;
pub mod read;
pub mod reference;
pub mod rules;
pub mod store;
pub mod types;
pub mod write;

pub use reference::NetworkRef;

use crate::http::routes::Routes;

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(read::list_networks)
        .service(write::create_network)
        .service(read::get_network)
        .service(write::update_network)
        .service(write::withdraw_network)
        .service(read::list_network_members)
        .service(memberships::read::list_memberships)
        .service(memberships::write::create_membership)
        .service(memberships::read::get_membership)
        .service(memberships::write::update_membership)
        .service(memberships::write::withdraw_membership)
        .service(memberships::events::list_membership_events)
        .service(memberships::events::create_membership_event);
}
