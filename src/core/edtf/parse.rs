//! Which expressions of EDTF the registry keeps, and the days they may mean.
//!
//! The grammar and the calendar are those of the crate `edtf_core`; this file says no to what is
//! not one point in time.

use chrono::NaiveDate;
use edtf_core::{Bound, Edtf as Expression, Precision, YearKind};

use super::Span;
use crate::core::parse_error::ParseError;

const FORMS: &str = "write a year (1992), a month (1992-06), a day (1992-06-25) or a decade (199X), \
    with a final ~ (about), ? (doubtful) or % (both) where needed (2020-08~), or a range that the \
    day lies in ([..2022-02-28], [2015..], [1997..2002])";

/// The refusal of a date: what was wrong, then all that is allowed.
pub(super) fn refused(reason: &str) -> ParseError {
    ParseError::new("invalid_edtf", format!("{reason}; {FORMS}"))
}

/// What follows the bracket of a one-of range: `..D]`, `D..]` or `D1..D2]`.
///
/// EDTF wants both ends of a range in one precision; a registry knows things like "after 1997, before
/// March 2002", so each end is read by itself.
pub(super) fn range(rest: &str) -> Result<Span, ParseError> {
    let inner = rest
        .strip_suffix(']')
        .ok_or_else(|| refused("the range is not closed with ]"))?;
    let (from, to) = inner
        .split_once("..")
        .ok_or_else(|| refused("a set of single dates is not kept, only a range with .."))?;
    let end = |text: &str| {
        if text.is_empty() {
            Ok(None)
        } else {
            single(text).map(Some)
        }
    };
    let (from, to) = (end(from)?, end(to)?);
    let (earliest, latest) = (from.and_then(|d| d.earliest), to.and_then(|d| d.latest));
    if from.is_none() && to.is_none() {
        return Err(refused("the range names no date"));
    }
    if earliest.zip(latest).is_some_and(|(a, b)| a > b) {
        return Err(refused("the range ends before it begins"));
    }
    let year_only = [from, to].iter().flatten().all(|end| end.year_only);
    Ok(Span {
        earliest,
        latest,
        year_only,
    })
}

/// A year, month, day, decade or century without a mark of doubt.
pub(super) fn single(text: &str) -> Result<Span, ParseError> {
    let expression = Expression::parse(text)
        .map_err(|_not_edtf| refused("this is no date in the notation of the registry (EDTF)"))?;
    let bounds = expression.bounds();
    let date = match expression {
        Expression::Date(date) => date,
        Expression::DateTime(_) => return Err(refused("a time of day is not kept")),
        Expression::Interval(_) => return Err(refused("an interval is not one point in time")),
        Expression::Set(_) => return Err(refused("a list of dates is not one point in time")),
    };
    let YearKind::Standard {
        negative: false,
        digits,
    } = date.year.kind
    else {
        return Err(refused("years have four digits, from 0001 to 9999"));
    };
    if date.year.significant_digits.is_some() {
        return Err(refused("significant digits of a year are not kept"));
    }
    if date.is_uncertain() || date.is_approximate() {
        return Err(refused(
            "a mark of doubt stands once, at the end, and not in a range",
        ));
    }
    if date.precision() == Precision::Season {
        return Err(refused("seasons and quarters are not kept"));
    }
    if date.has_unspecified() {
        let decade_or_century = matches!(digits, [Some(_), Some(_), _, None]);
        if !decade_or_century || date.month.is_some() {
            return Err(refused(
                "X may stand for the last one or two digits of a year alone",
            ));
        }
    }
    let (Some(earliest), Some(latest)) = (calendar(bounds.earliest), calendar(bounds.latest))
    else {
        return Err(refused("this is no calendar day"));
    };
    let year_only = date.precision() == Precision::Year;
    Ok(Span {
        earliest: Some(earliest),
        latest: Some(latest),
        year_only,
    })
}

fn calendar(bound: Bound) -> Option<NaiveDate> {
    let Bound::Date(date) = bound else {
        return None;
    };
    let year = i32::try_from(date.year).ok()?;
    NaiveDate::from_ymd_opt(year, date.month.into(), date.day.into())
}
