//! Reading networks.

use actix_web::{get, web};
use chrono::NaiveDate;
use diesel::QueryResult;
use serde::Deserialize;
use utoipa::IntoParams;

use super::filter::{self, NetworkFilter};
use super::memberships;
use super::memberships::filter::of_status;
use super::memberships::record::Membership;
use super::memberships::types::MembershipView;
use super::record::Network;
use super::reference;
use super::store::NetworkRow;
use super::types::{NetworkIn, NetworkView};
use crate::app::App;
use crate::changes::{self, Meta};
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::lifecycle::MembershipStatus;
use crate::db::DbConn;
use crate::db::condition::{Condition, published};
use crate::db::keyset::Sorting;
use crate::evidence::include;
use crate::formats::{self, Asked};
use crate::http::extract::params::{Day, List, Match, Parsed, Words};
use crate::http::extract::{ListParams, ListQuery, Read, ReadRequest, Viewer, path_id};
use crate::http::format::Format;
use crate::http::listing::{self, Listing};
use crate::http::page::{Page, order};
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond;
use crate::partners::{identifiers, names, reference as partners};
use crate::records::{self, Readable, Route, Routed, Show};

impl Readable for Network {
    type View = NetworkView;
    type Filter = NetworkFilter;
    const INCLUDES: &'static [&'static str] = &["sources", "citations"];
    const SORTING: &'static Sorting = &filter::SORTING;

    fn words(filter: &NetworkFilter) -> Option<&Parsed<Words>> {
        filter.q.as_ref()
    }

    fn order(filter: &NetworkFilter) -> &'static Sorting {
        match filter.identifier {
            Some(_) => &filter::BY_LIFE,
            None => &filter::SORTING,
        }
    }

    fn condition(
        _: &mut DbConn,
        filter: &NetworkFilter,
        show: &Show<'_>,
    ) -> Result<Condition, Problem> {
        Ok(filter::condition(filter, show.viewer))
    }

    fn views(
        conn: &mut DbConn,
        rows: Vec<NetworkRow>,
        show: &Show<'_>,
    ) -> QueryResult<Vec<NetworkView>> {
        let lang = show.lang;
        let ids: Vec<PublicId> = rows.iter().map(|row| row.public_id.clone()).collect();
        let mut all_names = names::of_records(conn, &ids)?;
        let mut all_identifiers = identifiers::of_records(conn, &ids)?;
        let seats = rows.iter().filter_map(|row| row.seat_partner_id);
        let seats = partners::by_keys(conn, seats, lang)?;
        let successors = rows.iter().filter_map(|row| row.successor_id);
        let successors = reference::by_keys(conn, successors, lang)?;
        let mut evidence = include::evidence(conn, show.includes, &ids)?;
        let views = rows.into_iter().map(|row| {
            let names = all_names.remove(&row.public_id).unwrap_or_default();
            let shown = lang.and_then(|lang| names::in_language(&names, lang));
            NetworkView {
                name: shown.unwrap_or(&row.name).to_owned(),
                kind: row.kind,
                founded_on_range: row.founded_on.as_ref().map(Into::into),
                founded_on: row.founded_on.clone(),
                dissolved_on_range: row.dissolved_on.as_ref().map(Into::into),
                dissolved_on: row.dissolved_on.clone(),
                seat: row.seat_partner_id.and_then(|key| seats.get(&key).cloned()),
                successor: row
                    .successor_id
                    .and_then(|key| successors.get(&key).cloned()),
                membership_classes: row.membership_classes.0,
                description: row.description.0,
                identifiers: all_identifiers.remove(&row.public_id).unwrap_or_default(),
                meta: crate::meta!(row),
                evidence: evidence.remove(&row.public_id).unwrap_or_default(),
                warnings: names::warnings(&names),
                names,
                legal_form: row.legal_form,
                website: row.website,
                id: row.public_id,
            }
        });
        Ok(views.collect())
    }

    fn meta(view: &mut NetworkView) -> &mut Meta {
        &mut view.meta
    }
}

impl Routed for Network {
    const ROUTES: &'static [(Route, &'static str)] = &[
        (
            Route::List,
            "With `q` and no `sort`, the best match comes first.",
        ),
        (Route::Read, "Its members are a list of their own."),
        (
            Route::Update,
            "Setting `dissolved_on` ends its live memberships on that day, each by an event of its own; they follow\n\
             it to another day, and go on when it is taken back.",
        ),
        (
            Route::Withdraw,
            "Nothing is deleted: the id stays and answers 410 with the reason. A network with live memberships\n\
             can't be withdrawn.",
        ),
    ];
    type Patch = NetworkIn;
}

/// Filters of a network's memberships.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MemberFilter {
    /// Statuses, separated by commas; with `as_of`, the status on that day.
    #[param(value_type = Option<String>, example = "member,observer")]
    pub status: Option<List<MembershipStatus>>,
    /// As it was on this day: memberships that had begun by then, with their status of that day.
    #[param(value_type = Option<String>, example = "2021-06-01")]
    pub as_of: Option<Parsed<Day>>,
    /// What `as_of` does with dates that are not known to the day: `possible` (the default) takes
    /// every reading, `certain` only what holds in all of them.
    #[serde(rename = "match")]
    #[param(value_type = Option<String>, pattern = "^(possible|certain)$", example = "possible")]
    pub matching: Option<Parsed<Match>>,
}

/// List the memberships of a network
///
/// Past ones included, unless `status` says otherwise.
#[utoipa::path(tag = "networks", extensions(("x-formats" = json!("records"))), params(("id" = String, Path, description = "The network's id", example = "net_8x3k0q2m7t"), ListParams, MemberFilter),
    responses((status = 200, description = "A page of memberships", body = Page<MembershipView>)))]
#[get("/api/v1/networks/{id}/members")]
pub async fn list_network_members(
    (app, request, viewer): Read,
    path: web::Path<String>,
    query: ListQuery<MemberFilter>,
) -> HttpResult {
    let includes = respond::includes(query.params.include.as_deref(), Membership::INCLUDES)?;
    let id = path_id(Kind::Network, "network", &path)?;
    let today = app.today();
    if request.format != Format::Json {
        return members_in_format(&app, &request, id, query, includes).await;
    }
    let open = records::seen::<Network>(viewer, id);
    let sorting = Some(Membership::SORTING);
    listing::answer(
        &app,
        &request,
        query,
        sorting,
        open,
        move |conn, query, (row, viewer)| {
            let found = members(row.id, query).page(conn, memberships::store::by_keys)?;
            let show = Show {
                as_of: query.filter.day(),
                ..Show::list(&viewer, query.params.lang(), &includes, today)
            };
            Ok(found.shown(|rows| Membership::views(conn, rows, &show))?)
        },
    )
    .await
}

impl MemberFilter {
    fn day(&self) -> Option<NaiveDate> {
        self.as_of.as_ref().map(|Parsed(Day(day))| *day)
    }
}

/// The memberships of the network of this internal key.
fn members(network: i64, query: &ListQuery<MemberFilter>) -> Listing<'_> {
    let MemberFilter {
        status,
        as_of,
        matching,
    } = &query.filter;
    let condition = Condition::new(published("memberships"))
        .sql(" AND memberships.network_id = ")
        .integer(network)
        .then(of_status(
            status.as_ref(),
            as_of.as_ref(),
            matching.as_ref(),
        ));
    Listing::new(Membership::SORTING, query, condition, None)
}

/// All of them in another format than JSON.
async fn members_in_format(
    app: &App,
    request: &ReadRequest,
    id: PublicId,
    query: ListQuery<MemberFilter>,
    includes: Vec<String>,
) -> HttpResult {
    let includes = records::embedded_in_format::<Membership>(request.format, includes);
    let today = app.today();
    let asked = Asked::list("members", &query.params).of(&id);
    formats::list::<MembershipView, _>(
        app,
        request,
        asked,
        move |conn| {
            order(Membership::SORTING, query.params.sort.as_deref())?;
            let row = records::visible::<Network>(conn, &Viewer::default(), &id)?;
            Ok((changes::public_revision(conn)?, (row.id, query)))
        },
        move |conn, writer, (network, query)| {
            let viewer = Viewer::default();
            let show = Show {
                as_of: query.filter.day(),
                ..Show::list(&viewer, query.params.lang(), &includes, today)
            };
            let load = memberships::store::by_keys;
            members(network, &query).whole(conn, load, |conn, rows| {
                let views = Membership::views(conn, rows, &show)?;
                writer.add(conn, &views)
            })
        },
    )
    .await
}
