//! Recording, changing and withdrawing activities.

use std::mem;

use diesel::prelude::*;
use serde_json::Value;

use super::record::Activity;
use super::rules::{self, NewActivity};
use super::store::{self, ActivityRow, Others};
use super::types::ActivityIn;
use crate::access;
use crate::changes::{Ctx, records as heads};
use crate::core::ids::Kind;
use crate::core::issue::Issues;
use crate::core::vocabulary::record::ChangeOp;
use crate::db::DbConn;
use crate::db::schema::activity_agreements;
use crate::evidence::citations::store as citation_store;
use crate::evidence::sources::record as source_record;
use crate::http::patch;
use crate::http::problem::{Problem, validated};
use crate::lifecycle::lifespans;
use crate::partners::reference as partners;
use crate::records::{self, Creatable, Editable, Named, Record, Wanted};

/// The internal keys of the partners a body names as participants; what is wrong with them is told
/// later.
fn participants(conn: &mut DbConn, input: &ActivityIn) -> QueryResult<Vec<i64>> {
    let those = input.participants.iter().flatten();
    let those = those.filter_map(|participant| participant.partner_id.as_deref());
    partners::keys_of(conn, those)
}

/// Finds what an activity names, by internal key; what is not there goes to `issues`.
fn named(conn: &mut DbConn, new: &mut NewActivity, issues: &mut Issues) -> Result<Others, Problem> {
    let (place, network) = (new.place_partner.as_ref(), new.network.as_ref());
    let place = partners::resolve(conn, "/place/partner_id", place, issues)?;
    new.columns.place_partner_id = place.map(|known| known.key);
    new.columns.network_id = heads::resolve(conn, "/network_id", network, &[], issues)?;
    let mut others = Others::default();
    for participant in mem::take(&mut new.participants) {
        let known = partners::resolve(conn, &participant.at, Some(&participant.partner), issues)?;
        // For one that is not there the activity is refused: each of the others stands with its own key.
        if let Some(known) = known {
            others.participants.push(known.key);
            new.participants.push(participant);
        }
    }
    for (index, id) in new.agreements.iter().enumerate() {
        let at = format!("/agreement_ids/{index}");
        let known = heads::resolve(conn, &at, Some(id), &[], issues)?;
        others.agreements.extend(known);
    }
    Ok(others)
}

/// Notes the participants whose end was certainly before the activity began, but for those it had on
/// that day already.
fn alive(
    conn: &mut DbConn,
    new: &NewActivity,
    others: &Others,
    before: Option<&ActivityRow>,
    issues: &mut Issues,
) -> Result<(), Problem> {
    let Some(starts_on) = &new.columns.starts_on else {
        return Ok(());
    };
    let held = match before.filter(|row| row.columns.starts_on.as_ref() == Some(starts_on)) {
        Some(row) => store::participants_of(conn, &[row.id])?,
        None => Vec::new(),
    };
    let lives = lifespans::of_partners(conn, &others.participants)?;
    for (participant, key) in new.participants.iter().zip(&others.participants) {
        if held.iter().all(|(_, partner, ..)| partner != key)
            && let Some(life) = lives.get(key)
            && life.is_over_by(starts_on)
        {
            let rule = "the partner was dissolved before the activity began";
            issues.add(participant.at.as_str(), "after_dissolution", rule);
        }
    }
    Ok(())
}

/// The activity's input form with the patch applied.
fn patched(mut current: Value, patch: &Value) -> Result<ActivityIn, Problem> {
    patch::as_id(&mut current, "network", "network_id");
    if let Some(place) = current.get_mut("place") {
        patch::as_id(place, "partner", "partner_id");
    }
    for participant in patch::parts(&mut current, "participants") {
        patch::as_id(participant, "partner", "partner_id");
    }
    let input: ActivityIn = patch::patched(current, patch)?;
    citation_store::not_by_patch(input.sources.as_ref(), "activities")?;
    Ok(input)
}

impl Creatable for Activity {
    type In = ActivityIn;
    const WANTED: Wanted<ActivityIn> = |input| input.record_state.as_ref();
    const BETWEEN: Option<Named<ActivityIn>> = Some(participants);

    fn create(
        conn: &mut DbConn,
        ctx: &Ctx,
        input: ActivityIn,
    ) -> Result<(ActivityRow, Value), Problem> {
        let mut issues = Issues::default();
        let mut new = rules::check(input, ctx.today(), &mut issues);
        let others = named(conn, &mut new, &mut issues)?;
        alive(conn, &new, &others, None, &mut issues)?;
        citation_store::find_named(conn, ctx, &mut new.sources, &mut issues)?;
        validated(issues)?;
        let row = store::insert(conn, ctx, &new, &others)?;
        citation_store::cite(conn, ctx, &row.public_id, &new.sources)?;
        records::log::<Activity>(conn, ctx, ChangeOp::Created, None, &row, None)?;
        let value = Activity::item(conn, ctx, &row)?;
        Ok((row, value))
    }
}

impl Editable for Activity {
    fn change(
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &ActivityRow,
        patch: &Value,
    ) -> Result<ActivityRow, Problem> {
        let before = Activity::logged(conn, row)?;
        let shown = Activity::item(conn, ctx, row)?;
        let mut issues = Issues::default();
        let mut new = rules::check(patched(shown, patch)?, ctx.today(), &mut issues);
        let others = named(conn, &mut new, &mut issues)?;
        alive(conn, &new, &others, Some(row), &mut issues)?;
        validated(issues)?;
        access::require_participation(conn, ctx, &others.participants)?;
        let after = store::update(conn, ctx, row, &new, &others)?.ok_or_else(Problem::overtaken)?;
        source_record::publish_cited(conn, ctx, row.record_state, &row.public_id)?;
        records::log::<Activity>(conn, ctx, ChangeOp::Updated, Some(&before), &after, None)?;
        Ok(after)
    }

    fn before_restore(conn: &mut DbConn, _: &Ctx, row: &ActivityRow) -> Result<(), Problem> {
        let mut issues = Issues::default();
        let place = (Kind::Partner, row.columns.place_partner_id);
        heads::still_there(conn, "/place/partner_id", place, &mut issues)?;
        let network = (Kind::Network, row.columns.network_id);
        heads::still_there(conn, "/network_id", network, &mut issues)?;
        let taking_part = store::participants_of(conn, &[row.id])?;
        for (index, (_, partner, ..)) in taking_part.into_iter().enumerate() {
            let at = format!("/participants/{index}/partner_id");
            heads::still_there(conn, &at, (Kind::Partner, partner), &mut issues)?;
        }
        let held_under: Vec<i64> = activity_agreements::table
            .filter(activity_agreements::activity_id.eq(row.id))
            .order(activity_agreements::id)
            .select(activity_agreements::agreement_id)
            .load(conn)?;
        for (index, agreement) in held_under.into_iter().enumerate() {
            let at = format!("/agreement_ids/{index}");
            heads::still_there(conn, &at, (Kind::Agreement, agreement), &mut issues)?;
        }
        validated(issues)
    }
}
