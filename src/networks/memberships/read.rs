//! Reading memberships.

use chrono::NaiveDate;
use diesel::QueryResult;

use super::filter::{self, MembershipFilter};
use super::record::Membership;
use super::store::MembershipRow;
use super::types::{MembershipIn, MembershipView};
use super::view;
use crate::changes::Meta;
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::keyset::Sorting;
use crate::http::extract::params::{Day, Parsed};
use crate::http::problem::Problem;
use crate::records::{Readable, Route, Routed, Show};

impl Readable for Membership {
    type View = MembershipView;
    type Filter = MembershipFilter;
    const INCLUDES: &'static [&'static str] = &["events", "sources", "citations", "documents"];
    const SORTING: &'static Sorting = &filter::SORTING;

    fn as_of(filter: &MembershipFilter) -> Option<NaiveDate> {
        filter.as_of.as_ref().map(|Parsed(Day(day))| *day)
    }

    fn condition(
        conn: &mut DbConn,
        filter: &MembershipFilter,
        show: &Show<'_>,
    ) -> Result<Condition, Problem> {
        Ok(filter::condition(conn, filter, show.viewer)?)
    }

    fn views(
        conn: &mut DbConn,
        rows: Vec<MembershipRow>,
        show: &Show<'_>,
    ) -> QueryResult<Vec<MembershipView>> {
        view::views(conn, rows, show)
    }

    fn meta(view: &mut MembershipView) -> &mut Meta {
        &mut view.meta
    }
}

impl Routed for Membership {
    const TAG: &'static str = "networks";
    const ROUTES: &'static [(Route, &'static str)] = &[
        (
            Route::List,
            "Newest first. Ended ones are included, unless `status` says otherwise.",
        ),
        (
            Route::Read,
            "With the names of those who hold offices and the actions its status allows now.",
        ),
        (
            Route::Update,
            "Its status changes by events only. A date that an event brought moves that event, by a\n\
             correction; partner and network stay.",
        ),
        (
            Route::Withdraw,
            "Nothing is deleted: the id stays and answers 410 with the reason. A membership that ended is not\n\
             withdrawn; it is ended by an event.",
        ),
    ];
    type Patch = MembershipIn;
}
