//! Who the ends of all rows of a file are.
//!
//! The file is looked at as a whole, so that the order of its rows makes no difference. Ends that say
//! the same are one **mention**. Mentions that share an identifier, and partners of the registry that
//! carry it, are one **node**; the others are nodes by themselves. Nodes of one name and country that
//! nothing tells apart (an identifier of one register, the kind, the place) may be one partner, and
//! are, unless a node may as well be one of several that are told apart: then nobody knows which.

mod entity;
mod groups;
mod node;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

pub(super) use entity::Entity;
use groups::Group;
use node::Node;
pub(super) use node::{Kind, contradict};

use super::partners::Partners;
use crate::core::country::Country;
use crate::core::ids::PublicId;
use crate::core::name;
use crate::db::condition::grouped;
use crate::exchange::links::{End, LinkRow};
use crate::exchange::pairs::each_two;

/// Most candidates that a report names.
const MOST_NAMED: usize = 6;

/// Who an end of a row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Identity {
    /// This one of the [`Identities`].
    Entity(usize),
    /// Nobody can say: why.
    Unclear(String),
}

/// The partners that a file speaks of, and which of them each end is.
#[derive(Debug)]
pub(super) struct Identities {
    pub(super) entities: Vec<Entity>,
    pub(super) of: Vec<[Identity; 2]>,
}

/// Ends of rows that say the same.
struct Mention<'r> {
    /// Its place among all.
    at: usize,
    end: &'r End,
    id: Option<&'r PublicId>,
    /// How many ends they are.
    count: usize,
    /// The name as it is compared, in its country.
    key: Option<(String, Country)>,
}

impl Mention<'_> {
    /// The name, and the full one, as they are compared, in the country.
    fn keys(&self) -> impl Iterator<Item = (String, Country)> {
        let keys = self.end.name_keys().into_iter();
        keys.filter_map(|key| Some((key, self.end.country?)))
    }
}

/// Finds out who all ends are.
pub(super) fn resolve(known: &Partners, rows: &[LinkRow]) -> Identities {
    let (mentions, places) = mentions(rows);
    let mut graph = Graph::new(known, &mentions);
    graph.connect();
    let clusters = graph.clusters();
    let mut who: HashMap<usize, Identity> = HashMap::with_capacity(mentions.len());
    let mut entities = Vec::new();
    for (partner, cluster) in clusters {
        let those = cluster.iter().filter_map(|at| mentions.get(*at));
        let those: Vec<&Mention<'_>> = those.collect();
        let entity = Identity::Entity(entities.len());
        who.extend(cluster.iter().map(|at| (*at, entity.clone())));
        entities.push(Entity::of(known, partner, &those));
    }
    tell_namesakes_apart(&mut entities);
    let unclear = graph.unclear.into_iter();
    who.extend(unclear.map(|(at, reason)| (at, Identity::Unclear(reason))));
    let of_end = |at: usize| {
        let nobody = || Identity::Unclear("nothing says who this is".to_owned());
        who.get(&at).cloned().unwrap_or_else(nobody)
    };
    Identities {
        entities,
        of: places.into_iter().map(|ends| ends.map(of_end)).collect(),
    }
}

/// Calls new partners by their full names where the file has several of one name in a country.
fn tell_namesakes_apart(entities: &mut [Entity]) {
    let key = |end: &End| end.name.as_deref().map(name::key).zip(end.country);
    let mut counts: HashMap<(String, Country), usize> = HashMap::new();
    for entity in entities.iter() {
        if let Some(key) = key(&entity.end) {
            *counts.entry(key).or_default() += 1;
        }
    }
    for entity in entities.iter_mut().filter(|one| one.partner.is_none()) {
        let several = key(&entity.end).is_some_and(|key| counts.get(&key) > Some(&1));
        if let Some(full) = entity.end.full_name.clone().filter(|_| several) {
            entity.names.push(full.clone());
            entity.end.name = Some(full);
        }
    }
}

/// The different mentions, in an order of their own, and which of them the ends of each row are.
fn mentions(rows: &[LinkRow]) -> (Vec<Mention<'_>>, Vec<[usize; 2]>) {
    let mut found = BTreeMap::new();
    let ends = rows.iter().flat_map(|row| {
        let ids = row.end_ids.iter().map(Option::as_ref);
        ids.zip(row.ends())
    });
    for (place, (id, end)) in ends.enumerate() {
        let said = found.entry(node::said(id, end));
        let (.., places) = said.or_insert_with(|| (id, end, Vec::new()));
        places.push(place);
    }
    let mut of_end = vec![0; rows.len() * 2];
    let mut all = Vec::with_capacity(found.len());
    for (id, end, places) in found.into_values() {
        for place in &places {
            if let Some(slot) = of_end.get_mut(*place) {
                *slot = all.len();
            }
        }
        all.push(Mention {
            at: all.len(),
            end,
            id,
            count: places.len(),
            key: end.name.as_deref().map(name::key).zip(end.country),
        });
    }
    let (pairs, _) = of_end.as_chunks();
    (all, pairs.to_vec())
}

/// What of all hangs together: each with those that `next` says of it, but for what has been seen already.
fn connected(
    all: impl Iterator<Item = usize>,
    mut seen: BTreeSet<usize>,
    mut next: impl FnMut(usize) -> Vec<usize>,
) -> Vec<Vec<usize>> {
    let mut parts = Vec::new();
    for start in all {
        let (mut part, mut ahead) = (Vec::new(), vec![start]);
        while let Some(at) = ahead.pop() {
            if seen.insert(at) {
                part.push(at);
                ahead.extend(next(at));
            }
        }
        if !part.is_empty() {
            part.sort_unstable();
            parts.push(part);
        }
    }
    parts
}

/// Those of these nodes for which something holds, if it holds for any; the others go out.
fn preferred<'n>(
    those: Vec<(usize, &'n Node)>,
    out: &mut Vec<usize>,
    holds: impl Fn(&Node) -> bool,
) -> Vec<(usize, &'n Node)> {
    let (liked, others): (Vec<_>, Vec<_>) = those.into_iter().partition(|(_, node)| holds(node));
    if liked.is_empty() {
        return others;
    }
    out.extend(others.into_iter().map(|(other, _)| other));
    liked
}

/// A partner of the registry, or none for a new one, and the mentions that mean it.
type Cluster = (Option<usize>, Vec<usize>);

/// Nodes, and which of them may be one partner.
struct Graph<'k> {
    known: &'k Partners,
    nodes: Vec<Node>,
    /// The nodes that may be one partner, both ways round.
    near: BTreeSet<(usize, usize)>,
    /// Nodes that may be several others.
    torn: BTreeSet<usize>,
    /// Mentions of which nobody can say who they are.
    unclear: Vec<(usize, String)>,
}

impl<'k> Graph<'k> {
    fn new(known: &'k Partners, mentions: &[Mention<'_>]) -> Self {
        let (groups, bad) = groups::groups(known, mentions);
        let mut all = BTreeMap::<_, Vec<&Mention<'_>>>::new();
        for (mention, group) in groups {
            let apart = (group == Group::Named).then(|| node::apart(mention));
            all.entry((group, apart)).or_default().push(mention);
        }
        let mut nodes: Vec<Node> = Vec::with_capacity(all.len());
        let mut partners: HashSet<usize> = HashSet::new();
        for ((group, _), those) in all {
            let partner = match group {
                Group::Partner(partner) => Some(partner),
                Group::Identified(_) | Group::Named => None,
            };
            partners.extend(partner);
            nodes.push(Node::of(known, partner, &those));
        }
        let keys: BTreeSet<&(String, Country)> = nodes.iter().flat_map(|node| &node.keys).collect();
        let namesakes: BTreeSet<usize> = keys
            .into_iter()
            .flat_map(|key| known.with_name(key))
            .copied()
            .filter(|partner| !partners.contains(partner))
            .collect();
        for partner in namesakes {
            nodes.push(Node::of(known, Some(partner), &[]));
        }
        Self {
            known,
            nodes,
            near: BTreeSet::new(),
            torn: BTreeSet::new(),
            unclear: bad,
        }
    }

    fn node(&self, at: usize) -> Option<&Node> {
        self.nodes.get(at)
    }

    /// Nodes of which some are of the registry, and some of the file alone.
    fn places(&self, of_registry: bool) -> Vec<usize> {
        let all = self.nodes.iter().enumerate();
        all.filter(|(_, node)| node.partner.is_some() == of_registry)
            .map(|(at, _)| at)
            .collect()
    }

    /// The places of the nodes that may be the same partner as this one.
    fn near(&self, at: usize) -> impl Iterator<Item = usize> {
        let pairs = self.near.range((at, 0)..=(at, usize::MAX));
        pairs.map(|(_, other)| *other)
    }

    fn neighbours(&self, at: usize) -> impl Iterator<Item = (usize, &Node)> {
        self.near(at)
            .filter_map(|other| Some((other, self.node(other)?)))
    }

    fn part(&mut self, a: usize, b: usize) {
        self.near.remove(&(a, b));
        self.near.remove(&(b, a));
    }

    /// Finds which nodes may be one partner, and those of which nobody can say which they are.
    fn connect(&mut self) {
        let nodes = self.nodes.iter().enumerate();
        let keyed = nodes.flat_map(|(at, node)| node.keys.iter().map(move |key| (key, at)));
        for those in grouped(keyed).into_values().filter(|those| those.len() > 1) {
            for (a, b) in each_two(&those) {
                let pair = self.nodes.get(*a).zip(self.nodes.get(*b));
                if pair.is_some_and(|(a, b)| !a.differs(b)) {
                    self.near.extend([(*a, *b), (*b, *a)]);
                }
            }
        }
        let rows = self.places(false);
        let far: Vec<(usize, usize)> = rows
            .iter()
            .flat_map(|at| self.less_likely(*at).into_iter().map(|other| (*at, other)))
            .collect();
        for (a, b) in far {
            self.part(a, b);
        }
        for (a, b) in self.elsewhere(&rows) {
            self.part(a, b);
        }
        for at in rows {
            if self.is_torn(at, |_| true) {
                self.torn.insert(at);
            }
        }
        self.release();
    }

    /// Of several bodies of one kind that a node may be, all but the likeliest: who bears its full name before who
    /// bears the short one, who lives before who is dissolved, and where the node says where it is, the nearest.
    fn less_likely(&self, at: usize) -> Vec<usize> {
        let Some(node) = self.node(at) else {
            return Vec::new();
        };
        let mut by_kind: BTreeMap<_, Vec<(usize, &Node)>> = BTreeMap::new();
        for (other, neighbour) in self.neighbours(at) {
            let named = node.identifiers.is_empty() && !neighbour.identifiers.is_empty();
            if neighbour.partner.is_some() || named {
                let those = by_kind.entry(neighbour.kind).or_default();
                those.push((other, neighbour));
            }
        }
        let (mut out, full) = (Vec::new(), &node.full);
        for those in by_kind.into_values() {
            let is_full = |node: &Node| node.keys.iter().any(|(name, _)| full.contains(name));
            let those = preferred(those, &mut out, is_full);
            let those = preferred(those, &mut out, |node| node.lives);
            let nearest = those
                .iter()
                .filter_map(|(other, there)| {
                    let (here, there) = node.point.zip(there.point)?;
                    Some((here.distance_km(&there), *other))
                })
                .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            if let Some((_, nearest)) = nearest {
                let others = those.iter().map(|(other, _)| *other);
                out.extend(others.filter(|other| *other != nearest));
            }
        }
        out
    }

    /// Nodes without identifiers that are not one, because each of them has a likeliest body of its own:
    /// of two bodies of one name near each other they would make one.
    fn elsewhere(&self, rows: &[usize]) -> Vec<(usize, usize)> {
        let named = |at: usize| {
            self.node(at)
                .is_some_and(|node| node.identifiers.is_empty())
        };
        let bodies = |at: usize| -> BTreeSet<usize> {
            let is_body = |node: &Node| node.partner.is_some() || !node.identifiers.is_empty();
            let those = self.neighbours(at).filter(|(_, node)| is_body(node));
            those.map(|(other, _)| other).collect()
        };
        let of: BTreeMap<usize, BTreeSet<usize>> = rows
            .iter()
            .filter(|at| named(**at))
            .map(|at| (*at, bodies(*at)))
            .filter(|(_, bodies)| !bodies.is_empty())
            .collect();
        of.iter()
            .flat_map(|(at, own)| self.near(*at).map(move |other| (*at, own, other)))
            .filter(|(at, own, other)| {
                at < other && of.get(other).is_some_and(|bodies| bodies.is_disjoint(own))
            })
            .map(|(at, _, other)| (at, other))
            .collect()
    }

    /// Whether a node may be either of two that are told apart, looking at some of its neighbours.
    fn is_torn(&self, at: usize, counts: impl Fn(usize) -> bool) -> bool {
        let those: Vec<&Node> = self
            .neighbours(at)
            .filter(|(other, _)| counts(*other))
            .map(|(_, node)| node)
            .collect();
        each_two(&those).any(|(a, b)| a.differs(b))
    }

    /// Lets go of what may be a partner of the registry as well as others that are told apart from it,
    /// unless its place says that it is that partner.
    fn release(&mut self) {
        for at in self.places(true) {
            let is_placed = |node: &Node| node.point.is_some();
            let placed = self.node(at).is_some_and(is_placed);
            let loose = |other: usize| {
                let is_bound = placed && self.node(other).is_some_and(is_placed);
                !self.torn.contains(&other) && !is_bound
            };
            if self.is_torn(at, loose) {
                let those: Vec<usize> = self.near(at).filter(|other| loose(*other)).collect();
                for other in those {
                    self.part(at, other);
                }
            }
        }
    }

    /// Identity is one: each cluster has at most one partner of the registry.
    fn clusters(&mut self) -> Vec<Cluster> {
        let mut clusters = Vec::new();
        let all = 0..self.nodes.len();
        for those in connected(all, self.torn.clone(), |at| self.near(at).collect()) {
            self.close(those, &mut clusters);
        }
        for at in std::mem::take(&mut self.torn) {
            self.give_up(at);
        }
        clusters.sort_by(|(_, a), (_, b)| a.first().cmp(&b.first()));
        clusters
    }

    /// Makes a cluster of nodes that are one; nodes that a chain of others has brought together
    /// although they are told apart are not.
    fn close(&mut self, those: Vec<usize>, clusters: &mut Vec<Cluster>) {
        let nodes: Vec<&Node> = those.iter().filter_map(|at| self.node(*at)).collect();
        if each_two(&nodes).any(|(a, b)| a.is_another(b)) {
            for at in those {
                self.give_up(at);
            }
            return;
        }
        let mut mentions: Vec<usize> = nodes
            .iter()
            .flat_map(|node| node.mentions.iter().copied())
            .collect();
        mentions.sort_unstable();
        if !mentions.is_empty() {
            let partner = nodes.iter().find_map(|node| node.partner);
            clusters.push((partner, mentions));
        }
    }

    /// Notes for the mentions of a node why nobody can say who they are.
    fn give_up(&mut self, at: usize) {
        let Some(node) = self.node(at) else {
            return;
        };
        let kinds: BTreeSet<_> = self.neighbours(at).map(|(_, node)| node.kind).collect();
        let told = |node: &Node| node.label(self.known, kinds.len() > 1);
        let mut named: Vec<String> = self.neighbours(at).map(|(_, node)| told(node)).collect();
        named.sort_unstable();
        named.dedup();
        if named.len() > MOST_NAMED {
            named.truncate(MOST_NAMED);
            named.push("…".to_owned());
        }
        let hint = if kinds.len() > 1 {
            "its kind, an identifier or coordinates would tell which"
        } else {
            "an identifier or coordinates would tell which"
        };
        let reason = format!("several partners fit: {}; {hint}", named.join(", "));
        let those = node.mentions.clone();
        self.unclear
            .extend(those.into_iter().map(|at| (at, reason.clone())));
    }
}

#[cfg(test)]
mod tests;
