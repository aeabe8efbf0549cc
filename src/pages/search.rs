//! The page of a search.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use super::alternates::Alternates;
use super::numbered::Pages;
use super::page_request::PageRequest;
use crate::activities::record::Activity;
use crate::agreements::record::Agreement;
use crate::app::App;
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
struct Shown {
    /// What was asked for, as it was typed.
    q: String,
    hits: Option<Page<SearchHit>>,
    pages: Option<Pages>,
    #[serde(flatten)]
    along: Alternates,
}

/// Records of all kinds by any of their names.
#[get("/{lang:en|pl}/search")]
pub async fn search_page(app: web::Data<App>, ask: PageRequest) -> Result<HttpResponse, Problem> {
    ask.answer(&app, "search.html", |reader, ask| {
        // Longer than any name: the beginning finds as much.
        let q: String = ask
            .parameter("q")
            .unwrap_or_default()
            .chars()
            .take(200)
            .collect();
        let mut asked = vec![("q", q.as_str()), ("limit", "50"), ("count", "true")];
        asked.extend(ask.parameter("cursor").map(|cursor| ("cursor", cursor)));
        let hits = if q.is_empty() {
            None
        } else {
            let query = reader.query("search", &asked, false)?;
            let mut hits = found(reader.conn, reader.index, &query)?;
            for hit in &mut hits.data {
                // Another name need not be told of what is called so on the page.
                if is_found_by(&hit.name, &q, hit.matched) {
                    hit.matched_name.clone_from(&hit.name);
                }
            }
            Some(hits)
        };
        let mut along = Alternates::new(reader);
        if let Some(hits) = &hits {
            along = in_formats(along, &q, &hits.data);
        }
        let pages = hits.as_ref().map(|hits| Pages::of_page(ask, hits));
        Ok(Shown {
            q,
            hits,
            pages,
            along,
        })
    })
    .await
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
