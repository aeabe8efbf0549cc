//! What could be meant by a date that is not read, and how to say it.

use super::{Style, calendar};
use crate::core::text::is_digits;

/// What could be meant, and how to say it.
pub(super) fn of(text: &str, styles: &[Style]) -> Option<String> {
    if let Some(between) = between_numbers(text) {
        return Some(of_numbers(text, between, styles));
    }
    let lower = text.to_lowercase();
    let number = text.split('.').next().unwrap_or_default();
    let is_number = is_digits(number) && text.parse::<f64>().is_ok();
    let is_of_spreadsheet = is_number && (5..=7).contains(&number.len());
    let decade = lower.strip_suffix('s').or_else(|| lower.strip_suffix('u'));
    let parts: Vec<&str> = text.split(['–', '—', '/', '-']).map(str::trim).collect();
    let is_span = matches!(parts.as_slice(), [from, to] if is_digits(from) && is_digits(to));
    let years = calendar::years(text).count();
    let time = text.split_once(['T', ' ']).map(|(_, time)| time);
    let hints = [
        (
            is_of_spreadsheet && styles.contains(&Style::Excel),
            "a spreadsheet's number of a day has five digits and nothing behind a point: 33779 is 1992-06-24",
        ),
        (
            is_of_spreadsheet,
            "a number is no date: if the cells hold a spreadsheet's numbers of days, say dates = \"excel\" in \
             the mapping",
        ),
        (
            is_about_a_year(&lower),
            "about a year is written 1990~ (EDTF); a table of values in the mapping can translate this",
        ),
        (
            decade.is_some_and(|decade| decade.len() >= 3 && is_digits(decade)),
            "a decade is written 199X (EDTF); a table of values in the mapping can translate this",
        ),
        (
            is_span,
            "a span of time is no date: a beginning and an end go into signed_on and ended_on; a day that lies \
             somewhere within is written [1992..1995]",
        ),
        (
            years > 1 && !text.contains(".."),
            "the cell holds several dates and a link has one beginning: what was signed anew is a row of its \
             own, an end goes into ended_on",
        ),
        (
            time.is_some_and(|time| time.contains(':')),
            "a time of day is not kept: which day it was depends on the time zone; write the day alone",
        ),
        (has_no_year(text), NO_YEAR),
    ];
    let mut hints = hints.into_iter();
    hints.find_map(|(fits, hint)| fits.then(|| hint.to_owned()))
}

const NO_YEAR: &str = "this date has no year of four digits, and none is guessed: write it whole, as in 1992-06-25, or \
                       1992 where no more is known";

/// Whether there are numbers and none that may be a year. A formula is no date at all.
fn has_no_year(text: &str) -> bool {
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    let mut numbers = numbers.filter(|number| !number.is_empty()).peekable();
    !text.starts_with('=') && numbers.peek().is_some() && numbers.all(|number| number.len() < 3)
}

/// Words for "about" beside a year.
const ABOUT: &str = "c ca circa cca about around approx etwa um gegen vers environ hacia cerca verso ok około около";

/// Whether there is one year, and words that say that it was about then.
fn is_about_a_year(lower: &str) -> bool {
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let years = words
        .clone()
        .filter(|word| is_digits(word) && word.len() == 4);
    let is_about = |word: &str| ABOUT.split(' ').any(|about| about == word);
    years.count() == 1 && (lower.starts_with(['~', '≈']) || words.clone().any(is_about))
}

/// What stands between the two or three numbers that this is, one of which may be a year.
fn between_numbers(text: &str) -> Option<char> {
    ['.', '/', '-', ' '].into_iter().find(|c| {
        let parts: Vec<&str> = text.split(*c).map(str::trim).collect();
        let years = parts.iter().filter(|part| part.len() == 4).count();
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        let iso = *c == '-' && matches!(lengths.as_slice(), [4, 2] | [4, 2, 2]);
        let short = parts.iter().all(|part| is_digits(part) && part.len() <= 4);
        (2..=3).contains(&parts.len()) && years < 2 && !iso && short
    })
}

/// What could be meant by numbers in an order that was not declared, and how to say it.
fn of_numbers(text: &str, between: char, styles: &[Style]) -> String {
    if text.split(between).all(|part| part.trim().len() < 4) {
        return NO_YEAR.to_owned();
    }
    let year_first = text.find(between) == Some(4);
    let orders = if year_first {
        format!("\"y{between}m{between}d\"")
    } else {
        format!("\"d{between}m{between}y\" or \"m{between}d{between}y\"")
    };
    let mut declared = styles.iter().filter_map(|style| match style {
        Style::Ordered(_, between) => Some(*between),
        Style::Excel => None,
    });
    match (declared.clone().next(), declared.any(|c| c == between)) {
        (None, _) => format!(
            "the file does not say which of these numbers is the day: declare it in the \
             mapping, as in dates = {orders}"
        ),
        (Some(_), true) => {
            "this is no date in the order that the mapping declares with “dates”".to_owned()
        }
        (Some(_), false) => format!(
            "this is no date in the order that the mapping declares with “dates”; it can \
             declare several, as in dates = [\"…\", {orders}]"
        ),
    }
}
