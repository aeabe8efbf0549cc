//! What each action has to be told besides its date.

use crate::core::vocabulary::lifecycle::EventAction;
use crate::lifecycle::needs::{Need, Needs};
use EventAction as Do;

/// What each action needs besides `effective_on`; an action that isn't listed needs nothing.
#[rustfmt::skip]
pub const NEEDS: Needs<EventAction> = &[
    (Do::Approve,       &[Need::LegalAct]),
    (Do::Renew,         &[Need::Term]),
    (Do::Amend,         &[Need::NoteOrDocument]),
    (Do::Accede,        &[Need::Party]),
    (Do::WithdrawParty, &[Need::Party]),
    (Do::ExcludeParty,  &[Need::Party]),
    (Do::SucceedParty,  &[Need::Party]),
    (Do::Suspend,       &[Need::ReasonCode, Need::DecidingBody]),
    (Do::GiveNotice,    &[Need::NoticeGivenOn]),
    (Do::Terminate,     &[Need::Mode, Need::ReasonCode]),
    (Do::Supersede,     &[Need::SupersededBy]),
    (Do::Abandon,       &[Need::ReasonCode]),
    (Do::Note,          &[Need::Note, Need::Source]),
    (Do::Correct,       &[Need::CorrectsEvent, Need::ReasonText]),
];
