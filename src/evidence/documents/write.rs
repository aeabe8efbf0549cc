//! Changing and withdrawing documents.

use actix_web::{HttpResponse, delete, patch, web};
use serde_json::Value;

use super::attach;
use super::rules;
use super::sight::{self, Sight};
use super::store::{self, DocumentRow};
use super::types::{DocumentFieldsIn, DocumentView};
use super::view;
use crate::access::review::{self, Proposal};
use crate::access::{self, Actor};
use crate::app::App;
use crate::changes::{Ctx, records};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::extract::write::Reason;
use crate::http::extract::{DryRun, JsonBody, Query, WriteRequest, path_id};
use crate::http::patch;
use crate::http::problem::{Problem, validated};
use crate::http::respond;
use crate::http::write::{self, Written};

/// The document, if the actor may see and edit it and has read this version.
fn find_to_edit(
    conn: &mut DbConn,
    actor: &Actor,
    ctx: &mut Ctx,
    request: &WriteRequest,
    id: &PublicId,
) -> Result<DocumentRow, Problem> {
    let sight = Sight::of(conn, &ctx.viewer)?;
    let row = sight::find(conn, &sight, id)?;
    access::may_edit(conn, actor, ctx, id)?;
    review::stays(ctx, row.record_state);
    request.if_match.require(row.version, &row.etag())?;
    Ok(row)
}

/// Change a document
///
/// What is said of it. Its bytes never change: a new version is a document of its own.
#[utoipa::path(tag = "documents", params(("id" = String, Path, description = "The document's id", example = "doc_8x3k0q2m7t"), DryRun),
    request_body = DocumentFieldsIn, responses((status = 200, description = "The document as it now is", body = DocumentView)))]
#[patch("/api/v1/documents/{id}")]
pub async fn update_document(
    actor: Actor,
    app: web::Data<App>,
    request: WriteRequest,
    path: web::Path<String>,
    dry_run: Query<DryRun>,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Document, "document", &path)?;
    let mut ctx = actor.ctx(&app, &request);
    let hash = body.hash();
    let precondition = request.clone();
    write::execute(
        &app,
        &request,
        &actor.clone(),
        hash,
        dry_run.is_set(),
        move |conn| {
            let row = find_to_edit(conn, &actor, &mut ctx, &precondition, &id)?;
            let standing = (row.version, row.record_state);
            let proposal = Proposal::update(&mut ctx, &id, standing, body.value()?)?;
            review::hold(conn, &ctx, proposal, |conn, ctx, patch| {
                update(conn, ctx, &id, patch)
            })
        },
    )
    .await
}

/// Changes a document inside a write transaction, with its change.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    patch: &Value,
) -> Result<Written, Problem> {
    let before = store::find(conn, id)?.ok_or_else(|| Problem::not_found("document"))?;
    let sight = Sight::of(conn, &ctx.viewer)?;
    let current = respond::to_value(&view::one(conn, &before, &sight)?)?;
    let input: DocumentFieldsIn = patch::patched(current, patch)?;
    let mut issues = Issues::default();
    let fields = rules::changed(input, &before, &mut issues);
    validated(issues)?;
    let published = ctx.state == RecordState::Published;
    if published {
        goes_with_its_record(conn, id)?;
    }
    // Two drafts of older releases may be there.
    if published && before.record_state == RecordState::Draft {
        replaces_alone(conn, &before)?;
    }
    let after = store::update(conn, ctx, &before, &fields)?.ok_or_else(Problem::overtaken)?;
    let shown = respond::to_value(&view::item(conn, &after, &sight)?)?;
    Ok(Written::changed(shown, after.etag()))
}

/// Withdraw a document
///
/// Its bytes are kept and no longer shown.
#[utoipa::path(tag = "documents", params(("id" = String, Path, description = "The document's id", example = "doc_8x3k0q2m7t"), Reason),
    responses((status = 204, description = "Withdrawn")))]
#[delete("/api/v1/documents/{id}")]
pub async fn withdraw_document(
    actor: Actor,
    app: web::Data<App>,
    request: WriteRequest,
    path: web::Path<String>,
    reason: Query<Reason>,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Document, "document", &path)?;
    let mut ctx = actor.ctx(&app, &request);
    let precondition = request.clone();
    write::execute(
        &app,
        &request,
        &actor.clone(),
        String::new(),
        false,
        move |conn| {
            let row = find_to_edit(conn, &actor, &mut ctx, &precondition, &id)?;
            let reason = reason.checked()?;
            let proposal = Proposal::withdraw(&id, row.version, reason.as_deref());
            review::hold(conn, &ctx, proposal, |conn, ctx, _| {
                withdraw(conn, ctx, &id, reason.as_deref())
            })
        },
    )
    .await
}

/// Withdraws a document inside a write transaction, with its change.
pub fn withdraw(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    reason: Option<&str>,
) -> Result<Written, Problem> {
    let before = store::find(conn, id)?.ok_or_else(|| Problem::not_found("document"))?;
    store::withdraw(conn, ctx, &before, reason)?.ok_or_else(Problem::overtaken)?;
    Ok(Written::nothing())
}

/// Restores a document inside a write transaction, with its change: what it belongs to must be there,
/// and no other may have taken the place of the one it replaces.
pub fn restore(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    reason: Option<&str>,
) -> Result<Written, Problem> {
    let before = store::find(conn, id)?.ok_or_else(|| Problem::not_found("document"))?;
    if let Some(record) = records::of_document(conn, id)?
        && let Some(head) = records::find(conn, &record)?
        && matches!(head.state, RecordState::Withdrawn | RecordState::Merged)
    {
        let at = match record.kind() {
            Kind::Agreement => "/agreement_id",
            Kind::Membership => "/membership_id",
            _ => "/activity_id",
        };
        return Err(Problem::new(Code::GuardFailed)
            .detail(format!(
                "the document belongs to {record}, which was withdrawn"
            ))
            .field(at, "record_withdrawn", "restore the record first"));
    }
    if ctx.state == RecordState::Published {
        goes_with_its_record(conn, id)?;
    }
    replaces_alone(conn, &before)?;
    let after = store::restore(conn, ctx, &before, reason)?.ok_or_else(Problem::overtaken)?;
    let sight = Sight::of(conn, &ctx.viewer)?;
    let shown = respond::to_value(&view::item(conn, &after, &sight)?)?;
    Ok(Written::changed(shown, after.etag()))
}

/// 422 for publishing a document of a draft.
fn goes_with_its_record(conn: &mut DbConn, id: &PublicId) -> Result<(), Problem> {
    if !attach::belongs_to_draft(conn, id)? {
        return Ok(());
    }
    Err(Problem::new(Code::GuardFailed)
        .detail("the document belongs to a draft")
        .field(
            "/record_state",
            "belongs_to_draft",
            "it is published with the record it belongs to",
        ))
}

/// 422 when another document takes the place of the one this replaces.
fn replaces_alone(conn: &mut DbConn, row: &DocumentRow) -> Result<(), Problem> {
    let Some(old) = row.replaces_id else {
        return Ok(());
    };
    if !store::is_replaced(conn, old, Some(row.id))? {
        return Ok(());
    }
    Err(Problem::new(Code::GuardFailed)
        .detail("another document takes the place of the same one")
        .field(
            "/record_state",
            "already_replaced",
            "the document it replaces has another newer version, or a draft of one: withdraw that",
        ))
}
