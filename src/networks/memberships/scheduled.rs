//! What takes effect by the passing of time alone: memberships end with their network.

use diesel::prelude::*;

use super::events;
use super::fold::Step;
use super::store::MembershipRow;
use crate::changes::Ctx;
use crate::core::edtf::Edtf;
use crate::core::vocabulary::lifecycle::MembershipAction as Do;
use crate::core::vocabulary::record::RecordState;
use crate::db::schema::{memberships, networks};
use crate::db::{DbConn, columns_of};
use crate::http::problem::Problem;
use crate::jobs::batch::{self, Batch};
use crate::lifecycle::waits;

/// Ends the live memberships of networks whose last day has certainly passed, each by an event and with
/// its change. Those whose events go on after that day wait for a person.
pub fn end_with_networks(conn: &mut DbConn, ctx: &Ctx, after: i64) -> Result<Batch, Problem> {
    let found: Vec<(MembershipRow, Option<Edtf>)> = memberships::table
        .inner_join(networks::table)
        .filter(memberships::id.gt(after))
        .filter(memberships::live.eq(true))
        .filter(memberships::record_state.eq(RecordState::Published))
        .filter(networks::dissolved_on.is_not_null())
        .order(memberships::id)
        .limit(batch::SIZE)
        .select((columns_of::<MembershipRow>(), networks::dissolved_on))
        .load(conn)?;
    let mut batch = Batch::of(&found, |(row, _)| row.id);
    for (row, dissolved_on) in found {
        let Some(day) = dissolved_on.filter(|day| day.certainly_passed_on(ctx.today())) else {
            continue;
        };
        let step = Step::new(Do::End, None, day);
        let act = |conn: &mut DbConn| events::record(conn, ctx, &row, &step);
        batch.attempt(conn, act, waits)?;
    }
    Ok(batch)
}
