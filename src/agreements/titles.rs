//! What agreements are called in a language: by their titles, or else by their parties as that language
//! names them.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::core::edtf::Edtf;
use crate::core::language::{LanguageTag, Translations};
use crate::core::title;
use crate::db::condition::grouped;
use crate::db::schema::{agreement_parties, agreements};
use crate::db::{DbConn, Json};
use crate::partners::reference;

/// The titles of these agreements, by their internal keys.
pub fn of(
    conn: &mut DbConn,
    keys: &[i64],
    lang: Option<&LanguageTag>,
) -> QueryResult<HashMap<i64, String>> {
    use agreement_parties as p;
    use agreements as a;
    let rows: Vec<(i64, Json<Translations>, Option<Edtf>)> = a::table
        .filter(a::id.eq_any(keys))
        .select((a::id, a::title, a::signed_on))
        .load(conn)?;
    let seats: Vec<(i64, i64)> = p::table
        .filter(p::agreement_id.eq_any(keys))
        .order((p::agreement_id, p::position))
        .select((p::agreement_id, p::partner_id))
        .load(conn)?;
    let partners = reference::by_keys(conn, seats.iter().map(|(_, partner)| *partner), lang)?;
    let name = |key| partners.get(key).map(|partner| partner.name.as_str());
    let named = seats
        .iter()
        .filter_map(|(agreement, partner)| Some((*agreement, name(partner)?)));
    let names = grouped(named);
    let called = rows.into_iter().map(|(key, titles, signed_on)| {
        let of_parties = || {
            let names = names.get(&key).map(Vec::as_slice).unwrap_or_default();
            title::of_parties(names, signed_on.as_ref())
        };
        let title = title::in_language(&titles, lang).map_or_else(of_parties, str::to_owned);
        (key, title)
    });
    Ok(called.collect())
}
