//! Answers kept for `Idempotency-Key`, where they must be forgotten before their time.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::condition::{Condition, containing};
use crate::db::json;
use crate::db::schema::idempotency_keys as k;

/// Forgets the kept answers in which this text stands and in which `holds` finds something; how many
/// there were. A request that is repeated with the key of one of them is a new request.
pub fn forget(conn: &mut DbConn, text: &str, holds: impl Fn(&str) -> bool) -> QueryResult<usize> {
    // Answers are JSON: the text stands in them as JSON writes it, without the quotes.
    let written = json::text(text)?;
    let written = written.trim_matches('"');
    let there = Condition::new("idempotency_keys.body LIKE ")
        .text(containing(written))
        .sql(" ESCAPE '\\'");
    let kept: Vec<(i64, String)> = k::table.filter(there).select((k::id, k::body)).load(conn)?;
    let gone: Vec<i64> = kept
        .into_iter()
        .filter(|(_, body)| holds(body))
        .map(|(id, _)| id)
        .collect();
    diesel::delete(k::table.filter(k::id.eq_any(gone))).execute(conn)
}
