//! The registry's vocabularies: every closed list of codes, with labels for people.
//!
//! A vocabulary is an enum whose variants are its codes. The doc comment of a variant, one sentence
//! on one line, is the English definition that readers of the API get. Labels, Polish definitions
//! and the names other registers use are in `labels/*.toml`; [`vocabularies`] joins the two.
//!
//! To add a code: a variant, and its table in the file of labels. A new vocabulary is also named in
//! `every_vocabulary!`. The tests say what is missing.

pub mod activity;
pub mod agreement;
mod catalogue;
pub mod evidence;
pub mod lifecycle;
pub mod network;
pub mod partner;
pub mod record;
#[cfg(test)]
mod tests;

use std::{fmt, hash::Hash, str::FromStr};

use strum::{EnumMessage, VariantArray};

use super::{parse_error::ParseError, text::hint};
pub use catalogue::{CodeView, Equivalent, VocabularyView, vocabularies, vocabulary};

/// One code of a vocabulary.
///
/// Orders as the vocabulary lists its codes.
pub trait Code:
    VariantArray
    + EnumMessage
    + Into<&'static str>
    + FromStr<Err = ParseError>
    + fmt::Display
    + fmt::Debug
    + Copy
    + Ord
    + Hash
    + Send
    + Sync
    + 'static
{
    /// The vocabulary's name, as in `/api/v1/vocabularies/{name}`.
    const VOCABULARY: &'static str;

    /// The code, as in JSON and in the database.
    fn code(self) -> &'static str {
        self.into()
    }

    /// Every code, in the vocabulary's order.
    fn all() -> &'static [Self] {
        Self::VARIANTS
    }

    /// What the code means, one English sentence.
    fn definition(self) -> &'static str {
        self.get_documentation().unwrap_or_default()
    }

    /// The code with exactly this spelling, else `unknown_code` and the codes there are.
    fn parse(text: &str) -> Result<Self, ParseError> {
        let mut known = Self::all().iter().copied();
        known.find(|code| code.code() == text).ok_or_else(|| {
            let rule = format!("{} is one of", Self::VOCABULARY.replace('_', " "));
            unknown_code(text, &rule, Self::all().iter().map(|code| code.code()))
        })
    }
}

/// `unknown_code`, with the codes there are behind the rule and the one that was probably meant.
pub fn unknown_code(
    given: &str,
    rule: &str,
    codes: impl Iterator<Item = &'static str> + Clone,
) -> ParseError {
    let hint = hint(given, codes.clone());
    let codes: Vec<&str> = codes.collect();
    ParseError::new("unknown_code", format!("{rule} {}{hint}", codes.join(", ")))
}

/// Declares the enum of a vocabulary: the derives all of them share, [`Code`], `FromStr`
/// and a `Deserialize` whose refusal is that of [`Code::parse`]. Behind a variant stands the spelling of its code
/// where that is not its name in `snake_case`.
macro_rules! codes {
    ($name:literal, $(#[$($about:tt)*])* pub enum $type:ident {
        $($(#[$($told:tt)*])* $variant:ident $(= $spelling:tt)?,)*
    }) => {
        $(#[$($about)*])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(strum::VariantArray, strum::IntoStaticStr, strum::EnumMessage, strum::Display)]
        #[derive(serde::Serialize, utoipa::ToSchema, diesel::AsExpression, diesel::FromSqlRow)]
        #[strum(serialize_all = "snake_case")]
        #[serde(rename_all = "snake_case")]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub enum $type {
            $(
                $(#[$($told)*])*
                $(#[serde(rename = $spelling)] #[strum(serialize = $spelling)])?
                $variant,
            )*
        }

        impl $crate::core::vocabulary::Code for $type {
            const VOCABULARY: &'static str = $name;
        }

        impl std::str::FromStr for $type {
            type Err = $crate::core::parse_error::ParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::core::vocabulary::Code::parse(text)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::core::serde_text::deserialize(from)
            }
        }
    };
}
use codes;

/// Hands the enums of all vocabularies to another macro, so that no list of them is kept elsewhere.
macro_rules! every_vocabulary {
    ($callback:ident) => {
        $crate::core::vocabulary::every_vocabulary! { $callback:
            partner { PartnerKind NameType Existence RelationType ContactVisibility }
            agreement { RelationshipType InstrumentType Scope FieldOfCooperation StatusBasis
                ActivityLevel EntryIntoForce DurationKind Renewal PartyRole Acknowledgement
                Reciprocity }
            lifecycle { LegalStatus EventAction ParticipationStatus MembershipStatus
                MembershipAction TerminationMode ReasonCode DecidingBody LegalActKind }
            network { NetworkKind }
            activity { ActivityKind ActivityMode ActivityStatus ParticipantRole }
            evidence { SourceKind Reliability Stance Rank DocumentKind DocumentAccess }
            record { Entity RecordState ChangeOp QualityFlag Attention SuggestionState Operation
                KeyScope Role }
        }
    };
    ($callback:ident: $($room:ident { $($vocabulary:ident)+ })+) => {
        $callback! { $($($crate::core::vocabulary::$room::$vocabulary),+),+ }
    };
}
pub(crate) use every_vocabulary;
