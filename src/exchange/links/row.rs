//! What a row of a file of links says.

use std::fmt;

use crate::core::{
    country::{self, Country, Subdivision},
    edtf::Edtf,
    geo::Point,
    identifier::Identifier,
    ids::PublicId,
    name,
    vocabulary::{
        agreement::{InstrumentType, RelationshipType},
        lifecycle::ReasonCode,
        partner::PartnerKind,
    },
};

/// Two places of one name and country that are further apart than this are two partners.
const NEAR_KM: f64 = 30.0;

/// Whether two are known to be further apart than [`NEAR_KM`].
pub fn are_far(one: Option<Point>, other: Option<Point>) -> bool {
    let both = one.zip(other);
    both.is_some_and(|(one, other)| one.distance_km(&other) > NEAR_KM)
}

/// Whether every day that the one date may mean is one that the other may mean, which is said less exactly.
pub fn covers(said: &Edtf, known: &Edtf) -> bool {
    let last = |last| known.latest().is_some_and(|by| by <= last);
    said.earliest() <= known.earliest() && said.latest().is_none_or(last)
}

/// A link of two partners, every value of which is right.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkRow {
    /// The line of the file on which the row begins, from 1.
    pub line: u64,
    /// One partner.
    pub a: End,
    /// The other partner.
    pub b: End,
    /// The ids of `a` and `b` in this registry, where the row comes from an export of it.
    pub end_ids: [Option<PublicId>; 2],
    /// The id of the agreement in this registry, where the row comes from an export of it.
    pub agreement_id: Option<PublicId>,
    /// The sort of paper, if the row says.
    pub instrument: Option<InstrumentType>,
    /// The kind of tie; where the row doesn't say, the usual one between ends of these kinds.
    pub relationship: RelationshipType,
    /// Whether the row says what kind of tie it is.
    pub relationship_is_given: bool,
    /// When it was signed.
    pub signed_on: Option<Edtf>,
    /// When it ended; not certainly before it was signed.
    pub ended_on: Option<Edtf>,
    /// Why it ended; only beside `ended_on`.
    pub end_reason: Option<ReasonCode>,
    /// Free text.
    pub note: Option<String>,
    /// What the source is called.
    pub source_title: Option<String>,
    /// Where the source is.
    pub source_url: Option<String>,
    /// What the row says and the link lacks, because it can't be read or is no part of a name.
    pub left_out: Vec<BadRow>,
}

impl LinkRow {
    /// The sort of paper, with the default for rows that don't say: `none` for a contact, else
    /// `unspecified`.
    pub fn instrument_or_default(&self) -> InstrumentType {
        self.instrument.unwrap_or(match self.relationship {
            RelationshipType::Contact => InstrumentType::None,
            _ => InstrumentType::Unspecified,
        })
    }

    /// `a` and `b`.
    pub fn ends(&self) -> [&End; 2] {
        [&self.a, &self.b]
    }
}

/// One partner, as a row describes it.
///
/// It has a name and a country, or an identifier, or all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// The name, composed and trimmed; missing only beside an identifier.
    pub name: Option<String>,
    /// The name with what tells it from namesakes, where the row says that: "Halle (Saale)".
    pub full_name: Option<String>,
    /// Whether what tells it from namesakes stands beside the name, where one row has it and another one has not.
    pub is_beside: bool,
    /// The country; missing only beside an identifier.
    pub country: Option<Country>,
    /// What the cell of the country is, where it says how the others of its column are meant.
    pub country_sign: Option<CountrySign>,
    /// The part of the country that the row says it lies in, where only one is called so.
    pub subdivision: Option<Subdivision>,
    /// What sort of body it is, as far as the file says.
    pub kind: PartnerKind,
    /// Who says so.
    pub kind_said: KindSaid,
    /// Identifiers in other registers, at most one of each.
    pub identifiers: Vec<Identifier>,
    /// Where it is.
    pub point: Option<Point>,
    /// The postcode that the row writes before the name, which is no part of it.
    pub postcode: Option<String>,
}

impl End {
    /// What the end is called, as it is compared: its name, which may have a part of the country beside it, and its full
    /// name.
    pub fn name_keys(&self) -> Vec<String> {
        let name = self.name.as_deref();
        let with_part = name
            .zip(self.country)
            .and_then(|(name, country)| key_with_part(name, country));
        let all = [name.map(name::key), with_part, self.full_key()];
        all.into_iter().flatten().collect()
    }

    /// The name as it is compared.
    fn name_key(&self) -> String {
        name::key(self.name.as_deref().unwrap_or_default())
    }

    /// Whether this and the other are certainly one partner: the same identifier, or the same name
    /// and country and nothing that [tells them apart](Self::differs).
    pub fn is_same(&self, other: &Self) -> bool {
        let shares = |id: &Identifier| other.identifiers.contains(id);
        let namesake = self.name.is_some()
            && self.country.is_some()
            && self.country == other.country
            && self.name_key() == other.name_key();
        self.identifiers.iter().any(shares) || (namesake && !self.differs(other))
    }

    /// What the row says beyond the name that tells it from namesakes, if that is all that does: no identifier and no
    /// place.
    pub fn beyond_the_name(&self) -> Option<&str> {
        let told = !self.identifiers.is_empty() || self.point.is_some();
        let more = self.full_name.as_deref().or(self.postcode.as_deref());
        more.filter(|_| !told)
    }

    /// The full name as it is compared.
    pub fn full_key(&self) -> Option<String> {
        let full = self.full_name.as_deref()?;
        let with_part = self
            .country
            .and_then(|country| key_with_part(full, country));
        Some(with_part.unwrap_or_else(|| name::key(full)))
    }

    /// Whether namesakes are two partners after all: different values of one scheme, different kinds,
    /// different full names, or places further apart than [`NEAR_KM`].
    pub fn differs(&self, other: &Self) -> bool {
        let contradicted = |id: &Identifier| {
            let rival = |other: &Identifier| other.scheme == id.scheme && other.value != id.value;
            other.identifiers.iter().any(rival)
        };
        let said = |end: &Self| (end.kind_said != KindSaid::Nobody).then_some(end.kind);
        let kinds = said(self).zip(said(other));
        let full_names = self.full_key().zip(other.full_key());
        self.identifiers.iter().any(contradicted)
            || full_names.is_some_and(|(own, other)| own != other)
            || kinds.is_some_and(|(own, other)| own != other)
            || are_far(self.point, other.point)
    }
}

/// The key of a name beside which a part of its country stands, with the one name of that part: "Columbus, OH" and
/// "Columbus, Ohio" have one.
pub fn key_with_part(name: &str, country: Country) -> Option<String> {
    with_part(name, country).map(|(base, part)| name::key(&format!("{base} ({part})")))
}

/// The part of its country that stands beside the names of an end, where only one is called so and they name no two.
/// Few letters beside the name of an institution are as often what it is called in short.
pub(super) fn certain_part(
    names: [Option<&str>; 2],
    country: Country,
    kind: PartnerKind,
) -> Option<Subdivision> {
    let beside = |name: &str| {
        let mut part = None;
        name::without_beside(name, |beside| {
            let is_code = beside.chars().filter(|c| c.is_alphanumeric()).count() <= 3;
            part = country::certain_subdivision(beside, country)
                .filter(|_| !(is_code && kind.is_institution()));
            part.is_some()
        });
        part
    };
    match names.map(|name| beside(name?)) {
        [Some(one), Some(other)] if one != other => None,
        [one, other] => one.or(other),
    }
}

/// A name apart from the part of its country that stands beside it, and that part by its one name.
///
/// A code in capitals needs no comma: "Washington DC", "Washington D.C."
pub(super) fn with_part(name: &str, country: Country) -> Option<(&str, &'static str)> {
    let with_code = || {
        let (base, code) = name.rsplit_once(' ')?;
        let letters = code.bytes().filter(|byte| *byte != b'.');
        let is_code = letters.clone().all(|byte| byte.is_ascii_uppercase());
        let fits = (2..=3).contains(&letters.count());
        if !is_code || !fits || !name.chars().any(char::is_lowercase) {
            return None;
        }
        Some((base, country::subdivision(code, country)?))
    };
    let mut part = None;
    let base = name::without_beside(name, |beside| {
        part = country::subdivision(beside, country);
        part.is_some()
    });
    base.zip(part).or_else(with_code)
}

/// What tells a column of codes of ISO 3166-1 from one of the letters that cars have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountrySign {
    /// One letter, which is no code of ISO 3166-1.
    Letter(char),
    /// A code that cars of its country do not have.
    Code,
}

/// Who says what sort of body an end is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KindSaid {
    /// The row itself.
    Row,
    /// The mapping, for every row that does not say.
    File,
    /// Nobody: a municipality, unless it is known as something else.
    Nobody,
}

/// One reason why a row can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// The line of the file on which the row begins, from 1.
    pub line: u64,
    /// The file's own name of the column, or ours where the file doesn't have it.
    pub column: String,
    /// What stands in the cell, shortened.
    pub value: Option<String>,
    /// Which rule it breaks and, where it helps, what is allowed.
    pub reason: String,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: ", self.line, self.column)?;
        if let Some(value) = &self.value {
            write!(f, "“{value}”: ")?;
        }
        f.write_str(&self.reason)
    }
}
