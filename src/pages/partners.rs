//! The partners of a country, or of all, by name.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use super::along::Along;
use super::ask::Ask;
use crate::app::App;
use crate::core::country::Country;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::partners::record::Partner;
use crate::partners::types::PartnerView;
use crate::records::{Readable as _, Record as _};

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown {
    country: Option<Country>,
    partners: Page<PartnerView>,
    #[serde(flatten)]
    along: Along,
}

/// Partners to go through without knowing a name.
#[get("/{lang:en|pl}/partners")]
pub async fn partners_page(app: web::Data<App>, ask: Ask) -> Result<HttpResponse, Problem> {
    let country: Option<Country> = ask.parsed("country")?;
    ask.answer(&app, "partners.html", move |reader, ask| {
        let of = country.map(|country| ("country", country.as_str()));
        let of: Vec<(&str, &str)> = of.into_iter().collect();
        let cursor = ask.parameter("cursor").map(|cursor| ("cursor", cursor));
        // How many there are in all says the first page, which need not count them.
        let count = country.map(|_| ("count", "true"));
        let page = [("sort", "name"), ("limit", "60")];
        let asked: Vec<(&str, &str)> = page
            .into_iter()
            .chain(of.iter().copied())
            .chain(count)
            .chain(cursor)
            .collect();
        Ok(Shown {
            country,
            partners: reader.list::<Partner>(&asked, &[], false)?,
            along: Along::new(reader).list(
                Partner::COLLECTION,
                Partner::COLLECTION,
                Partner::FORMATS,
                &of,
            ),
        })
    })
    .await
}
