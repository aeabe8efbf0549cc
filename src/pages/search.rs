//! The page of a search.

use serde::Serialize;

use super::alternates::Alternates;
use super::numbered::Pages;
use super::page_request::PageRequest;
use super::reader::Reader;
use crate::activities::record::Activity;
use crate::agreements::record::Agreement;
use crate::core::text;
use crate::evidence::sources::record::Source;
use crate::explore::search::read::found;
use crate::explore::search::types::{MatchKind, SearchHit};
use crate::http::format::Format;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::networks::record::Network;
use crate::partners::record::Partner;
use crate::records::Readable;

/// What it shows.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// What was asked for, as it was typed.
    q: String,
    hits: Option<Page<SearchHit>>,
    pages: Option<Pages>,
    #[serde(flatten)]
    along: Alternates,
}

/// Records of all kinds by any of their names.
pub fn read(reader: &mut Reader<'_>, ask: &PageRequest) -> Result<Shown, Problem> {
    // Longer than any name: the beginning finds as much.
    let q = ask.parameter("q").unwrap_or_default();
    let q: String = q.chars().take(200).collect();
    let mut shown = Shown {
        hits: None,
        pages: None,
        along: Alternates::new(reader),
        q,
    };
    let q = shown.q.as_str();
    if q.is_empty() {
        return Ok(shown);
    }
    let mut asked = vec![("q", q), ("limit", "50"), ("count", "true")];
    asked.extend(ask.cursor());
    let query = reader.query("search", &asked, false)?;
    let mut hits = found(reader.conn, &reader.app.index, &query)?;
    for hit in &mut hits.data {
        // Another name need not be told of what is called so on the page.
        if is_found_by(&hit.name, q, hit.matched) {
            hit.matched_name.clone_from(&hit.name);
        }
    }
    shown.along = in_formats(shown.along, q, &hits.data);
    shown.pages = Some(Pages::of_page(ask, &hits));
    shown.hits = Some(hits);
    Ok(shown)
}

/// Whether what was typed finds this name, too.
fn is_found_by(name: &str, q: &str, matched: MatchKind) -> bool {
    let names = text::search_keys(name);
    let has = |asked: &String| {
        names.iter().any(|name| {
            let begins = |word: &str| name.split(' ').any(|own| own.starts_with(word));
            asked.split(' ').all(begins)
                || (matched == MatchKind::Substring && name.contains(asked.as_str()))
        })
    };
    text::search_keys(q).iter().any(has)
}

/// What was found, and of the kinds that are seen here all that the words find, in other formats.
fn in_formats(along: Alternates, q: &str, hits: &[SearchHit]) -> Alternates {
    let along = along.list("hits", "search", Format::PLAIN, &[("q", q)]);
    let along = of_kind::<Partner>(along, q, hits);
    let along = of_kind::<Agreement>(along, q, hits);
    let along = of_kind::<Network>(along, q, hits);
    let along = of_kind::<Activity>(along, q, hits);
    of_kind::<Source>(along, q, hits)
}

fn of_kind<R: Readable>(along: Alternates, q: &str, hits: &[SearchHit]) -> Alternates {
    if hits.iter().any(|hit| hit.entity == R::ENTITY) {
        along.all::<R>(&[("q", q)])
    } else {
        along
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_shown_is_found_by_its_words() {
        for (name, q, matched, found) in [
            (
                "Conference on water, Tbilisi",
                "Tbilisi",
                MatchKind::Word,
                true,
            ),
            ("Bialystok – Grodno (2018)", "grod", MatchKind::Prefix, true),
            ("Białystok", "bialystok", MatchKind::Exact, true),
            ("Grodno", "hrodna", MatchKind::Exact, false),
            ("Grodno", "odn", MatchKind::Exact, false),
            ("Grodno", "odn", MatchKind::Substring, true),
        ] {
            assert_eq!(is_found_by(name, q, matched), found, "{name} by {q}");
        }
    }
}
