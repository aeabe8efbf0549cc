//! A relation as JSON, in and out.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::core::author::Author;
use crate::core::edtf::{DateRange, Edtf};
use crate::core::ids::PublicId;
use crate::core::issue::Checked;
use crate::core::vocabulary::partner::RelationType;
use crate::evidence::sources::SourceView;
use crate::partners::reference::PartnerRef;

/// What a relation is recorded with.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to_id": "ptn_8x3k0q2m7t", "type": "successor", "since": "2015-01-01"}))]
pub struct RelationIn {
    /// The other partner.
    #[schema(required = true, nullable = false, example = "ptn_8x3k0q2m7t")]
    pub to_id: Option<String>,
    /// What it is to the partner in the address.
    #[serde(rename = "type")]
    #[schema(value_type = RelationType, required = true)]
    pub kind: Option<Checked<RelationType>>,
    /// Since when.
    pub since: Option<Checked<Edtf>>,
    /// Until when.
    pub until: Option<Checked<Edtf>>,
    /// Where this is from.
    #[schema(example = "src_8x3k0q2m7t")]
    pub source_id: Option<String>,
    /// What else there is to say.
    #[schema(min_length = 1, max_length = 2000)]
    pub note: Option<String>,
}

/// A relation of two partners, read from either side.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RelationView {
    /// Its id.
    #[schema(example = "rel_8x3k0q2m7t")]
    pub id: PublicId,
    /// The partner it is recorded at: the earlier one of a succession.
    pub from: PartnerRef,
    /// The other partner: the later one of a succession.
    pub to: PartnerRef,
    /// What `to` is to `from`.
    #[serde(rename = "type")]
    pub kind: RelationType,
    /// Whether the partner in the address is `to`: read the other way round, a successor's
    /// counterpart is a predecessor.
    pub inverse: bool,
    /// Since when.
    pub since: Option<Edtf>,
    /// The days that can mean.
    pub since_range: Option<DateRange>,
    /// Until when.
    pub until: Option<Edtf>,
    /// The days that can mean.
    pub until_range: Option<DateRange>,
    /// Where this is from.
    pub source: Option<SourceView>,
    /// What else there is to say.
    pub note: Option<String>,
    /// When it was recorded.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub created_at: DateTime<Utc>,
    /// Who recorded it.
    pub created_by: Author,
}

/// The address of a relation.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RelationPath {
    /// The partner's id.
    #[param(example = "ptn_8x3k0q2m7t")]
    pub id: String,
    /// The relation's id.
    #[param(example = "rel_8x3k0q2m7t")]
    pub relation_id: String,
}
