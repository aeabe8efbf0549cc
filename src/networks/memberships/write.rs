//! Recording, changing and withdrawing memberships.

use actix_web::{HttpResponse, delete, patch, post, web};

use super::change::change;
pub use super::create::create;
use super::events;
use super::life::Step;
use super::store::{self, MembershipRow};
use super::types::{MembershipIn, MembershipView};
use super::view::{self, Detail};
use crate::access::review::{self, Proposal};
use crate::access::{self, Actor, Editing};
use crate::app::App;
use crate::changes::{Ctx, records};
use serde_json::Value;

use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::lifecycle::MembershipAction as Do;
use crate::core::vocabulary::record::ChangeOp;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::extract::body::OneOrManySchema;
use crate::http::extract::write::Reason;
use crate::http::extract::{DryRun, JsonBody, Query, WriteRequest, path_id};
use crate::http::problem::Problem;
use crate::http::write::{self, Written};
use crate::partners::reference as partners;

/// Record a membership
///
/// Or an array of up to 500: all or nothing. Its status follows from `admitted_on` or `applied_on`,
/// else from `initial_status`; a whole past can come as `events`.
#[utoipa::path(tag = "networks", params(DryRun), request_body = OneOrManySchema<MembershipIn>,
    responses((status = 201, description = "The membership as recorded", body = MembershipView)))]
#[post("/api/v1/memberships")]
pub async fn create_membership(
    actor: Actor,
    app: web::Data<App>,
    request: WriteRequest,
    dry_run: Query<DryRun>,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let mut ctx = actor.ctx(&app, &request);
    let hash = body.hash();
    write::execute(
        &app,
        &request,
        &actor.clone(),
        hash,
        dry_run.is_set(),
        move |conn| {
            write::each(body.one_or_many::<MembershipIn>()?, |input| {
                let between = partners::keys_of(conn, input.partner_id.as_deref())?;
                access::may_create(conn, &actor, &mut ctx, Editing::Between(&between))?;
                let ctx = ctx.making(input.record_state.as_ref());
                let row = create(conn, &ctx, input)?;
                let value = view::value(conn, &row, Detail::Item)?;
                let location = format!("/api/v1/memberships/{}", row.public_id);
                Ok(Written::created(value, row.etag(), location))
            })
        },
    )
    .await
}

fn find_to_edit(
    conn: &mut DbConn,
    actor: &Actor,
    ctx: &mut Ctx,
    request: &WriteRequest,
    id: &PublicId,
) -> Result<MembershipRow, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("membership"))?;
    crate::must_see!(conn, &ctx.viewer, row)?;
    access::may_edit(conn, actor, ctx, id)?;
    review::stays(ctx, row.record_state);
    request.if_match.require(row.version, &row.etag())?;
    Ok(row)
}

/// Change a membership
///
/// Its status changes by events only. A date that an event brought moves that event, by a
/// correction; partner and network stay.
#[utoipa::path(tag = "networks", params(("id" = String, Path, description = "The membership's id", example = "mbr_8x3k0q2m7t"), DryRun),
    request_body = MembershipIn, responses((status = 200, description = "The membership as it now is", body = MembershipView)))]
#[patch("/api/v1/memberships/{id}")]
pub async fn update_membership(
    actor: Actor,
    app: web::Data<App>,
    request: WriteRequest,
    path: web::Path<String>,
    dry_run: Query<DryRun>,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Membership, "membership", &path)?;
    let mut ctx = actor.ctx(&app, &request);
    let hash = body.hash();
    let precondition = request.clone();
    write::execute(
        &app,
        &request,
        &actor.clone(),
        hash,
        dry_run.is_set(),
        move |conn| {
            let row = find_to_edit(conn, &actor, &mut ctx, &precondition, &id)?;
            let standing = (row.version, row.record_state);
            let proposal = Proposal::update(&mut ctx, &id, standing, body.value()?)?;
            review::hold(conn, &ctx, proposal, |conn, ctx, patch| {
                update(conn, ctx, &id, patch)
            })
        },
    )
    .await
}

/// Changes a membership inside a write transaction, with its change.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    patch: &Value,
) -> Result<Written, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("membership"))?;
    let after = change(conn, ctx, &row, patch)?;
    let value = view::value(conn, &after, Detail::Item)?;
    Ok(Written::changed(value, after.etag()))
}

/// Withdraw a membership
///
/// Nothing is deleted: the id stays and answers 410 with the reason. A membership that ended is not
/// withdrawn; it is ended by an event.
#[utoipa::path(tag = "networks", params(("id" = String, Path, description = "The membership's id", example = "mbr_8x3k0q2m7t"), Reason),
    responses((status = 204, description = "Withdrawn")))]
#[delete("/api/v1/memberships/{id}")]
pub async fn withdraw_membership(
    actor: Actor,
    app: web::Data<App>,
    request: WriteRequest,
    path: web::Path<String>,
    reason: Query<Reason>,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Membership, "membership", &path)?;
    let mut ctx = actor.ctx(&app, &request);
    let precondition = request.clone();
    write::execute(
        &app,
        &request,
        &actor.clone(),
        String::new(),
        false,
        move |conn| {
            let row = find_to_edit(conn, &actor, &mut ctx, &precondition, &id)?;
            let reason = reason.checked()?;
            let proposal = Proposal::withdraw(&id, row.version, reason.as_deref());
            review::hold(conn, &ctx, proposal, |conn, ctx, _| {
                withdraw(conn, ctx, &id, reason.as_deref())
            })
        },
    )
    .await
}

/// Withdraws a membership inside a write transaction, with its change.
pub fn withdraw(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    reason: Option<&str>,
) -> Result<Written, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("membership"))?;
    let before = view::value(conn, &row, Detail::Listed)?;
    if !records::withdraw(conn, ctx, id, row.version, reason)? {
        return Err(Problem::overtaken());
    }
    store::release(conn, &row)?;
    let after = store::find(conn, id)?.ok_or_else(|| Problem::not_found("membership"))?;
    store::log(
        conn,
        ctx,
        ChangeOp::Withdrawn,
        Some(&before),
        &after,
        reason,
    )?;
    Ok(Written::nothing())
}

/// Ends every live membership of a network on the day it was dissolved, each by an event and a
/// change of its own.
pub fn end_with_network(
    conn: &mut DbConn,
    ctx: &Ctx,
    network: i64,
    dissolved_on: &Edtf,
) -> Result<(), Problem> {
    for row in store::live_of_network(conn, network)? {
        let step = Step::new(Do::End, None, dissolved_on.clone());
        events::record(conn, ctx, &row, &step).map_err(|problem| match problem.code() {
            // The membership is said to have begun, or gone on, after the network had ended.
            Code::IllegalTransition => Problem::new(Code::GuardFailed)
                .detail(format!(
                    "the events of {} go on after that day",
                    row.public_id
                ))
                .member("membership", row.public_id.as_str())
                .field("/dissolved_on", "membership_goes_on", problem.to_string()),
            _ => problem,
        })?;
    }
    Ok(())
}
