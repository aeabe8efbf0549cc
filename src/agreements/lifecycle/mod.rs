//! What may happen to an agreement, from which status, and where it leads.
//!
//! [`RULES`] is the whole lifecycle: to change what is possible, change a line of it. What an action
//! needs is the table in [`needs`], the conditions that depend on more than the status are in
//! [`guards`]. The machine that reads the table is [`crate::core::state_machine`].

pub mod as_of;
pub mod guards;
pub mod initial_events;
pub mod needs;
pub mod stays;
pub mod story;
#[cfg(test)]
mod tests;

use strum::VariantArray as _;

use crate::core::edtf::Edtf;
use crate::core::state_machine::{self, Machine, Rule, To};
use crate::core::vocabulary::agreement::EntryIntoForce;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use EventAction as Do;
use LegalStatus as Is;

/// Any status.
const ANY: &[LegalStatus] = LegalStatus::VARIANTS;

/// What an agreement may be when it is entered: a successor has to be named to be superseded.
const AT_BIRTH: &[LegalStatus] = &[
    Is::Proposed,
    Is::Approved,
    Is::Signed,
    Is::InForce,
    Is::Suspended,
    Is::Expired,
    Is::Terminated,
    Is::Abandoned,
];

/// The agreement stands in law.
pub const LIVE: &[LegalStatus] = &[Is::InForce, Is::Suspended];

/// Nothing binds the parties yet.
const UNBOUND: &[LegalStatus] = &[Is::Proposed, Is::Approved, Is::Signed];

/// Where a signature leads, as the agreement says how it enters into force; see [`signed`].
const ON_SIGNATURE: &[LegalStatus] = &[Is::Signed, Is::InForce];

/// The lifecycle of an agreement.
#[rustfmt::skip]
pub const RULES: &[Rule<EventAction, LegalStatus>] = &[
    //        action              from                                       to
    Rule::new(Do::Register,       &[],                                       To::Given(AT_BIRTH)),
    Rule::new(Do::Approve,        &[Is::Proposed],                           To::Fixed(Is::Approved)),
    Rule::new(Do::Sign,           &[Is::Proposed, Is::Approved],             To::Given(ON_SIGNATURE)),
    Rule::new(Do::EnterIntoForce, &[Is::Signed],                             To::Fixed(Is::InForce)),
    Rule::new(Do::Renew,          LIVE,                                      To::Same),
    Rule::new(Do::Renew,          &[Is::Expired],                            To::Fixed(Is::InForce)),
    Rule::new(Do::Amend,          LIVE,                                      To::Same),
    Rule::new(Do::Accede,         LIVE,                                      To::Same),
    Rule::new(Do::WithdrawParty,  LIVE,                                      To::Same),
    Rule::new(Do::ExcludeParty,   LIVE,                                      To::Same),
    Rule::new(Do::SucceedParty,   LIVE,                                      To::Same),
    Rule::new(Do::Suspend,        &[Is::InForce],                            To::Fixed(Is::Suspended)),
    Rule::new(Do::Resume,         &[Is::Suspended],                          To::Fixed(Is::InForce)),
    Rule::new(Do::GiveNotice,     LIVE,                                      To::Same),
    Rule::new(Do::WithdrawNotice, LIVE,                                      To::Same),
    Rule::new(Do::Terminate,      LIVE,                                      To::Fixed(Is::Terminated)),
    Rule::new(Do::Expire,         LIVE,                                      To::Fixed(Is::Expired)),
    Rule::new(Do::Supersede,      &[Is::InForce, Is::Suspended, Is::Expired], To::Fixed(Is::Superseded)),
    Rule::new(Do::Abandon,        UNBOUND,                                   To::Fixed(Is::Abandoned)),
    Rule::new(Do::Note,           ANY,                                       To::Same),
    Rule::new(Do::Correct,        ANY,                                       To::Given(ANY)),
];

/// The machine that runs [`RULES`].
pub const MACHINE: Machine<EventAction, LegalStatus> = Machine {
    rules: RULES,
    correct: Do::Correct,
    note: Do::Note,
    beginnings: &[Do::Register, Do::Approve, Do::Sign, Do::EnterIntoForce],
    may_be_pending: &[Do::Terminate],
};

/// What may be done with an agreement in this status.
pub fn allowed(status: LegalStatus) -> Vec<EventAction> {
    state_machine::allowed(&MACHINE, status)
}

/// The status of an agreement once it is signed, as it says how it enters into force.
pub fn signed(entry_into_force: EntryIntoForce) -> LegalStatus {
    match entry_into_force {
        EntryIntoForce::OnSignature => Is::InForce,
        EntryIntoForce::OnConsent
        | EntryIntoForce::FixedDate
        | EntryIntoForce::OnLastNotification
        | EntryIntoForce::Unknown => Is::Signed,
    }
}

/// The day on which an event stands in the order of the fold.
///
/// A notice stands where it was given; its `effective_on` is the end it announces.
pub fn stands_on<'a>(
    action: EventAction,
    effective_on: &'a Edtf,
    notice_given_on: Option<&'a Edtf>,
) -> &'a Edtf {
    match action {
        Do::GiveNotice => notice_given_on.unwrap_or(effective_on),
        _ => effective_on,
    }
}
