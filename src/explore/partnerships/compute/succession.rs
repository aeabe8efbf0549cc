//! Which papers belong to the tie of two partners.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Lines, Paper, Papers};

/// Which agreements an agreement took the place of.
pub type Links = BTreeMap<i64, Vec<i64>>;

/// Two partners, or those whose places in an older paper they took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair([i64; 2]);

impl Pair {
    /// These two.
    pub fn new(me: i64, other: i64) -> Self {
        Self([me, other])
    }

    /// One of the two: 0 is the partner that was asked about, any other number its counterpart.
    pub(super) fn side(self, side: usize) -> i64 {
        let Self([me, other]) = self;
        if side == 0 { me } else { other }
    }

    fn are_parties(self, paper: &Paper) -> bool {
        self.0.iter().all(|seat| paper.parties.contains_key(seat))
    }

    /// Those whose places the two took when `newer` replaced `older`.
    ///
    /// They are known when all that changed is that one of the two stands where another stood. When both are
    /// others, or further parties came or went, nobody can tell who followed whom.
    fn inherited(self, newer: &Paper, older: &Paper) -> Option<Self> {
        let before: BTreeSet<i64> = older.parties.keys().copied().collect();
        let after: BTreeSet<i64> = newer.parties.keys().copied().collect();
        let missing = &BTreeSet::from(self.0) - &before;
        let came = &after - &before;
        let gone: Vec<i64> = before.difference(&after).copied().collect();
        if missing.len() > 1 || missing != came || gone.len() != came.len() {
            return None;
        }
        let mut gone = gone.into_iter();
        let mut seat = |seat: i64| {
            if missing.contains(&seat) {
                gone.next()
            } else {
                Some(seat)
            }
        };
        let Self([me, other]) = self;
        Some(Self([seat(me)?, seat(other)?]))
    }
}

/// A paper that belongs to the tie of two partners.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// The paper.
    pub(super) key: i64,
    /// The two whose tie it was then.
    pub(super) seats: Pair,
    /// Whether it is one of bodies that the two came out of, or in whose place they came, and not in force for them.
    pub(super) predecessors: bool,
}

/// The papers both are party to, those these took the place of, and those of the bodies they came out
/// of, each with the two whose tie it was then.
pub(super) fn chain(pair: Pair, papers: &Papers, links: &Links, lines: &Lines) -> Vec<Found> {
    let shared = |pair: Pair, predecessors: bool| {
        papers
            .iter()
            .filter(move |(_, paper)| pair.are_parties(paper))
            .map(move |(key, _)| Found {
                key: *key,
                seats: pair,
                predecessors,
            })
    };
    let mut seen: BTreeSet<i64> = BTreeSet::new();
    let mut all = follow(shared(pair, false).collect(), papers, links, &mut seen);
    if !all.is_empty() {
        let [me, other] = pair.0.map(|seat| line(seat, lines));
        let before = me
            .iter()
            .flat_map(|me| other.iter().map(move |other| Pair::new(*me, *other)))
            .filter(|before| *before != pair && before.side(0) != before.side(1));
        let inherited = before.flat_map(|before| shared(before, true)).collect();
        all.extend(follow(inherited, papers, links, &mut seen));
    }
    all
}

/// A partner and all it came out of.
fn line(partner: i64, lines: &Lines) -> Vec<i64> {
    let mut all = vec![partner];
    let mut open = vec![partner];
    while let Some(at) = open.pop() {
        for before in lines.get(&at).into_iter().flatten() {
            if !all.contains(before) {
                all.push(*before);
                open.push(*before);
            }
        }
    }
    all
}

/// These papers and those they took the place of, each once: none that was `seen`.
fn follow(
    mut waiting: VecDeque<Found>,
    papers: &Papers,
    links: &Links,
    seen: &mut BTreeSet<i64>,
) -> Vec<Found> {
    let mut all = Vec::new();
    waiting.retain(|found| seen.insert(found.key));
    while let Some(found) = waiting.pop_front() {
        all.push(found);
        for older in links.get(&found.key).into_iter().flatten() {
            let (Some(after), Some(before)) = (papers.get(&found.key), papers.get(older)) else {
                continue;
            };
            if !seen.contains(older)
                && let Some(seats) = found.seats.inherited(after, before)
            {
                seen.insert(*older);
                waiting.push_back(Found {
                    key: *older,
                    seats,
                    predecessors: found.predecessors || seats != found.seats,
                });
            }
        }
    }
    all
}
