//! Subscriptions in JSON.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::topic::Frequency;
use crate::core::issue::Checked;

/// A subscription as it is asked for.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionIn {
    /// Where the mails go; shown to nobody, and erased when its owner leaves.
    #[schema(value_type = String, example = "reader@example.org", max_length = 254)]
    pub email: Option<String>,
    /// What to follow: `new_agreements`, `partner:` and `network:` with an id, `country:` and `field:` with a
    /// code.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 50,
        example = json!(["new_agreements", "country:PL"]))]
    pub topics: Option<Vec<String>>,
    /// The language of the mails: `en` or `pl`.
    #[schema(example = "en")]
    pub lang: Option<String>,
    /// How often to be told; at once, unless it is said.
    #[schema(value_type = Option<Frequency>, inline = false)]
    pub frequency: Option<Checked<Frequency>>,
}

/// What a link carried.
#[derive(Debug, Clone, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TokenIn {
    /// The token of the link.
    #[schema(example = "tcu_9FvE0yTq3kQmX2nB7wZcR5sH1dLjPaUgKoVxYi8MeN4")]
    #[param(example = "tcu_9FvE0yTq3kQmX2nB7wZcR5sH1dLjPaUgKoVxYi8MeN4")]
    pub token: String,
}

/// What programs of mail send for a reader who wants to leave (RFC 8058).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OneClick {
    /// Always `One-Click`.
    #[serde(rename = "List-Unsubscribe")]
    #[schema(pattern = "^One-Click$", example = "One-Click")]
    pub list_unsubscribe: String,
}
