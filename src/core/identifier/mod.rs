//! Names of partners in other registers, with the check digits that those registers publish.

mod check_digit;
mod shape;

use std::{fmt, str::FromStr};

use diesel::{AsExpression, FromSqlRow};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};
use utoipa::ToSchema;

use crate::core::{country::Country, parse_error::ParseError, vocabulary::unknown_code};
use shape::{belongs, canonical, is_right};

/// A register that numbers places and bodies.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    VariantArray,
    IntoStaticStr,
    strum::Display,
    Serialize,
    Deserialize,
    ToSchema,
    AsExpression,
    FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Scheme {
    /// An item of Wikidata: `Q761`.
    Wikidata,
    /// A feature of GeoNames: `776069`.
    Geonames,
    /// A place of UN/LOCODE, written without the blank: `PLBIA`.
    Unlocode,
    /// A subdivision of ISO 3166-2: `PL-20`.
    #[serde(rename = "iso3166-2")]
    #[strum(serialize = "iso3166-2")]
    Iso31662,
    /// A region of the European Union's NUTS: `PL841`. Greece is `EL`, the United Kingdom `UK`.
    Nuts,
    /// A local administrative unit of Eurostat, in the country's own digits.
    Lau,
    /// A unit of the Polish TERYT: two digits (voivodeship), four (county), six or seven (commune).
    Teryt,
    /// A French commune's INSEE code, or the SIREN number of an intermunicipal body.
    Insee,
    /// A United States FIPS code: two digits (state), five (county), seven (place).
    Fips,
    /// A research organisation of ROR: `052gg0110`.
    Ror,
    /// An International Standard Name Identifier (ISO 27729), 16 characters without blanks.
    Isni,
    /// A Legal Entity Identifier (ISO 17442), 20 characters.
    Lei,
    /// Any other register, named in front: `gus:0938716`.
    Local,
}

impl Scheme {
    /// The code, as in JSON.
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// Every scheme.
    pub fn all() -> &'static [Self] {
        Self::VARIANTS
    }

    /// Whether the register gives the code of a place to whatever body governs it: a commune's code
    /// goes to the commune that takes its place. All others name one body for ever.
    pub fn is_handed_on(self) -> bool {
        !matches!(
            self,
            Self::Wikidata | Self::Geonames | Self::Ror | Self::Isni | Self::Lei
        )
    }

    /// Whether the register names areas, in each of which there are many places.
    pub fn is_of_area(self) -> bool {
        matches!(self, Self::Iso31662 | Self::Nuts)
    }

    /// What a value of this scheme must look like.
    fn rule(self) -> &'static str {
        match self {
            Self::Wikidata => "a Wikidata identifier is Q and a number, such as Q761",
            Self::Geonames => "a GeoNames identifier is a number of at most ten digits",
            Self::Unlocode => {
                "a UN/LOCODE is the country's two letters and three letters or digits 2 to 9, \
                 such as PLBIA"
            }
            Self::Iso31662 => "a subdivision is its code of ISO 3166-2, such as PL-20",
            Self::Nuts => "a NUTS code is two letters and one to three letters or digits: PL841",
            Self::Lau => "a LAU code is up to 20 letters, digits, hyphens, dots or underscores",
            Self::Teryt => "a TERYT code has 2, 4, 6 or 7 digits",
            Self::Insee => {
                "an INSEE code has five digits (2A or 2B in front for Corsica), a SIREN number \
                 nine with a right check digit"
            }
            Self::Fips => "a FIPS code has 2, 5 or 7 digits",
            Self::Ror => "a ROR id is 0, six characters and two right check digits: 052gg0110",
            Self::Isni => "an ISNI has 16 digits, the last of which is a check digit or X",
            Self::Lei => "an LEI has 18 letters or digits and two right check digits",
            Self::Local => "a local identifier is namespace:value, such as gus:0938716",
        }
    }
}

impl FromStr for Scheme {
    type Err = ParseError;

    fn from_str(s: &str) -> Result<Self, ParseError> {
        let mut known = Self::all().iter().copied();
        known.find(|scheme| scheme.code() == s).ok_or_else(|| {
            let codes = Self::all().iter().map(|scheme| scheme.code());
            unknown_code(s, "an identifier's scheme is one of", codes)
        })
    }
}

/// What another register calls a partner or network.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
pub struct Identifier {
    /// The register.
    pub scheme: Scheme,
    /// The identifier there, in that register's canonical spelling.
    #[schema(example = "Q761")]
    pub value: String,
}

impl Identifier {
    /// An identifier in canonical spelling, whose shape and check digits are right.
    ///
    /// Blanks at the ends, the addresses that Wikidata, ROR and ISNI give to their identifiers,
    /// grouping blanks and the wrong case are taken away. With `country`, schemes that name the
    /// country must name this one. Else `invalid_identifier`.
    pub fn parse(
        scheme: Scheme,
        value: &str,
        country: Option<Country>,
    ) -> Result<Self, ParseError> {
        let value = canonical(scheme, value);
        if !is_right(scheme, &value) {
            return Err(ParseError::new("invalid_identifier", scheme.rule()));
        }
        if let Some(country) = country.filter(|country| !belongs(scheme, &value, *country)) {
            let name = country.english_name();
            return Err(ParseError::new(
                "invalid_identifier",
                format!("this {scheme} code is of another country than {country} ({name})"),
            ));
        }
        Ok(Self { scheme, value })
    }
}

impl FromStr for Identifier {
    type Err = ParseError;

    /// Reads `scheme:value`, as filters and spreadsheets write it.
    fn from_str(s: &str) -> Result<Self, ParseError> {
        let (scheme, value) = s.split_once(':').ok_or_else(|| {
            ParseError::new(
                "invalid_identifier",
                "an identifier is scheme:value, as in wikidata:Q761",
            )
        })?;
        Self::parse(scheme.trim().parse()?, value, None)
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scheme, self.value)
    }
}

#[cfg(test)]
mod tests;
