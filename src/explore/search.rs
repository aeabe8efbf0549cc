//! `GET /search`: records of all kinds by their names, best match first.
//!
//! The index finds and ranks in memory; what is shown of the hits of one page is read with one or
//! two statements for each kind of record among them.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

use actix_web::{get, web};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::agreements::titles;
use crate::app::App;
use crate::changes;
use crate::core::country::Country;
use crate::core::ids::PublicId;
use crate::core::language::{LanguageTag, Translations};
use crate::core::parse_error::ParseError;
use crate::core::title;
use crate::core::vocabulary::record::Entity;
use crate::core::vocabulary::{Code as _, unknown_code};
use crate::db::schema::{activities, agreements, sources};
use crate::db::{DbConn, Json};
use crate::http::extract::params::{List, Parsed, Words};
use crate::http::extract::{ListParams, ListQuery, ReadRequest};
use crate::http::listing::{self, one_order, page_of_hits};
use crate::http::page::Page;
use crate::http::problem::{HttpResult, Problem};
pub use crate::index::Match as MatchKind;
use crate::index::{Hit, Index, NAMED};
use crate::networks::reference as networks;
use crate::partners::reference;

/// A kind of record that can be searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Searched(pub Entity);

impl FromStr for Searched {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut known = NAMED.into_iter();
        let found = known.find(|entity| entity.code() == text).map(Self);
        found.ok_or_else(|| {
            let codes = NAMED.iter().map(|entity| entity.code());
            unknown_code(text, "what can be searched is", codes)
        })
    }
}

/// A record one of whose names was found.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchHit {
    /// The record's id.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub id: PublicId,
    /// What sort of record it is.
    #[schema(example = "partner")]
    pub entity: Entity,
    /// What it is called: the display name or title, in the language asked for where it has one.
    #[schema(example = "Hrodna")]
    pub name: String,
    /// The name that was found, which may be another one.
    #[schema(example = "Grodno")]
    pub matched_name: String,
    /// How well that name fits.
    #[serde(rename = "match")]
    #[schema(example = "exact")]
    pub matched: MatchKind,
    /// The kind of the partner, network, activity or source, or the instrument of the agreement.
    #[schema(example = "municipality")]
    pub kind: Option<String>,
    /// The country of a partner.
    pub country: Option<Country>,
    /// Where the record is read.
    #[schema(example = "/api/v1/partners/ptn_8x3k0q2m7t")]
    pub href: String,
}

/// What is searched for, and where.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchFilter {
    /// Text in any of the names, in any script, with or without accents.
    #[param(value_type = String, min_length = 1, max_length = 200, example = "bialystok")]
    pub q: Parsed<Words>,
    /// Only these kinds of records, separated by commas: `partner`, `agreement`, `network`,
    /// `activity`, `source`.
    #[param(value_type = Option<String>, example = "partner,network")]
    pub entity: Option<List<Searched>>,
}

/// Search records of all kinds
///
/// Partners and networks are found by every name they are known by, agreements by their titles and
/// the names of their parties, activities and sources by their titles. The best match comes first:
/// exact, prefix, word, inside; then territorial bodies before institutions, the larger population,
/// the name.
#[utoipa::path(tag = "explore", params(ListParams, SearchFilter),
    responses((status = 200, description = "A page of records", body = Page<SearchHit>)))]
#[get("/api/v1/search")]
pub async fn search(
    app: web::Data<App>,
    request: ReadRequest,
    query: ListQuery<SearchFilter>,
) -> HttpResult {
    if query.params.sort.is_some() {
        return Err(one_order("hits have one order, the best match first"));
    }
    let index = Arc::clone(&app.index);
    let open = |conn: &mut DbConn| Ok((changes::public_revision(conn)?, ()));
    listing::answer(&app, &request, query, None, open, move |conn, query, ()| {
        found(conn, &index, query)
    })
    .await
}

/// The records that a search finds, as it answers with them.
pub fn found(
    conn: &mut DbConn,
    index: &Index,
    query: &ListQuery<SearchFilter>,
) -> Result<Page<SearchHit>, Problem> {
    let kinds: Vec<Entity> = match &query.filter.entity {
        Some(wanted) => wanted.0.iter().map(|searched| searched.0).collect(),
        None => NAMED.to_vec(),
    };
    let hits = index.search(conn, &kinds, &query.filter.q.0.0)?;
    let hits = hits.iter().collect();
    let found = page_of_hits(hits, &query.params, &query.fingerprint)?;
    Ok(found.shown(|hits| shown(conn, &hits, query.params.lang()))?)
}

/// A record's name, kind and country.
type Shown = (String, String, Option<Country>);

/// These hits as callers see them, in the same order.
fn shown(
    conn: &mut DbConn,
    hits: &[&Hit],
    lang: Option<&LanguageTag>,
) -> QueryResult<Vec<SearchHit>> {
    let mut known: HashMap<(Entity, i64), Shown> = HashMap::new();
    for entity in NAMED {
        let those = hits.iter().filter(|hit| hit.entity == entity);
        let keys: Vec<i64> = those.map(|hit| hit.id).collect();
        if !keys.is_empty() {
            let shown = of_kind(conn, entity, &keys, lang)?.into_iter();
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
fn of_kind(
    conn: &mut DbConn,
    entity: Entity,
    keys: &[i64],
    lang: Option<&LanguageTag>,
) -> QueryResult<Vec<(i64, Shown)>> {
    use {activities as v, agreements as a, sources as s};
    let all = keys.iter().copied();
    let mut shown = Vec::with_capacity(keys.len());
    match entity {
        Entity::Partner => {
            for (key, one) in reference::by_keys(conn, all, lang)? {
                shown.push((key, (one.name, one.kind.to_string(), Some(one.country))));
            }
        }
        Entity::Network => {
            for (key, one) in networks::by_keys(conn, all, lang)? {
                shown.push((key, (one.name, one.kind.to_string(), None)));
            }
        }
        Entity::Agreement => {
            let mut titles = titles::of(conn, keys, lang)?;
            let found = a::table.filter(a::id.eq_any(keys));
            let found = found.select((a::id, a::instrument));
            for (key, instrument) in found.load::<(i64, String)>(conn)? {
                let title = titles.remove(&key).unwrap_or_default();
                shown.push((key, (title, instrument, None)));
            }
        }
        Entity::Activity => {
            let found = v::table.filter(v::id.eq_any(keys));
            let found = found.select((v::id, v::title, v::kind));
            for (key, titles, kind) in found.load::<(i64, Json<Translations>, String)>(conn)? {
                let title = title::in_language(&titles, lang).unwrap_or_default();
                shown.push((key, (title.to_owned(), kind, None)));
            }
        }
        _ => {
            let found = s::table.filter(s::id.eq_any(keys));
            let found = found.select((s::id, s::title, s::kind));
            for (key, title, kind) in found.load::<(i64, String, String)>(conn)? {
                shown.push((key, (title, kind, None)));
            }
        }
    }
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_a_name_can_be_searched() {
        assert_eq!("network".parse(), Ok(Searched(Entity::Network)));
        let refused = "membership".parse::<Searched>().unwrap_err();
        assert!(refused.message.contains("agreement"), "{refused}");
        let misspelt = "partnr".parse::<Searched>().unwrap_err();
        assert!(
            misspelt.message.ends_with("did you mean partner?"),
            "{misspelt}"
        );
    }
}
