//! From when to when a membership holds: within the lives of its partner and network, and beside no
//! other one of the two and the section.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::store::{Content, MembershipRow};
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::life::Life;
use crate::core::vocabulary::lifecycle::MembershipStatus;
use crate::core::vocabulary::record::RecordState;
use crate::core::warning::Warning;
use crate::db::DbConn;
use crate::db::schema::{memberships, networks, status_periods};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle::lives;

/// The days of a live status: possibly and certainly, each from and to.
type Days = ([NaiveDate; 2], [NaiveDate; 2]);

/// The lives of a partner and of a network.
#[derive(Debug, Clone, Default)]
pub struct Lives {
    partner: Life,
    network: Life,
}

impl Lives {
    /// The lives of these.
    pub fn of(conn: &mut DbConn, partner: i64, network: i64) -> QueryResult<Self> {
        let (founded_on, dissolved_on): (Option<Edtf>, Option<Edtf>) = networks::table
            .find(network)
            .select((networks::founded_on, networks::dissolved_on))
            .first(conn)?;
        Ok(Self {
            partner: lives::of_partners(conn, &[partner])?
                .remove(&partner)
                .unwrap_or_default(),
            network: Life {
                founded_on,
                dissolved_on,
            },
        })
    }

    /// What is odd about a membership that began on this day.
    pub fn warnings(&self, began: Option<&Edtf>) -> Vec<Warning> {
        let sides = [
            (&self.partner, "the partner"),
            (&self.network, "the network"),
        ];
        sides
            .into_iter()
            .filter_map(|(life, who)| life.warning(who, began?))
            .collect()
    }
}

/// Notes every date of the membership that certainly lies after the end of its partner or network, but
/// for those that the record held `before`. All of them stand at `at`, when they are an event's.
pub fn within_lives(
    conn: &mut DbConn,
    (partner, network): (i64, i64),
    before: Option<&MembershipRow>,
    content: &Content,
    at: Option<&str>,
    issues: &mut Issues,
) -> QueryResult<()> {
    let lives = Lives::of(conn, partner, network)?;
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
    for (own, old, date, of_partner) in dates {
        let Some(date) = date.filter(|date| Some(*date) != old) else {
            continue;
        };
        let sides = [
            (&lives.partner, "the partner", of_partner),
            (&lives.network, "the network", true),
        ];
        for (life, who, _) in sides.into_iter().filter(|(_, _, counts)| *counts) {
            if life.is_over_by(date)
                && let Some(warning) = life.warning(who, date)
            {
                issues.add(at.unwrap_or(own), "after_dissolution", warning.message);
            }
        }
    }
    Ok(())
}

/// The days on which a membership is live, as its events say.
pub fn live_days(conn: &mut DbConn, key: i64) -> QueryResult<Vec<Days>> {
    use status_periods as t;
    type Row = (MembershipStatus, NaiveDate, NaiveDate, NaiveDate, NaiveDate);
    let rows: Vec<Row> = t::table
        .filter(t::membership_id.eq(key))
        .order((t::from_on, t::id))
        .select((
            t::status,
            t::from_on,
            t::to_on,
            t::certain_from,
            t::certain_to,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter(|(status, ..)| status.is_live())
        .map(|(_, from, to, certain_from, certain_to)| ([from, to], [certain_from, certain_to]))
        .collect())
}

fn meet([from, to]: [NaiveDate; 2], [other_from, other_to]: [NaiveDate; 2]) -> bool {
    from.max(other_from) < to.min(other_to)
}

/// The other published memberships of the partner, network and section that hold on the same days: on
/// certain ones, or possibly.
fn others(conn: &mut DbConn, row: &MembershipRow) -> QueryResult<Vec<(PublicId, bool)>> {
    use memberships as m;
    let those: Vec<(i64, PublicId)> = m::table
        .filter(m::partner_id.eq(row.partner_id))
        .filter(m::network_id.eq(row.network_id))
        .filter(m::section.eq(&row.section))
        .filter(m::record_state.eq(RecordState::Published))
        .filter(m::id.ne(row.id))
        .order(m::id)
        .select((m::id, m::public_id))
        .load(conn)?;
    if those.is_empty() {
        return Ok(Vec::new());
    }
    let own = live_days(conn, row.id)?;
    let mut found = Vec::new();
    for (key, id) in those {
        let theirs = live_days(conn, key)?;
        let any = |met: fn(&Days, &Days) -> bool| {
            own.iter()
                .any(|own| theirs.iter().any(|theirs| met(own, theirs)))
        };
        if any(|own, theirs| meet(own.1, theirs.1)) {
            found.push((id, true));
        } else if any(|own, theirs| meet(own.0, theirs.0)) {
            found.push((id, false));
        }
    }
    Ok(found)
}

/// 409 when the partner certainly was a member of the network and section on the same days already.
pub fn alone(conn: &mut DbConn, row: &MembershipRow) -> Result<(), Problem> {
    let twice = others(conn, row)?.into_iter().find(|(_, certain)| *certain);
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

/// A warning for each other membership that may hold on the same days.
pub fn overlaps(conn: &mut DbConn, row: &MembershipRow) -> QueryResult<Vec<Warning>> {
    let others = others(conn, row)?.into_iter();
    Ok(others
        .map(|(id, certain)| Warning {
            code: if certain {
                "overlapping_membership"
            } else {
                "maybe_overlapping_membership"
            },
            message: format!(
                "{id} of the same partner, network and section {} on the same days",
                if certain { "holds" } else { "may hold" }
            ),
        })
        .collect())
}
