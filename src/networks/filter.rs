//! Filters and sort keys of networks.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::core::country::Country;
use crate::core::identifier::Identifier;
use crate::core::vocabulary::network::NetworkKind;
use crate::core::vocabulary::record::RecordState;
use crate::db::condition::Condition;
use crate::db::keyset::{SortKey, Sorting};
use crate::http::extract::Viewer;
use crate::http::extract::params::{List, Parsed, Since, Words};
use crate::http::extract::viewer::Driven;
use crate::partners::identifiers;

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

/// What networks can be sorted by.
pub const SORTING: Sorting = Sorting {
    table: "networks",
    row: "networks.id",
    keys: &[
        SortKey::text("name", "networks.sort_key"),
        SortKey::time("created_at", "networks.created_at"),
        SortKey::time("updated_at", "networks.updated_at"),
    ],
    default: "name",
};

/// The order without `sort=` when an identifier is asked for: see the one of partners.
pub const BY_LIFE: Sorting = Sorting {
    table: "networks",
    row: "networks.id",
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
pub fn condition(filter: &NetworkFilter, viewer: &Viewer) -> Condition {
    let driven = Driven::by(filter.q.is_some() || filter.identifier.is_some());
    viewer
        .states("networks", filter.record_state.as_ref(), driven)
        .then(List::condition(filter.kind.as_ref(), "networks.kind"))
        .then(List::within(
            filter.country.as_ref(),
            " AND networks.seat_partner_id IN (SELECT p.id FROM partners p WHERE p.country IN ",
            ")",
        ))
        .then(identifiers::carried(filter.identifier.as_ref(), "networks"))
        .then(Since::condition(filter.updated_since.as_ref(), "networks"))
}
