//! The page of a search.

use super::numbered::Pages;
use super::{Activity, Agreement, Content, Network, PageRequest, Partner, Reader, Source};
use crate::core::text;
use crate::explore::search::{MatchKind, SearchHit, found};
use crate::http::format::Format;
use crate::http::problem::Problem;
use crate::records::Readable;

/// Records of all kinds by any of their names.
pub fn read(reader: &mut Reader<'_>, ask: &PageRequest) -> Result<Content, Problem> {
    // Longer than any name: the beginning finds as much.
    let q = ask.parameter("q").unwrap_or_default();
    let q: String = q.chars().take(200).collect();
    let content = Content::new(reader).with("q", &q);
    if q.is_empty() {
        return Ok(content);
    }
    let q = q.as_str();
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
    Ok(in_formats(content, q, &hits.data)
        .with("pages", Pages::of_page(ask, &hits))
        .with("hits", hits))
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
fn in_formats(content: Content, q: &str, hits: &[SearchHit]) -> Content {
    let content = content.list("hits", "search", Format::PLAIN, &[("q", q)]);
    let content = of_kind::<Partner>(content, q, hits);
    let content = of_kind::<Agreement>(content, q, hits);
    let content = of_kind::<Network>(content, q, hits);
    let content = of_kind::<Activity>(content, q, hits);
    of_kind::<Source>(content, q, hits)
}

fn of_kind<R: Readable>(content: Content, q: &str, hits: &[SearchHit]) -> Content {
    if hits.iter().any(|hit| hit.entity == R::ENTITY) {
        content.all::<R>(&[("q", q)])
    } else {
        content
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
