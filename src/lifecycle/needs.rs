//! What an action has to be told besides its date.

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
    /// The class the member moves to.
    Class,
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

/// What each action of a lifecycle needs besides `effective_on`; an action that isn't listed needs nothing.
pub type Needs<A> = &'static [(A, &'static [Need])];

/// The fields an action needs and was not told: JSON pointer and message of each.
pub fn missing<A: PartialEq>(
    needs: Needs<A>,
    action: &A,
    given: impl Fn(Need) -> bool,
) -> Vec<(&'static str, &'static str)> {
    let of_action = needs.iter().filter(|(needing, _)| needing == action);
    let needs = of_action.flat_map(|(_, needs)| needs.iter().copied());
    needs
        .filter(|need| !given(*need))
        .map(Need::complaint)
        .collect()
}

impl Need {
    fn complaint(self) -> (&'static str, &'static str) {
        match self {
            Self::LegalAct => ("/legal_act", "name the legal act this step rests on"),
            Self::ReasonCode => ("/reason_code", "say why; not_stated when no source says"),
            Self::DecidingBody => ("/deciding_body", "say who decided this"),
            Self::Mode => ("/mode", "say how the agreement was ended"),
            Self::Party => ("/party", "name the partner this is about"),
            Self::Class => ("/class", "name the class the member moves to"),
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
