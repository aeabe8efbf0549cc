//! Filters and sort keys of sources.

use crate::core::vocabulary::evidence::{Reliability, SourceKind};
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::keyset::{SortKey, Sorting};
use crate::http::extract::params::{Address, List, Parsed, Since, Words};
use crate::http::problem::Problem;
use crate::record_filter;
use crate::records::{Filter, Show};

record_filter! {
    /// Filters of sources.
    SourceFilter {
        /// Text in the title.
        #[param(value_type = Option<String>, min_length = 1, max_length = 200)]
        pub q: Option<Parsed<Words>>,
        /// Kinds, separated by commas.
        #[param(value_type = Option<String>, example = "press")]
        pub kind: Option<List<SourceKind>>,
        /// Who stands behind it, separated by commas.
        #[param(value_type = Option<String>, example = "official_party")]
        pub reliability: Option<List<Reliability>>,
        /// The exact address.
        #[param(value_type = Option<String>, max_length = 2000, pattern = "^https?://[^ ]+$")]
        pub url: Option<Parsed<Address>>,
    }
}

/// What sources can be sorted by.
pub const SORTING: Sorting = Sorting {
    table: "sources",
    keys: &[
        SortKey::text("title", "sources.sort_key"),
        SortKey::time("updated_at", "sources.updated_at"),
        SortKey::time("created_at", "sources.created_at"),
    ],
    default: "title",
};

impl Filter for SourceFilter {
    fn words(&self) -> Option<&Parsed<Words>> {
        self.q.as_ref()
    }

    fn condition(&self, _: &mut DbConn, show: &Show<'_>) -> Result<Condition, Problem> {
        let driven = self.q.is_some() || self.url.is_some();
        let mut c = show
            .viewer
            .states("sources", self.record_state.as_ref(), driven)
            .then(List::condition(self.kind.as_ref(), "sources.kind"))
            .then(List::condition(
                self.reliability.as_ref(),
                "sources.reliability",
            ));
        if let Some(Parsed(Address(url))) = &self.url {
            c = c.sql(" AND sources.url = ").text(url);
        }
        Ok(c.then(Since::condition(self.updated_since.as_ref(), "sources")))
    }
}
