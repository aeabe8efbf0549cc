//! Random lives of agreements, recorded over HTTP and compared with the model.

mod lists;
mod model;
mod random;

use chrono::Days;
use serde_json::{Value, json};

use self::model::{Paper, STATUSES, Standing, birth};
use self::random::PARTNERS;
use super::dates::{Chance, Date, Day, day};
use super::order::{Life, Refused, insert, replace};
use super::{Differences, TODAY};
use crate::agreements::AGREEMENTS;
use crate::support::{Caller, TestApp};

/// An agreement, as the server has it and as the model does.
pub struct Trial {
    id: String,
    paper: Paper,
    partners: Vec<String>,
    /// An agreement that may take its place, and since when that stands.
    successor: Option<(String, Date)>,
    life: Life<Standing>,
    /// Where its history has come to.
    cursor: Day,
    /// What it was recorded with, and the events that were recorded since; none once one was corrected.
    recorded: Option<(Value, Vec<Value>)>,
    /// What was sent and answered, for whoever has to find out why they differ.
    trace: Vec<String>,
}

/// Runs as many lives as one page of a list holds, in a registry of their own.
pub async fn run(seed: u64, trials: usize, differences: &mut Differences) {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let mut chance = Chance(seed);
    let partners = partners(&admin, trials * PARTNERS).await;
    let mut lives = Vec::new();
    for partners in partners.chunks(PARTNERS) {
        let Some(mut trial) = born(&admin, &mut chance, partners, differences).await else {
            continue;
        };
        let mut agrees = true;
        for _ in 0..chance.below(14) {
            agrees = agrees && step(&admin, &mut chance, &mut trial, differences).await;
        }
        if agrees && now(&app, &trial, differences).await {
            lives.push(trial);
        }
    }
    lists::compare(&app, &mut chance, &lives, differences).await;
}

async fn partners(admin: &Caller<'_>, count: usize) -> Vec<String> {
    let bodies: Vec<Value> = (0..count)
        .map(|n| json!({"kind": "municipality", "name": format!("Town {n}"), "country": "PL"}))
        .collect();
    let created = admin
        .post("/api/v1/partners", bodies)
        .await
        .expect(201)
        .json();
    let rows = created["data"].as_array().or(created.as_array()).unwrap();
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

fn seats(partners: &[String]) -> Vec<Value> {
    partners
        .iter()
        .map(|id| json!({"partner_id": id}))
        .collect()
}

/// Records an agreement with some of its dates; none when both refuse it, or they differ.
async fn born(
    admin: &Caller<'_>,
    chance: &mut Chance,
    partners: &[String],
    differences: &mut Differences,
) -> Option<Trial> {
    let today = day(TODAY);
    let start = chance.later(day("1970-01-01"), 16_000, today);
    let mut dates = [None, None, None, None];
    let mut at = start;
    for (index, date) in dates.iter_mut().enumerate() {
        at = chance.later(at, 700, today);
        if chance.percent([25, 20, 65, 25][index]) {
            let ahead = index == 3 && chance.percent(8);
            let on = if ahead { today + Days::new(40) } else { at };
            *date = Some(chance.date(on));
        }
    }
    let until = chance.percent(35).then(|| {
        let end = chance.later(at, 9000, day("2060-01-01"));
        chance.date(end)
    });
    let by_signature = chance.percent(65);
    let ahead = dates[3].as_ref();
    let ahead = ahead.is_some_and(|date| date.certainly_after(today));
    let paper = Paper {
        on_signature: by_signature && !ahead,
        tacit: chance.percent(15),
        indefinite: until.is_none() && chance.percent(30),
        until,
        parties: 2 + chance.below(3),
        today,
    };
    let stated = chance.percent(35).then(|| *chance.pick(&STATUSES));
    let mut body = json!({
        "instrument": "partnership_agreement",
        "parties": seats(&partners[..paper.parties]),
        "entry_into_force": if by_signature { "on_signature" } else { "on_consent" },
        "renewal": if paper.tacit { "tacit" } else { "none" },
        "duration": if paper.until.is_some() { "fixed_term" } else if paper.indefinite { "indefinite" } else { "unknown" },
    });
    let named = ["proposed_on", "approved_on", "signed_on", "in_force_on"];
    let given = named
        .into_iter()
        .zip(&dates)
        .filter_map(|(name, date)| Some((name, date.as_ref()?)));
    let term = paper.until.as_ref().map(|until| ("valid_until", until));
    for (name, date) in given.chain(term) {
        body[name] = json!(date.text);
    }
    if let Some(stated) = stated {
        body["initial_status"] = json!(stated);
    }
    let mut trace = vec![body.to_string()];
    let mut again = body.clone();
    for name in named.into_iter().chain(["initial_status"]) {
        again.as_object_mut().unwrap().remove(name);
    }
    let reversed = paper.until.as_ref().is_some_and(|until| {
        dates
            .iter()
            .flatten()
            .any(|date| until.certainly_before(date))
    });
    let events = birth(&paper, dates, stated).filter(|_| !reversed);
    let expected = events.and_then(|events| Life::fold(&paper, events).ok());
    let answer = admin.post(AGREEMENTS, body).await;
    trace.push(format!("{} {}", answer.status(), answer.text()));
    let Some(mut life) = expected else {
        if answer.status() != 422 {
            differences.add("birth taken", &trace);
        }
        return None;
    };
    if answer.status() != 201 {
        differences.add("birth refused", &trace);
        return None;
    }
    let id = answer.id();
    let path = format!("{AGREEMENTS}/{id}/events");
    let stored = admin.get(&path).await.expect(200).json();
    let stored = stored["data"].as_array().unwrap();
    let told = |row: &Value| (row["to_status"].clone(), row["effective_on"].clone());
    let meant = life.events.iter().zip(&life.states);
    let meant = meant.map(|(event, state)| (json!(state.status), json!(event.on.text)));
    if stored.iter().map(told).ne(meant) {
        trace.push(format!("{stored:?}"));
        differences.add("first events", &trace);
        return None;
    }
    for (event, row) in life.events.iter_mut().zip(stored) {
        row["id"].as_str().unwrap().clone_into(&mut event.id);
    }
    let successor = if chance.percent(30) {
        Some(successor(admin, chance, &partners[..paper.parties]).await)
    } else {
        None
    };
    let first = &life.events[0];
    let register =
        json!({"action": "register", "to_status": first.said.to, "effective_on": first.on.text});
    let recorded = (life.events.len() == 1).then(|| (again, vec![register]));
    let (partners, cursor) = (partners.to_vec(), at);
    Some(Trial {
        id,
        paper,
        partners,
        successor,
        life,
        cursor,
        recorded,
        trace,
    })
}

/// An agreement between the same parties.
async fn successor(admin: &Caller<'_>, chance: &mut Chance, partners: &[String]) -> (String, Date) {
    let on = chance.later(day("1985-01-01"), 9000, day(TODAY));
    // When it was signed is not known: no order of signatures stands in the way.
    let body = json!({"instrument": "protocol", "in_force_on": on, "parties": seats(partners)});
    let id = admin.post(AGREEMENTS, body).await.expect(201).id();
    (id, Date::new(&on.to_string()))
}

/// Tries one more event; false when server and model differ.
async fn step(
    admin: &Caller<'_>,
    chance: &mut Chance,
    trial: &mut Trial,
    differences: &mut Differences,
) -> bool {
    let today = trial.paper.today;
    let mut tried = random::next(chance, trial, today);
    let path = format!("{AGREEMENTS}/{}/events", trial.id);
    let answer = admin.post(&path, tried.body.clone()).await;
    let status = answer.status();
    if status == 201 {
        tried.event.id = answer.id();
    }
    let about = if status == 201 {
        String::new()
    } else {
        answer.text().to_owned()
    };
    trial
        .trace
        .push(format!("{} -> {status} {about}", tried.body));
    let mut events = trial.life.events.clone();
    let reached = tried.event.on.last;
    match tried.corrects {
        Some(index) => replace(&mut events, index, tried.event),
        None => insert(&mut events, tried.event),
    }
    let mut expected = Life::fold(&trial.paper, events);
    if tried.ahead {
        let also = expected.err().unwrap_or_default();
        expected = Err(Refused {
            guard: true,
            ..also
        });
    }
    let action = tried.body["action"].as_str().unwrap();
    match expected {
        Ok(life) if status == 201 => {
            trial.life = life;
            match &mut trial.recorded {
                Some((_, events)) if tried.corrects.is_none() => events.push(tried.body.clone()),
                recorded => *recorded = None,
            }
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

/// Where a partner stands, in one text.
fn shown(seat: &Value) -> String {
    let text = |name: &str| seat[name].as_str().unwrap_or("-").to_owned();
    format!(
        "{} {} {}",
        text("participation"),
        text("acceded_on"),
        text("withdrew_on")
    )
}

fn text(date: Option<&Date>) -> &str {
    date.map_or("-", |date| &date.text)
}

/// Compares what the record says now.
async fn now(app: &TestApp, trial: &Trial, differences: &mut Differences) -> bool {
    let row = app
        .get(&format!("{AGREEMENTS}/{}", trial.id))
        .await
        .expect(200)
        .json();
    let standing = trial.life.now(trial.paper.today);
    let planned = trial
        .life
        .events
        .iter()
        .find(|event| event.action == "terminate" && !event.overruled && event.planned());
    let (given, end) = match &standing.notice {
        Some((given, end)) => (Some(given), Some(end)),
        None => (None, None),
    };
    let end = planned
        .map(|event| &event.on)
        .or(end)
        .filter(|_| standing.is_live());
    let given = given.filter(|_| standing.is_live());
    let pending = &row["pending_termination"];
    let facts = [
        ("status", row["status"].clone(), standing.status),
        (
            "status_since",
            row["status_since"].clone(),
            &standing.since.text,
        ),
        ("duration", row["duration"].clone(), standing.duration),
        (
            "valid_until",
            row["valid_until"].clone(),
            text(standing.until.as_ref()),
        ),
        ("planned end", pending["effective_on"].clone(), text(end)),
        ("notice", pending["notice_given_on"].clone(), text(given)),
    ];
    for (name, found, expected) in facts {
        if found.as_str().unwrap_or("-") != expected {
            return differences.add(&format!("{name}: {found}, not {expected}"), &trial.trace);
        }
    }
    for (number, id) in trial.partners.iter().enumerate() {
        let seats = row["parties"].as_array().unwrap();
        let found = seats
            .iter()
            .find(|seat| seat["partner"]["id"] == *id)
            .map(shown);
        let expected = standing.seat(number).map(|seat| {
            let dates = [&seat.acceded_on, &seat.withdrew_on].map(|date| text(date.as_ref()));
            format!("{} {} {}", seat.participation, dates[0], dates[1])
        });
        if found != expected {
            return differences.add(
                &format!("party {number}: {found:?}, not {expected:?}"),
                &trial.trace,
            );
        }
    }
    order(app, trial, differences).await && pasted(app, trial, &row, differences).await
}

/// Compares the record with one whose whole past is given when it is recorded.
async fn pasted(app: &TestApp, trial: &Trial, row: &Value, differences: &mut Differences) -> bool {
    let Some((body, events)) = trial.recorded.clone() else {
        return true;
    };
    let mut body = body;
    body["events"] = json!(events);
    body["sources"] = json!([{"kind": "press", "title": "Paper"}]);
    body["allow_duplicate"] = json!("the same once more");
    let answer = app
        .as_admin()
        .post(&format!("{AGREEMENTS}?dry_run=true"), body.clone())
        .await;
    if answer.status() != 200 {
        return differences.add(&format!("pasted: {body} {answer}"), &trial.trace);
    }
    let again = answer.json();
    let told = |row: &Value| {
        let seats: Vec<String> = row["parties"]
            .as_array()
            .unwrap()
            .iter()
            .map(shown)
            .collect();
        let facts = [
            "status",
            "status_since",
            "duration",
            "valid_until",
            "pending_termination",
        ];
        (seats, facts.map(|name| row[name].clone()))
    };
    told(&again) == told(row)
        || differences.add(
            &format!("pasted: {:?}, not {:?}", told(&again), told(row)),
            &trial.trace,
        )
}

/// Compares the order of the events that count.
async fn order(app: &TestApp, trial: &Trial, differences: &mut Differences) -> bool {
    let path = format!("{AGREEMENTS}/{}/events", trial.id);
    let page = app.get(&path).await.expect(200).json();
    let counts = |row: &&Value| row["corrected_by"].is_null();
    let rows = page["data"].as_array().unwrap().iter().filter(counts);
    let found: Vec<&str> = rows.map(|row| row["id"].as_str().unwrap()).collect();
    let expected: Vec<&str> = trial
        .life
        .events
        .iter()
        .map(|event| event.id.as_str())
        .collect();
    found == expected
        || differences.add(&format!("order {found:?}, not {expected:?}"), &trial.trace)
}
