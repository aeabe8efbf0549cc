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
    let live = Condition::new(LIVE);
    match code {
        Attention::Expiring => expiring(live, today, certain),
        Attention::ExpiredButListed => {
            let column = if certain {
                "valid_until_latest"
            } else {
                "valid_until_earliest"
            };
            let open = if certain {
                String::new()
            } else {
                // An end whose earliest day is open may have been on any day.
                " OR (agreements.valid_until IS NOT NULL AND agreements.valid_until_earliest IS NULL)"
                    .to_owned()
            };
            live.sql(format!("{ENDS} AND (agreements.{column} < "))
                .day(today)
                .sql(open)
                .sql(")")
        }
        Attention::PendingTermination => {
            // Of a party the few agreements are looked at, and never all that are to end.
            live.sql(match own {
                [] => " AND agreements.pending_effective_on IS NOT NULL",
                _ => " AND (agreements.pending_effective_on IS NOT NULL) IS TRUE",
            })
        }
        Attention::Unconfirmed => {
            let day = today
                .checked_sub_months(CONFIRMATION)
                .unwrap_or(NaiveDate::MIN);
            live.sql(" AND (agreements.last_confirmed_on < ")
                .day(day)
                .sql(" OR (agreements.last_confirmed_on IS NULL AND agreements.created_at < ")
                .bind(Value::Time(day.and_time(NaiveTime::MIN)))
                .sql("))")
        }
        Attention::DormantInForce => Condition::new(
            "agreements.status = 'in_force' AND agreements.activity_level = 'dormant'",
        ),
        Attention::MissingLegalAct => {
            let open = LegalStatus::all()
                .iter()
                .filter(|status| !status.is_terminal());
            Condition::new(
                "agreements.quality_flags LIKE '%\"no_legal_act\"%' AND agreements.status IN ",
            )
            .texts(open)
        }
        // Contacts are not records of agreements.
        Attention::ContactsStale => Condition::new("1 = 0"),
        Attention::ChangedByOtherParty => changed_by_others(today, own),
    }
}

fn expiring(live: Condition, today: NaiveDate, certain: bool) -> Condition {
    let until = today.checked_add_months(SOON).unwrap_or(NaiveDate::MAX);
    let (first, last) = if certain {
        (
            "agreements.valid_until_earliest",
            "agreements.valid_until_latest",
        )
    } else {
        (
            "COALESCE(agreements.valid_until_latest, '9999-12-31')",
            "COALESCE(agreements.valid_until_earliest, '0001-01-01')",
        )
    };
    live.sql(format!(
        "{ENDS} AND agreements.valid_until IS NOT NULL AND {first} >= "
    ))
    .day(today)
    .sql(format!(" AND {last} <= "))
    .day(until)
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
