//! Dates in words, as precise as what is known: a year stays a year.

use fluent_bundle::FluentArgs;

use super::message;
use crate::html::lang::Lang;

/// A day, month, year, decade or century without marks of doubt.
fn single(lang: Lang, text: &str) -> Option<String> {
    let mut args = FluentArgs::new();
    let mut parts = text.split('-');
    let year = parts.next()?.to_owned();
    if let Some(decade) = year.strip_suffix('X') {
        let (key, year) = match decade.strip_suffix('X') {
            Some(century) => ("date-century", format!("{century}00")),
            None => ("date-decade", format!("{decade}0")),
        };
        args.set("year", year);
        return message(lang, key, Some(&args));
    }
    args.set("year", year.clone());
    let Some(month) = parts.next() else {
        return Some(year);
    };
    args.set("month", month.parse::<i64>().ok()?);
    let Some(day) = parts.next() else {
        return message(lang, "date-month", Some(&args));
    };
    args.set("day", day.trim_start_matches('0').to_owned());
    message(lang, "date-day", Some(&args))
}

/// What a date of EDTF says; what can't be read is shown as it is.
pub fn date(lang: Lang, text: &str) -> String {
    let said = |key: &str, parts: &[(&'static str, &str)]| -> Option<String> {
        let mut args = FluentArgs::new();
        for (name, part) in parts {
            args.set(*name, date(lang, part));
        }
        message(lang, key, Some(&args))
    };
    let words = match text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
    {
        Some(range) => match range.split_once("..") {
            Some(("", until)) => said("date-until", &[("date", until)]),
            Some((from, "")) => said("date-from", &[("date", from)]),
            Some((from, until)) => said("date-between", &[("from", from), ("until", until)]),
            None => None,
        },
        None => match text.char_indices().next_back() {
            Some((end, mark @ ('~' | '?' | '%'))) => {
                let key = match mark {
                    '~' => "date-about",
                    '?' => "date-doubtful",
                    _ => "date-about-doubtful",
                };
                text.get(..end)
                    .and_then(|plain| said(key, &[("date", plain)]))
            }
            _ => single(lang, text),
        },
    };
    words.unwrap_or_else(|| text.to_owned())
}

/// The same behind a verb, such as "in 1992" or "on 3 March 2022"; what is no plain year, month or day is said
/// as it is.
pub fn when(lang: Lang, text: &str) -> String {
    let mut args = FluentArgs::new();
    let mut parts = text.split('-');
    args.set("year", parts.next().unwrap_or_default().to_owned());
    let month = parts.next().and_then(|month| month.parse::<i64>().ok());
    args.set("month", month.unwrap_or_default());
    args.set("date", date(lang, text));
    let key = match datetime_attribute(text).map(str::len) {
        Some(4) => "when-year",
        Some(7) => "when-month",
        Some(10) => "when-day",
        _ => return date(lang, text),
    };
    message(lang, key, Some(&args)).unwrap_or_else(|| date(lang, text))
}

/// What the `datetime` of a `<time>` may be: a year, a month or a day that is certain.
pub fn datetime_attribute(text: &str) -> Option<&str> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    (plain && matches!(text.len(), 4 | 7 | 10)).then_some(text)
}

/// A span of time of ISO 8601, such as `P5Y`; what can't be read is shown as it is.
pub fn period(lang: Lang, text: &str) -> String {
    let mut parts = Vec::new();
    let mut digits = String::new();
    for c in text.trim_start_matches('P').chars() {
        let key = match c {
            '0'..='9' => {
                digits.push(c);
                continue;
            }
            'Y' => "period-years",
            'M' => "period-months",
            'W' => "period-weeks",
            'D' => "period-days",
            _ => return text.to_owned(),
        };
        let Ok(count) = digits.parse::<i64>() else {
            return text.to_owned();
        };
        digits.clear();
        let mut args = FluentArgs::new();
        args.set("count", count);
        parts.extend(message(lang, key, Some(&args)));
    }
    parts.join(", ")
}

/// A moment of RFC 3339 in UTC, such as a record was changed at: its day and minute.
pub fn moment(lang: Lang, text: &str) -> String {
    let parts = text.get(..10).zip(text.get(11..16));
    let Some((day, minute)) = parts else {
        return text.to_owned();
    };
    format!("{}, {minute} UTC", date(lang, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_say_no_more_than_is_known() {
        for (text, english, polish) in [
            ("1992", "1992", "1992"),
            ("1992-06", "June 1992", "czerwiec 1992"),
            ("2026-05-05", "5 May 2026", "5 maja 2026"),
            ("199X", "the 1990s", "lata 1990."),
            ("19XX", "the century from 1900", "stulecie od 1900"),
            ("2020-08~", "about August 2020", "około: sierpień 2020"),
            ("1992?", "1992 (doubtful)", "1992 (niepewne)"),
            ("1992%", "about 1992 (doubtful)", "około: 1992 (niepewne)"),
            (
                "[..2022-02-28]",
                "28 February 2022 or earlier",
                "28 lutego 2022 lub wcześniej",
            ),
            ("[2015..]", "2015 or later", "2015 lub później"),
            (
                "[1997..2010-01-12]",
                "between 1997 and 12 January 2010",
                "między 1997 a 12 stycznia 2010",
            ),
        ] {
            assert_eq!(date(Lang::En, text), english);
            assert_eq!(date(Lang::Pl, text), polish);
        }
    }

    #[test]
    fn a_date_behind_a_verb_has_its_preposition() {
        for (text, english, polish) in [
            ("1992", "in 1992", "w 1992 r."),
            ("2018-09", "in September 2018", "we wrześniu 2018 r."),
            ("2022-03-03", "on 3 March 2022", "3 marca 2022"),
            ("2020-08~", "about August 2020", "około: sierpień 2020"),
        ] {
            assert_eq!(when(Lang::En, text), english);
            assert_eq!(when(Lang::Pl, text), polish);
        }
    }

    #[test]
    fn spans_of_time_are_counted_in_words() {
        assert_eq!(period(Lang::En, "P1Y6M"), "1 year, 6 months");
        assert_eq!(period(Lang::Pl, "P5Y"), "5 lat");
        assert_eq!(period(Lang::Pl, "PT5H"), "PT5H");
    }

    #[test]
    fn only_what_is_certain_is_told_to_programs() {
        assert_eq!(datetime_attribute("1992"), Some("1992"));
        assert_eq!(datetime_attribute("1992-06-25"), Some("1992-06-25"));
        for text in ["1992~", "199X", "[..2017]"] {
            assert_eq!(datetime_attribute(text), None);
        }
        assert_eq!(
            moment(Lang::En, "2026-11-24T08:05:00.000Z"),
            "24 November 2026, 08:05 UTC"
        );
    }
}
