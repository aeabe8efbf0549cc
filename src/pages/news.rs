//! The newest changes of what everybody may see, in words.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::reader::Reader;
use super::subjects::{Subject, subjects};
use crate::changes::ChangeView;
use crate::changes::feed::newest;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::ChangeOp;
use crate::html;
use crate::http::problem::Problem;

/// Changes that are looked at for the lines of a page: several may be of one record.
const LOOKED_AT: u32 = 60;

/// A record with its newest change.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize)]
pub struct News {
    #[serde(serialize_with = "crate::core::clock::time")]
    at: DateTime<Utc>,
    /// What was done.
    op: ChangeOp,
    /// The status it brought.
    status: Option<String>,
    /// Pointers to the fields that it changed.
    fields: Vec<String>,
    subject: Subject,
}

/// The records that changed last, each once with what was done to it.
pub fn news(reader: &mut Reader<'_>, most: usize) -> Result<Vec<News>, Problem> {
    let mut told: Vec<ChangeView> = Vec::new();
    for change in newest(reader.conn, LOOKED_AT)? {
        if told.iter().all(|known| known.id != change.id) {
            told.push(change);
        }
    }
    let ids: Vec<PublicId> = told.iter().filter_map(|change| change.id.clone()).collect();
    let mut subjects = subjects(reader, &ids)?;
    let mut lines: Vec<News> = Vec::new();
    for change in told {
        let subject = change.id.as_ref().and_then(|id| subjects.remove(id));
        if let Some(subject) = subject.filter(|_| lines.len() < most) {
            lines.push(line(reader, change, subject));
        }
    }
    Ok(lines)
}

fn line(reader: &Reader<'_>, change: ChangeView, subject: Subject) -> News {
    let steps = change.patch.as_ref().and_then(Value::as_array);
    let mut fields: Vec<String> = Vec::new();
    let mut status = None;
    for step in steps.into_iter().flatten() {
        let pointer = step.get("path").and_then(Value::as_str);
        let Some(name) = pointer.and_then(|pointer| pointer.split('/').nth(1)) else {
            continue;
        };
        if name == "status" {
            let value = step.get("value").and_then(Value::as_str);
            status = value.map(str::to_owned);
        }
        let field = format!("/{name}");
        // What has no name among fields follows from those that have.
        if name != "status" && html::names(reader.lang, &field) && !fields.contains(&field) {
            fields.push(field);
        }
    }
    let created = change.op == ChangeOp::Created;
    News {
        at: change.at,
        op: change.op,
        status: status.filter(|_| !created),
        fields: if created { Vec::new() } else { fields },
        subject,
    }
}
