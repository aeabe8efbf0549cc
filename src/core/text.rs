//! Names as people type them: one Unicode form, folded forms to search and compare, an order.
//!
//! All folding happens here and never in a database engine, whose rules differ. Letters such as
//! `ł đ ø ß þ ı` do not decompose under Unicode normalisation, so besides the marks-free form of the
//! native script there is a transliteration to ASCII: `bialystok` finds Białystok and `hrodna`
//! finds Hrodna, while `гродна` finds Гродна. That is for finding: whether two names are the same is
//! decided by [`name::key`](super::name::key).

mod digits;
mod forms;

pub use digits::ascii_digit;
pub use forms::{article, collapsed, expanded, with_saint, written_out};
use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};
use validator::ValidateLength as _;

/// Characters without a shape of their own, those that change the direction of what follows among
/// them: the format characters and default-ignorable ones of Unicode that text is known to hold.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a text has from 1 to `longest` characters.
pub fn fits(text: &str, longest: usize) -> bool {
    text.validate_length(Some(1), u64::try_from(longest).ok(), None)
}

/// Whether a text is made of digits (ASCII) alone.
pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The text in Unicode's composed form (NFC), trimmed, with each run of white space as one blank.
///
/// Control characters (among them NUL, which PostgreSQL cannot store) and what is no character (among them
/// U+FFFF, which XML can't hold) count as white space.
pub fn nfc(s: &str) -> String {
    let is_blank = |c: char| c.is_control() || is_noncharacter(c);
    let shown = |c: char| if is_blank(c) { ' ' } else { c };
    // Most cells of files, and their letters are composed as they are.
    if s.is_ascii() {
        return collapse(s.chars().map(shown));
    }
    collapse(s.nfc().map(shown))
}

/// Whether Unicode keeps the code point from ever being a character.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

/// The one or two forms under which a text is found and by which a search text finds it.
///
/// First the native script without case and diacritics, then the ASCII transliteration if it
/// differs. In both, punctuation is a blank. A text of punctuation alone is its own key; blank text
/// has none.
pub fn search_keys(s: &str) -> Vec<String> {
    let without_marks: String = caseless(s)
        .nfkd()
        .filter(|c| !is_diacritic(*c))
        .nfc()
        .collect();
    let mut keys = vec![words(&without_marks), fold(s)];
    keys.dedup();
    keys.retain(|key| !key.is_empty());
    if keys.is_empty() {
        keys.extend(Some(nfc(s)).filter(|key| !key.is_empty()));
    }
    keys
}

/// The ASCII form in lower case, by sound where the script is another: to find by, never to say that
/// two names are the same.
///
/// "Białystok" is `bialystok`, "Straße" is `strasse`, "東京" is `dong jing`. Punctuation is a blank;
/// characters without a transliteration are left out.
pub fn fold(s: &str) -> String {
    let ascii = deunicode::deunicode_with_tofu(&caseless(s), "");
    words(&ascii.to_ascii_lowercase())
}

/// A key that orders names: by their folded form, then by the text itself.
pub fn sort_key(s: &str) -> String {
    format!("{}\u{1}{}", fold(s), nfc(s))
}

/// The allowed word that was probably meant, if one is near enough to be worth naming.
///
/// Near is one slip (a letter missing, added, wrong, or two swapped) for every three letters, and
/// the wrong case is no slip at all.
pub fn did_you_mean<'a>(
    given: &str,
    allowed: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let given = given.trim();
    // No word is that long; comparing takes as much memory as both lengths multiplied.
    if given.len() > 200 {
        return None;
    }
    let given = given.to_lowercase();
    let slips = given.chars().count().min(60) / 3;
    let distance = |word: &str| strsim::damerau_levenshtein(&given, &word.to_lowercase());
    let far = allowed.into_iter().map(|word| (distance(word), word));
    let near = far.filter(|(distance, _)| *distance <= slips);
    near.min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// The end of a sentence that asks for the [allowed word that was probably meant](did_you_mean), if there is one.
pub fn hint<'a>(given: &str, allowed: impl IntoIterator<Item = &'a str>) -> String {
    did_you_mean(given, allowed).map_or_else(String::new, |word| format!("; did you mean {word}?"))
}

/// Compatibility forms resolved and case taken away, composed again.
///
/// By way of upper case, so that `ß` meets `SS`, final `ς` meets `Σ` and dotless `ı` meets `I`; from
/// lower case, because the capital `ẞ` would stay itself.
pub(super) fn caseless(s: &str) -> String {
    if s.is_ascii() {
        return s.to_ascii_lowercase();
    }
    s.nfkd()
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .nfkc()
        .collect()
}

/// Accents, points and overlays, but not the marks that are letters of their script.
///
/// By canonical combining class: 1 is overlays, 10 to 36 Hebrew and Arabic points, 200 and above
/// everything attached, above or below. Vowel signs of India and the kana's voicing stay.
fn is_diacritic(c: char) -> bool {
    matches!(canonical_combining_class(c), 1 | 10..=36 | 200..=255)
}

/// Letters, digits and the marks that belong to them, the rest as single blanks; what can't be seen
/// is nothing.
pub(super) fn words(s: &str) -> String {
    let is_part =
        |c: char| c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c);
    let seen = s.chars().filter(|c| !is_invisible(*c));
    collapse(seen.map(|c| if is_part(c) { c } else { ' ' }))
}

fn collapse(chars: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    for c in chars {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !(out.is_empty() || out.ends_with(' ')) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folds_to_ascii() {
        for (name, folded) in [
            ("Białystok", "bialystok"),
            ("BIAŁYSTOK", "bialystok"),
            ("Łódź", "lodz"),
            ("Straße", "strasse"),
            ("STRAẞE", "strasse"),
            ("İzmir", "izmir"),
            ("Iğdır", "igdir"),
            ("Bălți", "balti"),
            ("Đà Nẵng", "da nang"),
            ("Hrodna", "hrodna"),
            ("Гродна", "grodna"),
            ("東京", "dong jing"),
            ("Jelenia  Góra", "jelenia gora"),
            ("Bielsko-Biała", "bielsko biala"),
            ("Saint-Étienne", "saint etienne"),
            ("’s-Hertogenbosch", "s hertogenbosch"),
            ("Møre og Romsdal", "more og romsdal"),
            ("Þingeyri", "thingeyri"),
            ("Θεσσαλονίκη", "thessalonike"),
            ("  ", ""),
        ] {
            assert_eq!(fold(name), folded, "{name}");
        }
    }

    #[test]
    fn search_keys_hold_the_native_script_and_ascii() {
        assert_eq!(search_keys("Białystok"), ["białystok", "bialystok"]);
        assert_eq!(search_keys("bialystok"), ["bialystok"]);
        assert_eq!(search_keys("Гродна"), ["гродна", "grodna"]);
        assert_eq!(search_keys("Göteborg"), ["goteborg"]);
        assert_eq!(search_keys("東京")[0], "東京");
        assert_eq!(search_keys("ドイツ")[0], "ドイツ");
        assert_eq!(search_keys("Орёл")[0], "орел");
        assert_eq!(search_keys("דִּיזֶנְגּוֹף")[0], "דיזנגוף");
        assert_eq!(search_keys("दिल्ली")[0], "दिल्ली");
        assert_eq!(
            search_keys("ΘΕΣΣΑΛΟΝΊΚΗΣ")[0],
            search_keys("Θεσσαλονίκης")[0]
        );
        assert_eq!(search_keys("%"), ["%"]);
        assert!(search_keys(" \t").is_empty());
    }

    #[test]
    fn nfc_composes_and_collapses() {
        assert_eq!(nfc("a\u{ffff}b\u{fdd0}\u{1fffe}c"), "a b c");
        assert_eq!(nfc(" Lo\u{301}dz\u{301} \n\u{a0} city\0"), "Lódź city");
        assert_eq!(nfc(""), "");
    }

    #[test]
    fn sorts_by_folded_name_then_by_the_name_itself() {
        let mut names = vec![
            "Zwolle", "Łomża", "Lublin", "lublin", "Ełk", "Århus", "Aarhus",
        ];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(
            names,
            [
                "Aarhus", "Århus", "Ełk", "Łomża", "Lublin", "lublin", "Zwolle"
            ]
        );
    }

    #[test]
    fn suggests_only_what_is_near() {
        let allowed = ["in_force", "suspended", "expired", "PL"];
        assert_eq!(did_you_mean("in-force", allowed), Some("in_force"));
        assert_eq!(did_you_mean("IN_FORCE", allowed), Some("in_force"));
        assert_eq!(did_you_mean("expierd", allowed), Some("expired"));
        assert_eq!(did_you_mean("pl", allowed), Some("PL"));
        assert_eq!(did_you_mean("px", allowed), None);
        assert_eq!(did_you_mean("dormant", allowed), None);
        assert_eq!(did_you_mean("", allowed), None);
    }

    /// Letters of scripts that names of cities are written in, without loose combining marks.
    const LETTERS: &str =
        "[[\\p{L}&&[\\p{Latin}\\p{Cyrillic}\\p{Greek}\\p{Armenian}\\p{Han}]] '-]{0,24}";

    proptest! {
        #[test]
        fn folding_is_ascii_idempotent_and_blind_to_case(s in "\\PC{0,24}") {
            let folded = fold(&s);
            prop_assert!(folded.is_ascii() && folded == folded.to_lowercase());
            prop_assert!(!folded.contains("  ") && folded.trim() == folded);
            prop_assert_eq!(&fold(&folded), &folded);
            prop_assert_eq!(fold(&nfc(&s)), folded);
        }

        #[test]
        fn case_makes_no_difference(s in LETTERS) {
            for other in [s.to_uppercase(), s.to_lowercase()] {
                prop_assert_eq!(fold(&other), fold(&s));
                prop_assert_eq!(search_keys(&other), search_keys(&s));
            }
        }

        #[test]
        fn a_search_key_is_found_by_itself(s in "\\PC{0,24}") {
            for key in search_keys(&s) {
                prop_assert!(search_keys(&key).contains(&key), "{key:?}");
            }
        }

        #[test]
        fn nfc_is_idempotent(s in any::<String>()) {
            let once = nfc(&s);
            prop_assert_eq!(&nfc(&once), &once);
            prop_assert!(!once.contains("  ") && !once.chars().any(char::is_control));
        }
    }
}
