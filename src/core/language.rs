//! Languages of names, texts and papers.

use std::{collections::BTreeMap, str::FromStr};

use diesel::{AsExpression, FromSqlRow};
use utoipa::ToSchema;

use crate::core::{parse_error::ParseError, serde_text};

/// One text in several languages.
pub type Translations = BTreeMap<LanguageTag, String>;

/// A language, where needed with its script and region: `pl`, `be-Cyrl`, `sr-Latn`, `pt-BR`.
///
/// A well-formed tag of BCP 47 (RFC 5646) that begins with a language of two or three letters (ISO
/// 639), kept in the standard's case: `BE-cyrl` becomes `be-Cyrl`. Else `invalid_language`.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, ToSchema, AsExpression, FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[schema(value_type = String, example = "be-Cyrl", pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]
pub struct LanguageTag(String);

impl LanguageTag {
    /// The whole tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language alone, without script and region: `be` of `be-Cyrl`.
    pub fn primary(&self) -> &str {
        self.0
            .split_once('-')
            .map_or(self.as_str(), |(primary, _)| primary)
    }
}

impl FromStr for LanguageTag {
    type Err = ParseError;

    fn from_str(s: &str) -> Result<Self, ParseError> {
        let text = s.trim();
        oxilangtag::LanguageTag::parse_and_normalize(text)
            .ok()
            .map(|tag| Self(tag.into_inner()))
            // Longer first parts are well-formed but unassigned ("polish"), shorter ones are
            // private use or grandfathered.
            .filter(|tag| matches!(tag.primary().len(), 2 | 3) && text.len() <= 35)
            .ok_or_else(|| {
                ParseError::new(
                    "invalid_language",
                    "a language is a BCP 47 tag that begins with a code of two or three letters, \
                     such as pl, be-Cyrl, sr-Latn or pt-BR",
                )
            })
    }
}

serde_text::as_text!(LanguageTag);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_standard_case() {
        for (given, kept, primary) in [
            ("pl", "pl", "pl"),
            ("BE-cyrl", "be-Cyrl", "be"),
            (" sr-latn ", "sr-Latn", "sr"),
            ("PT-br", "pt-BR", "pt"),
            ("be-tarask", "be-tarask", "be"),
            ("ckb-Arab-IQ", "ckb-Arab-IQ", "ckb"),
        ] {
            let tag: LanguageTag = given.parse().unwrap();
            assert_eq!((tag.as_str(), tag.primary()), (kept, primary));
        }
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        for text in [
            "",
            "p",
            "polish",
            "pl_PL",
            "pl-",
            "x-local",
            "i-klingon",
            "p1",
            "be-Cyrl-",
            "język",
        ] {
            assert_eq!(
                text.parse::<LanguageTag>().unwrap_err().code,
                "invalid_language",
                "{text}"
            );
        }
    }

    #[test]
    fn is_a_key_of_json_objects() {
        let texts: Translations =
            serde_json::from_str(r#"{"pl":"Umowa","EN":"Agreement"}"#).unwrap();
        assert_eq!(
            serde_json::to_string(&texts).unwrap(),
            r#"{"en":"Agreement","pl":"Umowa"}"#
        );
        assert!(serde_json::from_str::<Translations>(r#"{"polish":"Umowa"}"#).is_err());
    }
}
