//! What must hold of the values sent. Pure: what names other records is checked in `attach`.

use super::owner::Attached;
use super::store::{DocumentRow, Fields, Held, NewDocument};
use super::types::{DocumentFieldsIn, DocumentIn};
use crate::core::issue::Issues;
use crate::core::vocabulary::evidence::{DocumentAccess, DocumentKind};
use crate::http::validate;

/// Longest title.
const MAX_TITLE: usize = 500;

/// What came as a file.
#[derive(Debug, Clone)]
pub enum Sent {
    /// A file.
    File(Held),
    /// A file without a byte.
    Empty,
    /// None.
    Nothing,
}

/// The document, its fields checked; what is wrong goes to `issues`.
pub fn new(
    input: DocumentIn,
    sent: Sent,
    attached: Attached,
    issues: &mut Issues,
) -> Option<NewDocument> {
    let old = attached.replaces.as_ref().map(|old| &old.fields);
    validate::record_state("/record_state", input.record_state, issues);
    let kind = issues.take_required("/kind", input.kind);
    match (&sent, &input.external_url) {
        (Sent::File(_) | Sent::Empty, Some(_)) => issues.add(
            "/external_url",
            "either_or",
            "send a file, or say where it is found, not both",
        ),
        (Sent::Empty, None) => issues.add("/file", "length", "the file must not be empty"),
        (Sent::Nothing, None) => issues.add(
            "/file",
            "required",
            "send a file as multipart/form-data, or say in external_url where it is found",
        ),
        _ => {}
    }
    let title = validate::text("/title", input.title, MAX_TITLE, issues);
    let language = issues.take("/language", input.language);
    let access = issues.take("/access", input.access);
    let external_url = validate::url("/external_url", input.external_url, issues);
    Some(NewDocument {
        fields: Fields {
            kind: kind?,
            title: title.or_else(|| old?.title.clone()),
            language: language.or_else(|| old?.language.clone()),
            authentic: input.authentic.unwrap_or(false),
            access: access
                .or_else(|| old.map(|old| old.access))
                .unwrap_or(DocumentAccess::Public),
            external_url,
        },
        held: match sent {
            Sent::File(held) => held,
            Sent::Empty | Sent::Nothing => Held::default(),
        },
        target: attached.target,
        replaces: attached.replaces,
    })
}

/// The fields of a document with a patch applied; what is wrong goes to `issues`.
pub fn changed(input: DocumentFieldsIn, before: &DocumentRow, issues: &mut Issues) -> Fields {
    validate::record_state("/record_state", input.record_state, issues);
    let kind = issues.take_required("/kind", input.kind);
    match (before.held.sha256.is_some(), &input.external_url) {
        (true, Some(_)) => issues.add(
            "/external_url",
            "either_or",
            "the registry holds this document: a new version is a document of its own, which names \
             this one in replaces",
        ),
        (false, None) => issues.missing("/external_url"),
        _ => {}
    }
    let access = issues.take("/access", input.access);
    Fields {
        kind: kind.unwrap_or(DocumentKind::Report),
        title: validate::text("/title", input.title, MAX_TITLE, issues),
        language: issues.take("/language", input.language),
        authentic: input.authentic.unwrap_or(false),
        access: access.unwrap_or(before.fields.access),
        external_url: validate::url("/external_url", input.external_url, issues),
    }
}
