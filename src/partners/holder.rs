//! The partner among whose records another one stands, such as its host or its seat: its office has to
//! agree.

use diesel::QueryResult;
use serde_json::Value;

use super::reference;
use crate::access;
use crate::changes::Ctx;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::http::problem::Problem;

/// Among whose records one stands already, by internal key: none before it is published.
pub fn agreed(state: RecordState, holder: Option<i64>) -> Option<i64> {
    holder.filter(|_| state == RecordState::Published)
}

/// Among whose records a patch would put a record that has the holder `now` and says `said` of it.
pub fn proposed(
    conn: &mut DbConn,
    ctx: &Ctx,
    (state, now): (RecordState, Option<i64>),
    said: Option<&Value>,
) -> QueryResult<Option<i64>> {
    if ctx.state != RecordState::Published {
        return Ok(None);
    }
    let new = match said {
        Some(id) => reference::keys_of(conn, id.as_str())?.pop(),
        None => now,
    };
    Ok(new.filter(|key| Some(*key) != agreed(state, now)))
}

/// 403 when the record would come to stand among records whose office has not agreed.
pub fn must_agree(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: Option<i64>,
    new: Option<i64>,
) -> Result<(), Problem> {
    match agreed(ctx.state, new).filter(|key| Some(*key) != before) {
        Some(holder) => access::must_hold(conn, ctx, holder),
        None => Ok(()),
    }
}
