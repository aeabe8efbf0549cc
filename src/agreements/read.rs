//! Reading agreements.

use actix_web::{HttpResponse, get, web};

use super::absent;
use super::filter::{AgreementFilter, SORTING};
use super::store::{self, AgreementRow};
use super::types::AgreementView;
use super::view::{self, Shape};
use crate::app::App;
use crate::changes::{self, persons};
use crate::core::ids::Kind;
use crate::core::vocabulary::record::Entity;
use crate::db::condition::Condition;
use crate::evidence::documents::Sight;
use crate::http::extract::params::{Day, Parsed};
use crate::http::extract::query::None as NoParams;
use crate::http::extract::{
    ItemParams, ItemQuery, ListParams, ListQuery, ReadRequest, Viewer, path_id,
};
use crate::http::listing::{Listing, is_settled};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::respond::{self, Validator};
use crate::lifecycle::{Of, periods};

/// What can be embedded in an agreement.
pub const INCLUDES: &[&str] = &["events", "sources", "citations", "documents", "activities"];

/// List agreements
///
/// Every instrument, ended ones included. With `as_of`, only what had begun on that day, each with
/// the status it had then.
#[utoipa::path(tag = "agreements", params(ListParams, AgreementFilter),
    responses((status = 200, description = "A page of agreements", body = Page<AgreementView>)))]
#[get("/api/v1/agreements")]
pub async fn list_agreements(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    query: ListQuery<AgreementFilter>,
) -> Result<HttpResponse, Problem> {
    list(&app, &request, viewer, query, None).await
}

/// List letters of intent
///
/// The agreements whose instrument is a letter of intent, with the same filters;
/// `institutional=true` keeps those between institutions.
#[utoipa::path(tag = "agreements", params(ListParams, AgreementFilter),
    responses((status = 200, description = "A page of letters of intent", body = Page<AgreementView>)))]
#[get("/api/v1/letters-of-intent")]
pub async fn list_letters_of_intent(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    query: ListQuery<AgreementFilter>,
) -> Result<HttpResponse, Problem> {
    let only = Condition::new("agreements.instrument = ").text("letter_of_intent");
    list(&app, &request, viewer, query, Some(only)).await
}

async fn list(
    app: &App,
    request: &ReadRequest,
    viewer: Viewer,
    query: ListQuery<AgreementFilter>,
    only: Option<Condition>,
) -> Result<HttpResponse, Problem> {
    let includes = respond::includes(query.params.include.as_deref(), INCLUDES)?;
    query.filter.check()?;
    let fields = query.params.fields.clone();
    let index = std::sync::Arc::clone(&app.index);
    let today = app.today();
    // What needs attention today may not tomorrow, although nothing has changed.
    let request = &if query.filter.attention.is_some() {
        request.unconditional()
    } else {
        request.clone()
    };
    let asked = request.clone();
    let (page, state) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let state = changes::seen(conn, &viewer)?;
            if is_settled(&asked, state, &query, Some(&SORTING))? {
                return Ok((None, state));
            }
            let hits = match &query.filter.q {
                Some(Parsed(q)) => Some(index.search(conn, &[Entity::Agreement], &q.0)?),
                None => None,
            };
            let mut condition = query.filter.condition(&viewer, today);
            if let Some(only) = only {
                condition = condition.sql(" AND ").then(only);
            }
            let absent = absent::absent(conn, &query.filter)?;
            if !absent.is_empty() {
                let keys = absent::listed(&absent);
                condition = condition.sql(format!(" AND agreements.id NOT IN {keys}"));
            }
            let mut listing = Listing::new(&SORTING, &query, condition, hits);
            let day = query.filter.sorted_as_of(query.params.sort.as_deref());
            if let Some(day) = day {
                let (held, status) = periods::held_on(Of::Agreements, day);
                listing = listing.sorted_by("status", status, held);
            }
            let found = listing
                .page::<AgreementRow>(conn, |conn, keys| store::by_keys_as_of(conn, keys, day))?;
            let shape = Shape {
                lang: query.params.lang().cloned(),
                includes,
                sight: Sight::of(conn, &viewer)?,
                today,
                with_today: true,
                as_of: query.filter.as_of.as_ref().map(|Parsed(Day(day))| *day),
                ..Shape::default()
            };
            let data = view::views(conn, found.rows, &shape)?;
            let page = Page {
                data,
                page: found.page,
                total: found.total,
            };
            Ok((Some(page), state))
        })
        .await?;
    respond::list_unless_settled(request, state, fields.as_deref(), page.as_ref())
}

/// Read an agreement
///
/// With the names of signatories and the actions its status allows now.
#[utoipa::path(tag = "agreements", params(("id" = String, Path, description = "The agreement's id", example = "agr_8x3k0q2m7t"), ItemParams),
    responses((status = 200, description = "The agreement", body = AgreementView)))]
#[get("/api/v1/agreements/{id}")]
pub async fn get_agreement(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    path: web::Path<String>,
    query: ItemQuery<NoParams>,
) -> Result<HttpResponse, Problem> {
    let includes = respond::includes(query.params.include.as_deref(), INCLUDES)?;
    let id = path_id(Kind::Agreement, "agreement", &path)?;
    let today = app.today();
    let fields = query.params.fields.clone();
    let asked = request.clone();
    let (view, validator) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let row = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("agreement"))?;
            crate::must_see!(conn, &viewer, row)?;
            let at = row.updated_at.and_utc();
            let seen = changes::embedded(conn, &viewer, !includes.is_empty())?;
            let validator = Validator::version_rev(row.version, row.rev, at).beside(seen);
            if respond::is_settled(&asked, &validator) {
                return Ok((None, validator));
            }
            let shape = Shape {
                lang: query.params.lang().cloned(),
                includes,
                sight: Sight::of(conn, &viewer)?,
                today,
                with_today: true,
                with_names: true,
                with_allowed: true,
                ..Shape::default()
            };
            let mut view = view::views(conn, vec![row], &shape)?
                .pop()
                .ok_or_else(|| Problem::not_found("agreement"))?;
            persons::sign(conn, &viewer, &id, &mut view.meta)?;
            Ok((Some(view), validator))
        })
        .await?;
    respond::item_unless_settled(&request, &validator, fields.as_deref(), view.as_ref())
}
