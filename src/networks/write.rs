//! Recording, changing and withdrawing networks.

use diesel::prelude::*;
use serde_json::Value;

use super::memberships;
use super::record::Network;
use super::rules::{self, NewNetwork};
use super::store::{self, NetworkRow, Others};
use super::types::NetworkIn;
use crate::changes::records::Head;
use crate::changes::{Ctx, records as heads};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::schema::networks;
use crate::db::{DbConn, chain};
use crate::evidence::citations::store as citation_store;
use crate::evidence::sources::record as source_record;
use crate::http::code::Code;
use crate::http::patch;
use crate::http::problem::{Problem, validated};
use crate::lifecycle::lifespans;
use crate::partners::identifiers::{self, Guard};
use crate::partners::{holder, names, reference as partners};
use crate::records::{self, Creatable, Editable, Record, Wanted};

/// The network and the internal keys of what it names, every rule checked; 409 when another record carries an
/// identifier that this one would guard.
fn checked(
    conn: &mut DbConn,
    ctx: &Ctx,
    input: NetworkIn,
    row: Option<&NetworkRow>,
    mut issues: Issues,
) -> Result<(NewNetwork, Others), Problem> {
    let mut new = rules::check(input, &mut issues);
    citation_store::find_named(conn, ctx, &mut new.sources, &mut issues)?;
    let (seat, successor) = (new.seat.as_ref(), new.successor.as_ref());
    let seat = partners::resolve(conn, "/seat_partner_id", seat, &mut issues)?;
    let successor = heads::resolve(conn, "/successor_id", successor, &[], &mut issues)?;
    let others = Others {
        seat_partner_id: seat.map(|known| known.key),
        successor_id: successor,
    };
    let unchanged = row.is_some_and(|row| {
        row.seat_partner_id == others.seat_partner_id && row.founded_on == new.founded_on
    });
    if let Some(seat) = others.seat_partner_id
        && let Some(founded_on) = &new.founded_on
        && !unchanged
        && let Some(life) = lifespans::of_partners(conn, &[seat])?.remove(&seat)
        && life.is_over_by(founded_on)
    {
        let rule = "the partner was dissolved before the network was founded";
        issues.add("/seat_partner_id", "after_dissolution", rule);
    }
    if let (Some(own), Some(successor)) = (row.map(|row| row.id), others.successor_id)
        && chain::leads_to(conn, successor, own, successors)?
    {
        let rule = "a network can't come after itself";
        issues.add("/successor_id", "cycle", rule);
    }
    validated(issues)?;
    let today = ctx.today();
    let dissolved = identifiers::is_over(new.dissolved_on.as_ref(), today);
    let guard = Guard::of(RecordState::Published, dissolved);
    let own = row.map(|row| &row.public_id);
    identifiers::not_taken(conn, own, guard, today, &new.identifiers)?;
    Ok((new, others))
}

/// The networks that took the place of these (I3).
fn successors(conn: &mut DbConn, keys: &[i64]) -> QueryResult<Vec<i64>> {
    networks::table
        .filter(networks::id.eq_any(keys))
        .filter(networks::successor_id.is_not_null())
        .select(networks::successor_id.assume_not_null())
        .load(conn)
}

/// The network's input form with the patch applied.
fn patched(mut current: Value, patch: &Value) -> Result<NetworkIn, Problem> {
    patch::as_id(&mut current, "seat", "seat_partner_id");
    patch::as_id(&mut current, "successor", "successor_id");
    names::rename(&mut current, patch)?;
    let input: NetworkIn = patch::patched(current, patch)?;
    citation_store::not_by_patch(input.sources.as_ref(), "networks")?;
    Ok(input)
}

impl Creatable for Network {
    type In = NetworkIn;
    const WANTED: Wanted<NetworkIn> = |input| input.record_state.as_ref();

    fn holder(conn: &mut DbConn, input: &NetworkIn) -> Result<Option<(PublicId, Head)>, Problem> {
        heads::published(conn, Kind::Partner, input.seat_partner_id.as_deref())
    }

    fn create(
        conn: &mut DbConn,
        ctx: &Ctx,
        input: NetworkIn,
    ) -> Result<(NetworkRow, Value), Problem> {
        let (new, others) = checked(conn, ctx, input, None, Issues::default())?;
        holder::must_agree(conn, ctx, None, others.seat_partner_id)?;
        let row = store::insert(conn, ctx, &new, others)?;
        citation_store::cite(conn, ctx, &row.public_id, &new.sources)?;
        let value = records::log::<Network>(conn, ctx, ChangeOp::Created, None, &row, None)?;
        Ok((row, value))
    }
}

impl Editable for Network {
    fn new_holder(
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &NetworkRow,
        patch: &Value,
    ) -> Result<Option<i64>, Problem> {
        let (held, said) = (row.seat_partner_id, patch.get("seat_partner_id"));
        Ok(holder::proposed(conn, ctx, (row.record_state, held), said)?)
    }

    fn change(
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &NetworkRow,
        patch: &Value,
    ) -> Result<NetworkRow, Problem> {
        let before = Network::logged(conn, row)?;
        let issues = Issues::keeping(&before);
        let input = patched(before.clone(), patch)?;
        let (new, others) = checked(conn, ctx, input, Some(row), issues)?;
        let agreed = holder::agreed(row.record_state, row.seat_partner_id);
        holder::must_agree(conn, ctx, agreed, others.seat_partner_id)?;
        let after = store::update(conn, ctx, row, &new, others)?.ok_or_else(Problem::overtaken)?;
        source_record::publish_cited(conn, ctx, row.record_state, &row.public_id)?;
        records::log::<Network>(conn, ctx, ChangeOp::Updated, Some(&before), &after, None)?;
        let ended = after.dissolved_on.as_ref();
        let ended = ended.filter(|on| on.earliest() <= Some(ctx.today()));
        if let Some(was) = &row.dissolved_on
            && Some(was) != ended
        {
            memberships::write::follow_network(conn, ctx, after.id, (was, ended))?;
        }
        if let Some(dissolved_on) = ended {
            memberships::write::end_with_network(conn, ctx, after.id, dissolved_on)?;
        }
        Ok(after)
    }

    fn before_withdraw(conn: &mut DbConn, _: &Ctx, row: &NetworkRow) -> Result<(), Problem> {
        let live = memberships::store::live_of_network(conn, row.id)?.len();
        if live > 0 {
            return Err(Problem::new(Code::InUse)
                .detail(format!("{live} live memberships depend on it"))
                .member("memberships", live));
        }
        Ok(())
    }

    fn after_withdraw(conn: &mut DbConn, _: &Ctx, row: &NetworkRow) -> Result<(), Problem> {
        Ok(identifiers::release(conn, &row.public_id)?)
    }

    fn before_restore(conn: &mut DbConn, ctx: &Ctx, row: &NetworkRow) -> Result<(), Problem> {
        let mut issues = Issues::default();
        let seat = (Kind::Partner, row.seat_partner_id);
        heads::still_there(conn, "/seat_partner_id", seat, &mut issues)?;
        let successor = (Kind::Network, row.successor_id);
        heads::still_there(conn, "/successor_id", successor, &mut issues)?;
        validated(issues)?;
        let guard = row.guard(ctx.state, ctx.today());
        identifiers::hold(conn, &row.public_id, guard, ctx.today())
    }
}
