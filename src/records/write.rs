//! Changing and withdrawing a record of any kind: the handlers.

use actix_web::web;
use serde_json::Value;

use super::{Editable, Record, Row, apply};
use crate::access::review::{self, Proposal};
use crate::access::{self, JsonWrite, Write, Writing};
use crate::changes::Ctx;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::Operation;
use crate::db::DbConn;
use crate::http::extract::write::Reason;
use crate::http::extract::{JsonBody, Query, path_id};
use crate::http::problem::{HttpResult, Problem};
use crate::http::write::Written;

/// The record, if the caller may see and edit it.
pub fn editable<R: Record>(
    conn: &mut DbConn,
    writing: &mut Writing,
    id: &PublicId,
) -> Result<R::Row, Problem> {
    let row = apply::visible::<R>(conn, &writing.ctx.viewer, id)?;
    writing.may_edit(conn, id)?;
    writing.ctx.state = row.state();
    Ok(row)
}

/// The record, if the caller may see and edit it and has read this version.
fn edited<R: Record>(
    conn: &mut DbConn,
    writing: &mut Writing,
    id: &PublicId,
) -> Result<R::Row, Problem> {
    let row = editable::<R>(conn, writing, id)?;
    writing.if_match.require(row.version(), &row.etag())?;
    Ok(row)
}

/// What a step of a record does with the body that asks for it.
pub type Step = fn(&mut DbConn, &Ctx, &PublicId, &Value) -> Result<Written, Problem>;

/// `POST /{collection}/{id}/…`: a step in the life of a record, such as an event. It waits for a second
/// person where a change would, and `If-Match` is heeded when it is sent.
pub async fn step<R: Record>(
    write: JsonWrite,
    path: &str,
    operation: Operation,
    apply: Step,
) -> HttpResult {
    let id = path_id(R::KIND, R::NAME, path)?;
    let step = move |conn: &mut DbConn, writing: &mut Writing, body: &JsonBody| {
        let row = editable::<R>(conn, writing, &id)?;
        writing.if_match.check(row.version(), &row.etag())?;
        let proposal = Proposal::new(operation, &id, row.version(), body.value()?);
        review::apply_or_hold(conn, &writing.ctx, proposal, |conn, ctx, payload| {
            apply(conn, ctx, &id, payload)
        })
    };
    write.run(step).await
}

/// `PATCH /{collection}/{id}`.
pub async fn update<R: Editable>(write: JsonWrite, path: web::Path<String>) -> HttpResult {
    let id = path_id(R::KIND, R::NAME, &path)?;
    let change = move |conn: &mut DbConn, writing: &mut Writing, body: &JsonBody| {
        let row = edited::<R>(conn, writing, &id)?;
        let stands = (row.version(), row.state());
        let proposal = Proposal::update(&mut writing.ctx, &id, stands, body.value()?)?;
        if proposal.operation == Operation::Publish {
            writing
                .if_match
                .require_as_shown(row.version(), &row.etag())?;
        }
        let holder = R::new_holder(conn, &writing.ctx, &row, &proposal.payload)?;
        let office = match holder {
            Some(holder) => access::has_to_ask(conn, &mut writing.ctx, holder)?,
            None => None,
        };
        let apply =
            |conn: &mut DbConn, ctx: &Ctx, patch: &_| apply::update::<R>(conn, ctx, &id, patch);
        match office {
            Some(office) => review::ask(conn, &writing.ctx, proposal, &office, apply),
            None => review::apply_or_hold(conn, &writing.ctx, proposal, apply),
        }
    };
    write.run(change).await
}

/// `DELETE /{collection}/{id}`.
pub async fn withdraw<R: Editable>(
    write: Write,
    path: web::Path<String>,
    reason: Query<Reason>,
) -> HttpResult {
    let id = path_id(R::KIND, R::NAME, &path)?;
    let change = move |conn: &mut DbConn, writing: &mut Writing| {
        let row = edited::<R>(conn, writing, &id)?;
        let reason = reason.checked()?;
        let proposal = Proposal::withdraw(&id, row.version(), reason.as_deref());
        review::apply_or_hold(conn, &writing.ctx, proposal, |conn, ctx, _| {
            apply::withdraw::<R>(conn, ctx, &id, reason.as_deref())
        })
    };
    write.run(change).await
}
