//! When ties began and ended, as bars. A date that is known only as a year is as wide as the year, and soft:
//! nobody reads a day into it.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::core::edtf::DateRange;

/// A tie: the number it has in the list, when it began, when it ended if it did.
#[derive(Debug, Clone)]
pub struct Span {
    /// Its number in the list.
    pub number: usize,
    /// The days on which it may have begun.
    pub began: DateRange,
    /// The days on which it may have ended; none while it lives.
    pub ended: Option<DateRange>,
}

impl Span {
    /// Whether its dates bound anything: a tie that holds and had begun by today may be of any age.
    fn tells(&self, today: NaiveDate) -> bool {
        let holds = self.ended.is_none();
        let began_before = self.began.latest.is_some_and(|latest| latest < today);
        self.began.earliest.is_some() || began_before || !holds
    }
}

/// Where something stands, in hundredths of the width.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stretch {
    /// Where it begins.
    pub x: String,
    /// How long it is.
    pub width: String,
}

/// A bar: what is certain in the middle, what is possible at both sides.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    /// The tie's number in the list.
    pub number: usize,
    /// Pixels from the top.
    pub y: usize,
    /// From the first possible to the last possible day.
    pub possible: Stretch,
    /// What is certain, if anything is.
    pub certain: Option<Stretch>,
    /// Whether it lives.
    pub live: bool,
}

/// A year on the axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Year {
    /// Hundredths of the width.
    pub x: String,
    /// The year.
    pub year: i32,
}

/// The picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Timeline {
    /// Its height in pixels.
    pub height: usize,
    /// Years on the axis.
    pub years: Vec<Year>,
    /// Bars from top to bottom.
    pub bars: Vec<Bar>,
}

/// Pixels from one bar to the next.
const STEP: usize = 16;

/// Where the bars begin: the numbers stand before them.
const LEFT: f64 = 6.0;

/// The ties of a list until `today`, without those of which their dates say nothing; none when that are all.
pub fn timeline(spans: &[Span], today: NaiveDate) -> Option<Timeline> {
    let spans: Vec<&Span> = spans.iter().filter(|span| span.tells(today)).collect();
    let first = spans
        .iter()
        .filter_map(|span| span.began.earliest.or(span.began.latest))
        .min()?;
    let from = f64::from(first.year() - 1);
    let until = year(today) + 0.2;
    let place = |at: f64| LEFT + (100.0 - LEFT) * ((at - from) / (until - from)).clamp(0.0, 1.0);
    let stretch = |start: f64, end: f64| Stretch {
        x: format!("{start:.2}%"),
        // What lasted a day can be seen, too.
        width: format!("{:.2}%", (end - start).max(0.4)),
    };
    let bars = spans.iter().enumerate().filter_map(|(at, span)| {
        let latest = span.began.latest.or(span.began.earliest)?;
        let soft_start = span.began.earliest.map_or(LEFT, |day| place(year(day)));
        let start = place(year(latest));
        let (end, soft_end) = match span.ended {
            None => (place(year(today)), place(year(today))),
            Some(ended) => {
                let last = ended.latest.unwrap_or(today).min(today);
                let certain = ended.earliest.map_or(start, |day| place(year(day)));
                (certain, place(year(last)).max(certain))
            }
        };
        Some(Bar {
            number: span.number,
            y: at * STEP,
            possible: stretch(soft_start, soft_end.max(start)),
            certain: (end > start).then(|| stretch(start, end)),
            live: span.ended.is_none(),
        })
    });
    let bars: Vec<Bar> = bars.collect();
    let step = match today.year() - first.year() {
        ..=12 => 2,
        13..=30 => 5,
        31..=80 => 10,
        _ => 20,
    };
    let years = (first.year() - 1..=today.year())
        .filter(|year| year % step == 0)
        .map(|year| Year {
            x: format!("{:.2}%", place(f64::from(year))),
            year,
        });
    Some(Timeline {
        height: spans.len() * STEP + 20,
        years: years.collect(),
        bars,
    })
}

/// A day as a year with a fraction.
fn year(day: NaiveDate) -> f64 {
    f64::from(day.year()) + f64::from(day.ordinal0()) / 366.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::edtf::Edtf;

    fn span(number: usize, began: &str, ended: Option<&str>) -> Span {
        let range = |text: &str| DateRange::from(&text.parse::<Edtf>().unwrap());
        Span {
            number,
            began: range(began),
            ended: ended.map(range),
        }
    }

    #[test]
    fn a_year_is_a_bar_and_never_a_day() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let spans = [
            span(1, "1992", None),
            span(2, "2018-03-16", Some("2022-03-03")),
            span(3, "[..2010-01-12]", Some("[..2022-02-28]")),
        ];
        let picture = timeline(&spans, today).unwrap();
        let [year, exact, open] = picture.bars.as_slice() else {
            panic!("{picture:?}")
        };
        let x = |stretch: &Stretch| stretch.x.trim_end_matches('%').parse::<f64>().unwrap();
        let certain = |bar: &Bar| x(bar.certain.as_ref().unwrap());
        // What may have begun on any day of 1992 is certain from its last.
        assert!(certain(year) - x(&year.possible) > 2.0, "{year:?}");
        assert!(
            (certain(exact) - x(&exact.possible)).abs() < 0.01,
            "{exact:?}"
        );
        // Nobody knows whether it lasted a day.
        assert!(open.certain.is_none() && !open.live, "{open:?}");
        assert_eq!(picture.years.first().map(|year| year.year), Some(2000));
        assert_eq!(timeline(&[], today), None);
        // What holds and has begun on some day until today is no bar from one end to the other.
        let any = [span(1, "[..2026-11-24]", None), span(2, "1992", None)];
        let picture = timeline(&any, today).unwrap();
        assert_eq!(
            picture
                .bars
                .iter()
                .map(|bar| bar.number)
                .collect::<Vec<_>>(),
            [2]
        );
        assert_eq!(timeline(&any[..1], today), None);
    }
}
