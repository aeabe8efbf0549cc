//! Leaving: the address is erased, and with it what was on its way.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::QueryResult;

use super::requests::unknown_token;
use super::store;
use super::topic::Topic;
use crate::access::token;
use crate::db::DbConn;
use crate::html::lang::Lang;
use crate::http::problem::Problem;
use crate::jobs::mail::{self, Template};

/// What became of somebody who left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Nothing is sent any more, and the address is erased.
    Everything,
    /// The rest is sent as before.
    Some,
}

/// Erases whoever holds this token, or had it before they left; 422 when it is nobody's.
pub fn leave(conn: &mut DbConn, token: &str, now: DateTime<Utc>) -> Result<Left, Problem> {
    let hash = token::hash(token);
    if store::request(conn, &hash, now)?.is_some() {
        // Confirmed by nobody, and now it never will be.
        store::drop_request(conn, &hash)?;
        store::keep_token(conn, None, &hash, now)?;
        return Ok(Left::Everything);
    }
    let holder = store::holder(conn, &hash)?.ok_or_else(unknown_token)?;
    if let Some(subscriber) = holder {
        erase(conn, subscriber, now)?;
    }
    Ok(Left::Everything)
}

/// The holder of this token follows this no longer, and is erased when nothing is left.
pub fn stay_without(
    conn: &mut DbConn,
    token: &str,
    topic: &Topic,
    now: DateTime<Utc>,
) -> Result<Left, Problem> {
    let holder = store::holder(conn, &token::hash(token))?.ok_or_else(unknown_token)?;
    let Some(subscriber) = holder else {
        return Ok(Left::Everything);
    };
    if store::unfollow(conn, subscriber, topic)? {
        return Ok(Left::Some);
    }
    erase(conn, subscriber, now)?;
    Ok(Left::Everything)
}

/// What becomes of a link when it is opened.
pub enum Opened<T> {
    /// Its button has something to do.
    Waits(T),
    /// Its button was pressed before.
    Done,
    /// It leads to nothing, or to nothing any more.
    Spent,
}

/// What the holder of this token, if it has not left, follows: nothing until it is confirmed.
pub fn followed_by(
    conn: &mut DbConn,
    token: &str,
    now: DateTime<Utc>,
) -> QueryResult<Opened<BTreeSet<Topic>>> {
    let hash = token::hash(token);
    if store::request(conn, &hash, now)?.is_some() {
        return Ok(Opened::Waits(BTreeSet::new()));
    }
    Ok(match store::holder(conn, &hash)? {
        Some(Some(subscriber)) => Opened::Waits(store::followed(conn, subscriber)?),
        Some(None) => Opened::Done,
        None => Opened::Spent,
    })
}

/// The language of the mails to whom this token was sent; none when it is nobody's.
pub fn language_of(
    conn: &mut DbConn,
    token: &str,
    now: DateTime<Utc>,
) -> QueryResult<Option<Lang>> {
    let hash = token::hash(token);
    let code = match store::holder(conn, &hash)?.flatten() {
        Some(subscriber) => store::language(conn, subscriber)?,
        None => store::request(conn, &hash, now)?.map(|asked| asked.lang),
    };
    Ok(code.and_then(|code| code.parse().ok()))
}

fn erase(conn: &mut DbConn, subscriber: i64, now: DateTime<Utc>) -> Result<(), Problem> {
    if let Some(email) = store::erase(conn, subscriber)? {
        mail::take_back(conn, &email, Template::is_of_subscriptions, now)?;
    }
    Ok(())
}
