//! Reading sources.

use diesel::QueryResult;

use super::filter::{self, SourceFilter};
use super::record::Source;
use super::store::SourceRow;
use super::types::{SourceIn, SourceView};
use crate::changes::Meta;
use crate::db::DbConn;
use crate::db::keyset::Sorting;
use crate::records::{Readable, Routed, Show};

impl Readable for Source {
    type View = SourceView;
    type Filter = SourceFilter;
    const SORTING: &'static Sorting = &filter::SORTING;
    const META: fn(&mut SourceView) -> &mut Meta = |view| &mut view.meta;

    fn views(_: &mut DbConn, rows: Vec<SourceRow>, _: &Show<'_>) -> QueryResult<Vec<SourceView>> {
        Ok(rows.iter().map(SourceRow::view).collect())
    }
}

impl Routed for Source {
    const LIST: &'static str = "Everything that facts are taken from, by title. With `q` and no \
        `sort`, the best match comes first.";
    const READ: &'static str =
        "A page, paper, register or person's word that facts are taken from.";
    const UPDATE: &'static str = "Every record that cites it shows the change.";
    const WITHDRAW: &'static str = "A source that is cited can't be withdrawn.";
    type Patch = SourceIn;
}
