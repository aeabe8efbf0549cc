//! What each action has to be told besides its date.

use crate::core::vocabulary::lifecycle::EventAction;
use EventAction as Do;

/// Something an action needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The legal act it rests on.
    LegalAct,
    /// Why it was done.
    ReasonCode,
    /// Who decided it.
    DecidingBody,
    /// How the agreement was ended.
    Mode,
    /// Which party it is about.
    Party,
    /// A sentence or a document that says what changed.
    NoteOrDocument,
    /// A sentence.
    Note,
    /// Where it is written.
    Source,
    /// The new end of the term, or that there is none.
    Term,
    /// When the notice was given.
    NoticeGivenOn,
    /// The agreement that took its place.
    SupersededBy,
    /// The event that was wrong.
    CorrectsEvent,
    /// What was wrong.
    ReasonText,
}

/// What each action needs besides `effective_on`; an action that isn't listed needs nothing.
#[rustfmt::skip]
pub const NEEDS: &[(EventAction, &[Need])] = &[
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

/// Which of the things that may be needed are there.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a checklist, one box a field"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Given {
    /// `legal_act`
    pub legal_act: bool,
    /// `reason_code`
    pub reason_code: bool,
    /// `deciding_body`
    pub deciding_body: bool,
    /// `mode`
    pub mode: bool,
    /// `party`
    pub party: bool,
    /// `note`
    pub note: bool,
    /// `document_id`
    pub document: bool,
    /// `source_id`, or a source sent along
    pub source: bool,
    /// `valid_until`
    pub valid_until: bool,
    /// `duration`, with the value `indefinite`
    pub indefinite: bool,
    /// `notice_given_on`
    pub notice_given_on: bool,
    /// `superseded_by`
    pub superseded_by: bool,
    /// `corrects_event_id`
    pub corrects_event: bool,
    /// `reason_text`
    pub reason_text: bool,
}

/// The fields an action needs and was not told: JSON pointer and message of each.
pub fn missing(action: EventAction, given: &Given) -> Vec<(&'static str, &'static str)> {
    NEEDS
        .iter()
        .filter(|(needing, _)| *needing == action)
        .flat_map(|(_, needs)| needs.iter())
        .filter(|need| !need.is_met(given))
        .map(|need| need.complaint())
        .collect()
}

impl Need {
    fn is_met(self, given: &Given) -> bool {
        match self {
            Self::LegalAct => given.legal_act,
            Self::ReasonCode => given.reason_code,
            Self::DecidingBody => given.deciding_body,
            Self::Mode => given.mode,
            Self::Party => given.party,
            Self::NoteOrDocument => given.note || given.document,
            Self::Note => given.note,
            Self::Source => given.source,
            Self::Term => given.valid_until || given.indefinite,
            Self::NoticeGivenOn => given.notice_given_on,
            Self::SupersededBy => given.superseded_by,
            Self::CorrectsEvent => given.corrects_event,
            Self::ReasonText => given.reason_text,
        }
    }

    fn complaint(self) -> (&'static str, &'static str) {
        match self {
            Self::LegalAct => ("/legal_act", "name the legal act this step rests on"),
            Self::ReasonCode => ("/reason_code", "say why; not_stated when no source says"),
            Self::DecidingBody => ("/deciding_body", "say who decided this"),
            Self::Mode => ("/mode", "say how the agreement was ended"),
            Self::Party => ("/party", "name the partner this is about"),
            Self::NoteOrDocument => ("/note", "say what was changed, or give the document_id"),
            Self::Note => ("/note", "say what happened"),
            Self::Source => ("/source_id", "name a source"),
            Self::Term => (
                "/valid_until",
                "give the new end of the term, or duration indefinite",
            ),
            Self::NoticeGivenOn => ("/notice_given_on", "say when the notice was given"),
            Self::SupersededBy => ("/superseded_by", "name the agreement that takes its place"),
            Self::CorrectsEvent => ("/corrects_event_id", "name the event that was wrong"),
            Self::ReasonText => ("/reason_text", "say what was wrong"),
        }
    }
}
