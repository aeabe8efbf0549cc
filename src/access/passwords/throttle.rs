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
/// Mails with a link to one address in [`WINDOW`].
const RESETS: usize = 3;
/// Receipts of suggestions to one address in an hour.
const RECEIPTS: usize = 3;
/// Suggestions of one host in an hour before a puzzle is asked for.
const FREE_SUGGESTIONS: usize = 3;
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

/// How much may lie in a window of which length.
type Limit = (usize, TimeDelta);

const HOUR: TimeDelta = TimeDelta::hours(1);
const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// What a host does no more often than its limit.
struct Kind {
    what: &'static str,
    limit: Limit,
    times: fn(&mut Tried) -> &mut Times<IpAddr>,
}

const ATTEMPTS: Kind = Kind {
    what: "attempts",
    limit: (60, MINUTE),
    times: |tried| &mut tried.hosts,
};
const SUGGESTIONS: Kind = Kind {
    what: "suggestions",
    limit: (30, HOUR),
    times: |tried| &mut tried.suggestions,
};
const SUBSCRIPTIONS: Kind = Kind {
    what: "subscriptions",
    limit: (20, HOUR),
    times: |tried| &mut tried.subscriptions,
};

/// Notes one more and forgets what lies before the window; how many lay in it before, or how long to wait
/// when there are too many.
fn counted<K: Eq + std::hash::Hash>(
    times: &mut Times<K>,
    key: K,
    (most, window): Limit,
    now: DateTime<Utc>,
) -> Result<usize, i64> {
    if times.len() > FORGET_BEYOND {
        times.retain(|_, at| at.back().is_some_and(|last| now - *last < window));
    }
    let at = times.entry(key).or_default();
    while at.front().is_some_and(|first| now - *first >= window) {
        at.pop_front();
    }
    match at.front() {
        Some(first) if at.len() >= most => Err((*first + window - now).num_seconds().max(1)),
        _ => {
            at.push_back(now);
            Ok(at.len() - 1)
        }
    }
}

fn too_many(what: &str) -> impl FnOnce(i64) -> Problem {
    move |seconds| {
        Problem::new(Code::TooManyRequests)
            .detail(format!("{what}; try again in {seconds} seconds"))
            .header(header::RETRY_AFTER, &seconds.to_string())
    }
}

/// Addresses of mail are not kept as they are.
fn key(email: &str) -> String {
    digest::sha256(email.as_bytes())
}

impl Throttle {
    fn with<T>(&self, f: impl FnOnce(&mut Tried) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes one more of what a host does; how often it has before, or 429 when that is too much. Whose host
    /// is not known is let through.
    fn of_host(
        &self,
        app: &App,
        req: &HttpRequest,
        now: DateTime<Utc>,
        kind: &Kind,
    ) -> Result<usize, Problem> {
        let Some(host) = address_of(req, &app.config.trusted_proxies) else {
            return Ok(0);
        };
        self.with(|tried| counted((kind.times)(tried), host, kind.limit, now))
            .map_err(too_many(&format!("too many {} from this host", kind.what)))
    }

    /// 429 when this host has tried too often.
    pub fn host(&self, app: &App, req: &HttpRequest, now: DateTime<Utc>) -> Result<(), Problem> {
        self.of_host(app, req, now, &ATTEMPTS).map(drop)
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
        // It counts as one until it has succeeded: many at once must not pass together.
        self.with(|tried| counted(&mut tried.failures, key(email), (FAILURES, WINDOW), now))
            .map(drop)
            .map_err(too_many("too many failures for this address"))
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
        let sent = self.of_host(app, req, now, &SUGGESTIONS)?;
        Ok(sent >= FREE_SUGGESTIONS)
    }

    /// Notes that a subscription is asked for. 429 when the host has asked for too many.
    pub fn subscription(
        &self,
        app: &App,
        req: &HttpRequest,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        self.of_host(app, req, now, &SUBSCRIPTIONS).map(drop)
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
        self.with(|tried| counted(&mut tried.receipts, key, (RECEIPTS, HOUR), now))
            .is_ok()
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
        self.with(|tried| counted(&mut tried.resets, key(email), (RESETS, WINDOW), now))
            .map(drop)
            .map_err(too_many("too many links asked for"))
    }
}
