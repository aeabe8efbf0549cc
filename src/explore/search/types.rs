//! Hits of a search in JSON.

use std::str::FromStr;

use serde::Serialize;
use utoipa::ToSchema;

use crate::core::country::Country;
use crate::core::ids::PublicId;
use crate::core::parse_error::ParseError;
use crate::core::vocabulary::record::Entity;
use crate::core::vocabulary::{Code as _, unknown_code};
pub use crate::index::Match as MatchKind;
use crate::index::NAMED;

/// A kind of record that can be searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Searched(pub Entity);

impl FromStr for Searched {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut known = NAMED.into_iter();
        let found = known.find(|entity| entity.code() == text).map(Self);
        found.ok_or_else(|| {
            let codes = NAMED.iter().map(|entity| entity.code());
            unknown_code(text, "what can be searched is", codes)
        })
    }
}

/// A record one of whose names was found.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchHit {
    /// The record's id.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub id: PublicId,
    /// What sort of record it is.
    #[schema(example = "partner")]
    pub entity: Entity,
    /// What it is called: the display name or title, in the language asked for where it has one.
    #[schema(example = "Hrodna")]
    pub name: String,
    /// The name that was found, which may be another one.
    #[schema(example = "Grodno")]
    pub matched_name: String,
    /// How well that name fits.
    #[serde(rename = "match")]
    #[schema(example = "exact")]
    pub matched: MatchKind,
    /// The kind of the partner, network, activity or source, or the instrument of the agreement.
    #[schema(example = "municipality")]
    pub kind: Option<String>,
    /// The country of a partner.
    pub country: Option<Country>,
    /// Where the record is read.
    #[schema(example = "/api/v1/partners/ptn_8x3k0q2m7t")]
    pub href: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_a_name_can_be_searched() {
        assert_eq!("network".parse(), Ok(Searched(Entity::Network)));
        let refused = "membership".parse::<Searched>().unwrap_err();
        assert!(refused.message.contains("agreement"), "{refused}");
        let misspelt = "partnr".parse::<Searched>().unwrap_err();
        assert!(
            misspelt.message.ends_with("did you mean partner?"),
            "{misspelt}"
        );
    }
}
