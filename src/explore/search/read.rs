//! The handler of the search.

use std::sync::Arc;

use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::hits;
use super::types::{SearchHit, Searched};
use crate::app::App;
use crate::changes;
use crate::core::vocabulary::record::Entity;
use crate::db::DbConn;
use crate::http::extract::params::{List, Parsed, Words};
use crate::http::extract::{ListParams, ListQuery, ReadRequest};
use crate::http::listing::{self, one_order, page_of_hits};
use crate::http::page::Page;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond;
use crate::index::{Index, NAMED};

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
    respond::includes(query.params.include.as_deref(), &[])?;
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
    Ok(found.shown(|hits| hits::hits(conn, &hits, query.params.lang()))?)
}
