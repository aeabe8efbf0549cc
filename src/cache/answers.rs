//! Whole answers to anonymous reads.

use std::sync::{Arc, PoisonError, RwLock};

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Bytes;
use chrono::NaiveDate;

use super::{Kept, Validator, Weight, weighed};

/// What an answer was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The number of the last public change.
    pub revision: i64,
    /// The day: what is current today may not be tomorrow.
    pub day: NaiveDate,
}

/// An answer, ready to be sent.
#[derive(Debug)]
pub struct Answer {
    /// What it was made from.
    pub stamp: Stamp,
    /// What a caller may hold it by; `None` for one that is always sent as a whole.
    pub validator: Option<Validator>,
    /// Its headers.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Its bytes, packed as its headers say.
    pub body: Bytes,
}

/// Bytes of an answer of usual size.
const USUAL: u64 = 4 * 1024;

/// One answer may take so much of the cache.
const LARGEST_PART: u64 = 32;

impl Weight for Box<str> {
    fn weight(&self) -> u64 {
        weighed(self.len() + 64)
    }
}

impl Weight for Answer {
    fn weight(&self) -> u64 {
        let headers = self.headers.iter();
        let headers: usize = headers
            .map(|(name, value)| 96 + name.as_str().len() + value.len())
            .sum();
        weighed(self.body.len() + headers + 256)
    }
}

/// The answers that are kept.
#[derive(Debug)]
pub struct Answers {
    pub(super) kept: Kept<Box<str>, Answer>,
    /// The last public revision that was read, and how many writes there had been before.
    known: RwLock<Option<(u64, i64)>>,
}

impl Answers {
    pub(super) fn new(megabytes: u32) -> Self {
        Self {
            kept: Kept::new(megabytes, USUAL),
            known: RwLock::default(),
        }
    }

    /// Whether anything is kept.
    pub fn is_on(&self) -> bool {
        self.kept.is_on()
    }

    /// The public revision after so many writes, when it was read already.
    pub fn revision(&self, writes: u64) -> Option<i64> {
        let known = *self.known.read().unwrap_or_else(PoisonError::into_inner);
        known
            .filter(|(at, _)| *at == writes)
            .map(|(_, revision)| revision)
    }

    /// Notes the public revision, read after `writes` was.
    pub fn note_revision(&self, writes: u64, revision: i64) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.is_none_or(|(at, _)| at < writes) {
            *known = Some((writes, revision));
        }
    }

    /// The answer that is kept under this key, if it is still good.
    pub fn get(&self, key: &str, stamp: Stamp) -> Option<Arc<Answer>> {
        let good = self.at_once(key, stamp);
        self.kept.uses.count(good.is_some());
        good
    }

    /// [`Self::get`] for whoever asks again where there is none, or gives none: it is not counted.
    pub fn at_once(&self, key: &str, stamp: Stamp) -> Option<Arc<Answer>> {
        let kept = self.kept.cache.as_ref()?.get(key);
        kept.filter(|answer| answer.stamp == stamp)
    }

    /// Counts an answer of [`Self::at_once`] that was given.
    pub fn count_use(&self) {
        self.kept.uses.count(true);
    }

    /// Keeps an answer, unless it is too large.
    pub fn keep(&self, key: Box<str>, answer: Answer) {
        let cache = self.kept.cache.as_ref();
        let most = cache.map(|cache| cache.capacity() / LARGEST_PART);
        if most.is_some_and(|most| answer.weight() <= most) {
            self.kept.keep(key, answer);
        }
    }
}
