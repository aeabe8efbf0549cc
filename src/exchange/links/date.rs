//! Dates as files write them.
//!
//! Only what can mean one thing is read: EDTF, what databases and Wikidata write where a month or a
//! day is unknown, and, once the mapping has declared it, an order of day, month and year or the
//! numbers of days of a spreadsheet. Everything else is refused with what could be written instead.

use std::str::FromStr;

use chrono::{Days, NaiveDate};

use crate::core::{edtf::Edtf, invalid::Invalid};

/// How the dates of a file are written, besides EDTF.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Style {
    /// EDTF alone.
    #[default]
    Edtf,
    /// Day, month and year in this order, with this character between them.
    Ordered([Part; 3], char),
    /// Days as spreadsheets number them: 33779 is 1992-06-24.
    Excel,
}

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Day,
    Month,
    Year,
}

impl FromStr for Style {
    type Err = Invalid;

    /// Such as `d.m.y`, `m/d/y`, `y-m-d` or `excel`.
    fn from_str(s: &str) -> Result<Self, Invalid> {
        let text = s.trim().to_lowercase();
        if text == "excel" {
            return Ok(Self::Excel);
        }
        let wrong = || {
            Invalid::new(
                "unknown_dates",
                format!(
                    "“{s}” is no order of dates: write d.m.y, d/m/y, m/d/y, y-m-d or the like, or \
                     excel for the numbers of days of a spreadsheet"
                ),
            )
        };
        let letters = text.chars().filter(char::is_ascii_alphabetic);
        let mut parts = Vec::new();
        for letter in letters {
            let part = match letter {
                'd' => Part::Day,
                'm' => Part::Month,
                'y' => Part::Year,
                _ => return Err(wrong()),
            };
            // dd.mm.yyyy says the same.
            if parts.last() != Some(&part) {
                parts.push(part);
            }
        }
        let mut between = text.chars().filter(|c| !c.is_ascii_alphabetic());
        let (Some(first), Some(second), None) = (between.next(), between.next(), between.next())
        else {
            return Err(wrong());
        };
        let order: [Part; 3] = parts.try_into().map_err(|_other_number| wrong())?;
        let [a, b, c] = order;
        let usual = [Part::Year, Part::Day] != [a, b] && b != Part::Year;
        if first != second || a == c || !usual || !matches!(first, '.' | '/' | '-' | ' ') {
            return Err(wrong());
        }
        Ok(Self::Ordered(order, first))
    }
}

/// The date in a cell.
pub(super) fn read(text: &str, style: Style) -> Result<Edtf, Invalid> {
    let text = text.trim();
    let refused = match text.parse() {
        Ok(date) => return Ok(date),
        Err(invalid) => invalid,
    };
    let plain = without_midnight(text);
    let meant = partly_unknown(plain).or_else(|| match style {
        Style::Edtf => None,
        Style::Ordered(order, between) => ordered(text, order, between),
        Style::Excel => numbered(text),
    });
    match (meant, hint(text, style)) {
        (Some(meant), _) => meant.parse(),
        (None, Some(hint)) => Err(Invalid::new("invalid_edtf", hint)),
        (None, None) => Err(refused),
    }
}

/// `1992-06-25 00:00:00` and `+1992-06-25T00:00:00Z` name a day: midnight says nothing.
fn without_midnight(text: &str) -> &str {
    let text = text.strip_prefix('+').unwrap_or(text);
    let text = text.strip_suffix('Z').unwrap_or(text);
    let Some((day, time)) = text.split_once(['T', ' ']) else {
        return text;
    };
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let midnight = matches!(clock, "00:00:00" | "00:00" | "0:00" | "0:00:00");
    if midnight && fraction.bytes().all(|byte| byte == b'0') {
        day
    } else {
        text
    }
}

/// `1992-06-XX` is `1992-06`, `1992-00-00` is `1992`, `199x` is `199X`.
fn partly_unknown(text: &str) -> Option<String> {
    let text = text.to_uppercase();
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next(), parts.next());
    let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit() || b == b'X');
    if !is_year || parts.next().is_some() {
        return None;
    }
    if [month, day].iter().flatten().any(|part| part.len() != 2) {
        return None;
    }
    let unknown = |part: &str| matches!(part, "XX" | "00");
    match (month, day) {
        (None, None) => Some(year.to_owned()),
        (Some(month), None) if unknown(month) => Some(year.to_owned()),
        (Some(month), Some(day)) if unknown(month) && unknown(day) => Some(year.to_owned()),
        (Some(month), Some(day)) if unknown(day) => Some(format!("{year}-{month}")),
        // What is left is EDTF, or was before a time was taken off.
        _ => Some(text),
    }
}

/// `25.6.1992`, `06.1992` (without the day) or `00.06.1992` in the order declared.
fn ordered(text: &str, order: [Part; 3], between: char) -> Option<String> {
    let text = text.trim_end_matches('.');
    let numbers: Vec<&str> = text.split(between).map(str::trim).collect();
    let parts: Vec<Part> = match numbers.len() {
        3 => order.to_vec(),
        2 => order
            .into_iter()
            .filter(|part| *part != Part::Day)
            .collect(),
        _ => return None,
    };
    let (mut year, mut month, mut day) = (None, None, None);
    for (part, number) in parts.into_iter().zip(numbers) {
        let length = if part == Part::Year { 4..=4 } else { 1..=2 };
        let digits = number.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !length.contains(&number.len()) {
            return None;
        }
        let value: u32 = number.parse().ok()?;
        match part {
            Part::Year => year = Some(value),
            Part::Month => month = Some(value).filter(|month| *month > 0),
            Part::Day => day = Some(value).filter(|day| *day > 0),
        }
    }
    match (year?, month, day) {
        (year, Some(month), Some(day)) => Some(format!("{year:04}-{month:02}-{day:02}")),
        (year, Some(month), None) => Some(format!("{year:04}-{month:02}")),
        (year, None, None) => Some(format!("{year:04}")),
        (_, None, Some(_)) => None,
    }
}

/// The day with this number: five digits, so that no year is taken for one.
fn numbered(text: &str) -> Option<String> {
    let number = text.strip_suffix(".0").unwrap_or(text);
    if number.len() != 5 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let zero = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let day = zero.checked_add_days(Days::new(number.parse().ok()?))?;
    Some(day.to_string())
}

/// What could be meant, and how to say it.
fn hint(text: &str, style: Style) -> Option<String> {
    let lower = text.to_lowercase();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(between) = ['.', '/', '-', ' '].into_iter().find(|c| {
        let parts: Vec<&str> = text.split(*c).map(str::trim).collect();
        let years = parts.iter().filter(|part| part.len() == 4).count();
        let iso = *c == '-' && parts.first().is_some_and(|part| part.len() == 4);
        (2..=3).contains(&parts.len()) && years < 2 && !iso && parts.iter().all(|part| digits(part))
    }) {
        let short = text.split(between).all(|part| part.trim().len() < 4);
        return Some(match (style, short) {
            (_, true) => {
                "the year of this date has no four digits: nobody can tell the century".to_owned()
            }
            (Style::Ordered(..), false) => {
                "this is no date in the order that the mapping declares with “dates”".to_owned()
            }
            _ => format!(
                "the file does not say which of these numbers is the day: declare it in the \
                 mapping, as in dates = \"d{between}m{between}y\" or \"m{between}d{between}y\""
            ),
        });
    }
    if digits(text.strip_suffix(".0").unwrap_or(text)) && text.len() >= 5 && text.len() <= 7 {
        return Some(
            "a number is no date: if the cells hold a spreadsheet's numbers of days, say dates = \
             \"excel\" in the mapping"
                .to_owned(),
        );
    }
    let about = [
        "c.", "ca.", "ca ", "circa", "about", "around", "~", "um ", "vers ", "ok.",
    ];
    if about.iter().any(|word| lower.starts_with(word)) {
        return Some("about a year is written 1990~ (EDTF); a table of values in the mapping can translate this".to_owned());
    }
    let decade = lower.strip_suffix('s').or_else(|| lower.strip_suffix('u'));
    if decade.is_some_and(|decade| decade.len() >= 3 && digits(decade)) {
        return Some(
            "a decade is written 199X (EDTF); a table of values in the mapping can translate this"
                .to_owned(),
        );
    }
    let years: Vec<&str> = text.split(['–', '—', '/']).map(str::trim).collect();
    if matches!(years.as_slice(), [from, to] if digits(from) && digits(to)) {
        return Some(
            "a span of time is no date: a beginning and an end go into signed_on and ended_on; a \
             day that lies somewhere within is written [1992..1995]"
                .to_owned(),
        );
    }
    let time = text.split_once(['T', ' ']).map(|(_, time)| time);
    if time.is_some_and(|time| time.contains(':')) {
        return Some(
            "a time of day is not kept: which day it was depends on the time zone; write the day \
             alone"
                .to_owned(),
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, style: &str) -> String {
        let style = match style {
            "" => Style::Edtf,
            declared => declared.parse().unwrap(),
        };
        read(text, style).map_or_else(|error| error.message, |date| date.to_string())
    }

    #[test]
    fn what_can_mean_one_thing_is_read() {
        for (text, date) in [
            ("1992", "1992"),
            ("1992-06", "1992-06"),
            ("1992-06-25", "1992-06-25"),
            ("199X", "199X"),
            ("199x", "199X"),
            ("1990~", "1990~"),
            ("1992-06-XX", "1992-06"),
            ("1992-06-xx", "1992-06"),
            ("1992-XX", "1992"),
            ("1992-XX-XX", "1992"),
            ("1992-00-00", "1992"),
            ("1992-06-00", "1992-06"),
            ("+1992-00-00T00:00:00Z", "1992"),
            ("+1992-06-00T00:00:00Z", "1992-06"),
            ("+1992-06-25T00:00:00Z", "1992-06-25"),
            ("1992-06-25 00:00:00", "1992-06-25"),
            ("1992-06-25T00:00:00.000", "1992-06-25"),
            ("1992-06-25 00:00", "1992-06-25"),
        ] {
            assert_eq!(shown(text, ""), date, "{text}");
        }
    }

    #[test]
    fn what_can_mean_two_things_is_refused_with_a_way_out() {
        for (text, hint) in [
            ("7/6/2013", "dates = \"d/m/y\" or \"m/d/y\""),
            ("06.05.2003", "dates = \"d.m.y\""),
            ("6.5.03", "four digits"),
            ("c. 1990", "1990~"),
            ("circa 1990", "1990~"),
            ("1990s", "199X"),
            ("199u", "199X"),
            ("1992–1995", "[1992..1995]"),
            ("1992/1995", "span of time"),
            ("33778", "dates = \"excel\""),
            ("1992-06-25 14:30:00", "time of day"),
            ("1992-06-24T22:00:00Z", "time of day"),
            ("0000", "no year 0000"),
            ("0000-00-00", "no year 0000"),
            ("+0000-00-00T00:00:00Z", "no year 0000"),
            ("w czerwcu 2000 r.", "1992-06-25"),
            ("1992-02-30", "1992-06-25"),
            ("1992-XX-25", "1992-06-25"),
        ] {
            let message = read(text, Style::Edtf).unwrap_err().message;
            assert!(message.contains(hint), "{text}: {message}");
        }
    }

    #[test]
    fn an_order_that_is_declared_is_read() {
        for (text, style, date) in [
            ("06.05.2003", "d.m.y", "2003-05-06"),
            ("6.5.2003", "dd.mm.yyyy", "2003-05-06"),
            ("7/6/2013", "m/d/y", "2013-07-06"),
            ("7/6/2013", "d/m/y", "2013-06-07"),
            ("2013/6/7", "y/m/d", "2013-06-07"),
            ("05.2003", "d.m.y", "2003-05"),
            ("00.05.2003", "d.m.y", "2003-05"),
            ("00.00.2003", "d.m.y", "2003"),
            ("2003", "d.m.y", "2003"),
            ("2003-05-06", "d.m.y", "2003-05-06"),
            ("25-06-1992", "d-m-y", "1992-06-25"),
            ("33779", "excel", "1992-06-24"),
            ("33779.0", "excel", "1992-06-24"),
            ("1992", "excel", "1992"),
        ] {
            assert_eq!(shown(text, style), date, "{text} {style}");
        }
        for (text, style) in [
            ("25.6.92", "d.m.y"),
            ("31.02.2003", "d.m.y"),
            ("6/25/1992", "d/m/y"),
            ("7/6/2013", "d.m.y"),
            ("25.00.1992", "d.m.y"),
            ("33779.5", "excel"),
            ("339", "excel"),
        ] {
            assert!(
                read(text, style.parse().unwrap()).is_err(),
                "{text} {style}"
            );
        }
        for style in [
            "", "d.m", "d.m/y", "m.y.d", "x.m.y", "d m y z", "d.d.y", "dmy",
        ] {
            assert!(style.parse::<Style>().is_err(), "{style}");
        }
    }
}
