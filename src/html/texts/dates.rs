//! Dates in words, as precise as what is known: a year stays a year.

use std::sync::{Arc, LazyLock};

use fluent_bundle::FluentArgs;
use quick_cache::sync::Cache;

use super::message;
use crate::html::lang::Lang;

/// Where in a sentence a date stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    /// By itself, as in a table: "June 1992".
    Alone,
    /// Behind a verb: "in June 1992".
    When,
    /// As a beginning: "since June 1992".
    Since,
    /// As an end: "until June 1992".
    Until,
}

impl Place {
    /// The case of a day, month, year, decade or century in it.
    fn case(self) -> &'static str {
        match self {
            Self::Alone => "name",
            Self::When => "when",
            Self::Since | Self::Until => "of",
        }
    }

    /// The messages for what is no plain date.
    fn messages(self) -> &'static str {
        match self {
            Self::Alone | Self::When => "date",
            Self::Since => "since",
            Self::Until => "until",
        }
    }
}

/// A day, month, year, decade or century without marks of doubt, in a case: as a `name`, as what is spoken `of`,
/// what is named `with` another, or `when` something was.
fn single(lang: Lang, case: &'static str, text: &str) -> Option<String> {
    let mut args = FluentArgs::new();
    let mut parts = text.split('-');
    let year = parts.next()?.to_owned();
    if year.len() != 4 {
        return None;
    }
    args.set("case", case);
    if let Some(decade) = year.strip_suffix('X') {
        let century = decade.get(..2)?.parse::<i64>().ok()?;
        args.set("century", century + 1);
        if decade.ends_with('X') {
            return message(lang, "date-century", Some(&args));
        }
        args.set("decade", decade.get(2..)?.parse::<i64>().ok()? * 10);
        args.set("year", unpadded(&format!("{decade}0")));
        args.set("last", unpadded(&format!("{decade}9")));
        return message(lang, "date-decade", Some(&args));
    }
    args.set("year", unpadded(&year));
    let Some(month) = parts.next() else {
        return message(lang, "date-year", Some(&args));
    };
    args.set("month", month.parse::<i64>().ok()?);
    let Some(day) = parts.next() else {
        return message(lang, "date-month", Some(&args));
    };
    args.set("day", day.trim_start_matches('0').to_owned());
    message(lang, "date-day", Some(&args))
}

/// A year as people write it: the four digits are for programs.
fn unpadded(year: &str) -> String {
    let plain = year.trim_start_matches('0');
    if plain.is_empty() { "0" } else { plain }.to_owned()
}

/// What a date of EDTF says in its place; none when it can't be read.
fn phrase(lang: Lang, place: Place, text: &str) -> Option<String> {
    let said = |key: &str, parts: &[(&'static str, &'static str, &str)]| {
        let mut args = FluentArgs::new();
        for (name, case, part) in parts {
            args.set(*name, single(lang, case, part)?);
        }
        message(lang, key, Some(&args))
    };
    let messages = place.messages();
    let one = |kind: &str, case, part| said(&format!("{messages}-{kind}"), &[("date", case, part)]);
    if let Some(range) = text.strip_prefix('[') {
        return match range.strip_suffix(']')?.split_once("..")? {
            ("", until) => one("by", place.case(), until),
            (from, "") => one("from", place.case(), from),
            (from, until) => {
                let is_when = place == Place::When;
                let messages = if is_when { "when" } else { messages };
                let ends = &[("from", "with", from), ("until", "with", until)];
                said(&format!("{messages}-between"), ends)
            }
        };
    }
    let doubtful = |plain: &str| {
        let mut args = FluentArgs::new();
        args.set("date", phrase(lang, place, plain)?);
        message(lang, "date-doubtful", Some(&args))
    };
    if let Some(plain) = text.strip_suffix('?') {
        doubtful(plain)
    } else if let Some(plain) = text.strip_suffix('%') {
        doubtful(&format!("{plain}~"))
    } else if let Some(plain) = text.strip_suffix('~') {
        one("about", "of", plain)
    } else if messages == "date" {
        single(lang, place.case(), text)
    } else {
        one("plain", "of", text)
    }
}

/// Most dates whose words are kept: a page says the same ones in many places.
const KEPT: usize = 4_096;

fn said(lang: Lang, place: Place, text: &str) -> String {
    static SAID: LazyLock<Cache<(Lang, Place, String), Arc<str>>> =
        LazyLock::new(|| Cache::new(KEPT));
    let asked = (lang, place, text.to_owned());
    if let Some(known) = SAID.get(&asked) {
        return known.as_ref().to_owned();
    }
    let words = phrase(lang, place, text).unwrap_or_else(|| text.to_owned());
    SAID.insert(asked, words.as_str().into());
    words
}

/// What a date of EDTF says; what can't be read is shown as it is.
pub fn date(lang: Lang, text: &str) -> String {
    said(lang, Place::Alone, text)
}

/// The same behind a verb: "in 1992", "on 3 March 2022", "at some time between 1997 and 2002".
pub fn when(lang: Lang, text: &str) -> String {
    said(lang, Place::When, text)
}

/// The same as a beginning: "since about June 1992".
pub fn since(lang: Lang, text: &str) -> String {
    said(lang, Place::Since, text)
}

/// The same as an end: "until 2015 or later".
pub fn until(lang: Lang, text: &str) -> String {
    said(lang, Place::Until, text)
}

/// What the `datetime` of a `<time>` may be: a year, a month or a day that is certain.
pub fn datetime_attribute(text: &str) -> Option<&str> {
    let is_plain = |byte: u8| byte.is_ascii_digit() || byte == b'-';
    (matches!(text.len(), 4 | 7 | 10) && text.bytes().all(is_plain)).then_some(text)
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

    /// A date, what it is called alone, behind a verb, as a beginning and as an end.
    type Row = (&'static str, [&'static str; 4]);

    fn assert_said(lang: Lang, rows: &[Row]) {
        for (text, expected) in rows {
            let said = [date, when, since, until].map(|form| form(lang, text));
            assert_eq!(said, *expected, "{text}");
        }
    }

    const ENGLISH: &[Row] = &[
        ("1992", ["1992", "in 1992", "since 1992", "until 1992"]),
        (
            "2018-09",
            [
                "September 2018",
                "in September 2018",
                "since September 2018",
                "until September 2018",
            ],
        ),
        (
            "2022-03-03",
            [
                "3 March 2022",
                "on 3 March 2022",
                "since 3 March 2022",
                "until 3 March 2022",
            ],
        ),
        (
            "199X",
            [
                "the 1990s",
                "in the 1990s",
                "since the 1990s",
                "until the 1990s",
            ],
        ),
        (
            "200X",
            [
                "the 2000s",
                "in the 2000s",
                "since the 2000s",
                "until the 2000s",
            ],
        ),
        (
            "19XX",
            [
                "the 20th century",
                "in the 20th century",
                "since the 20th century",
                "until the 20th century",
            ],
        ),
        (
            "2020-08~",
            [
                "about August 2020",
                "about August 2020",
                "since about August 2020",
                "until about August 2020",
            ],
        ),
        (
            "1992?",
            [
                "1992 (doubtful)",
                "in 1992 (doubtful)",
                "since 1992 (doubtful)",
                "until 1992 (doubtful)",
            ],
        ),
        (
            "199X%",
            [
                "about the 1990s (doubtful)",
                "about the 1990s (doubtful)",
                "since about the 1990s (doubtful)",
                "until about the 1990s (doubtful)",
            ],
        ),
        (
            "[..2005-03]",
            [
                "March 2005 or earlier",
                "in March 2005 or earlier",
                "since March 2005 or earlier",
                "until March 2005 or earlier",
            ],
        ),
        (
            "[2015..]",
            [
                "2015 or later",
                "in 2015 or later",
                "since 2015 or later",
                "until 2015 or later",
            ],
        ),
        (
            "[1997..2010-01-12]",
            [
                "between 1997 and 12 January 2010",
                "at some time between 1997 and 12 January 2010",
                "since some time between 1997 and 12 January 2010",
                "until some time between 1997 and 12 January 2010",
            ],
        ),
        ("nonsense", ["nonsense"; 4]),
        ("[..]", ["[..]"; 4]),
    ];

    #[test]
    fn english_dates_stand_in_sentences_and_say_no_more_than_is_known() {
        assert_said(Lang::En, ENGLISH);
    }

    const POLISH: &[Row] = &[
        (
            "1992",
            ["1992", "w 1992 roku", "od 1992 roku", "do 1992 roku"],
        ),
        (
            "2018-09",
            [
                "wrzesień 2018",
                "we wrześniu 2018",
                "od września 2018",
                "do września 2018",
            ],
        ),
        (
            "2022-03-03",
            [
                "3 marca 2022",
                "3 marca 2022",
                "od 3 marca 2022",
                "do 3 marca 2022",
            ],
        ),
        (
            "199X",
            [
                "lata 90. XX wieku",
                "w latach 90. XX wieku",
                "od lat 90. XX wieku",
                "do lat 90. XX wieku",
            ],
        ),
        (
            "200X",
            [
                "lata 2000–2009",
                "w latach 2000–2009",
                "od lat 2000–2009",
                "do lat 2000–2009",
            ],
        ),
        (
            "201X",
            [
                "lata 2010–2019",
                "w latach 2010–2019",
                "od lat 2010–2019",
                "do lat 2010–2019",
            ],
        ),
        (
            "19XX",
            ["XX wiek", "w XX wieku", "od XX wieku", "do XX wieku"],
        ),
        (
            "2020-08~",
            [
                "około sierpnia 2020",
                "około sierpnia 2020",
                "od około sierpnia 2020",
                "do około sierpnia 2020",
            ],
        ),
        (
            "1992?",
            [
                "1992 (niepewne)",
                "w 1992 roku (niepewne)",
                "od 1992 roku (niepewne)",
                "do 1992 roku (niepewne)",
            ],
        ),
        (
            "199X%",
            [
                "około lat 90. XX wieku (niepewne)",
                "około lat 90. XX wieku (niepewne)",
                "od około lat 90. XX wieku (niepewne)",
                "do około lat 90. XX wieku (niepewne)",
            ],
        ),
        (
            "[..2005-03]",
            [
                "marzec 2005 lub wcześniej",
                "w marcu 2005 lub wcześniej",
                "najpóźniej od marca 2005",
                "najpóźniej do marca 2005",
            ],
        ),
        (
            "[2015..]",
            [
                "2015 lub później",
                "w 2015 roku lub później",
                "najwcześniej od 2015 roku",
                "co najmniej do 2015 roku",
            ],
        ),
        (
            "[2003-02..2004-05]",
            [
                "między lutym 2003 a majem 2004",
                "między lutym 2003 a majem 2004",
                "od nieznanego dnia między lutym 2003 a majem 2004",
                "do nieznanego dnia między lutym 2003 a majem 2004",
            ],
        ),
        (
            "[199X..2010-01-12]",
            [
                "między latami 90. XX wieku a 12 stycznia 2010",
                "między latami 90. XX wieku a 12 stycznia 2010",
                "od nieznanego dnia między latami 90. XX wieku a 12 stycznia 2010",
                "do nieznanego dnia między latami 90. XX wieku a 12 stycznia 2010",
            ],
        ),
        (
            "[1997..20XX]",
            [
                "między rokiem 1997 a XXI wiekiem",
                "między rokiem 1997 a XXI wiekiem",
                "od nieznanego dnia między rokiem 1997 a XXI wiekiem",
                "do nieznanego dnia między rokiem 1997 a XXI wiekiem",
            ],
        ),
    ];

    #[test]
    fn polish_dates_stand_in_sentences_in_the_right_case() {
        assert_said(Lang::Pl, POLISH);
    }

    #[test]
    fn a_year_of_long_ago_has_no_more_digits_than_it_needs() {
        assert_eq!(since(Lang::En, "0836"), "since 836");
        assert_eq!(since(Lang::Pl, "0836"), "od 836 roku");
        assert_eq!(when(Lang::En, "0836-07-02"), "on 2 July 836");
        assert_eq!(date(Lang::Pl, "0836-07"), "lipiec 836");
        assert_eq!(date(Lang::En, "[0836..0900]"), "between 836 and 900");
        assert_eq!(date(Lang::En, "083X"), "the 830s");
        assert_eq!(datetime_attribute("0836"), Some("0836"));
    }

    #[test]
    fn every_month_has_its_polish_cases() {
        let all = |form: fn(Lang, &str) -> String, date: &str| {
            let of = |month: i64| form(Lang::Pl, &date.replace("MM", &format!("{month:02}")));
            (1..=12).map(of).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            all(when, "2000-MM").replace(" 2000", ""),
            "w styczniu w lutym w marcu w kwietniu w maju w czerwcu w lipcu w sierpniu we wrześniu w październiku \
             w listopadzie w grudniu"
        );
        assert_eq!(
            all(since, "2000-MM").replace(" 2000", ""),
            "od stycznia od lutego od marca od kwietnia od maja od czerwca od lipca od sierpnia od września \
             od października od listopada od grudnia"
        );
        assert_eq!(
            all(date, "[2000-MM..2001]")
                .replace(" 2000 a rokiem 2001", "")
                .replace("między ", ""),
            "styczniem lutym marcem kwietniem majem czerwcem lipcem sierpniem wrześniem październikiem listopadem \
             grudniem"
        );
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
