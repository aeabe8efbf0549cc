//! Recording, changing and withdrawing sources.

use actix_web::{HttpResponse, delete, patch, post, web};
use diesel::prelude::*;

use super::store::{self, SourceRow};
use super::types::{NewSource, SourceIn, SourceView};
use crate::access::{self, Actor, Editing};
use crate::app::App;
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
    let ctx = actor.ctx(&app, &request);
    let hash = body.hash();
    write::execute(
        &app,
        &request,
        &actor.clone(),
        hash,
        dry_run.is_set(),
        move |conn| {
            access::may_create(conn, &actor, Editing::Open)?;
            write::each(body.one_or_many::<SourceIn>()?, |input| {
                let mut issues = Issues::default();
                let new = input.check("", &mut issues);
                validated(issues)?;
                let new = new.ok_or_else(|| Problem::new(Code::Internal))?;
                Ok(created(&store::insert(conn, &ctx, &new)?))
            })
        },
    )
    .await
}

fn etag(row: &SourceRow) -> String {
    format!("\"{}\"", row.version)
}

fn created(row: &SourceRow) -> Written {
    Written::created(
        row.value(),
        etag(row),
        format!("/api/v1/sources/{}", row.public_id),
    )
}

fn find_to_edit(
    conn: &mut DbConn,
    actor: &Actor,
    request: &WriteRequest,
    id: &PublicId,
) -> Result<SourceRow, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("source"))?;
    Problem::unless_published(row.record_state, row.withdrawn_reason.as_deref())?;
    access::may_edit(conn, actor, id)?;
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
            let before = find_to_edit(conn, &actor, &precondition, &id)?;
            let new = patched(&before, &body)?;
            let after = store::update(conn, &ctx, &before, &new)?.ok_or_else(Problem::overtaken)?;
            Ok(Written::changed(after.value(), etag(&after)))
        },
    )
    .await
}

/// The source with the patch applied, every rule checked.
fn patched(before: &SourceRow, body: &JsonBody) -> Result<NewSource, Problem> {
    let input: SourceIn = patch::patched(before.value(), body)?;
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
    let ctx = actor.ctx(&app, &request);
    let precondition = request.clone();
    write::execute(
        &app,
        &request,
        &actor.clone(),
        String::new(),
        false,
        move |conn| {
            let before = find_to_edit(conn, &actor, &precondition, &id)?;
            let reason = reason.checked()?;
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
            store::withdraw(conn, &ctx, &before, reason.as_deref())?
                .ok_or_else(Problem::overtaken)?;
            Ok(Written::nothing())
        },
    )
    .await
}
