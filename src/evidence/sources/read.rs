//! Reading sources.

use diesel::QueryResult;

use super::filter::{self, SourceFilter};
use super::record::Source;
use super::store::SourceRow;
use super::types::{SourceIn, SourceView};
use crate::changes::Meta;
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::keyset::Sorting;
use crate::http::extract::params::{Parsed, Words};
use crate::http::problem::Problem;
use crate::records::{Readable, Route, Routed, Show};

impl Readable for Source {
    type View = SourceView;
    type Filter = SourceFilter;
    const SORTING: &'static Sorting = &filter::SORTING;

    fn words(filter: &SourceFilter) -> Option<&Parsed<Words>> {
        filter.q.as_ref()
    }

    fn condition(
        _: &mut DbConn,
        filter: &SourceFilter,
        show: &Show<'_>,
    ) -> Result<Condition, Problem> {
        Ok(filter::condition(filter, show.viewer))
    }

    fn views(_: &mut DbConn, rows: Vec<SourceRow>, _: &Show<'_>) -> QueryResult<Vec<SourceView>> {
        Ok(rows.iter().map(SourceRow::view).collect())
    }

    fn meta(view: &mut SourceView) -> &mut Meta {
        &mut view.meta
    }
}

impl Routed for Source {
    const ROUTES: &'static [(Route, &'static str)] = &[
        (
            Route::List,
            "Everything that facts are taken from, by title. With `q` and no `sort`, the best match comes first.",
        ),
        (
            Route::Read,
            "A page, paper, register or person's word that facts are taken from.",
        ),
        (
            Route::Update,
            "Every record that cites it shows the change.",
        ),
        (
            Route::Withdraw,
            "A source that is cited can't be withdrawn.",
        ),
    ];
    type Patch = SourceIn;
}
