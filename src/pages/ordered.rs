//! Partners and networks by the names that readers see: pages are cut out of an order that is kept in memory, so that
//! each costs what stands on it.

use diesel::QueryResult;
use diesel::prelude::*;
use serde::Serialize;

use super::numbered::{Part, first};
use super::{PageRequest, Reader};
use crate::core::country::Country;
use crate::core::ids::{Kind, PublicId};
use crate::db::DbConn;
use crate::db::schema::{networks, partners};
use crate::formats::Represent as _;
use crate::html::collation;
use crate::html::lang::Lang;
use crate::http::problem::Problem;
use crate::index::{Index, Named, Order};
use crate::partners::names::{self, Name};
use crate::published_rows;
use crate::records::Readable;

/// Records on a page.
pub const LIMIT: usize = 60;

/// Ids bound into one statement.
const CHUNK: usize = 500;

/// The number of the first record whose name begins with a letter.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Letter {
    letter: char,
    first: usize,
}

/// The records on the page that is asked for, and where the names begin with which letter, if they do not stand on
/// one page.
pub fn page<R: Readable>(
    reader: &mut Reader<'_>,
    ask: &PageRequest,
    country: Option<Country>,
) -> Result<(Part<R::View>, Vec<Letter>), Problem> {
    let first = first(ask)?;
    let of_page = |lang: &Lang| *lang == reader.lang;
    let language = Lang::ALL.iter().position(of_page).unwrap_or_default();
    let look = |order: &Order| {
        let all = order.of(language, country);
        let several = all.len() > LIMIT;
        let letters = several.then(|| letters(reader.lang, &all, |place| &place.key));
        let part = Part::of(all, first, LIMIT)?;
        let ids: Vec<PublicId> = part.rows.iter().map(|place| place.id(R::KIND)).collect();
        Ok::<_, Problem>((part.with(ids), letters.unwrap_or_default()))
    };
    let index = &reader.app.index;
    let (part, letters) = index.in_order(reader.conn, R::KIND, named(R::KIND), look)??;
    let mut found = reader.visible::<R>(&part.rows, &[])?;
    found.sort_by_key(|view| part.rows.iter().position(|id| id == view.public_id()));
    Ok((part.with(found), letters))
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
    for kind in [Kind::Partner, Kind::Network] {
        index.in_order(conn, kind, named(kind), |_| ())?;
    }
    Ok(())
}

/// What reads what published records of this kind are called in each language: all of them, or those of these ids.
fn named(kind: Kind) -> impl Fn(&mut DbConn, Option<&[PublicId]>) -> QueryResult<Vec<Named>> {
    move |conn, records| {
        let rows = read(conn, kind, records)?;
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
}

/// A record, its name, and its country, if it is in one.
type Row = (PublicId, String, Option<Country>);

fn read(conn: &mut DbConn, kind: Kind, records: Option<&[PublicId]>) -> QueryResult<Vec<Row>> {
    if kind == Kind::Network {
        let selected = (networks::public_id, networks::name);
        let rows = published_rows!(networks, records, selected).load(conn)?;
        let row = |(id, name): (PublicId, String)| (id, name, None);
        return Ok(rows.into_iter().map(row).collect());
    }
    let selected = (partners::public_id, partners::name, partners::country);
    let rows = published_rows!(partners, records, selected).load(conn)?;
    let row = |(id, name, country): (PublicId, String, Country)| (id, name, Some(country));
    Ok(rows.into_iter().map(row).collect())
}

/// By what a record stands in the order of each language.
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
