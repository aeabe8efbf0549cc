//! On which days memberships are live: no two of one partner, network and section at once.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::core::ids::PublicId;
use crate::core::vocabulary::lifecycle::MembershipStatus;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::condition::grouped;
use crate::db::schema::{memberships, status_periods};

/// A published membership, as far as it can stand in the way of another one.
#[derive(Debug, Clone, Queryable)]
pub struct Held {
    /// The internal key.
    pub key: i64,
    /// Its id.
    pub id: PublicId,
    /// The member (internal key).
    pub partner: i64,
    /// The network (internal key) and the part of it.
    pub place: (i64, String),
    /// Whether it is asked for or held today.
    pub live: bool,
}

/// The published memberships of these partners (internal keys), in the order of recording.
pub fn held_by(conn: &mut DbConn, partners: &[i64]) -> QueryResult<Vec<Held>> {
    use memberships as m;
    let all: Vec<(RecordState, Held)> = m::table
        .filter(m::partner_id.eq_any(partners))
        .order(m::id)
        .select((
            m::record_state,
            (
                m::id,
                m::public_id,
                m::partner_id,
                (m::network_id, m::section),
                m::live,
            ),
        ))
        .load(conn)?;
    // Left out here: as a condition put together at run time it would keep PostgreSQL from holding the statement,
    // which every view of memberships sends, prepared.
    let published = all
        .into_iter()
        .filter(|(state, _)| *state == RecordState::Published);
    Ok(published.map(|(_, held)| held).collect())
}

/// The days of a live status: possibly and certainly, each from and to.
type Days = ((NaiveDate, NaiveDate), (NaiveDate, NaiveDate));

/// The days on which memberships are live, as their events say, by internal key.
#[derive(Debug)]
pub struct LiveDays(HashMap<i64, Vec<Days>>);

impl LiveDays {
    /// Of these memberships: one query.
    pub fn of(conn: &mut DbConn, keys: impl IntoIterator<Item = i64>) -> QueryResult<Self> {
        use status_periods as t;
        let rows: Vec<(Option<i64>, MembershipStatus, Days)> = t::table
            .filter(t::membership_id.eq_any(keys.into_iter().map(Some)))
            .select((
                t::membership_id,
                t::status,
                ((t::from_on, t::to_on), (t::certain_from, t::certain_to)),
            ))
            .load(conn)?;
        let live = rows
            .into_iter()
            .filter_map(|(key, status, days)| Some((key.filter(|_| status.is_live())?, days)));
        Ok(Self(grouped(live)))
    }

    /// Whether both of these are live on the same days: certainly, or only possibly; `None` when they are not.
    pub fn meet(&self, one: i64, other: i64) -> Option<bool> {
        let of = |key: i64| self.0.get(&key).into_iter().flatten();
        let any = |days: fn(&Days) -> (NaiveDate, NaiveDate)| {
            let meet = |(from, to): (NaiveDate, NaiveDate), (other_from, other_to)| {
                from.max(other_from) < to.min(other_to)
            };
            of(one).any(|one| of(other).any(|other| meet(days(one), days(other))))
        };
        let certain = any(|days| days.1);
        (certain || any(|days| days.0)).then_some(certain)
    }
}
