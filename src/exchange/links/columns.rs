//! The columns that a file of links may have.

use std::str::FromStr;

use super::{date, parse_cell};
use crate::core::{
    identifier::{Identifier, Scheme},
    parse_error::ParseError,
    text::hint,
    vocabulary::{agreement::InstrumentType, lifecycle::ReasonCode, partner::PartnerKind},
};

/// One of the two ends of a link. Which of them is `a` has no meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum Side {
    /// The columns that begin with `a.`.
    A,
    /// The columns that begin with `b.`.
    B,
}

impl Side {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::A, Self::B];

    /// What there is of each side, with its side.
    pub fn each<T>([a, b]: [T; 2]) -> [(Self, T); 2] {
        [(Self::A, a), (Self::B, b)]
    }

    /// What there is of this side.
    pub fn of<T>(self, [a, b]: [T; 2]) -> T {
        match self {
            Self::A => a,
            Self::B => b,
        }
    }
}

/// What a column says of one end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum EndField {
    /// `id`: its id in this registry, as an export has it.
    Id,
    /// `name`: the name to show.
    Name,
    /// `country`: a code of ISO 3166-1 or a name in any language.
    Country,
    /// `subdivision`: the state, province or the like it lies in, which tells namesakes apart.
    Subdivision,
    /// `kind`: what sort of body it is, municipality when blank.
    Kind,
    /// `latitude`: decimal degrees, WGS 84.
    Latitude,
    /// `longitude`: decimal degrees, WGS 84.
    Longitude,
    /// `wikidata`, `geonames` or the code of another scheme: the identifier in that register.
    #[strum(transparent)]
    Identifier(Scheme),
}

/// What a column of a file of links holds, written as in `--map a.name=City`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum Target {
    /// `a.name`, `b.country`, `a.geonames` …: something about one end.
    #[strum(to_string = "{0}.{1}")]
    End(Side, EndField),
    /// `agreement.id`: the id of the agreement in this registry, as an export has it.
    #[strum(to_string = "agreement.id")]
    AgreementId,
    /// `instrument`: the sort of paper.
    Instrument,
    /// `relationship`: the kind of tie.
    Relationship,
    /// `signed_on`: an EDTF date.
    SignedOn,
    /// `ended_on`: an EDTF date.
    EndedOn,
    /// `end_reason`: why it ended.
    EndReason,
    /// `note`: free text.
    Note,
    /// `source.title`: what the source is called.
    #[strum(to_string = "source.title")]
    SourceTitle,
    /// `source.url`: where the source is.
    #[strum(to_string = "source.url")]
    SourceUrl,
}

/// What is said of the link.
#[rustfmt::skip]
const OF_LINK: [Target; 9] = [
    Target::AgreementId, Target::Instrument, Target::Relationship, Target::SignedOn, Target::EndedOn,
    Target::EndReason, Target::Note, Target::SourceTitle, Target::SourceUrl,
];

/// What is said of an end; its identifiers apart.
#[rustfmt::skip]
const OF_END: [EndField; 7] = [
    EndField::Id, EndField::Name, EndField::Country, EndField::Subdivision, EndField::Kind,
    EndField::Latitude, EndField::Longitude,
];

impl Target {
    /// Every target: those of `a`, those of `b`, those of the link.
    pub fn all() -> impl Iterator<Item = Self> {
        let of_end = |side| {
            let fields = OF_END.into_iter().map(move |field| Self::End(side, field));
            fields.chain(Self::identifiers(side))
        };
        Side::BOTH.into_iter().flat_map(of_end).chain(OF_LINK)
    }

    /// The targets that hold identifiers of an end.
    pub(super) fn identifiers(side: Side) -> impl Iterator<Item = Self> {
        let schemes = Scheme::all().iter().copied();
        schemes.map(move |scheme| Self::End(side, EndField::Identifier(scheme)))
    }

    /// Whether the words of a cell are codes, among which those for "missing" may be.
    pub(super) fn is_coded(self) -> bool {
        matches!(
            self,
            Self::End(_, EndField::Kind) | Self::Instrument | Self::Relationship | Self::EndReason
        )
    }

    /// Whether a constant or the value of a table can stand here, so that a wrong mapping is told
    /// once and not for every row.
    pub(super) fn check(self, value: &str) -> Result<(), ParseError> {
        match self {
            Self::End(_, EndField::Id) => parse_cell::partner_id(value).map(drop),
            Self::End(_, EndField::Name) => parse_cell::name(value).map(drop),
            Self::End(_, EndField::Country) => parse_cell::country(value).map(drop),
            Self::End(_, EndField::Subdivision) => parse_cell::subdivision(value).map(drop),
            Self::End(_, EndField::Kind) => parse_cell::code::<PartnerKind>(value).map(drop),
            Self::End(_, EndField::Latitude) => parse_cell::latitude(value).map(drop),
            Self::End(_, EndField::Longitude) => parse_cell::longitude(value).map(drop),
            Self::End(_, EndField::Identifier(scheme)) => {
                Identifier::parse(scheme, value, None).map(drop)
            }
            Self::AgreementId => parse_cell::agreement_id(value).map(drop),
            Self::Instrument => parse_cell::code::<InstrumentType>(value).map(drop),
            Self::Relationship => parse_cell::relationship(value).map(drop),
            Self::SignedOn | Self::EndedOn => date::Dates::default().read(value).map(drop),
            Self::EndReason => parse_cell::code::<ReasonCode>(value).map(drop),
            Self::Note => parse_cell::note(value).map(drop),
            Self::SourceTitle => parse_cell::source_title(value).map(drop),
            Self::SourceUrl => parse_cell::web_address(value).map(drop),
        }
    }
}

impl FromStr for Target {
    type Err = ParseError;

    fn from_str(s: &str) -> Result<Self, ParseError> {
        let given = s.trim();
        // The first partner of several.
        let given = given
            .strip_prefix("b1.")
            .map_or_else(|| given.to_owned(), |rest| format!("b.{rest}"));
        let given = given.as_str();
        Self::all()
            .find(|target| target.to_string() == given)
            .ok_or_else(|| {
                let names: Vec<_> = Self::all().map(|target| target.to_string()).collect();
                let hint = hint(given, names.iter().map(String::as_str));
                ParseError::new(
                    "unknown_target",
                    format!(
                        "“{given}” is no column of links, which are {}, and b2.name, b2.country … for \
                         further partners of a row{hint}",
                        names.join(", ")
                    ),
                )
            })
    }
}
