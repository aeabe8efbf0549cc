//! `GET /attention`: what an office should look at, counted.
//!
//! What is counted is what a list shows: both ask the same condition, and each count comes with the
//! address of that list.

use actix_web::{get, web};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer;
use crate::access::Actor;
use crate::agreements::attention;
use crate::agreements::filter::AgreementFilter;
use crate::app::App;
use crate::changes::{self, records};
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::record::{Attention, RecordState};
use crate::db::DbConn;
use crate::db::condition::{self, Condition};
use crate::http::extract::params::{Id, List, Match, Parsed};
use crate::http::extract::{Query, ReadRequest, Viewer};
use crate::http::format::Format;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{self, Validator};
use crate::partners::contacts;

/// How many records need one kind of attention.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AttentionCount {
    /// What they need.
    #[schema(example = "expiring")]
    pub code: Attention,
    /// How many do, however their dates are read.
    #[schema(example = 2, minimum = 0)]
    pub count: i64,
    /// How many more may, because a date is not known to the day.
    #[schema(example = 1, minimum = 0)]
    pub possible: i64,
    /// The list of exactly those that are counted. Absent for the contacts of all partners, which no
    /// list holds.
    #[schema(
        example = "/api/v1/agreements?attention=expiring&match=certain&partner=ptn_8x3k0q2m7t"
    )]
    pub items_url: Option<String>,
}

/// Everything that is looked at, always all of it and in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Attentions)]
pub struct Counts {
    /// A count for each code.
    pub data: Vec<AttentionCount>,
}

/// Whose records are looked at.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AttentionFilter {
    /// The office, by its partner's id: one's own when absent, and for registrars every record.
    #[param(value_type = Option<String>, example = "ptn_8x3k0q2m7t")]
    pub organisation: Option<Parsed<Id>>,
    /// Media type by name, instead of `Accept`.
    #[param(example = "json", pattern = "^json$")]
    pub format: Option<String>,
}

/// Read what needs attention
///
/// For staff: how many agreements that the office's partner takes part in end soon, have ended and
/// are still listed, wait for an announced end, want a confirmation or a legal act, sleep, or were
/// changed by another office; and how many of its contacts want to be verified. Each count names the
/// list of exactly those records.
#[utoipa::path(tag = "explore", params(AttentionFilter),
    responses((status = 200, description = "A count for each kind of attention", body = Counts), (status = 404)))]
#[get("/api/v1/attention")]
pub async fn get_attention(
    actor: Actor,
    app: web::Data<App>,
    request: ReadRequest,
    query: Query<AttentionFilter>,
) -> HttpResult {
    let Query(filter) = query;
    let asked = filter.organisation.map(|Parsed(Id(id))| id);
    let viewer = actor.viewer();
    let today = app.today();
    answer(&app, &request, Format::Json, move |conn, request| {
        let revision = changes::revision(conn)?;
        let office = office(conn, &viewer, asked)?;
        // It depends on whom it is for and on the day, too.
        let whose = office.as_ref().map(|office| format!("-{office}"));
        let whose = whose.unwrap_or_default();
        let validator = Validator::fixed(format!("W/\"{revision}-{today}{whose}\""));
        if respond::is_settled(request, &validator) {
            return Ok((None, validator, revision));
        }
        let counts = count(conn, office.as_ref(), today)?;
        Ok((Some(respond::to_bytes(&counts)?), validator, revision))
    })
    .await
}

/// The office that is looked at; none for every record. 404 for one the caller does not belong to.
fn office(
    conn: &mut DbConn,
    viewer: &Viewer,
    asked: Option<PublicId>,
) -> Result<Option<PublicId>, Problem> {
    let gone = || Problem::not_found("office");
    if viewer.sees_everything() {
        let Some(id) = asked else { return Ok(None) };
        let id = records::merged_into(conn, &id)?.unwrap_or(id);
        let head = records::find(conn, &id)?.filter(|head| head.state == RecordState::Published);
        return head.map(|_| Some(id)).ok_or_else(gone);
    }
    match asked {
        Some(id) if viewer.offices().any(|own| *own == id) => Ok(Some(id)),
        Some(_) => Err(gone()),
        None => viewer.offices().next().cloned().map(Some).ok_or_else(gone),
    }
}

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
fn count(conn: &mut DbConn, office: Option<&PublicId>, today: NaiveDate) -> QueryResult<Counts> {
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
        let partner = office.map_or_else(String::new, |office| format!("&partner={office}"));
        AttentionCount {
            code: *code,
            count,
            possible: of(*code, "possible").map_or(0, |possible| possible - count),
            items_url: Some(format!(
                "/api/v1/agreements?attention={code}&match=certain{partner}"
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
            let is_partner = office.kind() == Kind::Partner;
            let head = records::find(conn, office)?;
            let head = head.filter(|head| is_partner && head.state == RecordState::Published);
            let Some(head) = head else { return Ok(0) };
            Some(head.id)
        }
        None => None,
    };
    let stale = contacts::stale(conn, partner, today)?.len();
    Ok(i64::try_from(stale).unwrap_or(i64::MAX))
}
