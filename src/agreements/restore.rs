//! Undoing the withdrawal of an agreement.

use super::events::follow;
use super::store;
use super::{duplicates, links, parties, supersession};
use crate::changes::{self, Ctx, records};
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::vocabulary::record::ChangeOp;
use crate::db::DbConn;
use crate::http::problem::{Problem, validated};
use crate::http::write::Written;
use crate::partners::reference;

/// Restores an agreement inside a write transaction, with its change.
///
/// 422 when what it names is gone, 409 when one of the same parties and instrument has been recorded meanwhile. What it had taken the
/// place of is superseded again.
pub fn restore(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    reason: Option<&str>,
) -> Result<Written, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("agreement"))?;
    let mut issues = Issues::default();
    let parties = parties::keys(conn, row.id)?;
    for (index, partner) in parties.iter().enumerate() {
        let at = format!("/parties/{index}/partner_id");
        reference::still_there(conn, &at, *partner, &mut issues)?;
    }
    for (at, other) in [
        ("/arose_from", row.arose_from_id),
        ("/parent_id", row.parent_id),
    ] {
        if let Some(other) = other {
            links::still_there(conn, at, other, &mut issues)?;
        }
    }
    let older = links::older(conn, row.id)?;
    for (index, other) in older.iter().enumerate() {
        links::still_there(conn, &format!("/supersedes/{index}"), *other, &mut issues)?;
    }
    validated(issues)?;
    let key = duplicates::party_key(parties);
    let signed_on = row.signed_on.as_ref();
    if let Some(known) = duplicates::find(conn, Some(row.id), &key, row.instrument, signed_on)? {
        return Err(duplicates::problem(&known).detail(format!(
            "{known} has the same parties and instrument and may have been signed on the same day"
        )));
    }
    if !records::restore(conn, ctx, id, row.version)? {
        return Err(Problem::overtaken());
    }
    supersession::again(conn, ctx, &row, &older)?;
    // Days have gone by since: an end that was planned may have come.
    follow::follow(conn, ctx, row.id)?;
    let rev = changes::upcoming(conn)?;
    links::touch_others(conn, ctx.state, &older, rev)?;
    links::touch(conn, &[row.id], rev)?;
    let after = store::by_key(conn, row.id)?;
    store::log(conn, ctx, ChangeOp::Restored, None, &after, reason)?;
    Ok(Written::changed(
        store::item_value(conn, &after)?,
        after.etag(),
    ))
}
