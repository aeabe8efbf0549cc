//! One partner that a file speaks of.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::super::partners::Partners;
use super::Mention;
use super::node::{self, Kind};
use crate::core::country::Subdivision;
use crate::core::identifier::Identifier;
use crate::core::vocabulary::partner::PartnerKind;
use crate::exchange::links::{End, KindSaid};

/// A partner of the registry, or one that the file makes known, with all that its rows say of it.
#[derive(Debug)]
pub(in crate::exchange::import) struct Entity {
    /// Its place among the known partners, once it is one.
    pub(in crate::exchange::import) partner: Option<usize>,
    /// What it is recorded as.
    pub(in crate::exchange::import) end: End,
    /// Every spelling of its name.
    pub(in crate::exchange::import) names: Vec<String>,
}

impl Entity {
    pub(super) fn of(known: &Partners, partner: Option<usize>, said: &[&Mention<'_>]) -> Self {
        let kind = match partner.and_then(|partner| known.get(partner)) {
            Some(partner) => Kind::Known(partner.who.partner.kind),
            None => node::kind(said),
        };
        let (end_kind, kind_said) = match kind {
            Kind::Known(kind) => (kind, KindSaid::Row),
            Kind::Usual(kind) => (kind, KindSaid::File),
            Kind::Open => (PartnerKind::Municipality, KindSaid::Nobody),
        };
        let names = said.iter().filter_map(|mention| mention.end.name.clone());
        let mut names: Vec<String> = names.collect();
        names.sort_unstable();
        names.dedup();
        Self {
            partner,
            end: End {
                name: name(said),
                is_beside: is_beside(said),
                full_name: node::most_say(said, |end| end.full_name.clone()),
                country: node::most_say(said, |end| end.country),
                country_sign: None,
                subdivision: subdivision(said),
                kind: end_kind,
                kind_said,
                identifiers: identifiers(said),
                point: node::point(said),
                postcode: None,
            },
            names,
        }
    }
}

/// The part of the country that rows name, unless they name several.
fn subdivision(said: &[&Mention<'_>]) -> Option<Subdivision> {
    let mut named = said
        .iter()
        .filter_map(|mention| mention.end.subdivision.as_ref());
    let first = named.next()?;
    named.all(|other| other == first).then(|| first.clone())
}

/// Whether no row says but beside the name what tells it from namesakes.
fn is_beside(said: &[&Mention<'_>]) -> bool {
    let mut full = said
        .iter()
        .filter(|mention| mention.end.full_name.is_some());
    full.all(|mention| mention.end.is_beside)
}

/// The name that most rows use, in its most careful spelling: with its accents, not in capitals.
fn name(said: &[&Mention<'_>]) -> Option<String> {
    let spelt = || {
        said.iter().filter_map(|mention| {
            let name = mention.end.name.as_deref()?;
            Some((crate::core::name::key(name), name, mention.count))
        })
    };
    let key = node::most(spelt().map(|(key, _, count)| (key, count)))?;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, name, count) in spelt().filter(|(other, _, _)| *other == key) {
        *counts.entry(name).or_default() += count;
    }
    let best = counts.into_iter().min_by_key(|(name, count)| {
        let one_case = *name == name.to_uppercase() || *name == name.to_lowercase();
        let wide = name.nfkc().ne(name.chars());
        let accents = name.chars().filter(|c| !c.is_ascii()).count();
        (wide, one_case, Reverse(accents), Reverse(*count), *name)
    });
    best.map(|(name, _)| name.to_owned())
}

/// Every identifier that rows give; of one register what most of them give.
fn identifiers(said: &[&Mention<'_>]) -> Vec<Identifier> {
    let mut by_scheme: BTreeMap<_, Vec<(Identifier, usize)>> = BTreeMap::new();
    for mention in said {
        for identifier in &mention.end.identifiers {
            let those = by_scheme.entry(identifier.scheme).or_default();
            those.push((identifier.clone(), mention.count));
        }
    }
    by_scheme
        .into_values()
        .filter_map(|those| node::most(those.into_iter()))
        .collect()
}
