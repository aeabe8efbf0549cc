//! Reading agreements.

use actix_web::{get, web};
use chrono::NaiveDate;

use super::events::types::EventView;
use super::filter::AgreementFilter;
use super::record::Agreement;
use super::store::{self, AgreementRow};
use super::types::{AgreementIn, AgreementView};
use super::{events, presence};
use crate::app::App;
use crate::db::DbConn;
use crate::db::condition::{Condition, ids_sql};
use crate::evidence::documents::DocumentVisibility;
use crate::http::extract::params::{Parsed, Words};
use crate::http::extract::query::NoParams;
use crate::http::extract::{ListParams, ListQuery, Read, ReadRequest, Viewer};
use crate::http::listing::{Listing, page_of};
use crate::http::page::Page;
use crate::http::problem::{HttpResult, Problem};
use crate::lifecycle::{SubjectKind, periods};
use crate::records::list_options::ListOptions;
use crate::records::{self, Filter, Record as _, Routed, Show};

/// List agreements
///
/// Every instrument, ended ones included. With `as_of`, only what had begun on that day, each with
/// the status it had then.
#[utoipa::path(tag = "agreements", extensions(("x-formats" = json!("records"))), params(ListParams, AgreementFilter),
    responses((status = 200, description = "A page of agreements", body = Page<AgreementView>)))]
#[get("/api/v1/agreements")]
pub async fn list_agreements(
    (app, request, viewer): Read,
    query: ListQuery<AgreementFilter>,
) -> HttpResult {
    list(&app, request, viewer, query, None).await
}

/// List letters of intent
///
/// The agreements whose instrument is a letter of intent, with the same filters;
/// `institutional=true` keeps those between institutions.
#[utoipa::path(tag = "agreements", extensions(("x-formats" = json!("records"))), params(ListParams, AgreementFilter),
    responses((status = 200, description = "A page of letters of intent", body = Page<AgreementView>)))]
#[get("/api/v1/letters-of-intent")]
pub async fn list_letters_of_intent(
    (app, request, viewer): Read,
    query: ListQuery<AgreementFilter>,
) -> HttpResult {
    let only = Condition::new("agreements.instrument = ").text("letter_of_intent");
    list(&app, request, viewer, query, Some(only)).await
}

async fn list(
    app: &App,
    request: ReadRequest,
    viewer: Viewer,
    query: ListQuery<AgreementFilter>,
    only: Option<Condition>,
) -> HttpResult {
    // What needs attention today may not tomorrow, although nothing has changed.
    let request = if query.filter.attention.is_some() {
        request.unconditional()
    } else {
        request
    };
    let day = query.filter.sorted_as_of(query.params.sort.as_deref());
    let options = ListOptions::<Agreement> {
        collection: match &only {
            Some(_) => "letters-of-intent",
            None => Agreement::COLLECTION,
        },
        listing: Box::new(move |mut listing, filter, show| {
            let runs = filter.runs(show.viewer, show.today);
            match only {
                Some(only) => listing = listing.among(only),
                None => listing = runs.into_iter().fold(listing, Listing::along),
            }
            if let Some(day) = day {
                let (held, status) = periods::held_on(SubjectKind::Agreements, day);
                listing = listing.sorted_by("status", status, held);
            }
            listing
        }),
        load: Box::new(move |conn, keys| store::by_keys_as_of(conn, keys, day)),
        ..ListOptions::default()
    };
    records::read::list_as(app, request, viewer, query, options).await
}

impl Filter for AgreementFilter {
    fn words(&self) -> Option<&Parsed<Words>> {
        self.q.as_ref()
    }

    fn as_of(&self) -> Option<NaiveDate> {
        self.day()
    }

    fn check(&self) -> Result<(), Problem> {
        self.check()
    }

    fn condition(&self, conn: &mut DbConn, show: &Show<'_>) -> Result<Condition, Problem> {
        let condition = self.condition(show.viewer, show.today);
        let absent = presence::absent(conn, self)?;
        if absent.is_empty() {
            return Ok(condition);
        }
        let keys = ids_sql(absent.into_iter());
        Ok(condition.sql(format!(" AND agreements.id NOT IN {keys}")))
    }
}

impl Routed for Agreement {
    const READ: &'static str =
        "With the names of signatories and the actions its status allows now.";
    const UPDATE: &'static str = "Everything but the legal status, which changes by events. \
        Changing the date of a step that is\n\
        recorded as an event moves that event by a correction.";
    const WITHDRAW: &'static str = "For a record that should not be there; an agreement that \
        ended is terminated by an event instead.";
    type Patch = AgreementIn;
}

/// List the events of an agreement
///
/// Its whole life, oldest first: the order in which the status is computed, which is not always the
/// order of recording. Corrected events stay, marked.
#[utoipa::path(tag = "agreements", params(("id" = String, Path, description = "The agreement's id", example = "agr_8x3k0q2m7t"), ListParams),
    responses((status = 200, description = "A page of its events", body = Page<EventView>)))]
#[get("/api/v1/agreements/{id}/events")]
pub async fn list_agreement_events(
    (app, request, viewer): Read,
    path: web::Path<String>,
    query: ListQuery<NoParams>,
) -> HttpResult {
    let today = app.today();
    let page = move |conn: &mut DbConn, query: &ListQuery<_>, (row, viewer): (AgreementRow, _)| {
        let (lang, visibility) = (query.params.lang(), DocumentVisibility::of(conn, &viewer)?);
        let mut all = events::read::of_agreements(conn, &[row.id], lang, today, &visibility)?;
        let events = all.remove(&row.id).unwrap_or_default();
        page_of(events, query, |event: &EventView| event.id.to_string())
    };
    records::parts::<Agreement, _, _>(&app, &request, viewer, &path, query, None, page).await
}
