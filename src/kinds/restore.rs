//! `POST /{collection}/{id}/restore`: one address for records of every kind; what is checked again is
//! each room's own.

use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::access::JsonWrite;
use crate::access::review::{self, Proposal};
use crate::activities::types::ActivityView;
use crate::agreements::types::AgreementView;
use crate::changes::{Ctx, history, records};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::record::{Operation, RecordState};
use crate::db::DbConn;
use crate::evidence::documents::DocumentView;
use crate::evidence::sources::SourceView;
use crate::http::code::Code;
use crate::http::extract::body::shaped;
use crate::http::extract::{DryRun, path_id};
use crate::http::problem::{HttpResult, Problem, validated};
use crate::http::validate;
use crate::http::write::Written;
use crate::networks::memberships::types::MembershipView;
use crate::networks::types::NetworkView;
use crate::partners::types::PartnerView;

/// Why a withdrawal is undone.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "withdrawn by mistake"}))]
pub struct RestoreIn {
    /// Why: kept with the change.
    #[schema(min_length = 1, max_length = 500, example = "withdrawn by mistake")]
    pub reason: Option<String>,
}

/// A restored record, as its own collection shows it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(
    clippy::large_enum_variant,
    reason = "stands for the shape of the answer in the document"
)]
pub enum RestoredView {
    /// A partner.
    Partner(PartnerView),
    /// An agreement.
    Agreement(AgreementView),
    /// A network.
    Network(NetworkView),
    /// A membership.
    Membership(MembershipView),
    /// An activity.
    Activity(ActivityView),
    /// A source.
    Source(SourceView),
    /// A document.
    Document(DocumentView),
}

/// The address of a record that can be restored.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RestorePath {
    /// The collection the record is in.
    #[param(
        example = "partners",
        pattern = "^(partners|agreements|networks|memberships|activities|sources|documents)$"
    )]
    pub collection: String,
    /// The record's id.
    #[param(example = "ptn_8x3k0q2m7t")]
    pub id: String,
}

impl RestorePath {
    fn id(&self) -> Result<PublicId, Problem> {
        let kind = Kind::of_collection(&self.collection)
            .ok_or_else(|| Problem::not_found("collection"))?;
        path_id(kind, kind.as_str(), &self.id)
    }
}

/// Restore a withdrawn record
///
/// It is published again, or a draft again if nobody else had ever seen it, at its next version. What
/// guards a new record guards this one: identifiers and live memberships taken meanwhile, or an
/// agreement of the same parties recorded since, are 409; what it names must still be there (422).
/// A record that is not withdrawn: 409.
#[utoipa::path(tag = "service", params(RestorePath, DryRun), request_body = RestoreIn,
    responses((status = 200, description = "The record as it now is", body = RestoredView, headers(("ETag")))))]
#[post("/api/v1/{collection}/{id}/restore")]
pub async fn restore_record(write: JsonWrite, path: web::Path<RestorePath>) -> HttpResult {
    let id = path.id()?;
    write
        .run(move |conn, writing, body| {
            let gone = || Problem::not_found(id.kind().as_str());
            let head = super::find(conn, &writing.ctx.viewer, &id)?.ok_or_else(gone)?;
            let withdrawn = head.state == RecordState::Withdrawn;
            if let Err(problem) = head.must_be_seen(conn, &writing.ctx.viewer, &id)
                && (!withdrawn || problem.code() != Code::Withdrawn)
            {
                return Err(problem);
            }
            let scope = super::of(id.kind())?.scope;
            if !writing.actor.has_scope(Some(scope)) {
                return Err(Problem::forbidden(format!("the key's scopes lack {scope}")));
            }
            writing.may_edit(conn, &id)?;
            writing.if_match.check_version(head.version)?;
            if !withdrawn {
                return Err(Problem::new(Code::IllegalTransition)
                    .detail("only what was withdrawn can be restored")
                    .member("record_state", json!(head.state))
                    .member("allowed", json!([])));
            }
            writing.ctx.state = state(conn, &id)?;
            let proposal = Proposal::new(Operation::Restore, &id, head.version, body.value()?);
            review::apply_or_hold(conn, &writing.ctx, proposal, |conn, ctx, payload| {
                restore(conn, ctx, &id, payload)
            })
        })
        .await
}

/// Where a restored record stands: what nobody had seen before it was withdrawn is a draft again.
fn state(conn: &mut DbConn, id: &PublicId) -> Result<RecordState, Problem> {
    // A published paper may be for its office alone: what the public has seen does not tell.
    let published = if id.kind() == Kind::Document {
        let head = records::find(conn, id)?.ok_or_else(|| Problem::not_found("document"))?;
        history::state_before(conn, id, head.version)? == Some(RecordState::Published)
    } else {
        records::was_public(conn, id)?
    };
    Ok(if published {
        RecordState::Published
    } else {
        RecordState::Draft
    })
}

/// Restores a record of any kind inside a write transaction, with its change.
pub fn restore(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    payload: &Value,
) -> Result<Written, Problem> {
    let input: RestoreIn = shaped(payload.clone(), "")?;
    let mut issues = Issues::default();
    let reason = validate::text("/reason", input.reason, 500, &mut issues);
    validated(issues)?;
    let (ctx, reason) = (&ctx.with_state(state(conn, id)?), reason.as_deref());
    (super::of(id.kind())?.restore)(conn, ctx, id, reason)
}
