//! Reading networks.

use actix_web::{get, web};
use chrono::NaiveDate;
use diesel::QueryResult;
use serde::Deserialize;
use utoipa::IntoParams;

use super::filter::{self, NetworkFilter};
use super::memberships::record::Membership;
use super::memberships::types::MembershipView;
use super::record::Network;
use super::reference;
use super::store::NetworkRow;
use super::types::{NetworkIn, NetworkView};
use crate::changes::Meta;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::lifecycle::MembershipStatus;
use crate::db::DbConn;
use crate::db::condition::{Condition, published};
use crate::db::keyset::Sorting;
use crate::evidence::include;
use crate::http::extract::params::{Day, List, Match, Parsed};
use crate::http::extract::{ListParams, ListQuery, Read, path_id};
use crate::http::page::Page;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond;
use crate::lifecycle::{SubjectKind, periods};
use crate::partners::{identifiers, names, reference as partners};
use crate::records::list_options::ListOptions;
use crate::records::{self, Filter, Readable, Routed, Show};

impl Readable for Network {
    type View = NetworkView;
    type Filter = NetworkFilter;
    const INCLUDES: &'static [&'static str] = &["sources", "citations"];
    const SORTING: &'static Sorting = &filter::SORTING;
    const META: fn(&mut NetworkView) -> &mut Meta = |view| &mut view.meta;

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
}

impl Routed for Network {
    const LIST: &'static str = "With `q` and no `sort`, the best match comes first.";
    const READ: &'static str = "Its members are a list of their own.";
    const UPDATE: &'static str = "Setting `dissolved_on` ends its live memberships on that day, \
        each by an event of its own; they follow\n\
        it to another day, and go on when it is taken back.";
    const WITHDRAW: &'static str = "Nothing is deleted: the id stays and answers 410 with the \
        reason. A network with live memberships\n\
        can't be withdrawn.";
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
    respond::includes(query.params.include.as_deref(), Membership::INCLUDES)?;
    let id = path_id(Kind::Network, "network", &path)?;
    let options = ListOptions::<Membership, MemberFilter> {
        collection: "members",
        of: Some(id.clone()),
        among: Box::new(move |conn, viewer| {
            let row = records::visible::<Network>(conn, viewer, &id)?;
            let of_network = Condition::new("memberships.network_id = ").integer(row.id);
            Ok(Some(of_network))
        }),
        ..ListOptions::default()
    };
    records::read::list_as(&app, request, viewer, query, options).await
}

impl Filter for MemberFilter {
    fn as_of(&self) -> Option<NaiveDate> {
        self.as_of.as_ref().map(|Parsed(Day(day))| *day)
    }

    fn condition(&self, _: &mut DbConn, _: &Show<'_>) -> Result<Condition, Problem> {
        let certain = self.matching.is_some_and(|Parsed(read)| read.is_certain());
        let (of, day) = (SubjectKind::Memberships, self.as_of());
        let held = periods::of_status(of, self.status.as_ref(), day, certain);
        Ok(Condition::new(published("memberships")).then(held))
    }
}
