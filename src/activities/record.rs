//! An activity among the kinds of records: what it is called, how it is kept, and what shows it.

use super::store::ActivityRow;
use crate::core::vocabulary::record::{Entity, KeyScope};
use crate::records::Record;

/// Something partners do together.
#[derive(Debug)]
pub struct Activity;

impl Record for Activity {
    const ENTITY: Entity = Entity::Activity;
    const NAME: &'static str = "activity";
    const SCOPE: KeyScope = KeyScope::ActivitiesWrite;
    type Row = ActivityRow;
}
