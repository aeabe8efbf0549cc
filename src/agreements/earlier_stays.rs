//! The earlier stays of parties that left and came back. A party's row tells where it stands now; what was
//! before its last joining is told by the events alone.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::QueryResult;

use super::events::life;
use super::lifecycle::story::Seat;
use super::overlap::{EarlierStay, MoveDays};
use super::store;
use crate::core::state_machine::NEVER;
use crate::core::vocabulary::lifecycle::ParticipationStatus;
use crate::db::DbConn;

/// Earlier stays by agreement and partner, oldest first.
pub type EarlierStays = HashMap<(i64, i64), Vec<EarlierStay>>;

/// The earlier stays in these agreements: of none, unless somebody joined them later.
pub fn earlier_stays(conn: &mut DbConn, joined_later: &[i64]) -> QueryResult<EarlierStays> {
    let mut all = seats_on(conn, joined_later, NEVER, false, |seat| seat.earlier)?;
    all.retain(|_, earlier| !earlier.is_empty());
    Ok(all)
}

/// On which days the parties of these agreements joined and left, by agreement and partner.
pub fn move_days(
    conn: &mut DbConn,
    agreements: &[i64],
) -> QueryResult<HashMap<(i64, i64), MoveDays>> {
    seats_on(conn, agreements, NEVER, false, |seat| seat.days)
}

/// Where the parties of these agreements stood on this day, by agreement and partner. When asked to be
/// `early`, who may have left by then has.
pub fn participations_on(
    conn: &mut DbConn,
    agreements: &[i64],
    day: NaiveDate,
    early: bool,
) -> QueryResult<HashMap<(i64, i64), ParticipationStatus>> {
    seats_on(conn, agreements, day, early, |seat| seat.participation)
}

/// This of the seats in these agreements on this day, by agreement and partner.
fn seats_on<T>(
    conn: &mut DbConn,
    agreements: &[i64],
    day: NaiveDate,
    early: bool,
    of: fn(Seat) -> T,
) -> QueryResult<HashMap<(i64, i64), T>> {
    if agreements.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = store::by_keys(conn, agreements)?;
    let stories = life::stories_of(conn, &rows, day, early)?;
    let all = stories.into_iter().flat_map(|(agreement, story)| {
        let stood = story.seats.into_iter();
        stood.map(move |seat| ((agreement, seat.partner), of(seat)))
    });
    Ok(all.collect())
}
