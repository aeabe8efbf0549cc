//! The kinds of records there are, and what is done to all of them alike.

mod display_name;
pub mod restore;

pub use display_name::display_name;

use diesel::QueryResult;

use crate::activities::record::Activity;
use crate::agreements::record::Agreement;
use crate::changes::records::{self as heads, Head};
use crate::core::ids::{Kind, PublicId};
use crate::db::DbConn;
use crate::evidence::documents::record::Document;
use crate::evidence::documents::{DocumentVisibility, visibility};
use crate::evidence::sources::record::Source;
use crate::http::extract::Viewer;
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

/// The record of this id, of any kind: 404 when `viewer` may not see it, 410 when it is withdrawn.
pub fn visible(conn: &mut DbConn, viewer: &Viewer, id: &PublicId) -> Result<Head, Problem> {
    let gone = || Problem::not_found(id.kind().as_str());
    let head = find(conn, viewer, id)?.ok_or_else(gone)?;
    head.must_be_seen(conn, viewer, id)?;
    Ok(head)
}

/// The record of this id, whatever its state, unless it is a document that `viewer` may not see.
pub fn find(conn: &mut DbConn, viewer: &Viewer, id: &PublicId) -> QueryResult<Option<Head>> {
    let head = heads::find(conn, id)?;
    if head.is_none() || id.kind() != Kind::Document {
        return Ok(head);
    }
    let visibility = DocumentVisibility::of(conn, viewer)?;
    let seen = visibility::visible(conn, &visibility, std::slice::from_ref(id))?;
    Ok(head.filter(|_| seen.contains(id)))
}

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes.service(restore::restore_record);
}
