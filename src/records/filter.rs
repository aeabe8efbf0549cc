//! What lists of records of all kinds can be filtered and sorted by.

/// The filters of the lists of a kind, and behind them those that the lists of all kinds have.
#[macro_export]
macro_rules! record_filter {
    ($(#[$about:meta])* $filter:ident { $($own:tt)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, serde::Deserialize, utoipa::IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $filter {
            $($own)*
            /// Changed at this time or later (RFC 3339): those with a new version, not those that show something
            /// else of other records (the feed tells of these).
            #[param(value_type = Option<String>, example = "2026-01-01T00:00:00Z")]
            pub updated_since:
                Option<$crate::http::extract::params::Parsed<$crate::http::extract::params::Since>>,
            /// Also drafts, or only drafts, of the caller's own office: states separated by commas. Without
            /// it only what is published.
            #[param(value_type = Option<String>, example = "published")]
            pub record_state: Option<
                $crate::http::extract::params::List<$crate::core::vocabulary::record::RecordState>,
            >,
        }
    };
}

/// What the rows of a table of records can be sorted by: these keys, and the times that all kinds have.
#[macro_export]
macro_rules! record_sorting {
    ($table:literal, $default:literal, [$($key:expr),* $(,)?]) => {
        $crate::db::keyset::Sorting {
            table: $table,
            keys: &[
                $($key,)*
                $crate::db::keyset::SortKey::time("created_at", concat!($table, ".created_at")),
                $crate::db::keyset::SortKey::time("updated_at", concat!($table, ".updated_at")),
            ],
            default: $default,
        }
    };
}
