//! The ways in which a name is found, and those in which a search text finds.

use serde::Serialize;
use utoipa::ToSchema;

use crate::core::text::{article, expanded, search_keys, with_saint, written_out};

/// Most words of a name that people write as one.
const MAX_WORDS: usize = 6;
/// A shorter text would be found everywhere.
const SHORTEST: usize = 3;

/// How well a name fits what was asked for, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MatchKind)]
pub enum Match {
    /// It is the whole name.
    Exact,
    /// The name begins with it.
    Prefix,
    /// A word of the name begins with it, or, if nothing else is found, words of the name with its words in any
    /// order.
    Word,
    /// It stands inside a word of the name.
    Substring,
}

/// One spelling, and the loosest match in which it may take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) text: String,
    pub(super) reach: Match,
}

/// Every spelling of a name. Those without blanks or an article are found from their beginning.
pub(super) fn of_name(name: &str) -> Vec<Form> {
    forms(name, Match::Substring, Match::Prefix)
}

/// Every spelling of a search text. What is not as it was typed finds whole words only, and what has
/// lost a word finds whole names.
pub(super) fn of_query(q: &str) -> Vec<Form> {
    forms(q, Match::Word, Match::Exact)
}

fn forms(text: &str, respelt: Match, shortened: Match) -> Vec<Form> {
    let as_written = search_keys(text);
    let digraphs = expanded(text);
    let mut all = Forms(Vec::new());
    for key in &as_written {
        all.add(key.clone(), Match::Substring);
    }
    if let Some(key) = &digraphs {
        all.add_long(key.clone(), respelt);
    }
    for key in as_written.iter().chain(&digraphs) {
        let words: Vec<&str> = key.split(' ').collect();
        if words.len() < 2 || words.len() > MAX_WORDS {
            continue;
        }
        let with_saint = with_saint(&words);
        all.add_long(with_saint.join(" "), respelt);
        all.add_long(words.concat(), Match::Prefix);
        all.add_long(with_saint.concat(), Match::Prefix);
        for words in written_out(text, &words) {
            all.add_long(words.join(" "), respelt);
        }
        if let Some(rest) = article(&words) {
            all.add_long(rest.join(" "), shortened);
            all.add_long(rest.concat(), shortened);
        }
    }
    all.0
}

/// Spellings, each once.
struct Forms(Vec<Form>);

impl Forms {
    fn add(&mut self, text: String, reach: Match) {
        if !self.0.iter().any(|form| form.text == text) {
            self.0.push(Form { text, reach });
        }
    }

    fn add_long(&mut self, text: String, reach: Match) {
        if text.chars().nth(SHORTEST - 1).is_some() {
            self.add(text, reach);
        }
    }
}
