//! Changing and withdrawing documents.

use actix_web::{HttpResponse, delete, patch, web};

use super::attach;
use super::rules;
use super::sight::{self, Sight};
use super::store::{self, DocumentRow};
use super::types::{DocumentFieldsIn, DocumentView};
use super::view;
use crate::access::Actor;
use crate::app::App;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::db::DbConn;
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
    request: &WriteRequest,
    id: &PublicId,
) -> Result<(DocumentRow, Sight), Problem> {
    let sight = Sight::of_author(conn, &actor.author)?;
    let row = sight::find(conn, &sight, id)?;
    attach::may_edit(conn, actor, &row)?;
    request.if_match.require(row.version, &row.etag())?;
    Ok((row, sight))
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
    let ctx = actor.ctx(&app, &request);
    let hash = body.hash();
    let precondition = request.clone();
    write::execute(
        &app,
        &request,
        &actor.clone(),
        hash,
        dry_run.is_set(),
        move |conn| {
            let (before, sight) = find_to_edit(conn, &actor, &precondition, &id)?;
            let current = respond::to_value(&view::one(conn, &before, &sight)?)?;
            let input: DocumentFieldsIn = patch::patched(current, &body)?;
            let mut issues = Issues::default();
            let fields = rules::changed(input, &before, &mut issues);
            validated(issues)?;
            let after =
                store::update(conn, &ctx, &before, &fields)?.ok_or_else(Problem::overtaken)?;
            let shown = respond::to_value(&view::item(conn, &after, &sight)?)?;
            Ok(Written::changed(shown, after.etag()))
        },
    )
    .await
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
    let ctx = actor.ctx(&app, &request);
    let precondition = request.clone();
    write::execute(
        &app,
        &request,
        &actor.clone(),
        String::new(),
        false,
        move |conn| {
            let (before, _) = find_to_edit(conn, &actor, &precondition, &id)?;
            let reason = reason.checked()?;
            store::withdraw(conn, &ctx, &before, reason.as_deref())?
                .ok_or_else(Problem::overtaken)?;
            Ok(Written::nothing())
        },
    )
    .await
}
