//! Recording, changing and withdrawing sources.

use actix_web::{HttpResponse, delete, patch, post, web};
use diesel::prelude::*;
use serde_json::Value;

use super::store::{self, SourceRow};
use super::types::{NewSource, SourceIn, SourceView};
use crate::access::review::{self, Proposal};
use crate::access::{self, Actor, Editing};
use crate::app::App;
use crate::changes::Ctx;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::db::DbConn;
use crate::db::schema::{citations, lifecycle_events, partner_relations};
use crate::http::code::Code;
use crate::http::extract::body::OneOrManySchema;
use crate::http::extract::write::Reason;
use crate::http::extract::{DryRun, JsonBody, Query, WriteRequest, path_id};
use crate::http::patch;
use crate::http::problem::{Problem, validated};
use crate::http::write::{self, Written};

/// Record a source
///
/// Or an array of up to 500: all or nothing.
#[utoipa::path(tag = "sources", params(DryRun), request_body = OneOrManySchema<SourceIn>,
    responses((status = 201, description = "The source as recorded", body = SourceView)))]
#[post("/api/v1/sources")]
pub async fn create_source(
    actor: Actor,
    app: web::Data<App>,
    request: WriteRequest,
    dry_run: Query<DryRun>,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let mut ctx = actor.ctx(&app, &request);
    let hash = body.hash();
    write::execute(
        &app,
        &request,
        &actor.clone(),
        hash,
        dry_run.is_set(),
        move |conn| {
            access::may_create(conn, &actor, &mut ctx, Editing::Open)?;
            write::each(body.one_or_many::<SourceIn>()?, |input| {
                let ctx = ctx.making(input.record_state.as_ref());
                let mut issues = Issues::default();
                let new = input.check("", &mut issues);
                validated(issues)?;
                let new = new.ok_or_else(|| Problem::new(Code::Internal))?;
                created(&store::insert(conn, &ctx, &new)?)
            })
        },
    )
    .await
}

fn etag(row: &SourceRow) -> String {
    format!("\"{}\"", row.version)
}

fn created(row: &SourceRow) -> Result<Written, Problem> {
    Ok(Written::created(
        row.value()?,
        etag(row),
        format!("/api/v1/sources/{}", row.public_id),
    ))
}

fn find_to_edit(
    conn: &mut DbConn,
    actor: &Actor,
    ctx: &mut Ctx,
    request: &WriteRequest,
    id: &PublicId,
) -> Result<SourceRow, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("source"))?;
    crate::must_see!(conn, &ctx.viewer, row)?;
    access::may_edit(conn, actor, ctx, id)?;
    review::stays(ctx, row.record_state);
    request.if_match.require(row.version, &etag(&row))?;
    Ok(row)
}

/// Change a source
///
/// Every record that cites it shows the change.
#[utoipa::path(tag = "sources", params(("id" = String, Path, description = "The source's id", example = "src_8x3k0q2m7t"), DryRun),
    request_body = SourceIn, responses((status = 200, description = "The source as it now is", body = SourceView)))]
#[patch("/api/v1/sources/{id}")]
pub async fn update_source(
    actor: Actor,
    app: web::Data<App>,
    request: WriteRequest,
    path: web::Path<String>,
    dry_run: Query<DryRun>,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Source, "source", &path)?;
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

/// Changes a source inside a write transaction, with its change.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    patch: &Value,
) -> Result<Written, Problem> {
    let before = store::find(conn, id)?.ok_or_else(|| Problem::not_found("source"))?;
    let new = patched(&before, patch)?;
    let after = store::update(conn, ctx, &before, &new)?.ok_or_else(Problem::overtaken)?;
    Ok(Written::changed(after.value()?, etag(&after)))
}

/// The source with the patch applied, every rule checked.
fn patched(before: &SourceRow, patch: &Value) -> Result<NewSource, Problem> {
    let input: SourceIn = patch::patched(before.value()?, patch)?;
    let mut issues = Issues::default();
    let new = input.check("", &mut issues);
    validated(issues)?;
    new.ok_or_else(|| Problem::new(Code::Internal))
}

/// Withdraw a source
///
/// A source that is cited can't be withdrawn.
#[utoipa::path(tag = "sources", params(("id" = String, Path, description = "The source's id", example = "src_8x3k0q2m7t"), Reason),
    responses((status = 204, description = "Withdrawn")))]
#[delete("/api/v1/sources/{id}")]
pub async fn withdraw_source(
    actor: Actor,
    app: web::Data<App>,
    request: WriteRequest,
    path: web::Path<String>,
    reason: Query<Reason>,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Source, "source", &path)?;
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

/// Withdraws a source inside a write transaction, with its change.
pub fn withdraw(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    reason: Option<&str>,
) -> Result<Written, Problem> {
    let before = store::find(conn, id)?.ok_or_else(|| Problem::not_found("source"))?;
    let cited: i64 = citations::table
        .filter(citations::source_id.eq(before.id))
        .count()
        .get_result(conn)?;
    let elsewhere: i64 = lifecycle_events::table
        .filter(lifecycle_events::source_id.eq(before.id))
        .count()
        .get_result::<i64>(conn)?
        + partner_relations::table
            .filter(partner_relations::source_id.eq(before.id))
            .count()
            .get_result::<i64>(conn)?;
    let cited = cited + elsewhere;
    if cited > 0 {
        return Err(Problem::new(Code::InUse)
            .detail(format!("{cited} citations rest on this source"))
            .member("citations", cited));
    }
    store::withdraw(conn, ctx, &before, reason)?.ok_or_else(Problem::overtaken)?;
    Ok(Written::nothing())
}

/// Restores a source inside a write transaction, with its change.
pub fn restore(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    reason: Option<&str>,
) -> Result<Written, Problem> {
    let before = store::find(conn, id)?.ok_or_else(|| Problem::not_found("source"))?;
    let after = store::restore(conn, ctx, &before, reason)?.ok_or_else(Problem::overtaken)?;
    Ok(Written::changed(after.value()?, etag(&after)))
}
