//! A membership among the kinds of records: what it is called, how it is kept, and what shows it.

use super::store::MembershipRow;
use crate::record;

record! {
    /// A partner's membership of a network.
    Membership: "membership", MembershipsWrite => MembershipRow
}
