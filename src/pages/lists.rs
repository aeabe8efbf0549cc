//! Agreements and networks to go through without knowing a name.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use super::along::Along;
use super::ask::Ask;
use crate::agreements::record::Agreement;
use crate::app::App;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::networks::record::Network;
use crate::records::Readable;

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown<V> {
    /// The collection.
    of: &'static str,
    /// The status of all of them, where only one is asked for.
    status: Option<LegalStatus>,
    list: Page<V>,
    #[serde(flatten)]
    along: Along,
}

/// Agreements, the newest signature first; of one status, with `status=`.
#[get("/{lang:en|pl}/agreements")]
pub async fn agreements_page(app: web::Data<App>, ask: Ask) -> Result<HttpResponse, Problem> {
    page::<Agreement>(app, ask, ("sort", "-signed_on")).await
}

/// Networks by their names.
#[get("/{lang:en|pl}/networks")]
pub async fn networks_page(app: web::Data<App>, ask: Ask) -> Result<HttpResponse, Problem> {
    page::<Network>(app, ask, ("sort", "name")).await
}

async fn page<R: Readable>(
    app: web::Data<App>,
    ask: Ask,
    sort: (&'static str, &'static str),
) -> Result<HttpResponse, Problem>
where
    R::View: 'static,
{
    let status: Option<LegalStatus> = ask.parsed("status")?;
    ask.answer(&app, "list.html", move |reader, ask| {
        let of = status.map(|status| ("status", status.code()));
        let of: Vec<(&str, &str)> = of.into_iter().collect();
        let asked: Vec<(&str, &str)> = [sort, ("limit", "60")]
            .into_iter()
            .chain(of.iter().copied())
            .chain(ask.parameter("cursor").map(|cursor| ("cursor", cursor)))
            .collect();
        Ok(Shown {
            of: R::COLLECTION,
            status,
            list: reader.list::<R>(&asked, &[], false)?,
            along: Along::new(reader).list(R::COLLECTION, R::COLLECTION, R::FORMATS, &of),
        })
    })
    .await
}
