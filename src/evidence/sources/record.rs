//! A source among the kinds of records: what it is called, how it is kept, and what shows it.

use diesel::QueryResult;

use super::store::{self, SourceRow};
use super::types::NewSource;
use crate::changes::Ctx;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::DbConn;
use crate::evidence::dependents;
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

/// Logs that a person was taken out of the source, which citing records show from now on.
pub fn redacted(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &SourceRow,
    reason: Option<&str>,
) -> QueryResult<Option<SourceRow>> {
    let Some(row) = store::find(conn, &before.public_id)? else {
        return Ok(None);
    };
    dependents::mark_citing_changed(conn, row.id)?;
    let was = Source::logged(conn, before)?;
    records::log::<Source>(conn, ctx, ChangeOp::Redacted, Some(&was), &row, reason)?;
    Ok(Some(row))
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
        let row = store::publish(conn, ctx, &draft)?;
        let was = Source::logged(conn, &draft)?;
        records::log::<Source>(conn, ctx, ChangeOp::Updated, Some(&was), &row, None)?;
    }
    documents::publish_attached(conn, ctx, record)
}
