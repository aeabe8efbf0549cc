//! Which encoding bytes seem to have.

use std::collections::BTreeMap;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, ISO_8859_2, ISO_8859_4, ISO_8859_5, ISO_8859_6, ISO_8859_7, ISO_8859_8, ISO_8859_13,
    ISO_8859_15, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1255,
    WINDOWS_1256, WINDOWS_1257,
};
use unicode_normalization::char::is_combining_mark;

use crate::core::country;

/// What bytes seem to be that are not what they were read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seems {
    Encoding(&'static Encoding),
    /// One of DOS or of old Macintoshes, none of which the detector knows and few of which a browser reads.
    Old,
    Unknown,
}

/// So many letters in their places make up for one sign that is out of place.
const LETTERS_A_SIGN: usize = 3;

impl Seems {
    /// By bytes that are not text in the encoding they were read as, or where that encoding may end.
    pub(super) fn guess(bytes: &[u8], read_as: &'static Encoding, mixed: bool) -> Self {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
        detector.feed(bytes, true);
        let rest = if mixed {
            without_utf_8(bytes)
        } else {
            bytes.to_vec()
        };
        let at_home = home(bytes).and_then(|(domain, letters)| {
            let seems = detector.guess(Some(domain.as_bytes()), Utf8Detection::Deny);
            Some(seems).filter(|seems| is_at_home(seems, letters, &rest))
        });
        let mut seems = at_home.unwrap_or_else(|| detector.guess(None, Utf8Detection::Deny));
        let mut fit = Fit::of(seems, &rest);
        if let Some(sibling) = sibling(read_as) {
            let other = Fit::of(sibling, &rest);
            if seems == read_as || other.odd < fit.odd {
                (seems, fit) = (sibling, other);
            }
        }
        if fit.is_bad() {
            Self::Old
        } else if seems == read_as {
            Self::Unknown
        } else {
            Self::Encoding(seems)
        }
    }
}

/// Countries whose languages have letters of Latin that windows-1252 lacks, by their domains, with these letters. Few of
/// them in a list of names don't show that they are: `Gy\xf5r` may be in either encoding.
#[rustfmt::skip]
const HOMES: [(&str, &str); 12] = [
    ("ba", "čćđšž"), ("cz", "čďěňřšťůž"), ("hr", "čćđšž"), ("hu", "őű"), ("lt", "ąčęėįšųūž"),
    ("lv", "āčēģīķļņšūž"), ("pl", "ąćęłńśźż"), ("ro", "ăşţ"), ("rs", "čćđšž"), ("si", "čšž"),
    ("sk", "čďĺľňŕšťž"), ("tr", "ğıİş"),
];

/// The one of these that half of the cells with a country name, or more.
fn home(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    let cells = text.split([';', ',', '\t', '|', '"', '\n', '\r']);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for country in cells.filter_map(country::find) {
        *counts.entry(country.as_str().to_lowercase()).or_default() += 1;
    }
    let all: usize = counts.values().sum();
    let is_most = |count: &usize| count.saturating_mul(2) >= all;
    let mut homes = HOMES.into_iter();
    homes.find(|(home, _)| counts.get(*home).is_some_and(is_most))
}

/// Whether half of the letters that would be others in windows-1252 are those of the country's languages, or more: a
/// Polish list with Genève and Tromsø has no č and ř.
fn is_at_home(encoding: &'static Encoding, letters: &str, bytes: &[u8]) -> bool {
    if !encoding.is_single_byte() {
        return false;
    }
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let (western, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    let others = text.chars().zip(western.chars());
    let others = others.filter(|(c, western)| c != western && c.is_alphabetic());
    let is_own = |c: char| letters.contains(c) || c.to_lowercase().any(|c| letters.contains(c));
    let (own, foreign): (Vec<char>, Vec<char>) = others.map(|(c, _)| c).partition(|c| is_own(*c));
    !own.is_empty() && own.len() >= foreign.len()
}

/// The encoding that is taken for another: what that one calls controls are its signs and letters.
fn sibling(read_as: &'static Encoding) -> Option<&'static Encoding> {
    let all = [
        (ISO_8859_2, WINDOWS_1250),
        (ISO_8859_4, WINDOWS_1257),
        (ISO_8859_5, WINDOWS_1251),
        (ISO_8859_6, WINDOWS_1256),
        (ISO_8859_7, WINDOWS_1253),
        (ISO_8859_8, WINDOWS_1255),
        (ISO_8859_13, WINDOWS_1257),
        (ISO_8859_15, WINDOWS_1252),
    ];
    let mut all = all.into_iter();
    all.find(|(one, _)| *one == read_as)
        .map(|(_, sibling)| sibling)
}

/// The bytes that are no characters of UTF-8 beyond ASCII.
fn without_utf_8(bytes: &[u8]) -> Vec<u8> {
    let mut rest = Vec::new();
    for chunk in bytes.utf8_chunks() {
        rest.extend(chunk.valid().bytes().filter(u8::is_ascii));
        rest.extend_from_slice(chunk.invalid());
    }
    rest
}

/// How the characters fit that bytes have in an encoding.
#[derive(Debug, Default, PartialEq, Eq)]
struct Fit {
    /// Letters in their places.
    good: usize,
    /// What stands where a letter should.
    odd: usize,
}

impl Fit {
    fn of(encoding: &'static Encoding, bytes: &[u8]) -> Self {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        let mut fit = Self::default();
        let mut before = ' ';
        let mut all = text.chars().peekable();
        while let Some(c) = all.next() {
            let after = all.peek().copied().unwrap_or(' ');
            if !c.is_ascii() {
                match fits(before, c, after) {
                    Some(true) => fit.good += 1,
                    Some(false) => fit.odd += 1,
                    None => {}
                }
            }
            before = c;
        }
        fit
    }

    fn is_bad(&self) -> bool {
        self.odd > 0 && self.odd.saturating_mul(LETTERS_A_SIGN) >= self.good
    }
}

/// Whether a character beyond ASCII is a letter in its place, or none; nothing where that says nothing.
fn fits(before: char, c: char, after: char) -> Option<bool> {
    if matches!(c, '\u{80}'..='\u{9f}' | '\u{fffd}') {
        return Some(false);
    }
    // Letters that are signs: of money, of an accent.
    if matches!(c, 'ƒ' | 'ˆ' | 'ª' | 'º' | 'µ') {
        let stray = before.is_alphabetic() || after.is_alphabetic();
        return (stray && matches!(c, 'ƒ' | 'ˆ' | 'µ')).then_some(false);
    }
    if c.is_alphabetic() {
        return letter_fits(before, c, after);
    }
    match (before.is_alphabetic(), after.is_alphabetic()) {
        (false, false) => None,
        (true, true) => (!joins(c)).then_some(false),
        (true, false) => (is_sign(c) || matches!(c, '„' | '‚')).then_some(false),
        (false, true) => (is_sign(c) && after.is_lowercase()).then_some(false),
    }
}

fn letter_fits(before: char, c: char, after: char) -> Option<bool> {
    let is_latin = matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    if !is_latin {
        // A letter of another script in the middle of a word, or at its edge.
        let (begins, ends) = (before.is_ascii_alphabetic(), after.is_ascii_alphabetic());
        return (begins == ends).then_some(!begins);
    }
    let is_consonant =
        |c: char| c.is_ascii_alphabetic() && !"aeiouy".contains(c.to_ascii_lowercase());
    let is_syllable = matches!(before, 'r' | 'l');
    let crowded = matches!(c, 'š' | 'ž' | 'ź' | 'ť')
        && is_consonant(before)
        && is_consonant(after)
        && !is_syllable;
    let raised = c.is_uppercase() && before.is_alphabetic() && after.is_lowercase();
    let lowered =
        c.is_lowercase() && c != 'ß' && before.is_ascii_uppercase() && after.is_ascii_uppercase();
    Some(!(crowded || raised || lowered))
}

/// What stands within words: apostrophes, what joins two of them, what shows nothing, and the marks of
/// the letter before it.
fn joins(c: char) -> bool {
    "’‘´–—·\u{a0}\u{ad}\u{200b}\u{200c}\u{200d}".contains(c) || is_combining_mark(c)
}

/// Signs that begin and end no words.
fn is_sign(c: char) -> bool {
    "¢£¤¥¦¨¬¯±¶¸¼½¾˜×÷".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_in_a_wrong_encoding_look_odd() {
        for text in [
            "Gdaäsk;G”teborg",
            "K”ln;M\u{81}nchen",
            "J„rvenp„„",
            "MŸnchen;Kšln",
            "GdaÄsk;Gšteborg",
            "Bia¸ystok;Krak—w",
            "Biaˆystok;¢d«;½ywiec",
            "GenŽve;ƒvreux",
            "K涎n",
            "MБnchen",
        ] {
            let fit = Fit::of(encoding_rs::UTF_8, text.as_bytes());
            assert!(fit.is_bad(), "{text}: {fit:?}");
        }
    }

    #[test]
    fn words_read_in_their_encoding_do_not() {
        for text in [
            "München;Köln;Straße;GROßENHAIN",
            "L’Aquila;“Étampes”;Bielsko–Biała",
            "Białystok;Łódź;ŁÓDŹ;Żary;Świdnica",
            "Škofja Loka;Tržič;Žalec;Kršan;Koroška",
            "»Köln« „Bonn“ ½ 5½ £5 No. 1º São João",
            "Минск;Лодзь",
            "東京;JR東日本",
            "Ísafjörður;Ærøskøbing;Århus",
        ] {
            let fit = Fit::of(encoding_rs::UTF_8, text.as_bytes());
            assert_eq!(fit.odd, 0, "{text}: {fit:?}");
        }
    }
}
