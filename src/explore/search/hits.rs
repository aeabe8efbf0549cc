//! What is shown of a hit: its display name, its kind and, of a partner, its country.

use std::collections::HashMap;

use diesel::prelude::*;

use super::types::{SEARCHED, SearchHit};
use crate::agreements::titles;
use crate::core::country::Country;
use crate::core::language::{LanguageTag, Translations};
use crate::core::title;
use crate::core::vocabulary::record::Entity;
use crate::db::schema::{activities, agreements, sources};
use crate::db::{DbConn, Json};
use crate::index::Hit;
use crate::networks::reference as networks;
use crate::partners::reference;

/// A record's name, kind and country.
#[derive(Debug)]
struct Shown {
    name: String,
    kind: String,
    country: Option<Country>,
}

/// These hits as callers see them, in the same order.
pub(super) fn hits(
    conn: &mut DbConn,
    hits: &[&Hit],
    lang: Option<&LanguageTag>,
) -> QueryResult<Vec<SearchHit>> {
    let mut known: HashMap<(Entity, i64), Shown> = HashMap::new();
    for entity in SEARCHED {
        let of_kind = hits.iter().filter(|hit| hit.entity == *entity);
        let keys: Vec<i64> = of_kind.map(|hit| hit.id).collect();
        if !keys.is_empty() {
            let shown = shown(conn, *entity, &keys, lang)?.into_iter();
            known.extend(shown.map(|(key, shown)| ((*entity, key), shown)));
        }
    }
    Ok(hits
        .iter()
        .filter_map(|hit| {
            let shown = known.remove(&(hit.entity, hit.id))?;
            let collection = hit.entity.kind().collection()?;
            Some(SearchHit {
                id: hit.record.parse().ok()?,
                entity: hit.entity,
                name: shown.name,
                matched_name: hit.name.to_string(),
                matched: hit.matched.into(),
                kind: Some(shown.kind),
                country: shown.country,
                href: format!("/api/v1/{collection}/{}", hit.record),
            })
        })
        .collect())
}

/// What is shown of records of one kind, by internal key: one or two queries.
fn shown(
    conn: &mut DbConn,
    entity: Entity,
    keys: &[i64],
    lang: Option<&LanguageTag>,
) -> QueryResult<Vec<(i64, Shown)>> {
    use {activities as v, agreements as a, sources as s};
    let named = |name: String, kind: String| Shown {
        name,
        kind,
        country: None,
    };
    let all = keys.iter().copied();
    Ok(match entity {
        Entity::Partner => {
            let found = reference::by_keys(conn, all, lang)?.into_iter();
            let shown = found.map(|(key, partner)| {
                let country = Some(partner.country);
                let named = named(partner.name, partner.kind.to_string());
                (key, Shown { country, ..named })
            });
            shown.collect()
        }
        Entity::Network => {
            let found = networks::by_keys(conn, all, lang)?.into_iter();
            let shown = found.map(|(key, one)| (key, named(one.name, one.kind.to_string())));
            shown.collect()
        }
        Entity::Agreement => {
            let mut titles = titles::of(conn, keys, lang)?;
            let found = a::table.filter(a::id.eq_any(keys));
            let found: Vec<(i64, String)> = found.select((a::id, a::instrument)).load(conn)?;
            let title = |(key, instrument)| {
                let title = titles.remove(&key).unwrap_or_default();
                (key, named(title, instrument))
            };
            found.into_iter().map(title).collect()
        }
        Entity::Activity => {
            let found = v::table.filter(v::id.eq_any(keys));
            let found: Vec<(i64, Json<Translations>, String)> =
                found.select((v::id, v::title, v::kind)).load(conn)?;
            let shown = found.into_iter().map(|(key, titles, kind)| {
                let title = title::in_language(&titles, lang).unwrap_or_default();
                (key, named(title.to_owned(), kind))
            });
            shown.collect()
        }
        _ => {
            let found = s::table.filter(s::id.eq_any(keys));
            let found: Vec<(i64, String, String)> =
                found.select((s::id, s::title, s::kind)).load(conn)?;
            let shown = found.into_iter();
            shown
                .map(|(key, title, kind)| (key, named(title, kind)))
                .collect()
        }
    })
}
