//! `POST /agreements/{id}/confirm`: a party says that its record is right.

use actix_web::{post, web};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::events::status;
use super::parties;
use super::record::{Agreement, next_version};
use super::store::{self, AgreementRow};
use super::types::AgreementView;
use crate::access::{self, JsonWrite};
use crate::changes::Ctx;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::agreement::{Acknowledgement, StatusBasis};
use crate::core::vocabulary::record::{ChangeOp, Operation, Role};
use crate::db::DbConn;
use crate::db::schema::{agreement_parties, agreements, partners};
use crate::evidence::citations::SourceRefIn;
use crate::evidence::citations::store as citation_store;
use crate::evidence::citations::types::{NewCitation, Which};
use crate::find_row;
use crate::http::extract::DryRun;
use crate::http::extract::body::shaped;
use crate::http::problem::{HttpResult, Problem, validated};
use crate::http::validate;
use crate::http::write::Written;
use crate::partners::rules as partner_rules;
use crate::records::{self, Record};

/// The field a confirmation is about, for the sources it names.
const POINTER: &str = "/last_confirmed_on";

/// A confirmation; an empty object confirms as of today.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"confirmed_on": "2026-01-15", "note": "yearly check"}))]
pub struct ConfirmIn {
    /// The day it was confirmed on; today when absent, and not before an earlier confirmation.
    #[schema(value_type = Option<NaiveDate>, example = "2026-01-15")]
    pub confirmed_on: Option<String>,
    /// What else there is to say: kept with the change.
    #[schema(min_length = 1, max_length = 500, example = "yearly check")]
    pub note: Option<String>,
    /// Where it is written: one source, by its id.
    #[schema(example = "src_8x3k0q2m7t")]
    pub source_id: Option<String>,
    /// Where it is written: sources by their ids, or described here.
    #[schema(max_items = 100)]
    pub sources: Option<Vec<SourceRefIn>>,
}

/// Confirm an agreement
///
/// The yearly check in one call: sets `last_confirmed_on`. From a party, or a registrar, the status is
/// `confirmed` from then on, and the party's own `acknowledgement` becomes `acknowledged`.
#[utoipa::path(tag = "agreements", params(("id" = String, Path, description = "The agreement's id", example = "agr_8x3k0q2m7t"), DryRun),
    request_body = ConfirmIn, responses((status = 200, description = "The agreement as it now is", body = AgreementView, headers(("ETag")))))]
#[post("/api/v1/agreements/{id}/confirm")]
pub async fn confirm_agreement(write: JsonWrite, path: web::Path<String>) -> HttpResult {
    records::step::<Agreement>(write, &path, Operation::Confirm, confirm).await
}

/// Confirms an agreement as it was sent inside a write transaction, with its change.
pub fn confirm(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    payload: &Value,
) -> Result<Written, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("agreement"))?;
    let input: ConfirmIn = shaped(payload.clone(), "")?;
    let mut issues = Issues::default();
    let confirmed_on = confirmed_on(ctx, &row, input.confirmed_on, &mut issues);
    let note = validate::prose("/note", input.note, 500, &mut issues);
    let both = input.source_id.is_some() && input.sources.is_some();
    if both {
        issues.add("/source_id", "either_or", "give source_id or sources");
    }
    let mut sources = partner_rules::sources(input.sources, &mut issues);
    let known = validate::id("/source_id", input.source_id, Kind::Source, &mut issues);
    let known = known.map(Which::Known);
    let found = citation_store::resolve(conn, ctx, known.as_ref(), "/source_id", &mut issues)?;
    sources.extend(found.map(|source| NewCitation::by(Which::Found(source.id))));
    validated(issues)?;
    let before = Agreement::logged(conn, &row)?;
    for source in &mut sources {
        if source.pointer.is_empty() {
            POINTER.clone_into(&mut source.pointer);
        }
    }
    if !sources.is_empty() {
        citation_store::cite(conn, ctx, id, &sources)?;
    }
    let basis = acknowledge(conn, ctx, &row)?.then_some(StatusBasis::Confirmed);
    diesel::update(agreements::table.find(row.id))
        .set((
            agreements::last_confirmed_on.eq(Some(confirmed_on)),
            agreements::status_basis.eq(basis.unwrap_or(row.content.status_basis)),
        ))
        .execute(conn)?;
    status::store_status(conn, ctx, row.id)?;
    let (op, note) = (ChangeOp::Updated, note.as_deref());
    let after = next_version(conn, ctx, &row, op, Some(&before), note)?;
    Ok(Written::changed(
        Agreement::item(conn, ctx, &after)?,
        after.etag(),
    ))
}

/// The day of the confirmation: not one still to come, and never an earlier one than is known.
fn confirmed_on(
    ctx: &Ctx,
    row: &AgreementRow,
    given: Option<String>,
    issues: &mut Issues,
) -> NaiveDate {
    const AT: &str = "/confirmed_on";
    let Some(confirmed_on) = validate::day(AT, given, issues) else {
        return ctx.today();
    };
    if confirmed_on > ctx.today() {
        let rule = "a confirmation is recorded once it has been given";
        issues.add(AT, "in_the_future", rule);
    }
    if let Some(last) = row.content.last_confirmed_on
        && confirmed_on < last
    {
        let rule = format!("it was confirmed on {last} already");
        issues.add(AT, "before_the_last", rule);
    }
    confirmed_on
}

/// Notes that the writer's own parties acknowledge the agreement; whether the writer's word makes its
/// status a confirmed one.
fn acknowledge(conn: &mut DbConn, ctx: &Ctx, row: &AgreementRow) -> Result<bool, Problem> {
    let registrar = matches!(ctx.author.role(), Role::Registrar | Role::Admin);
    let office: Option<i64> = match ctx.author.organisation() {
        Some(office) if registrar => {
            find_row!(partners, conn, partners::public_id.eq(office) => partners::id)?
        }
        _ => None,
    };
    let mut speaks = registrar;
    for party in parties::rows(conn, &[row.id])? {
        let own = if registrar {
            office == Some(party.partner_id)
        } else {
            access::acts_for(conn, ctx, party.partner_id)?
        };
        if !own {
            continue;
        }
        speaks = true;
        diesel::update(agreement_parties::table.find(party.id))
            .set(agreement_parties::acknowledgement.eq(Acknowledgement::Acknowledged))
            .execute(conn)?;
    }
    Ok(speaks)
}
