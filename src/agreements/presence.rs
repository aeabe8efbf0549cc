//! Who was a party on another day: what lists and statistics of a day leave out although a party that is
//! asked for is named in it, because that one joined later, or had left.
//!
//! Most parties stay from the beginning to the end, which their rows tell; of the others the events are
//! read.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::QueryResult;
use diesel::sql_types::{BigInt, Text};

use super::events::life;
use super::filter::AgreementFilter;
use super::overlap::has_left;
use super::store;
use crate::core::country::Country;
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::db::DbConn;
use crate::db::condition::{Condition, ids_sql, rows};
use crate::lifecycle::{SubjectKind, as_of_condition};

/// Parties that did not stay from the beginning to the end, as the index of them says it.
const MOVED: &str = "(p.acceded_on IS NOT NULL OR p.withdrew_on IS NOT NULL \
                     OR p.participation IN ('acceded', 'withdrawn', 'excluded', 'succeeded'))";

/// Agreement and partner of a party.
const PARTY: &str = "SELECT p.agreement_id AS agreement, p.partner_id AS partner \
                     FROM agreement_parties p WHERE ";

/// Parties by agreement and partner, internal keys both.
type Parties = HashSet<(i64, i64)>;

fn parties(conn: &mut DbConn, of: Condition) -> QueryResult<Parties> {
    let found = rows::<(BigInt, BigInt), (i64, i64)>(conn, Condition::new(PARTY).then(of))?;
    Ok(found.into_iter().collect())
}

fn agreements_of(parties: &Parties) -> HashSet<i64> {
    parties.iter().map(|(agreement, _)| *agreement).collect()
}

/// Who was a party of these agreements on the day; when `certain`, in all readings of the dates.
fn present(
    conn: &mut DbConn,
    agreements: &HashSet<i64>,
    day: NaiveDate,
    certain: bool,
) -> QueryResult<Parties> {
    let agreements: Vec<i64> = agreements.iter().copied().collect();
    let rows = store::by_keys(conn, &agreements)?;
    let mut there = |early| -> QueryResult<Parties> {
        let stories = life::stories_of(conn, &rows, day, early)?.into_iter();
        let there = stories.flat_map(|(agreement, story)| {
            let seats = story.seats.into_iter();
            let there = seats.filter(|seat| !has_left(seat.participation));
            there.map(move |seat| (agreement, seat.partner))
        });
        Ok(there.collect())
    };
    let present = there(false)?;
    if certain {
        return Ok(&present & &there(true)?);
    }
    Ok(present)
}

/// The agreements (internal keys) in which none of the parties that the filter asks for was one on its
/// day.
pub(super) fn absent(conn: &mut DbConn, filter: &AgreementFilter) -> QueryResult<Vec<i64>> {
    let Some(day) = filter.day() else {
        return Ok(Vec::new());
    };
    let mut absent = Vec::new();
    for asked in filter.asked_parties() {
        let mut moved = parties(conn, asked.clone().sql(format!(" AND {MOVED}")))?;
        if moved.is_empty() {
            continue;
        }
        let stayed = asked.sql(format!(
            " AND NOT {MOVED} AND p.agreement_id IN {}",
            ids_sql(agreements_of(&moved).into_iter())
        ));
        let stayed = agreements_of(&parties(conn, stayed)?);
        moved.retain(|(agreement, _)| !stayed.contains(agreement));
        let agreements = agreements_of(&moved);
        let present = present(conn, &agreements, day, filter.certain())?;
        absent.extend(&agreements - &agreements_of(&(&moved & &present)));
    }
    Ok(absent)
}

/// The countries that were not there in an agreement on the day, although it had begun: those of whose
/// parties none was one then.
pub fn absent_countries(conn: &mut DbConn, day: NaiveDate) -> QueryResult<HashSet<(i64, Country)>> {
    let begun = as_of_condition::<LegalStatus>(SubjectKind::Agreements, day, false, None);
    // Who joined before the year of the day, and stayed, was there: a date in words ([..1995], 199X) is behind
    // all years as texts go.
    let year = day.format("%Y");
    let of = Condition::new(format!(
        "{MOVED} AND NOT (p.participation = 'acceded' AND p.withdrew_on IS NULL AND p.acceded_on IS NOT NULL \
         AND p.acceded_on < '{year}') AND p.agreement_id IN \
         (SELECT agreements.id FROM agreements WHERE agreements.id = p.agreement_id AND "
    ));
    let moved = parties(conn, of.then(begun).sql(")"))?;
    if moved.is_empty() {
        return Ok(HashSet::new());
    }
    let agreements = agreements_of(&moved);
    let present = present(conn, &agreements, day, false)?;
    let gone = &moved - &present;
    let of = format!(
        "SELECT p.agreement_id AS agreement, p.partner_id AS partner, q.country AS country \
         FROM agreement_parties p JOIN partners q ON q.id = p.partner_id WHERE p.agreement_id IN {}",
        ids_sql(agreements.into_iter())
    );
    let parties = rows::<(BigInt, BigInt, Text), (i64, i64, Country)>(conn, Condition::new(of))?;
    // Who left before or joined later is absent; another party of the country may have been there.
    let (absent, there): (Vec<_>, Vec<_>) = parties
        .into_iter()
        .partition(|(agreement, partner, _)| gone.contains(&(*agreement, *partner)));
    let countries = |parties: Vec<(i64, i64, Country)>| -> HashSet<(i64, Country)> {
        let parties = parties.into_iter();
        parties
            .map(|(agreement, _, country)| (agreement, country))
            .collect()
    };
    Ok(&countries(absent) - &countries(there))
}
