//! The events of a membership: reading them, and recording one more.

pub mod view;

use actix_web::{get, post, web};
use serde_json::Value;

use crate::access::{self, JsonWrite};
use crate::changes::Ctx;
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::vocabulary::record::{ChangeOp, Operation};
use crate::db::DbConn;
use crate::evidence::citations::store as citation_store;
use crate::evidence::documents::{DocumentVisibility, owner as documents};
use crate::http::code::Code;
use crate::http::extract::body::shaped;
use crate::http::extract::query::NoParams;
use crate::http::extract::{DryRun, ListParams, ListQuery, Read};
use crate::http::listing::page_of;
use crate::http::page::Page;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond;
use crate::http::write::Written;
use crate::lifecycle::{Subject, of_subject};
use crate::networks::memberships::dates;
use crate::networks::memberships::event_rules::{self, NewEvent};
use crate::networks::memberships::fold::{self, Life, Step};
use crate::networks::memberships::record::Membership;
use crate::networks::memberships::span;
use crate::networks::memberships::store::{self, MembershipRow};
use crate::networks::memberships::types::{EventIn, EventView};
use crate::partners::reference;
use crate::records;

/// List the events of a membership
///
/// In the order in which they happened, oldest first; an event that was put right stays, marked.
#[utoipa::path(tag = "networks", params(("id" = String, Path, description = "The membership's id", example = "mbr_8x3k0q2m7t"), ListParams),
    responses((status = 200, description = "A page of events", body = Page<EventView>)))]
#[get("/api/v1/memberships/{id}/events")]
pub async fn list_membership_events(
    (app, request, viewer): Read,
    path: web::Path<String>,
    query: ListQuery<NoParams>,
) -> HttpResult {
    let page = |conn: &mut DbConn, query: &ListQuery<_>, (row, viewer): (MembershipRow, _)| {
        let visibility = DocumentVisibility::of(conn, &viewer)?;
        let all = view::views_of(conn, row.id, query.params.lang(), &visibility)?;
        page_of(all, query, |event: &EventView| event.id.to_string())
    };
    records::parts::<Membership, _, _>(&app, &request, viewer, &path, query, None, page).await
}

/// Record an event of a membership
///
/// One step of its lifecycle; `allowed` of the membership says which are possible now. A step may be
/// recorded late: it takes its place among the others by its date.
#[utoipa::path(tag = "networks", params(("id" = String, Path, description = "The membership's id", example = "mbr_8x3k0q2m7t"), DryRun),
    request_body = EventIn, responses((status = 201, description = "The event as recorded", body = EventView)))]
#[post("/api/v1/memberships/{id}/events")]
pub async fn create_membership_event(write: JsonWrite, path: web::Path<String>) -> HttpResult {
    records::step::<Membership>(write, &path, Operation::Event, record_json).await
}

/// Records an event as it was sent inside a write transaction, with its change.
pub fn record_json(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    event: &Value,
) -> Result<Written, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("membership"))?;
    let mut issues = Issues::default();
    let new = event_rules::event(shaped(event.clone(), "")?, "", false, &mut issues);
    let step = step(conn, ctx, row.id, new, "", &mut issues)?;
    let step = issues.finish(step)?;
    let (after, event) = record(conn, ctx, &row, &step)?;
    let visibility = DocumentVisibility::of(conn, &ctx.viewer)?;
    let shown = view::views_of(conn, row.id, None, &visibility)?
        .into_iter()
        .find(|view| view.id == event);
    let shown = shown.ok_or_else(|| Problem::new(Code::Internal))?;
    Ok(Written::created(
        respond::to_value(&shown)?,
        after.etag(),
        format!("/api/v1/memberships/{id}/events"),
    ))
}

/// Records one event of a published membership inside a write transaction, with its change; the
/// membership after it, and the event's id.
pub fn record(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &MembershipRow,
    step: &Step,
) -> Result<(MembershipRow, PublicId), Problem> {
    let mut life = Life::load(conn, row, ctx.today())?;
    let periods = life.story()?.folded.periods.clone();
    let known = dates::contradicted(&life)?;
    let added = life.add(ctx.today(), step, "")?;
    let content = life.content(row.own())?;
    let mut issues = Issues::default();
    let at = "/effective_on";
    let facts = (&row.facts(), &content.facts);
    span::within_lives(conn, row.sides(), facts, Some(at), &mut issues)?;
    for issue in dates::newly_contradicted(&life, &known)? {
        let (member, rule) = (issue.pointer.trim_start_matches('/'), issue.message);
        let rule = format!("{member}, as the record says it, could not stand: {rule}");
        issues.add(at, issue.code, rule);
    }
    if let Some(issue) = issues.into_vec().into_iter().next() {
        return Err(Problem::new(Code::GuardFailed)
            .detail("the action is possible in this status, but a condition is not met")
            .field(&issue.pointer, issue.code, issue.message));
    }
    let event = fold::insert(conn, ctx, row.id, step, &added)?;
    let after = fold::store_life(conn, ctx, row, &periods, (&life, &content))?;
    let reason = step.details.reason_text.as_deref();
    records::log::<Membership>(conn, ctx, ChangeOp::Event, None, &after, reason)?;
    Ok((after, event))
}

/// The event with everything it names looked up; what is not there goes to `issues`, below `at`.
///
/// 403 when it corrects an event that another office has recorded.
pub fn step(
    conn: &mut DbConn,
    ctx: &Ctx,
    key: i64,
    new: NewEvent,
    at: &str,
    issues: &mut Issues,
) -> Result<Option<Step>, Problem> {
    let mut details = new.details;
    let place = format!("{at}/actor_partner_id");
    let actor = reference::resolve(conn, &place, new.actor.as_ref(), issues)?;
    details.actor = actor.map(|known| known.key);
    let place = format!("{at}/document_id");
    details.document = documents::named(conn, ctx, &place, new.document.as_deref(), issues)?;
    let place = format!("{at}/source_id");
    let source = citation_store::resolve(conn, ctx, new.source.as_ref(), &place, issues)?;
    let source = source.map(|source| source.id);
    let corrects = match &new.corrects {
        Some(id) => {
            let rows = of_subject(conn, Subject::Membership(key))?;
            let Some(row) = rows.into_iter().find(|row| row.public_id == *id) else {
                let rule = format!("the membership has no event {id}");
                issues.add(format!("{at}/corrects_event_id"), "unknown_reference", rule);
                return Ok(None);
            };
            access::may_correct(ctx, &row.recorded_by)?;
            Some(row.id)
        }
        None => None,
    };
    let told = new.action.zip(new.effective_on);
    Ok(told.map(|(action, effective_on)| Step {
        action,
        effective_on,
        to_status: new.to_status,
        corrects,
        source,
        details,
    }))
}
