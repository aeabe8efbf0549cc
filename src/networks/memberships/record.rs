//! A membership among the kinds of records: what it is called, how it is kept, and what shows it.

use super::store::MembershipRow;
use crate::core::vocabulary::record::{Entity, KeyScope};
use crate::records::Record;

/// A partner's membership of a network.
#[derive(Debug)]
pub struct Membership;

impl Record for Membership {
    const ENTITY: Entity = Entity::Membership;
    const NAME: &'static str = "membership";
    const SCOPE: KeyScope = KeyScope::MembershipsWrite;
    type Row = MembershipRow;
}
