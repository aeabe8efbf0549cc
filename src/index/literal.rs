//! What of a search text is meant as written: signs such as `_` and `%` are neither blanks nor
//! wildcards. A name has to have them, in the same place between its letters.
//!
//! Blanks, dashes, apostrophes, stops, commas, slashes and brackets part words and are no such signs:
//! `st gallen` finds St. Gallen, and `frankfurt oder` Frankfurt (Oder).

use std::sync::Arc;

use crate::core::text;

/// Signs that part words, beside blanks, dashes and quotation marks.
const PARTING: &str = ".,:;/()\u{b7}\u{ab}\u{bb}";

fn is_sign(c: char) -> bool {
    let dash_or_quote = matches!(
        c,
        '-' | '\'' | '"' | '`' | '\u{b4}' | '\u{2010}'..='\u{201f}'
    );
    !(c.is_alphanumeric()
        || c.is_whitespace()
        || c.is_control()
        || dash_or_quote
        || PARTING.contains(c))
        && c.is_ascii_punctuation()
}

/// The text with its letters folded and its signs as they are.
fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for part in text.split_inclusive(is_sign) {
        let sign = part.chars().next_back().filter(|c| is_sign(*c));
        key.push_str(&text::fold(part));
        key.extend(sign);
    }
    key
}

/// The signs of a search text, with what stands around them.
#[derive(Debug)]
pub(super) struct Literal {
    key: String,
    /// Whether there is nothing else: letters can't lead to the names that have it.
    pub(super) signs_alone: bool,
}

impl Literal {
    /// `None` when the text has no sign.
    pub(super) fn of(q: &str) -> Option<Self> {
        q.contains(is_sign).then(|| Self {
            key: key(q),
            signs_alone: !q.contains(char::is_alphanumeric),
        })
    }

    /// Whether one of these names has it.
    pub(super) fn is_in(&self, names: &[Arc<str>]) -> bool {
        names
            .iter()
            .any(|name| name.contains(is_sign) && key(name).contains(&self.key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_has_to_be_there_and_what_parts_words_does_not() {
        let finds = |q: &str, name: &str| {
            Literal::of(q).is_none_or(|literal| literal.is_in(&[name.into()]))
        };
        assert!(finds("Nowa_Próba", "nowa_proba 2"));
        assert!(!finds("Nowa_Próba", "Nowa Próba"));
        assert!(finds("100%", "100 % Stadt"));
        assert!(!finds("%", "Stadt"));
        assert!(!finds("b*k", "Białystok"));
        for parted in ["st. gallen", "l\u{2019}aquila", "Bielsko-Biała", "(1992)"] {
            assert!(Literal::of(parted).is_none(), "{parted}");
        }
    }
}
