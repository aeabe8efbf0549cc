//! How guessing passwords is slowed: by address of mail and by host, in this process.
//!
//! The crate `governor`, which limits requests, does not fit: its keyed limiters refill evenly instead of
//! counting what lies in a window, and a success could not make one of their keys forget its failures.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use actix_web::HttpRequest;
use actix_web::http::header;
use chrono::{DateTime, TimeDelta, Utc};

use crate::app::App;
use crate::core::digest;
use crate::http::code::Code;
use crate::http::middleware::address_of;
use crate::http::problem::Problem;

/// Failures for one address before it has to wait.
const FAILURES: usize = 10;
/// For how long failures count.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// Attempts of one host in a minute.
const ATTEMPTS: usize = 60;
/// Mails with a link to one address in [`WINDOW`].
const RESETS: usize = 3;
/// Receipts of suggestions to one address in an hour.
const RECEIPTS: usize = 3;
/// Suggestions of one host in an hour before a puzzle is asked for, and before it has to wait.
const FREE_SUGGESTIONS: usize = 3;
const SUGGESTIONS: usize = 30;
/// Subscriptions that one host asks for in an hour.
const SUBSCRIPTIONS: usize = 20;
/// Entries kept before those that are over are forgotten.
const FORGET_BEYOND: usize = 10_000;

/// What was tried lately. Each instance counts for itself.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<Tried>);

#[derive(Debug, Default)]
struct Tried {
    failures: Times<String>,
    resets: Times<String>,
    receipts: Times<String>,
    hosts: Times<IpAddr>,
    suggestions: Times<IpAddr>,
    subscriptions: Times<IpAddr>,
}

type Times<K> = HashMap<K, VecDeque<DateTime<Utc>>>;

/// Forgets what lies before the window; how long to wait when there is too much in it.
fn wait<K: Eq + std::hash::Hash>(
    times: &mut Times<K>,
    key: &K,
    most: usize,
    window: TimeDelta,
    now: DateTime<Utc>,
) -> Option<i64> {
    if times.len() > FORGET_BEYOND {
        times.retain(|_, at| at.back().is_some_and(|last| now - *last < window));
    }
    let at = times.get_mut(key)?;
    while at.front().is_some_and(|first| now - *first >= window) {
        at.pop_front();
    }
    (at.len() >= most)
        .then(|| {
            at.front()
                .map(|first| (*first + window - now).num_seconds().max(1))
        })
        .flatten()
}

fn note<K: Eq + std::hash::Hash>(times: &mut Times<K>, key: K, now: DateTime<Utc>) {
    times.entry(key).or_default().push_back(now);
}

fn too_many(what: &str, seconds: i64) -> Problem {
    Problem::new(Code::TooManyRequests)
        .detail(format!("{what}; try again in {seconds} seconds"))
        .header(header::RETRY_AFTER, &seconds.to_string())
}

/// Addresses of mail are not kept as they are.
fn key(email: &str) -> String {
    digest::sha256(email.as_bytes())
}

impl Throttle {
    fn with<T>(&self, f: impl FnOnce(&mut Tried) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// 429 when this host has tried too often.
    pub fn host(&self, app: &App, req: &HttpRequest, now: DateTime<Utc>) -> Result<(), Problem> {
        let Some(host) = address_of(req, &app.config.trusted_proxies) else {
            return Ok(());
        };
        self.with(|tried| {
            if let Some(seconds) = wait(
                &mut tried.hosts,
                &host,
                ATTEMPTS,
                TimeDelta::minutes(1),
                now,
            ) {
                return Err(too_many("too many attempts from this host", seconds));
            }
            note(&mut tried.hosts, host, now);
            Ok(())
        })
    }

    /// 429 when this host, or anybody for this address, has tried too often.
    pub fn attempt(
        &self,
        app: &App,
        req: &HttpRequest,
        email: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        self.host(app, req, now)?;
        self.with(|tried| {
            let key = key(email);
            if let Some(seconds) = wait(&mut tried.failures, &key, FAILURES, WINDOW, now) {
                return Err(too_many("too many failures for this address", seconds));
            }
            // It counts as one until it has succeeded: many at once must not pass together.
            note(&mut tried.failures, key, now);
            Ok(())
        })
    }

    /// Forgets the failures of an address.
    pub fn succeeded(&self, email: &str) {
        self.with(|tried| tried.failures.remove(&key(email)));
    }

    /// Notes a suggestion; whether it needs a solved puzzle. 429 when the host has sent too many.
    pub fn suggestion(
        &self,
        app: &App,
        req: &HttpRequest,
        now: DateTime<Utc>,
    ) -> Result<bool, Problem> {
        let Some(host) = address_of(req, &app.config.trusted_proxies) else {
            return Ok(false);
        };
        let hour = TimeDelta::hours(1);
        self.with(|tried| {
            if let Some(seconds) = wait(&mut tried.suggestions, &host, SUGGESTIONS, hour, now) {
                return Err(too_many("too many suggestions from this host", seconds));
            }
            let sent = tried.suggestions.get(&host).map_or(0, VecDeque::len);
            note(&mut tried.suggestions, host, now);
            Ok(sent >= FREE_SUGGESTIONS)
        })
    }

    /// Notes that a subscription is asked for. 429 when the host has asked for too many.
    pub fn subscription(
        &self,
        app: &App,
        req: &HttpRequest,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        let Some(host) = address_of(req, &app.config.trusted_proxies) else {
            return Ok(());
        };
        let hour = TimeDelta::hours(1);
        self.with(|tried| {
            if let Some(seconds) = wait(&mut tried.subscriptions, &host, SUBSCRIPTIONS, hour, now) {
                return Err(too_many("too many subscriptions from this host", seconds));
            }
            note(&mut tried.subscriptions, host, now);
            Ok(())
        })
    }

    /// Whether another receipt may go to this address, which is noted: somebody else may have given it.
    pub fn receipt(&self, email: &str, now: DateTime<Utc>) -> bool {
        self.may_write(key(email), now)
    }

    /// Whether another link that lets a suggestion through may go to this address, which is noted. Receipts do
    /// not count: they tell of what was sent before.
    pub fn link(&self, email: &str, now: DateTime<Utc>) -> bool {
        self.may_write(key(&format!("link {email}")), now)
    }

    fn may_write(&self, key: String, now: DateTime<Utc>) -> bool {
        self.with(|tried| {
            let full = wait(
                &mut tried.receipts,
                &key,
                RECEIPTS,
                TimeDelta::hours(1),
                now,
            );
            if full.is_none() {
                note(&mut tried.receipts, key, now);
            }
            full.is_none()
        })
    }

    /// 429 when links were asked for too often, known address or not.
    pub fn reset(
        &self,
        app: &App,
        req: &HttpRequest,
        email: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        self.host(app, req, now)?;
        self.with(|tried| {
            let key = key(email);
            if let Some(seconds) = wait(&mut tried.resets, &key, RESETS, WINDOW, now) {
                return Err(too_many("too many links asked for", seconds));
            }
            note(&mut tried.resets, key, now);
            Ok(())
        })
    }
}
