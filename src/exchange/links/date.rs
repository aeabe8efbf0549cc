//! Dates as files write them.
//!
//! Only what can mean one thing is read: EDTF, what databases and Wikidata write where a month or a
//! day is unknown, months by their names, and, once the mapping has declared it, an order of day,
//! month and year or the numbers of days of a spreadsheet. Everything else is refused with what could
//! be written instead.

mod calendar;
mod hint;
mod words;

use std::str::FromStr;

use chrono::{Days, NaiveDate};

use crate::core::{
    edtf::Edtf,
    month,
    parse_error::ParseError,
    text::{ascii_digit, is_digits, is_invisible},
};

/// How the dates of a file are written, besides EDTF.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Dates {
    styles: Vec<Style>,
    /// The language of the names of months.
    language: Option<String>,
    /// The day from which the workbook counts, where that is not the usual one.
    pub(super) zero: Option<NaiveDate>,
}

/// One way in which dates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Day, month and year in this order, `dmy`, with this character between them.
    Ordered(&'static str, char),
    /// Days as spreadsheets number them: 33779 is 1992-06-24.
    Excel,
}

impl FromStr for Style {
    type Err = ParseError;

    /// Such as `d.m.y`, `m/d/y`, `y-m-d` or `excel`.
    fn from_str(s: &str) -> Result<Self, ParseError> {
        let text = s.trim().to_lowercase();
        if text == "excel" {
            return Ok(Self::Excel);
        }
        let (mut letters, between): (Vec<char>, Vec<char>) =
            text.chars().partition(char::is_ascii_alphabetic);
        // dd.mm.yyyy says the same.
        letters.dedup();
        let mut orders = ["dmy", "mdy", "ymd"].into_iter();
        let order = orders.find(|order| order.chars().eq(letters.iter().copied()));
        match (order, between.as_slice()) {
            (Some(order), [first @ ('.' | '/' | '-' | ' '), second]) if first == second => {
                Ok(Self::Ordered(order, *first))
            }
            _ => Err(ParseError::new(
                "unknown_dates",
                format!(
                    "“{s}” is no order of dates: write d.m.y, d/m/y, m/d/y, y-m-d or the like, or \
                     excel for the numbers of days of a spreadsheet"
                ),
            )),
        }
    }
}

impl Dates {
    /// Declares one more way; two of them must not read the same cell differently.
    pub(super) fn declare(&mut self, style: Style) -> Result<(), ParseError> {
        let same = |other: &Style| match (other, style) {
            (Style::Ordered(_, one), Style::Ordered(_, another)) => *one == another,
            (one, another) => *one == another,
        };
        if self.styles.iter().any(same) {
            let message = "two orders have the same sign between the numbers";
            return Err(ParseError::new("unknown_dates", message));
        }
        self.styles.push(style);
        Ok(())
    }

    /// Declares the language of the names of months: its code in ISO 639, such as `it`.
    pub(super) fn speak(&mut self, language: &str) -> Result<(), ParseError> {
        if !month::knows(language) {
            let message = format!("“{language}” is no language with names of months: such as it");
            return Err(ParseError::new("unknown_language", message));
        }
        self.language = Some(language.to_owned());
        Ok(())
    }

    /// The date beside a name: `(2003)`, `(dal 2003)`. Before there were such ties it is a number of another
    /// kind, such as a postcode.
    pub(super) fn beside(&self, text: &str) -> Option<Edtf> {
        let digits = text.chars().filter_map(ascii_digit).count();
        let has_year = digits >= 4 || text.contains(['年', '년']) || calendar::is_named(text);
        if !has_year {
            return None;
        }
        let date = self.read(text).ok()?;
        date.year()
            .is_none_or(|year| year >= FIRST_TIES)
            .then_some(date)
    }

    /// The date in a cell.
    pub(super) fn read(&self, text: &str) -> Result<Edtf, ParseError> {
        let seen = text.trim().chars().filter(|c| !is_invisible(*c));
        let ours = calendar::ours(&seen.map(narrow).collect::<String>())?;
        // What is from a day on began on that day.
        let text = words::since(&ours);
        let refused = match text.parse() {
            Ok(date) => return Ok(date),
            Err(invalid) => invalid,
        };
        let plain = without_midnight(text);
        let bare = words::bare(plain);
        let declared = || {
            self.styles.iter().find_map(|style| match style {
                Style::Ordered(order, between) => ordered(bare, order, *between),
                Style::Excel => numbered(text, self.zero),
            })
        };
        let numbers = partly_unknown(plain)
            .or_else(declared)
            .or_else(|| words::numbered(plain));
        let meant = match numbers {
            Some(meant) => Some(meant),
            None => words::named(plain, self.language.as_deref())?,
        };
        let Some(meant) = meant else {
            let hint = hint::of(text, &self.styles);
            return Err(hint.map_or(refused, |hint| ParseError::new("invalid_edtf", hint)));
        };
        meant
            .parse()
            .map_err(|invalid| no_such_day(&meant).unwrap_or(invalid))
    }
}

/// The year from which on a year beside a name is taken for that of a tie.
const FIRST_TIES: i32 = 1850;

/// The last year in which a tie is planned to end; other calendars count beyond it.
pub(super) const LAST_YEAR: i32 = 2300;

/// What is wrong with a date of numbers alone, in a year that there is.
fn no_such_day(date: &str) -> Option<ParseError> {
    let (year, rest) = date.split_once('-')?;
    let numbers = rest
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    let has_year = year != "0000" && is_digits(year);
    let unit = if rest.contains('-') { "day" } else { "month" };
    (numbers && has_year).then(|| {
        let rule = format!("the calendar has no such {unit}: {date}");
        ParseError::new("invalid_edtf", rule)
    })
}

/// Whether a text names a year of a tie, of whatever calendar.
pub(super) fn keeps_a_year(text: &str) -> bool {
    let digits: String = text
        .chars()
        .map(|c| ascii_digit(c).unwrap_or(' '))
        .collect();
    let mut years = calendar::years(&digits);
    years.any(|year| (FIRST_TIES..LAST_YEAR).contains(&year)) || calendar::is_named(text)
}

/// Signs as wide as Chinese ones are the same signs.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
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
        // Neither a month nor a season of EDTF: the year of an end.
        (Some(month), None) if month.parse::<u8>().is_ok_and(|end| end > 41) => None,
        (Some(month), Some(day)) if unknown(month) && unknown(day) => Some(year.to_owned()),
        (Some(month), Some(day)) if unknown(day) => Some(format!("{year}-{month}")),
        // What is left is EDTF, or was before a time was taken off.
        _ => Some(text),
    }
}

/// `25.6.1992`, `06.1992` (without the day) or `00.06.1992` in the order declared.
fn ordered(text: &str, order: &str, between: char) -> Option<String> {
    let numbers = text.trim_end_matches('.').split(between).map(str::trim);
    let mut numbers: Vec<&str> = numbers.collect();
    if numbers.len() == 2 {
        numbers.insert(order.find('d')?, "00");
    }
    if numbers.len() != 3 {
        return None;
    }
    let number = |part: char| {
        let number = *numbers.get(order.find(part)?)?;
        let length = if part == 'y' { 4..=4 } else { 1..=2 };
        (is_digits(number) && length.contains(&number.len())).then_some(number)
    };
    let (year, month, day) = (number('y')?, number('m')?, number('d')?);
    let is_known = |number: &str| number.contains(|c: char| c != '0');
    match (is_known(month), is_known(day)) {
        (true, true) => Some(format!("{year}-{month:0>2}-{day:0>2}")),
        (true, false) => Some(format!("{year}-{month:0>2}")),
        (false, false) => Some(year.to_owned()),
        (false, true) => None,
    }
}

/// The day with this number: five digits, so that no year is taken for one.
fn numbered(text: &str, zero: Option<NaiveDate>) -> Option<String> {
    let number = text.strip_suffix(".0").unwrap_or(text);
    if number.len() != 5 || !is_digits(number) {
        return None;
    }
    let zero = zero.or_else(|| NaiveDate::from_ymd_opt(1899, 12, 30))?;
    let day = zero.checked_add_days(Days::new(number.parse().ok()?))?;
    Some(day.to_string())
}

#[cfg(test)]
mod tests;
