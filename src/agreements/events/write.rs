//! `POST /agreements/{id}/events`: recording a step of the lifecycle.

use std::collections::HashMap;

use actix_web::{post, web};
use diesel::prelude::*;
use serde_json::Value;

use super::read;
use super::record;
use super::required;
use super::types::{EventIn, EventView};
use crate::access::{self, JsonWrite};
use crate::agreements::record::{Agreement, next_version};
use crate::agreements::store;
use crate::changes::Ctx;
use crate::core::author::Author;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{ChangeOp, Operation};
use crate::db::DbConn;
use crate::db::schema::lifecycle_events;
use crate::evidence::documents::DocumentVisibility;
use crate::find_row;
use crate::http::code::Code;
use crate::http::extract::DryRun;
use crate::http::extract::body::shaped;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond;
use crate::http::write::Written;
use crate::records;

/// Record an event of an agreement
///
/// A step of its lifecycle: it is checked against the status it meets (409 `illegal-transition` with
/// the `allowed` actions), what the action needs (422) and its conditions (422 `guard-failed`). The
/// answer's `ETag` is the agreement's new one.
#[utoipa::path(tag = "agreements", params(("id" = String, Path, description = "The agreement's id", example = "agr_8x3k0q2m7t"), DryRun),
    request_body = EventIn, responses((status = 201, description = "The event as recorded", body = EventView)))]
#[post("/api/v1/agreements/{id}/events")]
pub async fn create_agreement_event(write: JsonWrite, path: web::Path<String>) -> HttpResult {
    records::step::<Agreement>(write, &path, Operation::Event, record_json).await
}

/// Records an event as it was sent inside a write transaction, with its change.
pub fn record_json(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    event: &Value,
) -> Result<Written, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("agreement"))?;
    let input: EventIn = shaped(event.clone(), "")?;
    may_correct(conn, ctx, &input)?;
    let reason = input.reason_text.clone();
    let said = required::checked_event(conn, ctx, input, ("", false))?;
    let recorded = record::record(conn, ctx, &row, said)?;
    let after = next_version(conn, ctx, &row, ChangeOp::Event, None, reason.as_deref())?;
    let visibility = DocumentVisibility::of(conn, &ctx.viewer)?;
    let events = HashMap::from([(row.id, recorded.events)]);
    let mut all = read::views_of(conn, events, None, ctx.today(), &visibility)?;
    let mut view = all
        .remove(&row.id)
        .and_then(|events| events.into_iter().find(|event| event.id == recorded.id))
        .ok_or_else(|| Problem::new(Code::Internal))?;
    view.warnings = (!recorded.warnings.is_empty()).then_some(recorded.warnings);
    Ok(Written::created(
        respond::to_value(&view)?,
        after.etag(),
        format!("/api/v1/agreements/{id}/events"),
    ))
}

/// 403 when the event to be corrected was recorded by another office.
fn may_correct(conn: &mut DbConn, ctx: &Ctx, input: &EventIn) -> Result<(), Problem> {
    let Some(id) = &input.corrects_event_id else {
        return Ok(());
    };
    use lifecycle_events as e;
    let author: Option<Author> =
        find_row!(lifecycle_events, conn, e::public_id.eq(id) => e::recorded_by)?;
    author.map_or(Ok(()), |author| access::may_correct(ctx, &author))
}
