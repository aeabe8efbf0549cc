//! Answers kept for `Idempotency-Key`, where they must be forgotten before their time.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::condition::{Condition, containing, execute};
use crate::db::json;
use crate::db::schema::idempotency_keys as k;

/// Forgets the kept answers that hold one of these texts; how many there were. A request that is
/// repeated with the key of one of them is a new request.
pub fn forget(conn: &mut DbConn, texts: &[&str]) -> QueryResult<usize> {
    let mut forgotten = 0;
    for text in texts {
        // Answers are JSON: the text stands in them as JSON writes it, without the quotes.
        let written = json::text(text)?;
        let written = written.trim_matches('"');
        let holds = Condition::new("DELETE FROM idempotency_keys WHERE body LIKE ")
            .text(containing(written))
            .sql(" ESCAPE '\\'");
        forgotten += execute(conn, holds)?;
    }
    Ok(forgotten)
}

/// Forgets the kept answers that name this record and in which `holds` finds something.
pub fn forget_of(
    conn: &mut DbConn,
    record: &str,
    holds: impl Fn(&str) -> bool,
) -> QueryResult<usize> {
    let naming = Condition::new("idempotency_keys.body LIKE ")
        .text(containing(record))
        .sql(" ESCAPE '\\'");
    let kept: Vec<(i64, String)> = k::table
        .filter(naming)
        .select((k::id, k::body))
        .load(conn)?;
    let gone: Vec<i64> = kept
        .into_iter()
        .filter(|(_, body)| holds(body))
        .map(|(id, _)| id)
        .collect();
    diesel::delete(k::table.filter(k::id.eq_any(gone))).execute(conn)
}
