//! What is odd about a record and allowed all the same.

use serde::Serialize;
use utoipa::ToSchema;

/// Something odd that is allowed all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// Stable code.
    #[schema(example = "twinning_with_fixed_term")]
    pub code: &'static str,
    /// What is odd.
    #[schema(example = "a twinning is a lasting tie; this one has a fixed term")]
    pub message: String,
}
