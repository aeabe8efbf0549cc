//! Documents as callers see them: a constant number of queries for any number of rows.

use std::collections::HashMap;

use diesel::prelude::*;

use super::store::DocumentRow;
use super::types::{DocumentVersion, DocumentView};
use super::visibility::DocumentVisibility;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::condition::{Condition, published};
use crate::db::schema::{activities, agreements, documents, lifecycle_events, memberships};

macro_rules! ids_of {
    ($conn:expr, $rows:expr, $table:ident, $of:ident) => {{
        let keys: Vec<i64> = $rows.iter().filter_map(|row| row.target.$of).collect();
        if keys.is_empty() {
            HashMap::new()
        } else {
            let found: Vec<(i64, PublicId)> = $table::table
                .filter($table::id.eq_any(keys))
                .select(($table::id, $table::public_id))
                .load($conn)?;
            found.into_iter().collect::<HashMap<i64, PublicId>>()
        }
    }};
}

/// These documents, all of which may be seen, in their order. Of other documents only those are named
/// that may be seen too.
pub fn views(
    conn: &mut DbConn,
    rows: Vec<DocumentRow>,
    visibility: &DocumentVisibility,
) -> QueryResult<Vec<DocumentView>> {
    let agreements = ids_of!(conn, rows, agreements, agreement);
    let memberships = ids_of!(conn, rows, memberships, membership);
    let activities = ids_of!(conn, rows, activities, activity);
    let events = ids_of!(conn, rows, lifecycle_events, event);
    let older = older(conn, &rows, visibility)?;
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let newer = newer(conn, &keys, visibility)?;
    let id = |key: Option<i64>, known: &HashMap<i64, PublicId>| {
        key.and_then(|key| known.get(&key).cloned())
    };
    Ok(rows
        .into_iter()
        .map(|row| DocumentView {
            kind: row.kind,
            authentic: row.authentic,
            access: row.access,
            content_url: row
                .sha256
                .is_some()
                .then(|| format!("/api/v1/documents/{}/content", row.public_id)),
            agreement_id: id(row.target.agreement, &agreements),
            event_id: id(row.target.event, &events),
            membership_id: id(row.target.membership, &memberships),
            activity_id: id(row.target.activity, &activities),
            replaces: id(row.replaces_id, &older),
            replaced_by: newer.get(&row.id).cloned(),
            versions: None,
            meta: crate::meta!(row),
            title: row.title,
            language: row.language,
            media_type: row.media_type,
            size: row.size,
            sha256: row.sha256,
            file_name: row.file_name,
            external_url: row.external_url,
            id: row.public_id,
        })
        .collect())
}

/// One document without its versions.
pub fn one(
    conn: &mut DbConn,
    row: &DocumentRow,
    visibility: &DocumentVisibility,
) -> QueryResult<DocumentView> {
    views(conn, vec![row.clone()], visibility)?
        .pop()
        .ok_or(diesel::result::Error::NotFound)
}

/// One document with its versions.
pub fn item(
    conn: &mut DbConn,
    row: &DocumentRow,
    visibility: &DocumentVisibility,
) -> QueryResult<DocumentView> {
    use documents as d;
    let mut view = one(conn, row, visibility)?;
    let rows: Vec<(
        PublicId,
        Option<String>,
        Option<String>,
        chrono::NaiveDateTime,
    )> = d::table
        .filter(d::series.eq(&row.series))
        .filter(
            d::record_state
                .eq(RecordState::Published)
                .or(d::id.eq(row.id)),
        )
        .filter(visibility.condition())
        .order(d::id)
        .select((d::public_id, d::title, d::sha256, d::created_at))
        .load(conn)?;
    let version =
        |(id, title, sha256, created_at): (_, _, _, chrono::NaiveDateTime)| DocumentVersion {
            id,
            title,
            sha256,
            created_at: created_at.and_utc(),
        };
    view.versions = Some(rows.into_iter().map(version).collect());
    Ok(view)
}

fn older(
    conn: &mut DbConn,
    rows: &[DocumentRow],
    visibility: &DocumentVisibility,
) -> QueryResult<HashMap<i64, PublicId>> {
    let keys: Vec<i64> = rows.iter().filter_map(|row| row.replaces_id).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(i64, PublicId)> = documents::table
        .filter(documents::id.eq_any(keys))
        .filter(visibility.condition())
        .select((documents::id, documents::public_id))
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// The published document that took the place of each of these, by the key of the old one.
fn newer(
    conn: &mut DbConn,
    keys: &[i64],
    visibility: &DocumentVisibility,
) -> QueryResult<HashMap<i64, PublicId>> {
    let found: Vec<(Option<i64>, PublicId)> = documents::table
        .filter(documents::replaces_id.eq_any(keys))
        .filter(Condition::new(published("documents")))
        .filter(visibility.condition())
        .order(documents::id)
        .select((documents::replaces_id, documents::public_id))
        .load(conn)?;
    Ok(found
        .into_iter()
        .filter_map(|(old, id)| old.map(|old| (old, id)))
        .collect())
}
