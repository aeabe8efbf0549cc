//! The handler of what needs attention.

use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::store;
use super::types::Counts;
use crate::access::Actor;
use crate::app::App;
use crate::changes::{self, records};
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::http::extract::params::{Id, Parsed};
use crate::http::extract::{Query, ReadRequest, Viewer};
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{self, Validator};

/// Whose records are looked at.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AttentionFilter {
    /// The office, by its partner's id: one's own when absent, and for registrars every record.
    #[param(value_type = Option<String>, example = "ptn_8x3k0q2m7t")]
    pub organisation: Option<Parsed<Id>>,
    /// Media type by name, instead of `Accept`.
    #[param(example = "json", pattern = "^json$")]
    pub format: Option<String>,
}

/// Read what needs attention
///
/// For staff: how many agreements that the office's partner takes part in end soon, have ended and
/// are still listed, wait for an announced end, want a confirmation or a legal act, sleep, or were
/// changed by another office; and how many of its contacts want to be verified. Each count names the
/// list of exactly those records.
#[utoipa::path(tag = "explore", params(AttentionFilter),
    responses((status = 200, description = "A count for each kind of attention", body = Counts), (status = 404)))]
#[get("/api/v1/attention")]
pub async fn get_attention(
    actor: Actor,
    app: web::Data<App>,
    request: ReadRequest,
    query: Query<AttentionFilter>,
) -> HttpResult {
    let Query(filter) = query;
    let asked = filter.organisation.map(|Parsed(Id(id))| id);
    let viewer = actor.viewer();
    let today = app.today();
    let conditions = request.clone();
    let (counts, validator, revision) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let revision = changes::revision(conn)?;
            let office = office(conn, &viewer, asked)?;
            // It depends on whom it is for and on the day, too.
            let whose = office.as_ref().map(|office| format!("-{office}"));
            let whose = whose.unwrap_or_default();
            let validator = Validator::fixed(format!("W/\"{revision}-{today}{whose}\""));
            if respond::is_settled(&conditions, &validator) {
                return Ok((None, validator, revision));
            }
            let counts = store::count(conn, office.as_ref(), today)?;
            Ok((Some(counts), validator, revision))
        })
        .await?;
    let response = respond::conditional(&request, &validator, || respond::to_bytes(&counts))?;
    Ok(respond::at_revision(response, revision))
}

/// The office that is looked at; none for every record. 404 for one the caller does not belong to.
fn office(
    conn: &mut DbConn,
    viewer: &Viewer,
    asked: Option<PublicId>,
) -> Result<Option<PublicId>, Problem> {
    let gone = || Problem::not_found("office");
    if viewer.sees_everything() {
        let Some(id) = asked else { return Ok(None) };
        let id = records::merged_into(conn, &id)?.unwrap_or(id);
        let head = records::find(conn, &id)?.filter(|head| head.state == RecordState::Published);
        return head.map(|_| Some(id)).ok_or_else(gone);
    }
    match asked {
        Some(id) if viewer.offices().any(|own| *own == id) => Ok(Some(id)),
        Some(_) => Err(gone()),
        None => viewer.offices().next().cloned().map(Some).ok_or_else(gone),
    }
}
