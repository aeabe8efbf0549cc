//! Changes in JSON.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::core::author::{Author, AuthorView};
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{ChangeOp, Entity};
use crate::db::json;
use crate::db::schema::changes;

/// A row of the log.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = changes)]
pub(super) struct ChangeRow {
    pub seq: i64,
    entity: Entity,
    record: PublicId,
    op: ChangeOp,
    version: i32,
    actor: Author,
    at: NaiveDateTime,
    patch: String,
    reason: Option<String>,
}

/// One change of the registry. Names of natural persons are never in it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeView {
    /// Its number: without gaps, growing in the order in which changes became visible.
    #[schema(example = 4711, minimum = 1)]
    pub seq: i64,
    /// What sort of record it is about.
    #[schema(example = "agreement")]
    pub entity: Entity,
    /// The record.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub id: PublicId,
    /// What was done.
    #[schema(example = "updated")]
    pub op: ChangeOp,
    /// The record's version after it.
    #[schema(example = 2, minimum = 1)]
    pub version: i32,
    /// The role and office that did it.
    #[schema(value_type = AuthorView)]
    pub actor: Author,
    /// When.
    pub at: DateTime<Utc>,
    /// What it did to the record, as a JSON Patch (RFC 6902). The first one adds the whole record.
    #[schema(value_type = Vec<Object>, example = json!([{"op": "replace", "path": "/status", "value": "suspended"}]))]
    pub patch: Value,
    /// Why, in the words of whoever did it.
    #[schema(example = "the council's resolution")]
    pub reason: Option<String>,
}

/// One version of a record: who made it, when, why and what changed.
pub type HistoryEntry = ChangeView;

impl ChangeView {
    pub(super) fn new(row: ChangeRow) -> QueryResult<Self> {
        let ChangeRow {
            seq,
            entity,
            record,
            op,
            version,
            actor,
            at,
            patch,
            reason,
        } = row;
        Ok(Self {
            seq,
            entity,
            id: record,
            op,
            version,
            actor,
            at: at.and_utc(),
            patch: json::value(&patch)?,
            reason,
        })
    }
}
