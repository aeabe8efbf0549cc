//! What tells one body from another.

use std::collections::{BTreeMap, BTreeSet};

use super::super::partners::Partners;
use super::Mention;
use crate::core::country::Country;
use crate::core::geo::Point;
use crate::core::identifier::Identifier;
use crate::core::ids::PublicId;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::partner::PartnerKind;
use crate::exchange::links::{End, KindSaid, are_far};

/// What an end says, as a key in an order that depends on nothing else.
pub(super) fn said<'r>(id: Option<&'r PublicId>, end: &'r End) -> impl Ord + use<'r> {
    (
        (&end.identifiers, &end.name, &end.full_name, end.country),
        (end.kind.code(), end.kind_said, end.is_beside),
        end.point.map(bits),
        id.map(PublicId::as_str),
    )
}

fn bits(point: Point) -> (u64, u64) {
    (point.latitude.to_bits(), point.longitude.to_bits())
}

/// What is known of the kind of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::exchange::import) enum Kind {
    /// The registry or a row says so.
    Known(PartnerKind),
    /// It was said for the whole file.
    Usual(PartnerKind),
    /// Nothing.
    Open,
}

impl Kind {
    pub(in crate::exchange::import) fn of(end: &End) -> Self {
        match end.kind_said {
            KindSaid::Row => Self::Known(end.kind),
            KindSaid::File => Self::Usual(end.kind),
            KindSaid::Nobody => Self::Open,
        }
    }

    /// Whether two bodies are two because of their kinds. What was said for a whole file fits any
    /// kind that is known.
    pub(in crate::exchange::import) fn differs(self, other: Self) -> bool {
        match (self, other) {
            (Self::Known(a), Self::Known(b)) | (Self::Usual(a), Self::Usual(b)) => a != b,
            _ => false,
        }
    }
}

/// What keeps mentions without identifiers apart.
pub(super) fn apart(mention: &Mention<'_>) -> impl Ord + use<> {
    (
        mention.key.clone(),
        mention.end.full_key(),
        Kind::of(mention.end),
        mention.end.point.map(bits),
    )
}

/// A body that mentions mean, or a partner of the registry, or both.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) partner: Option<usize>,
    pub(super) lives: bool,
    pub(super) identifiers: BTreeSet<Identifier>,
    pub(super) keys: BTreeSet<(String, Country)>,
    /// The full names that rows give, as they are compared.
    pub(super) full: BTreeSet<String>,
    pub(super) kind: Kind,
    pub(super) point: Option<Point>,
    pub(super) mentions: Vec<usize>,
}

impl Node {
    pub(super) fn of(known: &Partners, partner: Option<usize>, said: &[&Mention<'_>]) -> Self {
        let mut node = Self {
            partner,
            lives: true,
            identifiers: said
                .iter()
                .flat_map(|mention| mention.end.identifiers.iter().cloned())
                .collect(),
            keys: said.iter().flat_map(|mention| mention.keys()).collect(),
            full: said
                .iter()
                .filter_map(|mention| mention.end.full_key())
                .collect(),
            kind: kind(said),
            point: point(said),
            mentions: said.iter().map(|mention| mention.at).collect(),
        };
        if let Some(partner) = partner.and_then(|partner| known.get(partner)) {
            let country = partner.who.partner.country;
            let keys = partner.name_keys().into_iter();
            node.lives = partner.lives();
            node.kind = Kind::Known(partner.who.partner.kind);
            node.point = partner.end.point.or(node.point);
            let own = partner.end.identifiers.iter().cloned();
            node.identifiers.extend(own);
            node.keys.extend(keys.map(|key| (key, country)));
        }
        node
    }

    /// Whether the two are not one, although they share a name.
    pub(super) fn differs(&self, other: &Self) -> bool {
        self.is_another(other) || are_far(self.point, other.point)
    }

    /// [`Self::differs`] wherever they are.
    pub(super) fn is_another(&self, other: &Self) -> bool {
        let have_full = !self.full.is_empty() && !other.full.is_empty();
        (self.partner.is_some() && other.partner.is_some())
            || self.kind.differs(other.kind)
            // Rows call both by full names, and by different ones.
            || (have_full && self.full.is_disjoint(&other.full))
            || contradict(&self.identifiers, &other.identifiers)
    }

    /// How a report names it.
    pub(super) fn label(&self, known: &Partners, with_kind: bool) -> String {
        let partner = self.partner.and_then(|partner| known.get(partner));
        let name = match (partner, self.identifiers.first()) {
            (Some(partner), _) => partner.who.partner.id.to_string(),
            (None, Some(identifier)) => format!("{identifier} of this file"),
            (None, None) if let Some(name) = self.full.first() => format!("{name} of this file"),
            (None, None) => match self.point {
                Some(at) => format!("one at {}, {} of this file", at.latitude, at.longitude),
                None => "one of this file".to_owned(),
            },
        };
        match self.kind {
            Kind::Known(kind) | Kind::Usual(kind) if with_kind => format!("{} {name}", kind.code()),
            _ => name,
        }
    }
}

/// Whether a register has different identifiers for the two, and none that they share.
pub(in crate::exchange::import) fn contradict(
    a: &BTreeSet<Identifier>,
    b: &BTreeSet<Identifier>,
) -> bool {
    a.iter().any(|own| {
        let mut of_scheme = b
            .iter()
            .filter(|other| other.scheme == own.scheme)
            .peekable();
        of_scheme.peek().is_some() && !of_scheme.any(|other| a.contains(other))
    })
}

/// What most mentions say, of equals the least.
pub(super) fn most<T: Ord + Clone>(said: impl Iterator<Item = (T, usize)>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for (value, count) in said {
        *counts.entry(value).or_default() += count;
    }
    let best = counts
        .into_iter()
        .max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
    best.map(|(value, _)| value)
}

/// What most mentions say of something, of equals the least.
pub(super) fn most_say<T: Ord + Clone>(
    said: &[&Mention<'_>],
    what: impl Fn(&End) -> Option<T>,
) -> Option<T> {
    most(
        said.iter()
            .filter_map(|mention| Some((what(mention.end)?, mention.count))),
    )
}

/// The kind that rows give, else the one given for the whole file.
pub(super) fn kind(said: &[&Mention<'_>]) -> Kind {
    let of_sort = |is_of_sort: fn(&Kind) -> bool| {
        most_say(said, |end| Some(Kind::of(end)).filter(is_of_sort))
    };
    of_sort(|kind| matches!(kind, Kind::Known(_)))
        .or_else(|| of_sort(|kind| matches!(kind, Kind::Usual(_))))
        .unwrap_or(Kind::Open)
}

/// Where most mentions put it.
pub(super) fn point(said: &[&Mention<'_>]) -> Option<Point> {
    let (latitude, longitude) = most_say(said, |end| end.point.map(bits))?;
    Point::new(f64::from_bits(latitude), f64::from_bits(longitude)).ok()
}
