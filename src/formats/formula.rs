//! Texts that a spreadsheet would compute, and the apostrophe that stops it.

use std::borrow::Cow;

use crate::core::text::is_digits;

/// The text as a cell of CSV: with an apostrophe in front where a spreadsheet would compute it.
///
/// A text that begins with apostrophes before such a formula gets one more, so that [`meant`] gives
/// every text back.
pub fn defused(text: &str) -> Cow<'_, str> {
    if is_formula(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// What a cell of CSV means: without the apostrophe before a formula. Other apostrophes stay:
/// 's-Hertogenbosch begins with one.
pub fn meant(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_formula(text.trim_start_matches('\'')) => text,
        _ => cell,
    }
}

/// Whether a spreadsheet would compute the text instead of showing it.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(text)
}

/// Whether it is a plain number, such as `-12.5`.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    is_digits(whole) && is_digits(fraction)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_spreadsheet_would_compute_is_defused() {
        for text in [
            "=1+1",
            "+48 85 869 60 00",
            "+5",
            "-",
            "-a",
            "--1",
            "-1-1",
            "-.5",
            "-1.",
            "-1.2.3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "'=1",
            "''-a",
        ] {
            assert_eq!(defused(text), format!("'{text}"));
        }
        for text in [
            "",
            "-12.5",
            "-3",
            "12",
            "a=1",
            "Łódź",
            "1992-06",
            "[..2024]",
            "'s-Hertogenbosch",
            "'t Zand",
            "'",
            "'-3",
        ] {
            assert_eq!(defused(text), text);
            assert_eq!(meant(text), text);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "['=+@\t\r0-9a-z.-]{0,8}") {
            let cell = defused(&text);
            prop_assert_eq!(meant(&cell), text.as_str());
        }
    }
}
