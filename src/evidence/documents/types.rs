//! Documents in JSON, and as a form that carries a file.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::changes::Meta;
use crate::core::ids::PublicId;
use crate::core::issue::Checked;
use crate::core::language::LanguageTag;
use crate::core::vocabulary::evidence::{DocumentAccess, DocumentKind};
use crate::core::vocabulary::record::RecordState;

/// What a document is recorded with, when its bytes are held elsewhere; as form fields, what goes
/// beside a file.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "resolution", "title": "Resolution XLVIII/721/22", "language": "pl", "external_url": "https://example.org/resolution.pdf", "agreement_id": "agr_8x3k0q2m7t"}))]
pub struct DocumentIn {
    /// What sort of document it is.
    #[schema(value_type = DocumentKind, required = true)]
    pub kind: Option<Checked<DocumentKind>>,
    /// Where it is found, when the registry does not hold its bytes.
    #[schema(
        pattern = "^https?://",
        max_length = 2000,
        example = "https://example.org/resolution.pdf"
    )]
    pub external_url: Option<String>,
    /// Its title.
    #[schema(min_length = 1, max_length = 500, example = "Resolution XLVIII/721/22")]
    pub title: Option<String>,
    /// The language it is in.
    pub language: Option<Checked<LanguageTag>>,
    /// Whether it is the authentic text, not a copy, a draft or a translation; false when absent.
    pub authentic: Option<bool>,
    /// Who may see it; public when absent.
    pub access: Option<Checked<DocumentAccess>>,
    /// The agreement it belongs to.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub agreement_id: Option<String>,
    /// The event it belongs to.
    #[schema(example = "evt_8x3k0q2m7t")]
    pub event_id: Option<String>,
    /// The membership it belongs to.
    #[schema(example = "mbr_8x3k0q2m7t")]
    pub membership_id: Option<String>,
    /// The activity it belongs to.
    #[schema(example = "act_8x3k0q2m7t")]
    pub activity_id: Option<String>,
    /// The document of which this is a new version. It belongs to the same record, and what is not
    /// said of title, language and access stays as it was.
    #[schema(example = "doc_8x3k0q2m7t")]
    pub replaces: Option<String>,
    /// `draft` to show it to the own office only; published when absent.
    pub record_state: Option<Checked<RecordState>>,
}

/// A form that carries a file of at most 20 MiB: PDF, ODT, DOCX, PNG, JPEG or plain text in UTF-8.
/// Its fields come in any order; an empty one counts as absent.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "stands for the shape of the form in the document")]
pub struct DocumentForm {
    /// The file. Its type is read from its content, and must agree with the part's `Content-Type` and
    /// with the ending of its name, when these are given.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// What sort of document it is.
    #[schema(inline = false)]
    kind: DocumentKind,
    /// Its title.
    #[schema(min_length = 1, max_length = 500, example = "Partnership agreement")]
    title: Option<String>,
    /// The language it is in.
    language: Option<LanguageTag>,
    /// Whether it is the authentic text: `true` or `false`.
    authentic: Option<bool>,
    /// Who may see it; public when absent.
    access: Option<DocumentAccess>,
    /// The agreement it belongs to.
    #[schema(example = "agr_8x3k0q2m7t")]
    agreement_id: Option<String>,
    /// The event it belongs to.
    event_id: Option<String>,
    /// The membership it belongs to.
    membership_id: Option<String>,
    /// The activity it belongs to.
    activity_id: Option<String>,
    /// The document of which this is a new version.
    replaces: Option<String>,
}

/// What a patch changes of a document. Bytes never change: a new version is a document of its own.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentFieldsIn {
    /// What sort of document it is.
    #[schema(value_type = DocumentKind, required = true)]
    pub kind: Option<Checked<DocumentKind>>,
    /// Where it is found, of a document whose bytes the registry does not hold.
    #[schema(pattern = "^https?://", max_length = 2000)]
    pub external_url: Option<String>,
    /// Its title.
    #[schema(min_length = 1, max_length = 500, example = "Partnership agreement")]
    pub title: Option<String>,
    /// The language it is in.
    pub language: Option<Checked<LanguageTag>>,
    /// Whether it is the authentic text.
    pub authentic: Option<bool>,
    /// Who may see it.
    pub access: Option<Checked<DocumentAccess>>,
    /// `published` publishes a draft.
    pub record_state: Option<Checked<RecordState>>,
}

/// One version of a document.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DocumentVersion {
    /// Its id.
    #[schema(example = "doc_8x3k0q2m7t")]
    pub id: PublicId,
    /// Its title.
    pub title: Option<String>,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: Option<String>,
    /// When it was recorded.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub created_at: DateTime<Utc>,
}

/// A document.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DocumentView {
    /// Its id.
    #[schema(example = "doc_8x3k0q2m7t")]
    pub id: PublicId,
    /// What sort of document it is.
    pub kind: DocumentKind,
    /// Its title.
    #[schema(example = "Partnership agreement")]
    pub title: Option<String>,
    /// The language it is in.
    pub language: Option<LanguageTag>,
    /// Whether it is the authentic text.
    pub authentic: bool,
    /// Who may see it.
    pub access: DocumentAccess,
    /// The type of its bytes, read from their content.
    #[schema(example = "application/pdf")]
    pub media_type: Option<String>,
    /// How many bytes it has.
    #[schema(example = 182_044, minimum = 1)]
    pub size: Option<i64>,
    /// SHA-256 of its bytes, in hexadecimal.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: Option<String>,
    /// The name it came with, without anything that would make it a path.
    #[schema(example = "agreement.pdf")]
    pub file_name: Option<String>,
    /// Where its bytes are read.
    #[schema(example = "/api/v1/documents/doc_8x3k0q2m7t/content")]
    pub content_url: Option<String>,
    /// Where it is found, when the registry does not hold its bytes.
    pub external_url: Option<String>,
    /// The agreement it belongs to, also by way of an event.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub agreement_id: Option<PublicId>,
    /// The event it belongs to.
    pub event_id: Option<PublicId>,
    /// The membership it belongs to, also by way of an event.
    pub membership_id: Option<PublicId>,
    /// The activity it belongs to.
    pub activity_id: Option<PublicId>,
    /// The document of which this is a newer version.
    pub replaces: Option<PublicId>,
    /// The newer version.
    pub replaced_by: Option<PublicId>,
    /// All versions there are, oldest first; on the document itself only.
    pub versions: Option<Vec<DocumentVersion>>,
    /// Curation and authorship.
    #[serde(flatten)]
    pub meta: Meta,
}
