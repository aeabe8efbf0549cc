//! From when to when a membership holds: within the lives of its partner and network, and beside no
//! other one of the two and the section.

use std::collections::HashMap;

use diesel::QueryResult;

use super::store::{MembershipRow, Sides};
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::life::Life;
use crate::core::warning::Warning;
use crate::db::DbConn;
use crate::db::condition::grouped;
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle::lifespans;
use crate::lifecycle::live_days::{Held, LiveDays, held_by};
use crate::networks::lifecycle::story::Facts;

/// Notes every date of the membership that certainly lies after the end of its partner or network, but
/// for those that the record held before. All of them stand at `at`, when they are an event's.
pub fn within_lives(
    conn: &mut DbConn,
    of: Sides,
    (before, now): (&Facts, &Facts),
    at: Option<&str>,
    issues: &mut Issues,
) -> QueryResult<()> {
    let of_partner = lifespans::of_partners(conn, &[of.partner_id])?;
    let of_network = lifespans::of_networks(conn, [of.network_id])?;
    for ((own, date), (_, old)) in now.dates().into_iter().zip(before.dates()) {
        let Some(date) = date.filter(|date| Some(*date) != old) else {
            continue;
        };
        // That a partner left is often recorded when somebody winds it up.
        let partner = of_partner
            .get(&of.partner_id)
            .filter(|_| own != "/ended_on");
        for (life, who) in [
            (partner, "the partner"),
            (of_network.get(&of.network_id), "the network"),
        ] {
            if let Some(rule) = life.and_then(|life| lifespans::too_late(life, who, date)) {
                issues.add(at.unwrap_or(own), "after_dissolution", rule);
            }
        }
    }
    Ok(())
}

/// The other published memberships of the same partner, network and section that hold on the same days,
/// on certain ones or possibly: for each of these that has some, a constant number of queries for any
/// number of rows.
fn others(
    conn: &mut DbConn,
    rows: &[MembershipRow],
) -> QueryResult<HashMap<i64, Vec<(PublicId, bool)>>> {
    let partners: Vec<i64> = rows.iter().map(|row| row.sides.partner_id).collect();
    let those = held_by(conn, &partners)?;
    let beside = |row: &MembershipRow, other: &Held| {
        let (network, section) = &other.place;
        (other.partner, *network, section)
            == (row.sides.partner_id, row.sides.network_id, &row.own.section)
            && other.key != row.id
    };
    let mut pairs = Vec::new();
    for row in rows {
        let beside = those.iter().filter(|other| beside(row, other));
        pairs.extend(beside.map(|other| (row.id, other)));
    }
    if pairs.is_empty() {
        return Ok(HashMap::new());
    }
    let keys = pairs.iter().flat_map(|(own, other)| [*own, other.key]);
    let days = LiveDays::of(conn, keys)?;
    let meet = |(own, other): (i64, &Held)| {
        let certain = days.meet(own, other.key)?;
        Some((own, (other.id.clone(), certain)))
    };
    Ok(grouped(pairs.into_iter().filter_map(meet)))
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
    let partners: Vec<i64> = rows.iter().map(|row| row.sides.partner_id).collect();
    let partners = lifespans::of_partners(conn, &partners)?;
    let networks = lifespans::of_networks(conn, rows.iter().map(|row| row.sides.network_id))?;
    let mut all = HashMap::new();
    for row in rows {
        let mut odd: Vec<Warning> = overlapping
            .remove(&row.id)
            .unwrap_or_default()
            .into_iter()
            .map(|(id, certain)| overlap(&id, certain))
            .collect();
        let sides = [
            (partners.get(&row.sides.partner_id), "the partner"),
            (networks.get(&row.sides.network_id), "the network"),
        ];
        let facts = &row.facts;
        if let Some(began) = facts.admitted_on.as_ref().or(facts.applied_on.as_ref()) {
            let odd_in = |(life, who): (Option<&Life>, &str)| life?.warning(who, began);
            odd.extend(sides.into_iter().filter_map(odd_in));
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
