//! Reading citations.

use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::store::{self, CitationRow};
use super::types::CitationView;
use crate::changes::feed::RecordPath;
use crate::changes::{self, records};
use crate::core::ids::{Kind, PublicId};
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::keyset::{SortKey, Sorting};
use crate::evidence::sources::store::SourceRow;
use crate::http::code::Code;
use crate::http::extract::query::NoParams;
use crate::http::extract::{ItemParams, ItemQuery, ListParams, ListQuery, Read, Viewer, path_id};
use crate::http::listing::{self, Listing};
use crate::http::page::Page;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{self, Validator};

/// Filters of a record's citations.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CitationFilter {
    /// Only those about this field: a JSON pointer, empty for the whole record.
    #[param(example = "/signed_on", max_length = 1000)]
    pub pointer: Option<String>,
}

const SORTING: Sorting = Sorting {
    table: "citations",
    keys: &[SortKey::time("created_at", "citations.created_at")],
    default: "created_at",
};

/// List the citations of a record
///
/// Which source says what of it, or of one of its fields, in the order of recording.
#[utoipa::path(tag = "sources", params(RecordPath, ListParams, CitationFilter),
    responses((status = 200, description = "A page of citations", body = Page<CitationView>), crate::http::openapi::Merged))]
#[get("/api/v1/{collection}/{id}/citations")]
pub async fn list_citations(
    (app, request, viewer): Read,
    path: web::Path<RecordPath>,
    query: ListQuery<CitationFilter>,
) -> HttpResult {
    let id = path.id()?;
    let opened = id.clone();
    let open = move |conn: &mut DbConn| {
        let revision = changes::seen(conn, &viewer)?;
        of_visible(conn, &viewer, &opened)?;
        Ok((revision, ()))
    };
    listing::answer(
        &app,
        &request,
        query,
        Some(&SORTING),
        open,
        move |conn, query, ()| {
            let mut condition = Condition::new("citations.record = ").text(id.to_string());
            if let Some(pointer) = &query.filter.pointer {
                condition = condition.sql(" AND citations.pointer = ").text(pointer);
            }
            shown(conn, query, condition)
        },
    )
    .await
}

/// What a source states, in the order of recording; of which records, whoever shows it has to see.
pub fn of_source(
    conn: &mut DbConn,
    source: &PublicId,
    query: &ListQuery<NoParams>,
) -> Result<Page<CitationView>, Problem> {
    let sql = "citations.source_id = (SELECT s.id FROM sources s WHERE s.public_id = ?)";
    shown(conn, query, Condition::of(sql, [source.as_str().into()]))
}

/// A page of these citations.
fn shown<F>(
    conn: &mut DbConn,
    query: &ListQuery<F>,
    condition: Condition,
) -> Result<Page<CitationView>, Problem> {
    let found = Listing::new(&SORTING, query, condition, None)
        .page::<(CitationRow, SourceRow)>(conn, store::by_keys)?;
    Ok(found.map(|(row, source)| row.view(&source)))
}

/// 410 or 404 for the evidence of a record that can't be read.
pub(super) fn of_visible(
    conn: &mut DbConn,
    viewer: &Viewer,
    record: &PublicId,
) -> Result<records::Head, Problem> {
    let gone = || Problem::not_found(record.kind().as_str());
    let head = records::find(conn, record)?.ok_or_else(gone)?;
    head.must_be_seen(conn, viewer, record)?;
    Ok(head)
}

/// The citation of this id, its source and its record: 404 when `viewer` may not see that, as when there is none.
pub(super) fn find_visible(
    conn: &mut DbConn,
    viewer: &Viewer,
    id: &PublicId,
) -> Result<(CitationRow, SourceRow, records::Head), Problem> {
    let gone = || Problem::not_found("citation");
    let (row, source) = store::find(conn, id)?.ok_or_else(gone)?;
    match of_visible(conn, viewer, &row.record) {
        Ok(head) => Ok((row, source, head)),
        Err(problem) if problem.code() == Code::NotFound => Err(gone()),
        Err(problem) => Err(problem),
    }
}

/// Read a citation
///
/// With its source as it is now.
#[utoipa::path(tag = "sources", params(("id" = String, Path, description = "The citation's id", example = "cit_8x3k0q2m7t"), ItemParams),
    responses((status = 200, description = "The citation", body = CitationView)))]
#[get("/api/v1/citations/{id}")]
pub async fn get_citation(
    (app, request, viewer): Read,
    path: web::Path<String>,
    query: ItemQuery<NoParams>,
) -> HttpResult {
    respond::includes(query.params.include.as_deref(), &[])?;
    let id = path_id(Kind::Citation, "citation", &path)?;
    let (row, source, _) = app
        .db
        .read(move |conn| find_visible(conn, &viewer, &id))
        .await?;
    let modified = row.updated_at.max(source.updated_at).and_utc();
    let validator = Validator::version_rev(row.version, i64::from(source.version), modified);
    let fields = query.params.fields.as_deref();
    respond::item(&request, &validator, fields, &row.view(&source))
}
