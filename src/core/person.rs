//! The name of a natural person, as something to be found and taken out of texts.

use std::fmt;

use serde_json::Value;
use unicode_normalization::char::is_combining_mark;

use super::text::{fold, nfc};

/// What stands where a name stood in running text.
pub const REDACTED: &str = "[redacted]";

/// A name to look for: case, accents and punctuation make no difference.
#[derive(Clone)]
pub struct Person {
    spelling: String,
    words: Vec<String>,
    /// Written without blanks between words, as in Chinese: then it may stand anywhere in a text.
    unspaced: bool,
}

// A name must not reach a log by way of a `{:?}`.
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(…)")
    }
}

/// A word of a text, as bytes, and what it folds to.
struct Word<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    folded: Vec<String>,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let is_part = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (open, is_part(c)) {
            (None, true) => open = Some(at),
            (Some(start), false) => {
                let word = text.get(start..at).unwrap_or_default();
                found.push(Word {
                    start,
                    end: at,
                    text: word,
                    folded: fold(word).split(' ').map(str::to_owned).collect(),
                });
                open = None;
            }
            _ => {}
        }
    }
    found.retain(|word| word.folded.iter().any(|part| !part.is_empty()));
    found
}

/// Whether a text is a code of a vocabulary, an id, a day or a country, as a whole.
fn is_code(text: &str) -> bool {
    let code = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '_');
    let day = |c: char| {
        c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | '~' | '?' | '%' | 'X' | 'T' | 'Z' | ':')
    };
    text.chars().all(code)
        || text.chars().all(day)
        || (text.len() == 2 && text.chars().all(|c| c.is_ascii_uppercase()))
}

/// Which members of a record in the log are looked at.
#[derive(Debug, Clone, Copy)]
pub enum Members {
    /// All of them.
    All,
    /// This one.
    Only(&'static str),
    /// All but this one.
    But(&'static str),
}

impl Members {
    fn has(self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(one) => name == one,
            Self::But(one) => name != one,
        }
    }
}

/// Whether a member of this name says how a partner or a network is called.
fn is_name(member: &str) -> bool {
    matches!(member, "name" | "names")
}

impl Person {
    /// The person of this name; `None` when it has no letters.
    pub fn new(name: &str) -> Option<Self> {
        let spelling = nfc(name);
        let words = words(&spelling);
        let unspaced = words.len() == 1 && words.iter().any(|word| word.folded.len() > 1);
        let words: Vec<String> = words.into_iter().flat_map(|word| word.folded).collect();
        (!words.is_empty()).then_some(Self {
            spelling,
            words,
            unspaced,
        })
    }

    /// The name as it was written.
    pub fn spelling(&self) -> &str {
        &self.spelling
    }

    /// Whether a field that holds a name holds this one, perhaps with a title or a further name.
    pub fn is_named(&self, field: &str) -> bool {
        let same: Vec<String> = words(field).into_iter().flat_map(|w| w.folded).collect();
        same == self.words || (self.words.len() > 1 && self.stands_in(field))
    }

    /// Whether the name stands in running text.
    pub fn stands_in(&self, text: &str) -> bool {
        !self.spans(text).is_empty()
    }

    /// The text without the name, and how often it stood there; `None` when it did not.
    pub fn blanked(&self, text: &str) -> Option<(String, usize)> {
        let spans = self.spans(text);
        if spans.is_empty() {
            return None;
        }
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for (start, end) in &spans {
            out.push_str(text.get(from..*start).unwrap_or_default());
            out.push_str(REDACTED);
            from = *end;
        }
        out.push_str(text.get(from..).unwrap_or_default());
        Some((out, spans.len()))
    }

    /// Takes the name out of the values of a JSON Patch (RFC 6902) of the log, which stays one: paths and names of
    /// operations are left as they are, and so are how partners and networks are called, and other `members` of the
    /// record than those asked for. How often it stood there.
    pub fn blank_patch(&self, patch: &mut Value, members: Members) -> usize {
        let in_operation = |operation: &mut Value| {
            let path = operation.get("path").and_then(Value::as_str);
            let path: Vec<&str> = path.unwrap_or_default().split('/').skip(1).collect();
            let first = path.first().copied();
            if first.is_some_and(|first| !members.has(first)) || path.iter().any(|it| is_name(it)) {
                return 0;
            }
            let whole = first.is_none();
            match operation.get_mut("value") {
                Some(Value::Object(record)) if whole => record
                    .iter_mut()
                    .filter(|(name, _)| members.has(name) && !is_name(name))
                    .map(|(_, member)| self.blank_but_names(member))
                    .sum(),
                Some(value) => self.blank_but_names(value),
                None => 0,
            }
        };
        let operations = patch.as_array_mut().into_iter().flatten();
        operations.map(in_operation).sum()
    }

    /// [`blank_all`](Self::blank_all) of what names no person but in texts: a `name` is that of a partner or a
    /// network, which may be called after somebody, and stays.
    pub fn blank_but_names(&self, value: &mut Value) -> usize {
        self.blank(value, is_name)
    }

    /// Takes the name out of every text of a JSON value; how often it stood there. Codes, ids and
    /// dates are no texts: a name that is spelt like one leaves them as they are.
    pub fn blank_all(&self, value: &mut Value) -> usize {
        self.blank(value, |_| false)
    }

    fn blank(&self, value: &mut Value, stays: fn(&str) -> bool) -> usize {
        match value {
            Value::String(text) if is_code(text) => 0,
            Value::String(text) => match self.blanked(text) {
                Some((blanked, count)) => {
                    *text = blanked;
                    count
                }
                None => 0,
            },
            Value::Array(items) => items.iter_mut().map(|item| self.blank(item, stays)).sum(),
            Value::Object(members) => members
                .iter_mut()
                .filter(|(name, _)| !stays(name))
                .map(|(_, member)| self.blank(member, stays))
                .sum(),
            _ => 0,
        }
    }

    /// Leaves out every `name` of a JSON value that is this one, however deep; how many there were.
    pub fn unname(&self, value: &mut Value) -> usize {
        match value {
            Value::Array(items) => items.iter_mut().map(|item| self.unname(item)).sum(),
            Value::Object(members) => {
                let named = members
                    .get("name")
                    .and_then(Value::as_str)
                    .is_some_and(|name| self.is_named(name));
                if named {
                    members.remove("name");
                }
                let below: usize = members.values_mut().map(|item| self.unname(item)).sum();
                usize::from(named) + below
            }
            _ => 0,
        }
    }

    /// Where the name stands, as ranges of bytes that do not overlap: an address in which it stands
    /// percent-encoded as a whole.
    fn spans(&self, text: &str) -> Vec<(usize, usize)> {
        let mut spans = self.plain_spans(text);
        if !text.contains("://") || !text.contains(['%', '+']) {
            return spans;
        }
        let mut from = 0;
        for address in text.split_whitespace() {
            let rest = text.get(from..).unwrap_or_default();
            let start = from + rest.find(address).unwrap_or_default();
            from = start + address.len();
            let mut parts = form_urlencoded::parse(address.as_bytes());
            let stands = |text: &str| !self.plain_spans(text).is_empty();
            let is_address = address.contains("://") && !stands(address);
            if is_address && parts.any(|(name, value)| stands(&name) || stands(&value)) {
                spans.push((start, from));
            }
        }
        spans.sort_unstable();
        spans
    }

    fn plain_spans(&self, text: &str) -> Vec<(usize, usize)> {
        if self.unspaced {
            return text
                .match_indices(self.spelling.as_str())
                .map(|(at, found)| (at, at + found.len()))
                .collect();
        }
        let all = words(text);
        // A single word may be an everyday one: there, case and accents count.
        if self.words.len() == 1 {
            return all
                .iter()
                .filter(|word| nfc(word.text) == self.spelling)
                .map(|word| (word.start, word.end))
                .collect();
        }
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for (index, first) in all.iter().enumerate() {
            if spans.last().is_some_and(|(_, end)| first.start < *end) {
                continue;
            }
            let mut wanted = self.words.as_slice();
            for word in all.iter().skip(index) {
                let Some(rest) = wanted.strip_prefix(word.folded.as_slice()) else {
                    break;
                };
                wanted = rest;
                if wanted.is_empty() {
                    spans.push((first.start, word.end));
                    break;
                }
            }
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn blanked(name: &str, text: &str) -> String {
        Person::new(name)
            .unwrap()
            .blanked(text)
            .map_or_else(|| text.to_owned(), |(text, _)| text)
    }

    #[test]
    fn a_name_is_found_whatever_its_case_accents_and_punctuation() {
        for (name, text, left) in [
            (
                "Jane Q. Example",
                "by Jane Q. Example, mayor",
                "by [redacted], mayor",
            ),
            ("jane example", "JANE  EXAMPLE signed", "[redacted] signed"),
            (
                "Łucja Żółć",
                "Lucja Zolc and Łucja Żółć.",
                "[redacted] and [redacted].",
            ),
            ("Anna Nowak-Lis", "Anna Nowak Lis", "[redacted]"),
            ("Иван Иванов", "мэр Иван Иванов", "мэр [redacted]"),
            ("王伟", "市长王伟签署", "市长[redacted]签署"),
            ("Jane Example", "Jane Examples", "Jane Examples"),
            (
                "Jane Example",
                "Mary-Jane Examplesson",
                "Mary-Jane Examplesson",
            ),
            ("Jan Jan Kot", "Jan Jan Jan Kot", "Jan [redacted]"),
            (
                "Łucja Żółć",
                "https://example.org/%C5%81ucja_%C5%BB%C3%B3%C5%82%C4%87.pdf",
                "[redacted]",
            ),
            (
                "Jane Example",
                "by Jane Example, see https://example.org/Jane%20Example.pdf on exchange",
                "by [redacted], see [redacted] on exchange",
            ),
            (
                "Jane Example",
                "https://example.org/?by=Jane+Example",
                "https://example.org/?by=[redacted]",
            ),
        ] {
            assert_eq!(blanked(name, text), left, "{name} in {text}");
        }
    }

    #[test]
    fn a_single_word_is_found_only_as_it_is_written() {
        assert_eq!(
            blanked("Rose", "a rose for Rose, in Roseville"),
            "a rose for [redacted], in Roseville"
        );
        assert!(Person::new("Rose").unwrap().is_named("ROSE"));
        assert!(!Person::new("Rose").unwrap().is_named("Rose Example"));
    }

    #[test]
    fn a_field_with_a_title_holds_the_name() {
        let person = Person::new("Jan Kowalski").unwrap();
        assert!(person.is_named("dr Jan Kowalski"));
        assert!(person.is_named("JAN KOWALSKI"));
        assert!(!person.is_named("Jan Nowak"));
        assert!(Person::new(" – ").is_none());
    }

    #[test]
    fn a_patch_stays_one_and_codes_stay_codes() {
        let before = json!([{"op": "add", "path": "/title", "value": {"en": "Sign", "of": "sign"}},
            {"op": "replace", "path": "/parties/0/title", "value": "PL"}]);
        for name in ["title", "add", "sign", "path", "PL", "parties"] {
            let mut patch = before.clone();
            assert_eq!(
                Person::new(name)
                    .unwrap()
                    .blank_patch(&mut patch, Members::All),
                0,
                "{name}"
            );
            assert_eq!(patch, before);
        }
        let mut patch = before;
        assert_eq!(
            Person::new("Sign")
                .unwrap()
                .blank_patch(&mut patch, Members::All),
            1
        );
        assert_eq!(patch.pointer("/0/value/en"), Some(&json!(REDACTED)));
    }

    #[test]
    fn who_is_called_after_somebody_keeps_the_name_in_the_log() {
        let before = json!([
            {"op": "add", "path": "", "value": {"name": "Jane Example School", "description": {"en": "Of Jane Example"},
                "names": [{"name": "Jane Example"}], "host": {"id": "ptn_8x3k0q2m7t", "name": "Jane Example"}}},
            {"op": "replace", "path": "/names/0/name", "value": "Jane Example"},
            {"op": "replace", "path": "/parties/0/partner/name", "value": "Jane Example"},
            {"op": "replace", "path": "/description/en", "value": "Jane Example's"}]);
        let mut patch = before.clone();
        assert_eq!(
            Person::new("Jane Example")
                .unwrap()
                .blank_patch(&mut patch, Members::All),
            2
        );
        // Of one member alone.
        let mut of_one = before.clone();
        let jane = Person::new("Jane Example").unwrap();
        assert_eq!(jane.blank_patch(&mut of_one, Members::Only("host")), 0);
        let but = Members::But("description");
        assert_eq!(jane.blank_patch(&mut of_one, but), 0);
        assert_eq!(
            jane.blank_patch(&mut of_one, Members::Only("description")),
            2
        );
        let mut expected = before;
        expected[0]["value"]["description"]["en"] = json!("Of [redacted]");
        expected[3]["value"] = json!("[redacted]'s");
        assert_eq!((patch, of_one), (expected.clone(), expected));
    }

    #[test]
    fn every_text_of_a_value_is_looked_into() {
        let mut value = json!({"a": ["x Jane Example", {"b": "Jane Example"}], "n": 1});
        let person = Person::new("Jane Example").unwrap();
        assert_eq!(person.blank_all(&mut value), 2);
        assert_eq!(
            value,
            json!({"a": ["x [redacted]", {"b": "[redacted]"}], "n": 1})
        );
        assert_eq!(format!("{person:?}"), "Person(…)");
    }

    proptest! {
        #[test]
        fn what_was_blanked_no_longer_holds_the_name(
            first in "[A-Z][a-zżółć]{1,8}", last in "[A-Z][a-z]{1,8}",
            before in "\\PC{0,20}", after in "\\PC{0,20}",
        ) {
            let person = Person::new(&format!("{first} {last}")).unwrap();
            let text = format!("{before} {first} {last} {after}");
            let (left, count) = person.blanked(&text).unwrap();
            prop_assert!(count >= 1 && !person.stands_in(&left), "{left}");
        }
    }
}
