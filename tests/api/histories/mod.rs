//! An independent model of the lifecycle, written from its description and not from the code, against the
//! server: random histories of agreements and memberships, with exact and vague dates, late and out of
//! order, and what every reader is told of them.
//!
//! `HISTORIES` is how many there are of each (24 when absent), `HISTORIES_SEED` where they begin.

#![expect(
    clippy::match_same_arms,
    clippy::too_many_lines,
    reason = "the tables of the model stand in its own order, one step a line"
)]

mod agreements;
pub mod dates;
mod memberships;
mod named;
mod order;

use std::collections::BTreeMap;

use chrono::Days;

use self::dates::{Chance, Day, day};
use self::order::Event;

/// The day on which all is recorded.
const TODAY: &str = "2026-11-24";
/// How many lives share a registry.
const TOGETHER: usize = 24;

/// What differed, by what it was about.
#[derive(Default)]
pub struct Differences(BTreeMap<String, (usize, String)>);

impl Differences {
    /// Keeps the first of each kind; always false.
    fn add(&mut self, about: &str, trace: &[String]) -> bool {
        let kind: String = about.chars().filter(|c| !c.is_ascii_digit()).collect();
        let entry = self.0.entry(kind).or_default();
        entry.0 += 1;
        if entry.1.is_empty() || entry.1.len() > about.len() + trace.join("\n").len() {
            entry.1 = format!("{about}\n{}", trace.join("\n"));
        }
        false
    }

    fn none(&self) {
        let told: Vec<String> = self
            .0
            .values()
            .map(|(n, first)| format!("{n} times: {first}"))
            .collect();
        assert!(
            told.is_empty(),
            "{} kinds of differences\n\n{}",
            told.len(),
            told.join("\n\n")
        );
    }
}

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().unwrap())
}

/// Days on which something may be different from the day before, and some others.
fn probes<'a>(chance: &mut Chance, events: impl Iterator<Item = &'a Event>) -> Vec<Day> {
    let mut edges: Vec<Day> = events
        .flat_map(|event| {
            [
                event.on.first,
                event.on.last.map(|last| last + Days::new(1)),
                event.on.last,
            ]
        })
        .flatten()
        .collect();
    edges.push(day(TODAY));
    let mut days: Vec<Day> = (0..9).map(|_| *chance.pick(&edges)).collect();
    days.push(chance.later(day("1960-01-01"), 25_000, day("2029-01-01")));
    days.push(day(TODAY));
    days
}

#[actix_web::test]
async fn agreements_are_what_the_model_says() {
    let mut differences = Differences::default();
    let (seed, count) = (number("HISTORIES_SEED", 1), number("HISTORIES", 24));
    for batch in 0..count.div_ceil(24) {
        agreements::run(seed + batch, TOGETHER, &mut differences).await;
    }
    differences.none();
}

#[actix_web::test]
async fn memberships_are_what_the_model_says() {
    let mut differences = Differences::default();
    let (seed, count) = (number("HISTORIES_SEED", 1), number("HISTORIES", 24));
    for batch in 0..count.div_ceil(24) {
        memberships::run(seed + batch, TOGETHER, &mut differences).await;
    }
    differences.none();
}
