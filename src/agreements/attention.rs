//! Which agreements need attention, as conditions: lists filter by them, and what is counted is what
//! the list shows.
//!
//! Dates that are not known to the day make some of them only possible; a condition is asked for what
//! is certain or for what is possible.

use chrono::{Days, Months, NaiveDate, NaiveTime};

use crate::core::ids::PublicId;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::core::vocabulary::record::Attention;
use crate::db::condition::{Condition, Value};

/// How long before its end a term is about to end.
const SOON: Months = Months::new(6);
/// How long a confirmation counts here.
const CONFIRMATION: Months = Months::new(12);
/// How long a change by another office is news.
const NEWS: Days = Days::new(90);

/// The agreement stands in law.
const LIVE: &str = "agreements.status IN ('in_force', 'suspended')";

/// The term ends with its last day.
const ENDS: &str = " AND (agreements.renewal IS NULL OR agreements.renewal <> 'tacit')";

/// Whether dates can leave open if this holds.
pub fn may_be_open(code: Attention) -> bool {
    matches!(code, Attention::Expiring | Attention::ExpiredButListed)
}

/// The agreements that need this attention on this day. `own` are the parties that ask: what others
/// have changed is seen from their side.
pub fn condition(code: Attention, today: NaiveDate, certain: bool, own: &[&PublicId]) -> Condition {
    match code {
        Attention::Expiring => expiring(today, certain),
        Attention::ExpiredButListed => {
            // An end whose earliest day is open may have been on any day.
            let (column, open) = if certain {
                ("valid_until_latest", "")
            } else {
                (
                    "valid_until_earliest",
                    " OR (agreements.valid_until IS NOT NULL AND agreements.valid_until_earliest IS NULL)",
                )
            };
            let sql = format!("{LIVE}{ENDS} AND (agreements.{column} < ?{open})");
            Condition::of(&sql, [today.into()])
        }
        Attention::PendingTermination => {
            // Of a party the few agreements are looked at, and never all that are to end.
            Condition::new(LIVE).sql(match own {
                [] => " AND agreements.pending_effective_on IS NOT NULL",
                _ => " AND (agreements.pending_effective_on IS NOT NULL) IS TRUE",
            })
        }
        Attention::Unconfirmed => {
            let day = today.checked_sub_months(CONFIRMATION);
            let day = day.unwrap_or(NaiveDate::MIN);
            let begin = Value::Time(day.and_time(NaiveTime::MIN));
            let sql = format!(
                "{LIVE} AND (agreements.last_confirmed_on < ? \
                 OR (agreements.last_confirmed_on IS NULL AND agreements.created_at < ?))"
            );
            Condition::of(&sql, [day.into(), begin.into()])
        }
        Attention::DormantInForce => Condition::new(
            "agreements.status = 'in_force' AND agreements.activity_level = 'dormant'",
        ),
        Attention::MissingLegalAct => {
            let all = LegalStatus::all().iter();
            let flagged = "agreements.quality_flags LIKE '%\"no_legal_act\"%'";
            Condition::new(format!("{flagged} AND agreements.status IN "))
                .texts(all.filter(|status| !status.is_terminal()))
        }
        // Contacts are not records of agreements.
        Attention::ContactsStale => Condition::new("1 = 0"),
        Attention::ChangedByOtherParty => changed_by_others(today, own),
    }
}

fn expiring(today: NaiveDate, certain: bool) -> Condition {
    let until = today.checked_add_months(SOON).unwrap_or(NaiveDate::MAX);
    let (first, last) = bounds("valid_until", certain);
    let known = "agreements.valid_until IS NOT NULL";
    let sql = format!("{LIVE}{ENDS} AND {known} AND {first} >= ? AND {last} <= ?");
    Condition::of(&sql, [today.into(), until.into()])
}

/// As SQL, what of a date is compared with the begin and with the end of the time it is to lie in: when
/// `certain`, the whole of what it may mean lies inside, else some of it does.
pub(super) fn bounds(date: &str, certain: bool) -> (String, String) {
    let (earliest, latest) = (
        format!("agreements.{date}_earliest"),
        format!("agreements.{date}_latest"),
    );
    if certain {
        return (earliest, latest);
    }
    (
        format!("COALESCE({latest}, '9999-12-31')"),
        format!("COALESCE({earliest}, '0001-01-01')"),
    )
}

/// The last change was made for an office, and for none of one's own.
fn changed_by_others(today: NaiveDate, own: &[&PublicId]) -> Condition {
    let since = today.checked_sub_days(NEWS).unwrap_or(NaiveDate::MIN);
    let mut c = Condition::new("agreements.updated_at >= ")
        .bind(Value::Time(since.and_time(NaiveTime::MIN)))
        .sql(" AND agreements.updated_by LIKE '%@%'");
    for office in own {
        c = c
            .sql(" AND agreements.updated_by NOT LIKE ")
            .text(format!("%@{office}"));
    }
    c
}
