//! A document among the kinds of records: what it is called, how it is kept, and what shows it.

use diesel::QueryResult;
use serde_json::Value;

use super::owner;
use super::store::{self, DocumentRow, DocumentTexts, Fields, NewDocument};
use super::view;
use super::visibility::{self, DocumentVisibility};
use crate::changes::refresh::{self, Shown};
use crate::changes::{self, Ctx, records as heads};
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{ChangeOp, Entity, RecordState};
use crate::db::{DbConn, json};
use crate::http::extract::Viewer;
use crate::http::problem::Problem;
use crate::http::respond;
use crate::record;
use crate::records::{self, Record as _, Row};

record! {
    /// A paper, or another file.
    Document: "document", DocumentsWrite => DocumentRow {
        fn must_see(conn: &mut DbConn, viewer: &Viewer, row: &DocumentRow) -> Result<(), Problem> {
            let visibility = DocumentVisibility::of(conn, viewer)?;
            if !visibility::may_see(conn, &visibility, row)? {
                return Err(Problem::not_found(Self::NAME));
            }
            row.head().must_be_seen(conn, viewer, &row.public_id)
        }

        fn logged(conn: &mut DbConn, row: &DocumentRow) -> QueryResult<Value> {
            // Names of files are left out, because they often name persons.
            let mut view = view::one(conn, row, &DocumentVisibility::default())?;
            view.file_name = None;
            json::shown(&view)
        }

        fn item(conn: &mut DbConn, ctx: &Ctx, row: &DocumentRow) -> Result<Value, Problem> {
            let visibility = DocumentVisibility::of(conn, &ctx.viewer)?;
            respond::to_value(&view::item(conn, row, &visibility)?)
        }
    }
}

/// Records a document under this id, with its change.
pub fn create(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    new: &NewDocument,
) -> QueryResult<DocumentRow> {
    let row = store::insert(conn, ctx, id, new)?;
    follow(conn, None, &row)?;
    records::log::<Document>(conn, ctx, ChangeOp::Created, None, &row, None)?;
    Ok(row)
}

/// Changes the document as it was read, with its change; `None` when somebody was faster.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &DocumentRow,
    fields: &Fields,
) -> QueryResult<Option<DocumentRow>> {
    let was = Document::logged(conn, before)?;
    let Some(row) = store::update(conn, ctx, before, fields)? else {
        return Ok(None);
    };
    follow(conn, Some(before), &row)?;
    if before.fields.is_public() && !row.fields.is_public() {
        let this = (&row.public_id, row.version);
        changes::hide_from_public(conn, ctx, Entity::Document, this, row.office.as_ref())?;
    }
    records::log::<Document>(conn, ctx, ChangeOp::Updated, Some(&was), &row, None)?;
    Ok(Some(row))
}

/// Publishes the draft documents of a draft, each with its change, when that is published.
pub fn publish_attached(conn: &mut DbConn, ctx: &Ctx, record: &PublicId) -> QueryResult<()> {
    let papers = heads::papers(conn, record)?;
    for before in store::drafts(conn, &papers)? {
        update(conn, ctx, &before, &before.fields)?;
    }
    Ok(())
}

/// Takes the name of a person from what is said of the document, with its change; `None` when
/// somebody was faster.
pub fn redact(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &DocumentRow,
    left: &DocumentTexts,
    reason: &str,
) -> QueryResult<Option<()>> {
    let was = Document::logged(conn, before)?;
    let Some(row) = store::redact(conn, ctx, before, left)? else {
        return Ok(None);
    };
    follow(conn, Some(before), &row)?;
    let reason = Some(reason);
    records::log::<Document>(conn, ctx, ChangeOp::Redacted, Some(&was), &row, reason)?;
    Ok(Some(()))
}

/// Brings what shows the document into step with it: its other versions, and the record it belongs to.
/// Of a document that not everyone may see, and could not see `before`, nothing is shown to others.
pub(super) fn follow(
    conn: &mut DbConn,
    before: Option<&DocumentRow>,
    row: &DocumentRow,
) -> QueryResult<()> {
    let shown =
        |row: &DocumentRow| row.fields.is_public() && row.record_state != RecordState::Draft;
    let public = shown(row) || before.is_some_and(shown);
    if public {
        let rev = changes::next_revision(conn)?;
        for other in &store::touch_versions(conn, row, rev)? {
            refresh::mark(other);
        }
    }
    owner::refresh(conn, row, public)
}

/// The documents of these ids as lists show them, for the feed: as long as their records are.
pub fn listed(conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<Vec<Shown>> {
    let rows = DocumentRow::by_ids(conn, ids)?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let of = match heads::of_document(conn, &row.public_id)? {
            Some(record) => heads::find(conn, &record)?.map(|head| head.state),
            None => None,
        };
        let value = match of {
            Some(RecordState::Withdrawn | RecordState::Merged) => Value::Null,
            _ => Document::logged(conn, &row)?,
        };
        let state = row.record_state;
        all.push(Shown::of(row.public_id, row.version, state, &value)?);
    }
    Ok(all)
}
