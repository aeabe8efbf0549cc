//! What is shown of a hit: its display name, its kind and, of a partner, its country.

use std::collections::HashMap;

use diesel::prelude::*;

use super::types::SearchHit;
use crate::agreements::titles;
use crate::core::country::Country;
use crate::core::language::{LanguageTag, Translations};
use crate::core::title;
use crate::core::vocabulary::record::Entity;
use crate::db::schema::{activities, agreements, sources};
use crate::db::{DbConn, Json};
use crate::index::{Hit, NAMED};
use crate::networks::reference as networks;
use crate::partners::reference;

/// A record's name, kind and country.
type Shown = (String, String, Option<Country>);

/// These hits as callers see them, in the same order.
pub(super) fn hits(
    conn: &mut DbConn,
    hits: &[&Hit],
    lang: Option<&LanguageTag>,
) -> QueryResult<Vec<SearchHit>> {
    let mut known: HashMap<(Entity, i64), Shown> = HashMap::new();
    for entity in NAMED {
        let of_kind = hits.iter().filter(|hit| hit.entity == entity);
        let keys: Vec<i64> = of_kind.map(|hit| hit.id).collect();
        if !keys.is_empty() {
            let shown = shown(conn, entity, &keys, lang)?.into_iter();
            known.extend(shown.map(|(key, shown)| ((entity, key), shown)));
        }
    }
    Ok(hits
        .iter()
        .filter_map(|hit| {
            let (name, kind, country) = known.remove(&(hit.entity, hit.id))?;
            let collection = hit.entity.kind().collection()?;
            Some(SearchHit {
                id: hit.record.parse().ok()?,
                entity: hit.entity,
                name,
                matched_name: hit.name.to_string(),
                matched: hit.matched,
                kind: Some(kind),
                country,
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
    let all = keys.iter().copied();
    Ok(match entity {
        Entity::Partner => {
            let found = reference::by_keys(conn, all, lang)?.into_iter();
            let shown =
                found.map(|(key, one)| (key, (one.name, one.kind.to_string(), Some(one.country))));
            shown.collect()
        }
        Entity::Network => {
            let found = networks::by_keys(conn, all, lang)?.into_iter();
            let shown = found.map(|(key, one)| (key, (one.name, one.kind.to_string(), None)));
            shown.collect()
        }
        Entity::Agreement => {
            let mut titles = titles::of(conn, keys, lang)?;
            let found = a::table.filter(a::id.eq_any(keys));
            let found: Vec<(i64, String)> = found.select((a::id, a::instrument)).load(conn)?;
            let shown = found.into_iter().map(|(key, instrument)| {
                let title = titles.remove(&key).unwrap_or_default();
                (key, (title, instrument, None))
            });
            shown.collect()
        }
        Entity::Activity => {
            let found = v::table.filter(v::id.eq_any(keys));
            let found: Vec<(i64, Json<Translations>, String)> =
                found.select((v::id, v::title, v::kind)).load(conn)?;
            let shown = found.into_iter().map(|(key, titles, kind)| {
                let title = title::in_language(&titles, lang).unwrap_or_default();
                (key, (title.to_owned(), kind, None))
            });
            shown.collect()
        }
        _ => {
            let found = s::table.filter(s::id.eq_any(keys));
            let found: Vec<(i64, String, String)> =
                found.select((s::id, s::title, s::kind)).load(conn)?;
            let shown = found.into_iter();
            let shown = shown.map(|(key, title, kind)| (key, (title, kind, None)));
            shown.collect()
        }
    })
}
