//! The key by which names are compared.

use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};

use super::han::simplified;
use crate::core::text::is_invisible;
use crate::core::text::{caseless, nfc, words};

/// Two names are written the same when their keys are equal.
///
/// Case, accents, width, traditional or simplified characters, punctuation and characters that
/// can't be seen make no difference; another letter does. `Wrocław` meets `WROCLAW` and
/// `Saint-Étienne` `Saint Etienne`; `Йошкар` and `Ioshkar`, `中山` and `钟山`, `München` and
/// `Muenchen` do not meet.
pub fn key(name: &str) -> String {
    let mut spelt = String::with_capacity(name.len());
    let mut base = ' ';
    for c in caseless(name).nfd() {
        if canonical_combining_class(c) == 0 {
            base = c;
        } else if is_accent(base, c) {
            continue;
        }
        if !is_invisible(c) && c != '\u{640}' {
            spell(c, &mut spelt);
        }
    }
    // The Armenian ligature և is ե and ւ to Unicode, and ԵՎ in the capitals of today.
    let key = words(&spelt.nfc().collect::<String>()).replace("եւ", "եվ");
    if key.is_empty() { nfc(name) } else { key }
}

/// One character as it is compared: letters that are others with a stroke, without it.
fn spell(c: char, out: &mut String) {
    let plain = match c {
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ø' => "o",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        'ŋ' => "n",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        // Letters of their own in a few languages, apostrophes to everybody else.
        '\u{2b9}'..='\u{2bf}' | '\u{2c8}' | '\u{a78c}' => " ",
        _ => return out.push(simplified(c)),
    };
    out.push_str(plain);
}

/// Whether a mark on this letter is an accent, and not what makes it another letter of its script.
fn is_accent(base: char, mark: char) -> bool {
    let class = canonical_combining_class(mark);
    let points = matches!(class, 10..=36);
    match base {
        // й, ї, ў, ѓ, ќ, з́ and с́ are letters; ё is written е as often as not, and stress is a reader's aid.
        'г' | 'з' | 'к' | 'с' => false,
        'е' => matches!(mark, '\u{300}' | '\u{301}' | '\u{308}'),
        '\u{400}'..='\u{52f}' => matches!(mark, '\u{300}' | '\u{301}'),
        // Alef with or without hamza or madda.
        '\u{627}' => points || matches!(mark, '\u{653}'..='\u{655}'),
        _ if base < '\u{590}' || ('\u{1e00}'..='\u{1fff}').contains(&base) => {
            matches!(class, 1 | 200..=255)
        }
        _ => points,
    }
}
