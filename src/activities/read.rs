//! Reading activities.

use diesel::QueryResult;

use super::filter::{self, ActivityFilter};
use super::record::Activity;
use super::store::{self, ActivityRow};
use super::types::{ActivityIn, ActivityView};
use crate::changes::Meta;
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::keyset::Sorting;
use crate::http::extract::params::{Parsed, Words, in_order};
use crate::http::problem::Problem;
use crate::records::{Readable, Route, Routed, Show};

impl Readable for Activity {
    type View = ActivityView;
    type Filter = ActivityFilter;
    const INCLUDES: &'static [&'static str] = &["sources", "citations", "documents"];
    const SORTING: &'static Sorting = &filter::SORTING;

    fn words(filter: &ActivityFilter) -> Option<&Parsed<Words>> {
        filter.q.as_ref()
    }

    fn check(filter: &ActivityFilter) -> Result<(), Problem> {
        in_order(("from", filter.from.as_ref()), ("to", filter.to.as_ref()))
    }

    fn condition(
        _: &mut DbConn,
        filter: &ActivityFilter,
        show: &Show<'_>,
    ) -> Result<Condition, Problem> {
        Ok(filter::condition(filter, show.viewer))
    }

    fn views(
        conn: &mut DbConn,
        rows: Vec<ActivityRow>,
        show: &Show<'_>,
    ) -> QueryResult<Vec<ActivityView>> {
        store::views(conn, rows, show)
    }

    fn meta(view: &mut ActivityView) -> &mut Meta {
        &mut view.meta
    }
}

impl Routed for Activity {
    const ROUTES: &'static [(Route, &'static str)] = &[
        (
            Route::List,
            "Newest first, those without a date last. With `q` and no `sort`, the best match comes first.",
        ),
        (
            Route::Read,
            "With the names of those who represented the participants.",
        ),
        (
            Route::Update,
            "Lists, such as that of the participants, are replaced as a whole.",
        ),
        (
            Route::Withdraw,
            "Nothing is deleted: the id stays and answers 410 with the reason.",
        ),
    ];
    type Patch = ActivityIn;
}
