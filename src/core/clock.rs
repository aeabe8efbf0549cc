//! The time of day, asked of an object so that tests can fix it.

use chrono::{DateTime, NaiveDate, SecondsFormat, SubsecRound as _, Utc};
use serde::Serializer;

/// Says what time it is, in the milliseconds that both engines and JSON keep alike.
///
/// Everything that depends on the day (expiry, anniversaries, "no date in the future") asks a clock
/// handed to it and never the system.
pub trait Clock: Send + Sync {
    /// The present moment in UTC.
    fn now(&self) -> DateTime<Utc>;

    /// The present day in UTC.
    fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that may ask the system"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }
}

/// A time as JSON has it: RFC 3339 in UTC with its milliseconds, also when they are zero.
pub fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Serializes a time, or the lack of one, as [`text`] writes it.
pub fn time<'a, T, S: Serializer>(at: &'a T, to: S) -> Result<S::Ok, S::Error>
where
    &'a T: Into<Option<&'a DateTime<Utc>>>,
{
    match at.into() {
        Some(at) => to.serialize_str(&text(*at)),
        None => to.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_milliseconds_also_when_they_are_zero() {
        for at in ["2026-11-24T12:00:00.000Z", "2026-11-24T12:00:00.120Z"] {
            assert_eq!(text(at.parse().unwrap()), at);
        }
    }

    #[test]
    fn the_system_clock_is_past_the_year_of_this_code() {
        assert!(SystemClock.today() >= NaiveDate::from_ymd_opt(2024, 1, 1).unwrap());
    }
}
