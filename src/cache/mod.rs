//! What is kept of answers in memory, so that the same need not be made twice.
//!
//! Two caches, each bounded by bytes: whole answers to anonymous reads ([`Answers`]), good for as long
//! as nothing public was written and the day is the same; and the JSON of single records
//! ([`Fragments`]), good for ever, since their keys hold the version and the revision of what they
//! show. Only what everybody may see is kept.

mod answers;
mod fragments;
mod validator;

use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::Weighter;
use quick_cache::sync::Cache;

pub use answers::{Answer, Answers, Stamp};
pub use fragments::{Form, Fragment, FragmentKey, Fragments};
pub use validator::Validator;

/// Bytes of a megabyte, as sizes are set.
const MEGABYTE: u64 = 1024 * 1024;

/// As a weight.
fn weighed(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// Something that takes memory.
pub trait Weight {
    /// About how many bytes it takes, with what keeps it.
    fn weight(&self) -> u64;
}

#[derive(Debug, Clone, Copy)]
struct InBytes;

impl<K: Weight, V: Weight> Weighter<K, Arc<V>> for InBytes {
    fn weight(&self, key: &K, value: &Arc<V>) -> u64 {
        key.weight() + value.weight()
    }
}

/// What is kept by its keys, bounded by bytes, if anything is.
#[derive(Debug)]
pub struct Kept<K, V> {
    cache: Option<Cache<K, Arc<V>, InBytes>>,
    uses: Uses,
}

impl<K: Weight + Eq + Hash, V: Weight> Kept<K, V> {
    /// So many megabytes, for entries of about this many bytes; 0 keeps nothing.
    fn new(megabytes: u32, entry: u64) -> Self {
        let bytes = u64::from(megabytes) * MEGABYTE;
        let entries = usize::try_from(bytes / entry).unwrap_or(usize::MAX);
        Self {
            cache: (bytes > 0).then(|| Cache::with_weighter(entries, bytes, InBytes)),
            uses: Uses::default(),
        }
    }

    /// Whether anything is kept.
    pub fn is_on(&self) -> bool {
        self.cache.is_some()
    }

    /// What is kept under this key.
    pub fn get(&self, key: &K) -> Option<Arc<V>> {
        let kept = self.cache.as_ref()?.get(key);
        self.uses.count(kept.is_some());
        kept
    }

    /// Keeps it; what is kept.
    pub fn keep(&self, key: K, value: V) -> Arc<V> {
        let value = Arc::new(value);
        if let Some(cache) = &self.cache {
            cache.insert(key, Arc::clone(&value));
        }
        value
    }

    fn clear(&self) {
        if let Some(cache) = &self.cache {
            cache.clear();
        }
    }
}

/// What a process keeps.
#[derive(Debug)]
pub struct Caches {
    /// Whole answers.
    pub answers: Answers,
    /// Single records.
    pub fragments: Fragments,
}

impl Caches {
    /// Caches of so many megabytes; 0 keeps nothing.
    pub fn new(answers: u32, fragments: u32) -> Self {
        Self {
            answers: Answers::new(answers),
            fragments: Fragments::new(fragments, fragments::USUAL),
        }
    }

    /// Forgets everything at once: after a redaction, nothing of what was redacted stays in memory.
    pub fn clear(&self) {
        self.answers.kept.clear();
        self.fragments.clear();
    }

    /// Writes into the log how often something kept could be used since the last time.
    pub fn log(&self) {
        for (cache, (hits, misses)) in [
            ("answers", self.answers.kept.uses.take()),
            ("fragments", self.fragments.uses.take()),
        ] {
            if hits + misses > 0 {
                tracing::info!(cache, hits, misses, "uses of what is kept in memory");
            }
        }
    }
}

/// How often something was there, and was not.
#[derive(Debug, Default)]
struct Uses {
    hits: AtomicU64,
    misses: AtomicU64,
}

impl Uses {
    fn count(&self, hit: bool) {
        let counter = if hit { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    fn take(&self) -> (u64, u64) {
        let take = |counter: &AtomicU64| counter.swap(0, Ordering::Relaxed);
        (take(&self.hits), take(&self.misses))
    }
}
