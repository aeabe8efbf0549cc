//! What handlers take from a request, one concern a file.

pub mod body;
pub mod if_match;
pub mod params;
pub mod query;
pub mod read;
mod strict_json;
pub mod tags;
pub mod viewer;
pub mod write;

pub use body::{JsonBody, OneOrMany};
pub use if_match::IfMatch;
pub use params::{List, Parsed};
pub use query::{ItemParams, ItemQuery, LangParams, LangQuery, ListParams, ListQuery, Query};
pub use read::{HeadOnly, Read, ReadRequest};
pub use viewer::Viewer;
pub use write::{DryRun, WriteRequest};

use crate::core::ids::{Kind, PublicId};

use super::problem::Problem;

/// The id in a path. One that could not name any record is 404, like one that names none.
pub fn path_id(kind: Kind, what: &str, text: &str) -> Result<PublicId, Problem> {
    text.parse::<PublicId>()
        .ok()
        .filter(|id| id.kind() == kind)
        .ok_or_else(|| Problem::not_found(what))
}
