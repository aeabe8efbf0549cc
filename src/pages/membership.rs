//! The page of a membership.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use super::along::Along;
use super::as_of::{self, Later};
use super::ask::Ask;
use super::evidence::{Evidence, evidence, then};
use super::reader::Reader;
use crate::app::App;
use crate::core::ids::{Kind, PublicId};
use crate::http::extract::path_id;
use crate::http::problem::Problem;
use crate::lifecycle::SubjectKind;
use crate::networks::memberships::record::Membership;
use crate::networks::memberships::types::MembershipView;

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown {
    membership: MembershipView,
    evidence: Evidence,
    offices: BTreeMap<String, String>,
    #[serde(flatten)]
    along: Along,
    #[serde(flatten)]
    later: Later,
    /// It, when it is only possible that it stood so on the day that is asked about.
    possible: Vec<PublicId>,
}

/// A partner's place in a network: since when, as what, its past in sentences, and where all this is from.
#[get("/{lang:en|pl}/memberships/{id}")]
pub async fn membership_page(
    app: web::Data<App>,
    ask: Ask,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Membership, "membership", &path.1)?;
    ask.answer(&app, "membership.html", move |reader, _| read(reader, &id))
        .await
}

fn read(reader: &mut Reader<'_>, id: &PublicId) -> Result<Shown, Problem> {
    let includes = ["events", "citations", "sources", "documents"];
    let mut membership = reader.item::<Membership>(id, &includes)?;
    let later = reader
        .as_of
        .map(|day| as_of::membership(&mut membership, day));
    let then = then(reader, &membership)?;
    Ok(Shown {
        possible: reader.possible(SubjectKind::Memberships, std::slice::from_ref(id))?,
        later: later.unwrap_or_default(),
        along: Along::record::<Membership>(reader, &membership)?,
        evidence: evidence(id, then.as_ref(), std::mem::take(&mut membership.evidence)),
        offices: reader.offices(&membership.meta)?,
        membership,
    })
}
