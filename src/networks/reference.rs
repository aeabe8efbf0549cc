//! A network as other records show it.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::core::vocabulary::network::NetworkKind;
use crate::db::DbConn;
use crate::db::schema::networks;
use crate::partners::names;

/// A network inside another record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NetworkRef {
    /// Its id.
    #[schema(example = "net_8x3k0q2m7t")]
    pub id: PublicId,
    /// Its name, in the language asked for where it has one.
    #[schema(example = "Niemen Euroregion")]
    pub name: String,
    /// What sort of network it is.
    #[schema(example = "euroregion")]
    pub kind: NetworkKind,
}

/// These networks by their internal keys: one query, and one more when a language is asked for.
pub fn by_keys(
    conn: &mut DbConn,
    keys: impl IntoIterator<Item = i64>,
    lang: Option<&LanguageTag>,
) -> QueryResult<HashMap<i64, NetworkRef>> {
    use networks as n;
    let keys: BTreeSet<i64> = keys.into_iter().collect();
    let rows: Vec<(i64, PublicId, String, NetworkKind)> = n::table
        .filter(n::id.eq_any(&keys))
        .select((n::id, n::public_id, n::name, n::kind))
        .load(conn)?;
    let mut found: HashMap<i64, NetworkRef> = rows
        .into_iter()
        .map(|(key, id, name, kind)| (key, NetworkRef { id, name, kind }))
        .collect();
    if let Some(lang) = lang {
        let ids: Vec<PublicId> = found.values().map(|network| network.id.clone()).collect();
        let all = names::of_records(conn, &ids)?;
        for network in found.values_mut() {
            let names = all.get(&network.id);
            if let Some(name) = names.and_then(|names| names::in_language(names, lang)) {
                name.clone_into(&mut network.name);
            }
        }
    }
    Ok(found)
}
