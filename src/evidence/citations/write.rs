//! Recording, changing and removing citations.

use actix_web::{delete, patch, post, web};
use diesel::QueryResult;
use serde_json::Value;

use super::store::{self, CitationRow};
use super::types::{CitationIn, CitationView, NewCitation};
use crate::access::review::{self, Proposal};
use crate::access::{JsonWrite, Write, Writing};
use crate::changes::feed::RecordPath;
use crate::changes::{self, Change, Ctx};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::record::{ChangeOp, Entity, Operation};
use crate::db::{DbConn, json};
use crate::evidence::dependents;
use crate::evidence::sources::store::SourceRow;
use crate::http::code::Code;
use crate::http::extract::body::{OneOrManySchema, one_or_many};
use crate::http::extract::write::Reason;
use crate::http::extract::{DryRun, Query, path_id};
use crate::http::patch;
use crate::http::problem::{HttpResult, Problem};
use crate::http::write::{self, Written};

/// Record what a source says of a record
///
/// Or an array of up to 500: all or nothing.
#[utoipa::path(tag = "sources", params(RecordPath, DryRun), request_body = OneOrManySchema<CitationIn>,
    responses((status = 201, description = "The citation as recorded", body = CitationView)))]
#[post("/api/v1/{collection}/{id}/citations")]
pub async fn create_citation(write: JsonWrite, path: web::Path<RecordPath>) -> HttpResult {
    let record = path.id()?;
    write
        .run(move |conn, writing, body| {
            let head = super::read::of_visible(conn, &writing.ctx.viewer, &record)?;
            writing.may_edit(conn, &record)?;
            writing.ctx.state = head.state;
            writing.if_match.check_version(head.version)?;
            let proposal = Proposal::new(Operation::Cite, &record, head.version, body.value()?);
            review::apply_or_hold(conn, &writing.ctx, proposal, |conn, ctx, payload| {
                cite(conn, ctx, &record, payload)
            })
        })
        .await
}

/// Records one citation, or an array of them, as they were sent.
pub fn cite(
    conn: &mut DbConn,
    ctx: &Ctx,
    record: &PublicId,
    payload: &Value,
) -> Result<Written, Problem> {
    write::each(one_or_many::<CitationIn>(payload.clone())?, |input| {
        let (row, source, value) = create(conn, ctx, record, input)?;
        let location = format!("/api/v1/citations/{}", row.public_id);
        Ok(Written::created(value, etag(&row, &source), location))
    })
}

/// Records a citation of a record inside a write transaction, with its change.
pub fn create(
    conn: &mut DbConn,
    ctx: &Ctx,
    record: &PublicId,
    input: CitationIn,
) -> Result<(CitationRow, SourceRow, Value), Problem> {
    let (new, source) = checked(conn, ctx, input)?;
    let id = store::insert(conn, ctx, record, source.id, &new)?;
    let (row, source) = store::find(conn, &id)?.ok_or(diesel::NotFound)?;
    dependents::refresh(conn, record)?;
    let value = log(conn, ctx, ChangeOp::Created, None, Some((&row, &source)))?;
    Ok((row, source, value))
}

fn etag(row: &CitationRow, source: &SourceRow) -> String {
    format!("\"{}-{}\"", row.version, source.version)
}

/// The citation and its source, every rule checked.
fn checked(
    conn: &mut DbConn,
    ctx: &Ctx,
    input: CitationIn,
) -> Result<(NewCitation, SourceRow), Problem> {
    let mut issues = Issues::default();
    let new = input.check("", &mut issues);
    let which = new.as_ref().map(|new| &new.source);
    let source = store::resolve(conn, ctx, which, "/source_id", &mut issues)?;
    issues.finish(new.zip(source))
}

type Both<'a> = (&'a CitationRow, &'a SourceRow);

/// Logs the change of a citation; the citation as it now is, null when it was removed.
fn log(
    conn: &mut DbConn,
    ctx: &Ctx,
    op: ChangeOp,
    before: Option<Both<'_>>,
    after: Option<Both<'_>>,
) -> Result<Value, Problem> {
    let value = |both: Option<Both<'_>>| -> QueryResult<Option<Value>> {
        both.map(|(row, source)| json::shown(&row.view(source)))
            .transpose()
    };
    let (was, is) = (value(before)?, value(after)?.unwrap_or_default());
    let Some((row, _)) = after.or(before) else {
        return Ok(is);
    };
    // The end of a citation comes after its last version.
    let this = (&row.public_id, row.version + i32::from(after.is_none()));
    let change = Change::of(Entity::Citation, this, was.as_ref(), &is);
    changes::record(conn, ctx, &Change { op, ..change })?;
    Ok(is)
}

fn find_to_edit(
    conn: &mut DbConn,
    writing: &mut Writing,
    id: &PublicId,
) -> Result<(CitationRow, SourceRow), Problem> {
    let (row, source, head) = super::read::find_visible(conn, &writing.ctx.viewer, id)?;
    writing.may_edit(conn, &row.record)?;
    writing.ctx.state = head.state;
    writing
        .if_match
        .require(row.version, &etag(&row, &source))?;
    Ok((row, source))
}

/// Change a citation
///
/// Another source, field, value or rank; the record it is about stays the same.
#[utoipa::path(tag = "sources", params(("id" = String, Path, description = "The citation's id", example = "cit_8x3k0q2m7t"), DryRun),
    request_body = CitationIn, responses((status = 200, description = "The citation as it now is", body = CitationView)))]
#[patch("/api/v1/citations/{id}")]
pub async fn update_citation(write: JsonWrite, path: web::Path<String>) -> HttpResult {
    let id = path_id(Kind::Citation, "citation", &path)?;
    write
        .run(move |conn, writing, body| {
            let (row, _) = find_to_edit(conn, writing, &id)?;
            let proposal = Proposal {
                part: Some(&id),
                ..Proposal::new(Operation::Recite, &row.record, row.version, body.value()?)
            };
            review::apply_or_hold(conn, &writing.ctx, proposal, |conn, ctx, patch| {
                update(conn, ctx, &id, patch)
            })
        })
        .await
}

/// Changes a citation inside a write transaction, with its change.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    patch: &Value,
) -> Result<Written, Problem> {
    let (before, source) = store::find(conn, id)?.ok_or_else(|| Problem::not_found("citation"))?;
    let shown = json::shown(&before.view(&source))?;
    let mut current = shown.clone();
    if let Some(members) = current.as_object_mut() {
        members.insert("source_id".to_owned(), source.public_id.as_str().into());
    }
    let (new, now_cited) = checked(conn, ctx, patch::patched(current, patch)?)?;
    let shown = Written::changed(shown, etag(&before, &source));
    review::change_unless_same(conn, shown, |conn| {
        let after = store::update(conn, ctx, &before, now_cited.id, &new)?
            .ok_or_else(Problem::overtaken)?;
        dependents::refresh(conn, &before.record)?;
        let (was, is) = (Some((&before, &source)), Some((&after, &now_cited)));
        let value = log(conn, ctx, ChangeOp::Updated, was, is)?;
        Ok(Written::changed(value, etag(&after, &now_cited)))
    })
}

/// Remove a citation
///
/// The last citation of a published record stays: a record has a source.
#[utoipa::path(tag = "sources", params(("id" = String, Path, description = "The citation's id", example = "cit_8x3k0q2m7t"), Reason),
    responses((status = 204, description = "Removed")))]
#[delete("/api/v1/citations/{id}")]
pub async fn delete_citation(
    write: Write,
    path: web::Path<String>,
    reason: Query<Reason>,
) -> HttpResult {
    let id = path_id(Kind::Citation, "citation", &path)?;
    write
        .run(move |conn, writing| {
            let (row, _) = find_to_edit(conn, writing, &id)?;
            let reason = reason.checked()?;
            let proposal = Proposal {
                operation: Operation::Uncite,
                part: Some(&id),
                ..Proposal::withdraw(&row.record, row.version, reason.as_deref())
            };
            review::apply_or_hold(conn, &writing.ctx, proposal, |conn, ctx, _| {
                delete(conn, ctx, &id)
            })
        })
        .await
}

/// Removes a citation inside a write transaction, with its change.
pub fn delete(conn: &mut DbConn, ctx: &Ctx, id: &PublicId) -> Result<Written, Problem> {
    let (row, source) = store::find(conn, id)?.ok_or_else(|| Problem::not_found("citation"))?;
    let others = store::of_records(conn, std::slice::from_ref(&row.record))?;
    if others.get(&row.record).is_none_or(|all| all.len() < 2) {
        return Err(Problem::new(Code::InUse)
            .detail("a published record keeps at least one source; record another one first"));
    }
    if !store::delete(conn, &row)? {
        return Err(Problem::overtaken());
    }
    dependents::refresh(conn, &row.record)?;
    log(conn, ctx, ChangeOp::Withdrawn, Some((&row, &source)), None)?;
    Ok(Written::nothing())
}
