//! Double opt-in: what was asked for is sent a link, and counts once its button is pressed.

use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::news::GATHERS;
use super::rules::{Asked, MAX_TOPICS};
use super::store::{self, Holder};
use super::topic::Frequency;
use super::words;
use crate::access::token;
use crate::db::DbConn;
use crate::http::problem::Problem;
use crate::jobs::mail::{self, Mail, Template};
use crate::jobs::{self, Handlers};

/// The kind of job that sends the link.
pub(super) const ASKED: &str = "subscription";

/// The kind of job that erases what nobody has confirmed.
const ERASE: &str = "unconfirmed_subscription";

/// Links that may wait for one address at a time: whoever does not answer is not written to again and again.
const MOST_WAITING: i64 = 5;

/// When digests are sent, on Mondays.
const HOUR: u32 = 6;

/// What is to be erased.
#[derive(Serialize, Deserialize)]
struct Unconfirmed {
    hash: String,
}

/// With the jobs of this room.
pub fn handle(handlers: Handlers) -> Handlers {
    handlers.write(ASKED, "address", send_link).write(
        ERASE,
        "token",
        |conn, unconfirmed: &Unconfirmed, _| Ok(store::drop_request(conn, &unconfirmed.hash)?),
    )
}

/// Sends the link by which an address confirms, whether it is known or not.
fn send_link(conn: &mut DbConn, asked: &Asked, now: DateTime<Utc>) -> Result<(), Problem> {
    if store::waiting(conn, &asked.email, now)? >= MOST_WAITING {
        return Ok(());
    }
    let token = token::new("tcu_");
    let hash = token::hash(&token);
    store::keep_request(conn, asked, &hash, now)?;
    let expires = now + store::WAITS;
    jobs::push_at(conn, ERASE, &Unconfirmed { hash }, now, expires)?;
    let topics = words::all(conn, &asked.topics, &asked.lang)?;
    let letter = Mail::new(Template::SubscriptionConfirm, &asked.email, &asked.lang)
        .with("token", token)
        .with("topics", topics.join("\n"))
        .expiring(expires);
    Ok(mail::push(conn, &letter, now)?)
}

/// What a token that is not known is answered with.
pub(super) fn unknown_token() -> Problem {
    Problem::invalid(
        "/token",
        "invalid_token",
        "the link is not complete, has expired, or was sent to somebody who has left since",
    )
}

/// Confirms what waits for this token; 422 when nothing does. The same token again changes nothing.
pub fn confirm(conn: &mut DbConn, token: &str, now: DateTime<Utc>) -> Result<(), Problem> {
    let hash = token::hash(token);
    let asked = match store::holder(conn, &hash, now)? {
        Holder::Asks(asked) => asked,
        Holder::Subscribes(_) => return Ok(()),
        Holder::Left | Holder::Nobody => return Err(unknown_token()),
    };
    let subscriber = store::subscriber(conn, &asked.email, &asked.lang, now)?;
    let mut followed = store::followed(conn, subscriber)?;
    followed.extend(asked.topics.iter().cloned());
    if followed.len() > MAX_TOPICS {
        return Err(Problem::invalid(
            "/token",
            "too_many_topics",
            format!("one address can follow {MAX_TOPICS} topics; leave some of them first"),
        ));
    }
    let mut known = false;
    for topic in &asked.topics {
        known |= store::follow(conn, subscriber, topic, asked.frequency)?;
    }
    match asked.frequency {
        Frequency::Weekly => store::set_weekly(conn, subscriber, next_digest(now))?,
        // What the next digest would have told.
        Frequency::AtOnce if known => store::set_due(conn, subscriber, now + GATHERS)?,
        Frequency::AtOnce => {}
    }
    // The first mail's own link lets its reader leave, too.
    store::keep_token(conn, Some(subscriber), &hash, now)?;
    store::drop_request(conn, &hash)?;
    Ok(())
}

/// When the next digests are sent.
pub(super) fn next_digest(now: DateTime<Utc>) -> DateTime<Utc> {
    let day = now.date_naive();
    let monday = day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()));
    let at = monday.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(i64::from(HOUR));
    if at > now {
        at
    } else {
        at + TimeDelta::weeks(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_sent_on_mondays() {
        for (now, next) in [
            ("2026-11-24T12:00:00Z", "2026-11-30T06:00:00Z"),
            ("2026-11-30T05:59:59Z", "2026-11-30T06:00:00Z"),
            ("2026-11-30T06:00:00Z", "2026-12-07T06:00:00Z"),
            ("2026-12-06T23:59:59Z", "2026-12-07T06:00:00Z"),
        ] {
            let now: DateTime<Utc> = now.parse().unwrap();
            assert_eq!(next_digest(now), next.parse::<DateTime<Utc>>().unwrap());
        }
    }
}
