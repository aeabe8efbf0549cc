//! Agreements by the names of their parties. They are found through the partners of those names, so that no
//! name is kept once more for each agreement.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use chrono::{Datelike as _, NaiveDate};
use diesel::QueryResult;
use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;

use super::buffer::{Buffer, Fit, Hit, rank};
use super::forms::Match;
use super::{CHUNK, Held};
use crate::core::ids::{Kind, PublicId};
use crate::core::title;
use crate::core::vocabulary::record::Entity;
use crate::db::DbConn;
use crate::db::schema::{agreement_parties, agreements};
use crate::published_rows;

/// Most words of a search text that are taken apart into the names of two parties.
const MAX_WORDS: usize = 12;

/// An agreement, in 24 bytes: of a large registry there are a million.
#[derive(Debug, Clone, Copy)]
struct Tie {
    id: i64,
    /// Its public id, as [`PublicId::bits`].
    record: u64,
    /// Where its parties begin among those of all, and how many they are.
    first: u32,
    count: u16,
    /// The year it was signed, 0 when unknown.
    year: i16,
}

/// Every published agreement with its parties.
#[derive(Debug, Default)]
pub(super) struct Ties {
    ties: Vec<Tie>,
    /// Internal keys of partners.
    parties: Vec<u32>,
}

/// Partners that are called as a text says when it is read as two names, one after the other.
struct Both<'b> {
    first: HashMap<i64, &'b str>,
    second: HashMap<i64, &'b str>,
}

impl Ties {
    /// Reads every published agreement, or those of these that are published.
    pub(super) fn read(
        &mut self,
        conn: &mut DbConn,
        records: Option<&[PublicId]>,
    ) -> QueryResult<()> {
        use {agreement_parties as p, agreements as a};
        type Row = (i64, PublicId, Option<NaiveDate>);
        let selected = (a::id, a::public_id, a::signed_earliest);
        let query = published_rows!(agreements, records, selected);
        let mut places = HashMap::new();
        for row in query.load_iter::<Row, DefaultLoadingMode>(conn)? {
            let (id, record, signed) = row?;
            let year = signed.and_then(|day| i16::try_from(day.year()).ok());
            places.insert(id, self.ties.len());
            self.ties.push(Tie {
                id,
                record: record.bits(),
                first: 0,
                count: 0,
                year: year.unwrap_or_default(),
            });
        }
        let mut query = p::table
            .order((p::agreement_id, p::position))
            .select((p::agreement_id, p::partner_id))
            .into_boxed();
        if records.is_some() {
            let ids: Vec<i64> = places.keys().copied().collect();
            query = query.filter(p::agreement_id.eq_any(ids));
        }
        for row in query.load_iter::<(i64, i64), DefaultLoadingMode>(conn)? {
            let (agreement, partner) = row?;
            let place = places.get(&agreement).copied();
            // Keys count up from 1; there are no four thousand millions.
            if let Some(tie) = place.and_then(|place| self.ties.get_mut(place))
                && let (Ok(partner), Ok(here)) =
                    (u32::try_from(partner), u32::try_from(self.parties.len()))
            {
                if tie.count == 0 {
                    tie.first = here;
                }
                tie.count = tie.count.saturating_add(1);
                self.parties.push(partner);
            }
        }
        Ok(())
    }

    /// The same, without the parties of what was forgotten.
    fn packed(&self) -> Self {
        let mut packed = Self::default();
        for tie in &self.ties {
            if let Ok(first) = u32::try_from(packed.parties.len()) {
                packed.parties.extend_from_slice(self.parties(tie));
                packed.ties.push(Tie { first, ..*tie });
            }
        }
        packed
    }

    fn parties(&self, tie: &Tie) -> &[u32] {
        let first = usize::try_from(tie.first).unwrap_or(usize::MAX);
        let parties = first..first.saturating_add(usize::from(tie.count));
        self.parties.get(parties).unwrap_or_default()
    }

    /// The agreements one of whose parties is called so, and those between partners called so: `q` may be
    /// two names, one after the other, and the year of the signature.
    pub(super) fn search(&self, partners: &Buffer, q: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.find(partners, q, |tie, matched, name| {
            let parties = self.parties(tie).iter();
            let keys = parties.filter_map(|party| partners.by_id(*party));
            let mut keys: Vec<&str> = keys.map(|entry| &*entry.sort_key).collect();
            // As the title goes on, so that ties of the same partners stand in the order of their years.
            let signed = tie.year.to_string();
            keys.push(&signed);
            let (entity, key) = (Entity::Agreement, keys.join(" "));
            let record = PublicId::from_bits(Kind::Agreement, tie.record);
            hits.push(Hit {
                entity,
                id: tie.id,
                record: record.as_str().into(),
                matched,
                name: name.as_ref().into(),
                rank: rank((entity, false), matched, 0, key.into()),
            });
        });
        hits
    }

    /// The internal keys of the same.
    pub(super) fn keys(&self, partners: &Buffer, q: &str) -> Vec<i64> {
        let mut keys = Vec::new();
        self.find(partners, q, |tie, _, _| keys.push(tie.id));
        keys
    }

    fn find(&self, partners: &Buffer, q: &str, mut found: impl FnMut(&Tie, Match, Cow<'_, str>)) {
        let named = Named::new(partners.fitting(q));
        let (words, year) = words(q);
        let between = between(partners, &words);
        let alone = year.map(|_| {
            let mut fits = partners.fitting(&words.join(" "));
            fits.retain(|fit| fit.matched <= Match::Prefix);
            Named::new(fits)
        });
        let year_alone = words.is_empty() && year.is_some();
        for tie in &self.ties {
            let parties = self.parties(tie);
            let mut best = named.best(parties);
            if year.is_none_or(|year| year == tie.year) {
                let told = alone
                    .as_ref()
                    .and_then(|named| named.best(parties))
                    .map(|(matched, name)| (matched.max(Match::Prefix), name))
                    .or_else(|| between.iter().find_map(|both| both.of(parties)))
                    .or_else(|| year_alone.then(|| (Match::Word, partners.title(parties).into())))
                    .map(|(matched, name)| match year {
                        Some(year) => (matched, format!("{name} ({year})").into()),
                        None => (matched, name),
                    });
                best = match (best, told) {
                    (Some(best), Some(told)) if told.0 < best.0 => Some(told),
                    (None, told) => told,
                    (best, _) => best,
                };
            }
            if let Some((matched, name)) = best {
                found(tie, matched, name);
            }
        }
    }
}

impl Held for Ties {
    fn forget(&mut self, changed: &[PublicId]) {
        let changed: HashSet<u64> = changed.iter().map(PublicId::bits).collect();
        self.ties.retain(|tie| !changed.contains(&tie.record));
        let live = self.ties.iter().map(|tie| usize::from(tie.count));
        if self.parties.len() > 2 * live.sum::<usize>() + CHUNK {
            *self = self.packed();
        }
    }
}

/// Partners that were found, by their internal keys: those are small numbers, and every party of every
/// agreement is looked up.
struct Named<'b> {
    fits: Vec<Fit<'b>>,
    /// The place of each key among them, counted from 1.
    places: Vec<u32>,
}

impl<'b> Named<'b> {
    fn new(fits: Vec<Fit<'b>>) -> Self {
        let key = |fit: &Fit<'_>| usize::try_from(fit.entry.id).unwrap_or_default();
        let most = fits.iter().map(key).max().unwrap_or_default();
        let mut places = vec![0; most + 1];
        for (place, fit) in (1..).zip(&fits) {
            if let Some(slot) = places.get_mut(key(fit)) {
                *slot = place;
            }
        }
        Self { fits, places }
    }

    fn get(&self, partner: u32) -> Option<&Fit<'b>> {
        let place = *self.places.get(usize::try_from(partner).ok()?)?;
        self.fits.get(usize::try_from(place).ok()?.checked_sub(1)?)
    }

    fn best(&self, parties: &[u32]) -> Option<(Match, Cow<'b, str>)> {
        let fits = parties.iter().filter_map(|party| self.get(*party));
        let best = fits.min_by_key(|fit| fit.matched)?;
        Some((best.matched, best.name().into()))
    }
}

impl Both<'_> {
    fn of(&self, parties: &[u32]) -> Option<(Match, Cow<'_, str>)> {
        parties.iter().find_map(|party| {
            let first = self.first.get(&i64::from(*party))?;
            let others = parties.iter().filter(|other| *other != party);
            let second = others.filter_map(|other| self.second.get(&i64::from(*other)));
            Some((Match::Prefix, format!("{first} – {}", second.min()?).into()))
        })
    }
}

impl Buffer {
    /// What an agreement between these partners is called when it has no title.
    fn title(&self, parties: &[u32]) -> String {
        let entries = parties.iter().filter_map(|party| self.by_id(*party));
        let names: Vec<&str> = entries
            .filter_map(|entry| entry.names.first().map(AsRef::as_ref))
            .collect();
        title::of_parties(&names, None)
    }
}

/// The words of a search text, without the year at its end, and that year.
fn words(q: &str) -> (Vec<&str>, Option<i16>) {
    let is_word = |word: &&str| word.chars().any(char::is_alphanumeric);
    let mut words: Vec<&str> = q.split_whitespace().filter(is_word).collect();
    let year = words.last().and_then(|last| {
        let digits = last.trim_matches(['(', ')', ',']);
        (digits.len() == 4)
            .then(|| digits.parse().ok())
            .flatten()
            .filter(|year| *year > 0)
    });
    if year.is_some() {
        words.pop();
    }
    (words, year)
}

/// Every way to read words as a whole name and one that follows it.
fn between<'b>(partners: &'b Buffer, words: &[&str]) -> Vec<Both<'b>> {
    if words.len() > MAX_WORDS {
        return Vec::new();
    }
    let called = |words: &[&str], loosest: Match| -> Option<HashMap<i64, &'b str>> {
        let mut fits = partners.fitting(&words.join(" "));
        fits.retain(|fit| fit.matched <= loosest);
        let named = fits.iter().map(|fit| (fit.entry.id, fit.name()));
        (!fits.is_empty()).then(|| named.collect())
    };
    let splits = (1..words.len()).filter_map(|at| words.split_at_checked(at));
    let both = splits.filter_map(|(first, second)| {
        Some(Both {
            first: called(first, Match::Exact)?,
            second: called(second, Match::Prefix)?,
        })
    });
    both.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parties_of_what_was_forgotten_take_no_room() {
        let mut ties = Ties::default();
        for n in 0..1_000 {
            ties.ties.push(Tie {
                id: n.into(),
                record: n.into(),
                first: 2 * n,
                count: 2,
                year: 0,
            });
            ties.parties.extend([n, n + 1]);
        }
        let gone = (0..900).map(|bits| PublicId::from_bits(Kind::Agreement, bits));
        ties.forget(&gone.collect::<Vec<_>>());
        assert_eq!((ties.ties.len(), ties.parties.len()), (100, 200));
        let last = ties.ties.last().unwrap();
        assert_eq!((last.id, ties.parties(last)), (999, &[999, 1_000][..]));
    }
}
