//! Recording one membership: the row, its first events and its sources.

use super::dates::contradicted;
use super::events;
use super::fold::{self, Added, Life, Step};
use super::record::Membership;
use super::rules::{self, NewMembership, Past};
use super::span;
use super::store::{self, Content, MembershipRow, Sides};
use super::types::MembershipIn;
use crate::changes::Ctx;
use crate::core::issue::Issues;
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::{DbConn, Json};
use crate::evidence::citations::store as citation_store;
use crate::evidence::citations::types::{NewCitation, Which};
use crate::evidence::sources::store as source_store;
use crate::http::problem::{Problem, validated};
use crate::lifecycle::{Subject, add_periods};
use crate::networks::lifecycle::story::{Base, Story};
use crate::networks::reference;
use crate::partners::reference as partners;
use crate::records;

/// Records one membership inside a write transaction, with its events, sources and its change.
pub fn create(
    conn: &mut DbConn,
    ctx: &Ctx,
    mut input: MembershipIn,
) -> Result<MembershipRow, Problem> {
    let mut issues = Issues::default();
    let (stated, told) = (input.initial_status.take(), input.events.take());
    let sourced = input.sources.as_ref().is_some_and(|all| !all.is_empty());
    let mut new = rules::check(input, ctx.today(), &mut issues);
    let named = named(conn, &new, &mut issues)?;
    citation_store::find_named(conn, ctx, &mut new.sources, &mut issues)?;
    let known = (ctx.today(), sourced);
    let past = rules::past(&mut new, stated, told, known, &mut issues);
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
                steps.extend(events::step(conn, ctx, 0, event, &at, &mut issues)?);
            }
            steps
        }
    };
    let (partner, network) = issues.finish(named.partner.zip(named.network))?;
    let sides = Sides {
        own: None,
        partner,
        network,
    };
    let (life, added) = live_through(ctx, &new, &steps, is_told)?;
    let content = life.content(content(&new, named.via, life.story()?))?;
    let mut issues = Issues::default();
    span::within_lives(conn, sides, None, &content, None, &mut issues)?;
    validated(issues)?;
    fold::check_no_live_duplicate(conn, ctx, sides, &content)?;
    let sources = cited(conn, &new, &steps)?;
    let row = store::insert(conn, ctx, sides, &content)?;
    for (step, added) in steps.iter().zip(&added) {
        fold::insert(conn, ctx, row.id, step, added)?;
    }
    let periods = &life.story()?.folded.periods;
    add_periods(conn, Subject::Membership(row.id), periods)?;
    if row.record_state == RecordState::Published {
        span::alone(conn, &row)?;
    }
    citation_store::cite(conn, ctx, &row.public_id, &sources)?;
    records::log::<Membership>(conn, ctx, ChangeOp::Created, None, &row, None)?;
    Ok(row)
}

/// What its first events make of a new membership.
fn live_through(
    ctx: &Ctx,
    new: &NewMembership,
    steps: &[Step],
    is_told: bool,
) -> Result<(Life, Vec<Added>), Problem> {
    let today = ctx.today();
    let mut life = Life::begin(Base {
        class: new.class.clone(),
        ..Base::default()
    });
    let mut added = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        let at = if is_told {
            format!("/events/{index}")
        } else {
            String::new()
        };
        added.push(life.add(today, step, &at)?);
    }
    let status = life.story()?.folded.status;
    let mut issues = Issues::default();
    if new.ended_on.is_some() && status.is_live() {
        let rule = "a live membership has not ended";
        issues.add("/ended_on", "contradiction", rule);
    }
    if new.admitted_on.is_some() && status.is_asked_for() {
        let rule = "who has only asked to join has not been admitted";
        issues.add("/admitted_on", "contradiction", rule);
    }
    validated(issues)?;
    // What is said of the whole comes before what its events say.
    let base = Base {
        class: new.class.clone(),
        applied_on: new.applied_on.clone(),
        admitted_on: new.admitted_on.clone(),
        ended_on: new.ended_on.clone(),
    };
    life.say(base, today)?;
    let mut issues = Issues::default();
    issues.extend(contradicted(&life)?);
    validated(issues)?;
    Ok((life, added))
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
pub(super) struct Named {
    pub(super) partner: Option<i64>,
    pub(super) network: Option<i64>,
    pub(super) via: Option<i64>,
}

/// Looks them up; what is not there goes to `issues`.
pub(super) fn named(
    conn: &mut DbConn,
    new: &NewMembership,
    issues: &mut Issues,
) -> Result<Named, Problem> {
    let (partner, via) = (new.partner.as_ref(), new.via.as_ref());
    let partner = partners::resolve(conn, "/partner_id", partner, issues)?;
    let network = reference::resolve(conn, "/network_id", new.network.as_ref(), issues)?;
    let via = partners::resolve(conn, "/via_partner_id", via, issues)?;
    Ok(Named {
        partner: partner.map(|known| known.key),
        network: network.map(|known| known.key),
        via: via.map(|known| known.key),
    })
}

/// What its own fields say of it, beside what its events decide.
pub(super) fn content(new: &NewMembership, via: Option<i64>, story: &Story) -> Content {
    Content {
        class: story.class.0.clone(),
        section: new.section.clone().unwrap_or_default(),
        via,
        applied_on: story.applied_on.clone(),
        admitted_on: story.admitted_on.clone(),
        ended_on: story.ended_on.clone(),
        offices: Json(new.offices.clone()),
        status: story.folded.status,
        status_since: story.folded.since.clone(),
        said: None,
        flags: Json::default(),
    }
}
