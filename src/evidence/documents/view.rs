//! Documents as callers see them: a constant number of queries for any number of rows.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::store::{DocumentRow, Target};
use super::types::{DocumentVersion, DocumentView};
use super::visibility::DocumentVisibility;
use crate::changes::records;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::RecordState;
use crate::db::condition::{Condition, grouped, published};
use crate::db::schema::documents;
use crate::db::{DbConn, columns_of};

/// These documents, all of which may be seen, in their order. Of other documents only those are named
/// that may be seen too.
pub fn views(
    conn: &mut DbConn,
    rows: Vec<DocumentRow>,
    visibility: &DocumentVisibility,
) -> QueryResult<Vec<DocumentView>> {
    let ids = |conn: &mut DbConn, kind, of: fn(&Target) -> Option<i64>| {
        records::ids_of(conn, kind, rows.iter().filter_map(|row| of(&row.target)))
    };
    let agreements = ids(conn, Kind::Agreement, |of| of.agreement)?;
    let memberships = ids(conn, Kind::Membership, |of| of.membership)?;
    let activities = ids(conn, Kind::Activity, |of| of.activity)?;
    let events = ids(conn, Kind::Event, |of| of.event)?;
    let older = older(conn, &rows, visibility)?;
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let newer = newer(conn, &keys, visibility)?;
    let id = |key: Option<i64>, known: &HashMap<i64, PublicId>| {
        key.and_then(|key| known.get(&key).cloned())
    };
    Ok(rows
        .into_iter()
        .map(|row| DocumentView {
            content_url: (row.held.sha256.is_some())
                .then(|| format!("/api/v1/documents/{}/content", row.public_id)),
            agreement_id: id(row.target.agreement, &agreements),
            event_id: id(row.target.event, &events),
            membership_id: id(row.target.membership, &memberships),
            activity_id: id(row.target.activity, &activities),
            replaces: id(row.replaces_id, &older),
            replaced_by: newer.get(&row.id).cloned(),
            versions: None,
            meta: crate::meta!(row),
            kind: row.fields.kind,
            title: row.fields.title,
            language: row.fields.language,
            authentic: row.fields.authentic,
            access: row.fields.access,
            media_type: row.held.media_type,
            size: row.held.size,
            sha256: row.held.sha256,
            file_name: row.held.file_name,
            external_url: row.fields.external_url,
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
    type Version = (PublicId, Option<String>, Option<String>, NaiveDateTime);
    let this = d::id.eq(row.id);
    let rows: Vec<Version> = d::table
        .filter(d::series.eq(&row.series))
        .filter(d::record_state.eq(RecordState::Published).or(this))
        .filter(visibility.condition())
        .order(d::id)
        .select((d::public_id, d::title, d::sha256, d::created_at))
        .load(conn)?;
    let version = |(id, title, sha256, created_at): Version| DocumentVersion {
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
    let replaced = documents::replaces_id.assume_not_null();
    let found: Vec<(i64, PublicId)> = documents::table
        .filter(documents::replaces_id.eq_any(keys))
        .filter(Condition::new(published("documents")))
        .filter(visibility.condition())
        .order(documents::id)
        .select((replaced, documents::public_id))
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// The documents of these records (internal keys) that may be seen, for `include=documents`: each in its newest
/// version that may be, in the order of recording.
pub fn of_records(
    conn: &mut DbConn,
    kind: Kind,
    keys: &[i64],
    visibility: &DocumentVisibility,
) -> QueryResult<HashMap<i64, Vec<DocumentView>>> {
    use documents as d;
    let query = d::table
        .filter(Condition::new(
            "(documents.record_state IN ('published', 'draft')) IS TRUE",
        ))
        .filter(visibility.condition())
        .order(d::id)
        .select(columns_of::<DocumentRow>())
        .into_boxed();
    let query = match kind {
        Kind::Agreement => query.filter(d::agreement_id.eq_any(keys)),
        Kind::Membership => query.filter(d::membership_id.eq_any(keys)),
        Kind::Activity => query.filter(d::activity_id.eq_any(keys)),
        _ => return Ok(HashMap::new()),
    };
    let rows: Vec<DocumentRow> = query.load(conn)?;
    let belong: Vec<Option<i64>> = rows.iter().map(|row| row.target.record()).collect();
    let all = belong.into_iter().zip(views(conn, rows, visibility)?);
    let newest = all.filter(|(_, view)| view.replaced_by.is_none());
    Ok(grouped(newest.filter_map(|(key, view)| Some((key?, view)))))
}
