//! Partners, agreements, networks and activities to go through without knowing a name.

use actix_web::{get, web};
use serde::Serialize;

use super::as_of;
use super::numbered::Pages;
use super::ordered;
use super::{Activity, Agreement, Content, Network, PageRequest, Partner, Reader};
use crate::agreements::filter::AgreementFilter;
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
use crate::records::{Readable, Record as _};

/// Records on a page.
const LIMIT: &str = "60";

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
) -> Result<Content, Problem> {
    let mut of: Vec<(&str, &str)> = Vec::new();
    of.extend(status.map(|status| ("status", status.code())));
    of.extend(country.map(|country| ("country", country.as_str())));
    let known = country.is_none() && reader.as_of.is_none();
    let mut asked = vec![("sort", "-signed_on"), ("limit", LIMIT)];
    asked.extend(&of);
    // Counting costs as much as there are: the first page does it, for a country.
    let counts = country.is_some() && ask.cursor().is_none();
    asked.extend(counts.then_some(("count", "true")));
    asked.extend(ask.cursor());
    let mut all = reader.list::<Agreement>(&asked, &[], true)?;
    let mut decades = Vec::new();
    if known {
        let known = glance(reader.conn, &reader.app.tally)?;
        let of_status = |status: LegalStatus| {
            let mut counts = known.by_status.iter();
            let found = counts.find(|one| one.code == status.code());
            found.map_or(0, |one| one.count)
        };
        all.total = Some(status.map_or(known.agreements, of_status));
        if status.is_none() && (all.page.next.is_some() || all.page.prev.is_some()) {
            let query = reader.query::<AgreementFilter>(Agreement::COLLECTION, &asked, true)?;
            decades = by_decade(&known, &query.fingerprint);
        }
    }
    if let Some(day) = reader.as_of {
        for agreement in &mut all.data {
            as_of::agreement(agreement, day);
        }
    }
    let ids: Vec<PublicId> = all.data.iter().map(|one| one.id.clone()).collect();
    let (collection, formats) = (Agreement::COLLECTION, Agreement::FORMATS);
    let possible = reader.possible(SubjectKind::Agreements, &ids)?;
    let content = list(reader, collection, Pages::of_page(ask, &all))
        .list_of_the_day(collection, collection, formats, &of)
        .with("list", all.data);
    Ok(content
        // The status of all of them, where only one is asked for.
        .with("status", status)
        // The country that a party of each of them is in, where only such are asked for.
        .with("country", country)
        // Where the decades begin, if they stand by dates, and not on one page.
        .with("decades", decades)
        // Those of which it is only possible that they stood so on the day that is asked about.
        .with("possible", possible))
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

/// Partners to go through without knowing a name; of a country, with `country=`.
#[get("/{lang:en|pl}/partners")]
pub async fn partners_page(app: web::Data<App>, ask: PageRequest) -> HttpResult {
    let country: Option<Country> = ask.parsed("country")?;
    let read = move |reader: &mut Reader<'_>, ask: &PageRequest| {
        Ok(by_name::<Partner>(reader, ask, "partners", country)?.with("country", country))
    };
    ask.answer(&app, "partners.html", read).await
}

/// Networks by the names that readers see.
pub fn networks(reader: &mut Reader<'_>, ask: &PageRequest) -> Result<Content, Problem> {
    by_name::<Network>(reader, ask, "list", None)
}

/// Records of a country, or of all, by the names that readers see; the template knows them by `name`.
fn by_name<R: Readable>(
    reader: &mut Reader<'_>,
    ask: &PageRequest,
    name: &'static str,
    country: Option<Country>,
) -> Result<Content, Problem> {
    let (part, letters) = ordered::page::<R>(reader, ask, country)?;
    let of = country.map(|country| ("country", country.as_str()));
    let pages = Pages::of_part(&part, ordered::LIMIT);
    Ok(list(reader, R::COLLECTION, pages)
        .all::<R>(of.as_slice())
        .with(name, part.rows)
        // Where the names begin with which letter, if they do not stand on one page.
        .with("letters", letters))
}

/// Visits, meetings and whatever else was done together, the newest first.
pub fn activities(reader: &mut Reader<'_>, ask: &PageRequest) -> Result<Content, Problem> {
    let mut asked = vec![("limit", LIMIT)];
    asked.extend(ask.cursor());
    let all = reader.list::<Activity>(&asked, &[], false)?;
    let pages = Pages::of_page(ask, &all);
    Ok(list(reader, Activity::COLLECTION, pages)
        .all::<Activity>(&[])
        .with("list", all.data))
}

/// This page of a list of records of a collection.
fn list(reader: &Reader<'_>, of: &str, pages: Pages) -> Content {
    Content::new(reader).with("of", of).with("pages", pages)
}
