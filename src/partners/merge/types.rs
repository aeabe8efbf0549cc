//! Merging partners in JSON.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::ids::PublicId;
use crate::core::vocabulary::record::RecordState;
use crate::partners::PartnerRef;

/// Into which partner the one in the address is merged, and why.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"into": "ptn_8x3k0q2m7t", "reason": "recorded twice"}))]
pub struct MergeIn {
    /// The partner that stays.
    #[schema(required = true, nullable = false, example = "ptn_8x3k0q2m7t")]
    pub into: Option<String>,
    /// Why they are the same: shown to whoever asks for the old id without following it.
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 500,
        example = "recorded twice"
    )]
    pub reason: Option<String>,
}

/// What is left to say of a partner that was merged; absent on every other one.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Merged {
    /// The partner it was merged into; with `follow=false`.
    pub merged_into: Option<PartnerRef>,
    /// When it was merged; with `follow=false`.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub merged_at: Option<DateTime<Utc>>,
    /// Why it was merged; with `follow=false`.
    pub reason: Option<String>,
}

/// A partner that was merged, asked for with `follow=false`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Tombstone {
    /// Its id.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub id: PublicId,
    /// `merged`.
    #[schema(example = "merged")]
    pub record_state: RecordState,
    /// Where it went.
    #[serde(flatten)]
    pub merged: Merged,
}
