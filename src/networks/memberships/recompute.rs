//! What is kept of the events of memberships, computed anew: class, dates and periods of a release that
//! did not read them in today's order.

use diesel::prelude::*;

use super::fold;
use super::store::MembershipRow;
use crate::changes::Ctx;
use crate::core::vocabulary::record::QualityFlag;
use crate::db::schema::memberships;
use crate::db::{DbConn, Json, columns_of};
use crate::http::problem::Problem;
use crate::jobs::batch::{self, Batch};
use crate::lifecycle::recompute;

/// The next memberships behind this key.
pub fn batch(conn: &mut DbConn, ctx: &Ctx, after: i64) -> Result<Batch, Problem> {
    let rows: Vec<MembershipRow> = memberships::table
        .filter(memberships::id.gt(after))
        .order(memberships::id)
        .limit(batch::SIZE)
        .select(columns_of::<MembershipRow>())
        .load(conn)?;
    recompute::each(conn, ctx, &rows, fold::anew, doubt)
}

/// Flags a history that nothing can be made of, or that would be a second live one.
fn doubt(conn: &mut DbConn, row: &MembershipRow) -> Result<(), Problem> {
    diesel::update(memberships::table.find(row.id))
        .set(memberships::quality_flags.eq(Json(vec![QualityFlag::HistoryInDoubt])))
        .execute(conn)?;
    Ok(())
}
