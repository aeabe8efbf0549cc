//! The first page, and the way to it.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::Datelike;
use serde::Serialize;

use super::along::Along;
use super::ask::{Ask, preferred};
use super::news::{News, news};
use super::reader::Reader;
use crate::activities::record::Activity;
use crate::agreements::anniversaries::of_month;
use crate::agreements::record::Agreement;
use crate::agreements::types::AgreementView;
use crate::app::App;
use crate::core::ids::PublicId;
use crate::core::text;
use crate::evidence::sources::record::Source;
use crate::explore::stats::{Glance, glance};
use crate::html;
use crate::html::map::{Circle, circles};
use crate::http::format::Format;
use crate::http::problem::Problem;
use crate::networks::memberships::record::Membership;
use crate::networks::record::Network;
use crate::partners::record::Partner;

/// Anniversaries and changes that are shown.
const ANNIVERSARIES: u32 = 10;
const CHANGES: usize = 8;

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown {
    stats: Glance,
    circles: Vec<Circle>,
    news: Vec<News>,
    anniversaries: Vec<Celebrated>,
    /// The month, from 1.
    month: u32,
    #[serde(flatten)]
    along: Along,
}

/// An agreement that was signed so many years ago.
#[derive(Debug, Serialize)]
struct Celebrated {
    years: i32,
    round: bool,
    agreement: AgreementView,
}

/// Leads to the first page in the reader's language.
#[get("/")]
pub async fn front_door(request: HttpRequest) -> HttpResponse {
    HttpResponse::Found()
        .insert_header((
            header::LOCATION,
            format!("/{}/", preferred(request.headers())),
        ))
        .insert_header((header::CACHE_CONTROL, "public, no-cache"))
        .insert_header((header::REFERRER_POLICY, "same-origin"))
        .insert_header((header::VARY, "Accept-Language"))
        .finish()
}

/// Leads from a language without its slash to the first page in it.
#[get("/{lang:en|pl}")]
pub async fn bare_language(lang: web::Path<String>) -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, format!("/{lang}/")))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .finish()
}

/// What this is, a search, and how many there are of what.
#[get("/{lang:en|pl}/")]
pub async fn home_page(app: web::Data<App>, ask: Ask) -> Result<HttpResponse, Problem> {
    let tally = Arc::clone(&app.tally);
    ask.answer(&app, "home.html", move |reader, _| {
        let mut stats = glance(reader.conn, &tally)?;
        // Equal numbers in the order of the names that are shown.
        stats.by_country.sort_by_cached_key(|of| {
            let name = html::country(reader.lang, &of.code);
            (Reverse(of.count), text::sort_key(&name))
        });
        let counts: Vec<(String, i64)> = stats
            .by_country
            .iter()
            .map(|count| (count.code.clone(), count.count))
            .collect();
        Ok(Shown {
            along: along(reader),
            circles: circles(&counts),
            news: news(reader, CHANGES)?,
            anniversaries: anniversaries(reader)?,
            month: reader.today.month(),
            stats,
        })
    })
    .await
}

/// All that the registry has, in other formats.
fn along(reader: &Reader<'_>) -> Along {
    let calendar = "calendar/anniversaries.ics";
    Along::new(reader)
        .all::<Partner>(&[])
        .all::<Agreement>(&[])
        .all::<Network>(&[])
        .all::<Membership>(&[])
        .all::<Activity>(&[])
        .all::<Source>(&[])
        .list("anniversaries", calendar, &[Format::Calendar], &[])
}

/// The anniversaries of this month.
fn anniversaries(reader: &mut Reader<'_>) -> Result<Vec<Celebrated>, Problem> {
    let found = of_month(reader.conn, reader.today, ANNIVERSARIES)?;
    let ids: Vec<PublicId> = found.iter().map(|one| one.agreement.clone()).collect();
    let views = reader.visible::<Agreement>(&ids, &[])?;
    let mut views: HashMap<PublicId, AgreementView> = views
        .into_iter()
        .map(|view| (view.id.clone(), view))
        .collect();
    let celebrated = found.into_iter().filter_map(|one| {
        Some(Celebrated {
            years: one.years,
            round: one.is_round(),
            agreement: views.remove(&one.agreement)?,
        })
    });
    Ok(celebrated.collect())
}
