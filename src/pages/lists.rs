//! Agreements, networks and activities to go through without knowing a name.

use std::sync::Arc;

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use super::alternates::Alternates;
use super::as_of;
use super::numbered::Pages;
use super::ordered::{self, Letter};
use super::page_request::PageRequest;
use super::reader::Reader;
use crate::activities::record::Activity;
use crate::agreements::filter::AgreementFilter;
use crate::agreements::record::Agreement;
use crate::agreements::types::AgreementView;
use crate::app::App;
use crate::core::country::Country;
use crate::core::ids::PublicId;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::db::keyset::Position;
use crate::explore::stats::{Glance, glance};
use crate::http::page::{Cursor, Page};
use crate::http::problem::Problem;
use crate::index::Tally;
use crate::lifecycle::SubjectKind;
use crate::networks::record::Network;
use crate::records::{Readable, Record as _};

/// Records on a page.
const LIMIT: &str = "60";

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown<V> {
    /// The collection.
    of: &'static str,
    /// The status of all of them, where only one is asked for.
    status: Option<LegalStatus>,
    /// The country that a party of each of them is in, where only such are asked for.
    country: Option<Country>,
    list: Vec<V>,
    pages: Pages,
    /// Where the names begin with which letter, if they stand by their names, and not on one page.
    letters: Vec<Letter>,
    /// Where the decades begin, if they stand by dates, and not on one page.
    decades: Vec<Decade>,
    /// Those of which it is only possible that they stood so on the day that is asked about.
    possible: Vec<PublicId>,
    #[serde(flatten)]
    along: Alternates,
}

/// Agreements that were signed in a decade.
#[derive(Debug, Serialize)]
struct Decade {
    /// Its first year; none where nobody knows when they were signed.
    decade: Option<i32>,
    /// By what the page is asked for that begins with the first of them.
    at: String,
}

/// Agreements, the newest signature first; of one status, with `status=`, of a country, with `country=`, and as things
/// stood on a day, with `as_of=`.
#[get("/{lang:en|pl}/agreements")]
pub async fn agreements_page(
    app: web::Data<App>,
    ask: PageRequest,
) -> Result<HttpResponse, Problem> {
    let status: Option<LegalStatus> = ask.parsed("status")?;
    let country: Option<Country> = ask.parsed("country")?;
    let tally = Arc::clone(&app.tally);
    ask.answer(&app, "list.html", move |reader, ask| {
        agreements(reader, ask, &tally, status, country)
    })
    .await
}

fn agreements(
    reader: &mut Reader<'_>,
    ask: &PageRequest,
    tally: &Tally,
    status: Option<LegalStatus>,
    country: Option<Country>,
) -> Result<Shown<AgreementView>, Problem> {
    let by_status = status.map(|status| ("status", status.code()));
    let of_country = country
        .as_ref()
        .map(|country| ("country", country.as_str()));
    let of: Vec<(&str, &str)> = by_status.into_iter().chain(of_country).collect();
    let cursor = ask.parameter("cursor");
    let known = country.is_none() && reader.as_of.is_none();
    // Counting costs as much as there are: the first page does it, for a country.
    let counted = (country.is_some() && cursor.is_none()).then_some(("count", "true"));
    let asked: Vec<(&str, &str)> = [("sort", "-signed_on"), ("limit", LIMIT)]
        .into_iter()
        .chain(of.iter().copied())
        .chain(counted)
        .chain(cursor.map(|cursor| ("cursor", cursor)))
        .collect();
    let mut list = reader.list::<Agreement>(&asked, &[], true)?;
    let mut decades = Vec::new();
    if known {
        let known = glance(reader.conn, tally)?;
        list.total = Some(match status {
            None => known.agreements,
            Some(status) => {
                let mut all = known.by_status.iter();
                let found = all.find(|one| one.code == status.code());
                found.map_or(0, |one| one.count)
            }
        });
        if status.is_none() && (list.page.next.is_some() || list.page.prev.is_some()) {
            let query = reader.query::<AgreementFilter>(Agreement::COLLECTION, &asked, true)?;
            decades = by_decade(&known, &query.fingerprint);
        }
    }
    if let Some(day) = reader.as_of {
        for agreement in &mut list.data {
            as_of::agreement(agreement, day);
        }
    }
    let ids: Vec<PublicId> = list.data.iter().map(|one| one.id.clone()).collect();
    let along = Alternates::new(reader);
    let (collection, formats) = (Agreement::COLLECTION, Agreement::FORMATS);
    Ok(Shown {
        status,
        country,
        decades,
        possible: reader.possible(SubjectKind::Agreements, &ids)?,
        ..Shown::new(
            collection,
            Pages::of_page(ask, &list),
            list.data,
            along.list_of_the_day(collection, collection, formats, &of),
        )
    })
}

/// Where in the list of all agreements, of which that of the newest signature comes first, the decades begin. How many
/// come before each is known without counting.
fn by_decade(known: &Glance, fingerprint: &str) -> Vec<Decade> {
    let ends = known.listed.iter().rev();
    let ends = ends.map(|one| {
        (
            Some(one.decade),
            format!("{:04}", one.decade + 10),
            one.count,
        )
    });
    let undated = (known.undated > 0).then(|| (None, "0".to_owned(), known.undated));
    let mut from = 1;
    let mut all = Vec::new();
    for (decade, end, count) in ends.chain(undated) {
        // What was signed before its end comes behind that, and nothing of what was signed later.
        let position = Position {
            values: vec![end],
            id: String::new(),
        };
        let cursor = Cursor::new(fingerprint, position, false).encode();
        all.push(Decade {
            decade,
            // Nothing comes before the first: it has no page before it.
            at: if from == 1 {
                String::new()
            } else {
                format!("cursor={cursor}&from={from}")
            },
        });
        from += count;
    }
    all
}

/// Networks by the names that readers see.
#[get("/{lang:en|pl}/networks")]
pub async fn networks_page(app: web::Data<App>, ask: PageRequest) -> Result<HttpResponse, Problem> {
    ask.answer(&app, "list.html", |reader, ask| {
        let (part, letters) = ordered::page::<Network>(reader, ask, None)?;
        let pages = Pages::of_part(&part, ordered::LIMIT);
        let along = Alternates::new(reader).all::<Network>(&[]);
        Ok(Shown {
            letters,
            ..Shown::new(Network::COLLECTION, pages, part.rows, along)
        })
    })
    .await
}

/// Visits, meetings and whatever else was done together, the newest first.
#[get("/{lang:en|pl}/activities")]
pub async fn activities_page(
    app: web::Data<App>,
    ask: PageRequest,
) -> Result<HttpResponse, Problem> {
    ask.answer(&app, "list.html", |reader, ask| {
        let cursor = ask.parameter("cursor");
        let asked: Vec<(&str, &str)> = [("limit", LIMIT)]
            .into_iter()
            .chain(cursor.map(|cursor| ("cursor", cursor)))
            .collect();
        let list: Page<_> = reader.list::<Activity>(&asked, &[], false)?;
        let pages = Pages::of_page(ask, &list);
        let along = Alternates::new(reader).all::<Activity>(&[]);
        Ok(Shown::new(Activity::COLLECTION, pages, list.data, along))
    })
    .await
}

impl<V> Shown<V> {
    /// This page of all records of a collection.
    fn new(of: &'static str, pages: Pages, list: Vec<V>, along: Alternates) -> Self {
        Self {
            of,
            status: None,
            country: None,
            list,
            pages,
            letters: Vec::new(),
            decades: Vec::new(),
            possible: Vec::new(),
            along,
        }
    }
}
