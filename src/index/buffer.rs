//! The searchable text: all folded names in one byte buffer, so that a search is one pass of
//! `memmem` over contiguous memory.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use memchr::memmem;

use super::Held;
use super::forms::{self, Form, Match};
use super::literal::Literal;
use crate::core::ids::PublicId;
use crate::core::text;
use crate::core::vocabulary::record::Entity;

/// Most words that are looked for in any order.
const MAX_WORDS: usize = 12;

/// A record as the index knows it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its collection.
    pub entity: Entity,
    /// Its internal key.
    pub id: i64,
    /// Its public id.
    pub record: Arc<str>,
    /// Whether it is an institution: those come after territorial bodies of the same rank.
    pub institution: bool,
    /// Inhabitants, 0 when unknown.
    pub population: i64,
    /// The key it is ordered by.
    pub sort_key: Arc<str>,
    /// Its names as written.
    pub names: Vec<Arc<str>>,
}

/// A record that was found. A short text finds thousands, of which a page shows some: nothing is copied for them.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Its collection.
    pub entity: Entity,
    /// Its internal key.
    pub id: i64,
    /// Its public id.
    pub record: Arc<str>,
    /// How its best name fits.
    pub matched: Match,
    /// That name as written.
    pub name: Arc<str>,
    /// What orders the hits.
    pub rank: Rank,
}

/// What orders hits: ascending is best first, as values and as texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    class: u8,
    kind: u8,
    fewer: i64,
    sort_key: Arc<str>,
}

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{:020}", self.class, self.kind, self.fewer)?;
        f.write_str(&self.sort_key)
    }
}

/// Where one folded name stands in the buffer.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: usize,
    entry: usize,
    name: usize,
    /// The loosest match in which this spelling of the name may take part.
    reach: Match,
}

/// All folded names, each between two line ends.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    text: Vec<u8>,
    places: Vec<Place>,
    /// `None` for a record that has been replaced.
    entries: Vec<Option<Entry>>,
    by_record: HashMap<Arc<str>, usize>,
    by_id: HashMap<i64, usize>,
    dead: usize,
}

impl Buffer {
    pub(super) fn new(entries: Vec<Entry>) -> Self {
        let mut buffer = Self::default();
        buffer.add(entries);
        buffer
    }

    fn push(&mut self, entry: Entry) {
        if self.text.is_empty() {
            self.text.push(b'\n');
        }
        let index = self.entries.len();
        for (name, value) in entry.names.iter().enumerate() {
            for Form { text, reach } in forms::of_name(value) {
                self.places.push(Place {
                    start: self.text.len(),
                    entry: index,
                    name,
                    reach,
                });
                self.text.extend_from_slice(text.as_bytes());
                self.text.push(b'\n');
            }
        }
        self.by_record.insert(Arc::clone(&entry.record), index);
        self.by_id.insert(entry.id, index);
        self.entries.push(Some(entry));
    }

    /// Takes in records.
    pub(super) fn add(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            self.push(entry);
        }
        if self.dead > self.by_record.len() / 2 + 64 {
            let live = std::mem::take(&mut self.entries);
            *self = Self::new(live.into_iter().flatten().collect());
        }
    }

    /// The records one of whose names holds `q`, in any order.
    pub(super) fn search(&self, q: &str) -> Vec<Hit> {
        self.fitting(q).iter().map(Fit::hit).collect()
    }

    /// Their internal keys.
    pub(super) fn keys(&self, q: &str) -> Vec<i64> {
        self.fitting(q).iter().map(|fit| fit.entry.id).collect()
    }

    /// The same records, before anything is told of them.
    pub(super) fn fitting(&self, q: &str) -> Vec<Fit<'_>> {
        let literal = Literal::of(q);
        let mut found: Vec<(usize, Match, usize)> = Vec::new();
        if literal.as_ref().is_some_and(|literal| literal.signs_alone) {
            found.extend((0..self.entries.len()).map(|entry| (entry, Match::Substring, 0)));
        }
        for Form { text, reach } in forms::of_query(q) {
            for at in memmem::find_iter(&self.text, text.as_bytes()) {
                let Some(place) = self.place(at) else {
                    continue;
                };
                let matched = self.matched(place, at, text.len());
                if matched <= reach.min(place.reach) {
                    found.push((place.entry, matched, place.name));
                }
            }
        }
        if found.is_empty() {
            found = self.with_words(q);
        }
        // Of the names that fit equally well, the one that was found first.
        found.sort_by_key(|(entry, matched, _)| (*entry, *matched));
        found.dedup_by_key(|(entry, ..)| *entry);
        let fits = found.into_iter().filter_map(|(entry, matched, name)| {
            let entry = self.entries.get(entry)?.as_ref()?;
            let name = as_asked(entry, matched, q).unwrap_or(name);
            let fit = Fit {
                entry,
                matched,
                name,
            };
            let whole = literal.as_ref().is_none_or(|l| l.is_in(&entry.names));
            whole.then_some(fit)
        });
        fits.collect()
    }

    /// The records one of whose names has words that begin with those of a text, in any order.
    fn with_words(&self, q: &str) -> Vec<(usize, Match, usize)> {
        let mut found = Vec::new();
        for key in text::search_keys(q) {
            let words: Vec<&str> = key.split(' ').collect();
            let Some(rarest) = words.iter().max_by_key(|word| word.len()) else {
                continue;
            };
            if words.len() < 2 || words.len() > MAX_WORDS {
                continue;
            }
            for at in memmem::find_iter(&self.text, rarest.as_bytes()) {
                let Some(place) = self.place(at).filter(|place| place.reach >= Match::Word) else {
                    continue;
                };
                let name = self.line(place.start);
                let begins = |word: &&str| {
                    let mut places = memmem::find_iter(name, word.as_bytes());
                    places.any(|at| at == 0 || name.get(at - 1) == Some(&b' '))
                };
                if words.iter().all(begins) {
                    found.push((place.entry, Match::Word, place.name));
                }
            }
        }
        found
    }

    /// The folded name that begins here.
    fn line(&self, start: usize) -> &[u8] {
        let rest = self.text.get(start..).unwrap_or_default();
        rest.split(|byte| *byte == b'\n').next().unwrap_or_default()
    }

    /// The record of this internal key.
    pub(super) fn by_id(&self, id: u32) -> Option<&Entry> {
        self.entries.get(*self.by_id.get(&i64::from(id))?)?.as_ref()
    }

    /// The name that covers this byte.
    fn place(&self, at: usize) -> Option<Place> {
        let after = self.places.partition_point(|place| place.start <= at);
        self.places.get(after.checked_sub(1)?).copied()
    }

    fn matched(&self, place: Place, at: usize, length: usize) -> Match {
        let ends = self.text.get(at + length).is_none_or(|byte| *byte == b'\n');
        if at == place.start {
            return if ends { Match::Exact } else { Match::Prefix };
        }
        match at.checked_sub(1).and_then(|before| self.text.get(before)) {
            Some(b' ') => Match::Word,
            _ => Match::Substring,
        }
    }
}

impl Held for Buffer {
    fn forget(&mut self, changed: &[PublicId]) {
        for record in changed {
            let index = self.by_record.remove(record.as_str());
            if let Some(slot) = index.and_then(|index| self.entries.get_mut(index)) {
                *slot = None;
                self.dead += 1;
            }
        }
    }
}

/// Of the names that fit exactly, however they are written, the one that is written as it was asked for.
fn as_asked(entry: &Entry, matched: Match, q: &str) -> Option<usize> {
    let asked = q.trim().to_lowercase();
    let mut names = entry.names.iter();
    (matched == Match::Exact)
        .then(|| names.position(|name| name.to_lowercase() == asked))
        .flatten()
}

/// A record of the buffer that was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit<'b> {
    pub(super) entry: &'b Entry,
    /// How its best name fits, and which that is.
    pub(super) matched: Match,
    name: usize,
}

impl<'b> Fit<'b> {
    /// That name as written.
    pub(super) fn name(&self) -> &'b str {
        let name = self.entry.names.get(self.name);
        name.map(AsRef::as_ref).unwrap_or_default()
    }

    fn hit(&self) -> Hit {
        let Self { entry, matched, .. } = *self;
        let kind = (entry.entity, entry.institution);
        Hit {
            entity: entry.entity,
            id: entry.id,
            record: Arc::clone(&entry.record),
            matched,
            name: entry.names.get(self.name).cloned().unwrap_or_default(),
            rank: rank(kind, matched, entry.population, Arc::clone(&entry.sort_key)),
        }
    }
}

/// Where a hit stands. Of partners it is told whether they are institutions.
pub(super) fn rank(
    (entity, institution): (Entity, bool),
    matched: Match,
    population: i64,
    sort_key: Arc<str>,
) -> Rank {
    let class = match matched {
        Match::Exact => 0,
        Match::Prefix => 1,
        Match::Word => 2,
        Match::Substring => 3,
    };
    let kind = match (entity, institution) {
        (Entity::Partner, false) => 0,
        (Entity::Partner, true) => 1,
        _ => 2,
    };
    Rank {
        class,
        kind,
        fewer: i64::MAX.saturating_sub(population),
        sort_key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: i64, population: i64, institution: bool, names: &[&str]) -> Entry {
        Entry {
            entity: Entity::Partner,
            id,
            record: format!("ptn_{id:010}").into(),
            institution,
            population,
            sort_key: text::sort_key(names[0]).into(),
            names: names.iter().map(|name| (*name).into()).collect(),
        }
    }

    fn found(buffer: &Buffer, q: &str) -> Vec<i64> {
        let mut hits = buffer.search(q);
        hits.sort_by(|a, b| (&a.rank, &a.record).cmp(&(&b.rank, &b.record)));
        hits.iter().map(|hit| hit.id).collect()
    }

    #[test]
    fn exact_comes_before_prefix_word_and_substring_then_the_larger() {
        let buffer = Buffer::new(vec![
            entry(1, 0, true, &["Dijon"]),
            entry(2, 10, false, &["Dijon"]),
            entry(3, 0, false, &["Dijonnais"]),
            entry(4, 0, false, &["District Dijon"]),
            entry(5, 0, false, &["Xdijon"]),
            entry(6, 20, false, &["Dijon"]),
        ]);
        assert_eq!(found(&buffer, "dijon"), [6, 2, 1, 3, 4, 5]);
    }

    #[test]
    fn every_spelling_finds_the_one_record() {
        let buffer = Buffer::new(vec![
            entry(1, 0, false, &["Hrodna", "Grodno", "Гродна", "Гродно"]),
            entry(2, 0, false, &["Białystok"]),
        ]);
        for q in ["hrodna", "GRODNO", "Гродна", "гродно"] {
            assert_eq!(found(&buffer, q), [1], "{q}");
        }
        assert_eq!(found(&buffer, "bialystok"), [2]);
        assert!(found(&buffer, "%").is_empty());
    }

    #[test]
    fn digraphs_saints_articles_and_blanks_find_their_name() {
        let buffer = Buffer::new(vec![
            entry(1, 0, false, &["Århus"]),
            entry(2, 0, false, &["Aalborg"]),
            entry(3, 0, false, &["Zürich"]),
            entry(4, 0, false, &["Flughafen München"]),
            entry(5, 0, false, &["L'Aquila"]),
            entry(6, 0, false, &["St. Gallen"]),
            entry(7, 0, false, &["Sankt Pölten"]),
            entry(8, 0, false, &["Göteborg"]),
            entry(9, 0, false, &["'s-Hertogenbosch"]),
            entry(10, 0, false, &["A Coruña"]),
            entry(11, 0, false, &["Bielsko-Biała"]),
            entry(12, 0, false, &["Tromsø"]),
            entry(13, 0, false, &["Spezia"]),
            entry(14, 0, false, &["S. Giovanni Rotondo"]),
            entry(15, 0, false, &["Mount Vernon"]),
            entry(16, 0, false, &["King's Lynn"]),
        ]);
        for (q, id) in [
            ("aarhus", 1),
            ("århus", 1),
            ("arhus", 1),
            ("ålborg", 2),
            ("zuerich", 3),
            ("zurich", 3),
            ("muenchen", 4),
            ("münchen", 4),
            ("laquila", 5),
            ("l’aquila", 5),
            ("aquila", 5),
            ("saint gallen", 6),
            ("Sankt Gallen", 6),
            ("st-gallen", 6),
            ("st. poelten", 7),
            ("Saint Pölten", 7),
            ("goeteborg", 8),
            ("gothenburg", 0),
            ("shertogenbosch", 9),
            ("s hertogenbosch", 9),
            ("hertogenbosch", 9),
            ("la coruña", 10),
            ("coruna", 10),
            ("bielskobiala", 11),
            ("bielsko biala", 11),
            ("tromsoe", 12),
            ("la spezia", 13),
            ("san giovanni", 14),
            ("s. giovanni rotondo", 14),
            ("mt. vernon", 15),
            ("lynn king", 16),
            ("rotondo giov", 14),
            ("rotondo ovanni", 0),
            ("san lynn", 0),
        ] {
            let expected: Vec<i64> = Some(id).filter(|id| *id > 0).into_iter().collect();
            assert_eq!(found(&buffer, q), expected, "{q}");
        }
        // Spellings of our own making find whole words only, and blanks are no letters.
        for q in ["ü", "la", "st", "kobia", "n"] {
            assert!(found(&buffer, q).len() < 13, "{q}");
        }
        assert!(found(&buffer, "kobia").is_empty());
    }

    #[test]
    fn a_name_is_told_as_it_was_asked_for() {
        let buffer = Buffer::new(vec![entry(1, 0, false, &["Гродно", "Hrodna", "Grodno"])]);
        for (q, name) in [
            ("grodno", "Grodno"),
            ("ГРОДНО", "Гродно"),
            ("hrodna", "Hrodna"),
        ] {
            let hits = buffer.search(q);
            assert_eq!(&*hits[0].name, name, "{q}");
        }
    }

    #[test]
    fn a_replaced_record_is_found_by_its_new_name_only() {
        let mut buffer = Buffer::new(vec![entry(1, 0, false, &["Königsberg"])]);
        buffer.forget(&["ptn_0000000001".parse().unwrap()]);
        buffer.add(vec![entry(1, 0, false, &["Kaliningrad"])]);
        assert!(found(&buffer, "konigsberg").is_empty());
        assert_eq!(found(&buffer, "kaliningrad"), [1]);
    }
}
