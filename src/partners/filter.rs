//! Filters and sort keys of partners.

use super::{identifiers, reference, store};
use crate::core::country::{Country, Subdivision};
use crate::core::identifier::Identifier;
use crate::core::vocabulary::agreement::FieldOfCooperation;
use crate::core::vocabulary::partner::PartnerKind;
use crate::db::DbConn;
use crate::db::condition::{Condition, any_code, published};
use crate::db::keyset::{SortKey, Sorting};
use crate::http::extract::params::{Bbox, Id, List, Near, Parsed, Since, Words};
use crate::http::problem::Problem;
use crate::records::{Filter, Show};
use crate::{record_filter, record_sorting};

record_filter! {
    /// Filters of partners.
    PartnerFilter {
        /// Text in any of its names, in any script, with or without accents.
        #[param(value_type = Option<String>, min_length = 1, max_length = 200, example = "bialystok")]
        pub q: Option<Parsed<Words>>,
        /// Countries, separated by commas.
        #[param(value_type = Option<String>, example = "PL,LT")]
        pub country: Option<List<Country>>,
        /// Subdivisions (ISO 3166-2), separated by commas.
        #[param(value_type = Option<String>, example = "PL-20")]
        pub subdivision: Option<List<Subdivision>>,
        /// Kinds, separated by commas.
        #[param(value_type = Option<String>, example = "municipality,county")]
        pub kind: Option<List<PartnerKind>>,
        /// An identifier, as scheme:value. A code that was handed on finds all who carry it, the living one
        /// first unless `sort` says otherwise.
        #[param(value_type = Option<String>, example = "wikidata:Q761")]
        pub identifier: Option<Parsed<Identifier>>,
        /// Part of any of these partners, such as the universities of a city; separated by commas.
        #[param(value_type = Option<String>, example = "ptn_8x3k0q2m7t")]
        pub host: Option<List<Id>>,
        /// Whether it is party to any published agreement.
        pub has_agreement: Option<bool>,
        /// Members of these networks today, separated by commas: with a live membership as member (suspended
        /// or not) or observer; who has only applied, or has left, does not count.
        #[param(value_type = Option<String>, example = "net_8x3k0q2m7t")]
        pub network: Option<List<Id>>,
        /// Inside this box: west,south,east,north in degrees; west may be greater than east across the date line.
        #[param(value_type = Option<String>, example = "22.9,53.0,23.4,53.3")]
        pub bbox: Option<Parsed<Bbox>>,
        /// Not farther than this from a point: latitude,longitude,kilometres.
        #[param(value_type = Option<String>, example = "53.13,23.16,50")]
        pub near: Option<Parsed<Near>>,
        /// Looking for partners in these fields, separated by commas.
        #[param(value_type = Option<String>, example = "youth")]
        pub seeking_field: Option<List<FieldOfCooperation>>,
    }
}

/// What partners can be sorted by.
pub const SORTING: Sorting = record_sorting!(
    "partners",
    "name",
    [
        SortKey::text("name", "partners.sort_key"),
        SortKey::integer(
            "population",
            "COALESCE(partners.population, 9223372036854775807)",
            "COALESCE(partners.population, -1)",
        ),
        SortKey::text("country", "partners.country"),
    ]
);

/// The order without `sort=` when an identifier is asked for: codes of places are handed on, and the
/// body that carries one today comes first.
pub const BY_LIFE: Sorting = Sorting {
    table: "partners",
    keys: &[
        SortKey::text("existence", "partners.existence"),
        SortKey::text("name", "partners.sort_key"),
    ],
    default: "existence,name",
};

impl Filter for PartnerFilter {
    fn words(&self) -> Option<&Parsed<Words>> {
        self.q.as_ref()
    }

    fn order(&self) -> Option<&'static Sorting> {
        self.identifier.is_some().then_some(&BY_LIFE)
    }

    fn condition(&self, conn: &mut DbConn, show: &Show<'_>) -> Result<Condition, Problem> {
        let driven = self.q.is_some()
            || self.identifier.is_some()
            || self.network.is_some()
            || self.host.is_some()
            || self.bbox.is_some()
            || self.near.is_some();
        let mut c = show
            .viewer
            .states("partners", self.record_state.as_ref(), driven);
        c = c
            .then(List::condition(self.country.as_ref(), "partners.country"))
            .then(List::condition(
                self.subdivision.as_ref(),
                "partners.subdivision",
            ))
            .then(List::condition(self.kind.as_ref(), "partners.kind"))
            .then(identifiers::carried(self.identifier.as_ref(), "partners"));
        if let Some(has) = self.has_agreement {
            c = c.sql(format!(
                " AND {} (SELECT 1 FROM agreement_parties p CROSS JOIN agreements a \
                 WHERE p.partner_id = partners.id AND a.id = p.agreement_id AND {})",
                if has { "EXISTS" } else { "NOT EXISTS" },
                published("a")
            ));
        }
        if let Some(networks) = &self.network {
            c = c
                .sql(" AND partners.id IN ")
                .then(reference::members_of(&networks.0));
        }
        if let Some(hosts) = &self.host {
            c = c
                .sql(" AND partners.host_id IN ")
                .then(reference::standing_for(&hosts.0));
        }
        if let Some(fields) = &self.seeking_field {
            c = c.sql(any_code("partners.seeking", &fields.0));
        }
        c = c.then(Since::condition(self.updated_since.as_ref(), "partners"));
        let around = self.near.iter().map(|Parsed(near)| near.bbox());
        for bbox in self.bbox.iter().map(|Parsed(bbox)| *bbox).chain(around) {
            let inside = bbox.condition("partners.latitude", "partners.longitude");
            c = c.sql(" AND ").then(inside);
        }
        if let Some(Parsed(near)) = &self.near {
            // The box lets too much through at its corners: distance is ours to compute.
            let reached = store::within(conn, near)?;
            c = c.sql(" AND partners.id IN ").sql(reached);
        }
        Ok(c)
    }
}
