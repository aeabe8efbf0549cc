//! Filters and sort keys of activities.

use crate::core::country::Country;
use crate::core::edtf::Edtf;
use crate::core::vocabulary::activity::{ActivityKind, ActivityStatus};
use crate::core::vocabulary::agreement::FieldOfCooperation;
use crate::db::DbConn;
use crate::db::condition::{Condition, any_code};
use crate::db::keyset::{SortKey, Sorting};
use crate::http::extract::params::{Id, List, Match, Parsed, Since, Words, in_order};
use crate::http::problem::Problem;
use crate::partners::reference;
use crate::records::{Filter, Show};
use crate::{record_filter, record_sorting};

record_filter! {
    /// Filters of activities.
    ActivityFilter {
        /// Text in its title, in any language, with or without accents.
        #[param(value_type = Option<String>, min_length = 1, max_length = 200, example = "festival")]
        pub q: Option<Parsed<Words>>,
        /// Activities in which these partners take part, separated by commas.
        #[param(value_type = Option<String>, example = "ptn_8x3k0q2m7t")]
        pub partner: Option<List<Id>>,
        /// Kinds, separated by commas.
        #[param(value_type = Option<String>, example = "official_visit,meeting")]
        pub kind: Option<List<ActivityKind>>,
        /// Statuses, separated by commas.
        #[param(value_type = Option<String>, example = "held")]
        pub status: Option<List<ActivityStatus>>,
        /// About these fields, separated by commas.
        #[param(value_type = Option<String>, example = "youth,sport")]
        pub field: Option<List<FieldOfCooperation>>,
        /// Beginning on this date or later; any date the registry can hold.
        #[param(value_type = Option<String>, example = "2009")]
        pub from: Option<Parsed<Edtf>>,
        /// Beginning on this date or earlier; any date the registry can hold.
        #[param(value_type = Option<String>, example = "2012-06")]
        pub to: Option<Parsed<Edtf>>,
        /// What `from` and `to` do with dates that are not known to the day: `possible` (the default)
        /// takes what may lie inside, `certain` what must.
        #[serde(rename = "match")]
        #[param(value_type = Option<String>, pattern = "^(possible|certain)$", example = "possible")]
        pub matching: Option<Parsed<Match>>,
        /// Belonging to these agreements, separated by commas.
        #[param(value_type = Option<String>, example = "agr_8x3k0q2m7t")]
        pub agreement: Option<List<Id>>,
        /// Belonging to these networks, separated by commas.
        #[param(value_type = Option<String>, example = "net_8x3k0q2m7t")]
        pub network: Option<List<Id>>,
        /// Countries of any participant or of the place, separated by commas.
        #[param(value_type = Option<String>, example = "PL,LT")]
        pub country: Option<List<Country>>,
    }
}

/// What activities can be sorted by.
pub const SORTING: Sorting = record_sorting!(
    "activities",
    "-starts_on",
    [SortKey::date(
        "starts_on",
        "activities.starts_asc",
        "activities.starts_desc",
    )]
);

/// ` AND …` for the days between which an activity begins: `from` counts from its first possible
/// day, `to` until its last.
fn between(filter: &ActivityFilter) -> Condition {
    let mut c = Condition::default();
    if filter.from.is_none() && filter.to.is_none() {
        return c;
    }
    c = c.sql(" AND activities.starts_on IS NOT NULL");
    let certain = filter.matching.is_some_and(|Parsed(it)| it.is_certain());
    let (low, high) = if certain {
        ("activities.starts_earliest", "activities.starts_latest")
    } else {
        ("activities.starts_latest", "activities.starts_earliest")
    };
    let first = filter.from.as_ref().and_then(|date| date.0.earliest());
    let last = filter.to.as_ref().and_then(|date| date.0.latest());
    for (column, compared, day) in [(low, ">=", first), (high, "<=", last)] {
        let Some(day) = day else { continue };
        c = c.sql(format!(" AND ({column} {compared} ")).day(day);
        // An open end may lie inside, and need not.
        if !certain {
            c = c.sql(format!(" OR {column} IS NULL"));
        }
        c = c.sql(")");
    }
    c
}

impl Filter for ActivityFilter {
    fn words(&self) -> Option<&Parsed<Words>> {
        self.q.as_ref()
    }

    fn check(&self) -> Result<(), Problem> {
        in_order(("from", self.from.as_ref()), ("to", self.to.as_ref()))
    }

    fn condition(&self, _: &mut DbConn, show: &Show<'_>) -> Result<Condition, Problem> {
        let driven = self.q.is_some()
            || self.partner.is_some()
            || self.agreement.is_some()
            || self.network.is_some()
            || self.country.is_some();
        let mut c = show
            .viewer
            .states("activities", self.record_state.as_ref(), driven);
        if let Some(partners) = &self.partner {
            c = c
                .sql(
                    " AND activities.id IN (SELECT ap.activity_id FROM activity_participants ap \
                     WHERE ap.partner_id IN ",
                )
                .then(reference::standing_for(&partners.0))
                .sql(")");
        }
        c = c
            .then(List::condition(self.kind.as_ref(), "activities.kind"))
            .then(List::condition(self.status.as_ref(), "activities.status"));
        if let Some(fields) = &self.field {
            c = c.sql(any_code("activities.fields", &fields.0));
        }
        let countries = self.country.as_ref();
        Ok(c.then(List::within(
            self.agreement.as_ref(),
            " AND activities.id IN (SELECT aa.activity_id FROM activity_agreements aa \
             WHERE aa.agreement_id IN (SELECT a.id FROM agreements a WHERE a.public_id IN ",
            "))",
        ))
        .then(List::within(
            self.network.as_ref(),
            " AND activities.network_id IN (SELECT n.id FROM networks n WHERE n.public_id IN ",
            ")",
        ))
        .then(List::within(
            countries,
            " AND activities.id IN (SELECT ap.activity_id FROM partners p CROSS JOIN \
             activity_participants ap WHERE ap.partner_id = p.id AND p.country IN ",
            "",
        ))
        .then(List::within(
            countries,
            " UNION ALL SELECT v.id FROM partners p CROSS JOIN activities v \
             WHERE v.place_partner_id = p.id AND p.country IN ",
            ")",
        ))
        .then(Since::condition(self.updated_since.as_ref(), "activities"))
        .then(between(self)))
    }
}
