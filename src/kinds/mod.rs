//! The kinds of records there are, and what is done to all of them alike.

pub mod restore;

use crate::activities::write::Activity;
use crate::agreements::write::Agreement;
use crate::core::ids::Kind;
use crate::evidence::documents::write::Document;
use crate::evidence::sources::write::Source;
use crate::http::problem::Problem;
use crate::http::routes::Routes;
use crate::networks::memberships::write::Membership;
use crate::networks::write::Network;
use crate::partners::write::Partner;
use crate::records::{AnyRecord, Of};

/// Every kind of record.
pub static KINDS: &[&dyn AnyRecord] = &[
    &Of::<Partner>::NEW,
    &Of::<Agreement>::NEW,
    &Of::<Network>::NEW,
    &Of::<Membership>::NEW,
    &Of::<Activity>::NEW,
    &Of::<Source>::NEW,
    &Of::<Document>::NEW,
];

/// What records of this kind can do; 404 when ids of it name something else.
pub fn of(kind: Kind) -> Result<&'static dyn AnyRecord, Problem> {
    KINDS
        .iter()
        .copied()
        .find(|known| known.kind() == kind)
        .ok_or_else(|| Problem::not_found("record"))
}

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes.service(restore::restore_record);
}
