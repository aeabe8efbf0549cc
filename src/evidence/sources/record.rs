//! A source among the kinds of records: what it is called, how it is kept, and what shows it.

use diesel::QueryResult;

use super::store::{self, SourceRow};
use super::types::NewSource;
use crate::changes::Ctx;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::DbConn;
use crate::evidence::documents::record as documents;
use crate::record;
use crate::records::{self, Record as _};

record! {
    /// Where a fact is said.
    Source: "source", SourcesWrite => SourceRow
}

/// Records a source, with its change.
pub fn create(conn: &mut DbConn, ctx: &Ctx, new: &NewSource) -> QueryResult<SourceRow> {
    let row = store::insert(conn, ctx, new)?;
    records::log::<Source>(conn, ctx, ChangeOp::Created, None, &row, None)?;
    Ok(row)
}

/// Publishes the draft sources that a draft rests on, and its documents, each with its change, when
/// that is published.
pub fn publish_cited(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: RecordState,
    record: &PublicId,
) -> QueryResult<()> {
    if before != RecordState::Draft || ctx.state != RecordState::Published {
        return Ok(());
    }
    for draft in store::drafts_of(conn, record)? {
        let row = store::update(conn, ctx, &draft, &draft.fields)?.ok_or(diesel::NotFound)?;
        let was = Source::logged(conn, &draft)?;
        records::log::<Source>(conn, ctx, ChangeOp::Updated, Some(&was), &row, None)?;
    }
    documents::publish_attached(conn, ctx, record)
}
