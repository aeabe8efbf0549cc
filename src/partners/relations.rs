//! Relations between partners: successors and other related bodies.
//!
//! A merger or a split is many rows of type `successor`. The inverse of a relation is shown, never
//! stored.

use actix_web::{HttpResponse, delete, get, post, web};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::names::reversed;
use super::reference::{self, PartnerRef};
use super::store;
use crate::access::Write;
use crate::access::review::{self, Proposal};
use crate::app::App;
use crate::changes::refresh::{self, Shown};
use crate::changes::{self, Change, Ctx, records};
use crate::core::author::{Author, AuthorView};
use crate::core::edtf::{DateRange, Edtf};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::{Checked, Issues};
use crate::core::vocabulary::partner::RelationType;
use crate::core::vocabulary::record::{ChangeOp, Entity, Operation, RecordState};
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::keyset::{SortKey, Sorting, time};
use crate::db::prepared::Prepare as _;
use crate::db::schema::{partner_relations, partners};
use crate::evidence::citations::store as citation_store;
use crate::evidence::citations::types::Which;
use crate::evidence::sources::SourceView;
use crate::evidence::sources::store as source_store;
use crate::http::code::Code;
use crate::http::extract::body::shaped;
use crate::http::extract::query::NoParams;
use crate::http::extract::write::Reason;
use crate::http::extract::{
    DryRun, JsonBody, ListParams, ListQuery, Query, ReadRequest, Viewer, path_id,
};
use crate::http::listing::{Listed, Listing, is_settled};
use crate::http::page::Page;
use crate::http::problem::{Problem, validated};
use crate::http::respond;
use crate::http::validate;
use crate::http::write::Written;

/// What a relation is recorded with.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to_id": "ptn_8x3k0q2m7t", "type": "successor", "since": "2015-01-01"}))]
pub struct RelationIn {
    /// The other partner.
    #[schema(required = true, nullable = false, example = "ptn_8x3k0q2m7t")]
    pub to_id: Option<String>,
    /// What it is to the partner in the address.
    #[serde(rename = "type")]
    #[schema(value_type = RelationType, required = true)]
    pub kind: Option<Checked<RelationType>>,
    /// Since when.
    #[schema(value_type = Option<Edtf>)]
    pub since: Option<Checked<Edtf>>,
    /// Until when.
    #[schema(value_type = Option<Edtf>)]
    pub until: Option<Checked<Edtf>>,
    /// Where this is from.
    #[schema(example = "src_8x3k0q2m7t")]
    pub source_id: Option<String>,
    /// What else there is to say.
    #[schema(min_length = 1, max_length = 2000)]
    pub note: Option<String>,
}

/// A relation of two partners, read from either side.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RelationView {
    /// Its id.
    #[schema(example = "rel_8x3k0q2m7t")]
    pub id: PublicId,
    /// The partner it is recorded at: the earlier one of a succession.
    pub from: PartnerRef,
    /// The other partner: the later one of a succession.
    pub to: PartnerRef,
    /// What `to` is to `from`.
    #[serde(rename = "type")]
    pub kind: RelationType,
    /// Whether the partner in the address is `to`: read the other way round, a successor's
    /// counterpart is a predecessor.
    pub inverse: bool,
    /// Since when.
    pub since: Option<Edtf>,
    /// The days that can mean.
    pub since_range: Option<DateRange>,
    /// Until when.
    pub until: Option<Edtf>,
    /// The days that can mean.
    pub until_range: Option<DateRange>,
    /// Where this is from.
    pub source: Option<SourceView>,
    /// What else there is to say.
    pub note: Option<String>,
    /// When it was recorded.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub created_at: DateTime<Utc>,
    /// Who recorded it.
    #[schema(value_type = AuthorView)]
    pub created_by: Author,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = partner_relations)]
pub(super) struct RelationRow {
    pub(super) id: i64,
    public_id: PublicId,
    pub(super) from_id: i64,
    pub(super) to_id: i64,
    pub(super) type_: RelationType,
    since: Option<Edtf>,
    until: Option<Edtf>,
    source_id: Option<i64>,
    note: Option<String>,
    created_at: NaiveDateTime,
    created_by: Author,
}

impl Listed for RelationRow {
    fn id(&self) -> i64 {
        self.id
    }

    fn public_id(&self) -> &PublicId {
        &self.public_id
    }

    fn sort_value(&self, _: &str, _: bool) -> String {
        time(self.created_at)
    }
}

const SORTING: Sorting = Sorting {
    table: "partner_relations",
    row: "partner_relations.id",
    keys: &[SortKey::time("created_at", "partner_relations.created_at")],
    default: "created_at",
};

fn views(
    conn: &mut DbConn,
    rows: Vec<RelationRow>,
    seen_from: i64,
    lang: Option<&crate::core::language::LanguageTag>,
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
                inverse: row.to_id == seen_from,
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
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    path: web::Path<String>,
    query: ListQuery<NoParams>,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Partner, "partner", &path)?;
    respond::includes(query.params.include.as_deref(), &[])?;
    let fields = query.params.fields.clone();
    let asked = request.clone();
    let (page, revision) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let revision = changes::seen(conn, &viewer)?;
            let partner = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("partner"))?;
            crate::must_see!(conn, &viewer, partner)?;
            if is_settled(&asked, revision, &query, Some(&SORTING))? {
                return Ok((None, revision));
            }
            let page = page(conn, partner.id, &query)?;
            Ok((Some(page), revision))
        })
        .await?;
    respond::list_unless_settled(&request, revision, fields.as_deref(), page.as_ref())
}

/// The relations of a partner (internal key), as the list answers with them.
pub fn page(
    conn: &mut DbConn,
    partner: i64,
    query: &ListQuery<NoParams>,
) -> Result<Page<RelationView>, Problem> {
    let condition = Condition::new("partner_relations.from_id = ")
        .integer(partner)
        .sql(" OR partner_relations.to_id = ")
        .integer(partner);
    let found = Listing::new(&SORTING, query, condition, None).page(conn, |conn, keys| {
        partner_relations::table
            .filter(partner_relations::id.eq_any(keys))
            .select(RelationRow::as_select())
            .load(conn)
    })?;
    Ok(Page {
        data: views(conn, found.rows, partner, query.params.lang())?,
        page: found.page,
        total: found.total,
    })
}

/// Record a relation of a partner
///
/// A merger or a split is several relations of type `successor`.
#[utoipa::path(tag = "partners", params(("id" = String, Path, description = "The partner's id", example = "ptn_8x3k0q2m7t"), DryRun),
    request_body = RelationIn, responses((status = 201, description = "The relation as recorded", body = RelationView)))]
#[post("/api/v1/partners/{id}/relations")]
pub async fn create_partner_relation(
    write: Write,
    path: web::Path<String>,
    _: Query<DryRun>,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Partner, "partner", &path)?;
    write
        .run_with(body, move |conn, writing, body| {
            let partner = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("partner"))?;
            crate::must_see!(conn, &writing.ctx.viewer, partner)?;
            writing.may_edit(conn, &id)?;
            // Both ends show a relation: it can't be hidden with one of them.
            Problem::unless_draft(partner.record_state)?;
            writing
                .if_match
                .check(partner.version, &format!("\"{}\"", partner.version))?;
            let proposal = Proposal {
                operation: Operation::Relate,
                target: &id,
                part: None,
                version: partner.version,
                payload: body.value()?,
            };
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
    Ok(Written::created(
        respond::to_value(&view)?,
        "\"1\"".to_owned(),
        location,
    ))
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
    let to = to.and_then(|id| issues.check("/to_id", PublicId::of_kind(&id, Kind::Partner)));
    let to = match to {
        Some(id) => reference::resolve(conn, "/to_id", &id, &mut issues)?,
        None => None,
    };
    let kind = issues.take_required("/type", input.kind);
    let since = issues.take("/since", input.since);
    let until = issues.take("/until", input.until);
    reversed("/until", since.as_ref(), until.as_ref(), &mut issues);
    let source = input
        .source_id
        .and_then(|id| issues.check("/source_id", PublicId::of_kind(&id, Kind::Source)));
    let source = match source {
        Some(id) => {
            citation_store::resolve(conn, ctx, &Which::Known(id), "/source_id", &mut issues)?
        }
        None => None,
    };
    let note = validate::prose("/note", input.note, 2000, &mut issues);
    if let (Some(to), Some(kind)) = (&to, kind) {
        if to.key == from {
            issues.add(
                "/to_id",
                "same_partner",
                "a partner can't be related to itself",
            );
        } else if kind == RelationType::Successor && leads_to(conn, to.key, from)? {
            issues.add("/to_id", "cycle", "that partner came before this one");
        }
    }
    validated(issues)?;
    let (Some(to), Some(kind)) = (to, kind) else {
        return Err(Problem::new(Code::Internal));
    };
    not_recorded(conn, from, to.key, kind)?;
    let row: RelationRow = diesel::insert_into(partner_relations::table)
        .values((
            partner_relations::public_id.eq(PublicId::random(Kind::Relation)),
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
        .returning(crate::db::returning::<RelationRow>())
        .prepared()
        .get_result(conn)?;
    log(conn, ctx, ChangeOp::Created, row, from, None)
}

/// 409 when the two partners already have a relation of this type.
fn not_recorded(conn: &mut DbConn, from: i64, to: i64, kind: RelationType) -> Result<(), Problem> {
    let known: Option<PublicId> = partner_relations::table
        .filter(partner_relations::from_id.eq(from))
        .filter(partner_relations::to_id.eq(to))
        .filter(partner_relations::type_.eq(kind))
        .select(partner_relations::public_id)
        .first(conn)
        .optional()?;
    known.map_or(Ok(()), |known| {
        Err(Problem::new(Code::DuplicateAgreement)
            .detail("this relation is already recorded")
            .member("duplicate_of", known.as_str()))
    })
}

/// Whether following the successors from `from` leads to `to` (I3).
pub(super) fn leads_to(conn: &mut DbConn, from: i64, to: i64) -> QueryResult<bool> {
    let (mut seen, mut open) = (vec![from], vec![from]);
    while !open.is_empty() {
        let next: Vec<i64> = partner_relations::table
            .filter(partner_relations::from_id.eq_any(&open))
            .filter(partner_relations::type_.eq(RelationType::Successor))
            .select(partner_relations::to_id)
            .load(conn)?;
        open = next.into_iter().filter(|key| !seen.contains(key)).collect();
        seen.extend(&open);
    }
    Ok(seen.contains(&to))
}

pub(super) fn log(
    conn: &mut DbConn,
    ctx: &Ctx,
    op: ChangeOp,
    row: RelationRow,
    seen_from: i64,
    reason: Option<&str>,
) -> Result<RelationView, Problem> {
    let (id, from, kind) = (row.public_id.clone(), row.from_id, row.type_);
    let view = views(conn, vec![row], seen_from, None)?
        .pop()
        .ok_or_else(|| Problem::new(Code::Internal))?;
    let value = respond::to_value(&view)?;
    let (before, after) = match op {
        ChangeOp::Created => (None, value),
        _ => (Some(value), serde_json::Value::Null),
    };
    let change = Change {
        entity: Entity::Relation,
        id: &id,
        op,
        // The end of a relation comes after its only version.
        version: 1 + i32::from(after.is_null()),
        before: before.as_ref(),
        after: &after,
        reason,
    };
    let rev = changes::record(conn, ctx, &change)?;
    if kind == RelationType::Successor {
        records::mark_dependents_changed(conn, from, rev)?;
        let earlier: PublicId = partners::table
            .find(from)
            .select(partners::public_id)
            .first(conn)?;
        refresh::mark_parties(conn, &earlier)?;
    }
    Ok(view)
}

/// The address of a relation.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RelationPath {
    /// The partner's id.
    #[param(example = "ptn_8x3k0q2m7t")]
    pub id: String,
    /// The relation's id.
    #[param(example = "rel_8x3k0q2m7t")]
    pub relation_id: String,
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
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Partner, "partner", &path.id)?;
    let relation = path_id(Kind::Relation, "relation", &path.relation_id)?;
    write
        .run(move |conn, writing| {
            let partner = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("partner"))?;
            let row: RelationRow = partner_relations::table
                .filter(partner_relations::public_id.eq(&relation))
                .filter(
                    partner_relations::from_id
                        .eq(partner.id)
                        .or(partner_relations::to_id.eq(partner.id)),
                )
                .select(RelationRow::as_select())
                .first(conn)
                .optional()?
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
    let row: RelationRow = partner_relations::table
        .filter(partner_relations::public_id.eq(relation))
        .select(RelationRow::as_select())
        .first(conn)
        .optional()?
        .ok_or_else(|| Problem::not_found("relation"))?;
    let from = row.from_id;
    diesel::delete(partner_relations::table.find(row.id)).execute(conn)?;
    log(conn, ctx, ChangeOp::Withdrawn, row, from, reason)?;
    Ok(Written::nothing())
}

/// The relations of these ids as their earlier ends show them, for the feed.
pub fn listed(conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<Vec<Shown>> {
    let rows: Vec<RelationRow> = partner_relations::table
        .filter(partner_relations::public_id.eq_any(ids))
        .select(RelationRow::as_select())
        .load(conn)?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let (id, from) = (row.public_id.clone(), row.from_id);
        let head = vec![(id, 1, RecordState::Published)];
        all.extend(refresh::shown(head, &views(conn, vec![row], from, None)?)?);
    }
    Ok(all)
}
