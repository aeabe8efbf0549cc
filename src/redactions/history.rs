//! What was said of a record: its changes, what is proposed for it, and the answers kept for repeated
//! requests.

use diesel::prelude::*;
use serde_json::Value;

use crate::changes::refresh;
use crate::core::ids::{Kind, PublicId};
use crate::core::person::{Members, Person};
use crate::db::schema::{changes, suggestions};
use crate::db::{DbConn, Json, columns_of};
use crate::http::idempotency;

/// The text without these persons; in how many places they stood.
pub(super) fn blanked(text: Option<&str>, persons: &[Person]) -> (Option<String>, usize) {
    let (mut left, mut places) = (text.map(str::to_owned), 0);
    for person in persons {
        if let Some((blanked, count)) = left.as_deref().and_then(|text| person.blanked(text)) {
            left = Some(blanked);
            places += count;
        }
    }
    (left, places)
}

/// The logs that hold a name. They are erased at the very end: the patch that takes a name out of a record is made
/// against what its log says, so that it takes the name from the copies of those who follow the feed, too.
#[derive(Default)]
pub(super) struct Logs(Vec<(PublicId, Members, Vec<Person>)>);

impl Logs {
    /// Notes what the log of this record says of these members; in how many places these persons stand there.
    pub(super) fn note(
        &mut self,
        conn: &mut DbConn,
        (record, members): (&PublicId, Members),
        persons: &[Person],
    ) -> QueryResult<usize> {
        let places = scrub(conn, (record, members), persons, false)?;
        if places > 0 {
            self.0.push((record.clone(), members, persons.to_vec()));
        }
        Ok(places)
    }

    /// Tells whoever shows what was changed, and takes the persons out of what was noted.
    pub(super) fn erase(self, conn: &mut DbConn) -> QueryResult<()> {
        refresh::tell_marked(conn)?;
        for (record, members, persons) in self.0 {
            scrub(conn, (&record, members), &persons, true)?;
            forget(conn, &record, &persons)?;
        }
        Ok(())
    }
}

/// In how many places these persons stand in what the record's changes say of these members; when they are to be
/// `erased`, none is left.
fn scrub(
    conn: &mut DbConn,
    (record, members): (&PublicId, Members),
    persons: &[Person],
    erased: bool,
) -> QueryResult<usize> {
    type Row = (i64, Json<Value>, Option<String>);
    let rows: Vec<Row> = changes::table
        .filter(changes::record.eq(record))
        .select((changes::seq, changes::patch, changes::reason))
        .load(conn)?;
    let mut places = 0;
    for (seq, mut patch, reason) in rows {
        let (reason, mut here) = blanked(reason.as_deref(), persons);
        for person in persons {
            here += person.blank_patch(&mut patch, members);
        }
        if here > 0 && erased {
            diesel::update(changes::table.find(seq))
                .set((changes::patch.eq(patch), changes::reason.eq(reason)))
                .execute(conn)?;
        }
        places += here;
    }
    if places > 0 && erased {
        // Made anew from the patches when they are needed.
        diesel::update(changes::table.filter(changes::record.eq(record)))
            .set(changes::whole.eq(None::<&str>))
            .execute(conn)?;
    }
    Ok(places)
}

/// Whether the person stands in what this entry of the log, a patch and the reason behind it, says of these members.
pub(super) fn says(entry: &str, members: Members, person: &Person) -> bool {
    let mut patches = serde_json::Deserializer::from_str(entry).into_iter::<Value>();
    let Some(Ok(mut patch)) = patches.next() else {
        return true;
    };
    let reason = entry.get(patches.byte_offset()..).unwrap_or_default();
    person.blank_patch(&mut patch, members) > 0 || person.stands_in(reason)
}

/// Whether a `name` in what is proposed for the record is its own, and not that of a person.
fn is_body(record: &PublicId) -> bool {
    matches!(record.kind(), Kind::Partner | Kind::Network)
}

/// Whether somebody of this name is named in what is proposed for the record. Its changes never name
/// anybody but in texts.
pub(super) fn names(conn: &mut DbConn, record: &PublicId, person: &Person) -> QueryResult<bool> {
    if is_body(record) {
        return Ok(false);
    }
    let payloads: Vec<Option<Json<Value>>> = suggestions::table
        .filter(suggestions::target.eq(record.as_str()))
        .select(suggestions::payload)
        .load(conn)?;
    let mut payloads = payloads.into_iter().flatten();
    Ok(payloads.any(|Json(mut payload)| person.unname(&mut payload) > 0))
}

/// Where names can stand in what is proposed.
#[derive(Queryable, Selectable, AsChangeset)]
#[diesel(table_name = suggestions, treat_none_as_null = true)]
struct Proposed {
    id: i64,
    payload: Option<Json<Value>>,
    preview: Option<Json<Value>>,
    message: Option<String>,
    note: Option<String>,
    evidence_url: Option<String>,
}

/// Takes these persons out of what is or was proposed for the record; in how many places they stood.
pub(super) fn erase_proposals(
    conn: &mut DbConn,
    record: &PublicId,
    persons: &[Person],
) -> QueryResult<usize> {
    let rows: Vec<Proposed> = suggestions::table
        .filter(suggestions::target.eq(record.as_str()))
        .select(columns_of::<Proposed>())
        .load(conn)?;
    let mut places = 0;
    for mut row in rows {
        let mut here = 0;
        for text in [&mut row.message, &mut row.note] {
            let (left, stood) = blanked(text.as_deref(), persons);
            *text = left;
            here += stood;
        }
        for Json(proposed) in [&mut row.payload, &mut row.preview].into_iter().flatten() {
            for person in persons {
                here += if is_body(record) {
                    person.blank_but_names(proposed)
                } else {
                    person.unname(proposed) + person.blank_all(proposed)
                };
            }
        }
        let names = |url: &mut String| persons.iter().any(|person| person.stands_in(url));
        here += usize::from(row.evidence_url.take_if(names).is_some());
        if here > 0 {
            diesel::update(suggestions::table.find(row.id))
                .set(row)
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
