//! The newest changes of what everybody may see, in words.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::Serialize;

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
    let mut told: Vec<ChangeView> = newest(reader.conn, LOOKED_AT)?;
    let mut known = HashSet::new();
    told.retain(|change| known.insert(change.id.clone()));
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
    let (members, status) = change.touched();
    let fields = members.into_iter().map(|name| format!("/{name}"));
    // What has no name among fields follows from those that have.
    let fields: Vec<String> = fields
        .filter(|field| html::names(reader.lang, field))
        .collect();
    let status = status.map(str::to_owned);
    let created = change.op == ChangeOp::Created;
    News {
        at: change.at,
        op: change.op,
        status: status.filter(|_| !created),
        fields: if created { Vec::new() } else { fields },
        subject,
    }
}
