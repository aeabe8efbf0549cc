//! `include=documents` of agreements, memberships and activities, on an item and on a page alike.

use std::collections::HashMap;

use diesel::prelude::*;

use super::store::DocumentRow;
use super::types::DocumentView;
use super::view;
use super::visibility::DocumentVisibility;
use crate::core::ids::Kind;
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::schema::documents;

/// The documents of these records (internal keys) that may be seen, each in its newest version that
/// may be, in the order of recording.
pub fn of_records(
    conn: &mut DbConn,
    kind: Kind,
    keys: &[i64],
    visibility: &DocumentVisibility,
) -> QueryResult<HashMap<i64, Vec<DocumentView>>> {
    let query = documents::table
        .filter(Condition::new(
            "(documents.record_state IN ('published', 'draft')) IS TRUE",
        ))
        .filter(visibility.condition())
        .order(documents::id)
        .select(DocumentRow::as_select())
        .into_boxed();
    let query = match kind {
        Kind::Agreement => query.filter(documents::agreement_id.eq_any(keys)),
        Kind::Membership => query.filter(documents::membership_id.eq_any(keys)),
        Kind::Activity => query.filter(documents::activity_id.eq_any(keys)),
        _ => return Ok(HashMap::new()),
    };
    let rows: Vec<DocumentRow> = query.load(conn)?;
    let of = |row: &DocumentRow| match kind {
        Kind::Agreement => row.target.agreement,
        Kind::Membership => row.target.membership,
        _ => row.target.activity,
    };
    let belong: Vec<Option<i64>> = rows.iter().map(of).collect();
    let mut all: HashMap<i64, Vec<DocumentView>> = HashMap::new();
    for (key, view) in belong.into_iter().zip(view::views(conn, rows, visibility)?) {
        if let (Some(key), None) = (key, &view.replaced_by) {
            all.entry(key).or_default().push(view);
        }
    }
    Ok(all)
}
