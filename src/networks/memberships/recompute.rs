//! What is kept of the events of memberships, computed anew: class, dates and periods of a release that
//! did not read them in today's order.

use diesel::prelude::*;

use super::life;
use super::store::{self, Content, MembershipRow};
use super::view::{self, Detail};
use crate::changes::Ctx;
use crate::core::vocabulary::record::{ChangeOp, QualityFlag, RecordState};
use crate::db::schema::memberships;
use crate::db::{self, DbConn, json};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::jobs::batch::{self, Batch};

/// Why a record has another version after an upgrade.
const WHY: &str = "Computed anew from its events";

/// The next memberships behind this key. One that is shown otherwise than before has a new version,
/// with its change.
pub fn batch(conn: &mut DbConn, ctx: &Ctx, after: i64) -> Result<Batch, Problem> {
    let rows: Vec<MembershipRow> = memberships::table
        .filter(memberships::id.gt(after))
        .order(memberships::id)
        .limit(batch::SIZE)
        .select(MembershipRow::as_select())
        .load(conn)?;
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut batch = Batch::of(&keys);
    for row in rows {
        match db::savepoint(conn, |conn| one(conn, ctx, &row)) {
            Ok(true) => batch.done += 1,
            Ok(false) => batch.left += 1,
            // One that can't be read in any order, or would be a second live one, stays as it is.
            Err(problem) if problem.code() != Code::Unavailable => {
                tracing::error!(membership = %row.public_id, %problem, "can't be computed anew");
                let flags = json::text(&[QualityFlag::HistoryInDoubt])?;
                diesel::update(memberships::table.find(row.id))
                    .set(memberships::quality_flags.eq(flags))
                    .execute(conn)?;
                batch.left += 1;
            }
            Err(problem) => return Err(problem),
        }
    }
    Ok(batch)
}

/// Whether the membership is shown otherwise than before.
fn one(conn: &mut DbConn, ctx: &Ctx, row: &MembershipRow) -> Result<bool, Problem> {
    let before = view::value(conn, row, Detail::Listed)?;
    let now = life::anew(conn, ctx, row)?;
    if view::value(conn, &now, Detail::Listed)? == before {
        // It is shown as before, so that what readers have of it stays good.
        diesel::update(memberships::table.find(row.id))
            .set(memberships::rev.eq(row.rev))
            .execute(conn)?;
        return Ok(false);
    }
    if row.record_state != RecordState::Published {
        return Ok(true);
    }
    let changed = store::update(conn, ctx, &now, &Content::of(&now)?)?;
    let changed = changed.ok_or_else(Problem::overtaken)?;
    let op = ChangeOp::Updated;
    store::log(conn, ctx, op, Some(&before), &changed, Some(WHY))?;
    Ok(true)
}
