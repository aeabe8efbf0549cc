//! Names of months in the languages of CLDR, for dates as lists write them.
//!
//! The table is made by `cldr.py` and is under the licence of the names of countries.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::LazyLock,
};

use crate::core::name;

/// A line a language: its code, its names of the twelve months, and the small words of its dates.
const TABLE: &str = include_str!("cldr.txt");

/// Small words that CLDR does not have: "6 czerwca 2013 r.", "٦ يونيو ٢٠١٣ م".
const MORE: &str = "of r р року года год рік rok roku yılı yıl anno année م ميلادي ميلادية میلادی";

/// Endings of the number of a day: 1er, 1º, 1st. Behind a year they make it a decade, as in 1990er.
const ORDINAL: [&str; 8] = ["er", "re", "º", "ª", "st", "nd", "rd", "th"];

/// The languages of a name, by the month that it is in them.
type Meanings = BTreeMap<u8, Vec<&'static str>>;

/// The months by the [`key`](name::key()) of their names.
static NAMES: LazyLock<HashMap<String, Meanings>> = LazyLock::new(|| {
    let mut names: HashMap<String, Meanings> = HashMap::new();
    for (language, cells) in lines() {
        for (month, cell) in (1..=12).zip(cells) {
            for word in cell.split('/').filter(|word| !word.is_empty()) {
                let meanings = names.entry(name::key(word)).or_default();
                let languages = meanings.entry(month).or_default();
                if languages.last() != Some(&language) {
                    languages.push(language);
                }
            }
        }
    }
    names
});

static SMALL: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let own = lines().filter_map(|(_, cells)| cells.last());
    let own = own.flat_map(|cell| cell.split('/')).chain(MORE.split(' '));
    own.filter(|word| !word.is_empty()).map(name::key).collect()
});

/// The code of each language and the cells of its line.
fn lines() -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    TABLE.lines().filter_map(|line| {
        let mut cells = line.split('|');
        Some((cells.next()?, cells))
    })
}

/// Whether there are names of months in a language: its code in ISO 639, such as `it`.
pub fn knows(language: &str) -> bool {
    lines().any(|(known, _)| known == language)
}

/// The months that a word names in this language, or else in any, with the languages in which it does.
pub fn named(word: &str, language: Option<&str>) -> Meanings {
    let mut found = NAMES.get(&name::key(word)).cloned().unwrap_or_default();
    if let Some(language) = language {
        found.retain(|_, languages| languages.contains(&language));
    }
    found
}

/// Whether a word makes the number of a day before it an ordinal: "1er mai", "June 1st".
pub fn is_ordinal(word: &str) -> bool {
    ORDINAL.contains(&word.to_lowercase().as_str())
}

/// Whether a word stands in dates and says nothing: "6 de junio", "2013 m.".
pub fn is_small(word: &str) -> bool {
    SMALL.contains(&name::key(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_twelve_months_and_few_words_are_two_of_them() {
        let mut count = 0;
        for (language, cells) in lines() {
            assert_eq!(cells.count(), 13, "{language}");
            count += 1;
        }
        assert!(count > 80, "{count}");
        for (word, month) in [
            ("giugno", 6),
            ("Giu", 6),
            ("JUNE", 6),
            ("czerwca", 6),
            ("июня", 6),
            ("Ιουνίου", 6),
            ("Ιούνιος", 6),
            ("يونيو", 6),
            ("März", 3),
            ("marzo", 3),
            ("août", 8),
            ("kesäkuuta", 6),
        ] {
            let found: Vec<u8> = named(word, None).into_keys().collect();
            assert_eq!(found, [month], "{word}");
        }
        let several = NAMES.iter().filter(|(_, meanings)| meanings.len() > 1);
        let several: Vec<_> = several.map(|(word, _)| word.as_str()).collect();
        assert!(several.contains(&"listopad"), "{several:?}");
        assert!(several.len() < 12, "{several:?}");
        let czech: Vec<u8> = named("listopad", Some("cs")).into_keys().collect();
        assert_eq!(czech, [11]);
        assert!(named("giugno", Some("pl")).is_empty());
        assert!(knows("it") && !knows("IT") && !knows("xx"));
        assert!(is_small("de") && is_small("г") && !is_small("dal") && !is_small("ca"));
    }
}
