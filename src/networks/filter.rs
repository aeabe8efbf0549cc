//! Filters and sort keys of networks.

use crate::core::country::Country;
use crate::core::identifier::Identifier;
use crate::core::vocabulary::network::NetworkKind;
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::keyset::{SortKey, Sorting};
use crate::http::extract::params::{List, Parsed, Since, Words};
use crate::http::problem::Problem;
use crate::partners::identifiers;
use crate::records::{Filter, Show};
use crate::{record_filter, record_sorting};

record_filter! {
    /// Filters of networks.
    NetworkFilter {
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
    }
}

/// What networks can be sorted by.
pub const SORTING: Sorting = record_sorting!(
    "networks",
    "name",
    [SortKey::text("name", "networks.sort_key")]
);

/// The order without `sort=` when an identifier is asked for: see the one of partners.
pub const BY_LIFE: Sorting = Sorting {
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

impl Filter for NetworkFilter {
    fn words(&self) -> Option<&Parsed<Words>> {
        self.q.as_ref()
    }

    fn order(&self) -> Option<&'static Sorting> {
        self.identifier.is_some().then_some(&BY_LIFE)
    }

    fn condition(&self, _: &mut DbConn, show: &Show<'_>) -> Result<Condition, Problem> {
        let driven = self.q.is_some() || self.identifier.is_some();
        Ok(show
            .viewer
            .states("networks", self.record_state.as_ref(), driven)
            .then(List::condition(self.kind.as_ref(), "networks.kind"))
            .then(List::within(
                self.country.as_ref(),
                " AND networks.seat_partner_id IN (SELECT p.id FROM partners p WHERE p.country IN ",
                ")",
            ))
            .then(identifiers::carried(self.identifier.as_ref(), "networks"))
            .then(Since::condition(self.updated_since.as_ref(), "networks")))
    }
}
