//! What was done to a record, in words.

use super::ChangeView;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::record::ChangeOp;
use crate::html::lang::Lang;
use crate::html::{self, Argument};

/// What was done, in a few words: the status it brought, or the fields that it changed.
pub fn words(lang: Lang, change: &ChangeView) -> String {
    let done = html::label_or_code(lang, "change_op", change.op.code());
    if change.op == ChangeOp::Created {
        return done;
    }
    let (members, status) = change.touched();
    let vocabulary = match change.id.as_ref().map(PublicId::kind) {
        Some(Kind::Agreement) => Some("legal_status"),
        Some(Kind::Membership) => Some("membership_status"),
        _ => None,
    };
    if let Some((status, vocabulary)) = status.zip(vocabulary) {
        let status = html::label_or_code(lang, vocabulary, status);
        return html::say(lang, "news-status", &[("status", Argument::from(&status))]);
    }
    let fields = members.into_iter().map(|name| format!("/{name}"));
    let fields: Vec<String> = fields
        .filter(|field| html::names(lang, field))
        .map(|field| html::field(lang, &field))
        .collect();
    if change.op != ChangeOp::Updated || fields.is_empty() {
        return done;
    }
    let said = html::say(lang, "news-fields", &[]);
    format!("{said} {}", fields.join(", "))
}
