//! Mentions that identifiers make one.

use std::collections::{BTreeMap, BTreeSet};

use super::super::partners::{Known, Partners};
use super::{Mention, connected};
use crate::core::country::Country;
use crate::core::identifier::Identifier;
use crate::core::vocabulary::Code as _;
use crate::db::condition::grouped;
use crate::exchange::links::{KindSaid, are_far};

/// What a mention belongs to because of its identifiers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// This partner of the registry.
    Partner(usize),
    /// A body of the file, by its first identifier.
    Identified(Identifier),
    /// It has none.
    Named,
}

/// A mention of which nobody can say who it is, and why.
pub(super) type Unclear = (usize, String);

/// A mention and what it belongs to.
type Grouped<'m, 'r> = (&'m Mention<'r>, Group);

/// The group of each mention, and those whose identifiers contradict each other, with the reason.
pub(super) fn groups<'m, 'r>(
    known: &Partners,
    mentions: &'m [Mention<'r>],
) -> (Vec<Grouped<'m, 'r>>, Vec<Unclear>) {
    let mut groups = Vec::new();
    let mut bad = Vec::new();
    let mut left = Vec::new();
    for mention in mentions {
        if let Some(partner) = mention.id.and_then(|id| known.with_id(id)) {
            groups.push((mention, Group::Partner(partner)));
        } else if mention.end.identifiers.is_empty() {
            groups.push((mention, Group::Named));
        } else {
            left.push(mention.at);
        }
    }
    for component in components(known, mentions, &left) {
        let those = component.iter().filter_map(|at| mentions.get(*at));
        let those: Vec<&Mention<'_>> = those.collect();
        let component = Component {
            known,
            those: &those,
        };
        let found = match component.single() {
            Some(group) => those.iter().map(|one| (*one, group.clone())).collect(),
            None => component.divided(&mut bad),
        };
        component.settle(found, &mut groups, &mut bad);
    }
    groups.sort_unstable_by_key(|(mention, _)| mention.at);
    (groups, bad)
}

/// Mentions that are connected by what they carry, directly or through others.
fn components(known: &Partners, mentions: &[Mention<'_>], left: &[usize]) -> Vec<Vec<usize>> {
    // An identifier, or who carries it in the registry.
    let carried = |at: usize| {
        let own = mentions.get(at).map(|mention| &mention.end.identifiers);
        own.into_iter().flatten().flat_map(|identifier| {
            let partners = known.with_identifier(identifier);
            let own = partners.is_empty().then_some(Err(identifier));
            partners.iter().copied().map(Ok).chain(own)
        })
    };
    let pairs = left
        .iter()
        .flat_map(|at| carried(*at).map(move |key| (key, *at)));
    let mut carriers = grouped(pairs);
    // Whoever was followed once leads to nobody new.
    let next = |at| {
        carried(at)
            .filter_map(|key| carriers.remove(&key))
            .flatten()
            .collect()
    };
    connected(left.iter().copied(), BTreeSet::new(), next)
}

/// Mentions that are connected by identifiers.
struct Component<'a, 'm, 'r> {
    known: &'a Partners,
    those: &'a [&'m Mention<'r>],
}

impl<'m, 'r> Component<'_, 'm, 'r> {
    /// The partners of the registry that carry any of these.
    fn holders<'i>(&self, all: impl IntoIterator<Item = &'i Identifier>) -> BTreeSet<usize> {
        let holders = all
            .into_iter()
            .flat_map(|it| self.known.with_identifier(it));
        holders.copied().collect()
    }

    /// Keeps the groups of those mentions of which nothing else contradicts that they are of them.
    fn settle(
        &self,
        found: Vec<Grouped<'m, 'r>>,
        groups: &mut Vec<Grouped<'m, 'r>>,
        bad: &mut Vec<Unclear>,
    ) {
        let mut members: BTreeMap<Group, Vec<&Mention<'_>>> = BTreeMap::new();
        for (mention, group) in found {
            members.entry(group).or_default().push(mention);
        }
        for (group, members) in members {
            let contradiction = match group {
                Group::Partner(_) => None,
                _ => contradiction(&members),
            };
            for mention in members {
                let stranger = match group {
                    Group::Partner(partner) => self.stranger(mention, partner),
                    _ => contradiction.clone(),
                };
                match stranger {
                    Some(reason) => bad.push((mention.at, reason)),
                    None => groups.push((mention, group.clone())),
                }
            }
        }
    }

    /// Why a mention is not the partner of the registry that has its identifiers: another kind, another country,
    /// or another name where they share no more than the code of an area.
    fn stranger(&self, mention: &Mention<'_>, partner: usize) -> Option<String> {
        let known = self.known.get(partner)?;
        let who = &known.who.partner;
        let kind = mention.end.kind_said == KindSaid::Row && mention.end.kind != who.kind;
        let elsewhere = mention
            .end
            .country
            .is_some_and(|country| country != who.country);
        let named = mention.key.is_none()
            || mention
                .keys()
                .any(|(name, _)| known.name_keys().contains(&name));
        let own = known.end.identifiers.as_slice();
        let common = mention.end.identifiers.iter().filter(|it| own.contains(it));
        let unnamed = !named && all_are_areas(&common.cloned().collect::<Vec<_>>());
        (kind || elsewhere || unnamed).then(|| {
            let (kind, name, country) = (who.kind.code(), &who.name, who.country);
            let id = &who.id;
            format!("its identifier belongs to {id}: {name} ({country}), {kind}")
        })
    }

    /// The group of all of them, when nothing contradicts that they are one.
    fn single(&self) -> Option<Group> {
        let all = self
            .those
            .iter()
            .flat_map(|mention| &mention.end.identifiers);
        let all: BTreeSet<&Identifier> = all.collect();
        let holders = self.holders(all.iter().copied());
        if holders.len() > 1 {
            return None;
        }
        let partner = holders.first().copied();
        let own = partner.and_then(|partner| self.known.get(partner));
        let own = own.map_or(&[][..], |partner| partner.end.identifiers.as_slice());
        let mut schemes: BTreeSet<_> = own.iter().map(|own| own.scheme).collect();
        let mut others = all.iter().filter(|identifier| !own.contains(identifier));
        if !others.all(|identifier| schemes.insert(identifier.scheme)) {
            return None;
        }
        match partner {
            Some(partner) => Some(Group::Partner(partner)),
            None => all.first().map(|first| Group::Identified((*first).clone())),
        }
    }

    /// Each by itself: by the partner that carries its identifiers, else by its first identifier. An
    /// identifier that is said of several bodies is wrong for all but one of them, and nobody knows
    /// for which.
    fn divided(&self, bad: &mut Vec<Unclear>) -> Vec<Grouped<'m, 'r>> {
        let reason = "its identifiers belong to different partners";
        let unclear = |mention: &Mention<'_>| (mention.at, reason.to_owned());
        let mut found: Vec<Grouped<'m, 'r>> = Vec::new();
        for &mention in self.those {
            match self.group(mention) {
                Some(group) => found.push((mention, group)),
                None => bad.push(unclear(mention)),
            }
        }
        let mut claims: BTreeMap<&Identifier, BTreeSet<Group>> = BTreeMap::new();
        for (mention, group) in &found {
            for identifier in &mention.end.identifiers {
                if self.known.with_identifier(identifier).is_empty() {
                    claims.entry(identifier).or_default().insert(group.clone());
                }
            }
        }
        let mut disputed: BTreeSet<&Identifier> = BTreeSet::new();
        let mut same: BTreeMap<Group, Group> = BTreeMap::new();
        for (identifier, mut groups) in claims {
            let own = Group::Identified(identifier.clone());
            let is_head = groups.remove(&own);
            match (groups.len(), groups.pop_first()) {
                (1, Some(other)) if is_head => {
                    same.insert(own, other);
                }
                (0 | 1, _) => {}
                _ => {
                    disputed.insert(identifier);
                }
            }
        }
        let mut groups = Vec::new();
        for (mention, mut group) in found {
            let mut own = mention.end.identifiers.iter();
            if own.any(|own| disputed.contains(own)) {
                bad.push(unclear(mention));
                continue;
            }
            // Each leads to a group of an earlier identifier: there is an end.
            while let Some(other) = same.get(&group) {
                group = other.clone();
            }
            groups.push((mention, group));
        }
        groups
    }

    /// The group of one mention, unless its identifiers belong to different partners.
    fn group(&self, mention: &Mention<'_>) -> Option<Group> {
        let own = mention.end.identifiers.as_slice();
        let holders = self.holders(own);
        if holders.is_empty() {
            return own.iter().min().cloned().map(Group::Identified);
        }
        let carries = |partner: &usize, identifier: &Identifier| {
            self.known.with_identifier(identifier).contains(partner)
        };
        // One carries all that anybody carries; of several, to whom a code was handed on.
        let carries_all = |partner: &usize| {
            own.iter().all(|identifier| {
                let nobody = self.known.with_identifier(identifier).is_empty();
                nobody || carries(partner, identifier)
            })
        };
        let mut all: Vec<usize> = holders.into_iter().filter(carries_all).collect();
        if all.len() > 1 {
            let named = self.named(mention, &all);
            let living = |partner: &usize| self.known.get(*partner).is_some_and(Known::lives);
            match named {
                Some(partner) => all = vec![partner],
                None => all.retain(living),
            }
        }
        let [partner] = all.as_slice() else {
            return None;
        };
        let known = self.known.get(*partner)?;
        let shared = own
            .iter()
            .filter(|identifier| carries(partner, identifier))
            .min()?;
        let contradicted = own.iter().any(|identifier| {
            let mut theirs = known.end.identifiers.iter();
            identifier.scheme < shared.scheme && theirs.any(|it| it.scheme == identifier.scheme)
        });
        (!contradicted).then_some(Group::Partner(*partner))
    }

    /// The only one of these that has the mention's name, when it is not the one that lives.
    fn named(&self, mention: &Mention<'_>, all: &[usize]) -> Option<usize> {
        let key = mention.key.as_ref()?;
        let namesakes = self.known.with_name(key);
        let mut those = all.iter().filter(|partner| namesakes.contains(partner));
        match (those.next(), those.next()) {
            (Some(one), None) => Some(*one),
            _ => None,
        }
    }
}

/// What these mentions say beside their identifiers that one body can't be: two kinds, two countries, or
/// places far from each other. A code of an area is that of all places in it.
fn contradiction(said: &[&Mention<'_>]) -> Option<String> {
    let shared = || {
        let all = said.iter().flat_map(|mention| &mention.end.identifiers);
        all.min().map_or_else(String::new, ToString::to_string)
    };
    let kinds: BTreeSet<&str> = said
        .iter()
        .filter(|mention| mention.end.kind_said == KindSaid::Row)
        .map(|mention| mention.end.kind.code())
        .collect();
    if kinds.len() > 1 {
        let kinds = Vec::from_iter(kinds).join(" and ");
        return Some(format!(
            "rows with {} say different kinds: {kinds}",
            shared()
        ));
    }
    let areas = |mention: &&Mention<'_>| all_are_areas(&mention.end.identifiers);
    let by_area = said.iter().any(areas);
    let (one, other) = odd(said, |it| it.end.country, |here, there| here != there)
        .or_else(|| {
            odd(
                said,
                |it| it.end.point.map(Some),
                |here, there| are_far(*here, *there),
            )
        })
        .or_else(|| {
            let named = |it: &Mention<'_>| Some(it.key.as_ref()?.0.clone()).filter(|_| by_area);
            odd(said, named, |one, other| one != other)
        })?;
    let name = |mention: &Mention<'_>| {
        let country = mention.end.country.map(Country::as_str).unwrap_or_default();
        let name = mention.end.name.clone().unwrap_or_default();
        format!("{name} ({country})")
    };
    let (one, other) = (name(one), name(other));
    Some(format!("{} is said of {one} and of {other}", shared()))
}

/// The first of these mentions that says anything of a matter, with one that says something else.
fn odd<'m, 'r, T>(
    said: &[&'m Mention<'r>],
    says: impl Fn(&Mention<'r>) -> Option<T>,
    differs: impl Fn(&T, &T) -> bool,
) -> Option<(&'m Mention<'r>, &'m Mention<'r>)> {
    let mut all = said
        .iter()
        .filter_map(|mention| Some((*mention, says(mention)?)));
    let (first, one) = all.next()?;
    let (other, _) = all.find(|(_, other)| differs(&one, other))?;
    Some((first, other))
}

/// Whether these are nothing but codes of areas.
fn all_are_areas(identifiers: &[Identifier]) -> bool {
    identifiers
        .iter()
        .all(|identifier| identifier.scheme.is_of_area())
}
