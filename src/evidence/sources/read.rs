//! Reading sources.

use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::store::{self, SourceRow};
use super::types::SourceView;
use crate::app::App;
use crate::changes::{self, persons};
use crate::core::ids::Kind;
use crate::core::vocabulary::evidence::{Reliability, SourceKind};
use crate::core::vocabulary::record::{Entity, RecordState};
use crate::db::condition::{Condition, Value};
use crate::db::keyset::{SortKey, Sorting};
use crate::http::extract::params::{Address, List, Parsed, Since, Words};
use crate::http::extract::query::None as NoParams;
use crate::http::extract::viewer::Driven;
use crate::http::extract::{
    ItemParams, ItemQuery, ListParams, ListQuery, ReadRequest, Viewer, path_id,
};
use crate::http::listing::{Listing, is_settled};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::respond::{self, Validator};

/// Filters of sources.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SourceFilter {
    /// Text in the title.
    #[param(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub q: Option<Parsed<Words>>,
    /// Kinds, separated by commas.
    #[param(value_type = Option<String>, example = "press")]
    pub kind: Option<List<SourceKind>>,
    /// Who stands behind it, separated by commas.
    #[param(value_type = Option<String>, example = "official_party")]
    pub reliability: Option<List<Reliability>>,
    /// The exact address.
    #[param(value_type = Option<String>, max_length = 2000, pattern = "^https?://[^ ]+$")]
    pub url: Option<Parsed<Address>>,
    /// Changed at this time or later (RFC 3339): those with a new version, not those that show something
    /// else of other records (the feed tells of these).
    #[param(value_type = Option<String>, example = "2026-01-01T00:00:00Z")]
    pub updated_since: Option<Parsed<Since>>,
    /// Also drafts, or only drafts, of the caller's own office: states separated by commas. Without
    /// it only what is published.
    #[param(value_type = Option<String>, example = "published")]
    pub record_state: Option<List<RecordState>>,
}

const SORTING: Sorting = Sorting {
    table: "sources",
    keys: &[
        SortKey::text("title", "sources.sort_key"),
        SortKey::time("updated_at", "sources.updated_at"),
        SortKey::time("created_at", "sources.created_at"),
    ],
    default: "title",
};

/// The rows that a filter lets through, apart from `q`.
fn condition(filter: &SourceFilter, viewer: &Viewer) -> Condition {
    let driven = Driven::by(filter.q.is_some() || filter.url.is_some());
    let mut c = viewer.states("sources", filter.record_state.as_ref(), driven);
    if let Some(kinds) = &filter.kind {
        c = c.sql(" AND sources.kind IN ").texts(&kinds.0);
    }
    if let Some(reliability) = &filter.reliability {
        c = c.sql(" AND sources.reliability IN ").texts(&reliability.0);
    }
    if let Some(Parsed(Address(url))) = &filter.url {
        c = c.sql(" AND sources.url = ").text(url);
    }
    if let Some(Parsed(since)) = &filter.updated_since {
        c = c
            .sql(" AND sources.updated_at >= ")
            .bind(Value::Time(since.0.naive_utc()));
    }
    c
}

/// List sources
///
/// Everything that facts are taken from, by title. With `q` and no `sort`, the best match comes first.
#[utoipa::path(tag = "sources", params(ListParams, SourceFilter),
    responses((status = 200, description = "A page of sources", body = Page<SourceView>)))]
#[get("/api/v1/sources")]
pub async fn list_sources(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    query: ListQuery<SourceFilter>,
) -> Result<HttpResponse, Problem> {
    respond::includes(query.params.include.as_deref(), &[])?;
    let fields = query.params.fields.clone();
    let index = std::sync::Arc::clone(&app.index);
    let asked = request.clone();
    let (page, revision) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let revision = changes::seen(conn, &viewer)?;
            if is_settled(&asked, revision, &query, Some(&SORTING))? {
                return Ok((None, revision));
            }
            let hits = match &query.filter.q {
                Some(Parsed(q)) => Some(index.search(conn, &[Entity::Source], &q.0)?),
                None => None,
            };
            let condition = condition(&query.filter, &viewer);
            let found = Listing::new(&SORTING, &query, condition, hits)
                .page::<SourceRow>(conn, store::by_keys)?;
            let page = Page {
                data: found.rows.iter().map(SourceRow::view).collect(),
                page: found.page,
                total: found.total,
            };
            Ok((Some(page), revision))
        })
        .await?;
    respond::list_unless_settled(&request, revision, fields.as_deref(), page.as_ref())
}

/// Read a source
///
/// A page, paper, register or person's word that facts are taken from.
#[utoipa::path(tag = "sources", params(("id" = String, Path, description = "The source's id", example = "src_8x3k0q2m7t"), ItemParams),
    responses((status = 200, description = "The source", body = SourceView)))]
#[get("/api/v1/sources/{id}")]
pub async fn get_source(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    path: web::Path<String>,
    query: ItemQuery<NoParams>,
) -> Result<HttpResponse, Problem> {
    respond::includes(query.params.include.as_deref(), &[])?;
    let id = path_id(Kind::Source, "source", &path)?;
    let view = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let row = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("source"))?;
            crate::must_see!(conn, &viewer, row)?;
            let mut view = row.view();
            persons::sign(conn, &viewer, &id, &mut view.meta)?;
            Ok(view)
        })
        .await?;
    let validator = Validator::version(view.meta.version, view.meta.updated_at);
    respond::item(&request, &validator, query.params.fields.as_deref(), &view)
}
