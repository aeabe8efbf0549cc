//! Dates that are as precise as what is known.
//!
//! The notation is EDTF (ISO 8601-2:2019, annex A), of which the registry keeps the part that names
//! one point in time. Every date stands between two calendar days, its bounds, and two dates are
//! compared with three answers: yes, no, maybe.

mod parse;

use std::{borrow::Cow, str::FromStr};

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use crate::core::{parse_error::ParseError, serde_text};
use parse::{range, refused, single};

/// The longest text that can be right: `[1997-01-01..2002-12-31]`.
const LONGEST: usize = 24;

/// One point in time, as precisely as it is known (EDTF).
///
/// Kept are `1992`, `1992-06`, `1992-06-25`, `199X`, `19XX`, each with a final `~`, `?` or `%`, and
/// the ranges `[..D]` (no later than), `[D..]` (no earlier than) and `[D1..D2]`, whose ends may have
/// different precisions. Everything else that EDTF knows (intervals, seasons, times, lists) is
/// refused with `invalid_edtf`. The text is kept as it was given; marks of doubt do not move the
/// bounds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, diesel::AsExpression, diesel::FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Edtf {
    text: String,
    span: Span,
}

/// The days an expression may mean, and whether nothing finer than a year is named in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Span {
    earliest: Option<NaiveDate>,
    latest: Option<NaiveDate>,
    year_only: bool,
}

/// The answer to a question about dates that are not known to the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// It is so, whatever the exact days are.
    Yes,
    /// It is not so, whatever the exact days are.
    No,
    /// It depends on days that are not known.
    Maybe,
}

impl Edtf {
    /// The date as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The first day it may mean; `None` when the past is open.
    pub fn earliest(&self) -> Option<NaiveDate> {
        self.span.earliest
    }

    /// The last day it may mean; `None` when the future is open.
    pub fn latest(&self) -> Option<NaiveDate> {
        self.span.latest
    }

    /// A date that was kept. A year 0000, which was accepted once, is still read.
    pub fn stored(text: &str) -> Result<Self, ParseError> {
        let span = match text.strip_prefix('[') {
            Some(rest) => range(rest)?,
            None => single(text.strip_suffix(['~', '?', '%']).unwrap_or(text))?,
        };
        Ok(Self {
            text: text.to_owned(),
            span,
        })
    }

    /// An exact day. Days outside the years 1 to 9999 become the nearest that can be written.
    pub fn day(date: NaiveDate) -> Self {
        let day = writable(date);
        Self::written(day.to_string(), Some(day), day)
    }

    /// That day or any before it: `[..D]`.
    pub fn no_later_than(date: NaiveDate) -> Self {
        let day = writable(date);
        Self::written(format!("[..{day}]"), None, day)
    }

    fn written(text: String, earliest: Option<NaiveDate>, latest: NaiveDate) -> Self {
        let span = Span {
            earliest,
            latest: Some(latest),
            year_only: false,
        };
        Self { text, span }
    }

    /// The last day it may mean when it was learnt on this day: what is learnt as having happened has
    /// happened by then, what was still to come has not. None when the future is open.
    pub fn last_day(&self, learnt: NaiveDate) -> Option<NaiveDate> {
        let latest = self.latest();
        if self.earliest() > Some(learnt) {
            return latest;
        }
        Some(latest.map_or(learnt, |latest| latest.min(learnt)))
    }

    /// The day, when only one is possible.
    pub fn exact_day(&self) -> Option<NaiveDate> {
        self.earliest().filter(|day| Some(*day) == self.latest())
    }

    /// The calendar year, when only one is possible.
    pub fn year(&self) -> Option<i32> {
        let year = self.earliest()?.year();
        (year == self.latest()?.year()).then_some(year)
    }

    /// Whether neither a month nor a day is named: `1992`, `199X`, `1992?`, `[1997..2002]`.
    pub fn is_year_only(&self) -> bool {
        self.span.year_only
    }

    /// Is this day before the other one? The same day is not before itself.
    pub fn before(&self, other: &Self) -> Certainty {
        let (end, next) = (self.latest(), other.earliest());
        let ends_first = end.zip(next).is_some_and(|(end, next)| end < next);
        let (begin, last) = (self.earliest(), other.latest());
        let begins_last = begin.zip(last).is_some_and(|(begin, last)| begin >= last);
        match (ends_first, begins_last) {
            (true, _) => Certainty::Yes,
            (false, true) => Certainty::No,
            (false, false) => Certainty::Maybe,
        }
    }

    /// Whether every day this may mean is after every day the other may mean.
    pub fn certainly_after(&self, other: &Self) -> bool {
        other.certainly_before(self)
    }

    /// Whether every day this may mean is before every day the other may mean.
    pub fn certainly_before(&self, other: &Self) -> bool {
        self.before(other) == Certainty::Yes
    }

    /// Whether both may mean the same day.
    pub fn overlaps(&self, other: &Self) -> bool {
        !self.certainly_before(other) && !self.certainly_after(other)
    }

    /// Whether it has certainly passed when `day` begins.
    pub fn certainly_passed_on(&self, day: NaiveDate) -> bool {
        self.latest().is_some_and(|latest| latest < day)
    }
}

/// EDTF writes years with four digits; no record of a partnership needs more.
fn writable(date: NaiveDate) -> NaiveDate {
    let year = date.year().clamp(1, 9999);
    if year == date.year() {
        return date;
    }
    let (month, day) = if year == 1 { (1, 1) } else { (12, 31) };
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(date)
}

impl FromStr for Edtf {
    type Err = ParseError;

    fn from_str(s: &str) -> Result<Self, ParseError> {
        if s.len() > LONGEST {
            return Err(refused("this is longer than any date"));
        }
        if s.trim().len() < s.len() {
            return Err(refused("a date has no blanks around it"));
        }
        let date = Self::stored(s)?;
        // Even where it is one of the years of a decade or century.
        let zero = |day: Option<NaiveDate>| day.is_some_and(|day| day.year() < 1);
        if zero(date.earliest()) || zero(date.latest()) {
            return Err(refused("there is no year 0000"));
        }
        Ok(date)
    }
}

serde_text::as_text!(Edtf);

impl PartialSchema for Edtf {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "A date as precise as what is known (EDTF, ISO 8601-2): `1992`, `1992-06`, \
                 `1992-06-25`, `199X`, each with a final `~` (about), `?` (doubtful) or `%` (both), \
                 or a range the day lies in: `[..2022-02-28]`, `[2015..]`, `[1997..2002]`.",
            ))
            .examples(["1992-06-25", "1992", "[..2022-02-28]"])
            .max_length(Some(LONGEST))
            .build()
            .into()
    }
}

impl ToSchema for Edtf {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Edtf")
    }
}

/// The two days between which a date lies; an open end is null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct DateRange {
    /// The first day it may mean.
    #[schema(required = true, example = "1992-01-01")]
    pub earliest: Option<NaiveDate>,
    /// The last day it may mean.
    #[schema(required = true, example = "1992-12-31")]
    pub latest: Option<NaiveDate>,
}

impl From<&Edtf> for DateRange {
    fn from(date: &Edtf) -> Self {
        Self {
            earliest: date.earliest(),
            latest: date.latest(),
        }
    }
}

#[cfg(test)]
mod tests;
