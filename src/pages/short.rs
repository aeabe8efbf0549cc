//! The short address of a record: it leads a person to the page and a program to the data.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, get, web};

use super::page_request::preferred;
use crate::core::ids::{Kind, PublicId};
use crate::html::forms::Sent;
use crate::html::lang::Lang;
use crate::http::extract::params::Day;
use crate::http::problem::{HttpResult, Problem};

/// Leads to a record. Whether it is there, the address it leads to says.
#[get("/r/{id}")]
pub async fn short_address(request: HttpRequest, id: web::Path<String>) -> HttpResult {
    let absent = || Problem::not_found("record");
    let id: PublicId = id.parse().map_err(|_unreadable| absent())?;
    let collection = id.kind().collection().ok_or_else(absent)?;
    let page = page_of(preferred(request.headers()), &id).filter(|_| wants_page(&request));
    let location = match page {
        Some(page) => {
            let query = Sent::of(request.query_string().as_bytes());
            let day = query.get("as_of").parse::<Day>().ok();
            let keep = day.map_or_else(String::new, |Day(day)| format!("?as_of={day}"));
            format!("{page}{keep}")
        }
        None => format!("/api/v1/{collection}/{id}"),
    };
    let vary = "Accept, Accept-Language";
    Ok(lead(HttpResponse::SeeOther(), location, vary))
}

/// Leads to an address that depends on these headers.
pub fn lead(
    mut response: HttpResponseBuilder,
    location: String,
    vary: &'static str,
) -> HttpResponse {
    response
        .insert_header((header::LOCATION, location))
        .insert_header((header::CACHE_CONTROL, "public, no-cache"))
        .insert_header((header::REFERRER_POLICY, "same-origin"))
        .insert_header((header::VARY, vary))
        .finish()
}

/// The page of a record, for those that have one.
pub fn page_of(lang: Lang, id: &PublicId) -> Option<String> {
    let collection = id.kind().collection()?;
    (id.kind() != Kind::Document).then(|| format!("/{lang}/{collection}/{id}"))
}

/// Whether it is a browser that asks: nothing else names HTML.
pub fn wants_page(request: &HttpRequest) -> bool {
    request
        .headers()
        .get_all(header::ACCEPT)
        .filter_map(|accept| accept.to_str().ok())
        .any(|accept| accept.contains("text/html"))
}
