//! Agreements and networks to go through without knowing a name.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use super::along::Along;
use super::ask::Ask;
use super::numbered::{self, Part};
use super::reader::Reader;
use crate::agreements::record::Agreement;
use crate::app::App;
use crate::core::ids::PublicId;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::LegalStatus;
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
    list: Page<V>,
    #[serde(flatten)]
    along: Along,
}

/// Agreements, the newest signature first; of one status, with `status=`.
#[get("/{lang:en|pl}/agreements")]
pub async fn agreements_page(app: web::Data<App>, ask: Ask) -> Result<HttpResponse, Problem> {
    let status: Option<LegalStatus> = ask.parsed("status")?;
    ask.answer(&app, "list.html", move |reader, ask| {
        let of = status.map(|status| ("status", status.code()));
        let of: Vec<(&str, &str)> = of.into_iter().collect();
        let asked: Vec<(&str, &str)> = [("sort", "-signed_on"), ("limit", "60")]
            .into_iter()
            .chain(of.iter().copied())
            .chain(ask.parameter("cursor").map(|cursor| ("cursor", cursor)))
            .collect();
        let list = reader.list::<Agreement>(&asked, &[], false)?;
        Ok(Shown::new::<Agreement>(reader, status, list, &of))
    })
    .await
}

/// Networks by the names that readers see.
#[get("/{lang:en|pl}/networks")]
pub async fn networks_page(app: web::Data<App>, ask: Ask) -> Result<HttpResponse, Problem> {
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
        Ok(Shown::new::<Network>(reader, None, list, &[]))
    })
    .await
}

impl<V> Shown<V> {
    /// A page of a collection, of records that these parameters let through.
    fn new<R: Readable<View = V>>(
        reader: &Reader<'_>,
        status: Option<LegalStatus>,
        list: Page<V>,
        of: &[(&str, &str)],
    ) -> Self {
        Self {
            of: R::COLLECTION,
            status,
            list,
            along: Along::new(reader).list(R::COLLECTION, R::COLLECTION, R::FORMATS, of),
        }
    }
}
