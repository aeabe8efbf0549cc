//! Suggestions in JSON.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::changes::meta::Person;
use crate::core::author::Author;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{Operation, SuggestionState};

/// A suggestion as it is sent: a patch of a record, or something in words.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestionIn {
    /// The record it is about; without one, the message goes to the registrars.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub target: Option<String>,
    /// What should change, as a JSON merge patch of the record (RFC 7396).
    #[schema(value_type = Option<Object>, example = json!({"signed_on": "1992-06-25"}))]
    pub patch: Option<Value>,
    /// What should change, in words.
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "The agreement was signed on 25 June 1992."
    )]
    pub message: Option<String>,
    /// What of the record the message is about, as a JSON pointer (RFC 6901).
    #[schema(max_length = 100, pattern = "^(/[a-z0-9_]+)+$", example = "/signed_on")]
    pub field: Option<String>,
    /// Where it can be checked.
    #[schema(format = "uri", example = "https://example.org/chronicle")]
    pub evidence_url: Option<String>,
    /// Where to send the answer; seen by the office that decides and by nobody else.
    #[schema(example = "reader@example.org", max_length = 254)]
    pub email: Option<String>,
    /// The language of the answer: `en` or `pl`.
    #[schema(example = "en")]
    pub lang: Option<String>,
    /// A solved puzzle, `challenge:text`; needed by those who send many suggestions.
    #[schema(max_length = 200, example = "2026-11-24T12:00:00Z.8x3k0q2m7t:184467")]
    pub proof: Option<String>,
}

/// That a suggestion has arrived.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionMade {
    /// The suggestion's id.
    #[schema(example = "sug_8x3k0q2m7t")]
    pub suggestion_id: PublicId,
    /// What becomes of it: `open` until somebody decides.
    #[schema(inline = false, example = "open")]
    pub state: SuggestionState,
}

/// A decision as it is sent.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionIn {
    /// Why; told to the submitter.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "The chronicle confirms it."
    )]
    pub note: Option<String>,
    /// The record's version you have looked at, when it has changed since the suggestion was made.
    #[schema(minimum = 1, example = 3)]
    pub version: Option<i32>,
    /// What you have looked at of what is published along with the record, when that has changed since:
    /// the `along` of the 412 that told it.
    #[schema(
        max_length = 64,
        example = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    )]
    pub along: Option<String>,
}

/// A suggestion.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionView {
    /// The id.
    #[schema(example = "sug_8x3k0q2m7t")]
    pub id: PublicId,
    /// What became of it.
    #[schema(example = "open")]
    pub state: SuggestionState,
    /// What it would do.
    #[schema(example = "update")]
    pub operation: Operation,
    /// The record it is about.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub target: Option<PublicId>,
    /// What of the record, such as one of its citations.
    #[schema(example = "cit_8x3k0q2m7t")]
    pub part: Option<PublicId>,
    /// The record's version when it was made.
    #[schema(example = 3)]
    pub base_version: Option<i32>,
    /// The patch, the event, or what else it carries.
    #[schema(value_type = Option<Object>)]
    pub payload: Option<Value>,
    /// What should change, in words.
    pub message: Option<String>,
    /// What of the record that is about, as a JSON pointer.
    #[schema(example = "/signed_on")]
    pub field: Option<String>,
    /// Where it can be checked.
    pub evidence_url: Option<String>,
    /// The submitter's address, for those who decide.
    pub email: Option<String>,
    /// The role and office in whose name it waits for a second pair of eyes; absent for corrections.
    pub proposed_by: Option<Author>,
    /// The office that decides, where the record would come to stand in its holdings.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub office: Option<PublicId>,
    /// The record as it would be, where another office than the proposer's decides.
    #[schema(value_type = Option<Object>)]
    pub preview: Option<Value>,
    /// The person who proposes it, for colleagues.
    #[schema(inline = false)]
    pub proposer: Option<Person>,
    /// The role and office that decided.
    pub decided_by: Option<Author>,
    /// The person who decided, for colleagues.
    #[schema(inline = false)]
    pub decider: Option<Person>,
    /// When.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub decided_at: Option<DateTime<Utc>>,
    /// Why.
    pub note: Option<String>,
    /// The record as it now is, in the answer to accepting.
    #[schema(value_type = Option<Object>)]
    pub result: Option<Value>,
    /// Its version, from 1; the ETag.
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    /// When it was made.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub updated_at: DateTime<Utc>,
}
