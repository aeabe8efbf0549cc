//! Changing a membership: everything but its status, which changes by events.

use serde_json::Value;

use super::create::{content, named};
use super::dates::{
    Brought, admission, application, contradicted, end, event_of, newly_contradicted,
};
use super::fold::{self, Life, Step};
use super::record::Membership;
use super::rules::{self, NewMembership};
use super::span;
use super::store::{self, MembershipRow};
use super::types::MembershipIn;
use crate::changes::Ctx;
use crate::core::edtf::Edtf;
use crate::core::issue::Issues;
use crate::core::vocabulary::lifecycle::{MembershipAction as Do, MembershipStatus as Is};
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::DbConn;
use crate::evidence::sources::record as source_record;
use crate::http::code::Code;
use crate::http::patch;
use crate::http::problem::{Problem, validated};
use crate::lifecycle::{Subject, replace_periods};
use crate::networks::lifecycle::OBSERVER_CLASS;
use crate::networks::lifecycle::story::Base;
use crate::records::{self, Record};

/// Applies a merge patch to a membership, with its change.
pub fn change(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &MembershipRow,
    patch: &Value,
) -> Result<MembershipRow, Problem> {
    let before = Membership::logged(conn, row)?;
    let shown = Membership::item(conn, ctx, row)?;
    let mut issues = Issues::default();
    let input = patched(shown, patch)?;
    let new = rules::check(input, ctx.today(), &mut issues);
    let named = named(conn, &new, &mut issues)?;
    immutable("/partner_id", named.partner, row.partner_id, &mut issues);
    immutable("/network_id", named.network, row.network_id, &mut issues);
    consistent(&new, row, &mut issues);
    validated(issues)?;
    let mut life = Life::load(conn, row, ctx.today())?;
    let periods = life.story()?.folded.periods.clone();
    let known = contradicted(&life)?;
    move_events(conn, ctx, row, &mut life, &new)?;
    let content = life.content(content(&new, named.via, life.story()?))?;
    let mut issues = Issues::default();
    issues.extend(newly_contradicted(&life, &known)?);
    span::within_lives(conn, row.sides(), Some(row), &content, None, &mut issues)?;
    validated(issues)?;
    fold::check_no_live_duplicate(conn, ctx, row.sides(), &content)?;
    let after = store::update(conn, ctx, row, &content)?.ok_or_else(Problem::overtaken)?;
    let now = &life.story()?.folded.periods;
    let moved = *now != periods;
    if moved {
        replace_periods(conn, Subject::Membership(row.id), now)?;
    }
    // What overlapped before this was refused is left until its days are changed.
    let opened = row.record_state != RecordState::Published || row.section != after.section;
    if (moved || opened) && after.record_state == RecordState::Published {
        span::alone(conn, &after)?;
    }
    source_record::publish_cited(conn, ctx, row.record_state, &row.public_id)?;
    records::log::<Membership>(conn, ctx, ChangeOp::Updated, Some(&before), &after, None)?;
    Ok(after)
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

/// Moves the events that brought what the patch changes, by appended corrections: the last event first
/// among those that move on, the first one first among those that move back, so that none overtakes
/// another on the way. A date that is taken away leaves "by today".
fn move_events(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &MembershipRow,
    life: &mut Life,
    new: &NewMembership,
) -> Result<(), Problem> {
    let today = ctx.today();
    let dates: [(&str, Option<&Edtf>, Option<&Edtf>, Brought); 3] = [
        (
            "/applied_on",
            row.applied_on.as_ref(),
            new.applied_on.as_ref(),
            application,
        ),
        (
            "/admitted_on",
            row.admitted_on.as_ref(),
            new.admitted_on.as_ref(),
            admission,
        ),
        (
            "/ended_on",
            row.ended_on.as_ref(),
            new.ended_on.as_ref(),
            end,
        ),
    ];
    let first = |date: Option<&Edtf>| date.and_then(Edtf::earliest);
    let (on, back): (Vec<_>, Vec<_>) = dates
        .into_iter()
        .partition(|(_, old, new, _)| first(*new) > first(*old));
    for (at, old, new, brought) in on.into_iter().rev().chain(back) {
        if new == old {
            continue;
        }
        let date = new.cloned().unwrap_or_else(|| Edtf::no_later_than(today));
        if let Some(event) = event_of(life, old, &date, brought)? {
            correct(conn, ctx, row, life, (event, at), (date, None))?;
        }
    }
    if new.class != row.class
        && let (_, Some(event)) = life.story()?.class
        && let Some(date) = life.date_of(event).cloned()
    {
        if new.class.is_none() {
            let rule = "this class follows from an event: record change_class or correct it";
            return Err(Problem::new(Code::ValidationFailed).field("/class", "by_event", rule));
        }
        let class = new.class.clone();
        correct(conn, ctx, row, life, (event, "/class"), (date, class))?;
    }
    let base = life.base.clone();
    let pick = |now: &Option<Edtf>, was: &Option<Edtf>, said: Option<Edtf>| {
        if now == was { said } else { now.clone() }
    };
    let class = match life.story()?.class {
        (_, None) => new.class.clone(),
        (_, Some(_)) => base.class,
    };
    let base = Base {
        class,
        applied_on: pick(&new.applied_on, &row.applied_on, base.applied_on),
        admitted_on: pick(&new.admitted_on, &row.admitted_on, base.admitted_on),
        ended_on: pick(&new.ended_on, &row.ended_on, base.ended_on),
    };
    life.say(base, today)
}

/// Appends a correction of this event, for a field of the record that was changed.
fn correct(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &MembershipRow,
    life: &mut Life,
    (event, at): (i64, &str),
    (date, class): (Edtf, Option<String>),
) -> Result<(), Problem> {
    let mut step = Step::new(Do::Correct, None, date);
    step.corrects = Some(event);
    step.details.class = class;
    step.details.reason_text = Some(format!("{} was changed", at.trim_start_matches('/')));
    let added = life.add(ctx.today(), &step, "")?;
    fold::insert(conn, ctx, row.id, &step, &added)?;
    // The one that was stored has a key of its own now.
    *life = Life::load(conn, row, ctx.today())?;
    Ok(())
}

/// The membership's input form with the patch applied.
fn patched(mut current: Value, patch: &Value) -> Result<MembershipIn, Problem> {
    for (reference, input) in [
        ("partner", "partner_id"),
        ("network", "network_id"),
        ("via_partner", "via_partner_id"),
    ] {
        patch::as_id(&mut current, reference, input);
    }
    let input: MembershipIn = patch::patched(current, patch)?;
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
            "the status at known is put right by the event correct",
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
