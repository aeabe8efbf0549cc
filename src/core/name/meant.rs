//! Letters that look like others.

use std::collections::BTreeSet;

/// Letters of Latin, Cyrillic and Greek that look alike, small or as capitals.
const ALIKE: [&str; 17] = [
    "aаα", "bвβ", "cс", "eеε", "hнη", "iіι", "jј", "kкκ", "mмμ", "nν", "oоο", "pрρ", "sѕ", "tтτ",
    "xхχ", "yуυ", "zζ",
];

/// Letters of Persian and Urdu, and those of Arabic that are one letter or are written for one another.
const ARABIC: [(char, char); 7] = [
    ('ک', 'ك'),
    ('ی', 'ي'),
    ('ى', 'ي'),
    ('ة', 'ه'),
    ('ە', 'ه'),
    ('ہ', 'ه'),
    ('ھ', 'ه'),
];

/// What else was probably meant by the key of a name: each word in letters of one script, and letters of an Arabic
/// keyboard for those of a Persian one.
pub(super) fn meant(key: &str) -> BTreeSet<String> {
    if key.is_ascii() {
        return BTreeSet::new();
    }
    let scripts: [fn(char) -> bool; 3] = [
        |c| c < '\u{370}',
        |c| ('\u{370}'..'\u{400}').contains(&c),
        |c| ('\u{400}'..'\u{530}').contains(&c),
    ];
    let alike = scripts.iter().filter_map(|own| in_one_script(key, own));
    let mut all: BTreeSet<String> = alike.collect();
    all.insert(key.chars().map(arabic).collect());
    all.remove(key);
    all
}

fn arabic(c: char) -> char {
    let found = ARABIC.iter().find(|(other, _)| *other == c);
    found.map_or(c, |(_, arabic)| *arabic)
}

/// The words that have letters of a script in letters of it alone, if there are such letters.
fn in_one_script(key: &str, own: &impl Fn(char) -> bool) -> Option<String> {
    let is_own = |c: char| c.is_alphabetic() && own(c);
    let like = |c: char| {
        let alike = ALIKE.iter().find(|alike| alike.contains(c))?;
        alike.chars().find(|c| is_own(*c))
    };
    let word = |word: &str| -> Option<String> {
        if !word.contains(is_own) {
            return Some(word.to_owned());
        }
        let letter = |c: char| {
            if is_own(c) || !c.is_alphabetic() {
                Some(c)
            } else {
                like(c)
            }
        };
        word.chars().map(letter).collect()
    };
    let words: Option<Vec<String>> = key.split(' ').map(word).collect();
    words.map(|words| words.join(" "))
}
