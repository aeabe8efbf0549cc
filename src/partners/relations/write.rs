//! Recording and removing relations.

use actix_web::{delete, post, web};
use diesel::prelude::*;
use serde_json::Value;

use super::read::views;
use super::store::{RelationRow, find, leads_to, recorded};
use super::types::{RelationIn, RelationPath, RelationView};
use crate::access::review::{self, Proposal};
use crate::access::{JsonWrite, Write};
use crate::changes::{self, Change, Ctx, records, refresh};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::partner::RelationType;
use crate::core::vocabulary::record::{ChangeOp, Entity, Operation};
use crate::db::DbConn;
use crate::db::prepared::Prepare as _;
use crate::db::schema::{partner_relations, partners};
use crate::evidence::citations::store as citation_store;
use crate::evidence::citations::types::Which;
use crate::http::code::Code;
use crate::http::extract::body::shaped;
use crate::http::extract::write::Reason;
use crate::http::extract::{DryRun, Query, path_id};
use crate::http::problem::{HttpResult, Problem};
use crate::http::write::Written;
use crate::http::{respond, validate};
use crate::partners::names::reversed;
use crate::partners::record::Partner;
use crate::partners::{reference, store};
use crate::records::editable;

/// Record a relation of a partner
///
/// A merger or a split is several relations of type `successor`.
#[utoipa::path(tag = "partners", params(("id" = String, Path, description = "The partner's id", example = "ptn_8x3k0q2m7t"), DryRun),
    request_body = RelationIn, responses((status = 201, description = "The relation as recorded", body = RelationView)))]
#[post("/api/v1/partners/{id}/relations")]
pub async fn create_partner_relation(write: JsonWrite, path: web::Path<String>) -> HttpResult {
    let id = path_id(Kind::Partner, "partner", &path)?;
    write
        .run(move |conn, writing, body| {
            let partner = editable::<Partner>(conn, writing, &id)?;
            // Both ends show a relation: it can't be hidden with one of them.
            Problem::unless_draft(partner.record_state)?;
            writing.if_match.check_version(partner.version)?;
            let proposal = Proposal::new(Operation::Relate, &id, partner.version, body.value()?);
            review::apply_or_hold(conn, &writing.ctx, proposal, |conn, ctx, payload| {
                relate(conn, ctx, &id, payload)
            })
        })
        .await
}

/// Records a relation as it was sent.
pub fn relate(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    payload: &Value,
) -> Result<Written, Problem> {
    let partner = store::find(conn, id)?.ok_or_else(|| Problem::not_found("partner"))?;
    let view = create(conn, ctx, partner.id, shaped(payload.clone(), "")?)?;
    let location = format!("/api/v1/partners/{id}/relations/{}", view.id);
    let body = respond::to_value(&view)?;
    Ok(Written::created(body, "\"1\"".to_owned(), location))
}

/// Records a relation inside a write transaction, with its change.
pub fn create(
    conn: &mut DbConn,
    ctx: &Ctx,
    from: i64,
    input: RelationIn,
) -> Result<RelationView, Problem> {
    let mut issues = Issues::default();
    let to = issues.require("/to_id", input.to_id);
    let to = validate::id("/to_id", to, Kind::Partner, &mut issues);
    let to = reference::resolve(conn, "/to_id", to.as_ref(), &mut issues)?;
    let kind = issues.take_required("/type", input.kind);
    let since = issues.take("/since", input.since);
    let until = issues.take("/until", input.until);
    reversed("/until", since.as_ref(), until.as_ref(), &mut issues);
    let source = validate::id("/source_id", input.source_id, Kind::Source, &mut issues);
    let source = source.map(Which::Known);
    let source = citation_store::resolve(conn, ctx, source.as_ref(), "/source_id", &mut issues)?;
    let note = validate::prose("/note", input.note, 2000, &mut issues);
    if let (Some(to), Some(kind)) = (&to, kind) {
        if to.key == from {
            let rule = "a partner can't be related to itself";
            issues.add("/to_id", "same_partner", rule);
        } else if kind == RelationType::Successor && leads_to(conn, to.key, from)? {
            issues.add("/to_id", "cycle", "that partner came before this one");
        }
    }
    let (to, kind) = issues.finish(to.zip(kind))?;
    if let Some(known) = recorded(conn, from, to.key, kind)? {
        return Err(Problem::new(Code::DuplicateAgreement)
            .detail("this relation is already recorded")
            .member("duplicate_of", known.as_str()));
    }
    let row: RelationRow = diesel::insert_into(partner_relations::table)
        .values((
            partner_relations::public_id.eq(PublicId::next(Kind::Relation)),
            partner_relations::from_id.eq(from),
            partner_relations::to_id.eq(to.key),
            partner_relations::type_.eq(kind),
            partner_relations::since.eq(since),
            partner_relations::until.eq(until),
            partner_relations::source_id.eq(source.map(|source| source.id)),
            partner_relations::note.eq(note),
            partner_relations::created_at.eq(ctx.at()),
            partner_relations::created_by.eq(&ctx.author),
        ))
        .returning(crate::db::columns_of::<RelationRow>())
        .prepared()
        .get_result(conn)?;
    log(conn, ctx, ChangeOp::Created, row, None)
}

/// A relation as its earlier end shows it.
fn shown(conn: &mut DbConn, row: RelationRow) -> Result<RelationView, Problem> {
    let view = views(conn, vec![row], None, None)?.pop();
    view.ok_or_else(|| Problem::new(Code::Internal))
}

/// Logs what became of a relation.
pub(in crate::partners) fn log(
    conn: &mut DbConn,
    ctx: &Ctx,
    op: ChangeOp,
    row: RelationRow,
    reason: Option<&str>,
) -> Result<RelationView, Problem> {
    let from = row.from_id;
    let view = shown(conn, row)?;
    let value = respond::to_value(&view)?;
    let (before, after) = match op {
        ChangeOp::Created => (None, value),
        _ => (Some(value), Value::Null),
    };
    // The end of a relation comes after its only version.
    let this = (&view.id, 1 + i32::from(after.is_null()));
    let change = Change::of(Entity::Relation, this, before.as_ref(), &after);
    let rev = changes::record(conn, ctx, &change.with_op(op, reason))?;
    if view.kind == RelationType::Successor {
        records::mark_dependents_changed(conn, from, rev)?;
        refresh::mark_parties(conn, &view.from.id)?;
    }
    Ok(view)
}

/// Leaves this note of a relation, with its change: a name was taken out of it.
pub fn redact(
    conn: &mut DbConn,
    ctx: &Ctx,
    mut row: RelationRow,
    note: Option<String>,
    reason: &str,
) -> Result<(), Problem> {
    let id = row.public_id.clone();
    let before = respond::to_value(&shown(conn, row.clone())?)?;
    diesel::update(partner_relations::table.find(row.id))
        .set(partner_relations::note.eq(&note))
        .execute(conn)?;
    row.note = note;
    let after = respond::to_value(&shown(conn, row)?)?;
    let change = Change::of(Entity::Relation, (&id, 1), Some(&before), &after);
    let change = change.with_op(ChangeOp::Redacted, Some(reason));
    changes::record(conn, ctx, &change)?;
    Ok(())
}

/// Remove a relation of a partner
///
/// For one that should not be there; `If-Match` is `"1"`, since a relation never changes.
#[utoipa::path(tag = "partners", params(RelationPath, Reason),
    responses((status = 204, description = "Removed")))]
#[delete("/api/v1/partners/{id}/relations/{relation_id}")]
pub async fn delete_partner_relation(
    write: Write,
    path: web::Path<RelationPath>,
    reason: Query<Reason>,
) -> HttpResult {
    let id = path_id(Kind::Partner, "partner", &path.id)?;
    let relation = path_id(Kind::Relation, "relation", &path.relation_id)?;
    write
        .run(move |conn, writing| {
            let partner = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("partner"))?;
            let row = find(conn, &relation)?
                .filter(|row| [row.from_id, row.to_id].contains(&partner.id))
                .ok_or_else(|| Problem::not_found("relation"))?;
            // A relation is recorded at its earlier end: that is whose record it is.
            let at: PublicId = partners::table
                .find(row.from_id)
                .select(partners::public_id)
                .first(conn)?;
            writing.may_edit(conn, &at)?;
            writing.if_match.require(1, "\"1\"")?;
            let reason = reason.checked()?;
            let proposal = Proposal {
                operation: Operation::Unrelate,
                part: Some(&relation),
                ..Proposal::withdraw(&at, 1, reason.as_deref())
            };
            review::apply_or_hold(conn, &writing.ctx, proposal, |conn, ctx, _| {
                unrelate(conn, ctx, &relation, reason.as_deref())
            })
        })
        .await
}

/// Removes a relation inside a write transaction, with its change.
pub fn unrelate(
    conn: &mut DbConn,
    ctx: &Ctx,
    relation: &PublicId,
    reason: Option<&str>,
) -> Result<Written, Problem> {
    let row = find(conn, relation)?.ok_or_else(|| Problem::not_found("relation"))?;
    diesel::delete(partner_relations::table.find(row.id)).execute(conn)?;
    log(conn, ctx, ChangeOp::Withdrawn, row, reason)?;
    Ok(Written::nothing())
}
