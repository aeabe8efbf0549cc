//! Sources in JSON.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::changes::Meta;
use crate::core::edtf::{DateRange, Edtf};
use crate::core::ids::PublicId;
use crate::core::issue::{Checked, Issues};
use crate::core::language::LanguageTag;
use crate::core::text;
use crate::core::vocabulary::evidence::{Reliability, SourceKind};
use crate::core::vocabulary::record::RecordState;
use crate::db::schema::sources;
use crate::http::validate;

/// Longest text of a field that holds a name or a title.
const MAX_TEXT: usize = 500;

/// What a source is recorded with, and what a patch changes.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "party_website", "title": "Foreign cooperation", "url": "https://example.org/cooperation", "published_on": "2010-01-12", "language": "en"}))]
pub struct SourceIn {
    /// What sort of source it is.
    #[schema(value_type = SourceKind, required = true)]
    pub kind: Option<Checked<SourceKind>>,
    /// Its title, or what it is called.
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 500,
        example = "Foreign cooperation"
    )]
    pub title: Option<String>,
    /// Where it is found.
    #[schema(
        pattern = "^https?://",
        max_length = 2000,
        example = "https://example.org/cooperation"
    )]
    pub url: Option<String>,
    /// Where a copy of it is kept.
    #[schema(pattern = "^https?://", max_length = 2000)]
    pub archived_url: Option<String>,
    /// Who published it.
    #[schema(min_length = 1, max_length = 500)]
    pub publisher: Option<String>,
    /// The body that wrote it.
    #[schema(min_length = 1, max_length = 500)]
    pub author_body: Option<String>,
    /// When it was published.
    pub published_on: Option<Checked<Edtf>>,
    /// When it was last changed by its author.
    pub modified_on: Option<Checked<Edtf>>,
    /// When it was looked at.
    pub retrieved_on: Option<Checked<Edtf>>,
    /// The language it is in.
    pub language: Option<Checked<LanguageTag>>,
    /// The licence it is under.
    #[schema(min_length = 1, max_length = 500, example = "CC0-1.0")]
    pub licence: Option<String>,
    /// Who stands behind it.
    pub reliability: Option<Checked<Reliability>>,
    /// `draft` for one that only the own office sees, and `published`, which is the default.
    pub record_state: Option<Checked<RecordState>>,
}

/// What is recorded of a source, its values right.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sources, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct NewSource {
    pub(crate) kind: SourceKind,
    pub(crate) title: String,
    pub(crate) url: Option<String>,
    pub(crate) archived_url: Option<String>,
    pub(crate) publisher: Option<String>,
    pub(crate) author_body: Option<String>,
    pub(crate) published_on: Option<Edtf>,
    pub(crate) modified_on: Option<Edtf>,
    pub(crate) retrieved_on: Option<Edtf>,
    pub(crate) language: Option<LanguageTag>,
    pub(crate) licence: Option<String>,
    pub(crate) reliability: Option<Reliability>,
}

impl NewSource {
    /// A source of this kind and title and nothing else.
    pub fn titled(kind: SourceKind, title: impl Into<String>, url: Option<String>) -> Self {
        Self {
            kind,
            title: title.into(),
            url,
            archived_url: None,
            publisher: None,
            author_body: None,
            published_on: None,
            modified_on: None,
            retrieved_on: None,
            language: None,
            licence: None,
            reliability: None,
        }
    }

    pub(crate) fn sort_key(&self) -> String {
        text::sort_key(&self.title)
    }
}

impl SourceIn {
    /// Checks every field; what is wrong goes to `issues`, below `at`.
    pub fn check(self, at: &str, issues: &mut Issues) -> Option<NewSource> {
        let p = |name: &str| format!("{at}/{name}");
        validate::record_state(&p("record_state"), self.record_state, issues);
        let kind = issues.take_required(&p("kind"), self.kind);
        let title = validate::required_text(&p("title"), self.title, MAX_TEXT, issues);
        Some(NewSource {
            url: validate::url(&p("url"), self.url, issues),
            archived_url: validate::url(&p("archived_url"), self.archived_url, issues),
            publisher: validate::text(&p("publisher"), self.publisher, MAX_TEXT, issues),
            author_body: validate::text(&p("author_body"), self.author_body, MAX_TEXT, issues),
            published_on: issues.take(&p("published_on"), self.published_on),
            modified_on: issues.take(&p("modified_on"), self.modified_on),
            retrieved_on: issues.take(&p("retrieved_on"), self.retrieved_on),
            language: issues.take(&p("language"), self.language),
            licence: validate::text(&p("licence"), self.licence, MAX_TEXT, issues),
            reliability: issues.take(&p("reliability"), self.reliability),
            kind: kind?,
            title: title?,
        })
    }
}

/// A source.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SourceView {
    /// Its id.
    #[schema(example = "src_8x3k0q2m7t")]
    pub id: PublicId,
    /// What sort of source it is.
    pub kind: SourceKind,
    /// Its title, or what it is called.
    #[schema(example = "Foreign cooperation")]
    pub title: String,
    /// Where it is found.
    pub url: Option<String>,
    /// Where a copy of it is kept.
    pub archived_url: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// The body that wrote it.
    pub author_body: Option<String>,
    /// When it was published.
    pub published_on: Option<Edtf>,
    /// The days that can mean.
    pub published_on_range: Option<DateRange>,
    /// When it was last changed by its author.
    pub modified_on: Option<Edtf>,
    /// The days that can mean.
    pub modified_on_range: Option<DateRange>,
    /// When it was looked at.
    pub retrieved_on: Option<Edtf>,
    /// The days that can mean.
    pub retrieved_on_range: Option<DateRange>,
    /// The language it is in.
    pub language: Option<LanguageTag>,
    /// The licence it is under.
    pub licence: Option<String>,
    /// Who stands behind it.
    pub reliability: Option<Reliability>,
    /// Curation and authorship.
    #[serde(flatten)]
    pub meta: Meta,
}
