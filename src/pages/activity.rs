//! The page of an activity.

use std::mem::take;

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use super::evidence::About;
use super::page_request::PageRequest;
use super::reader::Reader;
use crate::activities::record::Activity;
use crate::activities::types::ActivityView;
use crate::agreements::record::Agreement;
use crate::agreements::types::AgreementView;
use crate::app::App;
use crate::core::ids::PublicId;
use crate::http::problem::Problem;

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown {
    activity: ActivityView,
    #[serde(flatten)]
    about: About,
    agreements: Vec<AgreementView>,
}

/// A visit, a meeting, or something else done together.
#[get("/{lang:en|pl}/activities/{id}")]
pub async fn activity_page(
    app: web::Data<App>,
    ask: PageRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    ask.record::<Activity, _>(&app, &path.1, read).await
}

fn read(reader: &mut Reader<'_>, _: &PageRequest, id: &PublicId) -> Result<Shown, Problem> {
    let mut activity = reader.item::<Activity>(id, &["citations", "sources", "documents"])?;
    Ok(Shown {
        about: About::of::<Activity>(reader, &mut activity, |view| take(&mut view.evidence))?,
        agreements: reader.visible::<Agreement>(&activity.agreement_ids, &[])?,
        activity,
    })
}
