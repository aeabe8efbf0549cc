//! The statement that counts.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::types::{AttentionCount, Counts};
use crate::agreements::attention;
use crate::agreements::filter::AgreementFilter;
use crate::core::ids::PublicId;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::record::{Attention, RecordState};
use crate::db::DbConn;
use crate::db::condition::{self, Condition};
use crate::db::schema::partners;
use crate::find_row;
use crate::http::extract::Viewer;
use crate::http::extract::params::{Id, List, Match, Parsed};
use crate::partners::contacts;

/// What the list of agreements is asked for.
fn asked(code: Attention, office: Option<&PublicId>, reading: Match) -> AgreementFilter {
    AgreementFilter {
        attention: Some(Parsed(code)),
        partner: office.map(|office| List(vec![Id(office.clone())])),
        r#match: Some(Parsed(reading)),
        ..AgreementFilter::default()
    }
}

/// How many agreements and contacts of this office, or of all, need attention.
pub(super) fn count(
    conn: &mut DbConn,
    office: Option<&PublicId>,
    today: NaiveDate,
) -> QueryResult<Counts> {
    let mut branches: Vec<Condition> = Vec::new();
    for code in Attention::all() {
        let mut readings = vec![("certain", Match::Certain)];
        if attention::may_be_open(*code) {
            readings.push(("possible", Match::Possible));
        }
        for (name, reading) in readings {
            let needs = asked(*code, office, reading).condition(&Viewer::default(), today);
            let counted = format!(
                "SELECT '{code}' AS code, '{name}' AS reading, COUNT(*) AS n FROM agreements WHERE "
            );
            branches.push(Condition::new(counted).then(needs));
        }
    }
    let statement = branches
        .into_iter()
        .reduce(|all, branch| all.sql(" UNION ALL ").then(branch))
        .unwrap_or_default();
    let counts = condition::rows::<(Text, Text, BigInt), (String, String, i64)>(conn, statement)?;
    let of = |code: Attention, reading: &str| {
        let mut counts = counts.iter();
        let found = counts.find(|(of, read, _)| of == code.code() && read == reading);
        found.map(|(_, _, count)| *count)
    };
    let stale = contacts_stale(conn, office, today)?;
    let data = Attention::all().iter().map(|code| {
        if *code == Attention::ContactsStale {
            return AttentionCount {
                code: *code,
                count: stale,
                possible: 0,
                items_url: office
                    .map(|office| format!("/api/v1/partners/{office}/contacts?stale=true")),
            };
        }
        let count = of(*code, "certain").unwrap_or(0);
        let partner = office.map(|office| format!("&partner={office}"));
        AttentionCount {
            code: *code,
            count,
            possible: of(*code, "possible").map_or(0, |possible| possible - count),
            items_url: Some(format!(
                "/api/v1/agreements?attention={code}&match=certain{}",
                partner.unwrap_or_default()
            )),
        }
    });
    Ok(Counts {
        data: data.collect(),
    })
}

/// How many contacts of the office's partner, or of all, nobody has verified for long.
fn contacts_stale(
    conn: &mut DbConn,
    office: Option<&PublicId>,
    today: NaiveDate,
) -> QueryResult<i64> {
    let partner: Option<i64> = match office {
        Some(office) => {
            let published = partners::record_state.eq(RecordState::Published);
            let own = partners::public_id.eq(office).and(published);
            let found: Option<i64> = find_row!(partners, conn, own => partners::id)?;
            let Some(partner) = found else { return Ok(0) };
            Some(partner)
        }
        None => None,
    };
    let stale = contacts::stale(conn, partner, today)?.len();
    Ok(i64::try_from(stale).unwrap_or(i64::MAX))
}
