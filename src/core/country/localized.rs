//! Names of countries in the languages of CLDR.
//!
//! The table is made by `cldr.py` and is under the licence in `cldr.LICENSE`. It is unpacked when a
//! name is asked for that English does not know.

use std::{collections::HashMap, io::Read, sync::LazyLock};

use flate2::read::ZlibDecoder;

use super::{Country, KNOWN, name_key};

/// A line a country: its code and its names, with bars between.
const PACKED: &[u8] = include_bytes!("cldr.zz");

/// Countries that have two names, of which the second stands in brackets behind the first: Côte d'Ivoire,
/// the Falkland Islands, Myanmar, New Zealand, Timor-Leste and the Holy See.
const OF_TWO_NAMES: [&str; 6] = ["CI", "FK", "MM", "NZ", "TL", "VA"];

/// The countries that a name may mean, by [`name_key`].
static NAMES: LazyLock<HashMap<String, Vec<Country>>> = LazyLock::new(|| {
    let table = unpacked(PACKED);
    let rows = rows(&table);
    let mut names: HashMap<String, Vec<Country>> = HashMap::with_capacity(40_000);
    for (country, all) in &rows {
        for name in all {
            add(&mut names, name_key(name), *country);
        }
    }
    // "Myanmar (Birmania)" is Myanmar and Birmania, unless a country is called so. Of most it says which
    // one is meant: "Congo (Republic)" is not called Republic.
    let mut parts = HashMap::new();
    for (country, all) in &rows {
        let of_two_names = OF_TWO_NAMES.contains(&country.as_str());
        // Chinese and Japanese have wide brackets.
        let bracketed = all.iter().filter_map(|name| name.split_once(['(', '（']));
        for (first, rest) in bracketed {
            let second = rest.trim_end().trim_end_matches([')', '）']);
            let second = Some(second).filter(|_| of_two_names);
            for part in [Some(first), second].into_iter().flatten().map(name_key) {
                if !names.contains_key(&part) {
                    add(&mut parts, part, *country);
                }
            }
        }
    }
    names.extend(parts);
    names
});

/// A whole table; empty if it can't be read.
pub(super) fn unpacked(packed: &[u8]) -> String {
    let mut table = String::new();
    let read = ZlibDecoder::new(packed).read_to_string(&mut table);
    read.map_or_else(|_| String::new(), |_| table)
}

/// Each country with its names.
fn rows(table: &str) -> Vec<(Country, Vec<&str>)> {
    let rows = table.lines().filter_map(|line| {
        let mut cells = line.split('|');
        let country = cells.next().and_then(Country::find)?;
        Some((country, cells.collect()))
    });
    rows.collect()
}

fn add(names: &mut HashMap<String, Vec<Country>>, key: String, country: Country) {
    if key.is_empty() || KNOWN.contains_key(&key) {
        return;
    }
    let countries = names.entry(key).or_default();
    if !countries.contains(&country) {
        countries.push(country);
    }
}

/// The countries that some language calls so.
pub(super) fn find(key: &str) -> Vec<Country> {
    NAMES.get(key).cloned().unwrap_or_default()
}

/// The countries of which a name fits.
pub(super) fn fitting(fits: impl Fn(&str) -> bool) -> Vec<Country> {
    let names = NAMES.iter().filter(|(name, _)| fits(name));
    names
        .flat_map(|(_, countries)| countries)
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_names_in_many_languages() {
        for country in Country::all() {
            let named = NAMES.values().filter(|found| found.contains(country));
            assert!(named.count() > 15, "{country}");
        }
    }

    #[test]
    fn every_name_of_the_table_is_understood_as_its_country() {
        let table = unpacked(PACKED);
        for (country, names) in rows(&table) {
            for name in names {
                match super::super::parse_lenient(name) {
                    Ok(found) => assert_eq!(found, country, "{name}"),
                    // Shared with another country, and both are told.
                    Err(error) => assert!(
                        error.message.contains("more than one country")
                            && error.message.contains(country.as_str()),
                        "{country}, {name}: {error}"
                    ),
                }
            }
        }
    }

    #[test]
    fn a_name_is_in_the_table_once_for_each_way_that_is_told_apart() {
        let code = |name: &str| {
            let found = super::super::parse_lenient(name);
            found.ok().map(Country::as_str)
        };
        for (name, expected) in [
            ("जर्मनी", "DE"),
            ("इटली", "IT"),
            ("कनाडा", "CA"),
            ("Saudiarabien", "SA"),
            ("Saudi-Arabien", "SA"),
            ("Suður-Kórea", "KR"),
            ("Hvíta-Rússland", "BY"),
            ("Kostarika", "CR"),
            ("Kosta Rika", "CR"),
            ("COSTA RICA", "CR"),
        ] {
            assert_eq!(code(name), Some(expected), "{name}");
        }
        let table = unpacked(PACKED);
        let rows = rows(&table);
        let names: usize = rows.iter().map(|(_, names)| names.len()).sum();
        // As many as `cldr.py` says, of which `name_key` needs nearly all.
        let keys = rows.iter().map(|(_, names)| {
            let keys: std::collections::HashSet<_> = names.iter().map(|n| name_key(n)).collect();
            keys.len()
        });
        let keys: usize = keys.sum();
        assert!(keys > 30_600 && names - keys < 300, "{names}, {keys}");
    }

    #[test]
    fn what_stands_in_brackets_is_a_name_where_there_are_two() {
        let code = |name: &str| {
            let found = super::super::parse_lenient(name);
            found.ok().map(Country::as_str)
        };
        for (name, expected) in [
            ("Birmania", Some("MM")),
            ("Neuseeland", Some("NZ")),
            ("Malvinas", Some("FK")),
            ("Republik", None),
            ("Repubblica", None),
            ("Британия", Some("GB")),
            ("Demokratische Republik", None),
            ("RC", None),
            ("Hol.", None),
            ("缅甸", Some("MM")),
        ] {
            assert_eq!(code(name), expected, "{name}");
        }
    }

    #[test]
    fn few_names_are_those_of_two_countries() {
        // Two states called after one river, halves of an island, special regions of China.
        let usual = [["CD", "CG"], ["MF", "SX"], ["HK", "MO"]];
        let several = NAMES.values().filter(|countries| {
            let codes: Vec<&str> = countries.iter().map(|country| country.as_str()).collect();
            codes.len() > 1 && !usual.iter().any(|usual| *usual == codes.as_slice())
        });
        let several: Vec<_> = several.collect();
        assert!(several.len() < 60, "{several:?}");
    }
}
