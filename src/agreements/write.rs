//! Recording, changing and withdrawing agreements.

use actix_web::{HttpResponse, delete, patch, post, web};
use diesel::prelude::*;

use super::create::{self, Origin};
use super::store::{self, AgreementRow};
use super::types::{AgreementIn, AgreementView};
use super::{change, links};
use crate::access::{self, Actor, Editing};
use crate::app::App;
use crate::changes::{self, records};
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
    let ctx = actor.ctx(app, request);
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
                access::may_create(conn, &actor, Editing::Between(&between))?;
            }
            write::each(input?, |input| {
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
    request: &WriteRequest,
    id: &PublicId,
) -> Result<AgreementRow, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("agreement"))?;
    Problem::unless_published(row.record_state, row.withdrawn_reason.as_deref())?;
    access::may_edit(conn, actor, id)?;
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
    let ctx = actor.ctx(&app, &request);
    let hash = body.hash();
    let precondition = request.clone();
    write::execute(
        &app,
        &request,
        &actor.clone(),
        hash,
        dry_run.is_set(),
        move |conn| {
            let row = find_to_edit(conn, &actor, &precondition, &id)?;
            let after = change::change(conn, &ctx, &actor, &row, &body)?;
            Ok(Written::changed(
                store::item_value(conn, &after)?,
                after.etag(),
            ))
        },
    )
    .await
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
    let ctx = actor.ctx(&app, &request);
    let precondition = request.clone();
    write::execute(
        &app,
        &request,
        &actor.clone(),
        String::new(),
        false,
        move |conn| {
            let row = find_to_edit(conn, &actor, &precondition, &id)?;
            let reason = reason.checked()?;
            let before = store::value(conn, &row, false)?;
            if !records::withdraw(conn, &ctx, &id, row.version, reason.as_deref())? {
                return Err(Problem::overtaken());
            }
            derived::refresh(conn, &[row.id])?;
            let rev = changes::upcoming(conn)?;
            let mut showing = links::older(conn, row.id)?;
            showing.push(row.id);
            links::touch(conn, &showing, rev)?;
            let after = store::by_key(conn, row.id)?;
            store::log(
                conn,
                &ctx,
                ChangeOp::Withdrawn,
                Some(&before),
                &after,
                reason.as_deref(),
            )?;
            Ok(Written::nothing())
        },
    )
    .await
}
