//! Relations of partners, such as successions; both ends by their ids.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::{Value, json};

use super::{PAGE, Page};
use crate::core::clock;
use crate::core::edtf::DateRange;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::RecordState;
use crate::db::schema::{partner_relations, sources};
use crate::db::{DbConn, columns_of};
use crate::partners::relations::RelationRow;
use crate::partners::store::{self as partners, PartnerRow};

/// The columns of the table.
#[rustfmt::skip]
pub(super) const COLUMNS: &[&str] = &[
    "id", "from_id", "to_id", "type", "since", "since_range", "until", "until_range",
    "source_id", "note", "created_at", "created_by",
];

/// The relations of two published partners behind a key.
pub(super) fn read(conn: &mut DbConn, after: i64, _: NaiveDate) -> QueryResult<Page> {
    let rows: Vec<RelationRow> = partner_relations::table
        .filter(partner_relations::id.gt(after))
        .order(partner_relations::id)
        .limit(PAGE)
        .select(columns_of::<RelationRow>())
        .load(conn)?;
    let ends: Vec<i64> = rows
        .iter()
        .flat_map(|row| [row.from_id, row.to_id])
        .collect();
    let ends = published_partners(conn, &ends)?;
    let cited: Vec<i64> = rows.iter().filter_map(|row| row.source_id).collect();
    let cited: HashMap<i64, PublicId> = sources::table
        .filter(sources::id.eq_any(cited))
        .select((sources::id, sources::public_id))
        .load::<(i64, PublicId)>(conn)?
        .into_iter()
        .collect();
    let last = rows.last().map(|row| row.id);
    let values = rows.iter().filter_map(|row| {
        let id = |key| ends.get(&key).map(|partner| &partner.public_id);
        let (from, to) = (id(row.from_id)?, id(row.to_id)?);
        Some(without_nulls(json!({
            "id": row.public_id,
            "from_id": from,
            "to_id": to,
            "type": row.type_,
            "since_range": row.since.as_ref().map(DateRange::from),
            "since": row.since,
            "until_range": row.until.as_ref().map(DateRange::from),
            "until": row.until,
            "source_id": row.source_id.and_then(|key| cited.get(&key)),
            "note": row.note,
            "created_at": clock::text(row.created_at.and_utc()),
            "created_by": row.created_by,
        })))
    });
    let values = values.collect();
    Ok(last.map(|last| (values, last)))
}

/// Those among these partners that are published, by their internal keys.
pub(super) fn published_partners(
    conn: &mut DbConn,
    keys: &[i64],
) -> QueryResult<HashMap<i64, PartnerRow>> {
    let all = partners::by_keys(conn, keys)?.into_iter();
    let published = all.filter(|partner| partner.record_state == RecordState::Published);
    Ok(published.map(|partner| (partner.id, partner)).collect())
}

/// The object without members that say nothing, as everywhere in the API.
pub(super) fn without_nulls(mut value: Value) -> Value {
    if let Some(members) = value.as_object_mut() {
        members.retain(|_, member| !member.is_null());
    }
    value
}
