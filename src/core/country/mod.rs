//! Countries (ISO 3166-1) and their subdivisions (ISO 3166-2).
//!
//! The tables come from the crate `rust_iso3166`. Kosovo has no code in the standard; the registry
//! uses `XK`, which ISO leaves to users and the European Union and CLDR use for it.

mod names;

use std::{collections::HashMap, fmt, str::FromStr, sync::LazyLock};

use rust_iso3166::iso3166_2;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use crate::core::{invalid::Invalid, serde_text, text};

const KOSOVO: Country = Country("XK");

/// A country: its two-letter code of ISO 3166-1 in upper case, or `XK` for Kosovo.
///
/// Only the exact code is accepted, else `unknown_country`; what people write is read by
/// [`parse_lenient`].
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    ToSchema,
    diesel::AsExpression,
    diesel::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[schema(value_type = String, example = "PL", pattern = "^[A-Z]{2}$")]
pub struct Country(&'static str);

impl Country {
    /// The two-letter code.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The common English name: "South Korea", not "Korea (Republic of)".
    pub fn english_name(self) -> &'static str {
        names::COMMON
            .iter()
            .find(|(code, _)| *code == self.0)
            .map(|(_, name)| *name)
            .or_else(|| rust_iso3166::from_alpha2(self.0).map(|entry| entry.name))
            .unwrap_or(self.0)
    }

    /// Every country, in the order of the codes.
    pub fn all() -> &'static [Self] {
        static ALL: LazyLock<Vec<Country>> = LazyLock::new(|| {
            let mut all: Vec<_> = rust_iso3166::ALL_ALPHA2
                .iter()
                .copied()
                .map(Country)
                .collect();
            all.push(KOSOVO);
            all.sort_unstable();
            all
        });
        &ALL
    }

    fn find(code: &str) -> Option<Self> {
        if code == KOSOVO.0 {
            return Some(KOSOVO);
        }
        rust_iso3166::from_alpha2(code).map(|entry| Self(entry.alpha2))
    }
}

impl FromStr for Country {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        Self::find(s).ok_or_else(|| {
            let hint = parse_lenient(s).map_or_else(
                |_: Invalid| String::new(),
                |country| format!("; did you mean {country} ({})?", country.english_name()),
            );
            Invalid::new(
                "unknown_country",
                format!(
                    "a country is its two-letter code of ISO 3166-1 in upper case, such as PL{hint}"
                ),
            )
        })
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_text::deserialize(deserializer)
    }
}

/// The country meant by a code or an English name, as other lists write it.
///
/// Two- and three-letter codes, names of the standard, common and former names, in any case and
/// with or without accents: `pl`, `POL`, "Russia", "Cote d'Ivoire", "Korea, Republic of", "Burma".
/// A state that has been divided ("Yugoslavia") is `unknown_country` with the countries of today,
/// any other text is `unknown_country` with the nearest name.
pub fn parse_lenient(s: &str) -> Result<Country, Invalid> {
    let key = name_key(s);
    if let Some(country) = KNOWN.get(&key) {
        return Ok(*country);
    }
    let divided = names::DIVIDED
        .iter()
        .find(|(name, _)| name_key(name) == key);
    let message = if let Some((name, today)) = divided {
        format!(
            "{name} is more than one country today: give one of {}",
            today.join(", ")
        )
    } else {
        let known = Country::all().iter().map(|country| country.english_name());
        text::did_you_mean(s, known).map_or_else(
            || "no country has this code or English name".to_owned(),
            |name| format!("no country has this code or English name; did you mean {name}?"),
        )
    };
    Err(Invalid::new("unknown_country", message))
}

/// What [`parse_lenient`] accepts, by [`name_key`].
static KNOWN: LazyLock<HashMap<String, Country>> = LazyLock::new(|| {
    let aliases = names::ALIASES
        .iter()
        .copied()
        .chain(names::COMMON.iter().map(|(code, name)| (*name, *code)))
        .filter_map(|(name, code)| Some((name_key(name), Country::find(code)?)));
    let standard = Country::all().iter().filter_map(|country| {
        let entry = rust_iso3166::from_alpha2(country.as_str())?;
        let turned = entry
            .name
            .strip_suffix(')')
            .and_then(|name| name.split_once(" ("));
        let turned = turned.map(|(noun, rest)| name_key(&format!("{rest} {noun}")));
        let keys = [name_key(entry.name), name_key(entry.alpha3)]
            .into_iter()
            .chain(turned);
        Some(keys.map(|key| (key, *country)))
    });
    let codes = Country::all()
        .iter()
        .map(|country| (name_key(country.as_str()), *country));
    aliases.chain(standard.flatten()).chain(codes).collect()
});

/// The folded name with `&` read as "and", "St." as "Saint", and no article at either end.
fn name_key(name: &str) -> String {
    let folded = text::fold(&name.replace('&', " and "));
    let words: Vec<_> = folded
        .split(' ')
        .map(|word| if word == "st" { "saint" } else { word })
        .collect();
    let words = words.strip_prefix(&["the"]).unwrap_or(&words);
    words.strip_suffix(&["the"]).unwrap_or(words).join(" ")
}

/// A subdivision of a country: its code of ISO 3166-2, such as `PL-20`.
///
/// Only codes of the shipped table are accepted, in upper case, else `unknown_subdivision`. The
/// standard has none for Kosovo, so there the shape `XK-…` is enough.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    ToSchema,
    diesel::AsExpression,
    diesel::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[schema(value_type = String, example = "PL-20", pattern = "^[A-Z]{2}-[A-Z0-9]{1,3}$")]
pub struct Subdivision(String);

impl Subdivision {
    /// The whole code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The country it is part of.
    pub fn country(&self) -> Country {
        // The only way of making a subdivision looks its country up, so it is found again.
        self.0
            .split_once('-')
            .and_then(|(code, _)| Country::find(code))
            .unwrap_or(KOSOVO)
    }

    /// Its name in the table of the standard; none for Kosovo.
    pub fn name(&self) -> Option<&'static str> {
        iso3166_2::from_code(&self.0).map(|entry| entry.name)
    }
}

impl FromStr for Subdivision {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let known = s.split_once('-').and_then(|(country, part)| {
            let country = Country::find(country)?;
            let is_known = iso3166_2::from_code(s).is_some() || (country == KOSOVO && short(part));
            is_known.then(|| Self(s.to_owned()))
        });
        known.ok_or_else(|| {
            let upper = s.trim().to_uppercase();
            let hint = if upper != s && iso3166_2::from_code(&upper).is_some() {
                format!("; did you mean {upper}?")
            } else {
                String::new()
            };
            Invalid::new(
                "unknown_subdivision",
                format!("a subdivision is its code of ISO 3166-2, such as PL-20{hint}"),
            )
        })
    }
}

fn short(part: &str) -> bool {
    (1..=3).contains(&part.len())
        && part
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

impl fmt::Display for Subdivision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Subdivision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Subdivision {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_text::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests;
