//! Random lives of memberships, recorded over HTTP and compared with the model.

mod model;

use chrono::Days;
use serde_json::{Value, json};

use self::model::{Entry, Place, STATUSES};
use super::dates::{Chance, Date, Day, day};
use super::order::{Event, Life, Refused, Said, State as _, insert, replace};
use super::{Differences, TODAY, probes};
use crate::agreements::city;
use crate::memberships::MEMBERSHIPS;
use crate::networks::network;
use crate::support::{Caller, TestApp};

/// A membership, as the server has it and as the model does.
struct Trial {
    id: String,
    entry: Entry,
    life: Life<Place>,
    cursor: Day,
    trace: Vec<String>,
}

const CLASSES: [&str; 3] = ["full", "associated", "observer"];

const ANY: [&str; 12] = [
    "apply",
    "resolve",
    "admit",
    "refuse",
    "suspend",
    "resume",
    "change_class",
    "withdraw",
    "exclude",
    "lapse",
    "end",
    "note",
];

fn usual(status: &str) -> &'static [&'static str] {
    match status {
        "applied" => &["resolve", "resolve", "admit", "admit", "refuse", "note"],
        "consent_pending" => &["admit", "admit", "admit", "refuse", "note"],
        "member" => &[
            "suspend",
            "suspend",
            "suspend",
            "change_class",
            "change_class",
            "withdraw",
            "note",
        ],
        "observer" => &[
            "admit",
            "suspend",
            "suspend",
            "change_class",
            "lapse",
            "note",
        ],
        "suspended" => &[
            "resume",
            "resume",
            "resume",
            "resume",
            "change_class",
            "exclude",
            "end",
            "note",
        ],
        _ => &["note", "suspend"],
    }
}

/// Runs as many lives as one page of a list holds, in a registry of their own.
pub async fn run(seed: u64, trials: usize, differences: &mut Differences) {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let mut chance = Chance(seed ^ 0x5EED);
    let network = network(&app, "Niemen", json!({})).await;
    let mut lives = Vec::new();
    for number in 0..trials {
        let partner = city(&app, &format!("Town {number}"), "PL").await;
        let body = json!({"partner_id": partner, "network_id": network});
        let Some(mut trial) = born(&admin, &mut chance, body, differences).await else {
            continue;
        };
        let mut agrees = true;
        for _ in 0..chance.below(12) {
            agrees = agrees && step(&admin, &mut chance, &mut trial, differences).await;
        }
        if agrees && now(&app, &trial, differences).await {
            lives.push(trial);
        }
    }
    lists(&app, &mut chance, &network, &lives, differences).await;
}

/// Records a membership; none when both refuse it, or they differ.
async fn born(
    admin: &Caller<'_>,
    chance: &mut Chance,
    mut body: Value,
    differences: &mut Differences,
) -> Option<Trial> {
    let today = day(TODAY);
    let start = chance.later(day("1975-01-01"), 15_000, today);
    let admitted = chance.later(start, 900, today);
    let mut class = chance.percent(30).then(|| *chance.pick(&CLASSES[..2]));
    let mut steps: Vec<(&'static str, Date)> = Vec::new();
    if chance.percent(45) {
        steps.push(("applied", chance.date(start)));
    }
    if chance.percent(45) {
        steps.push(("member", chance.date(admitted)));
    }
    for (status, on) in &steps {
        let name = if *status == "applied" {
            "applied_on"
        } else {
            "admitted_on"
        };
        body[name] = json!(on.text);
    }
    let reversed =
        matches!(&steps[..], [(_, applied), (_, admitted)] if admitted.certainly_before(applied));
    if steps.is_empty() {
        let status = *chance.pick(&STATUSES);
        if status == "observer" {
            class = Some("observer");
        }
        body["initial_status"] = json!(status);
        steps.push((status, Date::new(&format!("[..{today}]"))));
    }
    if let Some(class) = class {
        body["class"] = json!(class);
    }
    let mut trace = vec![body.to_string()];
    let answer = admin.post(MEMBERSHIPS, body).await;
    trace.push(format!("{} {}", answer.status(), answer.text()));
    if reversed || answer.status() != 201 {
        if !reversed || answer.status() != 422 {
            differences.add(
                if reversed {
                    "birth taken"
                } else {
                    "birth refused"
                },
                &trace,
            );
        }
        return None;
    }
    let id = answer.id();
    let stored = admin
        .get(&format!("{MEMBERSHIPS}/{id}/events"))
        .await
        .expect(200)
        .json();
    let stored = stored["data"].as_array().unwrap();
    let told = |row: &Value| (row["to_status"].clone(), row["effective_on"].clone());
    if stored
        .iter()
        .map(told)
        .ne(steps.iter().map(|(to, on)| (json!(to), json!(on.text))))
    {
        trace.push(format!("{stored:?}"));
        differences.add("first events", &trace);
        return None;
    }
    let events = steps
        .into_iter()
        .zip(stored)
        .enumerate()
        .map(|(index, ((to, on), row))| Event {
            id: row["id"].as_str().unwrap().to_owned(),
            action: if index == 0 { "register" } else { "admit" },
            on,
            recorded: today,
            begins: true,
            overruled: false,
            said: Said {
                to: (index == 0).then_some(to),
                ..Said::default()
            },
        });
    let entry = Entry { class };
    let life = Life::fold(&entry, events.collect()).unwrap();
    Some(Trial {
        id,
        entry,
        life,
        cursor: admitted,
        trace,
    })
}

fn next(chance: &mut Chance, trial: &Trial) -> (Value, Event, Option<usize>) {
    let today = day(TODAY);
    let status = trial.life.now(today).status;
    let action = if chance.percent(80) {
        *chance.pick(usual(status))
    } else {
        *chance.pick(&ANY)
    };
    let on = match chance.below(100) {
        0..2 => today + Days::new(30),
        2..70 => chance.later(trial.cursor, 1500, today),
        _ => chance.later(day("1970-01-01"), 20_700, today),
    };
    let mut on = chance.date(on);
    if chance.percent(14) {
        let index = chance.below(trial.life.events.len());
        let old = &trial.life.events[index];
        if chance.percent(50) {
            on = old.on.clone();
        }
        let mut body = json!({"action": "correct", "effective_on": on.text, "corrects_event_id": old.id,
                              "reason_text": "it was otherwise"});
        let mut event = Event {
            on,
            recorded: today,
            ..old.clone()
        };
        if chance.percent(50) {
            let to = *chance.pick(&STATUSES);
            body["to_status"] = json!(to);
            event.said = Said {
                to: Some(to),
                ..Said::default()
            };
            event.overruled = true;
        }
        return (body, event, Some(index));
    }
    let mut body = json!({"action": action, "effective_on": on.text});
    let mut said = Said::default();
    match action {
        "suspend" | "withdraw" | "exclude" | "refuse" => body["reason_code"] = json!("budget"),
        "note" => {
            body["note"] = json!("a letter");
            body["source"] = json!({"kind": "press", "title": "Paper"});
        }
        _ => {}
    }
    if action == "change_class" || (action == "admit" && chance.percent(40)) {
        let class = *chance.pick(&CLASSES);
        body["class"] = json!(class);
        said.class = Some(class);
    }
    let begins = ["apply", "resolve", "admit"].contains(&action);
    let event = Event {
        id: String::new(),
        action,
        on,
        recorded: today,
        said,
        begins,
        overruled: false,
    };
    (body, event, None)
}

/// Tries one more event; false when server and model differ.
async fn step(
    admin: &Caller<'_>,
    chance: &mut Chance,
    trial: &mut Trial,
    differences: &mut Differences,
) -> bool {
    let today = day(TODAY);
    let (body, mut event, corrects) = next(chance, trial);
    let answer = admin
        .post(&format!("{MEMBERSHIPS}/{}/events", trial.id), body.clone())
        .await;
    let status = answer.status();
    if status == 201 {
        event.id = answer.id();
    }
    let about = if status == 201 {
        String::new()
    } else {
        answer.text().to_owned()
    };
    trial.trace.push(format!("{body} -> {status} {about}"));
    let (ahead, reached) = (event.planned(), event.on.last);
    let mut events = trial.life.events.clone();
    match corrects {
        Some(index) => replace(&mut events, index, event),
        None => insert(&mut events, event),
    }
    let mut expected = Life::fold(&trial.entry, events);
    if ahead {
        let also = expected.err().unwrap_or_default();
        expected = Err(Refused {
            guard: true,
            ..also
        });
    }
    let action = body["action"].as_str().unwrap();
    match expected {
        Ok(life) if status == 201 => {
            trial.life = life;
            trial.cursor = trial.cursor.max(reached.unwrap_or(trial.cursor)).min(today);
            true
        }
        Err(refused) if refused.answers(status) => true,
        Ok(_) => differences.add(&format!("{action} refused with {status}"), &trial.trace),
        Err(refused) => differences.add(
            &format!("{action} answered {status}, not {refused:?}"),
            &trial.trace,
        ),
    }
}

/// Compares what the record says now.
async fn now(app: &TestApp, trial: &Trial, differences: &mut Differences) -> bool {
    let row = app
        .get(&format!("{MEMBERSHIPS}/{}", trial.id))
        .await
        .expect(200)
        .json();
    let place = trial.life.now(day(TODAY));
    for (name, expected) in [
        ("status", place.status),
        ("status_since", place.since.text.as_str()),
        ("class", place.class.unwrap_or("-")),
        (
            "ended_on",
            place.ended.as_ref().map_or("-", |ended| &ended.text),
        ),
    ] {
        let found = row[name].as_str().unwrap_or("-");
        if found != expected {
            return differences.add(&format!("{name}: {found}, not {expected}"), &trial.trace);
        }
    }
    let page = app
        .get(&format!("{MEMBERSHIPS}/{}/events", trial.id))
        .await
        .expect(200)
        .json();
    let rows = page["data"].as_array().unwrap().iter();
    let found: Vec<&Value> = rows
        .filter(|row| row["corrected_by"].is_null())
        .map(|row| &row["id"])
        .collect();
    let same = found.len() == trial.life.events.len()
        && found
            .iter()
            .zip(&trial.life.events)
            .all(|(id, event)| **id == *event.id);
    same || differences.add("order", &trial.trace)
}

async fn ids(app: &TestApp, path: &str) -> Vec<Value> {
    app.get(path).await.expect(200).json()["data"]
        .as_array()
        .unwrap()
        .clone()
}

/// Compares lists: on days, of a status, and the network's own.
async fn lists(
    app: &TestApp,
    chance: &mut Chance,
    network: &str,
    lives: &[Trial],
    differences: &mut Differences,
) {
    let days = probes(chance, lives.iter().flat_map(|trial| &trial.life.events));
    for on in days {
        for certainty in ["possible", "certain"] {
            let query = format!("limit=100&as_of={on}&match={certainty}");
            let status = *chance.pick(&STATUSES);
            let rows = ids(app, &format!("{MEMBERSHIPS}?{query}")).await;
            let members = ids(app, &format!("/api/v1/networks/{network}/members?{query}")).await;
            let filtered = ids(app, &format!("{MEMBERSHIPS}?{query}&status={status}")).await;
            for trial in lives {
                let is = |row: &&Value| row["id"] == *trial.id;
                let said = |row: &Value| row["status"].as_str().unwrap().to_owned();
                let found = rows.iter().find(is).map(said);
                let then = trial.life.possibly(on);
                let expected = match certainty {
                    "possible" => then.map(|place| place.status),
                    _ => trial.life.certainly(on),
                };
                if found.as_deref() != expected {
                    let kind = format!("{certainty} on {on}: {found:?}, not {expected:?}");
                    differences.add(&kind, &trial.trace);
                    continue;
                }
                let since = rows.iter().find(is).map(|row| row["status_since"].clone());
                let expected_since = then.map(|place| json!(place.since().text));
                if certainty == "possible" && since != expected_since {
                    differences.add(&format!("since on {on}: {since:?}"), &trial.trace);
                }
                if filtered.iter().any(|row| is(&row)) != (expected == Some(status)) {
                    differences.add(&format!("{query} {status}"), &trial.trace);
                }
                let member = members.iter().find(is).map(said);
                if expected.is_some_and(|status| ["member", "observer"].contains(&status))
                    && member.as_deref() != expected
                {
                    differences.add(&format!("members on {on}: {member:?}"), &trial.trace);
                }
            }
        }
    }
    for status in STATUSES {
        let rows = ids(app, &format!("{MEMBERSHIPS}?limit=100&status={status}")).await;
        for trial in lives {
            let found = rows.iter().any(|row| row["id"] == *trial.id);
            if found != (trial.life.now(day(TODAY)).status == status) {
                differences.add(&format!("list of {status}"), &trial.trace);
            }
        }
    }
}
