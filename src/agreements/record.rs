//! An agreement among the kinds of records: what it is called, how it is kept, and what shows it.

use serde_json::Value;

use super::store::{self, AgreementRow};
use crate::changes::{self, Ctx};
use crate::core::vocabulary::record::ChangeOp;
use crate::db::DbConn;
use crate::http::problem::Problem;
use crate::record;
use crate::records;

record! {
    /// What partners have agreed, or mean to.
    Agreement: "agreement", AgreementsWrite => AgreementRow
}

/// Counts what was done to an agreement beside its row as a new version of it, with its change: 412 when
/// somebody was faster.
pub fn next_version(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &AgreementRow,
    op: ChangeOp,
    before: Option<&Value>,
    reason: Option<&str>,
) -> Result<AgreementRow, Problem> {
    let rev = changes::next_revision(conn)?;
    let after = store::raise_version(conn, ctx, row, rev)?.ok_or_else(Problem::overtaken)?;
    records::log::<Agreement>(conn, ctx, op, before, &after, reason)?;
    Ok(after)
}
