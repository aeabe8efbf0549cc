//! The page of a membership.

use std::mem::take;

use serde::Serialize;

use super::as_of::{self, Later};
use super::evidence::About;
use super::page_request::PageRequest;
use super::reader::Reader;
use crate::core::ids::PublicId;
use crate::http::problem::Problem;
use crate::lifecycle::SubjectKind;
use crate::networks::memberships::record::Membership;
use crate::networks::memberships::types::MembershipView;

/// What it shows.
#[derive(Debug, Serialize)]
pub struct Shown {
    membership: MembershipView,
    #[serde(flatten)]
    about: About,
    #[serde(flatten)]
    later: Later,
    /// It, when it is only possible that it stood so on the day that is asked about.
    possible: Vec<PublicId>,
}

/// A partner's place in a network: since when, as what, its past in sentences, and where all this is from.
pub fn read(reader: &mut Reader<'_>, _: &PageRequest, id: &PublicId) -> Result<Shown, Problem> {
    let includes = ["events", "citations", "sources", "documents"];
    let mut membership = reader.item::<Membership>(id, &includes)?;
    let later = reader
        .as_of
        .map(|day| as_of::membership(&mut membership, day));
    Ok(Shown {
        possible: reader.possible(SubjectKind::Memberships, std::slice::from_ref(id))?,
        later: later.unwrap_or_default(),
        about: About::of::<Membership>(reader, &mut membership, |view| take(&mut view.evidence))?,
        membership,
    })
}
