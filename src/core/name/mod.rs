//! What a name may be, when two are the same, and when they look like the same.
//!
//! Names are compared as they are written: [`key()`] takes away what spelling leaves to taste (case,
//! accents, width, traditional or simplified characters, marks nobody sees) and nothing more.
//! [`near()`] is looser and decides nothing: it finds what a person should look at. How a name sounds
//! in another script is for searching only: see [`text`](super::text).

mod garbled;
mod han;
mod key;
mod meant;
mod near;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::parse_error::ParseError;
use super::text::{is_digits, is_invisible, nfc};
use garbled::garbled;
pub use key::key;
pub use near::{Keys, Likeness, likeness, near, without_beside};

/// A name in composed form, without what can't be seen at its ends.
///
/// Else `invalid_name`: a name has a letter of some script, and is no address, link, markup or
/// formula. Of the characters that can't be seen only those are kept inside that spell words: the
/// joiners between letters, variants of Chinese and Mongolian letters, and the two marks of
/// direction of single characters.
pub fn check(text: &str) -> Result<String, ParseError> {
    let name = line(text);
    let wrong = control(text)
        .or_else(|| wrong_character(&name))
        .or_else(|| address(&name))
        .or_else(|| markup(&name))
        .or_else(|| formula(&name))
        .or_else(|| number(&name))
        .or_else(|| garbled(&name))
        .or_else(|| {
            (!name.is_empty() && !name.chars().any(is_letter))
                .then(|| "a name has at least one letter".to_owned())
        });
    match wrong {
        None => Ok(name),
        Some(rule) => Err(ParseError::new("invalid_name", rule)),
    }
}

/// One line of text in composed form, without blanks and what can't be seen at its ends and at the
/// ends of its words.
pub fn line(text: &str) -> String {
    let text = nfc(text);
    let words = text.split(' ').map(|word| word.trim_matches(is_invisible));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Characters that turn the direction of what stands beside them: text can pretend with them to say
/// something else than it does.
pub fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic()
        && !is_invisible(c)
        && !is_combining_mark(c)
        && !matches!(c, '\u{2b0}'..='\u{2ff}' | '\u{640}')
}

/// A control character inside the name, or one that ends a line without being seen: what was a letter in
/// another encoding.
fn control(text: &str) -> Option<String> {
    lost_character(text).map(unseen)
}

/// The character inside a text of one line that shows nothing and is no blank.
pub fn lost_character(text: &str) -> Option<char> {
    // What another encoding has letters for is not blank at the ends either.
    let is_blank = |c: char| c.is_whitespace() || (c.is_control() && c.is_ascii());
    let ends = |c: char| is_blank(c) || is_invisible(c);
    let inner = text.trim_matches(ends);
    let lost = |c: &char| match c {
        '\t' | '\n' | '\r' => false,
        '\u{2028}' | '\u{2029}' => true,
        c => c.is_control(),
    };
    inner.chars().find(lost)
}

fn unseen(c: char) -> String {
    format!(
        "U+{:04X} can't be seen, or changes how the rest is seen: leave it out",
        u32::from(c)
    )
}

/// What is wrong with a character inside the name.
fn wrong_character(name: &str) -> Option<String> {
    let mut before: Option<char> = None;
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied();
        if is_invisible(c) && !spells(before, c, after) {
            return Some(unseen(c));
        }
        if matches!(c, '\u{fffd}' | '\u{fffe}' | '\u{ffff}') {
            return Some("it holds the sign that stands for a character that was lost".to_owned());
        }
        let letter_follows = || chars.clone().find(|c| *c != '?').is_some_and(is_letter);
        if c == '?' && before.is_none_or(|c| is_letter(c) || c == '?') && letter_follows() {
            return Some(
                "a question mark before letters stands for a letter that was lost".to_owned(),
            );
        }
        before = Some(c);
    }
    None
}

/// Whether an invisible character belongs to how this word is spelt.
fn spells(before: Option<char>, c: char, after: Option<char>) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() || is_combining_mark(c));
    match c {
        '\u{200c}' | '\u{200d}' => part(before) && part(after),
        '\u{200e}' | '\u{200f}' => true,
        '\u{180b}'..='\u{180f}' => before.is_some_and(|c| ('\u{1800}'..='\u{18af}').contains(&c)),
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => {
            before.is_some_and(|c| ('\u{3400}'..='\u{9fff}').contains(&c) || c >= '\u{20000}')
        }
        _ => false,
    }
}

/// A mail or web address in it.
fn address(name: &str) -> Option<String> {
    let plain: String = name.nfkc().flat_map(char::to_lowercase).collect();
    let mail = plain.split_whitespace().any(|word| {
        word.rsplit_once('@')
            .is_some_and(|(who, host)| !who.is_empty() && host.contains('.'))
    });
    if mail || plain.contains("mailto:") {
        return Some("a name is no mail address: addresses belong to contacts".to_owned());
    }
    let web = plain.contains("://")
        || plain
            .split(|c: char| !(c.is_alphanumeric() || c == '.'))
            .any(|word| word.starts_with("www.") && word.len() > 4)
        || ["http:", "https:", "http/", "https/"]
            .iter()
            .any(|scheme| plain.starts_with(scheme))
        || is_host(name)
        || name.split_whitespace().any(is_host_and_path);
    web.then(|| "a name is no link: addresses belong to website or to a source".to_owned())
}

/// `example.org` alone.
fn is_host(name: &str) -> bool {
    let label = |part: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !part.is_empty() && part.bytes().all(plain)
    };
    name.rsplit_once('.').is_some_and(|(host, top)| {
        let known = top == "info" || (2..=3).contains(&top.len());
        host.len() > 2 && known && !top.contains('-') && host.split('.').all(label) && label(top)
    })
}

/// `example.org/x`, but not `St.Vith/Eupen`.
fn is_host_and_path(word: &str) -> bool {
    let Some((host, _)) = word.split_once('/') else {
        return false;
    };
    host.rsplit_once('.').is_some_and(|(name, top)| {
        !name.is_empty()
            && (2..=4).contains(&top.len())
            && top.bytes().all(|byte| byte.is_ascii_lowercase())
    })
}

/// Signs of HTML, a wiki or Markdown in it.
fn markup(name: &str) -> Option<String> {
    let signs = [
        "[[", "]]", "{{", "}}", "'''", "](", "<", ">", "\u{ff1c}", "\u{ff1e}",
    ];
    let sign = signs.into_iter().find(|sign| name.contains(sign));
    let sign = sign
        .map(ToOwned::to_owned)
        .or_else(|| between(name, '&', ';', is_entity))
        .or_else(|| half_an_entity(name));
    let sign = sign.or_else(|| between(name, '[', ']', is_digits));
    let sign = sign.or_else(|| name.starts_with("''").then(|| "''".to_owned()));
    sign.map(|sign| format!("a name is plain text, without markup: {sign}"))
}

/// The first passage between two signs for which this holds, with them.
fn between(name: &str, open: char, close: char, holds: fn(&str) -> bool) -> Option<String> {
    name.split(open).skip(1).find_map(|rest| {
        let (inner, _) = rest.split_once(close)?;
        holds(inner).then(|| format!("{open}{inner}{close}"))
    })
}

fn is_entity(inner: &str) -> bool {
    let name = inner.strip_prefix('#').unwrap_or(inner);
    (2..=8).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// `&nbsp` or `&#160`, of which something has cut the semicolon.
fn half_an_entity(name: &str) -> Option<String> {
    const NAMES: [&str; 9] = [
        "nbsp", "amp", "quot", "apos", "lt", "gt", "shy", "ndash", "mdash",
    ];
    let accents = [
        "acute", "grave", "circ", "uml", "tilde", "cedil", "ring", "slash", "caron",
    ];
    name.split('&').skip(1).find_map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '#'));
        let word = rest.get(..end.unwrap_or(rest.len()))?;
        let number = word.strip_prefix('#').is_some_and(is_digits);
        let letter = word
            .get(1..)
            .is_some_and(|accent| accents.contains(&accent));
        (number || letter || NAMES.contains(&word)).then(|| format!("&{word}"))
    })
}

/// Whether this is what a spreadsheet shows where a formula went wrong, in any language: `#VALUE!`,
/// `#N/A`, `#¡VALOR!`, `#ССЫЛКА!`, `Err:502`.
pub fn is_error(text: &str) -> bool {
    let Some(name) = text.strip_prefix('#') else {
        // LibreOffice numbers its errors, behind the word of its language.
        return text.rsplit_once(':').is_some_and(|(word, number)| {
            let number: Option<u16> = number.parse().ok();
            let word = word.trim_end();
            !word.is_empty()
                && word.chars().all(char::is_alphabetic)
                && number.is_some_and(|number| (501..=550).contains(&number))
        });
    };
    let sign = |c: char| {
        let letter = c.is_alphabetic() && !c.is_lowercase();
        letter || c.is_ascii_digit() || matches!(c, '/' | '_' | '!' | '?' | '¡' | '¿')
    };
    // Every language has words of its own, and no town is called `#` and capitals.
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    name.chars().all(sign) && letters >= if name.ends_with(['!', '?']) { 1 } else { 2 }
}

/// A spreadsheet's formula, or what it left where one went wrong.
fn formula(name: &str) -> Option<String> {
    if is_error(&name.to_uppercase()) {
        return Some("this is a spreadsheet's error, not a name".to_owned());
    }
    let begins = name.starts_with(['=', '\u{ff1d}', '@', '\u{ff20}']);
    let calls = name.strip_prefix(['+', '-']).is_some_and(|rest| {
        let mut calls = rest.match_indices('(');
        calls.any(|(at, _)| {
            let before = rest.get(..at).and_then(|before| before.chars().next_back());
            before.is_some_and(|c| c.is_alphanumeric() || c == '.')
        })
    });
    (begins || calls).then(|| "a name is no formula of a spreadsheet".to_owned())
}

/// A large number as spreadsheets show it: `1.5E+3`, `1,5E+03`.
fn number(name: &str) -> Option<String> {
    let begins = name.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    let is_number = begins && name.replace(',', ".").parse::<f64>().is_ok();
    is_number.then(|| "a number is no name".to_owned())
}

#[cfg(test)]
mod tests;
