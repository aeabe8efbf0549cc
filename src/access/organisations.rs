//! Offices: `/organisations`. An office is addressed by its partner's id.

pub mod store;

use actix_web::{get, patch, post, web};
use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::JsonWrite;
use crate::changes::{Ctx, records};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::db::DbConn;
use crate::db::schema::{organisations, partners};
use crate::http::code::Code;
use crate::http::extract::query::NoParams;
use crate::http::extract::{DryRun, ItemQuery, ListParams, ListQuery, Read, path_id};
use crate::http::listing::{self, of_all, page_of};
use crate::http::page::Page;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{self, Validator};
use crate::http::write::Written;
use crate::http::{patch, validate};
use store::OfficeRow;

/// The office of a partner, as it is sent.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationIn {
    /// The partner whose office it is; only when it is made.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub partner_id: Option<String>,
    /// Whether what editors do waits for a second person's consent.
    #[schema(example = true)]
    pub four_eyes: Option<bool>,
}

/// The office of a partner.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = organisations)]
pub struct OrganisationView {
    /// The partner's id, which is the office's.
    #[schema(example = "ptn_8x3k0q2m7t")]
    #[diesel(select_expression = partners::public_id)]
    pub id: PublicId,
    /// The partner's name.
    #[schema(example = "Białystok")]
    #[diesel(select_expression = partners::name)]
    pub name: String,
    /// Whether what editors do waits for a second person's consent.
    #[schema(example = true)]
    pub four_eyes: bool,
    /// Its version, from 1; the ETag.
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

fn etag(row: &OfficeRow) -> String {
    format!("\"{}-{}\"", row.view.version, row.named)
}

/// The internal key of a partner's office, which is opened if there is none.
pub fn opened(conn: &mut DbConn, ctx: &Ctx, partner: &PublicId) -> Result<i64, Problem> {
    if let Some(office) = store::find(conn, partner)? {
        return Ok(office.id);
    }
    let found = records::published(conn, Kind::Partner, Some(partner.as_str()))?;
    let (_, head) = found.ok_or_else(|| Problem::not_found("partner"))?;
    Ok(store::insert(conn, ctx, (partner, head.id), false)?.id)
}

/// List the offices
///
/// For whoever is logged in.
#[utoipa::path(tag = "access", params(ListParams),
    responses((status = 200, description = "A page of offices", body = Page<OrganisationView>)))]
#[get("/api/v1/organisations")]
pub async fn list_organisations(
    (app, request, _viewer): Read,
    query: ListQuery<NoParams>,
) -> HttpResult {
    listing::answer(&app, &request, query, None, of_all, |conn, query, ()| {
        let all = store::all(conn)?.into_iter().map(|row| row.view);
        page_of(all.collect(), query, |office| office.id.to_string())
    })
    .await
}

/// Read an office
///
/// For whoever is logged in.
#[utoipa::path(tag = "access", params(("id" = String, Path, description = "The id of the office's partner", example = "ptn_8x3k0q2m7t")),
    responses((status = 200, description = "The office", body = OrganisationView)))]
#[get("/api/v1/organisations/{id}")]
pub async fn get_organisation(
    (app, request, _viewer): Read,
    path: web::Path<String>,
    _query: ItemQuery<NoParams>,
) -> HttpResult {
    let id = path_id(Kind::Partner, "office", &path)?;
    let row = app
        .db
        .read(move |conn| store::find(conn, &id)?.ok_or_else(|| Problem::not_found("office")))
        .await?;
    let modified = row.updated_at.and_utc();
    let validator = Validator::version_rev(row.view.version, row.named.into(), modified);
    respond::item(&request, &validator, None, &row.view)
}

/// Open an office
///
/// Its members then edit what the partner, and what it hosts, takes part in.
#[utoipa::path(tag = "access", params(DryRun), request_body = OrganisationIn,
    responses((status = 201, description = "The office", body = OrganisationView)))]
#[post("/api/v1/organisations")]
pub async fn create_organisation(write: JsonWrite) -> HttpResult {
    write
        .run(move |conn, writing, body| {
            let input: OrganisationIn = body.read()?;
            let mut issues = Issues::default();
            let partner = issues.require("/partner_id", input.partner_id);
            let partner = validate::id("/partner_id", partner, Kind::Partner, &mut issues);
            let named = partner.as_ref().map(PublicId::as_str);
            let found = records::published(conn, Kind::Partner, named)?;
            if let (Some(id), None) = (&partner, &found) {
                let rule = format!("there is no partner {id}");
                issues.add("/partner_id", "unknown_reference", rule);
            }
            let (partner, head) = issues.finish(found)?;
            if store::find(conn, &partner)?.is_some() {
                return Err(Problem::new(Code::InUse)
                    .detail("the partner has an office already; PATCH changes it")
                    .member("organisation", partner.as_str()));
            }
            let four_eyes = input.four_eyes.unwrap_or_default();
            let row = store::insert(conn, &writing.ctx, (&partner, head.id), four_eyes)?;
            let (etag, location) = (etag(&row), format!("/api/v1/organisations/{partner}"));
            let body = respond::to_value(&row.view)?;
            Ok(Written::created(body, etag, location))
        })
        .await
}

/// Change an office
///
/// Whether what its editors do waits for a second person's consent.
#[utoipa::path(tag = "access", params(("id" = String, Path, description = "The id of the office's partner", example = "ptn_8x3k0q2m7t"), DryRun),
    request_body = OrganisationIn, responses((status = 200, description = "The office as it now is", body = OrganisationView)))]
#[patch("/api/v1/organisations/{id}")]
pub async fn update_organisation(write: JsonWrite, path: web::Path<String>) -> HttpResult {
    let id = path_id(Kind::Partner, "office", &path)?;
    write
        .run(move |conn, writing, body| {
            let row = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("office"))?;
            let before = &row.view;
            writing.if_match.require(before.version, &etag(&row))?;
            let current =
                serde_json::json!({ "partner_id": before.id, "four_eyes": before.four_eyes });
            let patch = body.value()?;
            patch::not_null(&patch, "four_eyes")?;
            let input: OrganisationIn = patch::patched(current, &patch)?;
            if input.partner_id.as_deref() != Some(before.id.as_str()) {
                return Err(Problem::new(Code::ValidationFailed).field(
                    "/partner_id",
                    "read_only",
                    "an office stays that of its partner",
                ));
            }
            let four_eyes = input.four_eyes.unwrap_or_default();
            let after = store::update(conn, &writing.ctx, &row, four_eyes)?;
            let tag = etag(&after);
            Ok(Written::changed(respond::to_value(&after.view)?, tag))
        })
        .await
}
