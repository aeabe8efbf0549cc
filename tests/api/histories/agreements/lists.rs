//! What lists say of the lives of agreements: on days, of a status, of a partner.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Trial;
use super::model::STATUSES;
use crate::agreements::AGREEMENTS;
use crate::histories::dates::{Chance, Day};
use crate::histories::order::State as _;
use crate::histories::{Differences, probes};
use crate::support::TestApp;

async fn ids(app: &TestApp, query: &str) -> Vec<Value> {
    let path = format!("{AGREEMENTS}?limit=100&{query}");
    app.get(&path).await.expect(200).json()["data"]
        .as_array()
        .unwrap()
        .clone()
}

/// Compares lists: on days, of a status, of a partner.
pub async fn compare(
    app: &TestApp,
    chance: &mut Chance,
    lives: &[Trial],
    differences: &mut Differences,
) {
    let days = probes(chance, lives.iter().flat_map(|trial| &trial.life.events));
    for on in days {
        for certainty in ["possible", "certain"] {
            let rows = ids(app, &format!("as_of={on}&match={certainty}")).await;
            let status = *chance.pick(&STATUSES);
            let query = format!("as_of={on}&match={certainty}&status={status}");
            let filtered = ids(app, &query).await;
            for trial in lives {
                let is = |row: &&Value| row["id"] == *trial.id;
                let row = rows.iter().find(is);
                let found = row.map(|row| row["status"].as_str().unwrap());
                let then = trial.life.possibly(on);
                let expected = match certainty {
                    "possible" => then.map(|standing| standing.status),
                    _ => trial.life.certainly(on),
                };
                if found != expected {
                    let kind = format!("{certainty} on {on}: {found:?}, not {expected:?}");
                    differences.add(&kind, &trial.trace);
                    continue;
                }
                if filtered.iter().any(|row| is(&row)) != (expected == Some(status)) {
                    differences.add(&format!("{query}: {found:?}"), &trial.trace);
                }
                if let (Some(row), "possible") = (row, certainty) {
                    parties_on(trial, row, on, differences);
                }
            }
        }
        if !lives.is_empty() {
            of_partner(app, chance.pick(lives), on, differences).await;
        }
    }
    for status in STATUSES {
        let rows = ids(app, &format!("status={status}")).await;
        for trial in lives {
            let found = rows.iter().any(|row| row["id"] == *trial.id);
            if found != (trial.life.now(trial.paper.today).status == status) {
                differences.add(&format!("list of {status}"), &trial.trace);
            }
        }
    }
}

/// Compares where the parties stood on a day.
fn parties_on(trial: &Trial, row: &Value, on: Day, differences: &mut Differences) {
    let then = trial.life.possibly(on).unwrap();
    if row["status_since"] != *then.since().text {
        differences.add(
            &format!("since on {on}: {}", row["status_since"]),
            &trial.trace,
        );
    }
    for (number, id) in trial.partners.iter().enumerate() {
        let seats = row["parties"].as_array().unwrap();
        let found = seats.iter().find(|seat| seat["partner"]["id"] == *id);
        let found = found.map(|seat| seat["participation"].as_str().unwrap());
        let expected = seat_on(trial, number, on);
        if found != expected {
            let kind = format!("party {number} on {on}: {found:?}, not {expected:?}");
            differences.add(&kind, &trial.trace);
        }
    }
}

fn seat_on(trial: &Trial, number: usize, on: Day) -> Option<&'static str> {
    trial
        .life
        .part_on(on, |standing| Some(standing.seat(number)?.participation))
}

fn has_left(participation: &str) -> bool {
    ["withdrawn", "excluded", "succeeded"].contains(&participation)
}

/// Compares what is found by a partner on a day: its agreements and its ties.
async fn of_partner(app: &TestApp, trial: &Trial, on: Day, differences: &mut Differences) {
    let there = |number: usize| seat_on(trial, number, on).is_some_and(|seat| !has_left(seat));
    let then = trial.life.possibly(on);
    for (number, id) in trial.partners.iter().enumerate() {
        let rows = ids(app, &format!("as_of={on}&partner={id}")).await;
        let found = rows.iter().any(|row| row["id"] == *trial.id);
        if found != (then.is_some() && there(number)) {
            differences.add(&format!("partner={number} on {on}: {found}"), &trial.trace);
        }
    }
    if trial.successor.is_some() {
        return;
    }
    let path = format!(
        "/api/v1/partners/{}/partnerships?as_of={on}",
        trial.partners[0]
    );
    let page = app.get(&path).await.expect(200).json();
    let rows = page["data"].as_array().unwrap();
    let found: BTreeSet<String> = rows.iter().map(tie).collect();
    for (number, id) in trial.partners.iter().enumerate().skip(1) {
        let has = found.iter().find(|tie| tie.starts_with(id.as_str()));
        let both = [0, number].map(|number| seat_on(trial, number, on));
        let expected = match (then, both) {
            (Some(then), [Some(a), Some(b)]) if !has_left(a) && !has_left(b) => {
                Some(format!("{id} {}", then.status))
            }
            (Some(_), [Some(_), Some(_)]) => continue,
            // Who may have joined by then may be tied.
            (Some(_), _)
                if [0, number]
                    .iter()
                    .any(|seat| may_have_joined(trial, *seat, on)) =>
            {
                continue;
            }
            _ => None,
        };
        if has != expected.as_ref() {
            differences.add(
                &format!("tie 0-{number} on {on}: {has:?}, not {expected:?}"),
                &trial.trace,
            );
        }
    }
}

fn may_have_joined(trial: &Trial, number: usize, on: Day) -> bool {
    let last = trial.life.states.last().unwrap().seat(number);
    let joined = last.and_then(|seat| seat.acceded_on.as_ref());
    joined.is_some_and(|date| date.first.is_none_or(|first| first <= on))
}

fn tie(row: &Value) -> String {
    let partner = row["counterpart"]["id"].as_str().unwrap();
    format!("{partner} {}", row["status"].as_str().unwrap())
}
