//! Relations between partners: successors and other related bodies.
//!
//! A merger or a split is many rows of type `successor`. The inverse of a relation is shown, never
//! stored.

mod read;
mod store;
mod types;
mod write;

pub use read::{listed, page};
pub use store::RelationRow;
pub(super) use store::{leads_to, recorded};
pub use types::{RelationIn, RelationView};
pub(super) use write::log;
pub use write::{create, redact, relate, unrelate};

use crate::http::routes::Routes;

/// The routes of a partner's relations.
pub(super) fn configure(routes: &mut Routes<'_>) {
    routes
        .service(read::list_partner_relations)
        .service(write::create_partner_relation)
        .service(write::delete_partner_relation);
}
