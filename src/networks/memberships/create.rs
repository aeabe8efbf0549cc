//! Recording one membership: the row, its first events and its sources.

use std::collections::BTreeSet;

use serde_json::Value;

use super::dates::contradicted;
use super::events;
use super::fold::{self, Added, Life, Step};
use super::initial_events::first_events;
use super::record::Membership;
use super::rules::{self, NewMembership};
use super::span;
use super::store::{self, MembershipRow, Sides};
use super::types::{EventIn, MembershipIn};
use crate::changes::{Ctx, records as heads};
use crate::core::issue::{Checked, Issues};
use crate::core::vocabulary::lifecycle::MembershipStatus as Is;
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::DbConn;
use crate::evidence::citations::store as citation_store;
use crate::evidence::citations::types::{NewCitation, Which};
use crate::http::problem::{Problem, validated};
use crate::lifecycle::{Subject, add_periods};
use crate::networks::lifecycle::OBSERVER_CLASS;
use crate::networks::lifecycle::story::Facts;
use crate::partners::reference as partners;
use crate::records::{self, Creatable, Record as _, Wanted};

impl Creatable for Membership {
    type In = MembershipIn;
    const WANTED: Wanted<MembershipIn> = |input| input.record_state.as_ref();
    const ABOUT: &'static str = "Or an array of up to 500: all or nothing. Its status follows from `admitted_on` or `applied_on`,\n\
             else from `initial_status`; a whole past can come as `events`.";
    const BETWEEN: Option<records::Named<MembershipIn>> =
        Some(|conn, input| partners::keys_of(conn, input.partner_id.as_deref()));

    fn create(
        conn: &mut DbConn,
        ctx: &Ctx,
        mut input: MembershipIn,
    ) -> Result<(MembershipRow, Value), Problem> {
        let mut issues = Issues::default();
        let told = (input.initial_status.take(), input.events.take());
        let sourced = input.sources.as_ref().is_some_and(|all| !all.is_empty());
        let mut new = rules::check(input, ctx.today(), &mut issues);
        let (partner, network) = named(conn, &mut new, &mut issues)?;
        citation_store::find_named(conn, ctx, &mut new.sources, &mut issues)?;
        let steps = past(conn, ctx, &mut new, (told, sourced), &mut issues)?;
        let (partner_id, network_id) = issues.finish(partner.zip(network))?;
        let sides = Sides {
            partner_id,
            network_id,
        };
        let (life, added) = live_through(ctx, &new, &steps)?;
        let content = life.content(new.own.clone())?;
        let mut issues = Issues::default();
        let facts = (&Facts::default(), &content.facts);
        span::within_lives(conn, sides, facts, None, &mut issues)?;
        validated(issues)?;
        let guarded = (content.status, content.own.section.as_str());
        fold::check_no_live_duplicate(conn, ctx, (None, sides), guarded)?;
        let sources = cited(&new, &steps);
        let row = store::insert(conn, ctx, sides, &content)?;
        for ((_, step), added) in steps.iter().zip(&added) {
            fold::insert(conn, ctx, row.id, step, added)?;
        }
        let periods = &life.story()?.folded.periods;
        add_periods(conn, Subject::Membership(row.id), periods)?;
        if row.record_state == RecordState::Published {
            span::alone(conn, &row)?;
        }
        citation_store::cite(conn, ctx, &row.public_id, &sources)?;
        records::log::<Self>(conn, ctx, ChangeOp::Created, None, &row, None)?;
        let value = Self::item(conn, ctx, &row)?;
        Ok((row, value))
    }
}

/// `initial_status` and `events`, as they are sent.
type Told = (Option<Checked<Is>>, Option<Vec<EventIn>>);

/// The events it begins with, each with where it stands in the body: those that are told, else those that follow
/// from its dates and status. `sourced` says that the record itself names a source.
fn past(
    conn: &mut DbConn,
    ctx: &Ctx,
    new: &mut NewMembership,
    ((stated, events), sourced): (Told, bool),
    issues: &mut Issues,
) -> Result<Vec<(String, Step)>, Problem> {
    let given = stated.is_some();
    let stated = issues.take("/initial_status", stated);
    let mut steps = Vec::new();
    let Some(events) = events else {
        // A refused status or date is told already: what else is missing can't be known.
        if new.refused || (given && stated.is_none()) {
            return Ok(steps);
        }
        if stated == Some(Is::Observer) && new.facts.class.is_none() {
            new.facts.class = Some(OBSERVER_CLASS.to_owned());
        }
        let first = first_events(&new.facts, stated, ctx.today(), issues).into_iter();
        steps.extend(first.map(|(action, to, on)| (String::new(), Step::new(action, to, on))));
        return Ok(steps);
    };
    if given {
        let rule = "give initial_status or the whole past as events, not both";
        issues.add("/initial_status", "either_or", rule);
    }
    if events.is_empty() || events.len() > rules::MAX_ITEMS {
        let rule = format!("must hold from 1 to {}", rules::MAX_ITEMS);
        issues.add("/events", "length", rule);
    }
    for (index, event) in events.into_iter().enumerate() {
        let at = format!("/events/{index}");
        let step = events::step(conn, ctx, None, event, (&at, sourced), issues)?;
        steps.extend(step.map(|step| (at, step)));
    }
    Ok(steps)
}

/// What its first events, each with where it stands in the body, make of a new membership.
fn live_through(
    ctx: &Ctx,
    new: &NewMembership,
    steps: &[(String, Step)],
) -> Result<(Life, Vec<Added>), Problem> {
    let today = ctx.today();
    let mut life = Life::begin(Facts {
        class: new.facts.class.clone(),
        ..Facts::default()
    });
    let mut added = Vec::with_capacity(steps.len());
    for (at, step) in steps {
        added.push(life.add(today, step, at)?);
    }
    let status = life.story()?.folded.status;
    let mut issues = Issues::default();
    if new.facts.ended_on.is_some() && status.is_live() {
        let rule = "a live membership has not ended";
        issues.add("/ended_on", "contradiction", rule);
    }
    if new.facts.admitted_on.is_some() && status.is_asked_for() {
        let rule = "who has only asked to join has not been admitted";
        issues.add("/admitted_on", "contradiction", rule);
    }
    validated(issues)?;
    // What is said of the whole comes before what its events say.
    life.say(new.facts.clone(), today)?;
    let mut issues = Issues::default();
    issues.extend(contradicted(&life)?);
    validated(issues)?;
    Ok((life, added))
}

/// The sources of a new membership: those named for it, else those of its events.
fn cited(new: &NewMembership, steps: &[(String, Step)]) -> Vec<NewCitation> {
    if !new.sources.is_empty() {
        return new.sources.clone();
    }
    let keys: BTreeSet<i64> = steps.iter().filter_map(|(_, step)| step.source).collect();
    keys.into_iter()
        .map(|key| NewCitation::by(Which::Found(key)))
        .collect()
}

/// The internal keys of the partner and the network; that of the partner it is a member through is put into the
/// membership. What is not there goes to `issues`.
pub(super) fn named(
    conn: &mut DbConn,
    new: &mut NewMembership,
    issues: &mut Issues,
) -> Result<(Option<i64>, Option<i64>), Problem> {
    let (partner, via) = (new.partner.as_ref(), new.via.as_ref());
    let partner = partners::resolve(conn, "/partner_id", partner, issues)?;
    let network = heads::resolve(conn, "/network_id", new.network.as_ref(), &[], issues)?;
    let via = partners::resolve(conn, "/via_partner_id", via, issues)?;
    new.own.via_partner_id = via.map(|known| known.key);
    Ok((partner.map(|known| known.key), network))
}
