//! Listing relations.

use actix_web::{get, web};
use diesel::prelude::*;

use super::store::RelationRow;
use super::types::RelationView;
use crate::changes::refresh::Shown;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::core::vocabulary::record::RecordState;
use crate::db::condition::Condition;
use crate::db::keyset::{SortKey, Sorting};
use crate::db::schema::partner_relations;
use crate::db::{DbConn, columns_of};
use crate::evidence::sources::store as source_store;
use crate::http::extract::query::NoParams;
use crate::http::extract::{ListParams, ListQuery, Read};
use crate::http::listing::Listing;
use crate::http::page::Page;
use crate::http::problem::{HttpResult, Problem};
use crate::partners::record::Partner;
use crate::partners::reference;
use crate::partners::store::PartnerRow;
use crate::records;

const SORTING: Sorting = Sorting {
    table: "partner_relations",
    keys: &[SortKey::time("created_at", "partner_relations.created_at")],
    default: "created_at",
};

/// These relations as the partner of the internal key `seen_from` shows them, or else their earlier ends.
pub(super) fn views(
    conn: &mut DbConn,
    rows: Vec<RelationRow>,
    seen_from: Option<i64>,
    lang: Option<&LanguageTag>,
) -> QueryResult<Vec<RelationView>> {
    let ends = rows.iter().flat_map(|row| [row.from_id, row.to_id]);
    let ends = reference::by_keys(conn, ends, lang)?;
    let sources: Vec<i64> = rows.iter().filter_map(|row| row.source_id).collect();
    let sources = source_store::by_keys(conn, &sources)?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(RelationView {
                id: row.public_id,
                from: ends.get(&row.from_id)?.clone(),
                to: ends.get(&row.to_id)?.clone(),
                kind: row.type_,
                inverse: Some(row.to_id) == seen_from,
                since_range: row.since.as_ref().map(Into::into),
                since: row.since,
                until_range: row.until.as_ref().map(Into::into),
                until: row.until,
                source: sources
                    .iter()
                    .find(|s| Some(s.id) == row.source_id)
                    .map(source_store::SourceRow::view),
                note: row.note,
                created_at: row.created_at.and_utc(),
                created_by: row.created_by,
            })
        })
        .collect())
}

/// List a partner's relations
///
/// Successors, predecessors and related bodies, whichever side they were recorded at.
#[utoipa::path(tag = "partners", params(("id" = String, Path, description = "The partner's id", example = "ptn_8x3k0q2m7t"), ListParams),
    responses((status = 200, description = "A page of relations", body = Page<RelationView>), crate::http::openapi::Merged))]
#[get("/api/v1/partners/{id}/relations")]
pub async fn list_partner_relations(
    (app, request, viewer): Read,
    path: web::Path<String>,
    query: ListQuery<NoParams>,
) -> HttpResult {
    let page = |conn: &mut DbConn, query: &ListQuery<_>, (partner, _): (PartnerRow, _)| {
        page(conn, partner.id, query)
    };
    let sorting = Some(&SORTING);
    records::parts::<Partner, _, _>(&app, &request, viewer, &path, query, sorting, page).await
}

/// The relations of a partner (internal key), as the list answers with them.
pub fn page(
    conn: &mut DbConn,
    partner: i64,
    query: &ListQuery<NoParams>,
) -> Result<Page<RelationView>, Problem> {
    let sql = "partner_relations.from_id = ? OR partner_relations.to_id = ?";
    let condition = Condition::of(sql, [partner.into(), partner.into()]);
    let found = Listing::new(&SORTING, query, condition, None).page(conn, |conn, keys| {
        partner_relations::table
            .filter(partner_relations::id.eq_any(keys))
            .select(columns_of::<RelationRow>())
            .load(conn)
    })?;
    Ok(found.shown(|rows| views(conn, rows, Some(partner), query.params.lang()))?)
}

/// The relations of these ids as their earlier ends show them, for the feed.
pub fn listed(conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<Vec<Shown>> {
    let rows: Vec<RelationRow> = partner_relations::table
        .filter(partner_relations::public_id.eq_any(ids))
        .select(columns_of::<RelationRow>())
        .load(conn)?;
    let views = views(conn, rows, None, None)?.into_iter();
    views
        .map(|view| Shown::of(view.id.clone(), 1, RecordState::Published, &view))
        .collect()
}
