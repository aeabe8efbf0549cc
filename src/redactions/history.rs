//! What was said of a record before: its changes, and the answers kept for repeated requests. Neither
//! should ever hold a name, but reasons and notes are written by people.

use diesel::prelude::*;
use serde_json::Value;

use crate::core::ids::PublicId;
use crate::core::person::Person;
use crate::db::schema::changes;
use crate::db::{DbConn, json};
use crate::http::kept;

/// Takes these persons out of the record's changes; in how many places they stood.
pub(super) fn erase(
    conn: &mut DbConn,
    record: &PublicId,
    persons: &[Person],
) -> QueryResult<usize> {
    type Row = (i64, String, Option<String>);
    let rows: Vec<Row> = changes::table
        .filter(changes::record.eq(record))
        .select((changes::seq, changes::patch, changes::reason))
        .load(conn)?;
    let mut places = 0;
    for (seq, patch, mut reason) in rows {
        let mut patch: Value = json::value(&patch)?;
        let mut here = 0;
        for person in persons {
            here += person.blank_all(&mut patch);
            if let Some((blanked, count)) = reason.as_deref().and_then(|text| person.blanked(text))
            {
                reason = Some(blanked);
                here += count;
            }
        }
        if here > 0 {
            diesel::update(changes::table.find(seq))
                .set((
                    changes::patch.eq(json::text(&patch)?),
                    changes::reason.eq(reason),
                ))
                .execute(conn)?;
        }
        places += here;
    }
    Ok(places)
}

/// Forgets the kept answers in which one of these persons stands.
pub(super) fn forget(conn: &mut DbConn, record: &PublicId, persons: &[Person]) -> QueryResult<()> {
    for person in persons {
        let holds = |body: &str| person.stands_in(body);
        kept::forget(conn, record.as_str(), holds)?;
        kept::forget(conn, person.spelling(), holds)?;
    }
    Ok(())
}
