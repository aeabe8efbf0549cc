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
#[derive(Debug, Clone, Default)]
struct Shown {
    name: String,
    kind: Option<String>,
    country: Option<Country>,
}

type ByKey = HashMap<i64, Shown>;

/// These hits as callers see them, in the same order.
pub(super) fn hits(
    conn: &mut DbConn,
    hits: &[&Hit],
    lang: Option<&LanguageTag>,
) -> QueryResult<Vec<SearchHit>> {
    let mut known: HashMap<Entity, ByKey> = HashMap::new();
    for entity in SEARCHED {
        let keys: Vec<i64> = hits
            .iter()
            .filter(|hit| hit.entity == *entity)
            .map(|hit| hit.id)
            .collect();
        if keys.is_empty() {
            continue;
        }
        let shown = match entity {
            Entity::Partner => of_partners(conn, &keys, lang)?,
            Entity::Agreement => of_agreements(conn, &keys, lang)?,
            Entity::Network => of_networks(conn, &keys, lang)?,
            Entity::Activity => of_activities(conn, &keys, lang)?,
            _ => of_sources(conn, &keys)?,
        };
        known.insert(*entity, shown);
    }
    Ok(hits
        .iter()
        .filter_map(|hit| {
            let shown = known.get_mut(&hit.entity)?.remove(&hit.id)?;
            let collection = hit.entity.kind().collection()?;
            Some(SearchHit {
                id: hit.record.parse().ok()?,
                entity: hit.entity,
                name: shown.name,
                matched_name: hit.name.clone(),
                matched: hit.matched.into(),
                kind: shown.kind,
                country: shown.country,
                href: format!("/api/v1/{collection}/{}", hit.record),
            })
        })
        .collect())
}

/// What has a name and a kind, and no country.
fn named(name: String, kind: String) -> Shown {
    Shown {
        name,
        kind: Some(kind),
        country: None,
    }
}

fn of_partners(conn: &mut DbConn, keys: &[i64], lang: Option<&LanguageTag>) -> QueryResult<ByKey> {
    let found = reference::by_keys(conn, keys.iter().copied(), lang)?;
    let shown = found.into_iter().map(|(key, partner)| {
        let country = Some(partner.country);
        let named = named(partner.name, partner.kind.to_string());
        (key, Shown { country, ..named })
    });
    Ok(shown.collect())
}

fn of_networks(conn: &mut DbConn, keys: &[i64], lang: Option<&LanguageTag>) -> QueryResult<ByKey> {
    let found = networks::by_keys(conn, keys.iter().copied(), lang)?;
    let shown = found
        .into_iter()
        .map(|(key, network)| (key, named(network.name, network.kind.to_string())));
    Ok(shown.collect())
}

fn of_agreements(
    conn: &mut DbConn,
    keys: &[i64],
    lang: Option<&LanguageTag>,
) -> QueryResult<ByKey> {
    use agreements as a;
    let instruments: Vec<(i64, String)> = a::table
        .filter(a::id.eq_any(keys))
        .select((a::id, a::instrument))
        .load(conn)?;
    let mut titles = titles::of(conn, keys, lang)?;
    let shown = instruments.into_iter().map(|(key, instrument)| {
        let title = titles.remove(&key).unwrap_or_default();
        (key, named(title, instrument))
    });
    Ok(shown.collect())
}

fn of_activities(
    conn: &mut DbConn,
    keys: &[i64],
    lang: Option<&LanguageTag>,
) -> QueryResult<ByKey> {
    use activities as a;
    let rows: Vec<(i64, Json<Translations>, String)> = a::table
        .filter(a::id.eq_any(keys))
        .select((a::id, a::title, a::kind))
        .load(conn)?;
    let shown = rows.into_iter().map(|(key, titles, kind)| {
        let name = title::in_language(&titles, lang).unwrap_or_default();
        (key, named(name.to_owned(), kind))
    });
    Ok(shown.collect())
}

fn of_sources(conn: &mut DbConn, keys: &[i64]) -> QueryResult<ByKey> {
    use sources as s;
    let rows: Vec<(i64, String, String)> = s::table
        .filter(s::id.eq_any(keys))
        .select((s::id, s::title, s::kind))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(key, title, kind)| (key, named(title, kind)))
        .collect())
}
