//! Partners: cities, counties, districts, regions and institutions – any body that can be a party.

pub mod contacts;
pub mod filter;
pub mod holder;
pub mod identifiers;
pub mod merge;
pub mod names;
pub mod read;
pub mod record;
pub mod reference;
pub mod relations;
pub mod represent;
pub mod rules;
pub mod scheduled;
pub mod store;
pub mod types;
pub mod write;

pub use reference::PartnerRef;

use crate::http::routes::Routes;
use crate::records;

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(records::routes::<record::Partner>())
        .service(records::creation::<record::Partner>())
        .service(read::get_partner)
        .service(merge::write::merge_partner)
        .configure(relations::configure)
        .service(contacts::read::list_partner_contacts)
        .service(contacts::write::create_partner_contact)
        .service(contacts::read::get_partner_contact)
        .service(contacts::write::update_partner_contact)
        .service(contacts::write::withdraw_partner_contact);
}
