//! Agreements and networks to go through without knowing a name.

use std::sync::Arc;

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use super::alternates::Alternates;
use super::numbered::{self, Part};
use super::page_request::PageRequest;
use super::reader::Reader;
use crate::agreements::record::Agreement;
use crate::app::App;
use crate::core::country::Country;
use crate::core::ids::PublicId;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::explore::stats::glance;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::networks::record::Network;
use crate::networks::reference::{self, NetworkRef};
use crate::records::Readable;

/// Networks on a page.
const LIMIT: usize = 60;

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown<V> {
    /// The collection.
    of: &'static str,
    /// The status of all of them, where only one is asked for.
    status: Option<LegalStatus>,
    /// The country that a party of each of them is in, where only such are asked for.
    country: Option<Country>,
    list: Page<V>,
    #[serde(flatten)]
    along: Alternates,
}

/// Agreements, the newest signature first; of one status, with `status=`, and of a country, with `country=`.
#[get("/{lang:en|pl}/agreements")]
pub async fn agreements_page(
    app: web::Data<App>,
    ask: PageRequest,
) -> Result<HttpResponse, Problem> {
    let status: Option<LegalStatus> = ask.parsed("status")?;
    let country: Option<Country> = ask.parsed("country")?;
    let tally = Arc::clone(&app.tally);
    ask.answer(&app, "list.html", move |reader, ask| {
        let by_status = status.map(|status| ("status", status.code()));
        let of_country = country
            .as_ref()
            .map(|country| ("country", country.as_str()));
        let of: Vec<(&str, &str)> = by_status.into_iter().chain(of_country).collect();
        let cursor = ask.parameter("cursor");
        // Counting costs as much as there are: the first page does it.
        let counted = (country.is_some() && cursor.is_none()).then_some(("count", "true"));
        let asked: Vec<(&str, &str)> = [("sort", "-signed_on"), ("limit", "60")]
            .into_iter()
            .chain(of.iter().copied())
            .chain(counted)
            .chain(cursor.map(|cursor| ("cursor", cursor)))
            .collect();
        let mut list = reader.list::<Agreement>(&asked, &[], false)?;
        if country.is_none() {
            // How many there are of all, and of a status, is known without counting.
            let known = glance(reader.conn, &tally)?;
            let of_status = |status: LegalStatus| {
                let mut all = known.by_status.iter();
                all.find(|one| one.code == status.code())
                    .map_or(0, |one| one.count)
            };
            list.total = Some(status.map_or(known.agreements, of_status));
        }
        Ok(Shown {
            status,
            country,
            ..Shown::new::<Agreement>(reader, list, &of)
        })
    })
    .await
}

/// Networks by the names that readers see.
#[get("/{lang:en|pl}/networks")]
pub async fn networks_page(app: web::Data<App>, ask: PageRequest) -> Result<HttpResponse, Problem> {
    ask.answer(&app, "list.html", |reader, ask| {
        let keys = reader.rows::<Network>(&[], false)?.into_iter();
        let keys = keys.map(|row| row.id);
        let called = reference::by_keys(reader.conn, keys, reader.tag.as_ref())?;
        let mut all: Vec<NetworkRef> = called.into_values().collect();
        numbered::by_name(reader.lang, &mut all, |one| (&one.name, &one.id));
        let ids = all.into_iter().map(|one| one.id).collect();
        let part: Part<PublicId> = Part::of(ids, numbered::first(ask)?, LIMIT)?;
        let mut found = reader.visible::<Network>(&part.rows, &[])?;
        found.sort_by_key(|one| part.rows.iter().position(|id| *id == one.id));
        let list = part.with(found).page(LIMIT);
        Ok(Shown::new::<Network>(reader, list, &[]))
    })
    .await
}

impl<V> Shown<V> {
    /// A page of a collection, of records that these parameters let through.
    fn new<R: Readable<View = V>>(reader: &Reader<'_>, list: Page<V>, of: &[(&str, &str)]) -> Self {
        Self {
            of: R::COLLECTION,
            status: None,
            country: None,
            list,
            along: Alternates::new(reader).all::<R>(of),
        }
    }
}
