//! Mail about suggestions to whoever made one.

use diesel::QueryResult;

use crate::changes::{Ctx, display_name};
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::SuggestionState;
use crate::db::DbConn;
use crate::jobs::mail::{self, Mail, Template};

/// Tells the submitter, who gave this address, that the suggestion has arrived or was decided.
pub(super) fn answer(
    conn: &mut DbConn,
    ctx: &Ctx,
    (email, lang): (&str, &str),
    (state, target): (SuggestionState, Option<&PublicId>),
    note: Option<&str>,
) -> QueryResult<()> {
    let template = match state {
        SuggestionState::Open => Template::SuggestionReceived,
        SuggestionState::Accepted => Template::SuggestionAccepted,
        SuggestionState::Rejected => Template::SuggestionRejected,
    };
    let title = match target {
        Some(target) => display_name::of(conn, target, lang)?,
        None => "twincity".to_owned(),
    };
    let mut letter = Mail::new(template, email, lang).with("title", title);
    if let Some(note) = note {
        letter = letter.with("note", note);
    }
    mail::push(conn, &letter, ctx.now)
}
