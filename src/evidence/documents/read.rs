//! Reading documents.

use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::sight::{self, Sight};
use super::store::{self, DocumentRow};
use super::types::DocumentView;
use super::view;
use crate::app::App;
use crate::changes::history::{HistoryAnswer, HistoryFilter};
use crate::changes::{self, feed, persons};
use crate::core::ids::Kind;
use crate::core::vocabulary::evidence::{DocumentAccess, DocumentKind};
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::condition::{Condition, Value};
use crate::db::keyset::{SortKey, Sorting};
use crate::http::extract::params::{HexDigest, Id, List, Parsed, Since};
use crate::http::extract::query::None as NoParams;
use crate::http::extract::viewer::Driven;
use crate::http::extract::{
    ItemParams, ItemQuery, ListParams, ListQuery, ReadRequest, Viewer, path_id,
};
use crate::http::listing::{Listing, is_settled};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::respond::{self, Validator};

/// Filters of documents.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DocumentFilter {
    /// Belonging to these agreements, or to an event of one of them, separated by commas.
    #[param(value_type = Option<String>, example = "agr_8x3k0q2m7t")]
    pub agreement: Option<List<Id>>,
    /// Belonging to these memberships, or to an event of one of them, separated by commas.
    #[param(value_type = Option<String>, example = "mbr_8x3k0q2m7t")]
    pub membership: Option<List<Id>>,
    /// Belonging to these activities, separated by commas.
    #[param(value_type = Option<String>, example = "act_8x3k0q2m7t")]
    pub activity: Option<List<Id>>,
    /// Belonging to these events, separated by commas.
    #[param(value_type = Option<String>, example = "evt_8x3k0q2m7t")]
    pub event: Option<List<Id>>,
    /// Kinds, separated by commas.
    #[param(value_type = Option<String>, example = "agreement_text,annex")]
    pub kind: Option<List<DocumentKind>>,
    /// Who may see them, separated by commas.
    #[param(value_type = Option<String>, example = "public")]
    pub access: Option<List<DocumentAccess>>,
    /// The SHA-256 of the bytes, in hexadecimal.
    #[param(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub sha256: Option<Parsed<HexDigest>>,
    /// `draft` shows the drafts of the own office; published ones when absent.
    #[param(value_type = Option<String>, example = "published")]
    pub record_state: Option<List<RecordState>>,
    /// Changed at this time or later (RFC 3339): those with a new version, not those that show something
    /// else of other records (the feed tells of these).
    #[param(value_type = Option<String>, example = "2026-01-01T00:00:00Z")]
    pub updated_since: Option<Parsed<Since>>,
}

const SORTING: Sorting = Sorting {
    table: "documents",
    keys: &[
        SortKey::time("created_at", "documents.created_at"),
        SortKey::time("updated_at", "documents.updated_at"),
        SortKey::text("title", "documents.sort_key"),
    ],
    default: "-created_at",
};

/// The rows that a filter lets through and that may be seen.
fn condition(filter: &DocumentFilter, sight: &Sight) -> Condition {
    let driven = Driven::by(
        filter.agreement.is_some()
            || filter.membership.is_some()
            || filter.activity.is_some()
            || filter.event.is_some()
            || filter.sha256.is_some(),
    );
    let mut c = sight
        .viewer()
        .states("documents", filter.record_state.as_ref(), driven)
        .sql(" AND ")
        .then(sight.condition());
    for (ids, column, table) in [
        (&filter.agreement, "agreement_id", "agreements"),
        (&filter.membership, "membership_id", "memberships"),
        (&filter.activity, "activity_id", "activities"),
        (&filter.event, "event_id", "lifecycle_events"),
    ] {
        if let Some(ids) = ids {
            c = c
                .sql(format!(
                    " AND documents.{column} IN (SELECT x.id FROM {table} x WHERE x.public_id IN "
                ))
                .texts(&ids.0)
                .sql(")");
        }
    }
    if let Some(kinds) = &filter.kind {
        c = c.sql(" AND documents.kind IN ").texts(&kinds.0);
    }
    if let Some(access) = &filter.access {
        c = c.sql(" AND documents.access IN ").texts(&access.0);
    }
    if let Some(Parsed(digest)) = &filter.sha256 {
        c = c.sql(" AND documents.sha256 = ").text(&*digest.0);
    }
    if let Some(Parsed(since)) = &filter.updated_since {
        c = c
            .sql(" AND documents.updated_at >= ")
            .bind(Value::Time(since.0.naive_utc()));
    }
    c
}

/// List documents
///
/// Those the caller may see, newest first, older versions included.
#[utoipa::path(tag = "documents", params(ListParams, DocumentFilter),
    responses((status = 200, description = "A page of documents", body = Page<DocumentView>)))]
#[get("/api/v1/documents")]
pub async fn list_documents(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    query: ListQuery<DocumentFilter>,
) -> Result<HttpResponse, Problem> {
    respond::includes(query.params.include.as_deref(), &[])?;
    let fields = query.params.fields.clone();
    let asked = request.clone();
    let (page, revision) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let revision = changes::seen(conn, &viewer)?;
            if is_settled(&asked, revision, &query, Some(&SORTING))? {
                return Ok((None, revision));
            }
            let sight = Sight::of(conn, &viewer)?;
            let condition = condition(&query.filter, &sight);
            let found = Listing::new(&SORTING, &query, condition, None)
                .page::<DocumentRow>(conn, store::by_keys)?;
            let page = Page {
                data: view::views(conn, found.rows, &sight)?,
                page: found.page,
                total: found.total,
            };
            Ok((Some(page), revision))
        })
        .await?;
    respond::list_unless_settled(&request, revision, fields.as_deref(), page.as_ref())
}

/// Read a document
///
/// What is known of it, with all its versions; its bytes are at `content_url`.
#[utoipa::path(tag = "documents", params(("id" = String, Path, description = "The document's id", example = "doc_8x3k0q2m7t"), ItemParams),
    responses((status = 200, description = "The document", body = DocumentView)))]
#[get("/api/v1/documents/{id}")]
pub async fn get_document(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    path: web::Path<String>,
    query: ItemQuery<NoParams>,
) -> Result<HttpResponse, Problem> {
    respond::includes(query.params.include.as_deref(), &[])?;
    let id = path_id(Kind::Document, "document", &path)?;
    let asked = request.clone();
    let (view, validator) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let sight = Sight::of(conn, &viewer)?;
            let row = sight::find(conn, &sight, &id)?;
            let at = row.updated_at.and_utc();
            let seen = changes::embedded(conn, &viewer, viewer.is_staff())?;
            let validator = Validator::version_rev(row.version, row.rev, at).beside(seen);
            if respond::is_settled(&asked, &validator) {
                return Ok((None, validator));
            }
            let mut view = view::item(conn, &row, &sight)?;
            persons::sign(conn, &viewer, &id, &mut view.meta)?;
            Ok((Some(view), validator))
        })
        .await?;
    let fields = query.params.fields.as_deref();
    respond::item_unless_settled(&request, &validator, fields, view.as_ref())
}

/// Read the history of a document
///
/// Who changed it, when, what (as JSON Patch) and why, newest first, for those who may see it. What
/// happened while it was not public is told to its own office only. With `at` or `version` the document as
/// it stood, without the name of its file.
#[utoipa::path(tag = "documents", params(("id" = String, Path, description = "The document's id", example = "doc_8x3k0q2m7t"), ListParams, HistoryFilter),
    responses((status = 200, description = "A page of the document's changes, or the document as it stood",
        body = HistoryAnswer)))]
#[get("/api/v1/documents/{id}/history")]
pub async fn list_document_history(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    path: web::Path<String>,
    query: ListQuery<HistoryFilter>,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Document, "document", &path)?;
    let (asked, reading) = (id.clone(), viewer.clone());
    let may_read = move |conn: &mut DbConn| -> Result<(), Problem> {
        let sight = Sight::of(conn, &reading)?;
        match store::find(conn, &asked)? {
            Some(row) if sight::may_see(conn, &sight, &row)? => Ok(()),
            _ => Err(Problem::not_found("document")),
        }
    };
    feed::history_of(&app, &request, viewer, query, id, may_read).await
}
