//! An agreement among the kinds of records: what it is called, how it is kept, and what shows it.

use super::store::AgreementRow;
use crate::core::vocabulary::record::{Entity, KeyScope};
use crate::records::Record;

/// What partners have agreed, or mean to.
#[derive(Debug)]
pub struct Agreement;

impl Record for Agreement {
    const ENTITY: Entity = Entity::Agreement;
    const NAME: &'static str = "agreement";
    const SCOPE: KeyScope = KeyScope::AgreementsWrite;
    type Row = AgreementRow;
}
