//! The columns that a file of links may have.

use std::{fmt, str::FromStr};

use super::{date, parse_cell};
use crate::core::{
    identifier::{Identifier, Scheme},
    parse_error::ParseError,
    text::did_you_mean,
    vocabulary::{agreement::InstrumentType, lifecycle::ReasonCode, partner::PartnerKind},
};

/// One of the two ends of a link. Which of them is `a` has no meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.of(["a", "b"]))
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

/// Whether a value can stand in a column.
type Check = fn(&str) -> Result<(), ParseError>;

/// What is said of the link, how it is written and what can stand there.
#[rustfmt::skip]
const OF_LINK: [(Target, &str, Check); 9] = [
    (Target::AgreementId, "agreement.id", |cell| parse_cell::agreement_id(cell).map(drop)),
    (Target::Instrument, "instrument", |cell| parse_cell::code::<InstrumentType>(cell).map(drop)),
    (Target::Relationship, "relationship", |cell| parse_cell::relationship(cell).map(drop)),
    (Target::SignedOn, "signed_on", |cell| date::Dates::default().read(cell).map(drop)),
    (Target::EndedOn, "ended_on", |cell| date::Dates::default().read(cell).map(drop)),
    (Target::EndReason, "end_reason", |cell| parse_cell::code::<ReasonCode>(cell).map(drop)),
    (Target::Note, "note", |cell| parse_cell::note(cell).map(drop)),
    (Target::SourceTitle, "source.title", |cell| parse_cell::source_title(cell).map(drop)),
    (Target::SourceUrl, "source.url", |cell| parse_cell::web_address(cell).map(drop)),
];

/// What is said of an end, likewise; its identifiers apart.
#[rustfmt::skip]
const OF_END: [(EndField, &str, Check); 7] = [
    (EndField::Id, "id", |cell| parse_cell::partner_id(cell).map(drop)),
    (EndField::Name, "name", |cell| parse_cell::name(cell).map(drop)),
    (EndField::Country, "country", |cell| parse_cell::country(cell).map(drop)),
    (EndField::Subdivision, "subdivision", |cell| parse_cell::subdivision(cell).map(drop)),
    (EndField::Kind, "kind", |cell| parse_cell::code::<PartnerKind>(cell).map(drop)),
    (EndField::Latitude, "latitude", |cell| parse_cell::latitude(cell).map(drop)),
    (EndField::Longitude, "longitude", |cell| parse_cell::longitude(cell).map(drop)),
];

impl Target {
    /// Every target: those of `a`, those of `b`, those of the link.
    pub fn all() -> impl Iterator<Item = Self> {
        let of_end = |side| {
            let fields = OF_END
                .into_iter()
                .map(move |(field, ..)| Self::End(side, field));
            fields.chain(Self::identifiers(side))
        };
        let of_link = OF_LINK.into_iter().map(|(target, ..)| target);
        Side::BOTH.into_iter().flat_map(of_end).chain(of_link)
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
        let check = match self {
            Self::End(_, EndField::Identifier(scheme)) => {
                return Identifier::parse(scheme, value, None).map(drop);
            }
            Self::End(_, own) => {
                let known = OF_END.iter().find(|(field, ..)| *field == own);
                known.map(|(.., check)| check)
            }
            own => {
                let known = OF_LINK.iter().find(|(target, ..)| *target == own);
                known.map(|(.., check)| check)
            }
        };
        check.map_or(Ok(()), |check| check(value))
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
        if let Self::End(side, field) = self {
            return write!(f, "{side}.{field}");
        }
        let known = OF_LINK.iter().find(|(target, ..)| target == self);
        f.write_str(known.map_or("", |(_, name, _)| name))
    }
}

impl fmt::Display for EndField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Identifier(scheme) = self {
            return f.write_str(scheme.code());
        }
        let known = OF_END.iter().find(|(field, ..)| field == self);
        f.write_str(known.map_or("", |(_, name, _)| name))
    }
}
