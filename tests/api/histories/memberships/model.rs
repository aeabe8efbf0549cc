//! The lifecycle of a membership, written from its description alone.

use crate::histories::dates::Date;
use crate::histories::order::{Event, Machine, State};

pub const STATUSES: [&str; 9] = [
    "applied",
    "consent_pending",
    "member",
    "observer",
    "suspended",
    "withdrawn",
    "excluded",
    "lapsed",
    "ended",
];

pub const LIVE: [&str; 5] = [
    "applied",
    "consent_pending",
    "member",
    "observer",
    "suspended",
];

/// What a membership is recorded with.
#[derive(Debug, Clone)]
pub struct Entry {
    pub class: Option<&'static str>,
}

#[derive(Debug, Clone)]
pub struct Place {
    pub status: &'static str,
    pub since: Date,
    pub class: Option<&'static str>,
    /// Whether it is an observer's, suspended or not.
    pub observes: bool,
    /// When it ended, if that is known.
    pub ended: Option<Date>,
}

impl State for Place {
    fn status(&self) -> &'static str {
        self.status
    }

    fn since(&self) -> &Date {
        &self.since
    }
}

fn rank(observes: bool) -> &'static str {
    if observes { "observer" } else { "member" }
}

impl Machine for Entry {
    type State = Place;

    fn step(&self, before: Option<&Place>, event: &Event) -> Option<(Place, bool)> {
        let Some(before) = before else {
            let status = match (event.action, event.said.to) {
                ("register", Some(to)) => to,
                ("apply", None) => "applied",
                _ => return None,
            };
            let class = event.said.class.or(self.class);
            let suspended = status == "suspended" && class == Some("observer");
            let observes = status == "observer" || suspended;
            let mut place = Place {
                status,
                since: event.on.clone(),
                class,
                observes,
                ended: None,
            };
            place.end(true, event);
            return Some((place, true));
        };
        let mut after = before.clone();
        // Who observed and is admitted without a word on the class is a member.
        let observed = before.observes && before.class == Some("observer");
        let kept = before
            .class
            .filter(|_| !(event.action == "admit" && observed));
        let class = event.said.class.or(kept);
        let observes = class == Some("observer");
        after.status = match event.said.to {
            Some(_) if event.action == "register" => return None,
            Some(stated) => stated,
            None => match (event.action, before.status) {
                ("resolve", "applied") => "consent_pending",
                ("admit", "applied" | "consent_pending" | "observer") => rank(observes),
                ("refuse", "applied" | "consent_pending") => "ended",
                ("suspend", "member" | "observer") => "suspended",
                ("resume", "suspended") => rank(before.observes),
                ("change_class", "member" | "observer") => rank(observes),
                ("change_class", "suspended") => "suspended",
                ("withdraw", live) if LIVE.contains(&live) => "withdrawn",
                ("exclude", live) if LIVE.contains(&live) => "excluded",
                ("lapse", live) if LIVE.contains(&live) => "lapsed",
                ("end", live) if LIVE.contains(&live) => "ended",
                ("note", status) => status,
                _ => return None,
            },
        };
        if !event.overruled {
            after.class = class;
        }
        match after.status {
            "member" | "observer" => after.observes = after.status == "observer",
            _ if event.action == "change_class" && !event.overruled => after.observes = observes,
            _ => {}
        }
        if after.status != before.status {
            after.since = event.on.clone();
        }
        after.end(LIVE.contains(&before.status), event);
        Some((after, true))
    }
}

impl Place {
    /// It has ended when it lived before; by the day it was recorded is no day.
    fn end(&mut self, lived: bool, event: &Event) {
        if LIVE.contains(&self.status) {
            self.ended = None;
        } else if lived {
            let known = event.on.text != format!("[..{}]", event.recorded);
            self.ended = Some(event.on.clone()).filter(|_| known);
        }
    }
}
