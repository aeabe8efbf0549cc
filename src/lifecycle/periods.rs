//! Which status held on which days, as stored beside the events for `as_of=`.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::{Subject, SubjectKind};
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::state_machine::{ALWAYS, NEVER, StatusPeriod};
use crate::core::vocabulary::Code;
use crate::db::DbConn;
use crate::db::condition::{Condition, ids_sql, rows, texts};
use crate::db::prepared::Prepare as _;
use crate::db::schema::status_periods;
use crate::http::extract::params::List;

/// Replaces the stored periods of a record by what the fold of its events says.
pub fn replace_periods<S: Code>(
    conn: &mut DbConn,
    subject: Subject,
    periods: &[StatusPeriod<S>],
) -> QueryResult<()> {
    use status_periods as p;
    match subject {
        Subject::Agreement(key) => {
            diesel::delete(p::table.filter(p::agreement_id.eq(key))).execute(conn)?
        }
        Subject::Membership(key) => {
            diesel::delete(p::table.filter(p::membership_id.eq(key))).execute(conn)?
        }
    };
    add_periods(conn, subject, periods)
}

/// Stores the periods of a new record.
pub fn add_periods<S: Code>(
    conn: &mut DbConn,
    subject: Subject,
    periods: &[StatusPeriod<S>],
) -> QueryResult<()> {
    use status_periods as p;
    let (agreement, membership) = subject.keys();
    for period in periods {
        diesel::insert_into(p::table)
            .values((
                p::agreement_id.eq(agreement),
                p::membership_id.eq(membership),
                p::status.eq(period.status.code()),
                p::since.eq(&period.since),
                p::from_on.eq(period.from_on),
                p::certain_from.eq(period.certain_from),
                p::to_on.eq(period.to_on),
                p::certain_to.eq(period.certain_to),
            ))
            .prepared()
            .execute(conn)?;
    }
    Ok(())
}

/// A day the stored bounds can be compared with: the last one stands for "it never ends", so that
/// no period reaches beyond it.
fn within_bounds(day: NaiveDate) -> NaiveDate {
    let last = NEVER.checked_sub_days(Days::new(1)).unwrap_or(NEVER);
    day.clamp(ALWAYS, last)
}

/// The period `p` holds on this day: possibly, or however the dates are read.
fn holds(day: NaiveDate, certain: bool) -> Condition {
    let day = within_bounds(day);
    let (from, to) = if certain {
        ("certain_from", "certain_to")
    } else {
        ("from_on", "to_on")
    };
    let sql = format!("p.{from} <= ? AND p.{to} > ?");
    Condition::of(&sql, [day.into(), day.into()])
}

/// The rows of the table whose record had begun on this day and, with `statuses`, had one of these.
/// `certain` drops what is only possible.
pub fn as_of_condition<S: Code>(
    of: SubjectKind,
    day: NaiveDate,
    certain: bool,
    statuses: Option<&[S]>,
) -> Condition {
    let (table, column) = (of.table(), of.column());
    let condition = Condition::new(format!(
        "EXISTS (SELECT 1 FROM status_periods p WHERE p.{column} = {table}.id AND "
    ))
    .then(holds(day, certain));
    match statuses {
        None => condition.sql(")"),
        Some(statuses) => condition.sql(" AND p.status IN ").texts(statuses).sql(")"),
    }
}

/// ` AND …` for the rows of one of these statuses: today, or on this day, as of which a record must have begun;
/// nothing when neither is asked for.
pub fn of_status<S: Code>(
    of: SubjectKind,
    statuses: Option<&List<S>>,
    day: Option<NaiveDate>,
    certain: bool,
) -> Condition {
    let Some(day) = day else {
        return List::condition(statuses, &format!("{}.status", of.table()));
    };
    let statuses = statuses.map(|list| list.0.as_slice());
    Condition::new(" AND ").then(as_of_condition(of, day, certain, statuses))
}

/// What a list joins to be sorted by the status of a day, and the column that then has it. A record has
/// one status a day at most.
pub fn held_on(of: SubjectKind, day: NaiveDate) -> (Condition, &'static str) {
    let join = Condition::new(format!(
        " JOIN status_periods p ON p.{} = {}.id AND ",
        of.column(),
        of.table()
    ));
    (join.then(holds(day, false)), "p.status")
}

/// The status of each of these records on this day and the date of the event that brought it, by
/// internal key: one query. Records that had not begun are not in it.
pub fn status_at(
    conn: &mut DbConn,
    of: SubjectKind,
    keys: &[i64],
    day: NaiveDate,
) -> QueryResult<HashMap<i64, (String, Edtf)>> {
    let column = of.column();
    let statement = Condition::new(format!(
        "SELECT p.{column} AS key, p.status AS status, p.since AS since FROM status_periods p \
         WHERE p.{column} IN {} AND ",
        ids_sql(keys.iter().copied())
    ))
    .then(holds(day, false));
    // What certainly holds holds: one reading of the dates serves both.
    let held = rows::<(BigInt, (Text, Text)), _>(conn, statement)?;
    Ok(held.into_iter().collect())
}

/// Those of these records whose status on this day is another one in some reading of the dates: one query.
pub fn uncertain(
    conn: &mut DbConn,
    of: SubjectKind,
    ids: &[PublicId],
    day: NaiveDate,
) -> QueryResult<Vec<PublicId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (table, column) = (of.table(), of.column());
    let sql = format!(
        "SELECT {table}.public_id AS id FROM {table} WHERE {table}.public_id IN ? \
         AND NOT EXISTS (SELECT 1 FROM status_periods p WHERE p.{column} = {table}.id AND ?)"
    );
    let statement = Condition::of(&sql, [texts(ids), holds(day, true).into()]);
    rows::<Text, _>(conn, statement)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_day_lies_outside_of_what_is_stored() {
        assert!(within_bounds(NaiveDate::MAX) < NEVER);
        assert_eq!(within_bounds(NaiveDate::MIN), ALWAYS);
        let day = NaiveDate::from_ymd_opt(2019, 1, 1).unwrap();
        assert_eq!(within_bounds(day), day);
    }
}
