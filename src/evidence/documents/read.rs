//! Reading documents.

use actix_web::{get, web};
use diesel::QueryResult;

use super::filter::{self, DocumentFilter};
use super::record::Document;
use super::store::DocumentRow;
use super::types::{DocumentFieldsIn, DocumentView};
use super::view;
use super::visibility::{self, DocumentVisibility};
use crate::changes::history::{HistoryAnswer, HistoryFilter};
use crate::changes::{Meta, feed};
use crate::core::ids::{Kind, PublicId};
use crate::db::DbConn;
use crate::db::keyset::Sorting;
use crate::formats::Represent;
use crate::http::extract::{ListParams, ListQuery, Read, Viewer, path_id};
use crate::http::format::Format;
use crate::http::problem::{HttpResult, Problem};
use crate::records::{Readable, Routed, Show};

impl Represent for DocumentView {
    fn public_id(&self) -> &PublicId {
        &self.id
    }
}

impl Readable for Document {
    type View = DocumentView;
    type Filter = DocumentFilter;
    const FORMATS: &'static [Format] = Format::PLAIN;
    // Whether it is shown depends on the record it belongs to.
    const IS_SHARED: bool = false;
    const SORTING: &'static Sorting = &filter::SORTING;
    const META: fn(&mut DocumentView) -> &mut Meta = |view| &mut view.meta;

    fn views(
        conn: &mut DbConn,
        rows: Vec<DocumentRow>,
        show: &Show<'_>,
    ) -> QueryResult<Vec<DocumentView>> {
        let visibility = DocumentVisibility::of(conn, show.viewer)?;
        if show.item {
            rows.iter()
                .map(|row| view::item(conn, row, &visibility))
                .collect()
        } else {
            view::views(conn, rows, &visibility)
        }
    }

    fn shows_hidden(viewer: &Viewer, _: bool) -> bool {
        viewer.is_staff()
    }
}

impl Routed for Document {
    const LIST: &'static str = "Those the caller may see, newest first, older versions included.";
    const READ: &'static str =
        "What is known of it, with all its versions; its bytes are at `content_url`.";
    const UPDATE: &'static str =
        "What is said of it. Its bytes never change: a new version is a document of its own.";
    const WITHDRAW: &'static str = "Its bytes are kept and no longer shown.";
    type Patch = DocumentFieldsIn;
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
    (app, request, viewer): Read,
    path: web::Path<String>,
    query: ListQuery<HistoryFilter>,
) -> HttpResult {
    let id = path_id(Kind::Document, "document", &path)?;
    let (asked, reading) = (id.clone(), viewer.clone());
    let may_read = move |conn: &mut DbConn| -> Result<(), Problem> {
        let visibility = DocumentVisibility::of(conn, &reading)?;
        let row = visibility::find(conn, &visibility, &asked)?;
        row.map(drop).ok_or_else(|| Problem::not_found("document"))
    };
    feed::history_of(&app, &request, viewer, query, id, may_read).await
}
