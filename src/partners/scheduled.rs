//! What takes effect by the passing of time alone: a partner whose last day has passed is dissolved.

use diesel::prelude::*;
use serde_json::json;

use super::identifiers::is_over;
use super::record::Partner;
use super::store::PartnerRow;
use crate::changes::Ctx;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::partner::Existence;
use crate::core::vocabulary::record::RecordState;
use crate::db::schema::partners;
use crate::db::{DbConn, columns_of};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::jobs::batch::{self, Batch};
use crate::records::Editable;

/// Makes partners `dissolved` whose `dissolved_on` has certainly passed, each with a change of its own.
pub fn dissolve(conn: &mut DbConn, ctx: &Ctx, after: i64) -> Result<Batch, Problem> {
    let found: Vec<PartnerRow> = partners::table
        .filter(partners::id.gt(after))
        .filter(partners::record_state.eq(RecordState::Published))
        .filter(partners::existence.eq(Existence::Active))
        .filter(partners::dissolved_on.is_not_null())
        .order(partners::id)
        .limit(batch::SIZE)
        .select(columns_of::<PartnerRow>())
        .load(conn)?;
    let mut batch = Batch::of(&found, |row| row.id);
    let ctx = ctx.with_state(RecordState::Published);
    for row in found {
        if !is_over(row.dissolved_on.as_ref(), ctx.today()) {
            continue;
        }
        let patch = json!({ "existence": Existence::Dissolved.code() });
        let act = |conn: &mut DbConn| Partner::change(conn, &ctx, &row, &patch);
        // Where something else about the record is no longer right, a person has to look at it.
        batch.attempt(conn, act, |problem| problem.code() != Code::Internal)?;
    }
    Ok(batch)
}
