//! What a record is called in a mail, where nobody can look its id up.

use diesel::prelude::*;

use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::language::{LanguageTag, Translations};
use crate::core::title;
use crate::db::schema::{
    activities, agreement_parties, agreements, documents, memberships, networks, partners, sources,
};
use crate::db::{DbConn, json};

/// The record's name or title with its id, in this language if it has one; an agreement without a
/// title is called by its parties.
pub fn of(conn: &mut DbConn, id: &PublicId, lang: &str) -> QueryResult<String> {
    let called = name(conn, id, lang)?.filter(|name| !name.is_empty());
    Ok(match called {
        Some(name) => format!("{name} ({id})"),
        None => id.to_string(),
    })
}

/// The record's name or title alone; none for what has no name.
pub fn name(conn: &mut DbConn, id: &PublicId, lang: &str) -> QueryResult<Option<String>> {
    macro_rules! column {
        ($table:ident, $column:ident) => {
            $table::table
                .filter($table::public_id.eq(id))
                .select($table::$column.nullable())
                .first::<Option<String>>(conn)
                .optional()?
                .flatten()
        };
    }
    Ok(match id.kind() {
        Kind::Partner => column!(partners, name),
        Kind::Network => column!(networks, name),
        Kind::Source => column!(sources, title),
        Kind::Document => column!(documents, title),
        Kind::Activity => translated(column!(activities, title), lang)?,
        Kind::Agreement => {
            let title = translated(column!(agreements, title), lang)?;
            if title.is_some() {
                title
            } else {
                let parties: Vec<(String, Option<Edtf>)> = agreement_parties::table
                    .inner_join(agreements::table)
                    .inner_join(partners::table)
                    .filter(agreements::public_id.eq(id))
                    .order(agreement_parties::position)
                    .limit(3)
                    .select((partners::name, agreements::signed_on))
                    .load(conn)?;
                let (names, signed_on): (Vec<_>, Vec<_>) = parties.into_iter().unzip();
                let signed_on = signed_on.into_iter().next().flatten();
                Some(title::of_parties(&names, signed_on.as_ref()))
            }
        }
        Kind::Membership => {
            let both: Option<(String, String)> = memberships::table
                .inner_join(partners::table.on(partners::id.eq(memberships::partner_id)))
                .inner_join(networks::table)
                .filter(memberships::public_id.eq(id))
                .select((partners::name, networks::name))
                .first(conn)
                .optional()?;
            both.map(|(partner, network)| format!("{partner} – {network}"))
        }
        _ => None,
    })
}

fn translated(titles: Option<String>, lang: &str) -> QueryResult<Option<String>> {
    let titles: Option<Translations> = titles.as_deref().map(json::value).transpose()?;
    let lang: Option<LanguageTag> = lang.parse().ok();
    let shown = titles
        .as_ref()
        .and_then(|titles| title::in_language(titles, lang.as_ref()));
    Ok(shown.map(str::to_owned))
}
