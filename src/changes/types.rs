//! Changes in JSON.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::meta::Person;
use crate::core::author::Author;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{ChangeOp, Entity};
use crate::db::json;
use crate::db::schema::changes;
use crate::http::extract::Viewer;

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
    person: Option<PublicId>,
    approved_by: Option<Author>,
    approver: Option<PublicId>,
    suggestion: Option<PublicId>,
    audience: Option<String>,
}

impl ChangeRow {
    /// The persons it names.
    pub(super) fn persons(&self) -> impl Iterator<Item = &PublicId> {
        self.person.iter().chain(&self.approver)
    }

    /// Whether this viewer may read it.
    pub(super) fn is_open_to(&self, viewer: &Viewer) -> bool {
        let is_among = |audience: &String| viewer.offices().any(|own| own.as_str() == audience);
        viewer.sees_everything() || self.audience.as_ref().is_none_or(is_among)
    }
}

/// One change of the registry. Names of natural persons are never in its patch.
///
/// Of a change that the caller may not see, such as one of another office's draft, only the number
/// and the time are told, and `op` is `hidden`.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeView {
    /// Its number: without gaps, growing in the order in which changes became visible.
    #[schema(example = 4711, minimum = 1)]
    pub seq: i64,
    /// What sort of record it is about.
    #[schema(example = "agreement")]
    pub entity: Option<Entity>,
    /// The record.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub id: Option<PublicId>,
    /// What was done.
    #[schema(example = "updated")]
    pub op: ChangeOp,
    /// The record's version after it.
    #[schema(example = 2, minimum = 1)]
    pub version: Option<i32>,
    /// The role and office that did it.
    pub actor: Option<Author>,
    /// The person who did it, for their own office and registrars.
    #[schema(inline = false)]
    pub person: Option<Person>,
    /// The role and office that let it pass, when it needed a second pair of eyes.
    pub approved_by: Option<Author>,
    /// The person who let it pass, for their own office and registrars.
    #[schema(inline = false)]
    pub approved_by_person: Option<Person>,
    /// The suggestion it carries out.
    #[schema(example = "sug_8x3k0q2m7t")]
    pub suggestion_id: Option<PublicId>,
    /// When.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub at: DateTime<Utc>,
    /// What it did to the record, as a JSON Patch (RFC 6902). The first one adds the whole record.
    #[schema(value_type = Option<Vec<Object>>, example = json!([{"op": "replace", "path": "/status", "value": "suspended"}]))]
    pub patch: Option<Value>,
    /// Why, in the words of whoever did it.
    #[schema(example = "the council's resolution")]
    pub reason: Option<String>,
}

impl ChangeView {
    /// As this viewer may read it.
    pub(super) fn new(
        row: ChangeRow,
        viewer: &Viewer,
        names: &HashMap<PublicId, Person>,
    ) -> QueryResult<Self> {
        if !row.is_open_to(viewer) {
            return Ok(Self {
                seq: row.seq,
                entity: None,
                id: None,
                op: ChangeOp::Hidden,
                version: None,
                actor: None,
                person: None,
                approved_by: None,
                approved_by_person: None,
                suggestion_id: None,
                at: row.at.and_utc(),
                patch: None,
                reason: None,
            });
        }
        let person = |author: Option<&Author>, id: Option<&PublicId>| {
            author
                .filter(|author| viewer.is_staff() && viewer.is_colleague_of(author))
                .and(id)
                .and_then(|id| names.get(id).cloned())
        };
        Ok(Self {
            seq: row.seq,
            entity: Some(row.entity),
            op: row.op,
            version: Some(row.version),
            person: person(Some(&row.actor), row.person.as_ref()),
            approved_by_person: person(row.approved_by.as_ref(), row.approver.as_ref()),
            id: Some(row.record),
            actor: Some(row.actor),
            approved_by: row.approved_by,
            suggestion_id: row.suggestion,
            at: row.at.and_utc(),
            patch: Some(json::value(&row.patch)?),
            reason: row.reason,
        })
    }

    /// The members of the record that it changed, each once, and the status it brought; nothing of the one
    /// that made the record.
    pub fn touched(&self) -> (Vec<&str>, Option<&str>) {
        let (mut members, mut status) = (Vec::new(), None);
        let steps = self.patch.as_ref().and_then(Value::as_array);
        for step in steps.into_iter().flatten() {
            let pointer = step.get("path").and_then(Value::as_str);
            let Some(name) = pointer.and_then(|pointer| pointer.split('/').nth(1)) else {
                continue;
            };
            if name == "status" {
                status = step.get("value").and_then(Value::as_str);
            } else if !members.contains(&name) {
                members.push(name);
            }
        }
        (members, status)
    }
}
