//! Names that look like one another.

use std::collections::BTreeSet;

use super::key::key;
use crate::core::text::{article, collapsed, with_saint};

/// What people put before and behind a name to say what it is the name of.
const BEFORE: [&[&str]; 23] = [
    &["city", "of"],
    &["town", "of"],
    &["municipality", "of"],
    &["commune", "of"],
    &["ville", "de"],
    &["commune", "de"],
    &["comune", "di"],
    &["citta", "di"],
    &["municipio", "de"],
    &["ayuntamiento", "de"],
    &["ajuntament", "de"],
    &["stadt"],
    &["hansestadt"],
    &["landeshauptstadt"],
    &["gemeinde"],
    &["gmina"],
    &["miasto"],
    &["mesto"],
    &["obec"],
    &["grad"],
    &["opcina"],
    &["comuna"],
    &["municipiul"],
];
const BEHIND: [&str; 5] = ["city", "kommune", "kommun", "municipality", "town"];

/// A name and what stands beside it: `Wrocław (Breslau)`, `Bolzano/Bozen`, `Portland, Oregon`.
struct Parts {
    whole: BTreeSet<String>,
    beside: Option<(BTreeSet<String>, BTreeSet<String>, bool)>,
}

/// The keys under which names that look like this one meet: to be compared by [`is_near`].
pub fn near(name: &str) -> BTreeSet<String> {
    let parts = Parts::of(name);
    let mut keys = parts.whole;
    if let Some((base, other, _)) = parts.beside {
        keys.extend(base);
        keys.extend(other);
    }
    keys
}

/// Whether two names may well mean one partner.
///
/// The digraphs of German and the Nordic languages, `Sankt` and `St.`, articles, `City of`, blanks
/// and hyphens, and a second name beside the first make no difference. What tells namesakes apart does: `Neustadt (Hessen)` and `Neustadt (Sachsen)`.
pub fn is_near(a: &str, b: &str) -> bool {
    let (a, b) = (Parts::of(a), Parts::of(b));
    if meet(&a.whole, &b.whole) {
        return true;
    }
    match (&a.beside, &b.beside) {
        (None, None) => false,
        (Some(parts), None) => one_of(parts, &b.whole),
        (None, Some(parts)) => one_of(parts, &a.whole),
        (Some((base, other, _)), Some((base_b, other_b, _))) => {
            (meet(base, base_b) && meet(other, other_b))
                || (meet(base, other_b) && meet(other, base_b))
        }
    }
}

fn one_of(parts: &(BTreeSet<String>, BTreeSet<String>, bool), whole: &BTreeSet<String>) -> bool {
    let (base, other, is_name) = parts;
    meet(base, whole) || (*is_name && meet(other, whole))
}

fn meet(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    !a.is_disjoint(b)
}

impl Parts {
    fn of(name: &str) -> Self {
        let beside = split(name).map(|(base, other, is_name)| (loose(base), loose(other), is_name));
        Self {
            whole: loose(name),
            beside,
        }
    }
}

/// A name and the part beside it, which is a name itself unless a comma stands before it.
fn split(name: &str) -> Option<(&str, &str, bool)> {
    let bracket = name.split_once(['(', '[', '\u{ff08}']).map(|(base, rest)| {
        let inner = rest.split([')', ']', '\u{ff09}']).next().unwrap_or(rest);
        (base, inner, true)
    });
    let slash = || {
        name.split_once('/')
            .map(|(base, other)| (base, other, true))
    };
    let dash = || {
        let dashes = [" - ", " – ", " — "];
        let parts = dashes.iter().find_map(|dash| name.split_once(dash));
        parts.map(|(base, other)| (base, other, true))
    };
    let comma = || {
        name.split_once(", ")
            .map(|(base, other)| (base, other, false))
    };
    let parts = bracket.or_else(slash).or_else(dash).or_else(comma)?;
    let named = |part: &str| part.chars().any(char::is_alphabetic);
    (named(parts.0) && named(parts.1)).then_some(parts)
}

/// One or two spellings of a name without what may be left out of it: with and without its article.
fn loose(name: &str) -> BTreeSet<String> {
    let key = key(name);
    let words: Vec<&str> = key.split(' ').collect();
    let words = without_kind(&words);
    let joined = |words: &[&str]| collapsed(&with_saint(words).concat());
    let mut keys = BTreeSet::from([joined(words)]);
    if let Some(rest) = article(words) {
        keys.insert(joined(rest));
    }
    keys
}

/// Without `City of` before it, or `Kommune` behind it.
fn without_kind<'w, 's>(words: &'w [&'s str]) -> &'w [&'s str] {
    let long = |rest: &&[&str]| rest.iter().any(|word| word.chars().count() > 2);
    let before = BEFORE.iter().find_map(|prefix| words.strip_prefix(*prefix));
    let words = before.filter(long).unwrap_or(words);
    match words.split_last() {
        Some((last, rest)) if BEHIND.contains(last) && long(&rest) => rest,
        _ => words,
    }
}
