//! Reading suggestions: for the office that decides, and for whoever proposed them.

use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::store;
use super::types::SuggestionView;
use crate::access::Actor;
use crate::app::App;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::SuggestionState;
use crate::db::DbConn;
use crate::http::extract::query::NoParams;
use crate::http::extract::{ItemQuery, List, ListParams, ListQuery, Parsed, ReadRequest, path_id};
use crate::http::listing::{self, of_all, page_of};
use crate::http::page::Page;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{self, Validator};

/// Filters of suggestions.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SuggestionFilter {
    /// States, separated by commas.
    #[param(value_type = Option<String>, example = "open")]
    pub state: Option<List<SuggestionState>>,
    /// The record they are about.
    #[param(value_type = Option<String>, example = "agr_8x3k0q2m7t")]
    pub target: Option<Parsed<PublicId>>,
}

/// List suggestions
///
/// Those for records of one's own office, and one's own, the oldest first.
#[utoipa::path(tag = "suggestions", params(ListParams, SuggestionFilter),
    responses((status = 200, description = "A page of suggestions", body = Page<SuggestionView>)))]
#[get("/api/v1/suggestions")]
pub async fn list_suggestions(
    actor: Actor,
    app: web::Data<App>,
    request: ReadRequest,
    query: ListQuery<SuggestionFilter>,
) -> HttpResult {
    let read = move |conn: &mut DbConn, query: &ListQuery<SuggestionFilter>, ()| {
        let SuggestionFilter { state, target } = &query.filter;
        let states = state.as_ref().map(|states| states.0.as_slice());
        let target = target.as_ref().map(|target| &target.0);
        let all = store::readable(conn, &actor, states, target)?;
        let found = page_of(all, query, ToString::to_string)?;
        Ok(found.shown(|keys| {
            let rows = store::load(conn, &keys)?;
            store::views(conn, &actor, rows)
        })?)
    };
    listing::answer(&app, &request, query, None, of_all, read).await
}

/// Read a suggestion
///
/// With what it would change, for those who may decide and for whoever proposed it.
#[utoipa::path(tag = "suggestions", params(("id" = String, Path, description = "The suggestion's id", example = "sug_8x3k0q2m7t")),
    responses((status = 200, description = "The suggestion", body = SuggestionView)))]
#[get("/api/v1/suggestions/{id}")]
pub async fn get_suggestion(
    actor: Actor,
    app: web::Data<App>,
    request: ReadRequest,
    path: web::Path<String>,
    _query: ItemQuery<NoParams>,
) -> HttpResult {
    let id = path_id(Kind::Suggestion, "suggestion", &path)?;
    let view = app
        .db
        .read(move |conn| {
            let gone = || Problem::not_found("suggestion");
            let row = store::find(conn, &actor, &id)?.ok_or_else(gone)?;
            store::views(conn, &actor, vec![row])?
                .pop()
                .ok_or_else(gone)
        })
        .await?;
    let validator = Validator::version(view.version, view.updated_at);
    respond::item(&request, &validator, None, &view)
}
