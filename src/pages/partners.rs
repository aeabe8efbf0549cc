//! The partners of a country, or of all, by the names that readers see.

use actix_web::{get, web};
use serde::Serialize;

use super::alternates::Alternates;
use super::numbered::Pages;
use super::ordered::{self, Letter};
use super::page_request::PageRequest;
use crate::app::App;
use crate::core::country::Country;
use crate::http::problem::HttpResult;
use crate::partners::record::Partner;
use crate::partners::types::PartnerView;

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown {
    country: Option<Country>,
    partners: Vec<PartnerView>,
    pages: Pages,
    /// Where the names begin with which letter, if they do not stand on one page.
    letters: Vec<Letter>,
    #[serde(flatten)]
    along: Alternates,
}

/// Partners to go through without knowing a name.
#[get("/{lang:en|pl}/partners")]
pub async fn partners_page(app: web::Data<App>, ask: PageRequest) -> HttpResult {
    let country: Option<Country> = ask.parsed("country")?;
    ask.answer(&app, "partners.html", move |reader, ask| {
        let (part, letters) = ordered::page::<Partner>(reader, ask, country)?;
        let of = country.map(|country| ("country", country.as_str()));
        let of: Vec<(&str, &str)> = of.into_iter().collect();
        Ok(Shown {
            country,
            pages: Pages::of_part(&part, ordered::LIMIT),
            partners: part.rows,
            letters,
            along: Alternates::new(reader).all::<Partner>(&of),
        })
    })
    .await
}
