//! Changing, withdrawing and restoring a record inside a write transaction, with its change: what
//! handlers do at once, and suggestions when they are accepted.

use diesel::QueryResult;
use serde_json::Value;

use super::{Editable, Readable, Record, Row, Show, log};
use crate::access::review;
use crate::changes::refresh::Shown;
use crate::changes::{self, Ctx};
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::DbConn;
use crate::http::extract::Viewer;
use crate::http::listing::{Listed as _, Opened};
use crate::http::problem::Problem;
use crate::http::write::Written;

pub(super) fn find<R: Record>(conn: &mut DbConn, id: &PublicId) -> Result<R::Row, Problem> {
    R::Row::find(conn, id)?.ok_or_else(|| Problem::not_found(R::NAME))
}

/// The records of these ids as lists show them, for the feed. What is left of one that was merged is in no list.
pub fn listed<R: Readable>(conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<Vec<Shown>> {
    let mut rows = R::Row::by_ids(conn, ids)?;
    rows.retain(|row| row.state() != RecordState::Merged);
    let heads = rows
        .iter()
        .map(|row| (row.public_id().clone(), row.version(), row.state()));
    let heads: Vec<(PublicId, i32, RecordState)> = heads.collect();
    let views = R::views(conn, rows, &Show::plain(&Viewer::default()))?;
    let shown = heads.into_iter().zip(&views);
    shown
        .map(|((id, version, state), view)| Shown::of(id, version, state, view))
        .collect()
}

/// At which change a part of a record stands, for a list of it, and the record: 404 when `viewer` may not see
/// it, 410 when it is withdrawn.
pub fn seen<R: Record>(
    viewer: Viewer,
    id: PublicId,
) -> impl FnOnce(&mut DbConn) -> Opened<(R::Row, Viewer)> {
    move |conn| {
        let revision = changes::seen(conn, &viewer)?;
        let row = visible::<R>(conn, &viewer, &id)?;
        Ok((revision, (row, viewer)))
    }
}

/// The record: 404 when `viewer` may not see it, 410 when it is withdrawn.
pub fn visible<R: Record>(
    conn: &mut DbConn,
    viewer: &Viewer,
    id: &PublicId,
) -> Result<R::Row, Problem> {
    let row = find::<R>(conn, id)?;
    R::must_see(conn, viewer, &row)?;
    Ok(row)
}

fn changed<R: Readable>(conn: &mut DbConn, ctx: &Ctx, row: &R::Row) -> Result<Written, Problem> {
    let item = R::item(conn, ctx, row)?;
    Ok(Written::changed(item, row.etag()))
}

/// Applies a merge patch; one that changes nothing makes no version.
pub(super) fn update<R: Editable>(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    patch: &Value,
) -> Result<Written, Problem> {
    let row = find::<R>(conn, id)?;
    let before = changed::<R>(conn, ctx, &row)?;
    review::change_unless_same(conn, before, |conn| {
        let row = R::change(conn, ctx, &row, patch)?;
        changed::<R>(conn, ctx, &row)
    })
}

pub(super) fn withdraw<R: Editable>(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    reason: Option<&str>,
) -> Result<Written, Problem> {
    let row = find::<R>(conn, id)?;
    R::before_withdraw(conn, ctx, &row)?;
    let before = R::logged(conn, &row)?;
    if !row.change_state(conn, &ctx.with_state(RecordState::Withdrawn), reason)? {
        return Err(Problem::overtaken());
    }
    R::after_withdraw(conn, ctx, &row)?;
    let after = find::<R>(conn, id)?;
    log::<R>(
        conn,
        ctx,
        ChangeOp::Withdrawn,
        Some(&before),
        &after,
        reason,
    )?;
    Ok(Written::nothing())
}

pub(super) fn restore<R: Editable>(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    reason: Option<&str>,
) -> Result<Written, Problem> {
    let row = find::<R>(conn, id)?;
    R::before_restore(conn, ctx, &row)?;
    if row.state() != RecordState::Withdrawn || !row.change_state(conn, ctx, None)? {
        return Err(Problem::overtaken());
    }
    R::after_restore(conn, ctx, &row)?;
    let after = find::<R>(conn, id)?;
    log::<R>(conn, ctx, ChangeOp::Restored, None, &after, reason)?;
    changed::<R>(conn, ctx, &after)
}
