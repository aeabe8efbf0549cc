//! Dates as the model knows them, and chance that repeats itself.

use chrono::{Datelike as _, Days, NaiveDate};

pub type Day = NaiveDate;

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A date as it is written, and the first and last day it may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Date {
    pub text: String,
    pub first: Option<Day>,
    pub last: Option<Day>,
}

impl Date {
    pub fn new(text: &str) -> Self {
        let range = text.trim_matches(['[', ']']).split_once("..");
        let (from, to) = range.unwrap_or((text, text));
        let first = (!from.is_empty()).then(|| bounds(from).0);
        let last = (!to.is_empty()).then(|| bounds(to).1);
        let text = text.to_owned();
        Self { text, first, last }
    }

    /// Whether its last day is before the other's first.
    pub fn certainly_before(&self, other: &Self) -> bool {
        matches!((self.last, other.first), (Some(last), Some(first)) if last < first)
    }

    pub fn certainly_after(&self, day: Day) -> bool {
        self.first.is_some_and(|first| first > day)
    }
}

/// The days that a day, month, year or decade may mean.
fn bounds(text: &str) -> (Day, Day) {
    let text = text.trim_end_matches(['~', '?', '%']);
    let (low, high) = (text.replace('X', "0"), text.replace('X', "9"));
    match text.len() {
        4 => (day(&format!("{low}-01-01")), day(&format!("{high}-12-31"))),
        7 => {
            let first = day(&format!("{low}-01"));
            let next = (first + Days::new(31)).with_day(1).unwrap();
            (first, next.pred_opt().unwrap())
        }
        _ => (day(text), day(text)),
    }
}

/// Chance from a seed (splitmix64).
pub struct Chance(pub u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    /// True this often in a hundred.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// A day up to this many days later, none after `end`.
    pub fn later(&mut self, from: Day, days: usize, end: Day) -> Day {
        (from + Days::new(u64::try_from(self.below(days)).unwrap())).min(end)
    }

    /// A date that may mean this day, as precise as sources are.
    pub fn date(&mut self, on: Day) -> Date {
        let before = on - Days::new(u64::try_from(self.below(900)).unwrap());
        let text = match self.below(100) {
            0..45 => on.to_string(),
            45..60 => on.format("%Y-%m").to_string(),
            60..78 => on.year().to_string(),
            78..81 => format!("{}X", on.year() / 10),
            81..86 => format!("[..{on}]"),
            86..89 => format!("[{before}..]"),
            89..94 => format!("[{before}..{on}]"),
            94..97 => format!("{}?", on.year()),
            _ => format!("{}~", on.format("%Y-%m")),
        };
        Date::new(&text)
    }
}
