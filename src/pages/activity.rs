//! The page of an activity.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use super::along::Along;
use super::ask::Ask;
use super::evidence::{Evidence, evidence, then};
use super::reader::Reader;
use crate::activities::record::Activity;
use crate::activities::types::ActivityView;
use crate::agreements::record::Agreement;
use crate::agreements::types::AgreementView;
use crate::app::App;
use crate::core::ids::{Kind, PublicId};
use crate::http::extract::path_id;
use crate::http::problem::Problem;

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown {
    activity: ActivityView,
    evidence: Evidence,
    offices: BTreeMap<String, String>,
    #[serde(flatten)]
    along: Along,
    agreements: Vec<AgreementView>,
}

/// A visit, a meeting, or something else done together.
#[get("/{lang:en|pl}/activities/{id}")]
pub async fn activity_page(
    app: web::Data<App>,
    ask: Ask,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Activity, "activity", &path.1)?;
    ask.answer(&app, "activity.html", move |reader, _| read(reader, &id))
        .await
}

fn read(reader: &mut Reader<'_>, id: &PublicId) -> Result<Shown, Problem> {
    let mut activity = reader.item::<Activity>(id, &["citations", "sources", "documents"])?;
    let then = then(reader, &activity)?;
    Ok(Shown {
        along: Along::record::<Activity>(reader, &activity)?,
        evidence: evidence(id, then.as_ref(), std::mem::take(&mut activity.evidence)),
        offices: reader.offices(&activity.meta)?,
        agreements: reader.visible::<Agreement>(&activity.agreement_ids, &[])?,
        activity,
    })
}
