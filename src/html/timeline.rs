//! When ties began and ended, as bars. A date that is known only as a year is as wide as the year, and soft:
//! nobody reads a day into it.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::core::edtf::Edtf;

/// A tie: the number it has in the list, when it began, when it was suspended or ended if it was.
#[derive(Debug, Clone)]
pub struct Span {
    /// Its number in the list.
    pub number: usize,
    /// What the other is called.
    pub name: String,
    /// When it began; none when nobody knows.
    pub began: Option<Edtf>,
    /// What became of it.
    pub turned: Turned,
    /// When it held before.
    pub earlier: Vec<Earlier>,
}

/// A time at which a tie held before; of what nobody knows there is nothing.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize)]
pub struct Earlier {
    /// From when.
    pub since: Option<Edtf>,
    /// Until when.
    pub until: Option<Edtf>,
}

/// What became of a tie, and when if that is known.
#[derive(Debug, Clone)]
pub enum Turned {
    /// It holds.
    Not,
    /// It does not hold yet.
    Planned,
    /// It is suspended.
    Suspended(Option<Edtf>),
    /// It has ended.
    Ended(Option<Edtf>),
}

impl Span {
    /// Whether its dates bound anything: a tie that holds may be of any age.
    fn tells(&self) -> bool {
        let open = matches!(self.turned, Turned::Not | Turned::Planned);
        self.began.is_some() || !self.earlier.is_empty() || !open
    }
}

/// The first and the last day that a date may mean; what is about or doubtful reaches as far again to both sides,
/// and at least half a year.
fn reach(date: Option<&Edtf>) -> (Option<f64>, Option<f64>) {
    let Some(date) = date else {
        return (None, None);
    };
    let (earliest, latest) = (date.earliest().map(year), date.latest().map(year));
    if !date.as_str().ends_with(['~', '?', '%']) {
        return (earliest, latest);
    }
    let span = earliest.zip(latest).map(|(from, until)| until - from);
    let soft = span.unwrap_or_default().max(0.5);
    (earliest.map(|at| at - soft), latest.map(|at| at + soft))
}

/// Where something stands, in hundredths of the width.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stretch {
    /// Where it begins.
    pub x: String,
    /// How long it is.
    pub width: String,
}

/// A bar: what is certain in the middle, what is possible at both sides and before a suspension.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    /// The tie's number in the list.
    pub number: usize,
    /// What the other is called, as far as there is room for it.
    pub name: String,
    /// Pixels from the top.
    pub y: usize,
    /// From the first possible to the last possible day.
    pub possible: Stretch,
    /// What is certain, if anything is.
    pub certain: Option<Stretch>,
    /// What it is: `live`, `planned` or `past`.
    pub state: &'static str,
    /// When it held before: what is possible, and what is certain.
    pub earlier: Vec<(Stretch, Option<Stretch>)>,
    /// Since when it is certainly suspended.
    pub suspended: Option<Stretch>,
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
    /// Whether one of them does not hold yet.
    pub planned: bool,
}

/// Pixels from one bar to the next: number and name stand above it, because beside it a phone has no room for them.
const STEP: usize = 30;

/// Most characters of a name: as many as a phone is wide.
const LONGEST: usize = 38;

/// Where the bars begin: what began earlier than is shown has room before them.
const LEFT: f64 = 6.0;

/// The ties of a list until `today`, without those of which their dates say nothing; none when that are all.
pub fn timeline(spans: &[Span], today: NaiveDate) -> Option<Timeline> {
    let spans: Vec<&Span> = spans.iter().filter(|span| span.tells()).collect();
    let earlier = spans.iter().flat_map(|span| &span.earlier);
    let began = spans.iter().filter_map(|span| span.began.as_ref());
    let first = began
        .chain(earlier.filter_map(|earlier| earlier.since.as_ref()))
        .filter_map(|began| began.earliest().or(began.latest()))
        .min()?;
    let from = f64::from(first.year() - 1);
    let now = year(today);
    let until = now + 0.2;
    let place = |at: f64| LEFT + (100.0 - LEFT) * ((at - from) / (until - from)).clamp(0.0, 1.0);
    let stretch = |start: f64, end: f64| Stretch {
        x: format!("{start:.2}%"),
        // What lasted a day can be seen, too.
        width: format!("{:.2}%", (end - start).max(0.4)),
    };
    let bars = spans.iter().enumerate().map(|(at, span)| {
        let (soft_start, start) = reach(span.began.as_ref());
        // It held for certain until `end`, and may have until `soft_end`; what a date leaves open lasts until now.
        let (turned, soft_end) = match &span.turned {
            Turned::Not | Turned::Planned => ((Some(now), Some(now)), now),
            Turned::Suspended(on) => (reach(on.as_ref()), now),
            Turned::Ended(on) => {
                let turned = reach(on.as_ref());
                (turned, turned.1.unwrap_or(now).min(now))
            }
        };
        let soft_start = soft_start.map_or(LEFT, place);
        // What may have begun on any later day had begun by now, or by its end.
        let start = place(start.unwrap_or(soft_end).min(soft_end));
        let end = turned.0.map_or(start, place);
        let since = turned.1.map_or(now, |at| at.min(now));
        let suspended = matches!(span.turned, Turned::Suspended(_)) && since < now;
        Bar {
            number: span.number,
            name: shortened(&span.name),
            y: at * STEP,
            possible: stretch(soft_start, place(soft_end).max(start)),
            certain: (end > start).then(|| stretch(start, end)),
            state: match span.turned {
                Turned::Ended(_) => "past",
                Turned::Planned => "planned",
                Turned::Not | Turned::Suspended(_) => "live",
            },
            earlier: span
                .earlier
                .iter()
                .map(|Earlier { since, until }| {
                    let ((from, certain_from), (certain_to, to)) =
                        (reach(since.as_ref()), reach(until.as_ref()));
                    let from = from.map_or(LEFT, place);
                    let to = place(to.unwrap_or(now)).max(from);
                    let certain = certain_from.map(place).zip(certain_to.map(place));
                    let certain = certain.filter(|(from, to)| from < to);
                    let certain = certain.map(|(from, to)| stretch(from, to));
                    (stretch(from, to), certain)
                })
                .collect(),
            suspended: suspended.then(|| stretch(place(since), place(now))),
        }
    });
    let bars: Vec<Bar> = bars.collect();
    Some(Timeline {
        height: spans.len() * STEP + 20,
        planned: bars.iter().any(|bar| bar.state == "planned"),
        years: axis(first.year() - 1, today.year())
            .map(|year| Year {
                x: format!("{:.2}%", place(f64::from(year))),
                year,
            })
            .collect(),
        bars,
    })
}

/// The years that are named on the axis: some ten at most, or they would cover each other on a phone; both ends,
/// where it is short.
fn axis(first: i32, last: i32) -> impl Iterator<Item = i32> {
    let step = match last - first {
        ..=4 => 1,
        5..=13 => 2,
        14..=31 => 5,
        32..=81 => 10,
        82..=160 => 20,
        161..=400 => 50,
        401..=800 => 100,
        801..=1600 => 200,
        1601..=4000 => 500,
        _ => 1000,
    };
    (first..=last).filter(move |year| year % step == 0)
}

/// The beginning of a name that stands whole elsewhere.
fn shortened(name: &str) -> String {
    match name.char_indices().nth(LONGEST) {
        None => name.to_owned(),
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or(name).trim_end()),
    }
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
        let date = |text: &str| text.parse::<Edtf>().unwrap();
        Span {
            number,
            name: format!("Miasto {number}"),
            began: (!began.is_empty()).then(|| date(began)),
            turned: ended.map_or(Turned::Not, |ended| Turned::Ended(Some(date(ended)))),
            earlier: Vec::new(),
        }
    }

    fn suspended(number: usize, began: &str, since: &str) -> Span {
        let since = since.parse().unwrap();
        Span {
            turned: Turned::Suspended(Some(since)),
            ..span(number, began, None)
        }
    }

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
    }

    /// The hundredths at which a stretch begins and ends.
    fn ends(stretch: &Stretch) -> (f64, f64) {
        let number = |text: &str| text.trim_end_matches('%').parse::<f64>().unwrap();
        let start = number(&stretch.x);
        (start, start + number(&stretch.width))
    }

    #[test]
    fn a_year_is_a_bar_and_never_a_day() {
        let spans = [
            span(1, "1992", None),
            span(2, "2018-03-16", Some("2022-03-03")),
            span(3, "[..2010-01-12]", Some("[..2022-02-28]")),
        ];
        let picture = timeline(&spans, day()).unwrap();
        let [year, exact, open] = picture.bars.as_slice() else {
            panic!("{picture:?}")
        };
        let certain = |bar: &Bar| ends(bar.certain.as_ref().unwrap()).0;
        // What may have begun on any day of 1992 is certain from its last.
        assert!(certain(year) - ends(&year.possible).0 > 2.0, "{year:?}");
        assert!(
            (certain(exact) - ends(&exact.possible).0).abs() < 0.01,
            "{exact:?}"
        );
        // Nobody knows whether it lasted a day.
        assert!(open.certain.is_none() && open.state == "past", "{open:?}");
        assert_eq!(picture.years.first().map(|year| year.year), Some(2000));
        assert_eq!(timeline(&[], day()), None);
        // What holds and of which nobody knows since when is no bar from one end to the other.
        let any = [span(1, "", None), span(2, "1992", None)];
        let picture = timeline(&any, day()).unwrap();
        let numbers: Vec<usize> = picture.bars.iter().map(|bar| bar.number).collect();
        assert_eq!(numbers, [2]);
        assert_eq!(timeline(&any[..1], day()), None);
    }

    #[test]
    fn what_dates_leave_open_is_not_drawn_as_certain() {
        let spans = [
            span(1, "[1992-05..]", None),
            span(2, "1992", None),
            span(3, "1992~", None),
            span(4, "[1992-05..]", Some("2000")),
            span(5, "1992", Some("2000~")),
        ];
        let picture = timeline(&spans, day()).unwrap();
        let [later, plain, about, ended, about_ended] = picture.bars.as_slice() else {
            panic!("{picture:?}")
        };
        // It has begun by now, on some day since May 1992.
        assert!(later.certain.is_none() && ended.certain.is_none());
        assert!(ends(&later.possible).1 > 99.0, "{later:?}");
        assert!(ends(&ended.possible).1 < 50.0, "{ended:?}");
        // "About" has softer ends than the year itself.
        let certain = |bar: &Bar| ends(bar.certain.as_ref().unwrap());
        assert!(certain(about).0 > certain(plain).0 + 2.0, "{about:?}");
        assert!(
            ends(&about.possible).0 < ends(&plain.possible).0,
            "{about:?}"
        );
        let (_, end) = certain(about_ended);
        assert!(ends(&about_ended.possible).1 > end + 6.0, "{about_ended:?}");
    }

    #[test]
    fn a_suspension_is_drawn_apart_from_what_is_in_force() {
        let spans = [
            suspended(1, "2000-06", "2020-08-01"),
            suspended(2, "2000-06", "[2003..2010]"),
            span(3, "2000-06", None),
        ];
        let picture = timeline(&spans, day()).unwrap();
        let [exact, range, live] = picture.bars.as_slice() else {
            panic!("{picture:?}")
        };
        let of = |bar: &Bar| {
            let certain = bar.certain.as_ref().unwrap();
            (ends(certain).1, ends(bar.suspended.as_ref().unwrap()).0)
        };
        let (end, since) = of(exact);
        assert!((end - since).abs() < 0.05 && since < 80.0, "{exact:?}");
        let (end, since) = of(range);
        assert!(since - end > 20.0, "{range:?}");
        assert_eq!((live.suspended.as_ref(), exact.state), (None, "live"));
    }

    #[test]
    fn what_is_planned_is_no_bar_of_what_holds_and_a_gap_is_seen() {
        let date = |text: &str| text.parse::<Edtf>().unwrap();
        let planned = Span {
            turned: Turned::Planned,
            earlier: vec![Earlier {
                since: Some(date("1999")),
                until: Some(date("2012")),
            }],
            ..span(1, "2025-05", None)
        };
        let picture = timeline(&[planned, span(2, "1995", None)], day()).unwrap();
        let [bar, live] = picture.bars.as_slice() else {
            panic!("{picture:?}")
        };
        assert!(picture.planned && bar.state == "planned" && live.state == "live");
        let (begun, over) = ends(&bar.earlier[0].0);
        let (certain, _) = ends(bar.earlier[0].1.as_ref().unwrap());
        assert!(begun + 2.0 < certain, "{bar:?}");
        let (again, _) = ends(&bar.possible);
        assert!(begun < over && over + 30.0 < again, "{bar:?}");
        assert!(live.earlier.is_empty());
    }

    #[test]
    fn both_ends_of_a_short_time_are_named() {
        let picture =
            timeline(&[span(1, "[..1991]", None)], "1991-06-01".parse().unwrap()).unwrap();
        let years: Vec<i32> = picture.years.iter().map(|year| year.year).collect();
        assert_eq!(years, [1990, 1991]);
    }

    #[test]
    fn an_old_tie_leaves_the_years_of_the_axis_apart() {
        for began in ["0836", "1100", "1500", "1750", "1870", "1950", "1990"] {
            let picture = timeline(&[span(1, began, None), span(2, "1992", None)], day()).unwrap();
            let years: Vec<i32> = picture.years.iter().map(|year| year.year).collect();
            assert!((4..=10).contains(&years.len()), "{began}: {years:?}");
            let step = years[1] - years[0];
            assert!(
                [5, 10, 20, 50, 100, 200].contains(&step),
                "{began}: {years:?}"
            );
            assert!(years.windows(2).all(|pair| pair[1] - pair[0] == step));
        }
    }

    #[test]
    fn a_bar_says_whose_it_is_as_far_as_there_is_room() {
        let mut long = span(2, "1995", None);
        long.name = "Związek Gmin Ziemi Białostockiej i Okolic nad Supraślą".to_owned();
        let picture = timeline(&[span(1, "1992", None), long], day()).unwrap();
        let names: Vec<&str> = picture.bars.iter().map(|bar| bar.name.as_str()).collect();
        assert_eq!(
            names,
            ["Miasto 1", "Związek Gmin Ziemi Białostockiej i Oko…"]
        );
    }
}
