//! The JSON of single records, as lists and items show them to everybody.

use actix_web::web::Bytes;
use chrono::NaiveDate;

use super::{Kept, Validator, Weight, weighed};
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
pub(super) const USUAL: u64 = 2 * 1024;

impl Weight for FragmentKey {
    fn weight(&self) -> u64 {
        weighed(size_of::<Self>())
    }
}

impl Weight for Fragment {
    fn weight(&self) -> u64 {
        let order = self.order.iter();
        let order: usize = order.map(|(_, up, down)| 64 + up.len() + down.len()).sum();
        weighed(self.json.len() + order + 256)
    }
}

/// The records that are kept.
pub type Fragments = Kept<FragmentKey, Fragment>;
