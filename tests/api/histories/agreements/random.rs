//! What is tried next: the body that is sent, and the event it is to the model.

use chrono::Days;
use serde_json::{Value, json};

use super::Trial;
use super::model::STATUSES;
use crate::histories::dates::{Chance, Date, Day, day};
use crate::histories::order::{Event, Said};

/// The partners of each trial.
pub const PARTNERS: usize = 5;

const ANY: [&str; 18] = [
    "approve",
    "sign",
    "enter_into_force",
    "renew",
    "amend",
    "accede",
    "withdraw_party",
    "exclude_party",
    "succeed_party",
    "suspend",
    "resume",
    "give_notice",
    "withdraw_notice",
    "terminate",
    "expire",
    "supersede",
    "abandon",
    "note",
];

/// What often happens in a status; some of it comes twice, so that it comes more often.
fn usual(status: &str) -> &'static [&'static str] {
    match status {
        "proposed" => &["approve", "sign", "sign", "abandon", "note"],
        "approved" => &["sign", "sign", "abandon", "note"],
        "signed" => &["enter_into_force", "enter_into_force", "abandon", "note"],
        "in_force" => &[
            "renew",
            "amend",
            "accede",
            "accede",
            "withdraw_party",
            "exclude_party",
            "succeed_party",
            "suspend",
            "suspend",
            "suspend",
            "give_notice",
            "withdraw_notice",
            "terminate",
            "expire",
            "supersede",
            "note",
        ],
        "suspended" => &[
            "resume",
            "resume",
            "resume",
            "resume",
            "renew",
            "accede",
            "withdraw_party",
            "terminate",
            "expire",
            "withdraw_notice",
            "note",
        ],
        "expired" => &["renew", "renew", "supersede", "note"],
        _ => &["note", "suspend", "amend"],
    }
}

/// A step that is tried.
pub struct Try {
    pub body: Value,
    pub event: Event,
    /// The place of the event that it corrects.
    pub corrects: Option<usize>,
    /// Whether its date lies where none may.
    pub ahead: bool,
}

/// A day of the past, mostly soon after what happened before.
fn some_day(chance: &mut Chance, cursor: Day, today: Day) -> Day {
    if chance.percent(68) {
        chance.later(cursor, 1500, today)
    } else {
        chance.later(day("1965-01-01"), 22_600, today)
    }
}

fn source() -> Value {
    json!({"kind": "press", "title": "Paper"})
}

/// The next step of a trial.
pub fn next(chance: &mut Chance, trial: &Trial, today: Day) -> Try {
    let status = trial.life.now(today).status;
    let action = if chance.percent(80) {
        *chance.pick(usual(status))
    } else {
        *chance.pick(&ANY)
    };
    // How a tacit term ends is asked of what was renewed since no more: the model knows of no later step.
    let renewed = |trial: &Trial| {
        trial
            .life
            .events
            .iter()
            .any(|event| event.action == "renew")
    };
    let unasked = action == "expire" && trial.paper.tacit && renewed(trial);
    let action = if unasked || (action == "supersede" && trial.successor.is_none()) {
        "note"
    } else {
        action
    };
    let ahead = if action == "terminate" { 20 } else { 2 };
    let on = if chance.percent(ahead) {
        chance.later(today + Days::new(1), 800, day("2029-01-01"))
    } else {
        some_day(chance, trial.cursor, today)
    };
    let date = chance.date(on);
    if chance.percent(12) {
        return correct(chance, trial, date, today);
    }
    let mut body = json!({"action": action, "effective_on": date.text});
    let mut said = Said::default();
    match action {
        "approve" => body["legal_act"] = json!({"kind": "council_resolution"}),
        "renew" if chance.percent(25) => {
            body["duration"] = json!("indefinite");
            said.until = Some(None);
        }
        "renew" => {
            let until = chance.later(on, 4000, day("2060-01-01"));
            let until = chance.date(until);
            body["valid_until"] = json!(until.text);
            said.until = Some(Some(until));
        }
        "amend" | "note" => body["note"] = json!("a letter"),
        "accede" | "withdraw_party" | "exclude_party" | "succeed_party" => {
            let party = chance.below(PARTNERS);
            body["party"] = json!(trial.partners[party]);
            said.party = Some(party);
            if action == "succeed_party" {
                let successor = (party + 1 + chance.below(PARTNERS - 1)) % PARTNERS;
                body["successor_id"] = json!(trial.partners[successor]);
                said.successor = Some(successor);
            }
        }
        "suspend" => {
            body["reason_code"] = json!("budget");
            body["deciding_body"] = json!("council");
        }
        "give_notice" => {
            let end = chance.later(on, 1000, day("2030-01-01"));
            let end = chance.date(end);
            body["notice_given_on"] = json!(date.text);
            body["effective_on"] = json!(end.text);
            said.end = Some(end);
        }
        "terminate" => {
            body["mode"] = json!("other");
            body["reason_code"] = json!("other");
        }
        "expire" => said.sourced = chance.percent(75),
        "supersede" => {
            let (id, stands) = trial.successor.as_ref().unwrap();
            body["superseded_by"] = json!(id);
            said.stands = Some(stands.clone());
        }
        "abandon" => body["reason_code"] = json!("other"),
        _ => {}
    }
    if action == "note" || said.sourced {
        body["source"] = source();
    }
    let ahead = date.certainly_after(today) && action != "terminate";
    let begins = ["approve", "sign", "enter_into_force"].contains(&action);
    let event = Event {
        id: String::new(),
        action,
        on: date,
        recorded: today,
        said,
        begins,
        overruled: false,
    };
    Try {
        body,
        event,
        corrects: None,
        ahead,
    }
}

/// A correction of what stands in the trial's history.
fn correct(chance: &mut Chance, trial: &Trial, date: Date, today: Day) -> Try {
    let index = chance.below(trial.life.events.len());
    let old = &trial.life.events[index];
    let date = if chance.percent(50) {
        old.on.clone()
    } else {
        date
    };
    let mut event = Event {
        on: date.clone(),
        recorded: today,
        ..old.clone()
    };
    let mut body = json!({"action": "correct", "effective_on": date.text, "corrects_event_id": old.id,
                          "reason_text": "it was otherwise"});
    let states = chance.percent(50);
    let notice = old.action == "give_notice" && !old.overruled;
    if notice && !states {
        // The end it announces; when it was given is said again only where that was wrong.
        let from = date.first.unwrap_or(day("1990-01-01"));
        let end = chance.later(from, 1000, day("2030-01-01"));
        let end = chance.date(end);
        body["effective_on"] = json!(end.text);
        if date != old.on {
            body["notice_given_on"] = json!(date.text);
        }
        event.said.end = Some(end);
    }
    if states {
        let stays = index
            .checked_sub(1)
            .map(|before| trial.life.states[before].status);
        let to = match stays {
            Some(stays) if stays != "superseded" && chance.percent(50) => stays,
            _ => chance.pick(&STATUSES.map(|status| {
                if status == "superseded" {
                    "in_force"
                } else {
                    status
                }
            })),
        };
        body["to_status"] = json!(to);
        event.said = Said {
            to: Some(to),
            ..Said::default()
        };
        event.overruled = true;
    }
    let ahead = date.certainly_after(today) && (states || old.action != "terminate");
    Try {
        body,
        event,
        corrects: Some(index),
        ahead,
    }
}
