//! The partners of a country, or of all, by the names that readers see.

use actix_web::{HttpResponse, get, web};
use diesel::QueryResult;
use diesel::prelude::*;
use serde::Serialize;

use super::alternates::Alternates;
use super::numbered::{Part, first};
use super::page_request::PageRequest;
use super::reader::Reader;
use crate::app::App;
use crate::core::country::Country;
use crate::core::ids::PublicId;
use crate::db::DbConn;
use crate::db::schema::partners;
use crate::html::collation;
use crate::html::lang::Lang;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::index::{Index, Named, Order};
use crate::partners::names::{self, Name};
use crate::partners::record::Partner;
use crate::partners::types::PartnerView;
use crate::published_rows;

/// Partners on a page.
const LIMIT: usize = 60;

/// Ids bound into one statement.
const CHUNK: usize = 500;

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown {
    country: Option<Country>,
    partners: Page<PartnerView>,
    /// Where the names begin with which letter, if they do not stand on one page.
    letters: Vec<Letter>,
    #[serde(flatten)]
    along: Alternates,
}

/// The number of the first partner whose name begins with a letter.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Letter {
    letter: char,
    first: usize,
}

/// Partners to go through without knowing a name.
#[get("/{lang:en|pl}/partners")]
pub async fn partners_page(app: web::Data<App>, ask: PageRequest) -> Result<HttpResponse, Problem> {
    let country: Option<Country> = ask.parsed("country")?;
    ask.answer(&app, "partners.html", move |reader, ask| {
        let first = first(ask)?;
        let (part, letters) = cut(reader, country, first)?;
        let mut found = reader.visible::<Partner>(&part.rows, &[])?;
        found.sort_by_key(|partner| part.rows.iter().position(|id| *id == partner.id));
        let of = country.map(|country| ("country", country.as_str()));
        let of: Vec<(&str, &str)> = of.into_iter().collect();
        Ok(Shown {
            country,
            partners: part.with(found).page(LIMIT),
            letters,
            along: Alternates::new(reader).all::<Partner>(&of),
        })
    })
    .await
}

/// The partners on the page that begins with this number, and the way to the others.
fn cut(
    reader: &mut Reader<'_>,
    country: Option<Country>,
    first: usize,
) -> Result<(Part<PublicId>, Vec<Letter>), Problem> {
    let of_page = |lang: &Lang| *lang == reader.lang;
    let language = Lang::ALL.iter().position(of_page).unwrap_or_default();
    let look = |order: &Order| {
        let all = order.of(language, country);
        let letters = if all.len() > LIMIT {
            letters(reader.lang, &all, |place| &place.key)
        } else {
            Vec::new()
        };
        let part = Part::of(all, first, LIMIT)?;
        let ids = part.rows.iter().map(|place| place.id()).collect();
        Ok((part.with(ids), letters))
    };
    reader.index.in_order(reader.conn, named, look)?
}

/// Where in the order the keys begin with which letter. Of those of one letter some are looked at.
fn letters<T>(lang: Lang, ordered: &[T], key: impl Fn(&T) -> &str) -> Vec<Letter> {
    let letter = |one: &T| collation::letter(lang, key(one));
    let (mut all, mut rest) = (Vec::new(), ordered);
    while let Some(begin) = rest.first() {
        let run = match letter(begin) {
            Some(begin) => {
                let first = ordered.len() - rest.len() + 1;
                all.push(Letter {
                    letter: begin,
                    first,
                });
                rest.partition_point(|one| letter(one) == Some(begin))
            }
            // What begins with no letter stands before all letters and behind them.
            None => rest.iter().take_while(|one| letter(one).is_none()).count(),
        };
        rest = rest.get(run..).unwrap_or_default();
    }
    all
}

/// Reads ahead what the lists are ordered by, so that the first page does not wait for it.
pub fn warm(conn: &mut DbConn, index: &Index) -> QueryResult<()> {
    index.in_order(conn, named, |_| ())
}

/// What published partners are called in each language: all of them, or those of these ids.
fn named(conn: &mut DbConn, records: Option<&[String]>) -> QueryResult<Vec<Named>> {
    let read = |conn: &mut DbConn, records: Option<&[String]>| {
        let selected = (partners::public_id, partners::name, partners::country);
        let query = published_rows!(partners, records, selected);
        query.load::<(PublicId, String, Country)>(conn)
    };
    let mut rows = Vec::new();
    match records {
        None => rows = read(conn, None)?,
        Some(records) => {
            for chunk in records.chunks(CHUNK) {
                rows.extend(read(conn, Some(chunk))?);
            }
        }
    }
    let mut all = Vec::with_capacity(rows.len());
    for chunk in rows.chunks(CHUNK) {
        let ids: Vec<PublicId> = chunk.iter().map(|(id, ..)| id.clone()).collect();
        let called = names::of_records(conn, &ids)?;
        all.extend(chunk.iter().map(|(id, name, country)| Named {
            record: id.clone(),
            country: *country,
            keys: keys(name, called.get(id).map_or(&[], Vec::as_slice)),
        }));
    }
    Ok(all)
}

/// By what a partner stands in the order of each language.
fn keys(name: &str, names: &[Name]) -> Vec<String> {
    let key = |lang: Lang| {
        let tag = lang.tag();
        let own = tag.and_then(|tag| names::in_language(names, &tag));
        collation::key(lang, own.unwrap_or(name))
    };
    Lang::ALL.map(key).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_lead_to_the_first_name_of_each() {
        let keys = [
            "1 maja",
            "aba",
            "al qahira",
            "lo~dz~",
            "lwow",
            "l~uck",
            "\u{43c}",
        ];
        let told = letters(Lang::Pl, &keys, |key| key);
        let told: Vec<(char, usize)> = told.iter().map(|one| (one.letter, one.first)).collect();
        assert_eq!(told, [('A', 2), ('L', 4), ('Ł', 6)]);
    }
}
