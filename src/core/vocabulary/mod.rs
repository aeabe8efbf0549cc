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

use super::{parse_error::ParseError, text::did_you_mean};
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
        let known = Self::all().iter().copied();
        known
            .clone()
            .find(|code| code.code() == text)
            .ok_or_else(|| {
                let codes: Vec<_> = known.map(Self::code).collect();
                let hint = did_you_mean(text, codes.iter().copied())
                    .map_or_else(String::new, |code| format!("; did you mean {code}?"));
                let (name, codes) = (Self::VOCABULARY.replace('_', " "), codes.join(", "));
                ParseError::new("unknown_code", format!("{name} is one of {codes}{hint}"))
            })
    }
}

/// Declares the enum of a vocabulary: the derives all of them share, [`Code`], `Display`, `FromStr`
/// and a `Deserialize` whose refusal is that of [`Code::parse`].
macro_rules! codes {
    ($name:literal, $(#[$($about:tt)*])* pub enum $type:ident { $($variants:tt)* }) => {
        $(#[$($about)*])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(strum::VariantArray, strum::IntoStaticStr, strum::EnumMessage)]
        #[derive(serde::Serialize, utoipa::ToSchema, diesel::AsExpression, diesel::FromSqlRow)]
        #[strum(serialize_all = "snake_case")]
        #[serde(rename_all = "snake_case")]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub enum $type { $($variants)* }

        impl $crate::core::vocabulary::Code for $type {
            const VOCABULARY: &'static str = $name;
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::core::vocabulary::Code::code(*self))
            }
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
        $callback! {
            $crate::core::vocabulary::partner::PartnerKind,
            $crate::core::vocabulary::partner::NameType,
            $crate::core::vocabulary::partner::Existence,
            $crate::core::vocabulary::partner::RelationType,
            $crate::core::vocabulary::partner::ContactVisibility,
            $crate::core::vocabulary::agreement::RelationshipType,
            $crate::core::vocabulary::agreement::InstrumentType,
            $crate::core::vocabulary::agreement::Scope,
            $crate::core::vocabulary::agreement::FieldOfCooperation,
            $crate::core::vocabulary::agreement::StatusBasis,
            $crate::core::vocabulary::agreement::ActivityLevel,
            $crate::core::vocabulary::agreement::EntryIntoForce,
            $crate::core::vocabulary::agreement::DurationKind,
            $crate::core::vocabulary::agreement::Renewal,
            $crate::core::vocabulary::agreement::PartyRole,
            $crate::core::vocabulary::agreement::Acknowledgement,
            $crate::core::vocabulary::agreement::Reciprocity,
            $crate::core::vocabulary::lifecycle::LegalStatus,
            $crate::core::vocabulary::lifecycle::EventAction,
            $crate::core::vocabulary::lifecycle::ParticipationStatus,
            $crate::core::vocabulary::lifecycle::MembershipStatus,
            $crate::core::vocabulary::lifecycle::MembershipAction,
            $crate::core::vocabulary::lifecycle::TerminationMode,
            $crate::core::vocabulary::lifecycle::ReasonCode,
            $crate::core::vocabulary::lifecycle::DecidingBody,
            $crate::core::vocabulary::lifecycle::LegalActKind,
            $crate::core::vocabulary::network::NetworkKind,
            $crate::core::vocabulary::activity::ActivityKind,
            $crate::core::vocabulary::activity::ActivityMode,
            $crate::core::vocabulary::activity::ActivityStatus,
            $crate::core::vocabulary::activity::ParticipantRole,
            $crate::core::vocabulary::evidence::SourceKind,
            $crate::core::vocabulary::evidence::Reliability,
            $crate::core::vocabulary::evidence::Stance,
            $crate::core::vocabulary::evidence::Rank,
            $crate::core::vocabulary::evidence::DocumentKind,
            $crate::core::vocabulary::evidence::DocumentAccess,
            $crate::core::vocabulary::record::Entity,
            $crate::core::vocabulary::record::RecordState,
            $crate::core::vocabulary::record::ChangeOp,
            $crate::core::vocabulary::record::QualityFlag,
            $crate::core::vocabulary::record::Attention,
            $crate::core::vocabulary::record::SuggestionState,
            $crate::core::vocabulary::record::Operation,
            $crate::core::vocabulary::record::KeyScope,
            $crate::core::vocabulary::record::Role,
        }
    };
}
pub(crate) use every_vocabulary;
