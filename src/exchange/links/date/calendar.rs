//! Years of other calendars.
//!
//! A year whose calendar is written beside it is converted where its years are ours under another number (the eras
//! of Japan, the Buddhist era), and refused where they begin on other days. A number without such a mark is a year
//! of ours, unless the digits of its script are used for other calendars and it can be none.

use std::ops::RangeInclusive;

use super::words;
use crate::core::{edtf::Edtf, parse_error::ParseError, text::ascii_digit};

/// An era of Japan: its name, the year before its first one, and its first and last days.
const ERAS: [(&str, u32, &str, &str); 4] = [
    ("令和", 2018, "2019-05-01", "[2019-05-01..]"),
    ("平成", 1988, "1989-01-08", "2019-04-30"),
    ("昭和", 1925, "1926-12-25", "1989-01-07"),
    ("大正", 1911, "1912-07-30", "1926-12-25"),
];

/// Marks of the Buddhist era, by which Thailand counts.
const BUDDHIST: [&str; 4] = ["พุทธศักราช", "พ.ศ.", "พ.ศ", "พศ"];
/// Years of that era that begin with January.
const BUDDHIST_YEARS: RangeInclusive<i32> = 2484..=2842;
/// How far it is ahead.
const BUDDHIST_AHEAD: i32 = 543;
/// Marks of our own era in Thai.
const COMMON: [&str; 3] = ["คริสต์ศักราช", "ค.ศ.", "ค.ศ"];

/// Words for the calendars of the Hijra, of the moon and of the sun.
const HIJRI: &str = "ه ھ هش هق هجري هجرية هجری ہجری الهجري خورشیدی شمسی قمری hicri hicrî hijri ah";

/// What years of the Republic of China begin with.
const OF_THE_REPUBLIC: [&str; 2] = ["民國", "民国"];

/// The years of ours that digits of other scripts may mean.
const WRITTEN: RangeInclusive<i32> = 1850..=2300;
/// From here on a year in digits of India may be one of Bikram Sambat, which is 56 or 57 years ahead.
const BIKRAM_SAMBAT: i32 = 2032;

/// The text with digits of ours and, where it names another calendar, a year of ours.
pub(super) fn ours(text: &str) -> Result<String, ParseError> {
    let foreign = text
        .chars()
        .find(|c| !c.is_ascii() && ascii_digit(*c).is_some());
    let text: String = text.chars().map(|c| ascii_digit(c).unwrap_or(c)).collect();
    if is_hijri(&text) {
        return Err(refused(
            "the Hijri calendar begins its years on other days than ours",
        ));
    }
    if OF_THE_REPUBLIC.iter().any(|mark| text.contains(mark)) {
        return Err(refused("years of the Republic of China count from 1912"));
    }
    if let Some(mark) = marked(&text, &BUDDHIST) {
        return buddhist(&text.replace(mark, " "));
    }
    let text = match marked(&text, &COMMON) {
        Some(mark) => text.replace(mark, " "),
        None => text,
    };
    if let Some(date) = of_two_years(&text).or_else(|| japanese(&text)) {
        return date;
    }
    if let Some(digit) = foreign {
        let indian = ('\u{900}'..='\u{dff}').contains(&digit);
        let last = if indian {
            BIKRAM_SAMBAT - 1
        } else {
            *WRITTEN.end()
        };
        if years(&text).any(|year| !(*WRITTEN.start()..=last).contains(&year)) {
            return Err(refused("the year seems to be one of another calendar"));
        }
    }
    Ok(text.trim().to_owned())
}

/// Whether a text says that a year in it is of another calendar than ours.
pub(super) fn is_named(text: &str) -> bool {
    let marks = || BUDDHIST.iter().chain(&OF_THE_REPUBLIC);
    let era = ERAS.iter().any(|(name, ..)| text.contains(name));
    let is_number =
        |c: char| ascii_digit(c).is_some() || words::number(c.encode_utf8(&mut [0; 4])).is_some();
    let numbered = text.contains('元') || text.chars().any(is_number);
    numbered && (era || is_hijri(text) || marks().any(|mark| text.contains(mark)))
}

fn refused(reason: &str) -> ParseError {
    let way_out = "write the year of the Gregorian calendar, as in 1992, 1992-06 or 1992-06-25";
    ParseError::new("invalid_edtf", format!("{reason}: {way_out}"))
}

fn marked<'m>(text: &str, marks: &[&'m str]) -> Option<&'m str> {
    marks.iter().find(|mark| text.contains(**mark)).copied()
}

fn is_hijri(text: &str) -> bool {
    let seen: String = text.chars().filter(|c| *c != '\u{640}').collect();
    let mut words = seen.split(|c: char| !c.is_alphabetic());
    words.any(|word| {
        let word = word.to_lowercase();
        HIJRI.split(' ').any(|hijri| hijri == word)
    })
}

/// The numbers of four digits.
pub(super) fn years(text: &str) -> impl Iterator<Item = i32> {
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    numbers
        .filter(|number| number.len() == 4)
        .filter_map(|number| number.parse().ok())
}

/// A date whose only year is one of the Buddhist era.
fn buddhist(text: &str) -> Result<String, ParseError> {
    let mut all = years(text);
    match (all.next(), all.next()) {
        (Some(year), None) if BUDDHIST_YEARS.contains(&year) => {
            let ours = (year - BUDDHIST_AHEAD).to_string();
            Ok(text.replace(&year.to_string(), &ours).trim().to_owned())
        }
        _ => Err(refused(
            "this is no year of the Buddhist era from 2484 (1941) on",
        )),
    }
}

/// A date in an era of Japan, if it names one: 昭和58年, 平成4年5月3日, 令和元年.
fn japanese(text: &str) -> Option<Result<String, ParseError>> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (name, before, first, last) = ERAS.iter().find(|(name, ..)| plain.contains(name))?;
    let date = || {
        let (year, rest) = plain.strip_prefix(name)?.split_once('年')?;
        let year = match year {
            "元" => 1,
            year => words::number(year)?,
        };
        let date = words::numbered(&format!("{}年{rest}", before + year))?;
        let day = |text: &str| text.parse::<Edtf>().ok();
        let (meant, first, last) = (day(&date)?, day(first)?, day(last)?);
        (year > 0 && !meant.certainly_before(&first) && !meant.certainly_after(&last))
            .then_some(date)
    };
    Some(date().ok_or_else(|| {
        let rule =
            "an era of Japan is written 昭和58年, 平成4年5月3日 or 令和元年, within its years";
        refused(rule)
    }))
}

/// A date that says its year twice, if it does: 1992年（平成4年）5月3日, 平成4年（1992年）.
fn of_two_years(text: &str) -> Option<Result<String, ParseError>> {
    let (before, rest) = text.split_once('(')?;
    let (inner, after) = rest.split_once(')')?;
    let read = |text: &str| match japanese(text) {
        Some(date) => date.ok(),
        None => words::numbered(text).or_else(|| years(text).next().map(|year| year.to_string())),
    };
    let outer = format!("{before}{after}");
    if !outer.contains('年') {
        return None;
    }
    let (date, year) = (read(&outer)?, read(inner.trim())?);
    Some(if date.get(..4) == year.get(..4) {
        Ok(date)
    } else {
        Err(refused("the two years of this date are not the same"))
    })
}
