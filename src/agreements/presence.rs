//! Who was a party on another day: what lists and statistics of a day leave out although a party that is
//! asked for is named in it, because that one joined later, or had left.
//!
//! Most parties stay from the beginning to the end, which their rows tell; of the others the events are
//! read.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryResult, QueryableByName};

use super::events::life;
use super::filter::AgreementFilter;
use super::overlap::has_left;
use super::store;
use crate::core::country::Country;
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::db::DbConn;
use crate::db::condition::{Condition, query};
use crate::http::extract::params::{Day, Parsed};
use crate::http::listing::ids_sql;
use crate::lifecycle::{SubjectKind, as_of_condition};

/// Parties that did not stay from the beginning to the end, as the index of them says it.
const MOVED: &str = "(p.acceded_on IS NOT NULL OR p.withdrew_on IS NOT NULL \
                     OR p.participation IN ('acceded', 'withdrawn', 'excluded', 'succeeded'))";

/// Agreement and partner of a party.
const PARTY: &str = "SELECT p.agreement_id AS agreement, p.partner_id AS partner \
                     FROM agreement_parties p WHERE ";

#[derive(QueryableByName)]
struct PartyKey {
    #[diesel(sql_type = BigInt)]
    agreement: i64,
    #[diesel(sql_type = BigInt)]
    partner: i64,
}

#[derive(QueryableByName)]
struct PartyCountry {
    #[diesel(sql_type = BigInt)]
    agreement: i64,
    #[diesel(sql_type = BigInt)]
    partner: i64,
    #[diesel(sql_type = Text)]
    country: Country,
}

/// The partners by the agreement in which they are parties, internal keys all.
type Parties = HashMap<i64, HashSet<i64>>;

fn parties(conn: &mut DbConn, of: Condition) -> QueryResult<Parties> {
    let mut all = Parties::new();
    for PartyKey { agreement, partner } in query(conn, Condition::new(PARTY).then(of))? {
        all.entry(agreement).or_default().insert(partner);
    }
    Ok(all)
}

/// Who was a party of these agreements on the day; when `certain`, in all readings of the dates.
fn present(
    conn: &mut DbConn,
    agreements: &[i64],
    day: NaiveDate,
    certain: bool,
) -> QueryResult<Parties> {
    let rows = store::by_keys(conn, agreements)?;
    let seated = |conn: &mut DbConn, early| -> QueryResult<Parties> {
        let stories = life::stories_of(conn, &rows, day, early)?.into_iter();
        let seated = stories.map(|(agreement, story)| {
            let seats = story.seats.iter();
            let there = seats.filter(|seat| !has_left(seat.participation));
            (agreement, there.map(|seat| seat.partner).collect())
        });
        Ok(seated.collect())
    };
    let mut present = seated(conn, false)?;
    if certain {
        let early = seated(conn, true)?;
        for (agreement, partners) in &mut present {
            let early = early.get(agreement);
            partners.retain(|partner| early.is_some_and(|early| early.contains(partner)));
        }
    }
    Ok(present)
}

fn is_in(parties: &Parties, agreement: i64, partner: i64) -> bool {
    parties
        .get(&agreement)
        .is_some_and(|partners| partners.contains(&partner))
}

/// The agreements (internal keys) in which none of the parties that the filter asks for was one on its
/// day.
pub(super) fn absent(conn: &mut DbConn, filter: &AgreementFilter) -> QueryResult<Vec<i64>> {
    let Some(Parsed(Day(day))) = &filter.as_of else {
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
            ids_sql(moved.keys().copied())
        ));
        for agreement in parties(conn, stayed)?.keys() {
            moved.remove(agreement);
        }
        let keys: Vec<i64> = moved.keys().copied().collect();
        let present = present(conn, &keys, *day, filter.certain())?;
        absent.extend(moved.into_iter().filter_map(|(agreement, partners)| {
            let any = |partner: &i64| is_in(&present, agreement, *partner);
            (!partners.iter().any(any)).then_some(agreement)
        }));
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
    let keys: Vec<i64> = moved.keys().copied().collect();
    let present = present(conn, &keys, day, false)?;
    let of = format!(
        "SELECT p.agreement_id AS agreement, p.partner_id AS partner, q.country AS country \
         FROM agreement_parties p JOIN partners q ON q.id = p.partner_id WHERE p.agreement_id IN {}",
        ids_sql(keys.into_iter())
    );
    let (mut there, mut absent) = (HashSet::new(), HashSet::new());
    for party in query::<PartyCountry>(conn, Condition::new(of))? {
        let (agreement, partner) = (party.agreement, party.partner);
        let left_or_later =
            is_in(&moved, agreement, partner) && !is_in(&present, agreement, partner);
        let these = if left_or_later {
            &mut absent
        } else {
            &mut there
        };
        these.insert((agreement, party.country));
    }
    Ok(&absent - &there)
}
