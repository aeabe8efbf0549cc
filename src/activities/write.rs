//! Recording, changing and withdrawing activities.

use actix_web::{HttpResponse, delete, patch, post, web};
use diesel::prelude::*;
use serde_json::Value;

use super::rules::{self, NewActivity};
use super::store::{self, ActivityRow, Detail, Others};
use super::types::{ActivityIn, ActivityView};
use crate::access::review::{self, Proposal};
use crate::access::{self, Actor, Editing};
use crate::app::App;
use crate::changes::{Ctx, records};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::DbConn;
use crate::db::schema::{activity_participants, agreements};
use crate::evidence::citations::store as citation_store;
use crate::evidence::sources::store as source_store;
use crate::http::code::Code;
use crate::http::extract::body::OneOrManySchema;
use crate::http::extract::write::Reason;
use crate::http::extract::{DryRun, JsonBody, Query, WriteRequest, path_id};
use crate::http::patch;
use crate::http::problem::{Problem, validated};
use crate::http::write::{self, Written};
use crate::lifecycle::lives;
use crate::networks::reference as networks;
use crate::partners::reference as partners;

/// Record an activity
///
/// Or an array of up to 500: all or nothing.
#[utoipa::path(tag = "activities", params(DryRun), request_body = OneOrManySchema<ActivityIn>,
    responses((status = 201, description = "The activity as recorded", body = ActivityView)))]
#[post("/api/v1/activities")]
pub async fn create_activity(
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
            write::each(body.one_or_many::<ActivityIn>()?, |input| {
                let between = participants(conn, &input)?;
                access::may_create(conn, &actor, &mut ctx, Editing::Between(&between))?;
                let ctx = ctx.making(input.record_state.as_ref());
                let row = create(conn, &ctx, input)?;
                let value = store::value(conn, &row, Detail::Item)?;
                let location = format!("/api/v1/activities/{}", row.public_id);
                Ok(Written::created(value, row.etag(), location))
            })
        },
    )
    .await
}

/// The internal keys of the partners a body names as participants; what is wrong with them is told
/// later.
fn participants(conn: &mut DbConn, input: &ActivityIn) -> QueryResult<Vec<i64>> {
    let those = input.participants.iter().flatten();
    let those = those.filter_map(|participant| participant.partner_id.as_deref());
    partners::keys_of(conn, those)
}

/// Records one activity inside a write transaction, with its sources and its change.
pub fn create(conn: &mut DbConn, ctx: &Ctx, input: ActivityIn) -> Result<ActivityRow, Problem> {
    let mut issues = Issues::default();
    let new = rules::check(input, ctx.today(), &mut issues);
    let others = named(conn, new.as_ref(), &mut issues)?;
    alive(conn, new.as_ref(), &others, None, &mut issues)?;
    if let Some(new) = &new {
        citation_store::note_unknown(conn, ctx, &new.sources, &mut issues)?;
    }
    validated(issues)?;
    let new = new.ok_or_else(|| Problem::new(Code::Internal))?;
    let row = store::insert(conn, ctx, &new, &others)?;
    citation_store::cite(conn, ctx, &row.public_id, &new.sources)?;
    store::log(conn, ctx, ChangeOp::Created, None, &row, None)?;
    Ok(row)
}

/// The internal keys of what an activity names; what is not there goes to `issues`.
fn named(
    conn: &mut DbConn,
    new: Option<&NewActivity>,
    issues: &mut Issues,
) -> Result<Others, Problem> {
    let mut others = Others::default();
    let Some(new) = new else { return Ok(others) };
    if let Some(partner) = &new.place_partner {
        let known = partners::resolve(conn, "/place/partner_id", partner, issues)?;
        others.place = known.map(|known| known.key);
    }
    if let Some(network) = &new.network {
        let known = networks::resolve(conn, "/network_id", network, issues)?;
        others.network = known.map(|known| known.key);
    }
    for participant in &new.participants {
        let at = format!("/participants/{}/partner_id", participant.index);
        let known = partners::resolve(conn, &at, &participant.partner, issues)?;
        others.participants.extend(known.map(|known| known.key));
    }
    for (index, id) in new.agreements.iter().enumerate() {
        let at = format!("/agreement_ids/{index}");
        others.agreements.extend(agreement(conn, &at, id, issues)?);
    }
    Ok(others)
}

/// Notes the participants whose end was certainly before the activity began, but for those it had on
/// that day already.
fn alive(
    conn: &mut DbConn,
    new: Option<&NewActivity>,
    others: &Others,
    before: Option<&ActivityRow>,
    issues: &mut Issues,
) -> Result<(), Problem> {
    let Some((new, starts_on)) = new.and_then(|new| Some((new, new.starts_on.as_ref()?))) else {
        return Ok(());
    };
    let held: Vec<i64> = match before.filter(|row| row.starts_on.as_ref() == Some(starts_on)) {
        Some(row) => activity_participants::table
            .filter(activity_participants::activity_id.eq(row.id))
            .select(activity_participants::partner_id)
            .load(conn)?,
        None => Vec::new(),
    };
    let lives = lives::of_partners(conn, &others.participants)?;
    for (participant, key) in new.participants.iter().zip(&others.participants) {
        if !held.contains(key)
            && let Some(life) = lives.get(key)
            && life.is_over_by(starts_on)
        {
            issues.add(
                format!("/participants/{}/partner_id", participant.index),
                "after_dissolution",
                "the partner was dissolved before the activity began",
            );
        }
    }
    Ok(())
}

/// The internal key of a published agreement; one that is not there is noted at `at`.
pub(super) fn agreement(
    conn: &mut DbConn,
    at: &str,
    id: &PublicId,
    issues: &mut Issues,
) -> QueryResult<Option<i64>> {
    let known: Option<i64> = agreements::table
        .filter(agreements::public_id.eq(id))
        .filter(agreements::record_state.eq(RecordState::Published))
        .select(agreements::id)
        .first(conn)
        .optional()?;
    if known.is_none() {
        issues.add(
            at,
            "unknown_reference",
            format!("there is no agreement {id}"),
        );
    }
    Ok(known)
}

fn find_to_edit(
    conn: &mut DbConn,
    actor: &Actor,
    ctx: &mut Ctx,
    request: &WriteRequest,
    id: &PublicId,
) -> Result<ActivityRow, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("activity"))?;
    crate::must_see!(conn, &ctx.viewer, row)?;
    access::may_edit(conn, actor, ctx, id)?;
    review::stays(ctx, row.record_state);
    request.if_match.require(row.version, &row.etag())?;
    Ok(row)
}

/// Change an activity
///
/// Lists, such as that of the participants, are replaced as a whole.
#[utoipa::path(tag = "activities", params(("id" = String, Path, description = "The activity's id", example = "act_8x3k0q2m7t"), DryRun),
    request_body = ActivityIn, responses((status = 200, description = "The activity as it now is", body = ActivityView)))]
#[patch("/api/v1/activities/{id}")]
pub async fn update_activity(
    actor: Actor,
    app: web::Data<App>,
    request: WriteRequest,
    path: web::Path<String>,
    dry_run: Query<DryRun>,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Activity, "activity", &path)?;
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

/// Changes an activity inside a write transaction, with its change.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    patch: &Value,
) -> Result<Written, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("activity"))?;
    let before = store::value(conn, &row, Detail::Listed)?;
    let shown = store::value(conn, &row, Detail::Item)?;
    let mut issues = Issues::default();
    let new = rules::check(patched(shown, patch)?, ctx.today(), &mut issues);
    let others = named(conn, new.as_ref(), &mut issues)?;
    alive(conn, new.as_ref(), &others, Some(&row), &mut issues)?;
    validated(issues)?;
    access::takes_part(conn, ctx, &others.participants)?;
    let new = new.ok_or_else(|| Problem::new(Code::Internal))?;
    let after = store::update(conn, ctx, &row, &new, &others)?.ok_or_else(Problem::overtaken)?;
    source_store::publish_cited(conn, ctx, row.record_state, id)?;
    store::log(conn, ctx, ChangeOp::Updated, Some(&before), &after, None)?;
    let value = store::value(conn, &after, Detail::Item)?;
    Ok(Written::changed(value, after.etag()))
}

/// In `object`, the reference under `from` becomes its id under `to`.
fn as_input(object: &mut Value, from: &str, to: &str) {
    if let Some(members) = object.as_object_mut() {
        let id = members
            .remove(from)
            .and_then(|reference| reference.get("id").cloned());
        members.insert(to.to_owned(), id.unwrap_or_default());
    }
}

/// The activity's input form with the patch applied.
fn patched(mut current: Value, patch: &Value) -> Result<ActivityIn, Problem> {
    as_input(&mut current, "network", "network_id");
    if let Some(place) = current.get_mut("place") {
        as_input(place, "partner", "partner_id");
    }
    let participants = current
        .get_mut("participants")
        .and_then(Value::as_array_mut);
    for participant in participants.into_iter().flatten() {
        as_input(participant, "partner", "partner_id");
    }
    let input: ActivityIn = patch::patched(current, patch)?;
    if input.sources.is_some() {
        return Err(Problem::new(Code::MalformedRequest)
            .detail("sources are changed through the record's citations")
            .field(
                "/sources",
                "unknown_field",
                "post to /api/v1/activities/{id}/citations instead",
            ));
    }
    Ok(input)
}

/// Withdraw an activity
///
/// Nothing is deleted: the id stays and answers 410 with the reason.
#[utoipa::path(tag = "activities", params(("id" = String, Path, description = "The activity's id", example = "act_8x3k0q2m7t"), Reason),
    responses((status = 204, description = "Withdrawn")))]
#[delete("/api/v1/activities/{id}")]
pub async fn withdraw_activity(
    actor: Actor,
    app: web::Data<App>,
    request: WriteRequest,
    path: web::Path<String>,
    reason: Query<Reason>,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Activity, "activity", &path)?;
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

/// Withdraws an activity inside a write transaction, with its change.
pub fn withdraw(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    reason: Option<&str>,
) -> Result<Written, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("activity"))?;
    let before = store::value(conn, &row, Detail::Listed)?;
    if !records::withdraw(conn, ctx, id, row.version, reason)? {
        return Err(Problem::overtaken());
    }
    let after = store::find(conn, id)?.ok_or_else(|| Problem::not_found("activity"))?;
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
