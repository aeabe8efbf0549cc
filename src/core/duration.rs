//! Lengths of time in whole calendar units: the terms, notice and renewal periods of agreements.

use std::{borrow::Cow, str::FromStr};

use chrono::{Datelike, Days, Months, NaiveDate};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use crate::core::{parse_error::ParseError, serde_text};

const RULE: &str = "a period is an ISO 8601 duration of whole years, months, weeks or days, \
    longer than nothing, such as P5Y, P6M, P1Y6M or P30D";

/// An ISO 8601 duration of years, months, weeks and days, longer than nothing.
///
/// The text is kept as it was given: `P12M` is not rewritten as `P1Y`. Each number has at most four
/// digits; fractions, signs and a time part (`PT12H`) are refused with `invalid_duration`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, diesel::AsExpression, diesel::FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct CalendarDuration {
    text: String,
    months: u32,
    days: u32,
}

impl CalendarDuration {
    /// The duration as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The day on which a period that begins on `start` ends.
    ///
    /// Years and months are counted first and a day the month lacks becomes its last one: one month
    /// after 31 January is 28 or 29 February. `None` beyond the year 9999.
    pub fn after(&self, start: NaiveDate) -> Option<NaiveDate> {
        start
            .checked_add_months(Months::new(self.months))?
            .checked_add_days(Days::new(self.days.into()))
            .filter(|day| day.year() <= 9999)
    }

    /// The day on which a period that ends on `end` began, by the same rule; `None` before year 0.
    pub fn before(&self, end: NaiveDate) -> Option<NaiveDate> {
        end.checked_sub_months(Months::new(self.months))?
            .checked_sub_days(Days::new(self.days.into()))
            .filter(|day| day.year() >= 0)
    }
}

impl FromStr for CalendarDuration {
    type Err = ParseError;

    fn from_str(s: &str) -> Result<Self, ParseError> {
        let text = s.trim();
        let refused = || ParseError::new("invalid_duration", RULE);
        let mut rest = text.strip_prefix('P').ok_or_else(refused)?;
        let (mut months, mut days) = (0, 0);
        for (unit, months_each, days_each) in [('Y', 12, 0), ('M', 1, 0), ('W', 0, 7), ('D', 0, 1)]
        {
            if let Some((digits, after)) = rest.split_once(unit) {
                let count = count(digits).ok_or_else(refused)?;
                months += count * months_each;
                days += count * days_each;
                rest = after;
            }
        }
        if !rest.is_empty() || (months, days) == (0, 0) {
            return Err(refused());
        }
        Ok(Self {
            text: text.to_owned(),
            months,
            days,
        })
    }
}

/// One to four decimal digits.
fn count(digits: &str) -> Option<u32> {
    let plain = digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

serde_text::as_text!(CalendarDuration);

impl PartialSchema for CalendarDuration {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "A length of time in whole years, months, weeks and days (ISO 8601 duration).",
            ))
            .pattern(Some(r"^P(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,4}D)?$"))
            .min_length(Some(3))
            .examples(["P5Y"])
            .build()
            .into()
    }
}

impl ToSchema for CalendarDuration {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Period")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn after(period: &str, start: &str) -> String {
        period
            .parse::<CalendarDuration>()
            .unwrap()
            .after(day(start))
            .unwrap()
            .to_string()
    }

    #[test]
    fn counts_calendar_units() {
        assert_eq!(after("P5Y", "2014-06-18"), "2019-06-18");
        assert_eq!(after("P1Y6M", "2014-08-31"), "2016-02-29");
        assert_eq!(after("P2W3D", "2024-02-20"), "2024-03-08");
        assert_eq!(after("P1M", "2023-01-31"), "2023-02-28");
        let notice: CalendarDuration = "P6M".parse().unwrap();
        assert_eq!(notice.before(day("2024-08-31")), Some(day("2024-02-29")));
    }

    #[test]
    fn the_ends_of_the_calendar_give_nothing() {
        let long: CalendarDuration = "P9999Y".parse().unwrap();
        assert_eq!(long.after(day("2024-01-01")), None);
        assert_eq!(long.before(day("2024-01-01")), None);
    }

    #[test]
    fn keeps_the_text_and_refuses_the_rest() {
        assert_eq!(
            " P12M ".parse::<CalendarDuration>().unwrap().to_string(),
            "P12M"
        );
        for text in [
            "", "P", "5Y", "P5", "p5y", "P0Y", "P0D", "P1.5Y", "-P1Y", "P-1Y", "P+1Y", "PT12H",
            "P1DT2H", "P6M1Y", "P1Y1Y", "P99999Y", "P1,5Y", "P 1Y", "PY", "P٣Y",
        ] {
            assert_eq!(
                text.parse::<CalendarDuration>().unwrap_err().code,
                "invalid_duration",
                "{text}"
            );
        }
    }

    #[test]
    fn is_a_string_in_json() {
        let period: CalendarDuration = serde_json::from_str(r#""P6M""#).unwrap();
        assert_eq!(serde_json::to_string(&period).unwrap(), r#""P6M""#);
    }

    proptest! {
        #[test]
        fn an_end_is_after_its_start(
            years in 0u32..50, months in 0u32..50, days in 1u32..900,
            year in 1900i32..2100, ordinal in 1u32..=365,
        ) {
            let text = format!("P{years}Y{months}M{days}D");
            let period: CalendarDuration = text.parse().unwrap();
            let start = NaiveDate::from_yo_opt(year, ordinal).unwrap();
            prop_assert!(period.after(start).unwrap() > start);
            prop_assert!(period.before(start).unwrap() < start);
            prop_assert_eq!(period.as_str(), text);
        }

        #[test]
        fn any_text_is_answered(text in "\\PC*") {
            if let Ok(period) = text.parse::<CalendarDuration>() {
                prop_assert_eq!(period.to_string().parse::<CalendarDuration>().unwrap(), period);
            }
        }
    }
}
