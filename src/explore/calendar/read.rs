//! The handlers of the calendar.

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;

use super::compute::{days, undated};
use super::ics::{Stamp, calendar};
use super::store::{self, Row};
use super::types::{Anniversaries, Anniversary, UndatedAnniversary};
use super::window::{CalendarParams, Window};
use crate::app::App;
use crate::changes;
use crate::core::digest::sha256;
use crate::core::ids::PublicId;
use crate::db::DbConn;
use crate::html::lang::Lang;
use crate::http::extract::params::Id;
use crate::http::extract::{Parsed, Query, ReadRequest};
use crate::http::format::Format;
use crate::http::problem::Problem;
use crate::http::respond::{self, Validator};
use crate::partners::store as partners;

/// What was found.
struct Found {
    days: Vec<(Anniversary, Stamp)>,
    undated: Option<Vec<UndatedAnniversary>>,
}

/// List anniversaries
///
/// The days on which agreements were signed in earlier years, and on which their terms end. Agreements that
/// hold are looked at, and earlier ones in whose place they have come. What is known by its year or month
/// only has no day: with `partner` it is listed apart.
#[utoipa::path(tag = "explore", params(CalendarParams),
    responses((status = 200, description = "The days", body = Anniversaries)))]
#[get("/api/v1/calendar/anniversaries")]
pub async fn list_anniversaries(
    app: web::Data<App>,
    request: ReadRequest,
    query: Query<CalendarParams>,
) -> Result<HttpResponse, Problem> {
    let window = query.window(app.today())?;
    let asked = request.clone();
    let (found, revision, validator) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let revision = changes::public_revision(conn)?;
            // Without days said, they move with the calendar.
            let tag = format!("W/\"{revision}-{}-{}\"", window.from, window.to);
            let validator = Validator::fixed(tag);
            let settled = respond::is_settled(&asked, &validator);
            let found = (!settled).then(|| find(conn, &query, window)).transpose()?;
            Ok((found, revision, validator))
        })
        .await?;
    let answer = respond::conditional(&request, &validator, || {
        let Found { days, undated } = found.unwrap_or(Found {
            days: Vec::new(),
            undated: None,
        });
        respond::to_bytes(&Anniversaries {
            from: window.from,
            to: window.to,
            data: days.into_iter().map(|(day, _)| day).collect(),
            undated,
        })
    })?;
    Ok(seen(answer, revision))
}

/// Subscribe to anniversaries
///
/// The same days as a calendar (RFC 5545), each an event that keeps its UID. What has no day is not in it:
/// the calendar's description says how much that is of a partner, and so does `X-TWINCITY-LEFT-OUT`. The
/// `ETag` is drawn from the calendar: changes elsewhere don't move it.
#[utoipa::path(tag = "explore", extensions(("x-formats" = json!("ics"))), params(CalendarParams),
    responses((status = 200, description = "The calendar", content_type = "text/calendar", body = String)))]
#[get("/api/v1/calendar/anniversaries.ics")]
pub async fn get_calendar(
    app: web::Data<App>,
    request: ReadRequest,
    query: Query<CalendarParams>,
) -> Result<HttpResponse, Problem> {
    let window = query.window(app.today())?;
    let base = app.config.link_base();
    let tag = query.lang.as_ref().map(|Parsed(tag)| tag.as_str());
    let lang = tag.map_or(Lang::En, Lang::preferred);
    let (name, found, revision) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let revision = changes::public_revision(conn)?;
            let name = match partner_of(&query) {
                Some(id) => partners::find(conn, id)?.map(|row| row.name),
                None => None,
            };
            Ok((name, find(conn, &query, window)?, revision))
        })
        .await?;
    let left_out = found.undated.as_ref().map(Vec::len);
    let text = calendar(&base, lang, name.as_deref(), &found.days, left_out);
    let validator = Validator::fixed(format!("\"{}\"", sha256(text.as_bytes())));
    let bytes = || Ok(text.into());
    let mut answer = respond::conditional_in(Format::Calendar, &request, &validator, bytes)?;
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(lang.code()),
    );
    Ok(seen(answer, revision))
}

fn seen(mut answer: HttpResponse, revision: i64) -> HttpResponse {
    if let Ok(revision) = HeaderValue::from_str(&revision.to_string()) {
        answer
            .headers_mut()
            .insert(HeaderName::from_static("registry-revision"), revision);
    }
    answer
}

fn partner_of(query: &CalendarParams) -> Option<&PublicId> {
    query.partner.as_ref().map(|Parsed(Id(id))| id)
}

/// The days of the window, the earliest first.
fn find(conn: &mut DbConn, query: &CalendarParams, window: Window) -> Result<Found, Problem> {
    let partner = partner_of(query);
    let rows = store::rows(conn, partner, window)?;
    let lang = query.lang.as_ref().map(|Parsed(lang)| lang);
    let mut on: Vec<(&Row, _)> = Vec::new();
    let mut without: Vec<(&Row, (i32, i32))> = Vec::new();
    for row in &rows {
        // A term that somebody else's took the place of does not end.
        let ends = row.valid_until.as_ref().filter(|_| row.is_held());
        let days = days(row.signed_on.as_ref(), ends, window);
        on.extend(days.map(|day| (row, day)));
        if partner.is_some() {
            let years = undated(row.signed_on.as_ref(), window);
            without.extend(years.map(|years| (row, years)));
        }
    }
    let order = |row: &Row, day: NaiveDate| (day, row.public_id.clone());
    on.sort_by_cached_key(|(row, (day, occasion, _))| (order(row, *day), *occasion));
    without.sort_by_cached_key(|(row, (year, years))| (*year, -years, row.public_id.clone()));
    let mut wanted: Vec<&Row> = on.iter().map(|(row, _)| *row).collect();
    wanted.extend(without.iter().map(|(row, _)| *row));
    wanted.sort_by_key(|row| row.id);
    wanted.dedup_by_key(|row| row.id);
    let shown = store::shown(conn, &wanted, lang)?;
    let days = on.into_iter().filter_map(|(row, (day, occasion, years))| {
        let stamp = Stamp {
            updated_at: row.updated_at.and_utc(),
            version: row.version,
        };
        let day = Anniversary {
            on: day,
            occasion,
            years,
            agreement: shown.get(&row.id)?.clone(),
        };
        Some((day, stamp))
    });
    let days = days.collect();
    let undated = without.into_iter().filter_map(|(row, (year, years))| {
        Some(UndatedAnniversary {
            year,
            years,
            agreement: shown.get(&row.id)?.clone(),
        })
    });
    let undated = undated.collect();
    Ok(Found {
        days,
        undated: partner.is_some().then_some(undated),
    })
}
