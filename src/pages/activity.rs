//! The page of an activity.

use std::mem::take;

use serde::Serialize;

use super::evidence::About;
use super::page_request::PageRequest;
use super::reader::Reader;
use crate::activities::record::Activity;
use crate::activities::types::ActivityView;
use crate::agreements::record::Agreement;
use crate::agreements::types::AgreementView;
use crate::core::ids::PublicId;
use crate::http::problem::Problem;

/// What it shows.
#[derive(Debug, Serialize)]
pub struct Shown {
    activity: ActivityView,
    #[serde(flatten)]
    about: About,
    agreements: Vec<AgreementView>,
}

/// A visit, a meeting, or something else done together.
pub fn read(reader: &mut Reader<'_>, _: &PageRequest, id: &PublicId) -> Result<Shown, Problem> {
    let mut activity = reader.item::<Activity>(id, &["citations", "sources", "documents"])?;
    Ok(Shown {
        about: About::of::<Activity>(reader, &mut activity, |view| take(&mut view.evidence))?,
        agreements: reader.visible::<Agreement>(&activity.agreement_ids, &[])?,
        activity,
    })
}
