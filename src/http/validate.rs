//! Checks that fields of many bodies share: lengths of texts, addresses, translations.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use validator::{ValidateEmail as _, ValidateUrl as _};

use crate::core::ids::{Kind, PublicId};
use crate::core::issue::{Checked, Issues};
use crate::core::language::{LanguageTag, Translations};
use crate::core::name;
use crate::core::text::{fits, is_invisible};
use crate::core::vocabulary::record::RecordState;

/// Longest address of the web, in characters.
pub const MAX_URL: usize = 2000;
/// Longest address of mail, in bytes (RFC 5321, by way of its path of 256).
pub const MAX_EMAIL: usize = 254;

/// A text in composed form, without blanks and what can't be seen at its ends, of 1 to `max`
/// characters; blank is an error, absent is not, and neither is what turns the direction of reading.
pub fn text(at: &str, value: Option<String>, max: usize, issues: &mut Issues) -> Option<String> {
    let text = name::line(&bounded(at, value?, max, issues)?);
    if !runs_one_way(at, &text, issues) {
        return None;
    }
    long(at, text, max, issues)
}

fn runs_one_way(at: &str, text: &str, issues: &mut Issues) -> bool {
    let turns = text.chars().any(name::turns);
    if turns {
        let rule = "must not hold characters that change the direction of reading";
        issues.add(at, "invisible", rule);
    }
    !turns
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
    let short = value.len() <= max.saturating_mul(WRITTEN);
    short
        .then_some(value)
        .or_else(|| not_so_long(at, max, issues))
}

fn long(at: &str, text: String, max: usize, issues: &mut Issues) -> Option<String> {
    let fits = fits(&text, max);
    fits.then_some(text)
        .or_else(|| not_so_long(at, max, issues))
}

fn not_so_long(at: &str, max: usize, issues: &mut Issues) -> Option<String> {
    let rule = format!("must be text of 1 to {max} characters");
    issues.add(at, "length", rule);
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

/// Longer text that keeps its line breaks; what turns the direction of reading is an error.
pub fn prose(at: &str, value: Option<String>, max: usize, issues: &mut Issues) -> Option<String> {
    let value = value?;
    let text = value.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    if !runs_one_way(at, text, issues) {
        return None;
    }
    long(at, text.to_owned(), max, issues)
}

/// An absolute http or https address.
pub fn url(at: &str, value: Option<String>, issues: &mut Issues) -> Option<String> {
    let value = value?;
    let text = value.trim();
    if is_url(text) {
        return Some(text.to_owned());
    }
    let rule = format!(
        "must be an absolute http or https address of at most {MAX_URL} characters, without a password"
    );
    issues.add(at, "invalid_url", rule);
    None
}

/// Whether this is an absolute http or https address with a host (URL Standard).
pub fn is_url(text: &str) -> bool {
    let web = text.split_once("://").is_some_and(|(scheme, rest)| {
        let scheme = scheme.to_ascii_lowercase();
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // What stands before an @ is a name and a password: nothing to tell everybody.
        matches!(scheme.as_str(), "http" | "https") && !host.is_empty() && !host.contains('@')
    });
    web && fits(text, MAX_URL)
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && text.validate_url()
}

/// Whether this is an address of mail as forms of the web take it (HTML Standard), of a named host;
/// letters of every script may stand in both parts (RFC 6531).
pub fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else {
        return false;
    };
    // No server takes a local part whose dots stand beside another or at an edge (RFC 5321).
    if local.split('.').any(str::is_empty) {
        return false;
    }
    let letter = |c: char| match c {
        foreign if !foreign.is_ascii() && foreign.is_alphanumeric() => 'x',
        other => other,
    };
    let local: String = local.chars().map(letter).collect();
    text.len() <= MAX_EMAIL && !host.ends_with(']') && format!("{local}@{host}").validate_email()
}

/// An address of mail that others may write to: its host has a name under a top-level domain.
pub fn email(at: &str, given: Option<String>, issues: &mut Issues) -> Option<String> {
    let given = given?;
    let text = given.trim();
    let host = text.rsplit_once('@').map(|(_, host)| host);
    if host.is_some_and(|host| host.contains('.')) && is_email(text) {
        return Some(text.to_owned());
    }
    let rule = "must be one address of mail, such as office@example.org";
    issues.add(at, "invalid_email", rule);
    None
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

/// A list of at most `most`, each checked at where it stands.
pub fn list<T, U>(
    at: &str,
    given: Option<Vec<T>>,
    most: usize,
    issues: &mut Issues,
    mut check: impl FnMut(&str, T, &mut Issues) -> Option<U>,
) -> Vec<U> {
    let given = given.unwrap_or_default();
    if given.len() > most {
        issues.add(at, "length", format!("must hold at most {most}"));
    }
    let all = given.into_iter().enumerate();
    all.filter_map(|(index, one)| check(&format!("{at}/{index}"), one, issues))
        .collect()
}

/// [`list`] of what is given once only: `one` is what one of them is called.
pub fn distinct<T, U: PartialEq>(
    at: &str,
    given: Option<Vec<T>>,
    (most, one): (usize, &str),
    issues: &mut Issues,
    mut check: impl FnMut(&str, T, &mut Issues) -> Option<U>,
) -> Vec<U> {
    let mut all: Vec<U> = Vec::new();
    list(at, given, most, issues, |at, value, issues| {
        let value = check(at, value, issues)?;
        if all.contains(&value) {
            issues.add(at, "repeated", format!("this {one} is given twice"));
        } else {
            all.push(value);
        }
        None::<()>
    });
    all
}

/// The agreements that a record names, up to the first that is refused: behind it nobody could tell at which place
/// of what was sent one stands.
pub fn agreements(
    at: &str,
    given: Option<Vec<String>>,
    most: usize,
    issues: &mut Issues,
) -> Vec<PublicId> {
    let sent = given.clone().unwrap_or_default();
    let mut all = distinct(at, given, (most, "agreement"), issues, |at, one, issues| {
        id(at, Some(one), Kind::Agreement, issues)
    });
    let same =
        |(said, id): &(&String, &PublicId)| said.parse::<PublicId>().ok().as_ref() == Some(*id);
    all.truncate(sent.iter().zip(&all).take_while(same).count());
    all
}

/// [`distinct`] codes.
pub fn codes<T: PartialEq>(
    at: &str,
    given: Option<Vec<Checked<T>>>,
    most: (usize, &str),
    issues: &mut Issues,
) -> Vec<T> {
    distinct(at, given, most, issues, |at, code, issues| {
        issues.take(at, Some(code))
    })
}

/// Notes a number that is not from 0 to `most`, if one is given.
pub fn count(at: &str, given: Option<i64>, most: i64, issues: &mut Issues) {
    if given.is_some_and(|count| !(0..=most).contains(&count)) {
        issues.add(at, "range", format!("must be from 0 to {most}"));
    }
}

/// The id of a record of this kind.
pub fn id(at: &str, given: Option<String>, kind: Kind, issues: &mut Issues) -> Option<PublicId> {
    given.and_then(|id| issues.check(at, PublicId::of_kind(&id, kind)))
}

/// A calendar day sent as text.
pub fn day(at: &str, given: Option<String>, issues: &mut Issues) -> Option<NaiveDate> {
    let text = given?;
    let day = Some(text.as_str())
        .filter(|text| text.len() == 10 && text.starts_with(|c: char| c.is_ascii_digit()))
        .and_then(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok());
    if day.is_none() {
        issues.add(at, "invalid_day", "must be a day, such as 2026-01-15");
    }
    day
}

/// The states a record can be given: others follow from what is done to it.
pub fn record_state(at: &str, state: Option<Checked<RecordState>>, issues: &mut Issues) {
    let state = issues.take(at, state);
    if state.is_some_and(|state| !matches!(state, RecordState::Draft | RecordState::Published)) {
        let rule = "must be draft or published; DELETE withdraws a record";
        issues.add(at, "unknown_code", rule);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreements_are_kept_up_to_the_first_that_is_refused() {
        let (a, b) = ("agr_0000000001", "agr_0000000002");
        for (given, kept, wrong) in [
            (&[a, b][..], &[a, b][..], &[][..]),
            (&[a, "ptn_0000000001", b], &[a], &["/of/1"]),
            (&["nonsense", a, b], &[], &["/of/0"]),
            (&[a, a, b], &[a], &["/of/1"]),
        ] {
            let mut issues = Issues::default();
            let sent = given.iter().map(|&id| id.to_owned()).collect();
            let all = agreements("/of", Some(sent), 5, &mut issues);
            assert!(
                all.iter().map(PublicId::as_str).eq(kept.iter().copied()),
                "{given:?}"
            );
            assert_eq!(issues.pointers(), wrong, "{given:?}");
        }
    }

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
            ("https:///example.org", false),
            ("https://[::1", false),
            ("HTTPS://example.org:8443/", true),
        ] {
            assert_eq!(is_url(text), good, "{text}");
        }
    }

    #[test]
    fn only_addresses_that_mail_can_be_sent_to_are_kept() {
        for (text, good) in [
            ("office@example.org", true),
            ("first.last+twin@mail.example.org", true),
            ("büro@münchen.example", true),
            ("info@münchen.de", true),
            ("info@xn--mnchen-3ya.de", true),
            ("почта@пример.рф", true),
            ("info@mün chen.de", false),
            ("\"a b\"@example.org", false),
            ("Office <office@example.org>", false),
            ("a@[127.0.0.1]", false),
            ("a@-example.org", false),
            ("a..b@example.org", false),
            (".a@example.org", false),
            ("office@", false),
        ] {
            assert_eq!(is_email(text), good, "{text}");
        }
        let long = format!("a@{}org", "example.".repeat(32));
        assert!(!is_email(&long));
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

    #[test]
    fn no_text_turns_the_direction_of_reading() {
        for turning in ["a\u{202e}b", "a\u{2067}b"] {
            let mut issues = Issues::default();
            assert_eq!(text("/a", Some(turning.to_owned()), 100, &mut issues), None);
            assert_eq!(
                prose("/b", Some(turning.to_owned()), 100, &mut issues),
                None
            );
            let all = BTreeMap::from([("en".to_owned(), turning.to_owned())]);
            assert!(translations("/c", Some(all), 100, &mut issues).is_empty());
            let codes: Vec<_> = issues.into_vec().into_iter().map(|one| one.code).collect();
            assert_eq!(codes, ["invisible"; 3]);
        }
        let mut issues = Issues::default();
        let joined = prose(
            "/a",
            Some("می\u{200c}خواهم\nb".to_owned()),
            100,
            &mut issues,
        );
        assert!(joined.is_some() && issues.is_empty());
    }
}
