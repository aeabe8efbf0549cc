//! What only one instance at a time may do.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::prepared::Prepare as _;
use crate::db::schema::leases;
use crate::find_row;

/// Takes or renews the lease of this name for `ttl`, inside a write transaction; `false` while another
/// holder has it.
pub fn take(
    conn: &mut DbConn,
    name: &str,
    holder: &str,
    now: DateTime<Utc>,
    ttl: TimeDelta,
) -> QueryResult<bool> {
    let selected = (leases::holder, leases::until);
    let held: Option<(String, NaiveDateTime)> =
        find_row!(leases, conn, leases::name.eq(name) => selected)?;
    if held.is_some_and(|(by, until)| by != holder && until > now.naive_utc()) {
        return Ok(false);
    }
    give(conn, name, holder, now + ttl)?;
    Ok(true)
}

/// Leaves the lease to nobody until then: what it stands for has been done so far.
pub fn rest(conn: &mut DbConn, name: &str, until: DateTime<Utc>) -> QueryResult<()> {
    give(conn, name, "", until)
}

/// Whether anybody could take the lease: asked before a write is spent on it.
pub fn is_free(conn: &mut DbConn, name: &str, now: DateTime<Utc>) -> QueryResult<bool> {
    let held: i64 = leases::table
        .filter(leases::name.eq(name))
        .filter(leases::until.gt(now.naive_utc()))
        .count()
        .get_result(conn)?;
    Ok(held == 0)
}

fn give(conn: &mut DbConn, name: &str, holder: &str, until: DateTime<Utc>) -> QueryResult<()> {
    let until = leases::until.eq(until.naive_utc());
    let known = diesel::update(leases::table.filter(leases::name.eq(name)))
        .set((leases::holder.eq(holder), until))
        .execute(conn)?;
    if known == 0 {
        diesel::insert_into(leases::table)
            .values((leases::name.eq(name), leases::holder.eq(holder), until))
            .prepared()
            .execute(conn)?;
    }
    Ok(())
}
