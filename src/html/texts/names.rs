//! What countries and languages are called; the table is made by `names.mjs`.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::html::lang::Lang;

/// A name in each language of pages, by the code of a country, a language or a script.
static NAMES: LazyLock<HashMap<&str, [&str; 2]>> = LazyLock::new(|| {
    let rows = include_str!("names.tsv").lines();
    rows.filter_map(|row| {
        let mut cells = row.split('\t');
        Some((cells.next()?, [cells.next()?, cells.next()?]))
    })
    .collect()
});

fn name(lang: Lang, code: &str) -> Option<&'static str> {
    NAMES.get(code).map(|names| lang.of(*names))
}

/// The country of this code (ISO 3166-1 alpha-2).
pub fn country(lang: Lang, code: &str) -> String {
    name(lang, code).unwrap_or(code).to_owned()
}

/// The language of this tag (BCP 47), with its script where it is named: "Belarusian (Latin)".
pub fn language(lang: Lang, tag: &str) -> String {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let Some(called) = name(lang, primary) else {
        return tag.to_owned();
    };
    match parts.find_map(|part| name(lang, part)) {
        Some(detail) => format!("{called} ({detail})"),
        None => called.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::country::Country;

    #[test]
    fn every_country_has_a_name_in_every_language() {
        for code in Country::all().iter().map(|country| country.as_str()) {
            for lang in Lang::ALL {
                assert_ne!(country(lang, code), code);
            }
        }
    }

    #[test]
    fn a_language_is_named_with_its_script_or_country() {
        for (tag, english, polish) in [
            ("be", "Belarusian", "białoruski"),
            ("be-Latn", "Belarusian (Latin)", "białoruski (łacińskie)"),
            ("pt-BR", "Portuguese (Brazil)", "portugalski (Brazylia)"),
            ("qzz", "qzz", "qzz"),
        ] {
            assert_eq!(language(Lang::En, tag), english);
            assert_eq!(language(Lang::Pl, tag), polish);
        }
    }
}
