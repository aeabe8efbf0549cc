//! Which papers belong to the tie of two partners.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Paper, Papers};

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
    /// They are known when all that changed is that the two, or one of them, stand where others
    /// stood. When further parties came or went, nobody can tell who followed whom.
    fn inherited(self, newer: &Paper, older: &Paper) -> Option<Self> {
        let before: BTreeSet<i64> = older.parties.keys().copied().collect();
        let after: BTreeSet<i64> = newer.parties.keys().copied().collect();
        let missing: BTreeSet<i64> = self
            .0
            .iter()
            .copied()
            .filter(|seat| !before.contains(seat))
            .collect();
        let came: BTreeSet<i64> = after.difference(&before).copied().collect();
        let gone: Vec<i64> = before.difference(&after).copied().collect();
        if missing != came || gone.len() != came.len() {
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

/// The papers both are party to, and those these took the place of, each with the two whose tie it
/// was then.
pub(super) fn chain(pair: Pair, papers: &Papers, links: &Links) -> Vec<(i64, Pair)> {
    let mut waiting: VecDeque<(i64, Pair)> = papers
        .iter()
        .filter(|(_, paper)| pair.are_parties(paper))
        .map(|(key, _)| (*key, pair))
        .collect();
    let mut seen: BTreeSet<i64> = waiting.iter().map(|(key, _)| *key).collect();
    let mut all = Vec::new();
    while let Some((key, seats)) = waiting.pop_front() {
        all.push((key, seats));
        for older in links.get(&key).into_iter().flatten() {
            let (Some(after), Some(before)) = (papers.get(&key), papers.get(older)) else {
                continue;
            };
            if !seen.contains(older)
                && let Some(seats) = seats.inherited(after, before)
            {
                seen.insert(*older);
                waiting.push_back((*older, seats));
            }
        }
    }
    all
}
