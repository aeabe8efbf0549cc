//! Countries (ISO 3166-1) and their subdivisions (ISO 3166-2).
//!
//! The tables come from the crate `rust_iso3166`. Kosovo has no code in the standard; the registry
//! uses `XK`, which ISO leaves to users and the European Union and CLDR use for it. Names in other
//! languages than English are those of Unicode CLDR (see `cldr.py`); what it lacks, former names and
//! withdrawn codes among it, is in `elsewhere.txt`.

mod localized;
mod names;
mod parts;

use std::{collections::HashMap, str::FromStr, sync::LazyLock};

use diesel::{AsExpression, FromSqlRow};
use rust_iso3166::iso3166_2;
use unicode_normalization::{
    UnicodeNormalization,
    char::{canonical_combining_class, is_combining_mark},
};
use utoipa::ToSchema;

pub use self::parts::{certain_subdivision, subdivision};
use crate::core::{parse_error::ParseError, serde_text, text};

/// A country: its two-letter code of ISO 3166-1 in upper case, or `XK` for Kosovo.
///
/// Only the exact code is accepted, else `unknown_country`; what people write is read by
/// [`parse_lenient`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ToSchema, AsExpression, FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[schema(value_type = String, example = "PL", pattern = "^[A-Z]{2}$")]
pub struct Country(&'static str);

impl Country {
    /// Most countries that are asked for at once, where each costs something: more than any continent has.
    pub const MOST: usize = 60;

    /// Kosovo, which has no code in the standard.
    pub const KOSOVO: Self = Self("XK");

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
            all.push(Country::KOSOVO);
            all.sort_unstable();
            all
        });
        &ALL
    }

    fn find(code: &str) -> Option<Self> {
        if code == Self::KOSOVO.0 {
            return Some(Self::KOSOVO);
        }
        rust_iso3166::from_alpha2(code).map(|entry| Self(entry.alpha2))
    }
}

impl FromStr for Country {
    type Err = ParseError;

    fn from_str(s: &str) -> Result<Self, ParseError> {
        Self::find(s).ok_or_else(|| {
            let hint = parse_lenient(s).map_or_else(
                |_: ParseError| String::new(),
                |country| format!("; did you mean {country} ({})?", country.english_name()),
            );
            ParseError::new(
                "unknown_country",
                format!(
                    "a country is its two-letter code of ISO 3166-1 in upper case, such as PL{hint}"
                ),
            )
        })
    }
}

serde_text::as_text!(Country);

/// The country meant by a code or a name in any language, as lists write it.
///
/// Two- and three-letter codes; names of the standard, common and former names in English; usual,
/// formal and former names in the larger languages; and the names of CLDR in all its languages. Case
/// and accents make no difference in names, case makes none in codes, and a word may be cut with a
/// point: `pl`, `POL`, "Russia", "Cote d'Ivoire", "Niemcy", "Dem. Rep. Congo".
///
/// A state that has been divided ("Yugoslavia", "СРСР", or by its withdrawn code `YU`) and a name of
/// several countries ("Congo") are `unknown_country` with those it may be, any other text is
/// `unknown_country` with the nearest name.
pub fn parse_lenient(s: &str) -> Result<Country, ParseError> {
    look_up(s).map_err(|several| {
        let message = several.unwrap_or_else(|| {
            let known = Country::all().iter().map(|country| country.english_name());
            let hint = text::hint(s, known);
            format!("no country has this code or name{hint}")
        });
        ParseError::new("unknown_country", message)
    })
}

/// The country that [`parse_lenient`] reads, without looking for what else could be meant.
pub fn find(s: &str) -> Option<Country> {
    look_up(s).ok()
}

/// The country that a text means for sure although it may be anything, such as what stands beside the name of a city.
///
/// A few letters may be a state or a word (MA, TO, COL, Sur), and some names are those of parts of other countries,
/// too: Georgia, Granada, Luxembourg, Niger.
pub fn certain(s: &str) -> Option<Country> {
    let key = name_key(s);
    let country = find(s)?;
    let is_sure = match key.len() {
        0..=3 => CERTAIN_LETTERS.contains(&key.as_str()),
        _ => !is_elsewhere(&key, country),
    };
    is_sure.then_some(country)
}

/// The countries of today that a text names: several for a state that was divided, such as "YU" and "Czechoslovakia".
pub fn successors(s: &str) -> Vec<Country> {
    if let Some(country) = find(s) {
        return vec![country];
    }
    let divided = SEVERAL.get(&name_key(s));
    let codes = divided.into_iter().flat_map(|(_, today)| today);
    codes.filter_map(|code| Country::find(code)).collect()
}

/// The part of a country, or the state that is a part of it today, that a text names.
///
/// [`parse_lenient`] reads it as the country. It has one name whatever the language: Scotland for "Szkocja", East Germany
/// for "DDR" and "NRD".
pub fn part(s: &str) -> Option<&'static str> {
    static PARTS: LazyLock<HashMap<String, &str>> = LazyLock::new(|| {
        names::parts()
            .map(|(name, part)| (name_key(name), part))
            .collect()
    });
    let key = name_key(s);
    let key = without_former(&key).unwrap_or(key);
    PARTS.get(&key).copied()
}

/// Whether these are two countries of which neither belongs to another one.
pub fn are_apart(one: Country, other: Country) -> bool {
    one != other && !is_dependent(one) && !is_dependent(other)
}

/// Whether a country belongs to another one, which lists may name instead of it: Puerto Rico, Hong Kong, Gibraltar.
pub fn is_dependent(country: Country) -> bool {
    DEPENDENT.contains(&country.0)
}

/// Letters that are a country wherever they stand.
const CERTAIN_LETTERS: [&str; 6] = ["uk", "usa", "uae", "ddr", "gdr", "nrd"];

/// Countries that belong to another one, or are claimed by one, most of which ISO 3166-2 has among its parts.
const DEPENDENT: [&str; 43] = [
    "AI", "AS", "AW", "AX", "BL", "BM", "BQ", "CK", "CW", "FK", "FO", "GF", "GG", "GI", "GL", "GP",
    "GU", "HK", "IM", "JE", "KY", "MF", "MO", "MP", "MQ", "MS", "NC", "NU", "PF", "PM", "PR", "RE",
    "SJ", "SX", "TC", "TF", "TK", "TW", "UM", "VG", "VI", "WF", "YT",
];

/// Whether a name of this country is that of a part of another one, too: by the table of the standard, which has few
/// languages, and for the best known of them in others.
fn is_elsewhere(key: &str, country: Country) -> bool {
    let one_word = !key.contains(' ');
    match country.0 {
        // The province of Belgium, and the region of Greece.
        "LU" | "MK" if one_word => true,
        // The state of the United States, where its name is another one than in English.
        "GE" if ["georgie", "ジョージア", "조지아", "喬治亞", "乔治亚"].contains(&key) => {
            true
        }
        _ => !is_dependent(country) && parts::with_name(key).any(|of| of != country),
    }
}

/// The country meant by a code or a name, or else why it is several ones, if it is.
fn look_up(s: &str) -> Result<Country, Option<String>> {
    let coded = code(s);
    let mixed = s.chars().any(char::is_lowercase) && s.chars().any(char::is_uppercase);
    if let Some(country) = coded.filter(|_| !mixed) {
        return Ok(country);
    }
    let key = name_key(s);
    let key = without_former(&key).unwrap_or(key);
    if let Some((name, today)) = SEVERAL.get(&key) {
        let named = |code: &&str| match today.len() {
            1..=3 => described(code),
            _ => (*code).to_owned(),
        };
        let today: Vec<_> = today.iter().map(named).collect();
        return Err(Some(format!(
            "{name} is more than one country today: give one of {}",
            today.join(", ")
        )));
    }
    let mut found = localized::find(&key);
    match (coded, KNOWN.get(&key)) {
        // "Nga" is Russia in Vietnamese, "NGA" the code of Nigeria.
        (Some(country), _) => found.push(country),
        (None, Some(known)) => found = vec![*known],
        (None, None) if found.is_empty() => found = shortened(s),
        (None, None) => {}
    }
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [] => Err(None),
        [country] => Ok(*country),
        several => Err(Some(ambiguous(several))),
    }
}

/// The country of a code of two or three letters, in any case and width, whatever stands around it. Letters with accents make other words:
/// "Áo" is Austria in Vietnamese and not Angola, "ČR" is not Costa Rica.
fn code(s: &str) -> Option<Country> {
    let code: String = s.nfkc().collect();
    let code = code
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_ascii_uppercase();
    let three = || rust_iso3166::from_alpha3(&code).map(|entry| Country(entry.alpha2));
    Country::find(&code).or_else(three)
}

/// "ex DDR" and "former Soviet Union" without their first word, unless a country is called so.
fn without_former(key: &str) -> Option<String> {
    let rest = key
        .strip_prefix("ex ")
        .or_else(|| key.strip_prefix("former "))?;
    (!SEVERAL.contains_key(key) && !KNOWN.contains_key(key)).then(|| rest.to_owned())
}

fn ambiguous(countries: &[Country]) -> String {
    let named: Vec<_> = countries
        .iter()
        .map(|country| described(country.as_str()))
        .collect();
    format!(
        "this names more than one country: say {}",
        named.join(" or ")
    )
}

/// A country by its code and its name.
fn described(code: &str) -> String {
    Country::find(code).map_or_else(
        || code.to_owned(),
        |country| format!("{country} ({})", country.english_name()),
    )
}

/// The countries whose name begins each of its words as the text does, if the text cuts a word with
/// a point: "Dem. Rep. Congo", "Bosnia and Herz.". Small words don't count.
fn shortened(s: &str) -> Vec<Country> {
    let words: Vec<(String, bool)> = s
        .split_whitespace()
        .flat_map(|word| word.split_inclusive('.'))
        .map(|word| (name_key(word), word.ends_with('.')))
        .filter(|(word, _)| !word.is_empty() && !is_small(word))
        .collect();
    let letters: usize = words.iter().map(|(word, _)| word.chars().count()).sum();
    if letters < 6 || !words.iter().any(|(_, cut)| *cut) {
        return Vec::new();
    }
    let fits = |name: &str| {
        let mut given = words.iter();
        let mut own = name.split(' ').filter(|word| !is_small(word));
        loop {
            match (given.next(), own.next()) {
                (None, None) => return true,
                (Some((start, true)), Some(word)) if word.starts_with(start.as_str()) => {}
                (Some((whole, false)), Some(word)) if word == whole => {}
                _ => return false,
            }
        }
    };
    let known = KNOWN.iter().filter(|(name, _)| fits(name));
    let found: Vec<Country> = known.map(|(_, country)| *country).collect();
    if found.is_empty() {
        return localized::fitting(fits);
    }
    found
}

/// Words of names that abbreviations leave out.
fn is_small(word: &str) -> bool {
    let small = [
        "and", "of", "the", "e", "ed", "et", "und", "y", "de", "del", "des", "di", "do", "du", "la",
    ];
    small.contains(&word)
}

/// What [`parse_lenient`] knows without CLDR, by [`name_key`].
static KNOWN: LazyLock<HashMap<String, Country>> = LazyLock::new(|| {
    let aliases = names::elsewhere()
        .chain(names::COMMON.iter().copied())
        .filter_map(|(code, name)| Some((name_key(name), Country::find(code)?)));
    let standard = Country::all().iter().filter_map(|country| {
        let entry = rust_iso3166::from_alpha2(country.as_str())?;
        let turned = entry
            .name
            .strip_suffix(')')
            .and_then(|name| name.split_once(" ("));
        let turned = turned.map(|(noun, rest)| name_key(&format!("{rest} {noun}")));
        let keys = Some(name_key(entry.name)).into_iter().chain(turned);
        Some(keys.map(|key| (key, *country)))
    });
    aliases.chain(standard.flatten()).collect()
});

/// Names of more than one country of today, by [`name_key`].
static SEVERAL: LazyLock<HashMap<String, (&str, Vec<&str>)>> = LazyLock::new(|| {
    let divided = names::elsewhere().filter(|(today, _)| today.contains(' '));
    divided
        .map(|(today, name)| (name_key(name), (name, today.split(' ').collect())))
        .collect()
});

/// The name without case, accents and punctuation, with `&` read as "and", "St." as "Saint", and no
/// article at either end. Letters stay in their script: names are never compared by their sound.
///
/// What is told apart here has to be in the table of CLDR: `same` in `cldr.py` overlooks no more.
fn name_key(name: &str) -> String {
    let mut letters = String::with_capacity(name.len());
    // By way of upper case, so that ß meets ss and dotless ı meets i.
    let caseless = name.nfkd().flat_map(char::to_uppercase);
    for c in caseless.flat_map(char::to_lowercase).nfkd() {
        match c {
            'ł' => letters.push('l'),
            'ø' => letters.push('o'),
            'đ' => letters.push('d'),
            'æ' => letters.push_str("ae"),
            'œ' => letters.push_str("oe"),
            '&' => letters.push_str(" and "),
            // Marks over and under letters; those that are letters of their script stay.
            _ if matches!(canonical_combining_class(c), 1 | 10..=36 | 200..=255) => {}
            _ if is_invisible(c) => {}
            _ if c.is_alphanumeric() || is_combining_mark(c) => letters.push(c),
            _ => letters.push(' '),
        }
    }
    let words: Vec<_> = letters
        .split_whitespace()
        .map(|word| if word == "st" { "saint" } else { word })
        .collect();
    let words = words.strip_prefix(&["the"]).unwrap_or(&words);
    words.strip_suffix(&["the"]).unwrap_or(words).join(" ")
}

/// Characters that show nothing: joiners and marks of direction.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether a text is a code of three letters of ISO 3166-1, in capitals.
pub fn is_alpha_3(code: &str) -> bool {
    rust_iso3166::from_alpha3(code).is_some()
}

/// A subdivision of a country: its code of ISO 3166-2, such as `PL-20`.
///
/// Only codes of the shipped table are accepted, in upper case, else `unknown_subdivision`. The
/// standard has none for Kosovo, so there the shape `XK-…` is enough.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, ToSchema, AsExpression, FromSqlRow,
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
            .unwrap_or(Country::KOSOVO)
    }

    /// Its name in the table of the standard; none for Kosovo.
    pub fn name(&self) -> Option<&'static str> {
        iso3166_2::from_code(&self.0).map(|entry| entry.name)
    }
}

impl FromStr for Subdivision {
    type Err = ParseError;

    fn from_str(s: &str) -> Result<Self, ParseError> {
        let known = s.split_once('-').and_then(|(country, part)| {
            let country = Country::find(country)?;
            let is_known =
                iso3166_2::from_code(s).is_some() || (country == Country::KOSOVO && short(part));
            is_known.then(|| Self(s.to_owned()))
        });
        known.ok_or_else(|| {
            let upper = s.trim().to_uppercase();
            let hint = if upper != s && iso3166_2::from_code(&upper).is_some() {
                format!("; did you mean {upper}?")
            } else {
                String::new()
            };
            ParseError::new(
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

serde_text::as_text!(Subdivision);

#[cfg(test)]
mod tests;
