//! The JSON of single records, as lists and items show them to everybody.

use std::sync::Arc;

use actix_web::web::Bytes;
use chrono::NaiveDate;
use quick_cache::sync::Cache;

use super::{InBytes, Uses, Validator, Weight, sized, weighed};
use crate::core::ids::{Kind, PublicId};

/// Where a record is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// In a list.
    Listed,
    /// By itself.
    Item,
}

/// What a fragment is good for. Nothing that is shown of a record changes without its version or its
/// revision, but for what follows from the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FragmentKey {
    /// The kind of record.
    pub kind: Kind,
    /// Its internal key.
    pub id: i64,
    /// Its version.
    pub version: i32,
    /// The revision at which what it shows last changed.
    pub rev: i64,
    /// Where it is shown.
    pub form: Form,
    /// The day.
    pub day: NaiveDate,
}

/// A record, ready to be sent.
#[derive(Debug)]
pub struct Fragment {
    /// Its public id.
    pub record: PublicId,
    /// What the item is held by.
    pub validator: Validator,
    /// What lists can sort it by: for each key its values when ascending and when descending.
    pub order: Vec<(&'static str, String, String)>,
    /// Its JSON.
    pub json: Bytes,
}

/// Bytes of a fragment of usual size.
const USUAL: u64 = 2 * 1024;

impl Weight for FragmentKey {
    fn weight(&self) -> u64 {
        weighed(size_of::<Self>())
    }
}

impl Weight for Arc<Fragment> {
    fn weight(&self) -> u64 {
        let order = self.order.iter();
        let order: usize = order.map(|(_, up, down)| 64 + up.len() + down.len()).sum();
        weighed(self.json.len() + order + 256)
    }
}

/// The records that are kept.
#[derive(Debug)]
pub struct Fragments {
    cache: Option<Cache<FragmentKey, Arc<Fragment>, InBytes>>,
    pub(super) uses: Uses,
}

impl Fragments {
    pub(super) fn new(megabytes: u32) -> Self {
        Self {
            cache: sized(megabytes, USUAL),
            uses: Uses::default(),
        }
    }

    /// Whether anything is kept.
    pub fn is_on(&self) -> bool {
        self.cache.is_some()
    }

    /// The record, when it is kept.
    pub fn get(&self, key: &FragmentKey) -> Option<Arc<Fragment>> {
        let kept = self.cache.as_ref()?.get(key);
        self.uses.count(kept.is_some());
        kept
    }

    /// Keeps a record; what is kept.
    pub fn keep(&self, key: FragmentKey, fragment: Fragment) -> Arc<Fragment> {
        let fragment = Arc::new(fragment);
        if let Some(cache) = &self.cache {
            cache.insert(key, Arc::clone(&fragment));
        }
        fragment
    }

    pub(super) fn clear(&self) {
        if let Some(cache) = &self.cache {
            cache.clear();
        }
    }
}
