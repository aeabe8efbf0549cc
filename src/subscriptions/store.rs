//! Rows of subscribers, of what they follow, of what waits to be confirmed, and of tokens.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::rules::Asked;
use super::topic::{Frequency, Topic};
use crate::db::schema::{
    registry_meta, subscribers, subscription_requests as requests, subscription_tokens as tokens,
    subscription_topics as topics,
};
use crate::db::{DbConn, Json};
use crate::find_row;

/// How long a subscription may wait to be confirmed; then its address is erased.
pub(super) const WAITS: TimeDelta = TimeDelta::hours(48);

/// How many subscriptions wait for this address to confirm them.
pub(super) fn waiting(conn: &mut DbConn, email: &str, now: DateTime<Utc>) -> QueryResult<i64> {
    requests::table
        .filter(requests::email.eq(email))
        .filter(requests::created_at.gt((now - WAITS).naive_utc()))
        .count()
        .get_result(conn)
}

/// Keeps what was asked for under the hash of the token of its link.
pub(super) fn keep_request(
    conn: &mut DbConn,
    asked: &Asked,
    hash: &str,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::insert_into(requests::table)
        .values((
            requests::email.eq(&asked.email),
            requests::lang.eq(&asked.lang),
            requests::topics.eq(Json(asked.topics.clone())),
            requests::frequency.eq(asked.frequency.code()),
            requests::hash.eq(hash),
            requests::created_at.eq(now.naive_utc()),
        ))
        .execute(conn)
        .map(drop)
}

/// Whom the token of a link was sent to.
pub(super) enum Holder {
    /// Somebody who has not confirmed yet what was asked for.
    Asks(Asked),
    /// A subscriber.
    Subscribes(i64),
    /// Somebody who has left.
    Left,
    /// Nobody, or its time is over.
    Nobody,
}

/// Whom the token of this hash was sent to.
pub(super) fn holder(conn: &mut DbConn, hash: &str, now: DateTime<Utc>) -> QueryResult<Holder> {
    use requests as r;
    let known: Option<Option<i64>> =
        find_row!(tokens, conn, tokens::hash.eq(hash) => tokens::subscriber_id)?;
    if let Some(subscriber) = known {
        return Ok(subscriber.map_or(Holder::Left, Holder::Subscribes));
    }
    type Row = (String, String, Json<BTreeSet<Topic>>, String);
    let waits = r::created_at.gt((now - WAITS).naive_utc());
    let selected = (r::email, r::lang, r::topics, r::frequency);
    let row: Option<Row> = find_row!(requests, conn, r::hash.eq(hash).and(waits) => selected)?;
    Ok(
        row.map_or(Holder::Nobody, |(email, lang, topics, frequency)| {
            Holder::Asks(Asked {
                email,
                lang,
                topics: topics.0,
                frequency: frequency.parse().unwrap_or_default(),
            })
        }),
    )
}

/// Erases what waits for the token of this hash.
pub(super) fn drop_request(conn: &mut DbConn, hash: &str) -> QueryResult<()> {
    diesel::delete(requests::table.filter(requests::hash.eq(hash)))
        .execute(conn)
        .map(drop)
}

/// The subscriber of this address, whom mails in this language reach from now on.
pub(super) fn subscriber(
    conn: &mut DbConn,
    email: &str,
    lang: &str,
    now: DateTime<Utc>,
) -> QueryResult<i64> {
    let known: Option<i64> =
        find_row!(subscribers, conn, subscribers::email.eq(email) => subscribers::id)?;
    if let Some(id) = known {
        diesel::update(subscribers::table.find(id))
            .set(subscribers::lang.eq(lang))
            .execute(conn)?;
        return Ok(id);
    }
    diesel::insert_into(subscribers::table)
        .values((
            subscribers::email.eq(email),
            subscribers::lang.eq(lang),
            subscribers::created_at.eq(now.naive_utc()),
        ))
        .returning(subscribers::id)
        .get_result(conn)
}

/// The language of the mails to a subscriber.
pub(super) fn language(conn: &mut DbConn, subscriber: i64) -> QueryResult<Option<String>> {
    find_row!(subscribers, conn, subscribers::id.eq(subscriber) => subscribers::lang)
}

/// What a subscriber follows.
pub(super) fn followed(conn: &mut DbConn, subscriber: i64) -> QueryResult<BTreeSet<Topic>> {
    let all: Vec<String> = topics::table
        .filter(topics::subscriber_id.eq(subscriber))
        .select(topics::topic)
        .load(conn)?;
    Ok(all.iter().filter_map(|topic| topic.parse().ok()).collect())
}

/// The subscriber follows this from now on, or is told of it this often; whether it was followed already.
pub(super) fn follow(
    conn: &mut DbConn,
    subscriber: i64,
    topic: &Topic,
    frequency: Frequency,
) -> QueryResult<bool> {
    let own = topics::subscriber_id
        .eq(subscriber)
        .and(topics::topic.eq(topic.to_string()));
    // What was not told yet still will be.
    let known = diesel::update(topics::table.filter(own))
        .set(topics::frequency.eq(frequency.code()))
        .execute(conn)?;
    if known > 0 {
        return Ok(true);
    }
    // What was written before is not told; neither is it looked at again when nobody followed anything.
    let now: i64 = registry_meta::table
        .select(registry_meta::seq)
        .first(conn)?;
    if !anybody_follows(conn)? {
        diesel::update(registry_meta::table)
            .set(registry_meta::followed_seq.eq(registry_meta::seq))
            .execute(conn)?;
    }
    diesel::insert_into(topics::table)
        .values((
            topics::subscriber_id.eq(subscriber),
            topics::topic.eq(topic.to_string()),
            topics::frequency.eq(frequency.code()),
            topics::told_seq.eq(now),
        ))
        .execute(conn)?;
    Ok(false)
}

/// The subscriber is told at once what there is, from this time on.
pub(super) fn set_due(conn: &mut DbConn, subscriber: i64, at: DateTime<Utc>) -> QueryResult<()> {
    let subscriber = subscribers::table
        .find(subscriber)
        .filter(subscribers::due_at.is_null());
    diesel::update(subscriber)
        .set(subscribers::due_at.eq(at.naive_utc()))
        .execute(conn)
        .map(drop)
}

/// Whether there is any topic that somebody follows.
pub(super) fn anybody_follows(conn: &mut DbConn) -> QueryResult<bool> {
    let first: Option<i64> = topics::table.select(topics::id).first(conn).optional()?;
    Ok(first.is_some())
}

/// From when on the next digest is due; none for who gets no digests.
pub(super) fn set_weekly(
    conn: &mut DbConn,
    subscriber: i64,
    next: DateTime<Utc>,
) -> QueryResult<()> {
    let own = topics::subscriber_id.eq(subscriber);
    let weekly = own.and(topics::frequency.eq(Frequency::Weekly.code()));
    let first: Option<i64> = find_row!(topics, conn, weekly => topics::id)?;
    diesel::update(subscribers::table.find(subscriber))
        .set(subscribers::weekly_at.eq(first.map(|_| next.naive_utc())))
        .execute(conn)
        .map(drop)
}

/// The subscriber is told from now on by whoever holds the token of this hash.
pub(super) fn keep_token(
    conn: &mut DbConn,
    subscriber: Option<i64>,
    hash: &str,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::insert_into(tokens::table)
        .values((
            tokens::subscriber_id.eq(subscriber),
            tokens::hash.eq(hash),
            tokens::created_at.eq(now.naive_utc()),
        ))
        .execute(conn)
        .map(drop)
}

/// Erases a subscriber: the address, what it follows, and what waits for it. Its address.
pub(super) fn erase(conn: &mut DbConn, subscriber: i64) -> QueryResult<Option<String>> {
    let email: Option<String> =
        find_row!(subscribers, conn, subscribers::id.eq(subscriber) => subscribers::email)?;
    diesel::delete(topics::table.filter(topics::subscriber_id.eq(subscriber))).execute(conn)?;
    diesel::update(tokens::table.filter(tokens::subscriber_id.eq(subscriber)))
        .set(tokens::subscriber_id.eq(None::<i64>))
        .execute(conn)?;
    diesel::delete(subscribers::table.find(subscriber)).execute(conn)?;
    if let Some(email) = &email {
        diesel::delete(requests::table.filter(requests::email.eq(email))).execute(conn)?;
    }
    Ok(email)
}

/// The subscriber follows this no longer; whether there is anything left to follow.
pub(super) fn unfollow(conn: &mut DbConn, subscriber: i64, topic: &Topic) -> QueryResult<bool> {
    let own = topics::subscriber_id
        .eq(subscriber)
        .and(topics::topic.eq(topic.to_string()));
    diesel::delete(topics::table.filter(own)).execute(conn)?;
    Ok(!followed(conn, subscriber)?.is_empty())
}
