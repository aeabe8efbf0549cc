//! What a record is called in a language.

use diesel::QueryResult;

use crate::agreements::{links, titles};
use crate::changes::display_name;
use crate::core::ids::{Kind, PublicId};
use crate::core::language::LanguageTag;
use crate::db::DbConn;
use crate::partners::names;

/// The record's name or title as its page shows it; none for what has no name.
pub fn display_name(conn: &mut DbConn, id: &PublicId, lang: &str) -> QueryResult<Option<String>> {
    let tag: Option<LanguageTag> = lang.parse().ok();
    let known = match (id.kind(), &tag) {
        (Kind::Partner | Kind::Network, Some(tag)) => {
            let names = names::of_records(conn, std::slice::from_ref(id))?;
            let names = names.get(id).map(Vec::as_slice).unwrap_or_default();
            names::in_language(names, tag).map(str::to_owned)
        }
        (Kind::Agreement, _) => {
            let keys: Vec<i64> = links::key(conn, id)?.into_iter().collect();
            titles::of(conn, &keys, tag.as_ref())?.into_values().next()
        }
        _ => None,
    };
    match known {
        Some(name) => Ok(Some(name)),
        None => display_name::name(conn, id, lang),
    }
}
