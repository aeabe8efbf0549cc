//! Undoing the withdrawal of an activity.

use diesel::prelude::*;

use super::store::{self, Detail};
use super::write::agreement;
use crate::changes::{Ctx, records};
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::vocabulary::record::ChangeOp;
use crate::db::DbConn;
use crate::db::schema::{activity_agreements, activity_participants, agreements};
use crate::http::problem::{Problem, validated};
use crate::http::write::Written;
use crate::networks::reference as networks;
use crate::partners::reference as partners;

/// Restores an activity inside a write transaction, with its change: 422 when what it names is gone.
pub fn restore(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    reason: Option<&str>,
) -> Result<Written, Problem> {
    use activity_participants as p;
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("activity"))?;
    let mut issues = Issues::default();
    if let Some(place) = row.place_partner_id {
        partners::still_there(conn, "/place/partner_id", place, &mut issues)?;
    }
    if let Some(network) = row.network_id {
        networks::still_there(conn, "/network_id", network, &mut issues)?;
    }
    let taking_part: Vec<i64> = p::table
        .filter(p::activity_id.eq(row.id))
        .order(p::position)
        .select(p::partner_id)
        .load(conn)?;
    for (index, partner) in taking_part.into_iter().enumerate() {
        let at = format!("/participants/{index}/partner_id");
        partners::still_there(conn, &at, partner, &mut issues)?;
    }
    let held_under: Vec<PublicId> = activity_agreements::table
        .inner_join(agreements::table.on(agreements::id.eq(activity_agreements::agreement_id)))
        .filter(activity_agreements::activity_id.eq(row.id))
        .order(activity_agreements::id)
        .select(agreements::public_id)
        .load(conn)?;
    for (index, id) in held_under.iter().enumerate() {
        agreement(conn, &format!("/agreement_ids/{index}"), id, &mut issues)?;
    }
    validated(issues)?;
    if !records::restore(conn, ctx, id, row.version)? {
        return Err(Problem::overtaken());
    }
    let after = store::find(conn, id)?.ok_or_else(|| Problem::not_found("activity"))?;
    store::log(conn, ctx, ChangeOp::Restored, None, &after, reason)?;
    let value = store::value(conn, &after, Detail::Item)?;
    Ok(Written::changed(value, after.etag()))
}
