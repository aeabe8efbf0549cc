//! Redactions in JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::ids::PublicId;

/// Whose name is to go, and from where.
#[serde_with::skip_serializing_none]
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"target": "agr_8x3k0q2m7t", "person": "Jane Q. Example", "reason": "the person asked for it"}))]
pub struct RedactionIn {
    /// The partner, agreement, network, membership, activity, contact or source; may be left out with `everywhere`.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub target: Option<String>,
    /// The name as it is recorded; case, accents and punctuation make no difference.
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 200,
        example = "Jane Q. Example"
    )]
    pub person: Option<String>,
    /// Why, for the public history: without the name.
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 500,
        example = "the person asked for it"
    )]
    pub reason: Option<String>,
    /// Whether the name is to leave every record of the registry; for registrars.
    pub everywhere: Option<bool>,
}

/// What became of it; the name is not repeated.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Redaction)]
pub struct RedactionView {
    /// The record that was named.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub target: Option<PublicId>,
    /// In how many places the name stood, in all records together.
    #[schema(minimum = 1, example = 2)]
    pub places: usize,
    /// The version of the record that was named, after it.
    #[schema(minimum = 1, example = 4)]
    pub version: Option<i32>,
    /// With `everywhere`, each record in which it stood.
    pub records: Option<Vec<RedactedRecord>>,
}

/// A record in which the name stood.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RedactedRecord {
    /// The record.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub target: PublicId,
    /// In how many places.
    #[schema(minimum = 1, example = 2)]
    pub places: usize,
    /// Its version after it.
    #[schema(minimum = 1, example = 4)]
    pub version: i32,
}
