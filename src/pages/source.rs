//! The page of a source.

use serde::Serialize;

use super::numbered::Pages;
use super::subjects::{Subject, subjects};
use super::{Content, PageRequest, Reader, Source};
use crate::core::ids::PublicId;
use crate::evidence::citations::CitationView;
use crate::evidence::citations::read::of_source;
use crate::evidence::include::Evidence as Embedded;
use crate::http::problem::Problem;

/// A record that a source speaks of.
#[derive(Debug, Serialize)]
struct Stated {
    subject: Subject,
    citations: Vec<CitationView>,
}

/// A source: what it is, where it is found, and what it states of which record.
pub fn read(reader: &mut Reader<'_>, ask: &PageRequest, id: &PublicId) -> Result<Content, Problem> {
    let source = reader.item::<Source>(id, &[])?;
    let mut asked = vec![("limit", "60")];
    asked.extend(ask.cursor());
    let query = reader.query(&format!("sources/{id}/citations"), &asked, false)?;
    let found = of_source(reader.conn, id, &query)?;
    let records: Vec<PublicId> = found.data.iter().map(|c| c.record_id.clone()).collect();
    let mut seen = subjects(reader, &records)?;
    let mut stated: Vec<(PublicId, Stated)> = Vec::new();
    let pages = Pages::of_page(ask, &found);
    for citation in found.data {
        let record = citation.record_id.clone();
        if let Some((_, known)) = stated.iter_mut().find(|(known, _)| *known == record) {
            known.citations.push(citation);
        } else if let Some(subject) = seen.remove(&record) {
            let citations = vec![citation];
            stated.push((record, Stated { subject, citations }));
        }
    }
    let stated: Vec<Stated> = stated.into_iter().map(|(_, stated)| stated).collect();
    let content = Content::record::<Source>(reader, source, |_| Embedded::default())?;
    Ok(content
        // What it states of records, each with what it says of it.
        .with("stated", stated)
        .with("pages", pages))
}
