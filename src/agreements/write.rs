//! Recording agreements. They are changed, withdrawn and restored in `change`.

use actix_web::post;
use diesel::QueryResult;
use serde_json::Value;

use super::create::{self, Origin};
use super::record::Agreement;
use super::store::AgreementRow;
use super::types::{AgreementIn, AgreementView};
use crate::access::JsonWrite;
use crate::changes::Ctx;
use crate::core::vocabulary::agreement::InstrumentType;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::extract::DryRun;
use crate::http::extract::body::OneOrManySchema;
use crate::http::problem::{HttpResult, Problem};
use crate::partners::reference;
use crate::records::{self, Creatable, Named, Wanted};

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
    const WANTED: Wanted<AgreementIn> = |input| input.record_state.as_ref();
    const ABOUT: &'static str = "Of any instrument; or an array of up to 500: all or nothing. The status follows from the dates,\n\
             from `initial_status`, or from a whole past given as `events`.";
    const BETWEEN: Option<Named<AgreementIn>> = Some(party_keys);

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
