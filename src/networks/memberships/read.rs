//! Reading memberships.

use std::collections::HashMap;

use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::store::{self, MembershipRow};
use super::types::MembershipView;
use super::view::{self, Detail};
use crate::app::App;
use crate::changes::{self, persons};
use crate::core::country::Country;
use crate::core::edtf::Edtf;
use crate::core::ids::Kind;
use crate::core::vocabulary::lifecycle::MembershipStatus;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::condition::{Condition, Value};
use crate::db::keyset::{SortKey, Sorting};
use crate::evidence::documents::Sight;
use crate::http::extract::params::{Day, Id, List, Match, Parsed, Since, Words};
use crate::http::extract::query::None as NoParams;
use crate::http::extract::viewer::Driven;
use crate::http::extract::{
    ItemParams, ItemQuery, ListParams, ListQuery, ReadRequest, Viewer, path_id,
};
use crate::http::listing::{Listing, is_settled};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::respond::{self, Validator};
use crate::lifecycle::store::code;
use crate::lifecycle::{Of, as_of_condition, status_at};
use crate::partners::reference;

/// What can be embedded in a membership; 400 names it.
pub fn includes(include: Option<&str>) -> Result<Vec<String>, Problem> {
    respond::includes(include, &["events", "sources", "citations", "documents"])
}

/// Filters of memberships.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MembershipFilter {
    /// Memberships of these partners, separated by commas.
    #[param(value_type = Option<String>, example = "ptn_8x3k0q2m7t")]
    pub partner: Option<List<Id>>,
    /// Memberships in these networks, separated by commas.
    #[param(value_type = Option<String>, example = "net_8x3k0q2m7t")]
    pub network: Option<List<Id>>,
    /// Statuses, separated by commas; with `as_of`, the status on that day.
    #[param(value_type = Option<String>, example = "member,observer")]
    pub status: Option<List<MembershipStatus>>,
    /// The class of membership, exactly.
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
    /// Changed at this time or later (RFC 3339): those with a new version, not those that show something
    /// else of other records (the feed tells of these).
    #[param(value_type = Option<String>, example = "2026-01-01T00:00:00Z")]
    pub updated_since: Option<Parsed<Since>>,
    /// Also drafts, or only drafts, of the caller's own office: states separated by commas. Without
    /// it only what is published.
    #[param(value_type = Option<String>, example = "published")]
    pub record_state: Option<List<RecordState>>,
}

/// The day a list is asked about and the statuses it is asked for.
#[derive(Debug, Clone, Default)]
pub struct AsOf {
    day: Option<NaiveDate>,
    certain: bool,
    statuses: Option<Vec<MembershipStatus>>,
}

impl AsOf {
    /// From the parameters of a list.
    pub fn new(
        day: Option<&Parsed<Day>>,
        matching: Option<&Parsed<Match>>,
        statuses: Option<&List<MembershipStatus>>,
    ) -> Self {
        Self {
            day: day.map(|day| day.0.0),
            certain: matching.is_some_and(|matching| matching.0.is_certain()),
            statuses: statuses.map(|statuses| statuses.0.clone()),
        }
    }

    /// ` AND …`, or nothing.
    pub fn condition(&self) -> Condition {
        match (self.day, &self.statuses) {
            (Some(day), statuses) => Condition::new(" AND ").then(as_of_condition(
                Of::Memberships,
                day,
                self.certain,
                statuses.as_deref(),
            )),
            (None, Some(statuses)) => Condition::new(" AND memberships.status IN ").texts(statuses),
            (None, None) => Condition::default(),
        }
    }

    /// Shows each membership with its status of that day.
    fn shown(
        &self,
        keys: &[i64],
        views: &mut [MembershipView],
        conn: &mut DbConn,
    ) -> Result<(), Problem> {
        let Some(day) = self.day else { return Ok(()) };
        let mut held: HashMap<i64, (String, Edtf)> = status_at(conn, Of::Memberships, keys, day)?;
        for (key, view) in keys.iter().zip(views) {
            if let Some((status, since)) = held.remove(key) {
                view.status = code(&status)?;
                view.status_since_range = (&since).into();
                view.status_since = since;
            }
        }
        Ok(())
    }
}

/// What memberships can be sorted by.
pub const SORTING: Sorting = Sorting {
    table: "memberships",
    keys: &[
        SortKey::date(
            "admitted_on",
            "memberships.admitted_asc",
            "memberships.admitted_desc",
        ),
        SortKey::time("created_at", "memberships.created_at"),
        SortKey::time("updated_at", "memberships.updated_at"),
    ],
    default: "-created_at",
};

/// The rows that a filter lets through.
fn condition(filter: &MembershipFilter, as_of: &AsOf, viewer: &Viewer) -> Condition {
    let mut c = viewer.states(
        "memberships",
        filter.record_state.as_ref(),
        Driven::by(
            filter.partner.is_some() || filter.network.is_some() || filter.country.is_some(),
        ),
    );
    if let Some(partners) = &filter.partner {
        c = c
            .sql(" AND memberships.partner_id IN ")
            .then(reference::standing_for(&partners.0));
    }
    if let Some(networks) = &filter.network {
        c = c
            .sql(
                " AND memberships.network_id IN (SELECT n.id FROM networks n WHERE n.public_id IN ",
            )
            .texts(&networks.0)
            .sql(")");
    }
    if let Some(Parsed(class)) = &filter.class {
        c = c.sql(" AND memberships.class = ").text(&*class.0);
    }
    if let Some(Parsed(section)) = &filter.section {
        c = c.sql(" AND memberships.section = ").text(&*section.0);
    }
    if let Some(countries) = &filter.country {
        c = c
            .sql(" AND memberships.partner_id IN (SELECT p.id FROM partners p WHERE p.country IN ")
            .texts(&countries.0)
            .sql(")");
    }
    if let Some(Parsed(since)) = &filter.updated_since {
        c = c
            .sql(" AND memberships.updated_at >= ")
            .bind(Value::Time(since.0.naive_utc()));
    }
    c.then(as_of.condition())
}

/// A page of the memberships for which `condition` holds, as they were on the day asked about.
pub fn page_of_memberships<F>(
    conn: &mut DbConn,
    query: &ListQuery<F>,
    condition: Condition,
    as_of: &AsOf,
    includes: &[String],
    sight: &Sight,
) -> Result<Page<MembershipView>, Problem> {
    let found = Listing::new(&SORTING, query, condition, None)
        .page::<MembershipRow>(conn, store::by_keys)?;
    let keys: Vec<i64> = found.rows.iter().map(|row| row.id).collect();
    let lang = query.params.lang();
    let shape = (Detail::Listed, sight);
    let mut data = view::views(conn, found.rows, lang, includes, shape)?;
    as_of.shown(&keys, &mut data, conn)?;
    Ok(Page {
        data,
        page: found.page,
        total: found.total,
    })
}

/// List memberships
///
/// Newest first. Ended ones are included, unless `status` says otherwise.
#[utoipa::path(tag = "networks", params(ListParams, MembershipFilter),
    responses((status = 200, description = "A page of memberships", body = Page<MembershipView>)))]
#[get("/api/v1/memberships")]
pub async fn list_memberships(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    query: ListQuery<MembershipFilter>,
) -> Result<HttpResponse, Problem> {
    let includes = includes(query.params.include.as_deref())?;
    let fields = query.params.fields.clone();
    let asked = request.clone();
    let (page, revision) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let revision = changes::seen(conn, &viewer)?;
            if is_settled(&asked, revision, &query, Some(&SORTING))? {
                return Ok((None, revision));
            }
            let filter = &query.filter;
            let as_of = AsOf::new(
                filter.as_of.as_ref(),
                filter.matching.as_ref(),
                filter.status.as_ref(),
            );
            let condition = condition(filter, &as_of, &viewer);
            let sight = Sight::of(conn, &viewer)?;
            let page = page_of_memberships(conn, &query, condition, &as_of, &includes, &sight)?;
            Ok((Some(page), revision))
        })
        .await?;
    respond::list_unless_settled(&request, revision, fields.as_deref(), page.as_ref())
}

/// Read a membership
///
/// With the names of those who hold offices and the actions its status allows now.
#[utoipa::path(tag = "networks", params(("id" = String, Path, description = "The membership's id", example = "mbr_8x3k0q2m7t"), ItemParams),
    responses((status = 200, description = "The membership", body = MembershipView)))]
#[get("/api/v1/memberships/{id}")]
pub async fn get_membership(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    path: web::Path<String>,
    query: ItemQuery<NoParams>,
) -> Result<HttpResponse, Problem> {
    let includes = includes(query.params.include.as_deref())?;
    let id = path_id(Kind::Membership, "membership", &path)?;
    let fields = query.params.fields.clone();
    let asked = request.clone();
    let (view, validator) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let row = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("membership"))?;
            crate::must_see!(conn, &viewer, row)?;
            let at = row.updated_at.and_utc();
            let seen = changes::embedded(conn, &viewer, !includes.is_empty())?;
            let validator = Validator::version_rev(row.version, row.rev, at).beside(seen);
            if respond::is_settled(&asked, &validator) {
                return Ok((None, validator));
            }
            let lang = query.params.lang();
            let shape = (Detail::Item, &Sight::of(conn, &viewer)?);
            let mut view = view::views(conn, vec![row], lang, &includes, shape)?
                .pop()
                .ok_or_else(|| Problem::not_found("membership"))?;
            persons::sign(conn, &viewer, &id, &mut view.meta)?;
            Ok((Some(view), validator))
        })
        .await?;
    respond::item_unless_settled(&request, &validator, fields.as_deref(), view.as_ref())
}
