//! Recording, changing and withdrawing memberships.

use actix_web::{HttpResponse, delete, patch, post, web};
use serde_json::Value;

use super::events;
use super::life::{self, Step};
use super::rules::{self, NewMembership, Past};
use super::store::{self, Content, Detail, MembershipRow};
use super::types::{MembershipIn, MembershipView};
use crate::access::{self, Actor, Editing};
use crate::app::App;
use crate::changes::{Ctx, records};
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::lifecycle::{Entry, Folded};
use crate::core::vocabulary::lifecycle::{MembershipAction as Do, MembershipStatus as Is};
use crate::core::vocabulary::record::ChangeOp;
use crate::db::DbConn;
use crate::evidence::citations::store as citation_store;
use crate::evidence::citations::types::{NewCitation, Which};
use crate::evidence::sources::store as source_store;
use crate::http::code::Code;
use crate::http::extract::body::OneOrManySchema;
use crate::http::extract::write::Reason;
use crate::http::extract::{DryRun, JsonBody, Query, WriteRequest, path_id};
use crate::http::patch;
use crate::http::problem::{Problem, validated};
use crate::http::write::{self, Written};
use crate::lifecycle::EventRow;
use crate::networks::lifecycle::OBSERVER_CLASS;
use crate::networks::reference;
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
    let ctx = actor.ctx(&app, &request);
    let hash = body.hash();
    write::execute(
        &app,
        &request,
        &actor.clone(),
        hash,
        dry_run.is_set(),
        move |conn| {
            write::each(body.one_or_many::<MembershipIn>()?, |input| {
                let row = create(conn, &ctx, &actor, input)?;
                let value = store::value(conn, &row, Detail::Item)?;
                let location = format!("/api/v1/memberships/{}", row.public_id);
                Ok(Written::created(value, row.etag(), location))
            })
        },
    )
    .await
}

/// Records one membership inside a write transaction, with its events, sources and its change.
pub fn create(
    conn: &mut DbConn,
    ctx: &Ctx,
    actor: &Actor,
    mut input: MembershipIn,
) -> Result<MembershipRow, Problem> {
    let between = partners::keys_of(conn, input.partner_id.as_deref())?;
    access::may_create(conn, actor, Editing::Between(&between))?;
    let mut issues = Issues::default();
    let (stated, told) = (input.initial_status.take(), input.events.take());
    let mut new = rules::check(input, ctx.today(), &mut issues);
    let named = named(conn, new.as_ref(), &mut issues)?;
    let past = rules::past(new.as_mut(), stated, told, ctx.today(), &mut issues);
    let is_told = matches!(past, Past::Told(_));
    let steps = match past {
        Past::Derived(first) => first
            .into_iter()
            .map(|(action, to, on)| Step::new(action, to, on))
            .collect(),
        Past::Told(told) => {
            let mut steps = Vec::with_capacity(told.len());
            for (index, event) in told.into_iter().enumerate() {
                let at = format!("/events/{index}");
                steps.extend(events::step(conn, ctx, actor, 0, event, &at, &mut issues)?);
            }
            steps
        }
    };
    validated(issues)?;
    let (Some(new), Some(partner), Some(network)) = (new, named.partner, named.network) else {
        return Err(Problem::new(Code::Internal));
    };
    let named = (partner, network, named.via);
    let (row, content) = live_through(conn, ctx, named, &new, &steps, is_told)?;
    life::guard(conn, ctx, &row, &content)?;
    let sources = cited(conn, &new, &steps)?;
    citation_store::cite(conn, ctx, &row.public_id, &sources)?;
    let row = store::settle(conn, &row, &content)?;
    life::seal(conn, ctx, &row)?;
    store::log(conn, ctx, ChangeOp::Created, None, &row, None)?;
    Ok(row)
}

/// The row of a new membership, and what its first events made of it.
fn live_through(
    conn: &mut DbConn,
    ctx: &Ctx,
    (partner, network, via): (i64, i64, Option<i64>),
    new: &NewMembership,
    steps: &[Step],
    is_told: bool,
) -> Result<(MembershipRow, Content), Problem> {
    let first = steps.first().ok_or_else(|| Problem::new(Code::Internal))?;
    let mut content = content(
        new,
        via,
        first.to_status.unwrap_or(Is::Applied),
        &first.effective_on,
    );
    let (admitted_on, ended_on) = (content.admitted_on.take(), content.ended_on.take());
    let row = store::insert(conn, ctx, partner, network, &content)?;
    for (index, step) in steps.iter().enumerate() {
        let at = if is_told {
            format!("/events/{index}")
        } else {
            String::new()
        };
        life::append(conn, ctx, row.id, &mut content, step, &at)?;
    }
    let mut issues = Issues::default();
    if ended_on.is_some() && content.status.is_live() {
        let rule = "a live membership has not ended";
        issues.add("/ended_on", "contradiction", rule);
    }
    if admitted_on.is_some() && content.status.is_asked_for() {
        let rule = "who has only asked to join has not been admitted";
        issues.add("/admitted_on", "contradiction", rule);
    }
    validated(issues)?;
    // What is said of the whole comes before what its events say.
    content.admitted_on = admitted_on.or(content.admitted_on);
    content.ended_on = ended_on.or(content.ended_on);
    Ok((row, content))
}

/// The sources of a new membership: those named for it, else those of its events.
fn cited(
    conn: &mut DbConn,
    new: &NewMembership,
    steps: &[Step],
) -> Result<Vec<NewCitation>, Problem> {
    if !new.sources.is_empty() {
        return Ok(new.sources.clone());
    }
    let mut keys: Vec<i64> = steps.iter().filter_map(|step| step.source).collect();
    keys.sort_unstable();
    keys.dedup();
    let rows = source_store::by_keys(conn, &keys)?;
    let whole = NewCitation::of(citation_store::staff_entry());
    Ok(rows
        .into_iter()
        .map(|row| NewCitation {
            source: Which::Known(row.public_id),
            ..whole.clone()
        })
        .collect())
}

/// The internal keys of the records a membership names.
#[derive(Debug, Clone, Copy, Default)]
struct Named {
    partner: Option<i64>,
    network: Option<i64>,
    via: Option<i64>,
}

fn named(
    conn: &mut DbConn,
    new: Option<&NewMembership>,
    issues: &mut Issues,
) -> Result<Named, Problem> {
    let Some(new) = new else {
        return Ok(Named::default());
    };
    let partner = partners::resolve(conn, "/partner_id", &new.partner, issues)?;
    let network = reference::resolve(conn, "/network_id", &new.network, issues)?;
    let via = match &new.via {
        Some(via) => partners::resolve(conn, "/via_partner_id", via, issues)?,
        None => None,
    };
    Ok(Named {
        partner: partner.map(|known| known.key),
        network: network.map(|known| known.key),
        via: via.map(|known| known.key),
    })
}

fn content(new: &NewMembership, via: Option<i64>, status: Is, since: &Edtf) -> Content {
    Content {
        class: new.class.clone(),
        section: new.section.clone().unwrap_or_default(),
        via,
        applied_on: new.applied_on.clone(),
        admitted_on: new.admitted_on.clone(),
        ended_on: new.ended_on.clone(),
        offices: new.offices.clone(),
        status,
        status_since: since.clone(),
    }
}

fn find_to_edit(
    conn: &mut DbConn,
    actor: &Actor,
    request: &WriteRequest,
    id: &PublicId,
) -> Result<MembershipRow, Problem> {
    let row = store::find(conn, id)?.ok_or_else(|| Problem::not_found("membership"))?;
    Problem::unless_published(row.record_state, row.withdrawn_reason.as_deref())?;
    access::may_edit(conn, actor, id)?;
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
            let before = store::value(conn, &row, Detail::Listed)?;
            let shown = store::value(conn, &row, Detail::Item)?;
            let mut issues = Issues::default();
            let new = rules::check(patched(shown, &body)?, ctx.today(), &mut issues);
            let named = named(conn, new.as_ref(), &mut issues)?;
            immutable("/partner_id", named.partner, row.partner_id, &mut issues);
            immutable("/network_id", named.network, row.network_id, &mut issues);
            if let Some(new) = &new {
                consistent(new, &row, &mut issues);
            }
            validated(issues)?;
            let new = new.ok_or_else(|| Problem::new(Code::Internal))?;
            let mut content = content(&new, named.via, row.status, &row.status_since);
            move_events(conn, &ctx, &row, &mut content)?;
            life::guard(conn, &ctx, &row, &content)?;
            let after =
                store::update(conn, &ctx, &row, &content)?.ok_or_else(Problem::overtaken)?;
            life::seal(conn, &ctx, &after)?;
            store::log(conn, &ctx, ChangeOp::Updated, Some(&before), &after, None)?;
            let value = store::value(conn, &after, Detail::Item)?;
            Ok(Written::changed(value, after.etag()))
        },
    )
    .await
}

fn immutable(at: &str, given: Option<i64>, stored: i64, issues: &mut Issues) {
    if given.is_some_and(|given| given != stored) {
        let rule = "stays as it is: a membership of another partner or network is another record";
        issues.add(at, "immutable", rule);
    }
}

/// What a patch must not say against the status.
fn consistent(new: &NewMembership, row: &MembershipRow, issues: &mut Issues) {
    if row.status.is_live() && new.ended_on.is_some() {
        let rule = "a live membership has not ended: record how it ended as an event";
        issues.add("/ended_on", "contradiction", rule);
    }
    if row.status.is_asked_for() && new.admitted_on.is_some() {
        let rule = "who has only asked to join has not been admitted: record admit as an event";
        issues.add("/admitted_on", "contradiction", rule);
    }
    let observes = new.class.as_deref() == Some(OBSERVER_CLASS);
    let held = matches!(row.status, Is::Member | Is::Observer);
    if held && new.class != row.class && observes != (row.status == Is::Observer) {
        let rule = "who becomes an observer, or is one no longer, changes status: \
                    record change_class or admit as an event";
        issues.add("/class", "changes_status", rule);
    }
}

/// Moves the events that brought the dates which the patch changes, by appended corrections: the last
/// event first among those that move on, the first one first among those that move back, so that none
/// overtakes another on the way.
fn move_events(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &MembershipRow,
    content: &mut Content,
) -> Result<(), Problem> {
    let dates: [(&str, Option<&Edtf>, Option<Edtf>, Brought); 3] = [
        (
            "/applied_on",
            row.applied_on.as_ref(),
            content.applied_on.clone(),
            application,
        ),
        (
            "/admitted_on",
            row.admitted_on.as_ref(),
            content.admitted_on.clone(),
            admission,
        ),
        (
            "/ended_on",
            row.ended_on.as_ref(),
            content.ended_on.clone(),
            end,
        ),
    ];
    let later = |old: Option<&Edtf>, new: Option<&Edtf>| {
        let first = |date: Option<&Edtf>| date.and_then(Edtf::earliest);
        first(new) > first(old)
    };
    let (on, back): (Vec<_>, Vec<_>) = dates
        .into_iter()
        .partition(|(_, old, new, _)| later(*old, new.as_ref()));
    for (at, old, new, brought) in on.into_iter().rev().chain(back) {
        let Some(new) = new.filter(|new| Some(new) != old) else {
            continue;
        };
        let (rows, folded) = life::load(conn, row.id, ctx.today())?;
        let Some(event) = event_of(&rows, &folded, old, &new, brought) else {
            continue;
        };
        let mut step = Step::new(Do::Correct, None, new);
        step.corrects = Some(event);
        step.details.reason_text = Some(format!("{} was changed", at.trim_start_matches('/')));
        life::append(conn, ctx, row.id, content, &step, "")?;
    }
    Ok(())
}

/// Whether an event of this kind brings a date.
type Brought = fn(&Entry<Do, Is>) -> bool;

fn application(entry: &Entry<Do, Is>) -> bool {
    entry.acts_as == Do::Apply || (entry.acts_as == Do::Register && entry.to == Some(Is::Applied))
}

fn admission(entry: &Entry<Do, Is>) -> bool {
    let held = matches!(entry.to, Some(Is::Member | Is::Observer));
    entry.acts_as == Do::Admit || (entry.acts_as == Do::Register && held)
}

fn end(entry: &Entry<Do, Is>) -> bool {
    entry.from != entry.to && entry.to.is_some_and(|to| !to.is_live())
}

/// The event that brought the date, or that may have happened on the new one when none was known.
fn event_of(
    rows: &[EventRow],
    folded: &Folded<Do, Is>,
    old: Option<&Edtf>,
    new: &Edtf,
    brought: Brought,
) -> Option<i64> {
    let counting = folded
        .entries
        .iter()
        .filter(|entry| entry.corrected_by.is_none());
    counting
        .filter(|entry| brought(entry))
        .map(|entry| entry.id)
        .find(|id| {
            rows.iter()
                .find(|row| row.id == *id)
                .is_some_and(|row| match old {
                    Some(old) => row.effective_on == *old,
                    None => row.effective_on.overlaps(new) && row.effective_on != *new,
                })
        })
}

/// The membership's input form with the patch applied.
fn patched(mut current: Value, body: &JsonBody) -> Result<MembershipIn, Problem> {
    for (reference, input) in [
        ("partner", "partner_id"),
        ("network", "network_id"),
        ("via_partner", "via_partner_id"),
    ] {
        let id = current
            .pointer(&format!("/{reference}/id"))
            .cloned()
            .unwrap_or_default();
        if let Some(members) = current.as_object_mut() {
            members.insert(input.to_owned(), id);
        }
    }
    let input: MembershipIn = patch::patched(current, body)?;
    let elsewhere = [
        (
            input.sources.is_some(),
            "/sources",
            "post to /api/v1/memberships/{id}/citations instead",
        ),
        (
            input.events.is_some(),
            "/events",
            "post to /api/v1/memberships/{id}/events instead",
        ),
        (
            input.initial_status.is_some(),
            "/initial_status",
            "the status at birth is put right by the event correct",
        ),
    ];
    for (given, at, message) in elsewhere {
        if given {
            return Err(Problem::new(Code::MalformedRequest)
                .detail("this is not changed by a patch")
                .field(at, "unknown_field", message));
        }
    }
    Ok(input)
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
            let before = store::value(conn, &row, Detail::Listed)?;
            if !records::withdraw(conn, &ctx, &id, row.version, reason.as_deref())? {
                return Err(Problem::overtaken());
            }
            store::release(conn, &row)?;
            let after = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("membership"))?;
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
