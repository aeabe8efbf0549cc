//! Reading sources.

use actix_web::{HttpResponse, get, web};
use diesel::QueryResult;

use super::filter::{self, SourceFilter};
use super::store::{self, SourceRow};
use super::types::SourceView;
use super::write::Source;
use crate::app::App;
use crate::changes::Meta;
use crate::core::vocabulary::record::Entity;
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::keyset::Sorting;
use crate::http::extract::params::{Parsed, Words};
use crate::http::extract::query::None as NoParams;
use crate::http::extract::{ItemParams, ItemQuery, ListParams, ListQuery, ReadRequest, Viewer};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::respond::Validator;
use crate::records::{self, Readable, Show};

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
    records::list::<Source>(app, request, viewer, query).await
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
    records::item::<Source>(app, request, viewer, path, query).await
}

impl Readable for Source {
    type View = SourceView;
    type Filter = SourceFilter;
    const ENTITY: Entity = Entity::Source;
    const SORTING: &'static Sorting = &filter::SORTING;

    fn words(filter: &SourceFilter) -> Option<&Parsed<Words>> {
        filter.q.as_ref()
    }

    fn condition(
        _: &mut DbConn,
        filter: &SourceFilter,
        show: &Show<'_>,
    ) -> Result<Condition, Problem> {
        Ok(filter::condition(filter, show.viewer))
    }

    fn by_keys(conn: &mut DbConn, keys: &[i64]) -> QueryResult<Vec<SourceRow>> {
        store::by_keys(conn, keys)
    }

    fn views(
        _: &mut DbConn,
        rows: Vec<SourceRow>,
        _: &Show<'_>,
    ) -> Result<Vec<SourceView>, Problem> {
        Ok(rows.iter().map(SourceRow::view).collect())
    }

    fn meta(view: &mut SourceView) -> &mut Meta {
        &mut view.meta
    }

    fn validator(row: &SourceRow, _: bool) -> Validator {
        Validator::version(row.version, row.updated_at.and_utc())
    }
}
