//! The handler of partnerships.

use std::collections::{HashMap, HashSet};

use actix_web::{get, web};
use diesel::QueryResult;
use serde::Deserialize;
use utoipa::IntoParams;

use super::compute::{AsOf, Papers, Tie, ties};
use super::store::{self, Counterpart, Material};
use super::types::{Own, PartnershipAgreement, PartnershipView};
use crate::agreements::successors;
use crate::app::App;
use crate::changes;
use crate::core::country::Country;
use crate::core::edtf::Edtf;
use crate::core::geo::Point;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::core::vocabulary::partner::PartnerKind;
use crate::db::DbConn;
use crate::db::keyset::{Position, SortKey, Sorting};
use crate::formats::{self, Asked};
use crate::http::extract::params::{Day, List, Match, Parsed};
use crate::http::extract::{ListParams, ListQuery, Read, ReadRequest, Viewer, path_id};
use crate::http::format::Format;
use crate::http::listing::{LAST_DATE, page_sorted};
use crate::http::page::{Page, order};
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond;
use crate::partners::record::Partner;
use crate::partners::store::PartnerRow;
use crate::partners::{PartnerRef, reference};
use crate::records;

/// Filters of partnerships.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PartnershipFilter {
    /// As things stood on this day; what had not begun is left out.
    #[param(value_type = Option<String>, example = "2019-01-01")]
    pub as_of: Option<Parsed<Day>>,
    /// With `as_of`, when dates are not known to the day: `possible` keeps what may have been so,
    /// `certain` only what was so in any case.
    #[serde(rename = "match")]
    #[param(value_type = Option<String>, pattern = "^(possible|certain)$", example = "possible")]
    pub matching: Option<Parsed<Match>>,
    /// Statuses of the tie, separated by commas.
    #[param(value_type = Option<String>, example = "in_force,suspended")]
    pub status: Option<List<LegalStatus>>,
    /// Countries of the counterpart, separated by commas.
    #[param(value_type = Option<String>, example = "BY,LT")]
    pub country: Option<List<Country>>,
    /// Kinds of the counterpart, separated by commas.
    #[param(value_type = Option<String>, example = "municipality")]
    pub kind: Option<List<PartnerKind>>,
}

impl PartnershipFilter {
    fn asked(&self) -> Option<AsOf> {
        let Parsed(day) = self.as_of.as_ref()?;
        let matching = self.matching.as_ref().map(|Parsed(given)| *given);
        Some(AsOf {
            day: day.0,
            matching: matching.unwrap_or_default(),
        })
    }

    fn lets_through(&self, row: &Row) -> bool {
        fn has<T: PartialEq>(list: Option<&List<T>>, one: &T) -> bool {
            list.is_none_or(|list| list.0.contains(one))
        }
        let partner = &row.counterpart.partner;
        has(self.status.as_ref(), &row.tie.status)
            && has(self.country.as_ref(), &partner.country)
            && has(self.kind.as_ref(), &partner.kind)
    }
}

/// Rows are ordered in memory: only the names of the keys count.
const SORTING: Sorting = Sorting {
    table: "partners",
    keys: &[
        SortKey::text("name", ""),
        SortKey::text("since", ""),
        SortKey::text("distance", ""),
    ],
    default: "name",
};

/// A tie with what is known of the other side.
#[derive(Debug, Clone)]
struct Row {
    counterpart: Counterpart,
    tie: Tie,
    last_activity_on: Option<Edtf>,
    distance_km: Option<f64>,
}

/// Behind every distance.
const FARTHEST: &str = "~";

impl Row {
    fn sort_value(&self, key: &str, descending: bool) -> String {
        let (value, last) = match key {
            "distance" => (self.distance_km.map(|km| format!("{km:08.1}")), FARTHEST),
            "since" => {
                let (first, last) = (self.tie.since.earliest(), self.tie.since.latest());
                let day = if descending {
                    last.or(first)
                } else {
                    first.or(last)
                };
                (day.map(|day| day.to_string()), LAST_DATE)
            }
            _ => return self.counterpart.sort_key.clone(),
        };
        let missing = if descending { "" } else { last };
        value.unwrap_or_else(|| missing.to_owned())
    }

    fn view(
        self,
        own: &Own,
        papers: &Papers,
        today: &mut HashMap<i64, Vec<PartnerRef>>,
    ) -> PartnershipView {
        let (counterpart, tie) = (self.counterpart, self.tie);
        let mut standings = tie.standings;
        let mut told = HashSet::new();
        standings.retain(|standing| told.insert(standing.key));
        let agreements = standings.iter().filter_map(|standing| {
            let paper = &papers.get(&standing.key)?.row;
            Some(PartnershipAgreement {
                id: paper.public_id.clone(),
                title: (!paper.title.is_empty()).then(|| paper.title.0.clone()),
                instrument: paper.instrument,
                relationship: paper.relationship,
                status: standing.paper_status,
                status_since: standing.paper_since.clone(),
                signed_on: paper.signed_on.clone(),
                signed_on_range: paper.signed_on.as_ref().map(Into::into),
                recorded_on: paper.created_at.date(),
            })
        });
        PartnershipView {
            counterpart_today: counterpart.dissolved.and_then(|key| today.remove(&key)),
            counterpart: counterpart.partner,
            status: tie.status,
            status_since: tie.status_since,
            since_range: (&tie.since).into(),
            since: tie.since,
            relationship: tie.relationship,
            reciprocity: tie.reciprocity,
            place: counterpart.place,
            own: own.clone(),
            distance_km: self.distance_km,
            longest_gap_days: tie.longest_gap_days,
            certain: tie.certain,
            spells: tie.spells,
            last_activity_on: self.last_activity_on,
            agreements: agreements.collect(),
        }
    }
}

/// List the partnerships of a partner
///
/// One row for each other partner it has or had an agreement with, ended ties included: the
/// relationship as it follows from all their agreements. An agreement of three or more parties
/// counts for each two of them. Sorted by the counterpart's `name`, or with `sort=since` by the
/// beginning of the tie, or with `sort=distance` by how far it is, what has no place last.
#[utoipa::path(tag = "explore", extensions(("x-formats" = json!("records"))),
    params(("id" = String, Path, description = "The partner's id", example = "ptn_8x3k0q2m7t"), ListParams, PartnershipFilter),
    responses((status = 200, description = "A page of partnerships", body = Page<PartnershipView>), crate::http::openapi::Merged))]
#[get("/api/v1/partners/{id}/partnerships")]
pub async fn list_partnerships(
    (app, request, viewer): Read,
    path: web::Path<String>,
    query: ListQuery<PartnershipFilter>,
) -> HttpResult {
    if request.format != Format::Json {
        respond::includes(query.params.include.as_deref(), &[])?;
        let id = path_id(Kind::Partner, "partner", &path)?;
        return in_format(&app, &request, id, query).await;
    }
    let page = move |conn: &mut DbConn, query: &ListQuery<_>, (partner, _): (PartnerRow, _)| {
        page(conn, &partner, query)
    };
    let sorting = Some(&SORTING);
    records::parts::<Partner, _, _>(&app, &request, viewer, &path, query, sorting, page).await
}

/// All of them in another format than JSON.
async fn in_format(
    app: &App,
    request: &ReadRequest,
    id: PublicId,
    query: ListQuery<PartnershipFilter>,
) -> HttpResult {
    let asked = Asked::list("partnerships", &query.params).of(&id);
    formats::list::<PartnershipView, _>(
        app,
        request,
        asked,
        move |conn| {
            order(&SORTING, query.params.sort.as_deref())?;
            let partner = records::visible::<Partner>(conn, &Viewer::default(), &id)?;
            Ok((changes::public_revision(conn)?, (partner, query)))
        },
        move |conn, writer, (partner, mut query)| {
            // A partner's ties are put together in memory, whatever is asked of them.
            query.params.limit = Some(u32::MAX);
            let views = page(conn, &partner, &query)?.data;
            writer.add(conn, &views)
        },
    )
    .await
}

/// The partnerships of a partner, as the list answers with them.
pub fn page(
    conn: &mut DbConn,
    partner: &PartnerRow,
    query: &ListQuery<PartnershipFilter>,
) -> Result<Page<PartnershipView>, Problem> {
    order(&SORTING, query.params.sort.as_deref())?;
    Partnerships::load(conn, partner, &query.filter)?.page(conn, query)
}

/// All ties of a partner, of which several pages may be asked.
#[derive(Debug)]
pub struct Partnerships {
    own: Own,
    papers: Papers,
    rows: Vec<Row>,
}

impl Partnerships {
    /// Reads them, on the day of the filter, whatever else it says.
    pub fn load(
        conn: &mut DbConn,
        partner: &PartnerRow,
        filter: &PartnershipFilter,
    ) -> QueryResult<Self> {
        let asked = filter.asked();
        let Material {
            papers,
            links,
            lines,
            mut counterparts,
        } = store::material(conn, partner.id, asked)?;
        let mut activities =
            store::last_activities(conn, partner.id, asked.map(|asked| asked.day))?;
        let place = Point::kept(partner.latitude, partner.longitude);
        let rows = ties(partner.id, &papers, &links, &lines, asked)
            .into_iter()
            .filter_map(|(key, tie)| {
                let counterpart = counterparts.remove(&key)?;
                let way = place.zip(counterpart.place);
                let km = way.map(|(here, there)| here.distance_km(&there));
                Some(Row {
                    distance_km: km.map(|km| (km * 10.0).round() / 10.0),
                    counterpart,
                    tie,
                    last_activity_on: activities.remove(&key),
                })
            })
            .collect();
        Ok(Self {
            own: Own {
                id: partner.public_id.clone(),
                place,
            },
            papers,
            rows,
        })
    }

    /// How many there are of which this holds, by status and whether it is certain.
    pub fn count(&self, of: impl Fn(LegalStatus, bool) -> bool) -> usize {
        let ties = self.rows.iter().map(|row| &row.tie);
        ties.filter(|tie| of(tie.status, tie.certain)).count()
    }

    /// A page of those that the filter lets through.
    pub fn page(
        &self,
        conn: &mut DbConn,
        query: &ListQuery<PartnershipFilter>,
    ) -> Result<Page<PartnershipView>, Problem> {
        let order = order(&SORTING, query.params.sort.as_deref())?;
        let rows = self.rows.iter();
        let rows: Vec<&Row> = rows.filter(|row| query.filter.lets_through(row)).collect();
        let descending: Vec<bool> = order.keys().map(|(_, descending)| descending).collect();
        let position = |row: &&Row| {
            let keys = order.keys();
            let values = keys.map(|(key, descending)| row.sort_value(key.name, descending));
            Position {
                values: values.collect(),
                id: row.counterpart.partner.id.to_string(),
            }
        };
        let (params, fingerprint) = (&query.params, &query.fingerprint);
        let found = page_sorted(rows, &descending, params, fingerprint, position)?;
        let mut found = found.map(Row::clone);
        if let Some(lang) = query.params.lang() {
            let rows = found.data.iter_mut();
            let shown = rows.map(|row| &mut row.counterpart.partner);
            reference::translate(conn, shown, lang)?;
        }
        let rows = found.data.iter();
        let dissolved: Vec<i64> = rows.filter_map(|row| row.counterpart.dissolved).collect();
        let mut successors = if dissolved.is_empty() {
            HashMap::new()
        } else {
            successors::today(conn, dissolved.into_iter(), query.params.lang())?
        };
        Ok(found.map(|row| row.view(&self.own, &self.papers, &mut successors)))
    }
}
