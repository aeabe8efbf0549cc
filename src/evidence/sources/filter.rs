//! Filters and sort keys of sources.

use crate::core::vocabulary::evidence::{Reliability, SourceKind};
use crate::db::condition::Condition;
use crate::db::keyset::{SortKey, Sorting};
use crate::http::extract::Viewer;
use crate::http::extract::params::{Address, List, Parsed, Since, Words};
use crate::http::extract::viewer::Driven;
use crate::record_filter;

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

/// The rows that a filter lets through, apart from `q`.
pub fn condition(filter: &SourceFilter, viewer: &Viewer) -> Condition {
    let driven = Driven::by(filter.q.is_some() || filter.url.is_some());
    let mut c = viewer
        .states("sources", filter.record_state.as_ref(), driven)
        .then(List::condition(filter.kind.as_ref(), "sources.kind"))
        .then(List::condition(
            filter.reliability.as_ref(),
            "sources.reliability",
        ));
    if let Some(Parsed(Address(url))) = &filter.url {
        c = c.sql(" AND sources.url = ").text(url);
    }
    c.then(Since::condition(filter.updated_since.as_ref(), "sources"))
}
