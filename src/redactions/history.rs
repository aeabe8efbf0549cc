//! What was said of a record: its changes, what is proposed for it, and the answers kept for repeated
//! requests.

use diesel::prelude::*;
use serde_json::Value;

use crate::core::ids::PublicId;
use crate::core::person::Person;
use crate::db::schema::{changes, suggestions};
use crate::db::{DbConn, Json};
use crate::http::idempotency;

/// The text without these persons; in how many places they stood.
pub(super) fn blanked(text: Option<&String>, persons: &[Person]) -> (Option<String>, usize) {
    let (mut left, mut places) = (text.cloned(), 0);
    for person in persons {
        if let Some((blanked, count)) = left.as_deref().and_then(|text| person.blanked(text)) {
            left = Some(blanked);
            places += count;
        }
    }
    (left, places)
}

/// Takes these persons out of the record's changes; in how many places they stood.
pub(super) fn erase(
    conn: &mut DbConn,
    record: &PublicId,
    persons: &[Person],
) -> QueryResult<usize> {
    type Row = (i64, Json<Value>, Option<String>);
    let rows: Vec<Row> = changes::table
        .filter(changes::record.eq(record))
        .select((changes::seq, changes::patch, changes::reason))
        .load(conn)?;
    let mut places = 0;
    for (seq, mut patch, reason) in rows {
        let (reason, mut here) = blanked(reason.as_ref(), persons);
        for person in persons {
            here += person.blank_patch(&mut patch);
        }
        if here > 0 {
            diesel::update(changes::table.find(seq))
                .set((changes::patch.eq(patch), changes::reason.eq(reason)))
                .execute(conn)?;
        }
        places += here;
    }
    if places > 0 {
        // Made anew from the patches when they are needed.
        diesel::update(changes::table.filter(changes::record.eq(record)))
            .set(changes::whole.eq(None::<&str>))
            .execute(conn)?;
    }
    Ok(places)
}

/// Whether somebody of this name is named in what is proposed for the record. Its changes never name
/// anybody but in texts.
pub(super) fn names(conn: &mut DbConn, record: &PublicId, person: &Person) -> QueryResult<bool> {
    let payloads: Vec<Option<Json<Value>>> = suggestions::table
        .filter(suggestions::target.eq(record.as_str()))
        .select(suggestions::payload)
        .load(conn)?;
    let mut payloads = payloads.into_iter().flatten();
    Ok(payloads.any(|Json(mut payload)| person.unname(&mut payload) > 0))
}

/// Takes these persons out of what is or was proposed for the record; in how many places they stood.
pub(super) fn erase_proposals(
    conn: &mut DbConn,
    record: &PublicId,
    persons: &[Person],
) -> QueryResult<usize> {
    type Text = Option<String>;
    type Row = (i64, Option<Json<Value>>, Text, Text, Text);
    let rows: Vec<Row> = suggestions::table
        .filter(suggestions::target.eq(record.as_str()))
        .select((
            suggestions::id,
            suggestions::payload,
            suggestions::message,
            suggestions::note,
            suggestions::evidence_url,
        ))
        .load(conn)?;
    let mut places = 0;
    for (key, mut payload, message, note, mut evidence) in rows {
        let (message, told) = blanked(message.as_ref(), persons);
        let (note, noted) = blanked(note.as_ref(), persons);
        let mut here = told + noted;
        if let Some(Json(payload)) = &mut payload {
            for person in persons {
                here += person.unname(payload) + person.blank_all(payload);
            }
        }
        let names = |url: &String| persons.iter().any(|person| person.stands_in(url));
        if evidence.as_ref().is_some_and(names) {
            evidence = None;
            here += 1;
        }
        if here > 0 {
            diesel::update(suggestions::table.find(key))
                .set((
                    suggestions::payload.eq(payload),
                    suggestions::message.eq(message),
                    suggestions::note.eq(note),
                    suggestions::evidence_url.eq(evidence),
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
        idempotency::purge_matching(conn, record.as_str(), holds)?;
        idempotency::purge_matching(conn, person.spelling(), holds)?;
    }
    Ok(())
}
