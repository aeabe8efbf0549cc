//! What takes effect by the passing of time alone: terminations recorded ahead of their day.

use diesel::prelude::*;

use super::events::follow;
use super::store;
use crate::changes::{self, Ctx};
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::DbConn;
use crate::db::schema::agreements;
use crate::http::problem::Problem;

/// Ends the agreements whose recorded end has come, each with its change; how many there were.
pub fn bring_up_to_date(conn: &mut DbConn, ctx: &Ctx) -> Result<usize, Problem> {
    let waiting: Vec<i64> = agreements::table
        .filter(agreements::pending_effective_on.is_not_null())
        .filter(agreements::record_state.eq(RecordState::Published))
        .order(agreements::id)
        .select(agreements::id)
        .load(conn)?;
    let mut ended = 0;
    for key in waiting {
        let row = store::by_key(conn, key)?;
        let before = store::value(conn, &row, false)?;
        follow::follow(conn, ctx, key)?;
        if store::by_key(conn, key)?.status == row.status {
            continue;
        }
        let rev = changes::upcoming(conn)?;
        if !store::raise_version(conn, ctx, &row, rev)? {
            return Err(Problem::overtaken());
        }
        let after = store::by_key(conn, key)?;
        let reason = Some("the day of the recorded end has come");
        store::log(conn, ctx, ChangeOp::Event, Some(&before), &after, reason)?;
        ended += 1;
    }
    Ok(ended)
}
