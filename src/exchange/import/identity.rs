//! Identity the ends of all rows of a file are.
//!
//! The file is looked at as a whole, so that the order of its rows makes no difference. Ends that say
//! the same are one **mention**. Mentions that share an identifier, and partners of the registry that
//! carry it, are one **node**; the others are nodes by themselves. Nodes of one name and country that
//! nothing tells apart (an identifier of one register, the kind, the place) may be one partner, and
//! are, unless a node may as well be one of several that are told apart: then nobody knows which.

mod entity;
mod groups;
mod node;

use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(super) use entity::Entity;
use groups::Group;
use node::Node;
pub(super) use node::{Kind, contradict};

use super::partners::Partners;
use crate::core::country::Country;
use crate::core::ids::PublicId;
use crate::core::name;
use crate::exchange::links::{End, LinkRow};

/// Most candidates that a report names.
const MOST_NAMED: usize = 6;

/// Identity an end of a row is.
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
    let mut who: Vec<Option<Identity>> = vec![None; mentions.len()];
    let mut entities = Vec::new();
    for cluster in clusters {
        let those: Vec<&Mention<'_>> = cluster
            .mentions
            .iter()
            .filter_map(|at| mentions.get(*at))
            .collect();
        for at in &cluster.mentions {
            if let Some(slot) = who.get_mut(*at) {
                *slot = Some(Identity::Entity(entities.len()));
            }
        }
        entities.push(Entity::of(known, cluster.partner, &those));
    }
    tell_namesakes_apart(&mut entities);
    for (at, reason) in graph.unclear {
        if let Some(slot) = who.get_mut(at) {
            *slot = Some(Identity::Unclear(reason));
        }
    }
    let of_end = |at: usize| {
        let nobody = || Identity::Unclear("nothing says who this is".to_owned());
        who.get(at).cloned().flatten().unwrap_or_else(nobody)
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
    let mut found: BTreeMap<node::NodeKey<'_>, Vec<usize>> = BTreeMap::new();
    let ends = rows.iter().flat_map(|row| {
        let [a, b] = row.end_ids.each_ref().map(Option::as_ref);
        [(a, &row.a), (b, &row.b)]
    });
    for (place, (id, end)) in ends.enumerate() {
        found
            .entry(node::NodeKey::of(id, end))
            .or_default()
            .push(place);
    }
    let mut of_end = vec![0; rows.len() * 2];
    let mut all = Vec::with_capacity(found.len());
    for (said, places) in found {
        for place in &places {
            if let Some(slot) = of_end.get_mut(*place) {
                *slot = all.len();
            }
        }
        let key = said.end.name.as_deref().map(name::key);
        all.push(Mention {
            end: said.end,
            id: said.id,
            count: places.len(),
            key: key.zip(said.end.country),
        });
    }
    let pairs = of_end.chunks_exact(2).filter_map(|pair| match pair {
        [a, b] => Some([*a, *b]),
        _ => None,
    });
    (all, pairs.collect())
}

/// A partner of the registry, or a new one, and the mentions that mean it.
struct Cluster {
    partner: Option<usize>,
    mentions: Vec<usize>,
}

/// Nodes, and which of them may be one partner.
struct Graph<'k> {
    known: &'k Partners,
    nodes: Vec<Node>,
    near: Vec<BTreeSet<usize>>,
    /// Nodes that may be several others.
    torn: BTreeSet<usize>,
    /// Mentions of which nobody can say who they are.
    unclear: Vec<(usize, String)>,
}

impl<'k> Graph<'k> {
    fn new(known: &'k Partners, mentions: &[Mention<'_>]) -> Self {
        let (groups, bad) = groups::groups(known, mentions);
        let mut all: BTreeMap<(Group, Option<node::Apart>), Vec<usize>> = BTreeMap::new();
        for (at, group) in groups {
            let apart = match group {
                Group::Named => mentions.get(at).map(node::Apart::of),
                Group::Partner(_) | Group::Identified(_) => None,
            };
            all.entry((group, apart)).or_default().push(at);
        }
        let mut nodes: Vec<Node> = Vec::with_capacity(all.len());
        let mut of_partners: HashMap<usize, usize> = HashMap::new();
        for ((group, _), those) in all {
            let partner = match group {
                Group::Partner(partner) => Some(partner),
                Group::Identified(_) | Group::Named => None,
            };
            of_partners.extend(partner.map(|partner| (partner, nodes.len())));
            nodes.push(Node::of(known, partner, those, mentions));
        }
        let keys: BTreeSet<&(String, Country)> = nodes.iter().flat_map(|node| &node.keys).collect();
        let namesakes: BTreeSet<usize> = keys
            .into_iter()
            .flat_map(|key| known.with_name(key))
            .copied()
            .filter(|partner| !of_partners.contains_key(partner))
            .collect();
        for partner in namesakes {
            nodes.push(Node::of(known, Some(partner), Vec::new(), mentions));
        }
        let near = vec![BTreeSet::new(); nodes.len()];
        Self {
            known,
            nodes,
            near,
            torn: BTreeSet::new(),
            unclear: bad,
        }
    }

    fn node(&self, at: usize) -> Option<&Node> {
        self.nodes.get(at)
    }

    fn neighbours(&self, at: usize) -> impl Iterator<Item = (usize, &Node)> {
        let near = self.near.get(at).into_iter().flatten();
        near.filter_map(|other| self.node(*other).map(|node| (*other, node)))
    }

    fn part(&mut self, a: usize, b: usize) {
        for (one, other) in [(a, b), (b, a)] {
            if let Some(near) = self.near.get_mut(one) {
                near.remove(&other);
            }
        }
    }

    /// Finds which nodes may be one partner, and those of which nobody can say which they are.
    fn connect(&mut self) {
        let mut buckets: HashMap<&(String, Country), Vec<usize>> = HashMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            for key in &node.keys {
                buckets.entry(key).or_default().push(at);
            }
        }
        for those in buckets.into_values().filter(|those| those.len() > 1) {
            for (nth, a) in those.iter().enumerate() {
                for b in those.iter().skip(nth + 1) {
                    let pair = self.nodes.get(*a).zip(self.nodes.get(*b));
                    if pair.is_some_and(|(a, b)| !a.differs(b)) {
                        for (one, other) in [(a, b), (b, a)] {
                            if let Some(near) = self.near.get_mut(*one) {
                                near.insert(*other);
                            }
                        }
                    }
                }
            }
        }
        let rows: Vec<usize> = (0..self.nodes.len())
            .filter(|at| self.node(*at).is_some_and(|node| node.partner.is_none()))
            .collect();
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
            let some_full = those.iter().any(|(_, node)| is_full(node));
            let (those, short): (Vec<_>, Vec<_>) = those
                .into_iter()
                .partition(|(_, node)| is_full(node) || !some_full);
            out.extend(short.into_iter().map(|(other, _)| other));
            let some_live = those.iter().any(|(_, node)| node.lives);
            let (those, gone): (Vec<_>, Vec<_>) = those
                .into_iter()
                .partition(|(_, node)| node.lives || !some_live);
            out.extend(gone.into_iter().map(|(other, _)| other));
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
        let near = |at: &usize| self.near.get(*at).into_iter().flatten().copied();
        of.iter()
            .flat_map(|(at, own)| near(at).map(move |other| (*at, own, other)))
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
        those.iter().enumerate().any(|(nth, a)| {
            let mut others = those.iter().skip(nth + 1);
            others.any(|b| a.differs(b))
        })
    }

    /// Lets go of what may be a partner of the registry as well as others that are told apart from it,
    /// unless its place says that it is that partner.
    fn release(&mut self) {
        let partners: Vec<usize> = (0..self.nodes.len())
            .filter(|at| self.node(*at).is_some_and(|node| node.partner.is_some()))
            .collect();
        for at in partners {
            let is_placed = |node: &Node| node.point.is_some();
            let placed = self.node(at).is_some_and(is_placed);
            let loose = |other: usize| {
                let is_bound = placed && self.node(other).is_some_and(is_placed);
                !self.torn.contains(&other) && !is_bound
            };
            if self.is_torn(at, loose) {
                let near = self.near.get(at).into_iter().flatten().copied();
                let those: Vec<usize> = near.filter(|other| loose(*other)).collect();
                for other in those {
                    self.part(at, other);
                }
            }
        }
    }

    /// Identity is one: each cluster has at most one partner of the registry.
    fn clusters(&mut self) -> Vec<Cluster> {
        let mut seen = vec![false; self.nodes.len()];
        let mut clusters = Vec::new();
        for start in 0..self.nodes.len() {
            if self.torn.contains(&start) || seen.get(start).is_none_or(|seen| *seen) {
                continue;
            }
            let mut those = Vec::new();
            let mut ahead = vec![start];
            while let Some(at) = ahead.pop() {
                match seen.get_mut(at) {
                    Some(seen) if !*seen => *seen = true,
                    _ => continue,
                }
                those.push(at);
                let near = self.near.get(at).into_iter().flatten().copied();
                ahead.extend(near.filter(|other| !self.torn.contains(other)));
            }
            self.close(those, &mut clusters);
        }
        for at in std::mem::take(&mut self.torn) {
            self.give_up(at);
        }
        clusters.sort_by(|a, b| a.mentions.first().cmp(&b.mentions.first()));
        clusters
    }

    /// Makes a cluster of nodes that are one; nodes that a chain of others has brought together
    /// although they are told apart are not.
    fn close(&mut self, those: Vec<usize>, clusters: &mut Vec<Cluster>) {
        let nodes: Vec<&Node> = those.iter().filter_map(|at| self.node(*at)).collect();
        let clash = nodes.iter().enumerate().any(|(nth, a)| {
            let mut others = nodes.iter().skip(nth + 1);
            others.any(|b| a.is_another(b))
        });
        if clash {
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
            clusters.push(Cluster { partner, mentions });
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
