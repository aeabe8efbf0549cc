//! The newest changes of what everybody may see, in words.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::reader::Reader;
use super::subjects::{Subject, subjects};
use crate::changes::feed::newest;
use crate::changes::{ChangeView, words};
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::ChangeOp;
use crate::http::problem::Problem;

/// Changes that are looked at for the lines of a page: several may be of one record.
const LOOKED_AT: u32 = 60;

/// A record with its newest change.
#[derive(Debug, Serialize)]
pub struct News {
    #[serde(serialize_with = "crate::core::clock::time")]
    at: DateTime<Utc>,
    /// What was done; themes may have words of their own for it.
    op: ChangeOp,
    /// The same in words, with the status it brought or the fields that it changed.
    words: String,
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
            lines.push(News {
                at: change.at,
                op: change.op,
                words: words(reader.lang, &change),
                subject,
            });
        }
    }
    Ok(lines)
}
