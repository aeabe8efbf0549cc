//! Which of the statements that are put together at run time come again, and are worth staying prepared: to prepare
//! that of a page takes the embedded engine longer than to carry it out.
//!
//! Diesel forgets nothing that it keeps prepared, and callers can ask for as many texts as there are ways to put
//! filters together. So a text has to come twice within a while, and only so many stay.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// Texts that stay prepared, in each connection: some ten kilobytes each.
const MOST: usize = 256;

/// Texts that may have come once.
const ONCE: usize = 1024;

/// After so long every connection has been opened anew, with nothing prepared.
const AGE_OF_CONNECTIONS: Duration = Duration::from_mins(30);

static TEXTS: LazyLock<Recurring> = LazyLock::new(Recurring::new);

/// Whether the text of these pieces has come before, as far as is known.
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
        let mut hasher = DefaultHasher::new();
        text.for_each(|piece| piece.hash(&mut hasher));
        let text = hasher.finish();
        let again = self.again.read().unwrap_or_else(PoisonError::into_inner);
        if again.texts.contains(&text) {
            return true;
        }
        drop(again);
        let place = self.once.get((text % ONCE as u64) as usize);
        place.is_some_and(|place| place.swap(text, Ordering::Relaxed) == text)
            && self.keep(text, now)
    }

    /// Whether there is a place among those that stay.
    fn keep(&self, text: u64, now: Instant) -> bool {
        let mut again = self.again.write().unwrap_or_else(PoisonError::into_inner);
        if again.texts.len() >= MOST && now.duration_since(again.since) >= AGE_OF_CONNECTIONS {
            again.texts.clear();
            again.since = now;
        }
        let is_free = again.texts.len() < MOST;
        if is_free {
            again.texts.insert(text);
        }
        is_free
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
        let later = now + AGE_OF_CONNECTIONS;
        assert!(!comes("c", later) && comes("c", later));
        assert!(!comes("a", later), "with the connections it was forgotten");
    }
}
