//! How each register writes its identifiers.

use super::{Scheme, check_digit};
use crate::core::country::{Country, Subdivision};
use crate::core::text::{self, is_digits};

/// The value without address, grouping and wrong case, as its register writes it.
pub(super) fn canonical(scheme: Scheme, value: &str) -> String {
    let value = value.trim();
    match scheme {
        Scheme::Wikidata => {
            let paths = ["www.wikidata.org/wiki/", "www.wikidata.org/entity/"];
            without_address(value, &paths).to_ascii_uppercase()
        }
        Scheme::Ror => without_address(value, &["ror.org/"]).to_ascii_lowercase(),
        Scheme::Isni => without_address(value, &["isni.org/isni/", "www.isni.org/isni/"])
            .replace([' ', '-'], "")
            .to_ascii_uppercase(),
        Scheme::Lei | Scheme::Unlocode | Scheme::Insee => {
            value.replace(' ', "").to_ascii_uppercase()
        }
        Scheme::Iso31662 | Scheme::Nuts | Scheme::Lau => value.to_ascii_uppercase(),
        Scheme::Geonames | Scheme::Teryt | Scheme::Fips => value.to_owned(),
        Scheme::Local => text::nfc(value),
    }
}

/// The identifier at the end of a web address of its register.
fn without_address<'a>(value: &'a str, paths: &[&str]) -> &'a str {
    let rest = value
        .strip_prefix("https://")
        .or_else(|| value.strip_prefix("http://"));
    let rest = rest.unwrap_or(value);
    paths
        .iter()
        .find_map(|path| rest.strip_prefix(path))
        .unwrap_or(value)
}

/// Whether a canonical value has the shape and the check digits of its scheme.
pub(super) fn is_right(scheme: Scheme, value: &str) -> bool {
    let length = value.len();
    match scheme {
        Scheme::Wikidata => value
            .strip_prefix('Q')
            .is_some_and(|number| natural(number, 18)),
        Scheme::Geonames => natural(value, 10),
        Scheme::Unlocode => value.split_at_checked(2).is_some_and(|(country, place)| {
            country.parse::<Country>().is_ok()
                && place.len() == 3
                && place
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || (b'2'..=b'9').contains(&b))
        }),
        Scheme::Iso31662 => value.parse::<Subdivision>().is_ok(),
        Scheme::Nuts => value.split_at_checked(2).is_some_and(|(country, region)| {
            letters(country) && (1..=3).contains(&region.len()) && alphanumeric(region)
        }),
        Scheme::Lau => {
            (1..=20).contains(&length)
                && value.starts_with(|c: char| c.is_ascii_alphanumeric())
                && value
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
        }
        Scheme::Teryt => matches!(length, 2 | 4 | 6 | 7) && is_digits(value),
        Scheme::Insee if length == 9 => is_digits(value) && check_digit::luhn(value),
        Scheme::Insee => value
            .split_at_checked(2)
            .is_some_and(|(department, commune)| {
                (is_digits(department) || matches!(department, "2A" | "2B"))
                    && commune.len() == 3
                    && is_digits(commune)
            }),
        Scheme::Fips => matches!(length, 2 | 5 | 7) && is_digits(value),
        Scheme::Ror => {
            length == 9
                && value.starts_with('0')
                && value
                    .split_at_checked(7)
                    .is_some_and(|(_, check)| is_digits(check))
                && check_digit::ror(value)
        }
        Scheme::Isni => length == 16 && check_digit::mod_11_2(value),
        Scheme::Lei => {
            length == 20
                && alphanumeric(value)
                && value
                    .split_at_checked(18)
                    .is_some_and(|(_, check)| is_digits(check))
                && check_digit::mod_97_10(value)
        }
        Scheme::Local => value.split_once(':').is_some_and(|(namespace, rest)| {
            (1..=40).contains(&namespace.len())
                && namespace.starts_with(|c: char| c.is_ascii_alphabetic())
                && namespace
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
                && !rest.trim().is_empty()
                && rest.chars().count() <= 100
        }),
    }
}

/// Whether a value may stand at a partner of this country.
pub(super) fn belongs(scheme: Scheme, value: &str, country: Country) -> bool {
    let country = country.as_str();
    match scheme {
        Scheme::Unlocode | Scheme::Iso31662 => value.starts_with(country),
        // The European Union writes EL and UK where ISO 3166-1 has GR and GB.
        Scheme::Nuts => value.starts_with(match country {
            "GR" => "EL",
            "GB" => "UK",
            other => other,
        }),
        Scheme::Teryt => country == "PL",
        // INSEE numbers the overseas parts of France too, which have ISO codes of their own.
        Scheme::Insee => [
            "FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "TF", "WF", "PF", "NC",
        ]
        .contains(&country),
        Scheme::Fips => matches!(country, "US" | "AS" | "GU" | "MP" | "PR" | "UM" | "VI"),
        Scheme::Wikidata
        | Scheme::Geonames
        | Scheme::Lau
        | Scheme::Ror
        | Scheme::Isni
        | Scheme::Lei
        | Scheme::Local => true,
    }
}

fn letters(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn alphanumeric(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// A whole number from 1, without leading zeros, of at most so many digits.
fn natural(text: &str, longest: usize) -> bool {
    is_digits(text) && !text.starts_with('0') && text.len() <= longest
}
