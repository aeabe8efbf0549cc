//! Agreements, networks and activities to go through without knowing a name.

use actix_web::{get, web};
use serde::Serialize;

use super::alternates::Alternates;
use super::as_of;
use super::numbered::Pages;
use super::ordered::{self, Letter};
use super::page_request::PageRequest;
use super::reader::Reader;
use crate::activities::record::Activity;
use crate::activities::types::ActivityView;
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
use crate::http::page::Cursor;
use crate::http::problem::{HttpResult, Problem};
use crate::lifecycle::SubjectKind;
use crate::networks::record::Network;
use crate::networks::types::NetworkView;
use crate::records::{Readable, Record as _};

/// Records on a page.
const LIMIT: &str = "60";

/// What it shows.
#[derive(Debug, Serialize)]
pub struct Shown<V> {
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
pub async fn agreements_page(app: web::Data<App>, ask: PageRequest) -> HttpResult {
    let status: Option<LegalStatus> = ask.parsed("status")?;
    let country: Option<Country> = ask.parsed("country")?;
    let read =
        move |reader: &mut Reader<'_>, ask: &PageRequest| agreements(reader, ask, status, country);
    ask.answer(&app, "list.html", read).await
}

fn agreements(
    reader: &mut Reader<'_>,
    ask: &PageRequest,
    status: Option<LegalStatus>,
    country: Option<Country>,
) -> Result<Shown<AgreementView>, Problem> {
    let mut of: Vec<(&str, &str)> = Vec::new();
    of.extend(status.map(|status| ("status", status.code())));
    of.extend(
        country
            .as_ref()
            .map(|country| ("country", country.as_str())),
    );
    let known = country.is_none() && reader.as_of.is_none();
    let mut asked = vec![("sort", "-signed_on"), ("limit", LIMIT)];
    asked.extend(&of);
    // Counting costs as much as there are: the first page does it, for a country.
    let counts = country.is_some() && ask.cursor().is_none();
    asked.extend(counts.then_some(("count", "true")));
    asked.extend(ask.cursor());
    let mut list = reader.list::<Agreement>(&asked, &[], true)?;
    let mut decades = Vec::new();
    if known {
        let known = glance(reader.conn, &reader.app.tally)?;
        let of_status = |status: LegalStatus| {
            let mut all = known.by_status.iter();
            let found = all.find(|one| one.code == status.code());
            found.map_or(0, |one| one.count)
        };
        list.total = Some(status.map_or(known.agreements, of_status));
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
    let ends = known.listed.iter().rev().map(|one| {
        let end = format!("{:04}", one.decade + 10);
        (Some(one.decade), end, one.count)
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
        let at = match from {
            // Nothing comes before the first: it has no page before it.
            1 => String::new(),
            from => format!("cursor={cursor}&from={from}"),
        };
        all.push(Decade { decade, at });
        from += count;
    }
    all
}

/// Networks by the names that readers see.
pub fn networks(reader: &mut Reader<'_>, ask: &PageRequest) -> Result<Shown<NetworkView>, Problem> {
    let (part, letters) = ordered::page::<Network>(reader, ask, None)?;
    let pages = Pages::of_part(&part, ordered::LIMIT);
    let along = Alternates::new(reader).all::<Network>(&[]);
    Ok(Shown {
        letters,
        ..Shown::new(Network::COLLECTION, pages, part.rows, along)
    })
}

/// Visits, meetings and whatever else was done together, the newest first.
pub fn activities(
    reader: &mut Reader<'_>,
    ask: &PageRequest,
) -> Result<Shown<ActivityView>, Problem> {
    let mut asked = vec![("limit", LIMIT)];
    asked.extend(ask.cursor());
    let list = reader.list::<Activity>(&asked, &[], false)?;
    let pages = Pages::of_page(ask, &list);
    let along = Alternates::new(reader).all::<Activity>(&[]);
    Ok(Shown::new(Activity::COLLECTION, pages, list.data, along))
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
