//! The first page, and the way to it.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;

use super::ask::{Ask, preferred};
use crate::agreements::record::Agreement;
use crate::agreements::types::AgreementView;
use crate::app::App;
use crate::explore::stats::count;
use crate::explore::stats::types::Stats;
use crate::html::map::{Circle, circles};
use crate::http::problem::Problem;

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown {
    stats: Stats,
    circles: Vec<Circle>,
    /// The agreements that were recorded last.
    newest: Vec<AgreementView>,
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
    ask.answer(&app, "home.html", |reader, _| {
        let stats = count(reader.conn, None, None)?;
        let counts: Vec<(String, i64)> = stats
            .partners
            .by_country
            .iter()
            .map(|count| (count.code.clone(), count.count))
            .collect();
        let newest = reader.list::<Agreement>(&[("limit", "5")], &[], false)?;
        Ok(Shown {
            stats,
            circles: circles(&counts),
            newest: newest.data,
        })
    })
    .await
}
