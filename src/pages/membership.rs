//! The page of a membership.

use std::mem::take;

use super::as_of;
use super::{Content, Membership, PageRequest, Reader};
use crate::core::ids::PublicId;
use crate::http::problem::Problem;
use crate::lifecycle::SubjectKind;

/// A partner's place in a network: since when, as what, its past in sentences, and where all this is from.
pub fn read(reader: &mut Reader<'_>, _: &PageRequest, id: &PublicId) -> Result<Content, Problem> {
    let includes = ["events", "citations", "sources", "documents"];
    let mut membership = reader.item::<Membership>(id, &includes)?;
    let later = reader
        .as_of
        .map(|day| as_of::membership(&mut membership, day))
        .unwrap_or_default();
    let possible = reader.possible(SubjectKind::Memberships, std::slice::from_ref(id))?;
    let content =
        Content::record::<Membership>(reader, membership, |view| take(&mut view.evidence))?;
    Ok(content
        // It, when it is only possible that it stood so on the day that is asked about.
        .with("possible", possible)
        .with("not_yet", later.not_yet)
        .with("later", later.later))
}
