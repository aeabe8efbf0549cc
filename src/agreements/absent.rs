//! What a list of another day leaves out although a party that is asked for is named in it: that one
//! joined later, or had left.
//!
//! Most parties stay from the beginning to the end, which their rows tell; of the others the events are
//! read.

use std::collections::{HashMap, HashSet};

use diesel::sql_types::BigInt;
use diesel::{QueryResult, QueryableByName};

use super::events::life;
use super::filter::AgreementFilter;
use super::store;
use super::together::has_left;
use crate::db::DbConn;
use crate::db::condition::{Condition, query};
use crate::http::extract::params::{Day, Parsed};

/// Parties that did not stay from the beginning to the end, as SQL.
const MOVED: &str = "(p.acceded_on IS NOT NULL OR p.withdrew_on IS NOT NULL \
                     OR p.participation IN ('acceded', 'withdrawn', 'excluded', 'succeeded'))";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    agreement: i64,
    #[diesel(sql_type = BigInt)]
    partner: i64,
}

/// The agreements (internal keys) in which none of the parties that the filter asks for was one on its
/// day.
pub(super) fn absent(conn: &mut DbConn, filter: &AgreementFilter) -> QueryResult<Vec<i64>> {
    let Some(Parsed(Day(day))) = &filter.as_of else {
        return Ok(Vec::new());
    };
    let mut absent = Vec::new();
    for asked in filter.asked_parties() {
        let parties = "SELECT p.agreement_id AS agreement, p.partner_id AS partner \
                       FROM agreement_parties p WHERE p.partner_id IN ";
        let moved = Condition::new(parties)
            .then(asked.clone())
            .sql(format!(" AND {MOVED}"));
        let mut moved_in: HashMap<i64, HashSet<i64>> = HashMap::new();
        for Row { agreement, partner } in query(conn, moved)? {
            moved_in.entry(agreement).or_default().insert(partner);
        }
        if moved_in.is_empty() {
            continue;
        }
        let stayed = Condition::new(parties).then(asked).sql(format!(
            " AND NOT {MOVED} AND p.agreement_id IN {}",
            listed(moved_in.keys())
        ));
        for Row { agreement, .. } in query(conn, stayed)? {
            moved_in.remove(&agreement);
        }
        let keys: Vec<i64> = moved_in.keys().copied().collect();
        let rows = store::by_keys(conn, &keys)?;
        let mut readings = vec![life::stories_of(conn, &rows, *day, false)?];
        if filter.certain() {
            readings.push(life::stories_of(conn, &rows, *day, true)?);
        }
        absent.extend(moved_in.into_iter().filter_map(|(agreement, partners)| {
            let is_there = |partner: &i64| {
                readings.iter().all(|stories| {
                    let story = stories.get(&agreement).into_iter();
                    let mut seats = story.flat_map(|story| &story.seats);
                    seats.any(|seat| seat.partner == *partner && !has_left(seat.participation))
                })
            };
            (!partners.iter().any(is_there)).then_some(agreement)
        }));
    }
    Ok(absent)
}

/// These internal keys as SQL.
pub(super) fn listed<'a>(keys: impl IntoIterator<Item = &'a i64>) -> String {
    let keys: Vec<String> = keys.into_iter().map(ToString::to_string).collect();
    format!("({})", keys.join(", "))
}
