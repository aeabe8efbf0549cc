//! How guessing passwords is slowed: by address of mail and by host, in this process.
//!
//! The crate `governor`, which limits requests, does not fit: its keyed limiters refill evenly instead of
//! counting what lies in a window, and a success could not make one of their keys forget its failures.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use actix_web::HttpRequest;
use actix_web::http::header;
use chrono::{DateTime, TimeDelta, Utc};

use crate::app::App;
use crate::core::digest;
use crate::http::code::Code;
use crate::http::middleware::address_of;
use crate::http::problem::Problem;

/// Suggestions of one host in an hour before a puzzle is asked for.
const FREE_SUGGESTIONS: usize = 3;
/// Entries kept before those that are over are forgotten.
const FORGET_BEYOND: usize = 10_000;

/// What nobody does more often than its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Act {
    /// A host tries a password or a token.
    Attempt,
    /// A password of this address was wrong.
    Failure,
    /// A link that sets a password is asked for.
    Reset,
    /// A mail goes out that tells of a suggestion.
    Receipt,
    /// A mail goes out with a link that lets a suggestion through.
    Link,
    /// A host sends a suggestion.
    Suggestion,
    /// A host asks for a subscription.
    Subscription,
}

impl Act {
    /// How many may lie in a window of which length, and what is said of one more.
    fn limit(self) -> (usize, TimeDelta, &'static str) {
        let (minutes, hour) = (TimeDelta::minutes, TimeDelta::hours(1));
        match self {
            Self::Attempt => (60, minutes(1), "too many attempts from this host"),
            Self::Failure => (10, minutes(15), "too many failures for this address"),
            Self::Reset => (3, minutes(15), "too many links asked for"),
            Self::Receipt | Self::Link => (3, hour, "too many mails to this address"),
            Self::Suggestion => (30, hour, "too many suggestions from this host"),
            Self::Subscription => (20, hour, "too many subscriptions from this host"),
        }
    }
}

/// When somebody did something lately, by what was done and who did it.
type Done = HashMap<(Act, String), VecDeque<DateTime<Utc>>>;

/// What has been done lately. Each instance counts for itself.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<Done>);

impl Throttle {
    /// Notes one more and forgets what lies before the window; how many lay in it before, or 429 when those
    /// are too many.
    fn count(&self, act: Act, whose: String, now: DateTime<Utc>) -> Result<usize, Problem> {
        let (most, window, refusal) = act.limit();
        let mut tried = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tried.len() > FORGET_BEYOND {
            tried.retain(|(act, _), times| {
                let (_, window, _) = act.limit();
                times.back().is_some_and(|last| now - *last < window)
            });
        }
        let times = tried.entry((act, whose)).or_default();
        while times.front().is_some_and(|first| now - *first >= window) {
            times.pop_front();
        }
        match times.front() {
            Some(first) if times.len() >= most => {
                let seconds = (*first + window - now).num_seconds().max(1);
                Err(Problem::new(Code::TooManyRequests)
                    .detail(format!("{refusal}; try again in {seconds} seconds"))
                    .header(header::RETRY_AFTER, &seconds.to_string()))
            }
            _ => {
                times.push_back(now);
                Ok(times.len() - 1)
            }
        }
    }

    /// [`Self::count`] for the host of a request. One that is not known is let through.
    fn of_host(&self, act: Act, app: &App, req: &HttpRequest) -> Result<usize, Problem> {
        let host = address_of(req, &app.config.trusted_proxies);
        host.map_or(Ok(0), |host| self.count(act, host.to_string(), app.now()))
    }

    /// [`Self::count`] for an address of mail, which is not kept as it is.
    fn of_email(&self, act: Act, email: &str, now: DateTime<Utc>) -> Result<usize, Problem> {
        self.count(act, digest::sha256(email.as_bytes()), now)
    }

    /// 429 when this host has tried too often.
    pub fn host(&self, app: &App, req: &HttpRequest) -> Result<(), Problem> {
        self.of_host(Act::Attempt, app, req).map(drop)
    }

    /// 429 when this host, or anybody for this address, has tried too often.
    pub fn attempt(&self, app: &App, req: &HttpRequest, email: &str) -> Result<(), Problem> {
        self.host(app, req)?;
        // It counts as one until it has succeeded: many at once must not pass together.
        self.of_email(Act::Failure, email, app.now()).map(drop)
    }

    /// Forgets the failures of an address.
    pub fn succeeded(&self, email: &str) {
        let failures = (Act::Failure, digest::sha256(email.as_bytes()));
        let mut tried = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tried.remove(&failures);
    }

    /// Notes a suggestion; whether it needs a solved puzzle. 429 when the host has sent too many.
    pub fn suggestion(&self, app: &App, req: &HttpRequest) -> Result<bool, Problem> {
        Ok(self.of_host(Act::Suggestion, app, req)? >= FREE_SUGGESTIONS)
    }

    /// Notes that a subscription is asked for. 429 when the host has asked for too many.
    pub fn subscription(&self, app: &App, req: &HttpRequest) -> Result<(), Problem> {
        self.of_host(Act::Subscription, app, req).map(drop)
    }

    /// Whether another receipt may go to this address, which is noted: somebody else may have given it.
    pub fn receipt(&self, email: &str, now: DateTime<Utc>) -> bool {
        self.of_email(Act::Receipt, email, now).is_ok()
    }

    /// Whether another link that lets a suggestion through may go to this address, which is noted. Receipts do
    /// not count: they tell of what was sent before.
    pub fn link(&self, email: &str, now: DateTime<Utc>) -> bool {
        self.of_email(Act::Link, email, now).is_ok()
    }

    /// 429 when links were asked for too often, known address or not.
    pub fn reset(&self, app: &App, req: &HttpRequest, email: &str) -> Result<(), Problem> {
        self.host(app, req)?;
        self.of_email(Act::Reset, email, app.now()).map(drop)
    }
}
