//! Which days are asked about.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::http::extract::Parsed;
use crate::http::extract::params::{Day, Id};
use crate::http::problem::Problem;

/// Most days of all agreements there are.
const MOST_OF_ALL: i64 = 31;

/// Days behind the first, or before the last, when only one of them is said.
const OTHERWISE: u64 = 30;

/// Most years of a partner's.
const MOST_YEARS: i32 = 20;

/// What is asked of the calendar.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CalendarFilter {
    /// Only agreements of this partner; without it, at most 31 days can be asked for.
    #[param(value_type = Option<String>, example = "ptn_8x3k0q2m7t")]
    pub partner: Option<Parsed<Id>>,
    /// The days of this year.
    #[param(minimum = 1900, maximum = 2200, example = 2027)]
    pub year: Option<i32>,
    /// The first day, instead of `year`; without `to`, of 31 days.
    #[param(value_type = Option<String>, example = "2026-11-01")]
    pub from: Option<Parsed<Day>>,
    /// The last day; without `from`, of 31 days. Without days and year: of a partner this year and the next,
    /// of all agreements this month.
    #[param(value_type = Option<String>, example = "2026-11-30")]
    pub to: Option<Parsed<Day>>,
}

/// Days from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Window {
    /// Whether the day is among them.
    pub fn has(self, day: NaiveDate) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// Those before an end has certainly come.
    pub fn until(self, end: Option<&Edtf>) -> Self {
        let last = end.and_then(Edtf::latest);
        let to = last.map_or(self.to, |last| last.min(self.to));
        Self { to, ..self }
    }

    /// The years in which they lie.
    pub fn years(self) -> std::ops::RangeInclusive<i32> {
        self.from.year()..=self.to.year()
    }

    /// On which days of a year what is told on these days was signed, as `06-25`: on 28 February of a year
    /// without a 29th that one, too.
    pub fn days_of_year(self) -> BTreeSet<String> {
        let days = self.from.iter_days().take_while(|day| *day <= self.to);
        // All there are come within so many.
        let days = days.take(366 * 8);
        days.flat_map(|day| {
            let leaps = day.month() == 2 && day.day() == 28 && !day.leap_year();
            let leap = leaps.then(|| "02-29".to_owned());
            leap.into_iter().chain([day.format("%m-%d").to_string()])
        })
        .collect()
    }
}

fn refused(parameter: &str, code: &str, rule: impl Into<String>) -> Problem {
    let rule = rule.into();
    Problem::malformed(rule.clone()).parameter(parameter, code, rule)
}

impl CalendarFilter {
    /// The partner whose agreements are looked at.
    pub fn partner(&self) -> Option<&PublicId> {
        self.partner.as_ref().map(|Parsed(Id(id))| id)
    }

    /// The days that are asked about; 400 for too many, none, or two ways of saying so.
    pub fn window(&self, today: NaiveDate) -> Result<Window, Problem> {
        let day = |day: &Option<Parsed<Day>>| day.as_ref().map(|Parsed(Day(day))| *day);
        let whole = |first: i32, last: i32| {
            let from = NaiveDate::from_ymd_opt(first, 1, 1);
            from.zip(NaiveDate::from_ymd_opt(last, 12, 31))
        };
        let asked = match (self.year, day(&self.from), day(&self.to)) {
            (Some(year), None, None) => Some(year)
                .filter(|year| (1900..=2200).contains(year))
                .and_then(|year| whole(year, year))
                .ok_or_else(|| refused("year", "range", "must be a year from 1900 to 2200"))?,
            (None, Some(from), Some(to)) => (from, to),
            (None, None, None) if self.partner.is_some() => {
                whole(today.year(), today.year() + 1).unwrap_or((today, today))
            }
            (None, None, None) => month_of(today).unwrap_or((today, today)),
            (Some(_), ..) => {
                return Err(refused("year", "range", "is said without from and to"));
            }
            (None, Some(from), None) => (from, from + Days::new(OTHERWISE)),
            (None, None, Some(to)) => (to - Days::new(OTHERWISE), to),
        };
        let (from, to) = asked;
        if to < from {
            return Err(refused("to", "range", "must not lie before from"));
        }
        if to.year() - from.year() > MOST_YEARS {
            let rule = format!("must lie within {MOST_YEARS} years of from");
            return Err(refused("to", "range", rule));
        }
        if self.partner.is_none() && (to - from).num_days() >= MOST_OF_ALL {
            let rule = format!("without partner, at most {MOST_OF_ALL} days can be asked for");
            return Err(refused("partner", "required", rule));
        }
        Ok(Window { from, to })
    }
}

fn month_of(day: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let first = day.with_day(1)?;
    let next = first.checked_add_months(Months::new(1))?;
    Some((first, next.checked_sub_days(Days::new(1))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::code::Code;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn asked(query: &str) -> Result<Window, Problem> {
        let params: CalendarFilter = serde_urlencoded::from_str(query).unwrap();
        params.window(day("2026-11-24"))
    }

    #[test]
    fn days_are_said_in_one_way() {
        for (query, from, to) in [
            ("", "2026-11-01", "2026-11-30"),
            ("partner=ptn_8x3k0q2m7t", "2026-01-01", "2027-12-31"),
            (
                "partner=ptn_8x3k0q2m7t&year=2030",
                "2030-01-01",
                "2030-12-31",
            ),
            ("from=2026-12-20&to=2027-01-19", "2026-12-20", "2027-01-19"),
            ("from=2026-12-20", "2026-12-20", "2027-01-19"),
            ("to=2026-12-31", "2026-12-01", "2026-12-31"),
        ] {
            let window = asked(query).unwrap();
            assert_eq!((window.from, window.to), (day(from), day(to)), "{query}");
        }
        for query in [
            "year=2027",
            "from=2026-01-01&to=2026-02-01",
            "from=2026-02-01&to=2026-01-01",
            "partner=ptn_8x3k0q2m7t&year=3000",
            "partner=ptn_8x3k0q2m7t&year=2027&from=2027-01-01&to=2027-01-02",
            "partner=ptn_8x3k0q2m7t&from=1990-01-01&to=2027-01-02",
        ] {
            assert_eq!(
                asked(query).unwrap_err().code(),
                Code::MalformedRequest,
                "{query}"
            );
        }
    }

    #[test]
    fn days_of_the_year_are_those_of_any_year() {
        let days = |from, to| {
            let window = Window {
                from: day(from),
                to: day(to),
            };
            window.days_of_year().into_iter().collect::<Vec<_>>()
        };
        assert_eq!(days("2026-12-31", "2027-01-01"), ["01-01", "12-31"]);
        assert_eq!(days("2027-02-28", "2027-02-28"), ["02-28", "02-29"]);
        assert_eq!(days("2028-02-28", "2028-02-28"), ["02-28"]);
        assert_eq!(days("2028-02-29", "2028-02-29"), ["02-29"]);
        assert_eq!(days("2026-01-31", "2029-03-01").len(), 366);
    }
}
