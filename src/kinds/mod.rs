//! The kinds of records there are, and what is done to all of them alike.

mod display_name;
pub mod restore;

pub use display_name::display_name;

use crate::activities::record::Activity;
use crate::agreements::record::Agreement;
use crate::core::ids::Kind;
use crate::evidence::documents::record::Document;
use crate::evidence::sources::record::Source;
use crate::http::problem::Problem;
use crate::http::routes::Routes;
use crate::networks::memberships::record::Membership;
use crate::networks::record::Network;
use crate::partners::record::Partner;
use crate::records::AnyRecord;

/// Every kind of record.
pub static KINDS: &[AnyRecord] = &[
    AnyRecord::of::<Partner>(),
    AnyRecord::of::<Agreement>(),
    AnyRecord::of::<Network>(),
    AnyRecord::of::<Membership>(),
    AnyRecord::of::<Activity>(),
    AnyRecord::of::<Source>(),
    AnyRecord::of::<Document>(),
];

/// The collections of what is told by itself, and not with a record it belongs to as a document is.
pub const COLLECTIONS: [&str; 6] = [
    "partners",
    "agreements",
    "networks",
    "memberships",
    "activities",
    "sources",
];

/// What records of this kind can do; 404 when ids of it name something else.
pub fn of(kind: Kind) -> Result<&'static AnyRecord, Problem> {
    KINDS
        .iter()
        .find(|known| known.kind == kind)
        .ok_or_else(|| Problem::not_found("record"))
}

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes.service(restore::restore_record);
}
