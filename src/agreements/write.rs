//! Recording, changing and withdrawing agreements.

use actix_web::{HttpResponse, delete, patch, post, web};
use diesel::prelude::*;
use serde_json::Value;

use super::create::{self, Origin};
use super::store::{self, AgreementRow};
use super::types::{AgreementIn, AgreementView};
use super::{change, links, supersession};
use crate::access::review::{self, Proposal};
use crate::access::{self, Actor, Editing};
use crate::app::App;
use crate::changes::{self, Ctx, records};
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::agreement::InstrumentType;
use crate::core::vocabulary::record::ChangeOp;
use crate::db::DbConn;
use crate::db::schema::partners;
use crate::http::code::Code;
use crate::http::extract::body::{OneOrMany, OneOrManySchema};
use crate::http::extract::write::Reason;
use crate::http::extract::{DryRun, JsonBody, Query, WriteRequest, path_id};
use crate::http::problem::Problem;
use crate::http::write::{self, Written};
use crate::lifecycle::derived;

/// Record an agreement
///
/// Of any instrument; or an array of up to 500: all or nothing. The status follows from the dates,
/// from `initial_status`, or from a whole past given as `events`.
#[utoipa::path(tag = "agreements", params(DryRun), request_body = OneOrManySchema<AgreementIn>,
    responses((status = 201, description = "The agreement as recorded", body = AgreementView)))]
#[post("/api/v1/agreements")]
pub async fn create_agreement(
    actor: Actor,
    app: web::Data<App>,
    request: WriteRequest,
    dry_run: Query<DryRun>,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    create_any(actor, &app, &request, dry_run, body, Ok).await
}

/// Record a letter of intent
///
/// An agreement whose instrument is a letter of intent; `instrument` may be left out.
#[utoipa::path(tag = "agreements", params(DryRun), request_body = OneOrManySchema<AgreementIn>,
    responses((status = 201, description = "The letter of intent as recorded", body = AgreementView)))]
#[post("/api/v1/letters-of-intent")]
pub async fn create_letter_of_intent(
    actor: Actor,
    app: web::Data<App>,
    request: WriteRequest,
    dry_run: Query<DryRun>,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    create_any(actor, &app, &request, dry_run, body, |mut input| {
        match input.instrument.as_ref().map(|instrument| &instrument.0) {
            None => input.instrument = Some(InstrumentType::LetterOfIntent.into()),
            Some(Ok(InstrumentType::LetterOfIntent) | Err(_)) => {}
            Some(Ok(_)) => {
                return Err(Problem::new(Code::ValidationFailed).field(
                    "/instrument",
                    "not_a_letter_of_intent",
                    "must be letter_of_intent here; other instruments go to /api/v1/agreements",
                ));
            }
        }
        Ok(input)
    })
    .await
}

async fn create_any(
    actor: Actor,
    app: &web::Data<App>,
    request: &WriteRequest,
    dry_run: Query<DryRun>,
    body: JsonBody,
    prepare: impl Fn(AgreementIn) -> Result<AgreementIn, Problem> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let mut ctx = actor.ctx(app, request);
    let hash = body.hash();
    write::execute(
        app,
        request,
        &actor.clone(),
        hash,
        dry_run.is_set(),
        move |conn| {
            let input = body.one_or_many::<AgreementIn>();
            let named: Vec<&AgreementIn> = match &input {
                Ok(OneOrMany::One(one)) => vec![one],
                Ok(OneOrMany::Many(many)) => many.iter().collect(),
                Err(_) => Vec::new(),
            };
            for one in named {
                let between = party_keys(conn, one)?;
                access::may_create(conn, &actor, &mut ctx, Editing::Between(&between))?;
            }
            write::each(input?, |input| {
                let between = party_keys(conn, &input)?;
                access::may_create(conn, &actor, &mut ctx, Editing::Between(&between))?;
                let ctx = ctx.making(input.record_state.as_ref());
                let row = create::create(conn, &ctx, prepare(input)?, Origin::Request)?;
                let location = format!("/api/v1/agreements/{}", row.public_id);
                Ok(Written::created(
                    store::item_value(conn, &row)?,
                    row.etag(),
                    location,
                ))
            })
        },
    )
    .await
}

/// The internal keys of the partners a body names as parties; what is wrong with them comes later.
fn party_keys(conn: &mut DbConn, input: &AgreementIn) -> QueryResult<Vec<i64>> {
    let ids: Vec<&str> = input
        .parties
        .iter()
        .flatten()
        .filter_map(|party| party.partner_id.as_deref())
        .collect();
    partners::table
        .filter(partners::public_id.eq_any(ids))
        .select(partners::id)
        .load(conn)
}

fn find_to_edit(
    conn: &mut DbConn,
    actor: &Actor,
    ctx: &mut Ctx,
    request: &WriteRequest,
    id: &PublicId,
) -> Result<AgreementRow, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("agreement"))?;
    crate::must_see!(conn, &ctx.viewer, row)?;
    access::may_edit(conn, actor, ctx, id)?;
    review::stays(ctx, row.record_state);
    request.if_match.require(row.version, &row.etag())?;
    Ok(row)
}

/// Change an agreement
///
/// Everything but the legal status, which changes by events. Changing the date of a step that is
/// recorded as an event moves that event by a correction.
#[utoipa::path(tag = "agreements", params(("id" = String, Path, description = "The agreement's id", example = "agr_8x3k0q2m7t"), DryRun),
    request_body = AgreementIn, responses((status = 200, description = "The agreement as it now is", body = AgreementView)))]
#[patch("/api/v1/agreements/{id}")]
pub async fn update_agreement(
    actor: Actor,
    app: web::Data<App>,
    request: WriteRequest,
    path: web::Path<String>,
    dry_run: Query<DryRun>,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Agreement, "agreement", &path)?;
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

/// Changes an agreement inside a write transaction, with its change.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    patch: &Value,
) -> Result<Written, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("agreement"))?;
    let after = change::change(conn, ctx, &row, patch)?;
    Ok(Written::changed(
        store::item_value(conn, &after)?,
        after.etag(),
    ))
}

/// Withdraw an agreement
///
/// For a record that should not be there; an agreement that ended is terminated by an event instead.
#[utoipa::path(tag = "agreements", params(("id" = String, Path, description = "The agreement's id", example = "agr_8x3k0q2m7t"), Reason),
    responses((status = 204, description = "Withdrawn")))]
#[delete("/api/v1/agreements/{id}")]
pub async fn withdraw_agreement(
    actor: Actor,
    app: web::Data<App>,
    request: WriteRequest,
    path: web::Path<String>,
    reason: Query<Reason>,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Agreement, "agreement", &path)?;
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

/// Withdraws an agreement inside a write transaction, with its change.
pub fn withdraw(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    reason: Option<&str>,
) -> Result<Written, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("agreement"))?;
    supersession::release_all(conn, ctx, &row)?;
    let before = store::value(conn, &row, false)?;
    if !records::withdraw(conn, ctx, id, row.version, reason)? {
        return Err(Problem::overtaken());
    }
    derived::refresh(conn, &[row.id])?;
    let rev = changes::upcoming(conn)?;
    let older = links::older(conn, row.id)?;
    links::touch_others(conn, row.record_state, &older, rev)?;
    links::touch(conn, &[row.id], rev)?;
    let after = store::by_key(conn, row.id)?;
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
