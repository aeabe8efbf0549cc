//! Mail about suggestions, to whoever made one.

use diesel::prelude::*;

use super::store::SuggestionRow;
use crate::changes::{Ctx, called};
use crate::core::vocabulary::record::SuggestionState;
use crate::db::DbConn;
use crate::jobs::mail::{self, Mail, Template};

/// Tells the submitter, who gave an address, that the suggestion has arrived or was decided.
pub(super) fn answer(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &SuggestionRow,
    note: Option<&str>,
) -> QueryResult<()> {
    let Some(email) = &row.email else {
        return Ok(());
    };
    let template = match row.state {
        SuggestionState::Open => Template::SuggestionReceived,
        SuggestionState::Accepted => Template::SuggestionAccepted,
        SuggestionState::Rejected => Template::SuggestionRejected,
    };
    let title = match row.target() {
        Some(target) => called::title(conn, &target, &row.lang)?,
        None => "twincity".to_owned(),
    };
    let mut letter = Mail::new(template, email, &row.lang).with("title", title);
    if let Some(note) = note {
        letter = letter.with("note", note);
    }
    mail::push(conn, &letter, ctx.now)
}
