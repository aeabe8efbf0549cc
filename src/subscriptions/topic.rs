//! What can be followed, and how often one is told.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_with::{DeserializeFromStr, SerializeDisplay};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

use crate::core::country::Country;
use crate::core::ids::{Kind, PublicId};
use crate::core::parse_error::ParseError;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::agreement::FieldOfCooperation;

/// What can be followed: `new_agreements`, or a kind with an id or a code, such as `partner:ptn_8x3k0q2m7t`,
/// `network:net_…`, `country:PL` and `field:culture_arts`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, SerializeDisplay, DeserializeFromStr)]
pub enum Topic {
    /// Agreements that are new to the public.
    NewAgreements,
    /// A partner, its agreements, memberships and activities.
    Partner(PublicId),
    /// A network, its members and activities.
    Network(PublicId),
    /// The partners of a country, with all that is theirs.
    Country(Country),
    /// Agreements and activities in a field of cooperation.
    Field(FieldOfCooperation),
}

const NEW_AGREEMENTS: &str = "new_agreements";

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NewAgreements => f.write_str(NEW_AGREEMENTS),
            Self::Partner(id) => write!(f, "partner:{id}"),
            Self::Network(id) => write!(f, "network:{id}"),
            Self::Country(country) => write!(f, "country:{}", country.as_str()),
            Self::Field(field) => write!(f, "field:{}", field.code()),
        }
    }
}

impl FromStr for Topic {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text == NEW_AGREEMENTS {
            return Ok(Self::NewAgreements);
        }
        match text.split_once(':') {
            Some(("partner", id)) => PublicId::of_kind(id, Kind::Partner).map(Self::Partner),
            Some(("network", id)) => PublicId::of_kind(id, Kind::Network).map(Self::Network),
            Some(("country", code)) => code.parse().map(Self::Country),
            Some(("field", code)) => code.parse().map(Self::Field),
            _ => Err(ParseError::new(
                "unknown_topic",
                "must be new_agreements, partner:ID, network:ID, country:CODE or field:CODE",
            )),
        }
    }
}

/// How often a subscriber is told of what is new.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    IntoStaticStr,
    EnumString,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = ParseError, parse_err_fn = unknown)]
pub enum Frequency {
    /// Within minutes, what comes close together in one mail.
    #[default]
    AtOnce,
    /// On Mondays.
    Weekly,
}

impl Frequency {
    /// As in JSON and in the database.
    pub fn code(self) -> &'static str {
        self.into()
    }
}

fn unknown(_: &str) -> ParseError {
    ParseError::new("unknown_code", "frequency is at_once or weekly")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_a_kind_with_an_id_or_a_code() {
        for text in [
            "new_agreements",
            "partner:ptn_8x3k0q2m7t",
            "network:net_8x3k0q2m7t",
            "country:PL",
            "field:culture_arts",
        ] {
            assert_eq!(text.parse::<Topic>().unwrap().to_string(), text);
        }
        for (text, code) in [
            ("", "unknown_topic"),
            ("agreements", "unknown_topic"),
            ("partner:net_8x3k0q2m7t", "invalid_id"),
            ("country:XX", "unknown_country"),
            ("country:pl", "unknown_country"),
            ("field:magic", "unknown_code"),
            ("new_agreements:1", "unknown_topic"),
        ] {
            assert_eq!(text.parse::<Topic>().unwrap_err().code, code, "{text}");
        }
    }

    #[test]
    fn one_is_told_at_once_or_once_a_week() {
        assert_eq!("weekly".parse::<Frequency>().unwrap(), Frequency::Weekly);
        assert_eq!(Frequency::default().code(), "at_once");
        assert!("daily".parse::<Frequency>().is_err());
    }
}
