//! Names that look like another partner's: for people to decide, never for the import.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::identity::{Entity, Kind, contradict};
use super::partners::Partners;
use crate::core::country::Country;
use crate::core::identifier::Identifier;
use crate::core::name::{self, Likeness};
use crate::core::text::fold;
use crate::exchange::links::{End, are_far};

/// The partner that a new one looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Other {
    /// One that is known, by its place.
    Known(usize),
    /// Another new one.
    New(usize),
}

/// The new ones among these that look like a known partner of their country, or like another new one
/// whose name is plainer, with that one and how they are alike: the same ones in whatever order the file names them.
pub(super) fn alike(
    known: &Partners,
    entities: &[Entity],
    used: &HashSet<usize>,
) -> Vec<(usize, Other, Likeness)> {
    let mut new: Vec<(usize, &Entity)> = entities
        .iter()
        .enumerate()
        .filter(|(at, entity)| entity.partner.is_none() && used.contains(at))
        .collect();
    new.sort_by_key(|(_, entity)| plainness(entity.end.name.as_deref().unwrap_or_default()));
    let keys: HashMap<usize, (Keys, Keys)> = new
        .iter()
        .map(|(at, entity)| (*at, keys(entity.end.country, &entity.names)))
        .collect();
    let wanted: HashSet<&(String, Country)> =
        keys.values().flat_map(|(_, sought)| sought).collect();
    let countries: HashSet<Country> = wanted.iter().map(|(_, country)| *country).collect();
    let mut by_key: HashMap<(String, Country), Vec<Other>> = HashMap::new();
    let there = known
        .all()
        .filter(|(_, partner)| countries.contains(&partner.who.partner.country));
    for (at, partner) in there {
        let (own, _) = self::keys(Some(partner.who.partner.country), &partner.names);
        for key in own.into_iter().filter(|key| wanted.contains(key)) {
            by_key.entry(key).or_default().push(Other::Known(at));
        }
    }
    let mut found = Vec::new();
    for (at, entity) in new {
        let Some((own, sought)) = keys.get(&at) else {
            continue;
        };
        let others: BTreeSet<Other> = sought
            .iter()
            .filter_map(|key| by_key.get(key))
            .flatten()
            .copied()
            .collect();
        let nearness = |other: &Other| {
            let (end, names) = match other {
                Other::Known(at) => known.get(*at).map(|other| (&other.end, &other.names)),
                Other::New(at) => entities.get(*at).map(|other| (&other.end, &other.names)),
            }?;
            like(entity, end, names)
        };
        let alike = others
            .into_iter()
            .filter_map(|other| Some((nearness(&other)?, other)));
        let nearest = alike.min();
        // What only sounds like another one may be what a third is spelt like.
        if !matches!(nearest, Some(((Likeness::Spelling, _), _))) {
            for key in own {
                by_key.entry(key.clone()).or_default().push(Other::New(at));
            }
        }
        found.extend(nearest.map(|((likeness, _), other)| (at, other, likeness)));
    }
    found
}

/// The keys of names in a country.
type Keys = BTreeSet<(String, Country)>;

/// The keys under which names are found, and those under which what looks like them is looked for.
fn keys(country: Option<Country>, names: &[String]) -> (Keys, Keys) {
    let (mut own, mut sought) = (Keys::new(), Keys::new());
    let Some(country) = country else {
        return (own, sought);
    };
    let within = |keys: BTreeSet<String>| {
        let named = keys.into_iter().filter(|key| !key.is_empty());
        named.map(move |key| (key, country))
    };
    for name in names {
        let keys = name::near(name);
        own.extend(within(keys.own));
        sought.extend(within(keys.sought));
    }
    (own, sought)
}

/// Plain names first: without a second one beside them, then the shorter.
fn plainness(name: &str) -> (bool, usize, &str) {
    let beside = name.contains(['(', '[', '/', ',']);
    (beside, name.chars().count(), name)
}

/// How near names are, and in how many letters they differ.
type Nearness = (Likeness, usize);

fn like(entity: &Entity, end: &End, names: &[String]) -> Option<Nearness> {
    let kinds_differ = Kind::of(&entity.end).differs(Kind::of(end));
    let may_be = !kinds_differ && !apart(&entity.end, end);
    may_be.then(|| near(&entity.names, names)).flatten()
}

fn near(some: &[String], others: &[String]) -> Option<Nearness> {
    let pairs = some.iter().flat_map(|a| others.iter().map(move |b| (a, b)));
    let alike = pairs.filter_map(|(a, b)| {
        let letters = || strsim::damerau_levenshtein(&fold(a), &fold(b));
        Some((name::likeness(a, b)?, letters()))
    });
    alike.min()
}

/// Whether an identifier, the place or full names tell the two apart. What stands beside a name decides nothing here: it
/// may be a part of another part, as Saxony is of East Germany.
fn apart(a: &End, b: &End) -> bool {
    let all = |end: &End| -> BTreeSet<Identifier> { end.identifiers.iter().cloned().collect() };
    let full = |end: &End| end.full_key().filter(|_| !end.is_beside);
    let full_names = full(a).zip(full(b));
    contradict(&all(a), &all(b))
        || full_names.is_some_and(|(one, other)| one != other)
        || are_far(a.point, b.point)
}
