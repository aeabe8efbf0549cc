//! Reading sources.

use actix_web::{HttpResponse, get, web};
use diesel::prelude::*;
use serde::Deserialize;
use utoipa::IntoParams;

use super::store::{self, SourceRow};
use super::types::SourceView;
use crate::app::App;
use crate::changes::{self, persons};
use crate::core::ids::Kind;
use crate::core::vocabulary::evidence::{Reliability, SourceKind};
use crate::core::vocabulary::record::{Entity, RecordState};
use crate::db::condition::Condition;
use crate::db::keyset::{Position, SortKey, Sorting};
use crate::db::schema::sources;
use crate::db::{Backend, DbConn};
use crate::http::extract::params::{Address, List, Parsed, Words};
use crate::http::extract::query::None as NoParams;
use crate::http::extract::viewer::Driven;
use crate::http::extract::{
    ItemParams, ItemQuery, ListParams, ListQuery, ReadRequest, Viewer, path_id,
};
use crate::http::listing::{ids_sql, is_settled};
use crate::http::page::{Cursor, Page, bad_cursor, order, slice};
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

/// List sources
///
/// Everything that facts are taken from, by title.
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
            let found = query
                .filter
                .q
                .as_ref()
                .map(|q| index.search(conn, &[Entity::Source], &q.0.0))
                .transpose()?
                .map(|hits| hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>());
            let page = page(conn, &viewer, &query, found.as_deref())?;
            Ok((Some(page), revision))
        })
        .await?;
    respond::list_unless_settled(&request, revision, fields.as_deref(), page.as_ref())
}

fn filtered<'a>(
    viewer: &Viewer,
    filter: &'a SourceFilter,
    found: Option<&'a [i64]>,
) -> sources::BoxedQuery<'a, Backend> {
    let driven = Driven::by(found.is_some() || filter.url.is_some());
    let mut query = sources::table
        .filter(viewer.states("sources", filter.record_state.as_ref(), driven))
        .into_boxed();
    if let Some(found) = found {
        let among = ids_sql(found.iter().copied());
        query = query.filter(Condition::new(format!("sources.id IN {among}")));
    }
    if let Some(kinds) = &filter.kind {
        query = query.filter(sources::kind.eq_any(&kinds.0));
    }
    if let Some(reliability) = &filter.reliability {
        query = query.filter(sources::reliability.eq_any(&reliability.0));
    }
    if let Some(Parsed(Address(url))) = &filter.url {
        query = query.filter(sources::url.eq(url));
    }
    query
}

fn page(
    conn: &mut DbConn,
    viewer: &Viewer,
    query: &ListQuery<SourceFilter>,
    found: Option<&[i64]>,
) -> Result<Page<SourceView>, Problem> {
    let params = &query.params;
    let order = order(&SORTING, params.sort.as_deref())?;
    let cursor = Cursor::decode(params.cursor.as_deref(), &query.fingerprint)?;
    let backwards = cursor.as_ref().is_some_and(|cursor| cursor.backwards);
    let mut rows = filtered(viewer, &query.filter, found).select(SourceRow::as_select());
    if let Some(cursor) = &cursor {
        rows = rows.filter(
            order
                .behind(&cursor.position, backwards)
                .ok_or_else(bad_cursor)?,
        );
    }
    let rows: Vec<SourceRow> = rows
        .order(diesel::dsl::sql::<diesel::sql_types::Text>(
            &order.order_by(backwards),
        ))
        .limit(i64::from(params.limit()) + 1)
        .load(conn)?;
    let sliced = slice(
        rows,
        params.limit(),
        &query.fingerprint,
        cursor.as_ref(),
        |row| Position {
            values: order
                .keys()
                .map(|(key, _)| match key.name {
                    "updated_at" => crate::db::keyset::time(row.updated_at),
                    "created_at" => crate::db::keyset::time(row.created_at),
                    _ => row.sort_key.clone(),
                })
                .collect(),
            id: row.public_id.to_string(),
        },
    );
    let total = if params.counts() {
        Some(
            filtered(viewer, &query.filter, found)
                .count()
                .get_result(conn)?,
        )
    } else {
        None
    };
    Ok(Page {
        data: sliced.rows.iter().map(SourceRow::view).collect(),
        page: sliced.page,
        total,
    })
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
