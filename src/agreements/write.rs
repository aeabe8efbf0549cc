//! Recording, changing and withdrawing agreements.

use actix_web::post;
use diesel::QueryResult;
use serde_json::Value;

use super::create::{self, Origin};
use super::events::{replaced, status};
use super::record::Agreement;
use super::store::AgreementRow;
use super::types::{AgreementIn, AgreementView};
use super::{change, checks, duplicates, links, parties, supersession};
use crate::access::JsonWrite;
use crate::changes::{self, Ctx, records as heads};
use crate::core::ids::Kind;
use crate::core::issue::{Checked, Issues};
use crate::core::vocabulary::agreement::InstrumentType;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::extract::DryRun;
use crate::http::extract::body::OneOrManySchema;
use crate::http::problem::{HttpResult, Problem, validated};
use crate::lifecycle::agreement_listing;
use crate::partners::reference;
use crate::records::{self, Creatable, Editable, Named};

/// Record a letter of intent
///
/// An agreement whose instrument is a letter of intent; `instrument` may be left out.
#[utoipa::path(tag = "agreements", params(DryRun), request_body = OneOrManySchema<AgreementIn>,
    responses((status = 201, description = "The letter of intent as recorded", body = AgreementView)))]
#[post("/api/v1/letters-of-intent")]
pub async fn create_letter_of_intent(write: JsonWrite) -> HttpResult {
    records::create_as::<Agreement>(write, letter_of_intent).await
}

fn letter_of_intent(mut input: AgreementIn) -> Result<AgreementIn, Problem> {
    match input.instrument.as_ref().map(|instrument| &instrument.0) {
        None => input.instrument = Some(InstrumentType::LetterOfIntent.into()),
        Some(Ok(InstrumentType::LetterOfIntent) | Err(_)) => {}
        Some(Ok(_)) => {
            return Err(Problem::new(Code::ValidationFailed).field(
                "/instrument",
                "not_a_letter_of_intent",
                "must be letter_of_intent here; other instruments go to /api/v1/agreements",
            ));
        }
    }
    Ok(input)
}

/// The internal keys of the partners a body names as parties; what is wrong with them comes later.
fn party_keys(conn: &mut DbConn, input: &AgreementIn) -> QueryResult<Vec<i64>> {
    let those = input.parties.iter().flatten();
    reference::keys_of(conn, those.filter_map(|party| party.partner_id.as_deref()))
}

impl Creatable for Agreement {
    type In = AgreementIn;
    const ABOUT: &'static str = "Of any instrument; or an array of up to 500: all or nothing. The status follows from the dates,\n\
             from `initial_status`, or from a whole past given as `events`.";
    const BETWEEN: Option<Named<AgreementIn>> = Some(party_keys);

    fn wanted(input: &AgreementIn) -> Option<&Checked<RecordState>> {
        input.record_state.as_ref()
    }

    fn create(
        conn: &mut DbConn,
        ctx: &Ctx,
        input: AgreementIn,
    ) -> Result<(AgreementRow, Value), Problem> {
        let registered = create::create(conn, ctx, input, Origin::Request)?;
        let item = registered.item(conn, ctx)?;
        Ok((registered.row, item))
    }
}

impl Editable for Agreement {
    fn change(
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &AgreementRow,
        patch: &Value,
    ) -> Result<AgreementRow, Problem> {
        change::change(conn, ctx, row, patch)
    }

    fn before_withdraw(conn: &mut DbConn, ctx: &Ctx, row: &AgreementRow) -> Result<(), Problem> {
        supersession::release_all(conn, ctx, row)
    }

    fn after_withdraw(conn: &mut DbConn, _: &Ctx, row: &AgreementRow) -> Result<(), Problem> {
        agreement_listing::refresh(conn, &[row.id])?;
        let rev = changes::next_revision(conn)?;
        let older = links::older(conn, row.id)?;
        links::mark_dependents_changed(conn, row.record_state, &older, rev)?;
        Ok(links::touch(conn, &[row.id], rev)?)
    }

    fn before_restore(conn: &mut DbConn, _: &Ctx, row: &AgreementRow) -> Result<(), Problem> {
        let mut issues = Issues::default();
        let parties = parties::keys(conn, row.id)?;
        for (index, partner) in parties.iter().enumerate() {
            let at = format!("/parties/{index}/partner_id");
            heads::still_there(conn, &at, (Kind::Partner, *partner), &mut issues)?;
        }
        let (from, parent) = (row.arose_from_id, row.parent_id);
        heads::still_there(conn, "/arose_from", (Kind::Agreement, from), &mut issues)?;
        heads::still_there(conn, "/parent_id", (Kind::Agreement, parent), &mut issues)?;
        let older = links::older(conn, row.id)?;
        for (index, other) in older.iter().enumerate() {
            let at = format!("/supersedes/{index}");
            heads::still_there(conn, &at, (Kind::Agreement, *other), &mut issues)?;
        }
        checks::not_taken(conn, &older, &[], &mut issues)?;
        validated(issues)?;
        let (key, signed_on) = (duplicates::party_key(parties), row.signed_on.as_ref());
        match duplicates::find(conn, Some(row.id), &key, row.instrument, signed_on)? {
            Some(known) => Err(duplicates::problem(&known).detail(format!(
                "{known} has the same parties and instrument and may have been signed on the same day"
            ))),
            None => Ok(()),
        }
    }

    fn after_restore(conn: &mut DbConn, ctx: &Ctx, row: &AgreementRow) -> Result<(), Problem> {
        let older = links::older(conn, row.id)?;
        supersession::again(conn, ctx, row, &older)?;
        // Days have gone by since: an end that was planned may have come.
        status::store_status(conn, ctx, row.id)?;
        agreement_listing::refresh(conn, &[row.id])?;
        if ctx.state == RecordState::Published {
            replaced::restorable(conn, ctx, row.id)?;
        }
        let rev = changes::next_revision(conn)?;
        links::mark_dependents_changed(conn, ctx.state, &older, rev)?;
        Ok(links::touch(conn, &[row.id], rev)?)
    }
}
