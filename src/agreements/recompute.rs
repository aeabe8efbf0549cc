//! What is kept of the events of agreements, computed anew: parties, term, notice, periods and flags of
//! a release that did not read them in today's order.

use diesel::prelude::*;

use super::events::status;
use super::store::AgreementRow;
use crate::changes::Ctx;
use crate::core::vocabulary::record::QualityFlag;
use crate::db::schema::agreements;
use crate::db::{DbConn, columns_of};
use crate::http::problem::Problem;
use crate::jobs::batch::{self, Batch};
use crate::lifecycle::recompute;

/// The next agreements behind this key.
pub fn batch(conn: &mut DbConn, ctx: &Ctx, after: i64) -> Result<Batch, Problem> {
    let rows: Vec<AgreementRow> = agreements::table
        .filter(agreements::id.gt(after))
        .order(agreements::id)
        .limit(batch::SIZE)
        .select(columns_of::<AgreementRow>())
        .load(conn)?;
    recompute::each(conn, ctx, &rows, status::recompute, doubt)
}

/// Flags a history that nothing can be made of.
fn doubt(conn: &mut DbConn, row: &AgreementRow) -> Result<(), Problem> {
    let mut flags = row.quality_flags.clone();
    if !flags.contains(&QualityFlag::HistoryInDoubt) {
        flags.push(QualityFlag::HistoryInDoubt);
    }
    diesel::update(agreements::table.find(row.id))
        .set(agreements::quality_flags.eq(flags))
        .execute(conn)?;
    Ok(())
}
