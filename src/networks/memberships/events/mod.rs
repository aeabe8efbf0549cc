//! The events of a membership: reading them, and recording one more.

pub mod view;

use actix_web::{get, post, web};
use serde_json::Value;

use crate::access::{self, JsonWrite};
use crate::changes::Ctx;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::lifecycle::MembershipAction as Do;
use crate::core::vocabulary::record::{ChangeOp, Operation};
use crate::db::DbConn;
use crate::evidence::citations::store as citation_store;
use crate::evidence::citations::types::Which;
use crate::evidence::documents::{DocumentVisibility, owner as documents};
use crate::http::code::Code;
use crate::http::extract::body::shaped;
use crate::http::extract::query::NoParams;
use crate::http::extract::{DryRun, ListParams, ListQuery, Read};
use crate::http::listing::page_of;
use crate::http::page::Page;
use crate::http::problem::{HttpResult, Problem};
use crate::http::write::Written;
use crate::http::{respond, validate};
use crate::lifecycle::{MAX_NOTE, MAX_PLACE, MAX_REASON, Subject, of_subject};
use crate::networks::memberships::dates;
use crate::networks::memberships::event_rules;
use crate::networks::memberships::fold::{self, Life, Step};
use crate::networks::memberships::record::Membership;
use crate::networks::memberships::span;
use crate::networks::memberships::store::{self, MembershipRow};
use crate::networks::memberships::types::{Details, EventIn, EventView};
use crate::networks::rules::MAX_CLASS;
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
        let all = view::views_of(conn, &row, query.params.lang(), &visibility)?;
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
    let input = shaped(event.clone(), "")?;
    let step = step(conn, ctx, Some(row.id), input, ("", false), &mut issues)?;
    let step = issues.finish(step)?;
    let (after, event) = record(conn, ctx, &row, &step)?;
    let visibility = DocumentVisibility::of(conn, &ctx.viewer)?;
    let shown = view::views_of(conn, &after, None, &visibility)?
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
    let content = life.content(row.own.clone())?;
    let mut issues = Issues::default();
    let at = "/effective_on";
    let facts = (&row.facts, &content.facts);
    span::within_lives(conn, row.sides, facts, Some(at), &mut issues)?;
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

/// The event with everything it names looked up; what is wrong with it goes to `issues`, below `at`.
///
/// It is one of the membership of this internal key, or of the past of one that is being recorded; `sourced` says that
/// the record itself names a source. 403 when it corrects an event that another office has recorded.
pub fn step(
    conn: &mut DbConn,
    ctx: &Ctx,
    key: Option<i64>,
    input: EventIn,
    (at, sourced): (&str, bool),
    issues: &mut Issues,
) -> Result<Option<Step>, Problem> {
    let p = |name: &str| format!("{at}/{name}");
    let to_status = issues.take(&p("to_status"), input.to_status.clone());
    let (action, effective_on) = event_rules::event(&input, at, sourced, issues);
    let which = Which::of_event(at, input.source_id, input.source, issues);
    if key.is_none() {
        if action == Some(Do::Correct) {
            let rule = "a past that is told for the first time needs no corrections";
            issues.add(p("action"), "not_applicable", rule);
        }
        if which.is_none() && !sourced && action != Some(Do::Note) {
            issues.add(p("source_id"), "required", "name a source");
        }
    }
    let (at_corrected, at_actor) = (p("corrects_event_id"), p("actor_partner_id"));
    let corrects = validate::id(&at_corrected, input.corrects_event_id, Kind::Event, issues);
    let actor = validate::id(&at_actor, input.actor_partner_id, Kind::Partner, issues);
    let act = input.legal_act;
    let mut details = Details {
        actor: None,
        deciding_body: issues.take(&p("deciding_body"), input.deciding_body),
        class: validate::text(&p("class"), input.class, MAX_CLASS, issues),
        reason_code: issues.take(&p("reason_code"), input.reason_code),
        reason_text: validate::prose(&p("reason_text"), input.reason_text, MAX_REASON, issues),
        formal: input.formal,
        place: validate::text(&p("place"), input.place, MAX_PLACE, issues),
        legal_act: act.and_then(|act| act.check(&p("legal_act"), issues)),
        note: validate::prose(&p("note"), input.note, MAX_NOTE, issues),
        document: None,
    };
    let actor = reference::resolve(conn, &at_actor, actor.as_ref(), issues)?;
    details.actor = actor.map(|known| known.key);
    let (place, document) = (p("document_id"), input.document_id.as_deref());
    details.document = documents::named(conn, ctx, &place, document, issues)?;
    let source = citation_store::resolve(conn, ctx, which.as_ref(), &p("source_id"), issues)?;
    let corrects = match &corrects {
        Some(id) => {
            let rows = of_subject(conn, Subject::Membership(key.unwrap_or_default()))?;
            let Some(row) = rows.into_iter().find(|row| row.public_id == *id) else {
                let rule = format!("the membership has no event {id}");
                issues.add(at_corrected, "unknown_reference", rule);
                return Ok(None);
            };
            access::may_correct(ctx, &row.recorded_by)?;
            Some(row.id)
        }
        None => None,
    };
    let told = action.zip(effective_on);
    Ok(told.map(|(action, effective_on)| Step {
        action,
        effective_on,
        to_status,
        corrects,
        source: source.map(|source| source.id),
        details,
    }))
}
