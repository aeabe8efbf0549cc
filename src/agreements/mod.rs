//! Agreements: every paper between partners, letters of intent included, and ties without one.
//!
//! The legal status of an agreement is the fold of its events. What may happen from which status is
//! the table in [`lifecycle`]; how an event is recorded is in [`events`].

pub mod anniversaries;
pub mod attention;
pub mod change;
mod checks;
pub mod confirm;
pub mod create;
pub mod dates;
mod draft;
pub mod duplicates;
pub mod earlier_stays;
pub mod events;
pub mod filter;
pub mod lifecycle;
mod lifespans;
pub mod links;
pub mod overlap;
pub mod participation;
pub mod parties;
mod parts;
pub mod presence;
pub mod quality;
pub mod read;
pub mod recompute;
pub mod record;
pub mod registered;
mod represent;
pub mod rules;
pub mod scheduled;
pub mod store;
pub mod successors;
pub mod supersession;
pub mod titles;
pub mod types;
pub mod view;
pub mod write;

use crate::http::routes::Routes;
use crate::records;

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(read::list_agreements)
        .service(records::routes::<record::Agreement>())
        .service(records::creation::<record::Agreement>())
        .service(confirm::confirm_agreement)
        .service(read::list_agreement_events)
        .service(events::write::create_agreement_event)
        .service(read::list_letters_of_intent)
        .service(write::create_letter_of_intent);
}
