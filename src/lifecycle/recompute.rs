//! What is kept of the events of records, computed anew: for events that were stored by a release which
//! read them in another order.

use crate::changes::{Ctx, refresh};
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::listing::Listed;
use crate::http::problem::Problem;
use crate::jobs::batch::Batch;

/// Computes each of these rows anew.
///
/// The log gets an entry for each that is shown otherwise than before; one that can't be read in any order stays as it is and is flagged by `doubt`, and the others go on.
pub fn each<R: Listed>(
    conn: &mut DbConn,
    ctx: &Ctx,
    rows: &[R],
    anew: impl Fn(&mut DbConn, &Ctx, &R) -> Result<(), Problem>,
    doubt: impl Fn(&mut DbConn, &R) -> Result<(), Problem>,
) -> Result<Batch, Problem> {
    let mut batch = Batch::of(rows, Listed::id);
    for row in rows {
        let act = |conn: &mut DbConn| anew(conn, ctx, row);
        let left = batch.attempt(conn, act, |problem| problem.code() != Code::Unavailable)?;
        if let Some(problem) = left {
            tracing::error!(record = %row.public_id(), %problem, "can't be computed anew");
            doubt(conn, row)?;
        }
        refresh::mark_by(ctx, row.public_id());
    }
    Ok(batch)
}
