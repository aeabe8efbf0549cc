//! What the passing of time does to contacts: consents end, and what was right once may be wrong.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::rules;
use super::store::{self, ContactRow};
use crate::changes::Ctx;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::schema::{contacts, partners};
use crate::db::{DbConn, columns_of};

/// Why a contact is gone whose time has passed.
pub const EXPIRED: &str = "the person's consent has ended";

/// Withdraws the personal contacts whose consent has ended, and empties what they hold of the person;
/// each is one change. How many there were.
pub fn retire(conn: &mut DbConn, ctx: &Ctx, today: NaiveDate, most: i64) -> QueryResult<usize> {
    let ended: Vec<(ContactRow, PublicId)> = contacts::table
        .inner_join(partners::table)
        .filter(contacts::record_state.eq(RecordState::Published))
        .filter(contacts::expires_on.lt(today))
        .order(contacts::id)
        .limit(most)
        .select((columns_of::<ContactRow>(), partners::public_id))
        .load(conn)?;
    for (row, partner) in &ended {
        let both = (row, partner);
        store::withdraw(conn, ctx, both, ChangeOp::Redacted, Some(EXPIRED))?;
    }
    Ok(ended.len())
}

/// The contacts of this partner (internal key), or of all published ones, that nobody verified for
/// twelve months: those that lists show.
pub fn stale(
    conn: &mut DbConn,
    partner: Option<i64>,
    today: NaiveDate,
) -> QueryResult<Vec<PublicId>> {
    use contacts as c;
    type Row = (PublicId, Option<NaiveDate>, NaiveDateTime);
    let lives = c::expires_on.is_null().or(c::expires_on.ge(today));
    let mut query = c::table
        .inner_join(partners::table)
        .filter(c::record_state.eq(RecordState::Published))
        .filter(lives)
        .order(c::id)
        .select((c::public_id, c::verified_on, c::created_at))
        .into_boxed();
    query = match partner {
        Some(partner) => query.filter(c::partner_id.eq(partner)),
        None => query.filter(partners::record_state.eq(RecordState::Published)),
    };
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .filter(|(_, verified, created)| rules::is_stale(*verified, created.date(), today))
        .map(|(id, _, _)| id)
        .collect())
}
