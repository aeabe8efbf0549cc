//! What agreements keep of their parties so that lists find and order them: recomputed whenever the
//! parties, or a partner's name, kind or country, change.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::core::country::Country;
use crate::core::edtf::Edtf;
use crate::core::language::Translations;
use crate::core::text;
use crate::core::title;
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::core::vocabulary::partner::PartnerKind;
use crate::core::vocabulary::record::RecordState;
use crate::db::condition::grouped;
use crate::db::prepared::Prepare as _;
use crate::db::schema::{agreement_listing, agreement_parties, agreements, partners};
use crate::db::{DbConn, json};

/// [`refresh`] for every agreement this partner is or was a party of.
pub fn refresh_of_partner(conn: &mut DbConn, partner: i64) -> QueryResult<()> {
    let keys: Vec<i64> = agreement_parties::table
        .filter(agreement_parties::partner_id.eq(partner))
        .select(agreement_parties::agreement_id)
        .load(conn)?;
    super::lifespans::refresh(conn, &keys)?;
    refresh(conn, &keys)
}

type Party = (i64, String, PartnerKind, Country);

/// Brings what is kept of the parties of these agreements into step.
pub fn refresh(conn: &mut DbConn, keys: &[i64]) -> QueryResult<()> {
    let rows: Vec<(i64, Party)> = agreement_parties::table
        .inner_join(partners::table)
        .filter(agreement_parties::agreement_id.eq_any(keys))
        .order((agreement_parties::agreement_id, agreement_parties::position))
        .select((
            agreement_parties::agreement_id,
            (
                partners::id,
                partners::name,
                partners::kind,
                partners::country,
            ),
        ))
        .load(conn)?;
    for (agreement, parties) in grouped(rows) {
        one(conn, agreement, &parties)?;
    }
    Ok(())
}

fn one(conn: &mut DbConn, agreement: i64, parties: &[Party]) -> QueryResult<()> {
    type Row = (String, Option<Edtf>, RecordState, LegalStatus, String);
    let (titles, signed_on, state, status, signed_desc): Row = agreements::table
        .find(agreement)
        .select((
            agreements::title,
            agreements::signed_on,
            agreements::record_state,
            agreements::status,
            agreements::signed_desc,
        ))
        .first(conn)?;
    let given: Translations = json::value(&titles)?;
    let names: Vec<&str> = parties.iter().map(|party| party.1.as_str()).collect();
    let shown = given.into_values().next();
    let shown = shown.unwrap_or_else(|| title::of_parties(&names, signed_on.as_ref()));
    let countries: BTreeSet<Country> = parties.iter().map(|party| party.3).collect();
    let mut keys: Vec<i64> = parties.iter().map(|party| party.0).collect();
    keys.sort_unstable();
    let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    diesel::update(agreements::table.find(agreement))
        .set((
            agreements::sort_key.eq(text::sort_key(&shown)),
            agreements::domestic.eq(countries.len() == 1),
            agreements::institutional.eq(parties.iter().all(|party| party.2.is_institution())),
            agreements::party_key.eq(keys.join(",")),
        ))
        .execute(conn)?;
    diesel::delete(agreement_listing::table.filter(agreement_listing::agreement_id.eq(agreement)))
        .execute(conn)?;
    let standing = Standing {
        state,
        status,
        signed_desc: &signed_desc,
    };
    list(conn, agreement, countries, standing)
}

/// What lists by country and status know of an agreement.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// Where it stands in the care of the registry.
    pub state: RecordState,
    /// Its legal status.
    pub status: LegalStatus,
    /// Its signature, as lists sort by it.
    pub signed_desc: &'a str,
}

/// Adds what lists by country and status read of an agreement.
pub fn list(
    conn: &mut DbConn,
    agreement: i64,
    countries: BTreeSet<Country>,
    standing: Standing<'_>,
) -> QueryResult<()> {
    use agreement_listing as l;
    for country in countries {
        diesel::insert_into(l::table)
            .values((
                l::agreement_id.eq(agreement),
                l::country.eq(country),
                l::record_state.eq(standing.state),
                l::status.eq(standing.status),
                l::signed_desc.eq(standing.signed_desc),
            ))
            .prepared()
            .execute(conn)?;
    }
    Ok(())
}
