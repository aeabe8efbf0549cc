//! The handlers of the calendar.

use std::fmt::Debug;

use actix_web::{get, web};
use diesel::QueryResult;
use serde_json::Value;

use super::compute::{Day, days, undated};
use super::ics::calendar;
use super::store::{self, Row};
use super::types::{Anniversaries, Anniversary, CalendarAgreement, Occasion, UndatedAnniversary};
use super::window::{CalendarFilter, Window};
use crate::app::App;
use crate::changes;
use crate::core::digest::sha256;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::keyset::Position;
use crate::explore::{answer, in_words, words_in};
use crate::html;
use crate::http::extract::{LangParams, LangQuery, ListParams, ListQuery, ReadRequest};
use crate::http::format::Format;
use crate::http::listing::{is_settled, one_order, page_sorted};
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{self, Rendered, State, Validator};
use crate::kinds;
use crate::partners::store as partners;

/// List anniversaries
///
/// The days on which agreements were signed in earlier years, on which their terms end, and on which they end by
/// a notice or a decision, the earliest first. Agreements that hold are looked at, and earlier ones in whose place they have come. What is known by
/// its year or month only has no day: with `partner` it is listed apart.
#[utoipa::path(tag = "explore", params(ListParams, CalendarFilter),
    responses((status = 200, description = "A page of days", body = Anniversaries<Anniversary>)))]
#[get("/api/v1/calendar/anniversaries")]
pub async fn list_anniversaries(
    app: web::Data<App>,
    request: ReadRequest,
    query: ListQuery<CalendarFilter>,
) -> HttpResult {
    respond::includes(query.params.include.as_deref(), &[])?;
    if query.params.sort.is_some() {
        return Err(one_order("days have one order, that of the calendar"));
    }
    let window = query.filter.window(app.today())?;
    let fields = query.params.fields.clone();
    let asked = request.clone();
    let (page, state) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let state = State {
                revision: changes::public_revision(conn)?,
                from: Some(window.from),
            };
            if is_settled(&asked, state, &query, None)? {
                return Ok((None, state));
            }
            Ok((Some(page(conn, &query, window)?), state))
        })
        .await?;
    respond::list_rendered::<Anniversary>(&request, state, fields.as_deref(), page)
}

/// A page of the days, as it is answered with.
fn page(
    conn: &mut DbConn,
    query: &ListQuery<CalendarFilter>,
    window: Window,
) -> Result<Rendered, Problem> {
    let partner = query.filter.partner();
    let rows = store::rows(conn, partner, window)?;
    let (params, fingerprint) = (&query.params, &query.fingerprint);
    let found = page_sorted(on(&rows, window), &[false], params, fingerprint, position)?;
    let apart = match (partner, &params.cursor) {
        (Some(_), None) => Some(without(&rows, window)),
        _ => None,
    };
    let told = found.data.iter().map(|(row, _)| *row);
    let told = told.chain(apart.iter().flatten().map(|(row, _)| *row));
    let shown = store::shown(conn, &once(told), params.lang())?;
    let days = found.data.iter().filter_map(|(row, day)| {
        let agreement = shown.get(&row.id)?.clone();
        Some(anniversary(*day, agreement))
    });
    let undated = apart.map(|apart| {
        let undated = apart.into_iter().filter_map(|(row, (year, years))| {
            Some(UndatedAnniversary {
                year,
                years,
                agreement: shown.get(&row.id)?.clone(),
            })
        });
        undated.collect()
    });
    let all = Anniversaries {
        from: window.from,
        to: window.to,
        data: days.collect(),
        page: found.page,
        total: found.total,
        undated,
    };
    rendered(all, params.fields.as_deref())
}

/// The page with only these members of each day.
fn rendered(all: Anniversaries<Anniversary>, fields: Option<&str>) -> Result<Rendered, Problem> {
    let keep = respond::Fields::parse::<Anniversary>(fields)?;
    let mut shown = respond::to_value(&all)?;
    let days = shown.get_mut("data").and_then(Value::as_array_mut);
    for day in days.into_iter().flatten() {
        *day = keep.of(day.take());
    }
    let body = respond::to_bytes(&shown)?;
    Ok(Rendered {
        body,
        page: all.page,
    })
}

/// Subscribe to anniversaries
///
/// The same days as a calendar (RFC 5545), each an event that keeps its UID. What has no day is not in it:
/// the calendar's description says how much that is of a partner, and so does `X-TWINCITY-LEFT-OUT`. The
/// `ETag` is drawn from the agreements that are told of: changes elsewhere don't move it.
#[utoipa::path(tag = "explore", extensions(("x-formats" = json!("ics"))), params(CalendarFilter, LangParams),
    responses((status = 200, description = "The calendar", content_type = "text/calendar", body = String)))]
#[get("/api/v1/calendar/anniversaries.ics")]
pub async fn get_calendar(
    app: web::Data<App>,
    request: ReadRequest,
    query: LangQuery<CalendarFilter>,
) -> HttpResult {
    let window = query.own.window(app.today())?;
    let base = app.config.link_base();
    let words = words_in(query.lang.as_ref());
    let answer = answer(&app, &request, Format::Calendar, move |conn, request| {
        let revision = changes::public_revision(conn)?;
        let (partner, lang) = (query.own.partner(), query.lang.as_ref());
        let name = match partner {
            Some(id) => name(conn, id, lang)?,
            None => None,
        };
        let rows = store::rows(conn, partner, window)?;
        let mut on = on(&rows, window);
        on.sort_by_cached_key(|(row, (on, occasion, _))| (*on, row.public_id.clone(), *occasion));
        let left_out = partner.map(|_| without(&rows, window).len());
        let around = (&base, html::digest(), lang, &name, window, left_out);
        let validator = drawn_from(&on, &around);
        if respond::is_settled(request, &validator) {
            return Ok((None, validator, revision));
        }
        let days = events(conn, on, lang)?;
        let text = calendar(&base, words, name.as_deref(), &days, left_out);
        Ok((Some(text.into()), validator, revision))
    });
    Ok(in_words(answer.await?, words))
}

/// What tells two calendars apart: the days, what is shown of their agreements, and what stands around them.
fn drawn_from(on: &[(&Row, Day)], around: &impl Debug) -> Validator {
    let days = on
        .iter()
        .map(|(row, day)| (row.id, row.version, row.rev, day));
    let all = format!("{:?} {around:?}", days.collect::<Vec<_>>());
    Validator::fixed(format!("\"{}\"", sha256(all.as_bytes())))
}

/// The days as events.
fn events<'r>(
    conn: &mut DbConn,
    on: Vec<(&'r Row, Day)>,
    lang: Option<&LanguageTag>,
) -> QueryResult<Vec<(Anniversary, &'r Row)>> {
    let shown = store::shown(conn, &once(on.iter().map(|(row, _)| *row)), lang)?;
    let days = on
        .into_iter()
        .filter_map(|(row, day)| Some((anniversary(day, shown.get(&row.id)?.clone()), row)));
    Ok(days.collect())
}

fn anniversary((on, occasion, years): Day, agreement: CalendarAgreement) -> Anniversary {
    Anniversary {
        on,
        occasion,
        years,
        agreement,
    }
}

/// Where a day stands among the others.
fn position((row, (on, occasion, _)): &(&Row, Day)) -> Position {
    let last = match occasion {
        Occasion::Signature => 0,
        Occasion::EndOfTerm => 1,
        Occasion::Termination => 2,
    };
    Position {
        values: vec![on.to_string()],
        id: format!("{}-{last}", row.public_id),
    }
}

/// The days of the window, in no order.
fn on(rows: &[Row], window: Window) -> Vec<(&Row, Day)> {
    let days = rows.iter().flat_map(|row| {
        // A term that somebody else's took the place of does not end.
        let ends = row.valid_until.as_ref().filter(|_| row.is_held());
        let terminates = row.terminates_on.as_ref().filter(|_| row.is_held());
        days(row.signed_on.as_ref(), ends, terminates, window).map(move |day| (row, day))
    });
    days.collect()
}

/// What has no day, by its year: the earliest year first, and in it the oldest.
fn without(rows: &[Row], window: Window) -> Vec<(&Row, (i32, i32))> {
    let years = rows.iter().flat_map(|row| {
        let goes_on = window.until(row.terminates_on.as_ref());
        undated(row.signed_on.as_ref(), goes_on).map(move |years| (row, years))
    });
    let mut all: Vec<_> = years.collect();
    all.sort_by_cached_key(|(row, (year, years))| (*year, -years, row.public_id.clone()));
    all
}

/// Each of these once.
fn once<'r>(rows: impl Iterator<Item = &'r Row>) -> Vec<&'r Row> {
    let mut rows: Vec<&Row> = rows.collect();
    rows.sort_by_key(|row| row.id);
    rows.dedup_by_key(|row| row.id);
    rows
}

/// What the calendar of a partner is called after: nothing of one that not everybody sees.
fn name(
    conn: &mut DbConn,
    id: &PublicId,
    lang: Option<&LanguageTag>,
) -> QueryResult<Option<String>> {
    let row = partners::find(conn, id)?.filter(|row| row.record_state == RecordState::Published);
    match (row, lang) {
        (Some(_), Some(lang)) => kinds::display_name(conn, id, lang.as_str()),
        (row, _) => Ok(row.map(|row| row.name)),
    }
}
