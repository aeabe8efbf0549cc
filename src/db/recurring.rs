//! Which of the statements of lists, put together at run time, come again and are worth staying prepared: to prepare
//! that of a page takes the embedded engine longer than to carry it out.
//!
//! Diesel forgets nothing that it keeps prepared, and callers can ask for as many texts as there are ways to put
//! filters together. So a text has to come twice within a while, and only so many stay.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// Texts that stay prepared within [`WHILE`], in each connection that reads: a page's takes some ten kilobytes.
const MOST: usize = 128;

/// Bytes of a text that may stay.
const LONGEST: usize = 4096;

/// Texts that may have come once.
const ONCE: u64 = 1024;

/// After so long the connections of the pool are opened anew, with nothing prepared, and others may stay.
const WHILE: Duration = Duration::from_mins(30);

static TEXTS: LazyLock<Recurring> = LazyLock::new(Recurring::new);

/// Whether the text of these pieces has come before, as far as is known, and may stay.
pub(super) fn comes_again<'t>(text: impl Iterator<Item = &'t str>) -> bool {
    TEXTS.comes_again(text, Instant::now())
}

/// Texts by what they hash to.
struct Recurring {
    /// Each in a place that it shares with others: the last that came.
    once: Vec<AtomicU64>,
    again: RwLock<Again>,
}

struct Again {
    texts: HashSet<u64>,
    since: Instant,
}

impl Again {
    fn is_full(&self, now: Instant) -> bool {
        self.texts.len() >= MOST && now.duration_since(self.since) < WHILE
    }
}

impl Recurring {
    fn new() -> Self {
        Self {
            once: (0..ONCE).map(|_| AtomicU64::new(0)).collect(),
            again: RwLock::new(Again {
                texts: HashSet::new(),
                since: Instant::now(),
            }),
        }
    }

    fn comes_again<'t>(&self, text: impl Iterator<Item = &'t str>, now: Instant) -> bool {
        let (mut hasher, mut length) = (DefaultHasher::new(), 0);
        for piece in text {
            piece.hash(&mut hasher);
            length += piece.len();
        }
        let text = hasher.finish();
        let again = self.again.read().unwrap_or_else(PoisonError::into_inner);
        if again.texts.contains(&text) {
            return true;
        }
        if length > LONGEST || again.is_full(now) {
            return false;
        }
        drop(again);
        let place = usize::try_from(text % ONCE).ok();
        let Some(place) = place.and_then(|place| self.once.get(place)) else {
            return false;
        };
        if place.swap(text, Ordering::Relaxed) != text {
            return false;
        }
        place.store(0, Ordering::Relaxed);
        self.keep(text, now)
    }

    /// Whether there is a place among those that stay.
    fn keep(&self, text: u64, now: Instant) -> bool {
        let mut again = self.again.write().unwrap_or_else(PoisonError::into_inner);
        if again.is_full(now) {
            return false;
        }
        if again.texts.len() >= MOST {
            again.texts.clear();
            again.since = now;
        }
        again.texts.insert(text);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_when_it_comes_again_and_only_so_many_do() {
        let (texts, now) = (Recurring::new(), Instant::now());
        let comes = |text: &str, now| texts.comes_again([text, " = "].into_iter(), now);
        assert!(!comes("a", now), "it has come once");
        assert!(comes("a", now) && comes("a", now));
        for text in 0..2 * MOST {
            comes(&text.to_string(), now);
            comes(&text.to_string(), now);
        }
        assert!(!comes("b", now) && !comes("b", now), "there is no place");
        assert!(comes("a", now), "what stays is not displaced");
        let long = "x".repeat(LONGEST);
        let later = now + WHILE;
        assert!(
            !comes(&long, later) && !comes(&long, later),
            "it is too long"
        );
        assert!(!comes("c", later) && comes("c", later));
        assert!(!comes("a", later), "with the connections it was forgotten");
    }
}
