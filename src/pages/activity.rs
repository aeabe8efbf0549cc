//! The page of an activity.

use std::mem::take;

use super::{Activity, Agreement, Content, PageRequest, Reader};
use crate::core::ids::PublicId;
use crate::http::problem::Problem;

/// A visit, a meeting, or something else done together.
pub fn read(reader: &mut Reader<'_>, _: &PageRequest, id: &PublicId) -> Result<Content, Problem> {
    let activity = reader.item::<Activity>(id, &["citations", "sources", "documents"])?;
    let agreements = reader.visible::<Agreement>(&activity.agreement_ids, &[])?;
    let content = Content::record::<Activity>(reader, activity, |view| take(&mut view.evidence))?;
    Ok(content.with("agreements", agreements))
}
