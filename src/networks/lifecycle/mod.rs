//! What may happen to a membership in a network, from which status, and where it leads.
//!
//! [`RULES`] is the whole lifecycle: to change what is possible, change a line of it. The machine
//! that reads the table is [`crate::core::state_machine`].

pub mod story;
#[cfg(test)]
mod tests;

use strum::VariantArray as _;

use crate::core::{
    state_machine::{self, Machine, Rule, To},
    vocabulary::lifecycle::{MembershipAction, MembershipStatus},
};
use crate::lifecycle::needs::{Need, Needs};
use MembershipAction as Do;
use MembershipStatus as Is;

/// The class of membership that makes an observer of whoever is admitted to it.
pub const OBSERVER_CLASS: &str = "observer";

/// Any status.
const ANY: &[MembershipStatus] = MembershipStatus::VARIANTS;

/// It is asked for or held.
const LIVE: &[MembershipStatus] = &[
    Is::Applied,
    Is::ConsentPending,
    Is::Member,
    Is::Observer,
    Is::Suspended,
];

/// It is asked for.
const ASKED: &[MembershipStatus] = &[Is::Applied, Is::ConsentPending];

/// It is held; as what, the class says, see [`story`].
const HELD: &[MembershipStatus] = &[Is::Member, Is::Observer];

/// The lifecycle of a membership.
#[rustfmt::skip]
pub const RULES: &[Rule<MembershipAction, MembershipStatus>] = &[
    //        action           from                                             to
    Rule::new(Do::Register,    &[],                                             To::Given(ANY)),
    Rule::new(Do::Apply,       &[],                                             To::Fixed(Is::Applied)),
    Rule::new(Do::Resolve,     &[Is::Applied],                                  To::Fixed(Is::ConsentPending)),
    Rule::new(Do::Admit,       &[Is::Applied, Is::ConsentPending, Is::Observer], To::Given(HELD)),
    Rule::new(Do::Refuse,      ASKED,                                           To::Fixed(Is::Ended)),
    Rule::new(Do::Suspend,     HELD,                                            To::Fixed(Is::Suspended)),
    Rule::new(Do::Resume,      &[Is::Suspended],                                To::Given(HELD)),
    Rule::new(Do::ChangeClass, HELD,                                            To::Given(HELD)),
    Rule::new(Do::ChangeClass, &[Is::Suspended],                                To::Same),
    Rule::new(Do::Withdraw,    LIVE,                                            To::Fixed(Is::Withdrawn)),
    Rule::new(Do::Exclude,     LIVE,                                            To::Fixed(Is::Excluded)),
    Rule::new(Do::Lapse,       LIVE,                                            To::Fixed(Is::Lapsed)),
    Rule::new(Do::End,         LIVE,                                            To::Fixed(Is::Ended)),
    Rule::new(Do::Note,        ANY,                                             To::Same),
    Rule::new(Do::Correct,     ANY,                                             To::Given(ANY)),
];

/// The machine that runs [`RULES`]; nothing about a membership is recorded before its day.
pub const MACHINE: Machine<MembershipAction, MembershipStatus> = Machine {
    rules: RULES,
    correct: Do::Correct,
    note: Do::Note,
    beginnings: &[Do::Register, Do::Apply, Do::Resolve, Do::Admit],
    may_be_pending: &[],
};

/// What may be done with a membership in this status.
pub fn allowed(status: MembershipStatus) -> Vec<MembershipAction> {
    state_machine::allowed(&MACHINE, status)
}

/// The status of a membership that is held in this class.
fn held_as(class: Option<&str>) -> MembershipStatus {
    match class {
        Some(OBSERVER_CLASS) => Is::Observer,
        _ => Is::Member,
    }
}

/// The status a membership is entered with: what its dates say, else what is stated. None when
/// nothing says it, and then `initial_status` is required.
pub fn initial_status(
    admitted: bool,
    applied: bool,
    class: Option<&str>,
    stated: Option<MembershipStatus>,
) -> Option<MembershipStatus> {
    match (admitted, applied) {
        (true, _) => Some(held_as(class)),
        (false, true) => Some(Is::Applied),
        (false, false) => stated,
    }
}

/// What each action needs besides `effective_on`; an action that isn't listed needs nothing.
#[rustfmt::skip]
pub const NEEDS: Needs<MembershipAction> = &[
    (Do::Refuse,      &[Need::ReasonCode]),
    (Do::Suspend,     &[Need::ReasonCode]),
    (Do::ChangeClass, &[Need::Class]),
    (Do::Withdraw,    &[Need::ReasonCode]),
    (Do::Exclude,     &[Need::ReasonCode]),
    (Do::Note,        &[Need::Note, Need::Source]),
    (Do::Correct,     &[Need::CorrectsEvent, Need::ReasonText]),
];
