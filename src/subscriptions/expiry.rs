//! What is needed no longer: links of old mails, and changes that every digest has told.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::{subscription_news as news, subscription_tokens as tokens};

/// How long the link of a mail lets its reader leave.
const LINKS: TimeDelta = TimeDelta::days(365);

/// How long a change can still be told: longer than from one digest to the next.
const NEWS: TimeDelta = TimeDelta::days(10);

/// Deletes up to `most` of each; the larger number of both.
pub fn forget(conn: &mut DbConn, now: DateTime<Utc>, most: i64) -> QueryResult<usize> {
    let old: Vec<i64> = tokens::table
        .filter(tokens::created_at.lt((now - LINKS).naive_utc()))
        .order(tokens::created_at)
        .limit(most)
        .select(tokens::id)
        .load(conn)?;
    let links = diesel::delete(tokens::table.filter(tokens::id.eq_any(old))).execute(conn)?;
    // They were noted in the order of their keys.
    let first: Vec<(i64, NaiveDateTime)> = news::table
        .order(news::id)
        .limit(most)
        .select((news::id, news::created_at))
        .load(conn)?;
    let before = (now - NEWS).naive_utc();
    let old = first
        .into_iter()
        .filter_map(|(id, at)| (at < before).then_some(id));
    let told = diesel::delete(news::table.filter(news::id.eq_any(old))).execute(conn)?;
    Ok(links.max(told))
}
