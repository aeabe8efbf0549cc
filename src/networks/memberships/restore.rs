//! Undoing the withdrawal of a membership.

use super::life;
use super::span;
use super::store::{self, Content};
use super::view::{self, Detail};
use crate::changes::{Ctx, records};
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::DbConn;
use crate::http::problem::{Problem, validated};
use crate::http::write::Written;
use crate::networks::reference;
use crate::partners::reference as partners;

/// Restores a membership inside a write transaction, with its change: 422 when what it names is gone,
/// 409 when the partner is a live member of the network and section by now.
pub fn restore(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    reason: Option<&str>,
) -> Result<Written, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("membership"))?;
    let mut issues = Issues::default();
    partners::still_there(conn, "/partner_id", row.partner_id, &mut issues)?;
    reference::still_there(conn, "/network_id", row.network_id, &mut issues)?;
    if let Some(via) = row.via_partner_id {
        partners::still_there(conn, "/via_partner_id", via, &mut issues)?;
    }
    validated(issues)?;
    if ctx.state == RecordState::Published {
        let those = (Some(row.id), row.partner_id, row.network_id);
        life::guard(conn, ctx, those, &Content::of(&row)?)?;
    }
    if ctx.state == RecordState::Published {
        span::alone(conn, &row)?;
    }
    if !records::restore(conn, ctx, id, row.version)? {
        return Err(Problem::overtaken());
    }
    let restored = store::find(conn, id)?.ok_or_else(|| Problem::not_found("membership"))?;
    let after = store::settle(conn, &restored, &Content::of(&restored)?)?;
    store::log(conn, ctx, ChangeOp::Restored, None, &after, reason)?;
    let value = view::value(conn, &after, Detail::Item)?;
    Ok(Written::changed(value, after.etag()))
}
