//! What needs attention, in JSON.

use serde::Serialize;
use utoipa::ToSchema;

use crate::core::vocabulary::record::Attention;

/// How many records need one kind of attention.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AttentionCount {
    /// What they need.
    #[schema(example = "expiring")]
    pub code: Attention,
    /// How many do, however their dates are read.
    #[schema(example = 2, minimum = 0)]
    pub count: i64,
    /// How many more may, because a date is not known to the day.
    #[schema(example = 1, minimum = 0)]
    pub possible: i64,
    /// The list of exactly those that are counted. Absent for the contacts of all partners, which no
    /// list holds.
    #[schema(
        example = "/api/v1/agreements?attention=expiring&match=certain&partner=ptn_8x3k0q2m7t"
    )]
    pub items_url: Option<String>,
}

/// Everything that is looked at, always all of it and in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Attentions)]
pub struct Counts {
    /// A count for each code.
    pub data: Vec<AttentionCount>,
}
