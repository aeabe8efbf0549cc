//! The page of an agreement.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use super::ask::Ask;
use super::evidence::{Evidence, evidence};
use super::reader::Reader;
use crate::agreements::record::Agreement;
use crate::agreements::store as agreements;
use crate::agreements::types::AgreementView;
use crate::app::App;
use crate::core::ids::{Kind, PublicId};
use crate::evidence::sources::SourceView;
use crate::http::extract::path_id;
use crate::http::problem::Problem;

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown {
    agreement: AgreementView,
    evidence: Evidence,
    offices: BTreeMap<String, String>,
    /// The sources of its events, by their ids.
    event_sources: BTreeMap<String, SourceView>,
    /// The agreements it names, by their ids.
    linked: BTreeMap<String, AgreementView>,
}

/// An agreement: what it says, its past in sentences, and where all this is from.
#[get("/{lang:en|pl}/agreements/{id}")]
pub async fn agreement_page(
    app: web::Data<App>,
    ask: Ask,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Agreement, "agreement", &path.1)?;
    ask.answer(&app, "agreement.html", move |reader, _| read(reader, &id))
        .await
}

fn read(reader: &mut Reader<'_>, id: &PublicId) -> Result<Shown, Problem> {
    let includes = ["events", "citations", "documents", "activities"];
    let mut agreement = reader.item::<Agreement>(id, &includes)?;
    let events = agreement.events.iter().flatten();
    let sources = events.filter_map(|event| event.source_id.clone()).collect();
    let linked: Vec<PublicId> = agreement
        .supersedes
        .iter()
        .chain(&agreement.superseded_by)
        .chain(&agreement.arose_from)
        .chain(&agreement.parent_id)
        .cloned()
        .collect();
    let linked = reader.those::<Agreement>(&linked, &[], agreements::by_ids)?;
    Ok(Shown {
        evidence: evidence(agreement.evidence.citations.take()),
        offices: reader.offices(&agreement.meta)?,
        event_sources: reader.sources(sources)?,
        linked: linked
            .into_iter()
            .map(|other| (other.id.to_string(), other))
            .collect(),
        agreement,
    })
}
