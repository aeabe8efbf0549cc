//! Parts of countries by their names: those of ISO 3166-2, those of CLDR, most of which are English, and what lists
//! write besides, such as abbreviations (`parts.txt`).

use std::{collections::HashMap, sync::LazyLock};

use rust_iso3166::iso3166_2;

use super::{Country, Subdivision, localized::unpacked, name_key};

/// Names of CLDR, made by `cldr.py` under the licence in `cldr.LICENSE`: a line a part, its code and its names, with
/// bars between.
const PACKED: &[u8] = include_bytes!("parts.zz");
/// Names that neither table has, written like those.
const ELSEWHERE: &str = include_str!("parts.txt");

/// Words for what sort of part it is, before and behind its name, as [`name_key`] has them.
const BEFORE: &str = "bundesland|canton de|canton of|canton|kanton|land|prov di|prov|province de|\
    province of|provincia de|provincia di|provincie|provinz|regione|state of|woj|wojewodztwo";
const BEHIND: &str = "canton|prefecture|prov|province|state|voivodeship";

/// Parts by a name of theirs, with their countries.
type ByName = HashMap<String, Vec<(Country, &'static str)>>;

/// The codes of parts by their names in ISO 3166-2.
static STANDARD: LazyLock<ByName> = LazyLock::new(|| {
    let named = iso3166_2::SUBDIVISION_MAP
        .values()
        .map(|part| (part.code, part.name.to_owned()));
    by_name(named)
});

/// The codes of parts by all other names.
static OTHERS: LazyLock<ByName> = LazyLock::new(|| {
    let cldr = unpacked(PACKED);
    let all = cldr.lines().chain(ELSEWHERE.lines());
    let named = all.flat_map(|line| {
        let (code, names) = line.split_once('|').unwrap_or_default();
        let part = iso3166_2::from_code(code);
        let names = names.split('|').map(str::to_owned);
        part.into_iter()
            .flat_map(move |part| names.clone().map(move |name| (part.code, name)))
    });
    by_name(named.chain(SHOWN.iter().map(|(code, name)| (*code, name.clone()))))
});

/// The name of each part as it is shown: "Principado de Asturias" where the standard has "Asturias, Principado de".
static SHOWN: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    let shown = |part: &iso3166_2::Subdivision| match part.name.split_once(", ") {
        // "Newry, Mourne and Down" is a list.
        Some((noun, rest)) if ![",", " and ", " y "].iter().any(|sign| rest.contains(sign)) => {
            format!("{rest} {noun}")
        }
        _ => part.name.to_owned(),
    };
    let all = iso3166_2::SUBDIVISION_MAP.values();
    all.map(|part| (part.code, shown(part))).collect()
});

fn by_name(named: impl Iterator<Item = (&'static str, String)>) -> ByName {
    let mut all = ByName::new();
    for (code, name) in named {
        let country = code
            .split_once('-')
            .and_then(|(country, _)| Country::find(country));
        let parts = all.entry(name_key(&name)).or_default();
        parts.extend(country.map(|country| (country, code)));
    }
    all
}

/// The countries that have a part of this name in ISO 3166-2.
pub(super) fn with_name(key: &str) -> impl Iterator<Item = Country> {
    let parts = STANDARD.get(key).into_iter().flatten();
    parts.map(|(country, _)| *country)
}

/// The name of the part of a country that a text names in some language or in short, or gives the code of.
///
/// Oregon for "OR", "Ore." and "US-OR" of the United States, Bayern for "Bavaria" and "Freistaat Bayern" of Germany.
///
/// Parts have the names that ISO 3166-2 gives them. A name of several parts that are called otherwise is none, and so is
/// a number alone but in France: offices of statistics have other numbers (21 is Bolzano to Italy's, Piemonte in ISO).
pub fn subdivision(s: &str, country: Country) -> Option<&'static str> {
    SHOWN.get(code(s, country)?).map(String::as_str)
}

/// The part of a country that a text names, where the standard calls only one so: a city and the district around
/// it may have one name.
pub fn certain_subdivision(s: &str, country: Country) -> Option<Subdivision> {
    let part = iso3166_2::from_code(code(s, country)?)?;
    let namesakes = STANDARD.get(&name_key(part.name)).into_iter().flatten();
    let is_only = namesakes.filter(|(of, _)| *of == country).count() == 1;
    part.code.parse().ok().filter(|_| is_only)
}

/// The code of what [`subdivision`] names.
fn code(s: &str, country: Country) -> Option<&'static str> {
    let letters: String = s.chars().filter(|c| c.is_alphanumeric()).collect();
    let is_number = letters.bytes().all(|byte| byte.is_ascii_digit());
    let short = || iso3166_2::from_code(&format!("{country}-{letters}"));
    let coded = iso3166_2::from_code(s.trim())
        .filter(|part| part.country_code == country.0)
        .or_else(|| short().filter(|_| !is_number || country.0 == "FR"));
    coded.map(|part| part.code).or_else(|| {
        let key = name_key(s);
        let mut before = BEFORE.split('|');
        let before = before.find_map(|word| key.strip_prefix(word)?.strip_prefix(' '));
        let mut behind = BEHIND.split('|');
        let behind = || behind.find_map(|word| key.strip_suffix(word)?.strip_suffix(' '));
        let plain = || before.or_else(behind);
        named(&key, country).or_else(|| named(plain()?, country))
    })
}

/// The code of the only part of a country that is called so.
fn named(key: &str, country: Country) -> Option<&'static str> {
    let codes = |table: &'static ByName| {
        let parts = table.get(key).into_iter().flatten();
        parts
            .filter(move |(of, _)| *of == country)
            .map(|(_, code)| *code)
    };
    // The province and the region of one name are one for who writes that name.
    codes(&STANDARD).min().or_else(|| {
        let mut others = codes(&OTHERS);
        let first = others.next()?;
        others.all(|other| other == first).then_some(first)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, country: &str) -> Option<&'static str> {
        subdivision(text, country.parse().unwrap())
    }

    #[test]
    fn parts_are_known_by_the_names_and_abbreviations_of_lists() {
        for (country, texts, name) in [
            ("US", "Ohio|OH|US-OH|O.H.|State of Ohio", "Ohio"),
            ("US", "Mass.|MA|Massachusetts", "Massachusetts"),
            (
                "US",
                "D.C.|DC|Washington D.C.|District of Columbia",
                "District of Columbia",
            ),
            ("US", "N.C.|N. Carolina|Karolina Północna", "North Carolina"),
            ("US", "Calif.|Kalifornien", "California"),
            ("CA", "Alta.|AB|alberta", "Alberta"),
            ("CA", "Que.|Québec|Quebec|QC", "Quebec"),
            ("AU", "NSW|N.S.W.|New South Wales", "New South Wales"),
            (
                "DE",
                "Bavaria|Bayern|Baviera|Bawaria|BY|Freistaat Bayern",
                "Bayern",
            ),
            ("DE", "NRW|NW|North Rhine-Westphalia", "Nordrhein-Westfalen"),
            ("IT", "MI|Milan|Milano|Provincia di Milano", "Milano"),
            ("IT", "Tuscany|Toskana|Toscana|Regione Toscana", "Toscana"),
            (
                "PL",
                "Podlaskie|woj. podlaskie|województwo podlaskie",
                "Podlaskie",
            ),
            ("ES", "Andalusia|Andalucía|Andalousie", "Andalucía"),
            (
                "ES",
                "Principado de Asturias|Asturias, Principado de",
                "Principado de Asturias",
            ),
            ("CH", "St. Gallen|Kanton St. Gallen|SG", "Sankt Gallen"),
            ("JP", "Hokkaidō|Hokkaido|JP-01", "Hokkaido"),
            ("GB", "Szkocja|Schottland|Scotland", "Scotland"),
            ("GB", "GB-NMD", "Newry, Mourne and Down"),
            ("FR", "57|FR-57", "Moselle"),
            ("IT", "IT-21", "Piemonte"),
        ] {
            for text in texts.split('|') {
                assert_eq!(of(text, country), Some(name), "{text}");
            }
        }
        for (text, country) in [
            ("Bavaria", "AT"),
            ("Metz", "FR"),
            ("Saale", "DE"),
            ("Kent", "US"),
            ("Oh", "US"),
            ("Kujawien", "PL"),
            ("", "US"),
            ("21", "IT"),
            // The numbers of CLDR are those of other parts of Iran than the standard's of today.
            ("East Azerbaijan", "IR"),
        ] {
            assert_eq!(of(text, country), None, "{text}");
        }
    }

    #[test]
    fn a_part_is_certain_where_one_only_is_called_so() {
        let of = |text: &str, country: &str| certain_subdivision(text, country.parse().unwrap());
        for (text, country, code) in [
            ("Ohio", "US", Some("US-OH")),
            ("Bavaria", "DE", Some("DE-BY")),
            ("93", "FR", Some("FR-93")),
            ("Georgia", "FR", None),
            // The city and the district of Lankaran.
            ("Lənkəran", "AZ", None),
        ] {
            let found = of(text, country);
            assert_eq!(found.as_ref().map(Subdivision::as_str), code, "{text}");
        }
    }

    #[test]
    fn the_table_of_other_names_names_parts_of_the_standard_once() {
        let mut seen: HashMap<(String, String), &str> = HashMap::new();
        for line in ELSEWHERE.lines().filter(|line| !line.starts_with('#')) {
            let (code, names) = line.split_once('|').unwrap();
            let part = iso3166_2::from_code(code).unwrap_or_else(|| panic!("{code}"));
            for name in names.split('|') {
                let country = part.country_code;
                assert_eq!(
                    of(name, country),
                    SHOWN.get(code).map(String::as_str),
                    "{name}"
                );
                let key = (country.to_owned(), name_key(name));
                assert_eq!(seen.insert(key, code), None, "{name} is there twice");
            }
        }
        assert!(OTHERS.len() > 4_000, "{}", OTHERS.len());
    }
}
