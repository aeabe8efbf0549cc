//! The order of names in a list, as readers of a page's language look for them.

use unicode_normalization::char::is_combining_mark;

use super::lang::Lang;
use crate::core::text;

/// Letters of their own in Polish: each is written as the one it stands behind, with a mark that no folded text has
/// and that comes after every letter.
const POLISH: [(char, &str); 9] = [
    ('ą', "a~"),
    ('ć', "c~"),
    ('ę', "e~"),
    ('ł', "l~"),
    ('ń', "n~"),
    ('ó', "o~"),
    ('ś', "s~"),
    ('ź', "z~"),
    ('ż', "z~~"),
];

/// The letter of the language's alphabet that a [`key`] begins with, as a capital; none where that is no letter of
/// Latin.
pub fn letter(lang: Lang, key: &str) -> Option<char> {
    let first = key.chars().next().filter(char::is_ascii_alphabetic)?;
    let own = match lang {
        Lang::En => None,
        // Of two that begin alike, the longer one stands behind.
        Lang::Pl => POLISH.iter().rev().find(|(_, own)| key.starts_with(own)),
    };
    own.map_or(first, |(letter, _)| *letter)
        .to_uppercase()
        .next()
}

/// A key that orders names: by their letters in the alphabet of the language, then by the text itself.
pub fn key(lang: Lang, name: &str) -> String {
    match lang {
        Lang::En => text::sort_key(name),
        Lang::Pl => format!("{}\u{1}{}", polish(name), text::nfc(name)),
    }
}

/// The letters of a name, folded but for those that are letters of their own in Polish.
fn polish(name: &str) -> String {
    let mut key = String::new();
    for c in text::nfc(name).chars().flat_map(char::to_lowercase) {
        if let Some((_, own)) = POLISH.iter().find(|(letter, _)| *letter == c) {
            key.push_str(own);
        } else if c.is_alphanumeric() {
            key.push_str(&text::fold(c.encode_utf8(&mut [0; 4])));
        } else if !is_combining_mark(c) && !text::is_invisible(c) && !key.ends_with(' ') {
            key.push(' ');
        }
    }
    key.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(lang: Lang, mut names: Vec<&str>) -> Vec<&str> {
        names.sort_by_cached_key(|name| key(lang, name));
        names
    }

    #[test]
    fn polish_letters_stand_behind_those_they_are_made_of() {
        let names = vec![
            "Żary",
            "Łuck",
            "Źródła",
            "Lusaka",
            "Ełk",
            "Zwolle",
            "Łódź",
            "Ćmielów",
            "Czortków",
            "Dijon",
            "Elbląg",
            "Lwów",
            "Ąbc",
            "Aztek",
        ];
        assert_eq!(
            sorted(Lang::Pl, names),
            [
                "Aztek",
                "Ąbc",
                "Czortków",
                "Ćmielów",
                "Dijon",
                "Elbląg",
                "Ełk",
                "Lusaka",
                "Lwów",
                "Łódź",
                "Łuck",
                "Zwolle",
                "Źródła",
                "Żary"
            ]
        );
    }

    #[test]
    fn a_name_begins_with_a_letter_of_the_alphabet_of_the_language() {
        let first = |lang, name| letter(lang, &key(lang, name));
        for (name, polish, english) in [
            ("Łódź", 'Ł', 'L'),
            ("Świdnica", 'Ś', 'S'),
            ("Żary", 'Ż', 'Z'),
            ("Źródła", 'Ź', 'Z'),
            ("Zamość", 'Z', 'Z'),
            ("Örebro", 'O', 'O'),
        ] {
            assert_eq!(first(Lang::Pl, name), Some(polish), "{name}");
            assert_eq!(first(Lang::En, name), Some(english), "{name}");
        }
        // It stands among the names it sounds like.
        assert_eq!(first(Lang::Pl, "Минск"), Some('M'));
        assert_eq!(first(Lang::Pl, "1 Maja"), None);
    }

    #[test]
    fn letters_of_other_languages_stand_among_those_they_look_like() {
        let names = vec!["Örebro", "Šiauliai", "Opole", "Ostrów", "Sopot"];
        for lang in Lang::ALL {
            assert_eq!(
                sorted(lang, names.clone()),
                ["Opole", "Örebro", "Ostrów", "Šiauliai", "Sopot"],
                "{lang}"
            );
        }
        assert_eq!(
            sorted(Lang::En, vec!["Łuck", "Lusaka", "Łódź", "Lwów"]),
            ["Łódź", "Łuck", "Lusaka", "Lwów"]
        );
    }

    #[test]
    fn words_stand_before_longer_words_whatever_is_between_them() {
        assert_eq!(
            sorted(Lang::Pl, vec!["Nowyzna", "Nowy-Targ", "Nowy Dwór", "Nowy"]),
            ["Nowy", "Nowy Dwór", "Nowy-Targ", "Nowyzna"]
        );
        assert_eq!(polish(" (Lo\u{301}dz\u{301}) "), "lo~dz~");
    }
}
