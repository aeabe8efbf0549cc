//! Checks that fields of many bodies share: lengths of texts, addresses, translations.

use std::collections::BTreeMap;

use crate::core::issue::{Checked, Issues};
use crate::core::language::{LanguageTag, Translations};
use crate::core::name;
use crate::core::vocabulary::record::RecordState;

/// Longest address.
pub const MAX_URL: usize = 2000;

/// A text in composed form, without blanks and what can't be seen at its ends, of 1 to `max`
/// characters; blank is an error, absent is not, and neither is what turns the direction of reading.
pub fn text(at: &str, value: Option<String>, max: usize, issues: &mut Issues) -> Option<String> {
    let text = name::line(&bounded(at, value?, max, issues)?);
    if text.chars().any(name::turns) {
        let rule = "must not hold characters that change the direction of reading";
        issues.add(at, "invisible", rule);
        return None;
    }
    long(at, text, max, issues)
}

/// What a partner, a network or an office is called: see [`name::check`].
pub fn name(at: &str, value: Option<String>, max: usize, issues: &mut Issues) -> Option<String> {
    let value = value?;
    if issues.keeps(&value) {
        return Some(value);
    }
    let value = bounded(at, value, max, issues)?;
    let name = issues.check(at, name::check(&value))?;
    long(at, name, max, issues)
}

/// [`name()`] for a field that must be there.
pub fn required_name(
    at: &str,
    value: Option<String>,
    max: usize,
    issues: &mut Issues,
) -> Option<String> {
    let value = issues.require(at, value);
    name(at, value, max, issues)
}

/// Most bytes of a character of composed form, as it may be written: a letter and its marks.
const WRITTEN: usize = 16;

/// Refuses what is too long in any form before it is composed: that takes many times its memory.
fn bounded(at: &str, value: String, max: usize, issues: &mut Issues) -> Option<String> {
    if value.len() <= max.saturating_mul(WRITTEN) {
        return Some(value);
    }
    not_so_long(at, max, issues)
}

fn long(at: &str, text: String, max: usize, issues: &mut Issues) -> Option<String> {
    if (1..=max).contains(&text.chars().count()) {
        return Some(text);
    }
    not_so_long(at, max, issues)
}

fn not_so_long(at: &str, max: usize, issues: &mut Issues) -> Option<String> {
    issues.add(
        at,
        "length",
        format!("must be text of 1 to {max} characters"),
    );
    None
}

/// [`text`] for a field that must be there.
pub fn required_text(
    at: &str,
    value: Option<String>,
    max: usize,
    issues: &mut Issues,
) -> Option<String> {
    let value = issues.require(at, value);
    text(at, value, max, issues)
}

/// Longer text that keeps its line breaks.
pub fn prose(at: &str, value: Option<String>, max: usize, issues: &mut Issues) -> Option<String> {
    let value = value?;
    let text = value.trim_matches(|c: char| c.is_whitespace() || name::is_invisible(c));
    long(at, text.to_owned(), max, issues)
}

/// An absolute http or https address.
pub fn url(at: &str, value: Option<String>, issues: &mut Issues) -> Option<String> {
    let value = value?;
    let text = value.trim();
    if is_url(text) {
        return Some(text.to_owned());
    }
    issues.add(
        at,
        "invalid_url",
        format!("must be an absolute http or https address of at most {MAX_URL} characters"),
    );
    None
}

/// Whether this is an absolute http or https address with a host.
pub fn is_url(text: &str) -> bool {
    let http = text
        .parse::<actix_web::http::Uri>()
        .ok()
        .or_else(|| ascii(text).parse().ok())
        .is_some_and(|uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.host().is_some_and(|host| !host.is_empty())
        });
    http && text.chars().count() <= MAX_URL
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Addresses are written with letters of every script; the parser knows ASCII only.
fn ascii(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii() { c } else { 'x' })
        .collect()
}

/// One text in several languages, each of 1 to `max` characters.
pub fn translations(
    at: &str,
    value: Option<BTreeMap<String, String>>,
    max: usize,
    issues: &mut Issues,
) -> Translations {
    let mut good = Translations::new();
    for (lang, value) in value.unwrap_or_default() {
        let at = format!("{at}/{}", lang.replace('~', "~0").replace('/', "~1"));
        let tag = issues.check(&at, lang.parse::<LanguageTag>());
        let text = prose(&at, Some(value), max, issues);
        if let (Some(tag), Some(text)) = (tag, text) {
            good.insert(tag, text);
        }
    }
    good
}

/// The states a record can be given: others follow from what is done to it.
pub fn record_state(at: &str, state: Option<Checked<RecordState>>, issues: &mut Issues) {
    let state = issues.take(at, state);
    if state.is_some_and(|state| !matches!(state, RecordState::Draft | RecordState::Published)) {
        issues.add(
            at,
            "unknown_code",
            "must be draft or published; DELETE withdraws a record",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_absolute_web_addresses_are_kept() {
        for (text, good) in [
            ("https://example.org/a?b=c#d", true),
            ("http://пример.рф/страница", true),
            ("ftp://example.org", false),
            ("javascript:alert(1)", false),
            ("https://", false),
            ("example.org", false),
            ("https://example.org/a b", false),
        ] {
            assert_eq!(is_url(text), good, "{text}");
        }
    }

    #[test]
    fn a_blank_text_is_refused_and_an_absent_one_is_not() {
        let mut issues = Issues::default();
        assert_eq!(text("/a", None, 5, &mut issues), None);
        assert!(issues.is_empty());
        assert_eq!(text("/a", Some("  ".to_owned()), 5, &mut issues), None);
        assert_eq!(
            text("/b", Some(" Ełk ".to_owned()), 5, &mut issues).as_deref(),
            Some("Ełk")
        );
        assert_eq!(issues.into_vec().len(), 1);
    }

    #[test]
    fn a_text_may_be_written_with_marks_and_not_without_end() {
        let mut issues = Issues::default();
        // Four characters that are composed into one.
        let composed = "\u{3b1}\u{313}\u{300}\u{345}".repeat(200);
        assert_eq!(
            name("/a", Some(composed), 200, &mut issues),
            Some("\u{1f82}".repeat(200))
        );
        assert!(issues.is_empty());
        for given in [
            "a".repeat(201),
            "a".repeat(3201),
            "\u{fdfa}".repeat(700_000),
        ] {
            assert_eq!(name("/a", Some(given.clone()), 200, &mut issues), None);
            assert_eq!(text("/a", Some(given), 200, &mut issues), None);
        }
        let found = issues.into_vec();
        assert_eq!(found.len(), 6);
        assert!(
            found.iter().all(|issue| issue.code == "length"),
            "{found:?}"
        );
    }

    #[test]
    fn what_nobody_can_see_is_blank_and_what_turns_text_round_is_refused() {
        let mut issues = Issues::default();
        for given in ["\u{200b}", "\u{202e}abc\u{202c}d", "\u{2067}"] {
            assert_eq!(text("/a", Some(given.to_owned()), 9, &mut issues), None);
        }
        assert_eq!(
            prose("/a", Some("\u{200b}\n".to_owned()), 9, &mut issues),
            None
        );
        let kept = text("/a", Some("\u{feff}Ełk\u{200b}".to_owned()), 9, &mut issues);
        assert_eq!(kept.as_deref(), Some("Ełk"));
        assert_eq!(issues.into_vec().len(), 4);
    }
}
