//! Reading networks.

use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::memberships::read::{AsOf, page_of_memberships};
use super::memberships::types::MembershipView;
use super::store::{self, NetworkRow};
use super::types::NetworkView;
use crate::app::App;
use crate::changes::{self, persons};
use crate::core::country::Country;
use crate::core::identifier::Identifier;
use crate::core::ids::Kind;
use crate::core::vocabulary::lifecycle::MembershipStatus;
use crate::core::vocabulary::network::NetworkKind;
use crate::core::vocabulary::record::{Entity, RecordState};
use crate::db::condition::{Condition, Value, published};
use crate::db::keyset::{SortKey, Sorting};
use crate::evidence::documents::Sight;
use crate::http::extract::params::{Day, List, Match, Parsed, Since, Words};
use crate::http::extract::query::None as NoParams;
use crate::http::extract::viewer::Driven;
use crate::http::extract::{
    ItemParams, ItemQuery, ListParams, ListQuery, ReadRequest, Viewer, path_id,
};
use crate::http::listing::{Listing, is_settled};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::respond::{self, Validator};

/// What can be embedded in a network.
pub const INCLUDES: &[&str] = &["sources", "citations"];

/// Filters of networks.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NetworkFilter {
    /// Text in any of its names, in any script, with or without accents.
    #[param(value_type = Option<String>, min_length = 1, max_length = 200, example = "niemen")]
    pub q: Option<Parsed<Words>>,
    /// Kinds, separated by commas.
    #[param(value_type = Option<String>, example = "euroregion,egtc")]
    pub kind: Option<List<NetworkKind>>,
    /// Countries of the seat, separated by commas.
    #[param(value_type = Option<String>, example = "PL,LT")]
    pub country: Option<List<Country>>,
    /// An identifier, as scheme:value. A code that was handed on finds all who carry it, the living one
    /// first unless `sort` says otherwise.
    #[param(value_type = Option<String>, example = "wikidata:Q761")]
    pub identifier: Option<Parsed<Identifier>>,
    /// Changed at this time or later (RFC 3339): those with a new version, not those that show something
    /// else of other records (the feed tells of these).
    #[param(value_type = Option<String>, example = "2026-01-01T00:00:00Z")]
    pub updated_since: Option<Parsed<Since>>,
    /// Also drafts, or only drafts, of the caller's own office: states separated by commas. Without
    /// it only what is published.
    #[param(value_type = Option<String>, example = "published")]
    pub record_state: Option<List<RecordState>>,
}

const SORTING: Sorting = Sorting {
    table: "networks",
    keys: &[
        SortKey::text("name", "networks.sort_key"),
        SortKey::time("created_at", "networks.created_at"),
        SortKey::time("updated_at", "networks.updated_at"),
    ],
    default: "name",
};

/// The order without `sort=` when an identifier is asked for: see the one of partners.
const BY_LIFE: Sorting = Sorting {
    table: "networks",
    keys: &[
        SortKey::integer(
            "existence",
            "CASE WHEN networks.dissolved_on IS NULL THEN 0 ELSE 1 END",
            "CASE WHEN networks.dissolved_on IS NULL THEN 0 ELSE 1 END",
        ),
        SortKey::text("name", "networks.sort_key"),
    ],
    default: "existence,name",
};

/// The rows that a filter lets through, apart from `q`.
fn condition(filter: &NetworkFilter, viewer: &Viewer) -> Condition {
    let mut c = viewer.states(
        "networks",
        filter.record_state.as_ref(),
        Driven::by(filter.q.is_some() || filter.identifier.is_some()),
    );
    if let Some(kinds) = &filter.kind {
        c = c.sql(" AND networks.kind IN ").texts(&kinds.0);
    }
    if let Some(countries) = &filter.country {
        c = c
            .sql(
                " AND networks.seat_partner_id IN (SELECT p.id FROM partners p WHERE p.country IN ",
            )
            .texts(&countries.0)
            .sql(")");
    }
    if let Some(Parsed(identifier)) = &filter.identifier {
        c = c
            .sql(" AND networks.public_id IN (SELECT i.record FROM identifiers i WHERE i.scheme = ")
            .text(identifier.scheme.code())
            .sql(" AND i.value = ")
            .text(&*identifier.value)
            .sql(")");
    }
    if let Some(Parsed(since)) = &filter.updated_since {
        c = c
            .sql(" AND networks.updated_at >= ")
            .bind(Value::Time(since.0.naive_utc()));
    }
    c
}

/// List networks
///
/// With `q` and no `sort`, the best match comes first.
#[utoipa::path(tag = "networks", params(ListParams, NetworkFilter),
    responses((status = 200, description = "A page of networks", body = Page<NetworkView>)))]
#[get("/api/v1/networks")]
pub async fn list_networks(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    query: ListQuery<NetworkFilter>,
) -> Result<HttpResponse, Problem> {
    let includes = respond::includes(query.params.include.as_deref(), INCLUDES)?;
    let fields = query.params.fields.clone();
    let index = std::sync::Arc::clone(&app.index);
    let asked = request.clone();
    let (page, revision) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let revision = changes::seen(conn, &viewer)?;
            if is_settled(&asked, revision, &query, Some(&SORTING))? {
                return Ok((None, revision));
            }
            let hits = match &query.filter.q {
                Some(Parsed(q)) => Some(index.search(conn, &[Entity::Network], &q.0)?),
                None => None,
            };
            let condition = condition(&query.filter, &viewer);
            let sorting = match (&query.filter.identifier, &query.params.sort) {
                (Some(_), None) => &BY_LIFE,
                _ => &SORTING,
            };
            let found = Listing::new(sorting, &query, condition, hits)
                .page::<NetworkRow>(conn, store::by_keys)?;
            let data = store::views(conn, found.rows, query.params.lang(), &includes)?;
            let page = Page {
                data,
                page: found.page,
                total: found.total,
            };
            Ok((Some(page), revision))
        })
        .await?;
    respond::list_unless_settled(&request, revision, fields.as_deref(), page.as_ref())
}

/// Read a network
///
/// Its members are a list of their own.
#[utoipa::path(tag = "networks", params(("id" = String, Path, description = "The network's id", example = "net_8x3k0q2m7t"), ItemParams),
    responses((status = 200, description = "The network", body = NetworkView)))]
#[get("/api/v1/networks/{id}")]
pub async fn get_network(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    path: web::Path<String>,
    query: ItemQuery<NoParams>,
) -> Result<HttpResponse, Problem> {
    let includes = respond::includes(query.params.include.as_deref(), INCLUDES)?;
    let id = path_id(Kind::Network, "network", &path)?;
    let fields = query.params.fields.clone();
    let asked = request.clone();
    let (view, validator) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let row = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("network"))?;
            crate::must_see!(conn, &viewer, row)?;
            let at = row.updated_at.and_utc();
            let seen = changes::embedded(conn, &viewer, !includes.is_empty())?;
            let validator = Validator::version_rev(row.version, row.rev, at).beside(seen);
            if respond::is_settled(&asked, &validator) {
                return Ok((None, validator));
            }
            let mut view = store::views(conn, vec![row], query.params.lang(), &includes)?
                .pop()
                .ok_or_else(|| Problem::not_found("network"))?;
            persons::sign(conn, &viewer, &id, &mut view.meta)?;
            Ok((Some(view), validator))
        })
        .await?;
    respond::item_unless_settled(&request, &validator, fields.as_deref(), view.as_ref())
}

/// Filters of a network's memberships.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MemberFilter {
    /// Statuses, separated by commas; with `as_of`, the status on that day.
    #[param(value_type = Option<String>, example = "member,observer")]
    pub status: Option<List<MembershipStatus>>,
    /// As it was on this day: memberships that had begun by then, with their status of that day.
    #[param(value_type = Option<String>, example = "2021-06-01")]
    pub as_of: Option<Parsed<Day>>,
    /// What `as_of` does with dates that are not known to the day: `possible` (the default) takes
    /// every reading, `certain` only what holds in all of them.
    #[serde(rename = "match")]
    #[param(value_type = Option<String>, pattern = "^(possible|certain)$", example = "possible")]
    pub matching: Option<Parsed<Match>>,
}

/// List the memberships of a network
///
/// Past ones included, unless `status` says otherwise.
#[utoipa::path(tag = "networks", params(("id" = String, Path, description = "The network's id", example = "net_8x3k0q2m7t"), ListParams, MemberFilter),
    responses((status = 200, description = "A page of memberships", body = Page<MembershipView>)))]
#[get("/api/v1/networks/{id}/members")]
pub async fn list_network_members(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    path: web::Path<String>,
    query: ListQuery<MemberFilter>,
) -> Result<HttpResponse, Problem> {
    let includes = super::memberships::read::includes(query.params.include.as_deref())?;
    let id = path_id(Kind::Network, "network", &path)?;
    let fields = query.params.fields.clone();
    let asked = request.clone();
    let (page, revision) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let revision = changes::seen(conn, &viewer)?;
            let row = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("network"))?;
            crate::must_see!(conn, &viewer, row)?;
            let sorting = &super::memberships::read::SORTING;
            if is_settled(&asked, revision, &query, Some(sorting))? {
                return Ok((None, revision));
            }
            let as_of = AsOf::new(
                query.filter.as_of.as_ref(),
                query.filter.matching.as_ref(),
                query.filter.status.as_ref(),
            );
            let condition = Condition::new(published("memberships"))
                .sql(" AND memberships.network_id = ")
                .integer(row.id)
                .then(as_of.condition());
            let sight = Sight::of(conn, &viewer)?;
            let page = page_of_memberships(conn, &query, condition, &as_of, &includes, &sight)?;
            Ok((Some(page), revision))
        })
        .await?;
    respond::list_unless_settled(&request, revision, fields.as_deref(), page.as_ref())
}
