//! Which days follow from an agreement.

use chrono::{Datelike, NaiveDate};

use super::types::Occasion;
use super::window::Window;
use crate::core::edtf::Edtf;

/// A day, what it is, and of an anniversary the years.
pub type Day = (NaiveDate, Occasion, Option<i32>);

/// The day that a date names, and leaves no doubt of.
fn certain_day(date: Option<&Edtf>) -> Option<NaiveDate> {
    let date = date?;
    let doubtful = date.as_str().ends_with(['~', '?', '%']) || date.as_str().starts_with('[');
    date.exact_day().filter(|_| !doubtful)
}

/// The same day of another year; the day before where a year has no 29 February.
fn in_year(day: NaiveDate, year: i32) -> Option<NaiveDate> {
    day.with_year(year)
        .or_else(|| day.pred_opt()?.with_year(year))
}

/// The anniversaries of the signature in the window, the end of the term, and the day on which it terminates,
/// behind which there is nothing to celebrate.
pub fn days(
    signed_on: Option<&Edtf>,
    ends: Option<&Edtf>,
    terminates: Option<&Edtf>,
    window: Window,
) -> impl Iterator<Item = Day> {
    let signed = certain_day(signed_on);
    let last = window.until(terminates).to;
    let anniversaries = window.years().filter_map(move |year| {
        let signed = signed?;
        let years = year - signed.year();
        Some((in_year(signed, year)?, Occasion::Signature, Some(years)))
    });
    let anniversaries = anniversaries.filter(|(_, _, years)| years.is_some_and(|years| years > 0));
    let end = certain_day(ends).map(|day| (day, Occasion::EndOfTerm, None));
    let termination = certain_day(terminates).map(|day| (day, Occasion::Termination, None));
    anniversaries
        .chain(end)
        .filter(move |(day, ..)| *day <= last)
        .chain(termination)
        .filter(move |(day, ..)| window.has(*day))
}

/// The years of the window in which an anniversary falls of which no day is known, with the years since
/// the signature.
pub fn undated(signed_on: Option<&Edtf>, window: Window) -> impl Iterator<Item = (i32, i32)> {
    let undated = signed_on.filter(|date| certain_day(Some(date)).is_none());
    let signed = undated.and_then(|date| Some((date.year()?, date.earliest()?, date.latest()?)));
    window.years().filter_map(move |year| {
        let (signed, earliest, latest) = signed?;
        // What may fall on a day of the window, in this year.
        let first = in_year(earliest, year)?;
        let last = in_year(latest, year)?;
        (year > signed && first <= window.to && last >= window.from)
            .then_some((year, year - signed))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: &str, to: &str) -> Window {
        Window {
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
        }
    }

    fn told(signed: &str, ends: Option<&str>, window: Window) -> Vec<String> {
        let signed: Edtf = signed.parse().unwrap();
        let ends: Option<Edtf> = ends.map(|ends| ends.parse().unwrap());
        days(Some(&signed), ends.as_ref(), None, window)
            .map(|(day, _, years)| match years {
                Some(years) => format!("{day} {years}"),
                None => format!("{day} ends"),
            })
            .collect()
    }

    #[test]
    fn a_day_comes_back_every_year_and_only_where_one_is_known() {
        let two_years = window("2026-06-26", "2028-06-25");
        assert_eq!(
            told("1992-06-25", Some("2027-01-31"), two_years),
            ["2027-06-25 35", "2028-06-25 36", "2027-01-31 ends"]
        );
        assert_eq!(told("2027-03-01", None, two_years), ["2028-03-01 1"]);
        for doubtful in [
            "1992",
            "1992-06",
            "1992-06-25?",
            "1992-06-25~",
            "[..1992-06-25]",
        ] {
            assert!(
                told(doubtful, Some(doubtful), two_years).is_empty(),
                "{doubtful}"
            );
        }
        assert_eq!(
            told("2000-02-29", None, window("2027-01-01", "2028-12-31")),
            ["2027-02-28 27", "2028-02-29 28"]
        );
    }

    #[test]
    fn behind_a_termination_there_is_nothing_to_celebrate() {
        let date = |text: &str| text.parse::<Edtf>().unwrap();
        let (signed, ends) = (date("2010-05-05"), date("2028-05-04"));
        let told = |terminates: &str| -> Vec<String> {
            let window = window("2027-01-01", "2028-12-31");
            days(Some(&signed), Some(&ends), Some(&date(terminates)), window)
                .map(|(day, occasion, _)| format!("{day} {occasion:?}"))
                .collect()
        };
        assert_eq!(told("2027-05-01"), ["2027-05-01 Termination"]);
        assert_eq!(told("2027"), ["2027-05-05 Signature"]);
    }

    #[test]
    fn a_year_is_told_by_year() {
        let told = |signed: &str, from: &str, to: &str| {
            let signed: Edtf = signed.parse().unwrap();
            undated(Some(&signed), window(from, to)).collect::<Vec<_>>()
        };
        assert_eq!(
            told("1992", "2026-01-01", "2027-12-31"),
            [(2026, 34), (2027, 35)]
        );
        assert_eq!(told("1992-06?", "2026-06-30", "2026-07-31"), [(2026, 34)]);
        assert!(told("1992-06", "2026-07-01", "2026-07-31").is_empty());
        assert!(told("1992-06-25", "2026-01-01", "2026-12-31").is_empty());
        assert_eq!(
            told("1992-06-25~", "2026-01-01", "2026-12-31"),
            [(2026, 34)]
        );
        assert!(told("199X", "2026-01-01", "2026-12-31").is_empty());
        assert!(told("2026", "2026-01-01", "2026-12-31").is_empty());
    }
}
