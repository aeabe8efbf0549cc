//! Mail about suggestions: to whoever made one, and to those who may decide.

use diesel::prelude::*;

use super::store::SuggestionRow;
use crate::changes::Ctx;
use crate::core::ids::{Kind, PublicId};
use crate::core::language::Translations;
use crate::core::vocabulary::record::SuggestionState;
use crate::db::schema::{activities, agreements, networks, partners, sources};
use crate::db::{DbConn, json};
use crate::jobs::mail::{self, Mail, Template};

/// What the record is called in a mail.
fn title(conn: &mut DbConn, target: Option<&PublicId>) -> QueryResult<String> {
    let Some(id) = target else {
        return Ok("twincity".to_owned());
    };
    let given = |title: Option<String>| -> QueryResult<Option<String>> {
        let titles: Option<Translations> = title.as_deref().map(json::value).transpose()?;
        Ok(titles.and_then(|titles| titles.into_values().next()))
    };
    let called: Option<String> = match id.kind() {
        Kind::Partner => partners::table
            .filter(partners::public_id.eq(id))
            .select(partners::name)
            .first(conn)
            .optional()?,
        Kind::Network => networks::table
            .filter(networks::public_id.eq(id))
            .select(networks::name)
            .first(conn)
            .optional()?,
        Kind::Source => sources::table
            .filter(sources::public_id.eq(id))
            .select(sources::title)
            .first(conn)
            .optional()?,
        Kind::Agreement => given(
            agreements::table
                .filter(agreements::public_id.eq(id))
                .select(agreements::title)
                .first(conn)
                .optional()?,
        )?,
        Kind::Activity => given(
            activities::table
                .filter(activities::public_id.eq(id))
                .select(activities::title)
                .first(conn)
                .optional()?,
        )?,
        _ => None,
    };
    Ok(called.unwrap_or_else(|| id.to_string()))
}

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
    let title = title(conn, row.target().as_ref())?;
    let mut letter = Mail::new(template, email, &row.lang).with("title", title);
    if let Some(note) = note {
        letter = letter.with("note", note);
    }
    mail::push(conn, &letter, ctx.now)
}
