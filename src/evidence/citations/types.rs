//! Citations in JSON.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::author::Author;
use crate::core::edtf::{DateRange, Edtf};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::{Checked, Issues};
use crate::core::vocabulary::evidence::{Rank, Reliability, SourceKind, Stance};
use crate::db::schema::citations;
use crate::evidence::sources::types::NewSource;
use crate::evidence::sources::{SourceIn, SourceView};
use crate::http::validate;

/// Longest quotation.
const MAX_QUOTE: usize = 300;
/// Longest pointer and longest value as printed.
const MAX_VALUE: usize = 1000;

/// What a citation is recorded with, and what a patch changes.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"source_id": "src_8x3k0q2m7t", "pointer": "/signed_on", "stated_value": "1992"}))]
pub struct CitationIn {
    /// The source.
    #[schema(required = true, nullable = false, example = "src_8x3k0q2m7t")]
    pub source_id: Option<String>,
    /// JSON pointer (RFC 6901) of the field it is about; empty for the whole record.
    #[schema(max_length = 1000, example = "/signed_on")]
    pub pointer: Option<String>,
    /// What the source says of it.
    pub stance: Option<Checked<Stance>>,
    /// Which of several citations counts.
    pub rank: Option<Checked<Rank>>,
    /// When the source said so.
    pub observed_on: Option<Checked<Edtf>>,
    /// The value as it is printed there.
    #[schema(min_length = 1, max_length = 1000, example = "1992")]
    pub stated_value: Option<String>,
    /// The words of the source.
    #[schema(min_length = 1, max_length = 300)]
    pub quote: Option<String>,
}

/// A source of a record that is being created: one already there, or a new one described here.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "party_website", "title": "Foreign cooperation"}))]
pub struct SourceRefIn {
    /// A source already there; or describe one with `kind`, `title` and `url`.
    #[schema(example = "src_8x3k0q2m7t")]
    pub source_id: Option<String>,
    /// What sort of source it is.
    pub kind: Option<Checked<SourceKind>>,
    /// Its title, or what it is called.
    #[schema(min_length = 1, max_length = 500)]
    pub title: Option<String>,
    /// Where it is found.
    #[schema(pattern = "^https?://", max_length = 2000)]
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
    pub language: Option<Checked<crate::core::language::LanguageTag>>,
    /// The licence it is under.
    #[schema(min_length = 1, max_length = 500)]
    pub licence: Option<String>,
    /// Who stands behind it.
    pub reliability: Option<Checked<Reliability>>,
    /// JSON pointer of the field it is about; empty for the whole record.
    #[schema(max_length = 1000)]
    pub pointer: Option<String>,
    /// What the source says of it.
    pub stance: Option<Checked<Stance>>,
    /// Which of several citations counts.
    pub rank: Option<Checked<Rank>>,
    /// When the source said so.
    pub observed_on: Option<Checked<Edtf>>,
    /// The value as it is printed there.
    #[schema(min_length = 1, max_length = 1000)]
    pub stated_value: Option<String>,
    /// The words of the source.
    #[schema(min_length = 1, max_length = 300)]
    pub quote: Option<String>,
}

/// Which source, before it is looked up.
#[derive(Debug, Clone)]
pub enum Which {
    /// One already there.
    Known(PublicId),
    /// One to be found by what it says of itself, or recorded.
    Described(Box<NewSource>),
    /// One that the caller has found, by its internal key.
    Found(i64),
}

impl Which {
    /// Where an event below `at` is written: `source_id`, or the `source` that is described, not both.
    pub fn of_event(
        at: &str,
        id: Option<String>,
        described: Option<SourceIn>,
        issues: &mut Issues,
    ) -> Option<Self> {
        let at_id = format!("{at}/source_id");
        if id.is_some() && described.is_some() {
            let rule = "give source_id, or describe a source, not both";
            issues.add(at_id, "either_or", rule);
            return None;
        }
        let described = described.and_then(|source| source.check(&format!("{at}/source"), issues));
        let known = validate::id(&at_id, id, Kind::Source, issues).map(Self::Known);
        known.or_else(|| described.map(|source| Self::Described(Box::new(source))))
    }
}

/// A citation whose values are right.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = citations, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct NewCitation {
    /// Where it stands in what was sent.
    #[diesel(skip_insertion, skip_update)]
    pub(crate) at: String,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) source: Which,
    pub(crate) pointer: String,
    pub(crate) stance: Stance,
    pub(crate) rank: Rank,
    pub(crate) observed_on: Option<Edtf>,
    pub(crate) stated_value: Option<String>,
    pub(crate) quote: Option<String>,
}

impl NewCitation {
    /// This source states the whole record.
    pub fn by(source: Which) -> Self {
        Self {
            at: String::new(),
            source,
            pointer: String::new(),
            stance: Stance::default(),
            rank: Rank::default(),
            observed_on: None,
            stated_value: None,
            quote: None,
        }
    }
}

impl CitationIn {
    /// Checks every field; what is wrong goes to `issues`, below `at`.
    pub fn check(self, at: &str, issues: &mut Issues) -> Option<NewCitation> {
        let at_id = format!("{at}/source_id");
        let id = issues.require(&at_id, self.source_id.clone());
        let known = validate::id(&at_id, id, Kind::Source, issues).map(Which::Known);
        self.by(known, at, issues)
    }

    /// What it says, of this source.
    fn by(self, source: Option<Which>, at: &str, issues: &mut Issues) -> Option<NewCitation> {
        let p = |name: &str| format!("{at}/{name}");
        Some(NewCitation {
            at: at.to_owned(),
            pointer: pointer(&p("pointer"), self.pointer, issues),
            stance: issues.take(&p("stance"), self.stance).unwrap_or_default(),
            rank: issues.take(&p("rank"), self.rank).unwrap_or_default(),
            observed_on: issues.take(&p("observed_on"), self.observed_on),
            stated_value: validate::text(&p("stated_value"), self.stated_value, MAX_VALUE, issues),
            quote: validate::prose(&p("quote"), self.quote, MAX_QUOTE, issues),
            // Behind the others, so that what is wrong with them is told, too.
            source: source?,
        })
    }
}

/// A JSON pointer: empty, or beginning with a slash.
fn pointer(at: &str, value: Option<String>, issues: &mut Issues) -> String {
    let pointer = value.unwrap_or_default();
    let fits = pointer.starts_with('/') && pointer.chars().count() <= MAX_VALUE;
    if !pointer.is_empty() && !fits {
        let rule = "must be a JSON pointer such as /signed_on, or empty for the whole record";
        issues.add(at, "invalid_pointer", rule);
    }
    pointer
}

impl SourceRefIn {
    /// Checks every field; what is wrong goes to `issues`, below `at`.
    pub fn check(self, at: &str, issues: &mut Issues) -> Option<NewCitation> {
        let about = CitationIn {
            source_id: self.source_id,
            pointer: self.pointer,
            stance: self.stance,
            rank: self.rank,
            observed_on: self.observed_on,
            stated_value: self.stated_value,
            quote: self.quote,
        };
        let described = SourceIn {
            kind: self.kind,
            title: self.title,
            url: self.url,
            archived_url: self.archived_url,
            publisher: self.publisher,
            author_body: self.author_body,
            published_on: self.published_on,
            modified_on: self.modified_on,
            retrieved_on: self.retrieved_on,
            language: self.language,
            licence: self.licence,
            reliability: self.reliability,
            record_state: None,
        };
        if about.source_id.is_some() {
            if described != SourceIn::default() {
                let rule = "give source_id, or describe a source, not both";
                issues.add(format!("{at}/source_id"), "either_or", rule);
            }
            return about.check(at, issues);
        }
        let described = described.check(at, issues);
        // The described source takes the place of this one, when it is right.
        let rest = about.by(Some(Which::Found(0)), at, issues)?;
        Some(NewCitation {
            source: Which::Described(Box::new(described?)),
            ..rest
        })
    }
}

/// What a source says of a record or of one of its fields.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CitationView {
    /// Its id.
    #[schema(example = "cit_8x3k0q2m7t")]
    pub id: PublicId,
    /// The record it is about.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub record_id: PublicId,
    /// The source.
    pub source: SourceView,
    /// JSON pointer of the field it is about; empty for the whole record.
    #[schema(example = "/signed_on")]
    pub pointer: String,
    /// What the source says of it.
    pub stance: Stance,
    /// Which of several citations counts.
    pub rank: Rank,
    /// When the source said so.
    pub observed_on: Option<Edtf>,
    /// The days that can mean.
    pub observed_on_range: Option<DateRange>,
    /// The value as it is printed there.
    pub stated_value: Option<String>,
    /// The words of the source.
    pub quote: Option<String>,
    /// Its version, from 1; its ETag.
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    /// When it was recorded.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub updated_at: DateTime<Utc>,
    /// Who recorded it.
    pub created_by: Author,
    /// Who last changed it.
    pub updated_by: Author,
}
