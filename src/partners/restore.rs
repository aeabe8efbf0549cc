//! Undoing the withdrawal of a partner.

use super::{identifiers, reference, store};
use crate::changes::{Ctx, records};
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::vocabulary::record::ChangeOp;
use crate::db::DbConn;
use crate::http::problem::{Problem, validated};
use crate::http::write::Written;

/// Restores a partner inside a write transaction, with its change: 422 when its host is gone, 409
/// when another record carries one of its identifiers.
pub fn restore(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    reason: Option<&str>,
) -> Result<Written, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("partner"))?;
    let mut issues = Issues::default();
    if let Some(host) = row.host_id {
        reference::still_there(conn, "/host_id", host, &mut issues)?;
    }
    validated(issues)?;
    // Its last day may have passed since.
    let passed = row.dissolved_on.as_ref();
    if passed.is_some_and(|day| day.certainly_passed_on(ctx.today())) {
        store::dissolve(conn, row.id)?;
    }
    let guard = row.guard(ctx.state, ctx.today());
    identifiers::hold(conn, id, guard, ctx.today())?;
    if !records::restore(conn, ctx, id, row.version)? {
        return Err(Problem::overtaken());
    }
    let after = store::find(conn, id)?.ok_or_else(|| Problem::not_found("partner"))?;
    let value = store::log(conn, ctx, ChangeOp::Restored, None, &after, reason)?;
    Ok(Written::changed(value, after.etag()))
}
