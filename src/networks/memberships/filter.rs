//! Filters and sort keys of memberships.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::fold;
use super::store::MembershipRow;
use crate::core::country::Country;
use crate::core::vocabulary::lifecycle::MembershipStatus;
use crate::db::condition::{Condition, ids_sql};
use crate::db::keyset::{SortKey, Sorting};
use crate::db::schema::memberships;
use crate::db::{DbConn, columns_of};
use crate::http::extract::Viewer;
use crate::http::extract::params::{Day, Id, List, Match, Parsed, Since, Words};
use crate::http::problem::Problem;
use crate::lifecycle::SubjectKind;
use crate::lifecycle::periods::of_status;
use crate::partners::reference;
use crate::records::{Filter, Show};
use crate::{record_filter, record_sorting};

record_filter! {
    /// Filters of memberships.
    MembershipFilter {
        /// Memberships of these partners, separated by commas.
        #[param(value_type = Option<String>, example = "ptn_8x3k0q2m7t")]
        pub partner: Option<List<Id>>,
        /// Memberships in these networks, separated by commas.
        #[param(value_type = Option<String>, example = "net_8x3k0q2m7t")]
        pub network: Option<List<Id>>,
        /// Statuses, separated by commas; with `as_of`, the status on that day.
        #[param(value_type = Option<String>, example = "member,observer")]
        pub status: Option<List<MembershipStatus>>,
        /// The class of membership, exactly; with `as_of`, the class on that day.
        #[param(value_type = Option<String>, min_length = 1, max_length = 200, example = "full")]
        pub class: Option<Parsed<Words>>,
        /// The part of the network, exactly.
        #[param(value_type = Option<String>, min_length = 1, max_length = 200, example = "PL")]
        pub section: Option<Parsed<Words>>,
        /// Countries of the partner, separated by commas.
        #[param(value_type = Option<String>, example = "PL,LT")]
        pub country: Option<List<Country>>,
        /// As it was on this day: memberships that had begun by then, ended ones included, with their
        /// status of that day.
        #[param(value_type = Option<String>, example = "2021-06-01")]
        pub as_of: Option<Parsed<Day>>,
        /// What `as_of` does with dates that are not known to the day: `possible` (the default) takes
        /// every reading, `certain` only what holds in all of them.
        #[serde(rename = "match")]
        #[param(value_type = Option<String>, pattern = "^(possible|certain)$", example = "possible")]
        pub matching: Option<Parsed<Match>>,
    }
}

/// What memberships can be sorted by.
pub const SORTING: Sorting = record_sorting!(
    "memberships",
    "-created_at",
    [SortKey::date(
        "admitted_on",
        "memberships.admitted_asc",
        "memberships.admitted_desc",
    )]
);

impl Filter for MembershipFilter {
    fn as_of(&self) -> Option<NaiveDate> {
        self.as_of.as_ref().map(|Parsed(Day(day))| *day)
    }

    fn condition(&self, conn: &mut DbConn, show: &Show<'_>) -> Result<Condition, Problem> {
        let c = but_for_class(self, show.viewer);
        let Some(Parsed(class)) = &self.class else {
            return Ok(c);
        };
        let held = Condition::new("memberships.class = ").text(&*class.0);
        let Some(Parsed(Day(day))) = &self.as_of else {
            return Ok(c.sql(" AND ").then(held));
        };
        // Of the few whose class changed, the events tell what it was on the day.
        let changed = c.clone().sql(CLASS_CHANGED);
        let changed: Vec<MembershipRow> = memberships::table
            .filter(changed)
            .select(columns_of::<MembershipRow>())
            .load(conn)?;
        let then = fold::facts_on(conn, &changed, *day)?;
        let class = Some(class.0.as_str());
        let (held_then, not_then): (Vec<i64>, Vec<i64>) = then.keys().partition(|key| {
            then.get(*key)
                .is_some_and(|then| then.class.as_deref() == class)
        });
        Ok(c.sql(" AND (").then(held).sql(format!(
            " AND (memberships.id IN {}) IS NOT TRUE OR memberships.id IN {})",
            ids_sql(not_then.into_iter()),
            ids_sql(held_then.into_iter())
        )))
    }
}

/// Memberships with an event that changed their class: one that names a class, or the admission of an
/// observer.
const CLASS_CHANGED: &str = " AND EXISTS (SELECT 1 FROM lifecycle_events e \
    WHERE e.membership_id = memberships.id \
    AND (e.details LIKE '%\"class\":%' OR e.from_status = 'observer'))";

fn but_for_class(filter: &MembershipFilter, viewer: &Viewer) -> Condition {
    let mut c = viewer.states(
        "memberships",
        filter.record_state.as_ref(),
        filter.partner.is_some() || filter.network.is_some() || filter.country.is_some(),
    );
    if let Some(partners) = &filter.partner {
        c = c
            .sql(" AND memberships.partner_id IN ")
            .then(reference::standing_for(&partners.0));
    }
    let in_networks =
        " AND memberships.network_id IN (SELECT n.id FROM networks n WHERE n.public_id IN ";
    c = c.then(List::within(filter.network.as_ref(), in_networks, ")"));
    if let Some(Parsed(section)) = &filter.section {
        c = c.sql(" AND memberships.section = ").text(&*section.0);
    }
    let in_countries =
        " AND memberships.partner_id IN (SELECT p.id FROM partners p WHERE p.country IN ";
    c = c.then(List::within(filter.country.as_ref(), in_countries, ")"));
    c = c.then(Since::condition(
        filter.updated_since.as_ref(),
        "memberships",
    ));
    let certain = filter
        .matching
        .is_some_and(|Parsed(read)| read.is_certain());
    let (of, day) = (SubjectKind::Memberships, filter.as_of());
    c.then(of_status(of, filter.status.as_ref(), day, certain))
}
