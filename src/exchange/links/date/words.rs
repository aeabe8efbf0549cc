//! Dates with words: "6 giugno 2013", "June 6, 2013", "2013年6月6日".

use crate::core::{month, parse_error::ParseError, text::is_digits};

/// The signs of year, month and day behind the numbers, in Chinese and Japanese and in Korean.
const SIGNS: [[char; 3]; 2] = [['年', '月', '日'], ['년', '월', '일']];

/// What stands before the day from which on something is.
const SINCE: [&str; 30] = [
    "since", "from", "seit", "ab", "dal", "dall", "dallo", "l", "depuis", "dès", "desde", "od",
    "ode", "sedan", "sen", "siden", "sidan", "sinds", "nuo", "kopš", "alates", "din", "óta", "από",
    "с", "з", "от", "від", "منذ", "מאז",
];

/// What stands before a day and says no more: "w dniu 12.06.1994", "le 19 mai 1992", "am 19. Mai 1992".
const ON: [&str; 12] = [
    "on ", "am ", "vom ", "den ", "le ", "el ", "dnia ", "w dniu ", "z dnia ", "od dnia ", "dne ",
    "dňa ",
];

/// The text behind a word for "since", or behind one that stands before a day.
pub(super) fn since(text: &str) -> &str {
    let text = text.trim();
    let behind = ON.iter().find_map(|word| {
        let begins = text.get(..word.len())?.to_lowercase() == **word;
        text.get(word.len()..).filter(|_| begins)
    });
    if let Some(rest) = behind.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        return rest;
    }
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(0);
    let (word, rest) = text.split_at(end);
    if SINCE.contains(&word.to_lowercase().as_str()) {
        rest.trim_start_matches(['\'', '’', ':', '.']).trim()
    } else {
        text
    }
}

/// The text without a word at its end that says nothing: "06.05.2003 r."
pub(super) fn bare(text: &str) -> &str {
    let numbers = text.trim_end_matches(|c: char| c.is_alphabetic() || c == '.');
    let word = text.get(numbers.len()..).unwrap_or_default();
    if month::is_small(word.trim_matches('.')) {
        numbers.trim_end()
    } else {
        text
    }
}

/// The date whose numbers have signs that say what they are.
pub(super) fn numbered(text: &str) -> Option<String> {
    SIGNS.into_iter().find_map(|[year, month, day]| {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let (year, rest) = plain.split_once(year)?;
        let number = |text: &str, lengths: &[usize]| {
            let text = if text.is_ascii() {
                text.to_owned()
            } else {
                number(text)?.to_string()
            };
            (is_digits(&text) && lengths.contains(&text.len())).then_some(text)
        };
        let year = number(year, &[4])?;
        if rest.is_empty() {
            return Some(year);
        }
        let (month, rest) = rest.split_once(month)?;
        let month = number(month, &[1, 2])?;
        if rest.is_empty() {
            return Some(format!("{year}-{month:0>2}"));
        }
        let day = number(rest.strip_suffix(day)?, &[1, 2])?;
        Some(format!("{year}-{month:0>2}-{day:0>2}"))
    })
}

/// A number in digits or in Chinese ones: 58, 五十八, 一九九二.
pub(super) fn number(text: &str) -> Option<u32> {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |c: char| {
        let chinese = DIGITS.iter().position(|digit| *digit == c);
        char::from_digit(u32::try_from(chinese?).ok()?, 10)
    };
    let value = |text: &str| {
        let digits = text
            .chars()
            .map(|c| digit(c).or(c.is_ascii_digit().then_some(c)));
        digits.collect::<Option<String>>()?.parse::<u32>().ok()
    };
    match text.split_once('十') {
        None => value(text),
        Some((tens, ones)) => {
            let one = |text: &str, blank| match text.chars().count() {
                0 => Some(blank),
                1 => value(text),
                _ => None,
            };
            Some(one(tens, 1)? * 10 + one(ones, 0)?)
        }
    }
}

/// The date whose month is written by its name, wherever the name stands; an error when it is the
/// name of different months in different languages.
pub(super) fn named(text: &str, language: Option<&str>) -> Result<Option<String>, ParseError> {
    let (mut year, mut day) = (None, None);
    let mut months = None;
    let mut small = false;
    let mut behind_day = false;
    let Some(parts) = parts(text) else {
        return Ok(None);
    };
    for part in parts {
        let is_number = is_digits(part);
        let ends_day = std::mem::replace(&mut behind_day, is_number && part.len() < 3);
        let slot = match part.len() {
            1 | 2 if is_number => &mut day,
            4 if is_number => &mut year,
            _ if is_number => return Ok(None),
            _ => {
                let mut found = month::named(part, language);
                if found.is_empty()
                    && let Some(month) = roman(part)
                {
                    found.insert(month, Vec::new());
                }
                if ends_day && month::is_ordinal(part) {
                    continue;
                }
                if !found.is_empty() && months.is_none() {
                    months = Some((part, found));
                } else if found.is_empty() && month::is_small(part) {
                    small = true;
                } else {
                    return Ok(None);
                }
                continue;
            }
        };
        if slot.replace(part).is_some() {
            return Ok(None);
        }
    }
    let Some(year) = year else {
        return Ok(None);
    };
    let Some((name, months)) = months else {
        return Ok((small && day.is_none()).then(|| year.to_owned()));
    };
    let mut meant = months.keys();
    match (meant.next(), meant.next(), day) {
        (Some(month), None, Some(day)) => Ok(Some(format!("{year}-{month:02}-{day:0>2}"))),
        (Some(month), None, None) => Ok(Some(format!("{year}-{month:02}"))),
        _ => {
            let all: Vec<String> = months
                .iter()
                .map(|(month, languages)| format!("month {month} in {}", languages.join(", ")))
                .collect();
            Err(ParseError::new(
                "invalid_edtf",
                format!(
                    "“{name}” is {}; name the language in the mapping, as in months = \"{}\"",
                    all.join(" and "),
                    months.values().flatten().next().unwrap_or(&"pl")
                ),
            ))
        }
    }
}

/// The month with this number, as it is printed in many countries: "25.VI.1992".
fn roman(text: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = [
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII",
    ];
    let at = MONTHS.iter().position(|month| *month == text)?;
    u8::try_from(at + 1).ok()
}

/// The runs of digits and of letters, unless something does not only stand between them: a sign of doubt, a dash of a
/// span.
fn parts(text: &str) -> Option<Vec<&str>> {
    let class = |c: char| match c {
        '0'..='9' => 1,
        ' ' | '\u{a0}' | '.' | ',' | '،' | '/' | '-' | '\'' | '’' | '°' => 2,
        _ if c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c) => 3,
        _ => 4,
    };
    let is_digit = |c: char| c.is_ascii_digit();
    let (mut parts, mut behind_digits) = (Vec::new(), false);
    let mut rest = text;
    while let Some(first) = rest.chars().next().map(class) {
        let end = rest.find(|c| class(c) != first).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        let is_behind_digits = std::mem::replace(&mut behind_digits, first == 1);
        rest = after;
        match first {
            1 | 3 => parts.push(run),
            // Between numbers they make a span, as in "Juni 2001/02".
            2 if run.contains(['/', '-']) && is_behind_digits && rest.starts_with(is_digit) => {
                return None;
            }
            2 => {}
            _ => return None,
        }
    }
    Some(parts)
}
