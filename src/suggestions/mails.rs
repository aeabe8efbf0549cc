//! Mail about suggestions: to whoever made one, and to those who may decide.

use diesel::prelude::*;

use super::store::SuggestionRow;
use crate::access::ownership::offices_of;
use crate::access::review;
use crate::changes::{Ctx, display_name};
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
        Some(target) => display_name::of(conn, &target, &row.lang)?,
        None => "twincity".to_owned(),
    };
    let mut letter = Mail::new(template, email, &row.lang).with("title", title);
    if let Some(note) = note {
        letter = letter.with("note", note);
    }
    mail::push(conn, &letter, ctx.now)
}

/// Tells those who may decide in the offices of the record that a correction waits for them, as far as
/// `may_write` lets: a flood of suggestions must not be one of mails.
pub(super) fn tell_office(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &SuggestionRow,
    may_write: impl Fn(&str) -> bool,
) -> QueryResult<()> {
    let Some(target) = row.target() else {
        return Ok(());
    };
    for office in offices_of(conn, &target)? {
        review::tell_deciding(conn, ctx, &office, (&row.public_id, &target), &may_write)?;
    }
    Ok(())
}
