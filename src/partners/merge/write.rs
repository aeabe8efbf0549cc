//! `POST /partners/{id}/merge`.

use actix_web::{post, web};
use diesel::prelude::*;

use super::moves;
use super::types::{MergeIn, Merged, Tombstone};
use crate::access::JsonWrite;
use crate::changes::{self, Change, Ctx, refresh};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::record::{ChangeOp, Entity, RecordState};
use crate::db::DbConn;
use crate::db::schema::partners;
use crate::http::extract::{DryRun, path_id};
use crate::http::problem::{HttpResult, Problem};
use crate::http::write::Written;
use crate::http::{respond, validate};
use crate::partners::record::Partner;
use crate::partners::store::{self, PartnerRow};
use crate::partners::types::PartnerView;
use crate::partners::write::is_hosted_by;
use crate::partners::{contacts, reference};
use crate::records::{self, Record};
use crate::{change_row, updated, versioned};

/// Merge a partner into another
///
/// For one that was recorded twice. What names it moves to the other partner: parties of agreements
/// (with the name they signed under), memberships, activities, seats, hosted partners, relations,
/// names, identifiers and citations. Its id leads to the other partner from then on; both histories
/// stay. 409 while both are parties of one agreement, or live members of one network and section.
/// For registrars and admins.
#[utoipa::path(tag = "partners", params(("id" = String, Path, description = "The id of the partner that goes", example = "ptn_8x3k0q2m7t"), DryRun),
    request_body = MergeIn, responses((status = 200, description = "The partner that stays, as it now is", body = PartnerView, headers(("ETag")))))]
#[post("/api/v1/partners/{id}/merge")]
pub async fn merge_partner(write: JsonWrite, path: web::Path<String>) -> HttpResult {
    let id = path_id(Kind::Partner, "partner", &path)?;
    write
        .run(move |conn, writing, body| {
            let row = records::editable::<Partner>(conn, writing, &id)?;
            Problem::unless_draft(row.record_state)?;
            writing.if_match.check(row.version, &row.etag())?;
            let (after, value) = merge(conn, &writing.ctx, &row, body.read()?)?;
            Ok(Written::changed(value, after.etag()))
        })
        .await
}

/// Merges inside a write transaction: the partner that stays, and its JSON.
fn merge(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &PartnerRow,
    input: MergeIn,
) -> Result<(PartnerRow, serde_json::Value), Problem> {
    let mut issues = Issues::default();
    let into = issues.require("/into", input.into);
    let into = validate::id("/into", into, Kind::Partner, &mut issues);
    let reason = validate::required_text("/reason", input.reason, 500, &mut issues);
    let into = match into {
        Some(id) => target(conn, &id, row, &mut issues)?,
        None => None,
    };
    let (into, reason) = issues.finish(into.zip(reason))?;
    moves::not_both(conn, row.id, into.id)?;
    let (gone, stays) = (Partner::logged(conn, row)?, Partner::logged(conn, &into)?);
    // They show the other partner from now on: a change of each of them.
    refresh::mark_shown_by(conn, Entity::Partner, &row.public_id)?;
    for contact in contacts::store::of_partner(conn, row.id)? {
        refresh::mark(&contact);
    }
    moves::move_all(conn, ctx, row, &into)?;
    let left = leave(conn, ctx, row, &into, &reason)?;
    let leads = respond::to_value(&tombstone(conn, &left)?)?;
    let this = (&left.public_id, left.version);
    let change = Change::of(Entity::Partner, this, Some(&gone), &leads);
    let reason = Some(reason.as_str());
    changes::record(conn, ctx, &change.with_op(ChangeOp::Merged, reason))?;
    let after: PartnerRow = diesel::update(partners::table.find(into.id))
        .set(updated!(partners, into, ctx))
        .returning(crate::db::columns_of::<PartnerRow>())
        .get_result(conn)?;
    let value =
        records::log::<Partner>(conn, ctx, ChangeOp::Updated, Some(&stays), &after, reason)?;
    Ok((after, value))
}

/// The partner to merge into, when it can be: published, another one, and not part of the one that
/// goes.
fn target(
    conn: &mut DbConn,
    id: &PublicId,
    row: &PartnerRow,
    issues: &mut Issues,
) -> Result<Option<PartnerRow>, Problem> {
    if *id == row.public_id {
        let rule = "a partner can't be merged into itself";
        issues.add("/into", "same_partner", rule);
        return Ok(None);
    }
    let Some(known) = reference::resolve(conn, "/into", Some(id), issues)? else {
        return Ok(None);
    };
    if is_hosted_by(conn, known.key, row.id)? {
        let rule = "that partner is part of this one: it would become part of itself";
        issues.add("/into", "cycle", rule);
        return Ok(None);
    }
    Ok(store::find(conn, id)?)
}

/// The row of the partner that goes, as it stays behind.
fn leave(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &PartnerRow,
    into: &PartnerRow,
    reason: &str,
) -> Result<PartnerRow, Problem> {
    let columns = (
        partners::record_state.eq(RecordState::Merged),
        versioned!(partners, row.version, ctx),
        partners::merged_into.eq(Some(into.id)),
        partners::withdrawn_reason.eq(Some(reason)),
    );
    let left = change_row!(partners => PartnerRow, conn, row, columns)?;
    left.ok_or_else(Problem::overtaken)
}

/// What is shown of a merged partner to whoever does not follow. A merged row never changes again,
/// so that its last change is the merging.
pub fn tombstone(conn: &mut DbConn, row: &PartnerRow) -> QueryResult<Tombstone> {
    let into = reference::by_keys(conn, row.merged_into, None)?;
    Ok(Tombstone {
        id: row.public_id.clone(),
        record_state: row.record_state,
        merged: Merged {
            merged_into: into.into_values().next(),
            merged_at: Some(row.updated_at.and_utc()),
            reason: row.withdrawn_reason.clone(),
        },
    })
}
