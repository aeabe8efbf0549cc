//! Changing, withdrawing and restoring a membership: everything but its status, which changes by events.

use serde_json::Value;

use super::create::named;
use super::dates::{BROUGHT, contradicted, event_of, newly_contradicted};
use super::fold::{self, Life, Step};
use super::record::Membership;
use super::rules::{self, NewMembership};
use super::span;
use super::store::{self, MembershipRow};
use super::types::MembershipIn;
use crate::changes::{Ctx, records as heads};
use crate::core::edtf::Edtf;
use crate::core::ids::Kind;
use crate::core::issue::Issues;
use crate::core::vocabulary::lifecycle::{MembershipAction as Do, MembershipStatus as Is};
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::DbConn;
use crate::evidence::sources::record as source_record;
use crate::http::code::Code;
use crate::http::patch;
use crate::http::problem::{Problem, validated};
use crate::networks::lifecycle::OBSERVER_CLASS;
use crate::records::{self, Editable, Record as _};

impl Editable for Membership {
    fn change(
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &MembershipRow,
        patch: &Value,
    ) -> Result<MembershipRow, Problem> {
        let before = Self::logged(conn, row)?;
        let shown = Self::item(conn, ctx, row)?;
        let mut issues = Issues::default();
        let input = patched(shown, patch)?;
        let mut new = rules::check(input, ctx.today(), &mut issues);
        let (partner, network) = named(conn, &mut new, &mut issues)?;
        let sides = row.sides;
        immutable("/partner_id", partner, sides.partner_id, &mut issues);
        immutable("/network_id", network, sides.network_id, &mut issues);
        consistent(&new, row, &mut issues);
        validated(issues)?;
        let mut life = Life::load(conn, row, ctx.today())?;
        let periods = life.story()?.folded.periods.clone();
        let known = contradicted(&life)?;
        move_events(conn, ctx, row, &mut life, &new)?;
        let content = life.content(new.own)?;
        let mut issues = Issues::default();
        issues.extend(newly_contradicted(&life, &known)?);
        let facts = (&row.facts, &content.facts);
        span::within_lives(conn, sides, facts, None, &mut issues)?;
        validated(issues)?;
        let after = fold::store_life(conn, ctx, row, &periods, (&life, &content))?;
        source_record::publish_cited(conn, ctx, row.record_state, &row.public_id)?;
        records::log::<Self>(conn, ctx, ChangeOp::Updated, Some(&before), &after, None)?;
        Ok(after)
    }

    fn after_withdraw(conn: &mut DbConn, _: &Ctx, row: &MembershipRow) -> Result<(), Problem> {
        Ok(store::set_live(conn, row.id, false)?)
    }

    fn before_restore(conn: &mut DbConn, ctx: &Ctx, row: &MembershipRow) -> Result<(), Problem> {
        let mut issues = Issues::default();
        for (at, kind, key) in [
            ("/partner_id", Kind::Partner, Some(row.sides.partner_id)),
            ("/network_id", Kind::Network, Some(row.sides.network_id)),
            ("/via_partner_id", Kind::Partner, row.own.via_partner_id),
        ] {
            heads::still_there(conn, at, (kind, key), &mut issues)?;
        }
        validated(issues)?;
        if ctx.state == RecordState::Published {
            let guarded = (row.status, row.own.section.as_str());
            fold::check_no_live_duplicate(conn, ctx, (Some(row.id), row.sides), guarded)?;
            span::alone(conn, row)?;
        }
        Ok(())
    }

    fn after_restore(conn: &mut DbConn, ctx: &Ctx, row: &MembershipRow) -> Result<(), Problem> {
        let live = row.status.is_live() && ctx.state == RecordState::Published;
        Ok(store::set_live(conn, row.id, live)?)
    }
}

fn immutable(at: &str, given: Option<i64>, stored: i64, issues: &mut Issues) {
    if given.is_some_and(|given| given != stored) {
        let rule = "stays as it is: a membership of another partner or network is another record";
        issues.add(at, "immutable", rule);
    }
}

/// What a patch must not say against the status.
fn consistent(new: &NewMembership, row: &MembershipRow, issues: &mut Issues) {
    let facts = &new.facts;
    if row.status.is_live() && facts.ended_on.is_some() {
        let rule = "a live membership has not ended: record how it ended as an event";
        issues.add("/ended_on", "contradiction", rule);
    }
    if row.status.is_asked_for() && facts.admitted_on.is_some() {
        let rule = "who has only asked to join has not been admitted: record admit as an event";
        issues.add("/admitted_on", "contradiction", rule);
    }
    let observes = facts.class.as_deref() == Some(OBSERVER_CLASS);
    let held = matches!(row.status, Is::Member | Is::Observer);
    if held && facts.class != row.facts.class && observes != (row.status == Is::Observer) {
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
    let (was, now) = (&row.facts, &new.facts);
    let dates = was.dates().into_iter().zip(now.dates()).zip(BROUGHT);
    let first = |date: Option<&Edtf>| date.and_then(Edtf::earliest);
    let (on, back): (Vec<_>, Vec<_>) =
        dates.partition(|(((_, old), (_, new)), _)| first(*new) > first(*old));
    for (((at, old), (_, new)), brought) in on.into_iter().rev().chain(back) {
        if new == old {
            continue;
        }
        let date = new.cloned().unwrap_or_else(|| Edtf::no_later_than(today));
        if let Some(event) = event_of(life, old, &date, brought)? {
            correct(conn, ctx, row, life, (event, at), (date, None))?;
        }
    }
    if now.class != was.class
        && let Some(event) = life.story()?.class_by
        && let Some(date) = life.date_of(event).cloned()
    {
        if now.class.is_none() {
            let rule = "this class follows from an event: record change_class or correct it";
            return Err(Problem::new(Code::ValidationFailed).field("/class", "by_event", rule));
        }
        let class = now.class.clone();
        correct(conn, ctx, row, life, (event, "/class"), (date, class))?;
    }
    let mut said = life.said.clone();
    if life.story()?.class_by.is_none() {
        said.class.clone_from(&now.class);
    }
    for (said, was, now) in [
        (&mut said.applied_on, &was.applied_on, &now.applied_on),
        (&mut said.admitted_on, &was.admitted_on, &now.admitted_on),
        (&mut said.ended_on, &was.ended_on, &now.ended_on),
    ] {
        if now != was {
            said.clone_from(now);
        }
    }
    life.say(said, today)
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
            return Err(Problem::malformed("this is not changed by a patch").field(
                at,
                "unknown_field",
                message,
            ));
        }
    }
    Ok(input)
}
