//! `include=citations,sources` of any record, on an item and on a page alike.

use std::collections::{HashMap, HashSet};

use diesel::QueryResult;
use serde::Serialize;
use utoipa::ToSchema;

use super::citations::{CitationView, store};
use super::sources::SourceView;
use crate::core::ids::PublicId;
use crate::db::DbConn;
use crate::formats::{Graph, Object};

/// What was asked to be embedded of a record's evidence.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Evidence {
    /// Which source says what of it; with `include=citations`.
    pub citations: Option<Vec<CitationView>>,
    /// Its sources, each once; with `include=sources`.
    pub sources: Option<Vec<SourceView>>,
}

impl Evidence {
    /// The sources, as a graph names them.
    pub fn told(&self, graph: &mut Graph) -> Vec<Object> {
        let sources = self.sources.iter().flatten();
        sources
            .map(|source| graph.named(&source.id, &source.title))
            .collect()
    }
}

/// The evidence of these records: one query, or none when nothing was asked for.
pub fn evidence(
    conn: &mut DbConn,
    includes: &[String],
    records: &[PublicId],
) -> QueryResult<HashMap<PublicId, Evidence>> {
    let wants = |name: &str| includes.iter().any(|include| include == name);
    let (citations, sources) = (wants("citations"), wants("sources"));
    if !citations && !sources {
        return Ok(HashMap::new());
    }
    let mut found = store::of_records(conn, records)?;
    Ok(records
        .iter()
        .map(|record| {
            let rows = found.remove(record).unwrap_or_default();
            let mut told = HashSet::new();
            let each = rows.iter().filter(|(_, source)| told.insert(source.id));
            let evidence = Evidence {
                citations: citations
                    .then(|| rows.iter().map(|(row, source)| row.view(source)).collect()),
                sources: sources.then(|| each.map(|(_, source)| source.view()).collect()),
            };
            (record.clone(), evidence)
        })
        .collect())
}
