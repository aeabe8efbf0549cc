//! What of a change is told.

use strum::{EnumCount, EnumString, IntoStaticStr};

use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{ChangeOp, Entity};

/// What happened to a record, as far as mails tell it. Of several the last in this order is told.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr, EnumString, EnumCount,
)]
#[strum(serialize_all = "snake_case")]
pub(super) enum What {
    /// A source speaks of it, or speaks of it otherwise.
    Sources,
    /// A paper came, went or changed.
    Papers,
    /// Whom to write to changed.
    Contacts,
    /// What it says changed.
    Changed,
    /// A step of its life was recorded.
    Step,
    /// A withdrawal was undone.
    Restored,
    /// It is new.
    New,
    /// It was merged into another.
    Merged,
    /// It was withdrawn.
    Withdrawn,
}

impl What {
    /// What a change of a record itself is told as; nothing for what nobody needs to be told.
    pub(super) fn of(op: ChangeOp) -> Option<Self> {
        match op {
            ChangeOp::Created | ChangeOp::Published => Some(Self::New),
            ChangeOp::Updated => Some(Self::Changed),
            ChangeOp::Event => Some(Self::Step),
            ChangeOp::Merged => Some(Self::Merged),
            ChangeOp::Withdrawn => Some(Self::Withdrawn),
            ChangeOp::Restored => Some(Self::Restored),
            // What follows from other changes is told with those, and what was taken out is not pointed at.
            ChangeOp::Refreshed | ChangeOp::Redacted | ChangeOp::Hidden => None,
        }
    }

    /// As it is kept, and at the end of the messages' keys.
    pub(super) fn code(self) -> &'static str {
        self.into()
    }
}

/// A change that somebody may have to be told.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub seq: i64,
    pub entity: Entity,
    pub record: PublicId,
    pub what: What,
}
