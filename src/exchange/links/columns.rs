//! The columns that a file of links may have.

use std::{fmt, str::FromStr};

use super::{date, parse_cell};
use crate::core::{
    identifier::{Identifier, Scheme},
    parse_error::ParseError,
    text::did_you_mean,
};

/// One of the two ends of a link. Which of them is `a` has no meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The columns that begin with `a.`.
    A,
    /// The columns that begin with `b.`.
    B,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "a",
            Self::B => "b",
        })
    }
}

/// What a column says of one end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    Identifier(Scheme),
}

/// What a column of a file of links holds, written as in `--map a.name=City`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// `a.name`, `b.country`, `a.geonames` …: something about one end.
    End(Side, EndField),
    /// `agreement.id`: the id of the agreement in this registry, as an export has it.
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
    SourceTitle,
    /// `source.url`: where the source is.
    SourceUrl,
}

impl Target {
    /// Every target: those of `a`, those of `b`, those of the link.
    pub fn all() -> impl Iterator<Item = Self> {
        let ends = [Side::A, Side::B]
            .into_iter()
            .flat_map(|side| EndField::all().map(move |field| Self::End(side, field)));
        ends.chain([
            Self::AgreementId,
            Self::Instrument,
            Self::Relationship,
            Self::SignedOn,
            Self::EndedOn,
            Self::EndReason,
            Self::Note,
            Self::SourceTitle,
            Self::SourceUrl,
        ])
    }

    /// The targets that hold identifiers of an end.
    pub(super) fn identifiers(side: Side) -> impl Iterator<Item = Self> {
        let schemes = Scheme::all().iter().copied();
        schemes.map(move |scheme| Self::End(side, EndField::Identifier(scheme)))
    }

    /// Whether the words of a cell are codes, among which those for "missing" may be.
    pub(super) fn is_coded(self) -> bool {
        match self {
            Self::End(_, field) => field == EndField::Kind,
            Self::Instrument | Self::Relationship | Self::EndReason => true,
            Self::AgreementId
            | Self::SignedOn
            | Self::EndedOn
            | Self::Note
            | Self::SourceTitle
            | Self::SourceUrl => false,
        }
    }

    /// Whether a constant or the value of a table can stand here, so that a wrong mapping is told
    /// once and not for every row.
    pub(super) fn check(self, value: &str) -> Result<(), ParseError> {
        match self {
            Self::End(_, field) => field.check(value),
            Self::AgreementId => parse_cell::agreement_id(value).map(drop),
            Self::Instrument => parse_cell::instrument(value).map(drop),
            Self::Relationship => parse_cell::relationship(value).map(drop),
            Self::SignedOn | Self::EndedOn => date::Dates::default().read(value).map(drop),
            Self::EndReason => parse_cell::reason(value).map(drop),
            Self::Note => parse_cell::note(value).map(drop),
            Self::SourceTitle => parse_cell::source_title(value).map(drop),
            Self::SourceUrl => parse_cell::web_address(value).map(drop),
        }
    }
}

impl EndField {
    fn all() -> impl Iterator<Item = Self> {
        let identifiers = Scheme::all().iter().copied().map(Self::Identifier);
        [
            Self::Id,
            Self::Name,
            Self::Country,
            Self::Subdivision,
            Self::Kind,
            Self::Latitude,
            Self::Longitude,
        ]
        .into_iter()
        .chain(identifiers)
    }

    fn check(self, value: &str) -> Result<(), ParseError> {
        match self {
            Self::Id => parse_cell::partner_id(value).map(drop),
            Self::Name => parse_cell::name(value).map(drop),
            Self::Country => parse_cell::country(value).map(drop),
            Self::Subdivision => parse_cell::subdivision(value).map(drop),
            Self::Kind => parse_cell::kind(value).map(drop),
            Self::Latitude => parse_cell::latitude(value).map(drop),
            Self::Longitude => parse_cell::longitude(value).map(drop),
            Self::Identifier(scheme) => Identifier::parse(scheme, value, None).map(drop),
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
                let hint = did_you_mean(given, names.iter().map(String::as_str))
                    .map_or_else(String::new, |name| format!("; did you mean {name}?"));
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

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::End(side, field) => return write!(f, "{side}.{field}"),
            Self::AgreementId => "agreement.id",
            Self::Instrument => "instrument",
            Self::Relationship => "relationship",
            Self::SignedOn => "signed_on",
            Self::EndedOn => "ended_on",
            Self::EndReason => "end_reason",
            Self::Note => "note",
            Self::SourceTitle => "source.title",
            Self::SourceUrl => "source.url",
        })
    }
}

impl fmt::Display for EndField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Country => "country",
            Self::Subdivision => "subdivision",
            Self::Kind => "kind",
            Self::Latitude => "latitude",
            Self::Longitude => "longitude",
            Self::Identifier(scheme) => scheme.code(),
        })
    }
}
