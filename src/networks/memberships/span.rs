//! From when to when a membership holds: within the lives of its partner and network, and beside no
//! other one of the two and the section.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::store::{Content, MembershipRow, Sides};
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::vocabulary::lifecycle::MembershipStatus;
use crate::core::vocabulary::record::RecordState;
use crate::core::warning::Warning;
use crate::db::DbConn;
use crate::db::schema::{memberships, status_periods};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle::lifespans;

/// The days of a live status: possibly and certainly, each from and to.
type Days = ([NaiveDate; 2], [NaiveDate; 2]);

/// Notes every date of the membership that certainly lies after the end of its partner or network, but
/// for those that the record held `before`. All of them stand at `at`, when they are an event's.
pub fn within_lives(
    conn: &mut DbConn,
    of: Sides,
    before: Option<&MembershipRow>,
    content: &Content,
    at: Option<&str>,
    issues: &mut Issues,
) -> QueryResult<()> {
    let of_partner = lifespans::of_partners(conn, &[of.partner])?;
    let of_network = lifespans::of_networks(conn, [of.network])?;
    let dates = [
        (
            "/applied_on",
            before.and_then(|row| row.applied_on.as_ref()),
            content.applied_on.as_ref(),
            true,
        ),
        (
            "/admitted_on",
            before.and_then(|row| row.admitted_on.as_ref()),
            content.admitted_on.as_ref(),
            true,
        ),
        // That a partner left is often recorded when somebody winds it up.
        (
            "/ended_on",
            before.and_then(|row| row.ended_on.as_ref()),
            content.ended_on.as_ref(),
            false,
        ),
    ];
    for (own, old, date, counts) in dates {
        let Some(date) = date.filter(|date| Some(*date) != old) else {
            continue;
        };
        let sides = [
            (of_partner.get(&of.partner), "the partner", counts),
            (of_network.get(&of.network), "the network", true),
        ];
        for (life, who, _) in sides.into_iter().filter(|(_, _, counts)| *counts) {
            if let Some(life) = life
                && life.is_over_by(date)
                && let Some(warning) = life.warning(who, date)
            {
                issues.add(at.unwrap_or(own), "after_dissolution", warning.message);
            }
        }
    }
    Ok(())
}

/// The days on which these memberships are live, as their events say.
pub fn live_days(conn: &mut DbConn, keys: &[i64]) -> QueryResult<HashMap<i64, Vec<Days>>> {
    use status_periods as t;
    type Row = (
        Option<i64>,
        MembershipStatus,
        (NaiveDate, NaiveDate),
        (NaiveDate, NaiveDate),
    );
    let rows: Vec<Row> = t::table
        .filter(t::membership_id.eq_any(keys))
        .order((t::from_on, t::id))
        .select((
            t::membership_id,
            t::status,
            (t::from_on, t::to_on),
            (t::certain_from, t::certain_to),
        ))
        .load(conn)?;
    let mut all: HashMap<i64, Vec<Days>> = HashMap::new();
    for (key, status, possibly, certainly) in rows {
        if let Some(key) = key.filter(|_| status.is_live()) {
            all.entry(key)
                .or_default()
                .push((possibly.into(), certainly.into()));
        }
    }
    Ok(all)
}

fn meet([from, to]: [NaiveDate; 2], [other_from, other_to]: [NaiveDate; 2]) -> bool {
    from.max(other_from) < to.min(other_to)
}

/// The other published memberships of the same partner, network and section that hold on the same days,
/// on certain ones or possibly: for each of these that has some, a constant number of queries for any
/// number of rows.
fn others(
    conn: &mut DbConn,
    rows: &[MembershipRow],
) -> QueryResult<HashMap<i64, Vec<(PublicId, bool)>>> {
    use memberships as m;
    type Other = (i64, PublicId, i64, i64, String, RecordState);
    let partners: Vec<i64> = rows.iter().map(|row| row.partner_id).collect();
    let those: Vec<Other> = m::table
        .filter(m::partner_id.eq_any(partners))
        .order(m::id)
        .select((
            m::id,
            m::public_id,
            m::partner_id,
            m::network_id,
            m::section,
            m::record_state,
        ))
        .load(conn)?;
    let beside = |row: &MembershipRow, (key, _, partner, network, section, state): &Other| {
        (*partner, *network, section) == (row.partner_id, row.network_id, &row.section)
            && *state == RecordState::Published
            && *key != row.id
    };
    let mut pairs = Vec::new();
    for row in rows {
        let beside = those.iter().filter(|other| beside(row, other));
        pairs.extend(beside.map(|other| (row.id, other.0, &other.1)));
    }
    if pairs.is_empty() {
        return Ok(HashMap::new());
    }
    let keys: Vec<i64> = pairs
        .iter()
        .flat_map(|(own, other, _)| [*own, *other])
        .collect();
    let days = live_days(conn, &keys)?;
    let of = |key: i64| days.get(&key).into_iter().flatten();
    let mut found: HashMap<i64, Vec<(PublicId, bool)>> = HashMap::new();
    for (own, other, id) in pairs {
        let any = |met: fn(&Days, &Days) -> bool| {
            of(own).any(|own| of(other).any(|theirs| met(own, theirs)))
        };
        let certain = any(|own, theirs| meet(own.1, theirs.1));
        if certain || any(|own, theirs| meet(own.0, theirs.0)) {
            found.entry(own).or_default().push((id.clone(), certain));
        }
    }
    Ok(found)
}

/// 409 when the partner certainly was a member of the network and section on the same days already.
pub fn alone(conn: &mut DbConn, row: &MembershipRow) -> Result<(), Problem> {
    let twice = others(conn, std::slice::from_ref(row))?
        .remove(&row.id)
        .unwrap_or_default()
        .into_iter()
        .find(|(_, certain)| *certain);
    match twice {
        None => Ok(()),
        Some((id, _)) => Err(Problem::new(Code::DuplicateAgreement)
            .detail(
                "memberships of one partner, network and section do not overlap in time; joining \
                 again begins when the earlier one has ended",
            )
            .member("duplicate_of", id.as_str())),
    }
}

/// What is odd about these memberships and allowed all the same, by internal key: another one that may
/// hold on the same days, and a beginning outside of the life of the partner or the network.
pub fn warnings(
    conn: &mut DbConn,
    rows: &[MembershipRow],
) -> QueryResult<HashMap<i64, Vec<Warning>>> {
    let mut overlapping = others(conn, rows)?;
    let partners: Vec<i64> = rows.iter().map(|row| row.partner_id).collect();
    let partners = lifespans::of_partners(conn, &partners)?;
    let networks = lifespans::of_networks(conn, rows.iter().map(|row| row.network_id))?;
    let mut all = HashMap::new();
    for row in rows {
        let mut odd: Vec<Warning> = overlapping
            .remove(&row.id)
            .unwrap_or_default()
            .into_iter()
            .map(|(id, certain)| overlap(&id, certain))
            .collect();
        let sides = [
            (partners.get(&row.partner_id), "the partner"),
            (networks.get(&row.network_id), "the network"),
        ];
        if let Some(began) = row.admitted_on.as_ref().or(row.applied_on.as_ref()) {
            odd.extend(
                sides
                    .into_iter()
                    .filter_map(|(life, who)| life?.warning(who, began)),
            );
        }
        if !odd.is_empty() {
            all.insert(row.id, odd);
        }
    }
    Ok(all)
}

fn overlap(id: &PublicId, certain: bool) -> Warning {
    let (code, holds) = if certain {
        ("overlapping_membership", "holds")
    } else {
        ("maybe_overlapping_membership", "may hold")
    };
    let message = format!("{id} of the same partner, network and section {holds} on the same days");
    Warning { code, message }
}
