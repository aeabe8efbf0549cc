//! The short address of a record: it leads a person to the page and a program to the data.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};

use super::page_request::preferred;
use crate::core::ids::{Kind, PublicId};
use crate::http::extract::params::Day;
use crate::http::problem::Problem;

/// Leads to a record. Whether it is there, the address it leads to says.
#[get("/r/{id}")]
pub async fn short_address(
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let absent = || Problem::not_found("record");
    let id: PublicId = id.parse().map_err(|_unreadable| absent())?;
    let collection = id.kind().collection().ok_or_else(absent)?;
    let has_page = id.kind() != Kind::Document;
    let location = if has_page && wants_page(&request) {
        let day = form_urlencoded::parse(request.query_string().as_bytes())
            .find(|(name, _)| name == "as_of")
            .and_then(|(_, day)| day.parse::<Day>().ok());
        let keep = day.map_or_else(String::new, |Day(day)| format!("?as_of={day}"));
        format!("/{}/{collection}/{id}{keep}", preferred(request.headers()))
    } else {
        format!("/api/v1/{collection}/{id}")
    };
    Ok(HttpResponse::SeeOther()
        .insert_header((header::LOCATION, location))
        .insert_header((header::CACHE_CONTROL, "public, no-cache"))
        .insert_header((header::REFERRER_POLICY, "same-origin"))
        .insert_header((header::VARY, "Accept, Accept-Language"))
        .finish())
}

/// Whether it is a browser that asks: nothing else names HTML.
pub fn wants_page(request: &HttpRequest) -> bool {
    request
        .headers()
        .get_all(header::ACCEPT)
        .filter_map(|accept| accept.to_str().ok())
        .any(|accept| accept.contains("text/html"))
}
