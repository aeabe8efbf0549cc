//! Carrying out what was proposed: one line an operation and kind of record.

use serde_json::Value;

use crate::access::review;
use crate::agreements;
use crate::changes::{Ctx, records as heads};
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::Operation;
use crate::db::DbConn;
use crate::evidence::citations::write as citation;
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::http::write::Written;
use crate::kinds::{self, restore};
use crate::networks::memberships::events;
use crate::networks::record::Network;
use crate::partners::record::Partner;
use crate::partners::relations;
use crate::records;

/// What is proposed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Proposed<'a> {
    pub operation: Operation,
    pub target: &'a PublicId,
    pub part: Option<&'a PublicId>,
    pub payload: &'a Value,
}

/// The record's version, or that of the part of it a proposal is about; 404 or 410 when it is gone.
pub(super) fn version(
    conn: &mut DbConn,
    ctx: &Ctx,
    proposed: Proposed<'_>,
) -> Result<i32, Problem> {
    let head = heads::find(conn, proposed.target)?.ok_or_else(|| Problem::not_found("record"))?;
    if proposed.operation != Operation::Restore {
        head.must_be_seen(conn, &ctx.viewer, proposed.target)?;
    }
    match proposed.part {
        Some(part) if part.kind() == Kind::Citation => {
            let found = crate::evidence::citations::store::find(conn, part)?;
            found
                .map(|(row, _)| row.version)
                .ok_or_else(|| Problem::not_found("citation"))
        }
        Some(_) => Ok(1),
        None => Ok(head.version),
    }
}

/// Carries it out, in the name of `ctx`.
pub(super) fn apply(
    conn: &mut DbConn,
    ctx: &Ctx,
    proposed: Proposed<'_>,
) -> Result<Written, Problem> {
    let Proposed {
        operation,
        target: id,
        part,
        payload,
    } = proposed;
    let head = heads::find(conn, id)?.ok_or_else(|| Problem::not_found("record"))?;
    let mut ctx = ctx.clone();
    if matches!(operation, Operation::Update | Operation::Publish) {
        review::target_state(&mut ctx, head.state, payload)?;
    } else {
        ctx.state = head.state;
    }
    let ctx = &ctx;
    let reason = payload.get("reason").and_then(Value::as_str);
    match (operation, id.kind(), part) {
        (Operation::Create, Kind::Partner, _) => create(conn, ctx, payload),
        (Operation::Update | Operation::Publish, kind, _) => {
            (kinds::of(kind)?.update)(conn, ctx, id, payload)
        }
        (Operation::Withdraw, kind, _) => (kinds::of(kind)?.withdraw)(conn, ctx, id, reason),
        (Operation::Event, Kind::Agreement, _) => {
            agreements::events::write::record_json(conn, ctx, id, payload)
        }
        (Operation::Event, Kind::Membership, _) => events::record_json(conn, ctx, id, payload),
        (Operation::Cite, _, _) => citation::cite(conn, ctx, id, payload),
        (Operation::Recite, _, Some(part)) => citation::update(conn, ctx, part, payload),
        (Operation::Uncite, _, Some(part)) => citation::delete(conn, ctx, part),
        (Operation::Relate, Kind::Partner, _) => relations::relate(conn, ctx, id, payload),
        (Operation::Unrelate, Kind::Partner, Some(part)) => {
            relations::unrelate(conn, ctx, part, reason)
        }
        (Operation::Restore, _, _) => restore::restore(conn, ctx, id, payload),
        (Operation::Confirm, Kind::Agreement, _) => {
            agreements::confirm::confirm(conn, ctx, id, payload)
        }
        _ => Err(Problem::new(Code::Internal)),
    }
}

/// Records what another office would have in the holdings of the one that decides.
fn create(conn: &mut DbConn, ctx: &Ctx, payload: &Value) -> Result<Written, Problem> {
    match (payload.get("partner"), payload.get("network")) {
        (Some(input), _) => records::agreed::<Partner>(conn, ctx, input),
        (_, Some(input)) => records::agreed::<Network>(conn, ctx, input),
        (None, None) => Err(Problem::new(Code::Internal)),
    }
}
