//! Recording, changing and withdrawing networks.

use actix_web::{HttpResponse, post};
use diesel::prelude::*;
use serde_json::Value;

use super::memberships;
use super::record::Network;
use super::reference;
use super::rules::{self, NewNetwork};
use super::store::{self, NetworkRow, Others};
use super::types::{NetworkIn, NetworkView};
use crate::access::{self, Write};
use crate::changes::Ctx;
use crate::changes::records as heads;
use crate::changes::records::Head;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::{Checked, Issues};
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::DbConn;
use crate::db::schema::networks;
use crate::evidence::citations::store as citation_store;
use crate::evidence::sources::record as source_record;
use crate::http::code::Code;
use crate::http::extract::body::OneOrManySchema;
use crate::http::extract::{DryRun, JsonBody, Query};
use crate::http::patch;
use crate::http::problem::{Problem, validated};
use crate::lifecycle::lives;
use crate::partners::identifiers::{self, Guard};
use crate::partners::{names, reference as partners};
use crate::records::{self, Creatable, Editable, Record};

/// Record a network
///
/// Or an array of up to 500: all or nothing.
#[utoipa::path(tag = "networks", params(DryRun), request_body = OneOrManySchema<NetworkIn>,
    responses((status = 201, description = "The network as recorded", body = NetworkView)))]
#[post("/api/v1/networks")]
pub async fn create_network(
    write: Write,
    _: Query<DryRun>,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    records::create::<Network>(write, body).await
}

/// Records one network inside a write transaction, with its sources and its change.
pub fn create(
    conn: &mut DbConn,
    ctx: &Ctx,
    input: NetworkIn,
) -> Result<(NetworkRow, Value), Problem> {
    let (new, others) = checked(conn, ctx, input, None, Issues::default())?;
    // No record has this id yet: every holder of an identifier is another one.
    let nobody = PublicId::random(Kind::Network);
    not_taken(conn, ctx, &nobody, &new)?;
    if let Some(seat) = others
        .seat_partner_id
        .filter(|_| ctx.state == RecordState::Published)
    {
        access::must_hold(conn, ctx, seat)?;
    }
    let row = store::insert(conn, ctx, &new, others)?;
    citation_store::cite(conn, ctx, &row.public_id, &new.sources)?;
    let value = records::log::<Network>(conn, ctx, ChangeOp::Created, None, &row, None)?;
    Ok((row, value))
}

/// 409 when another record carries an identifier that this network would guard.
fn not_taken(
    conn: &mut DbConn,
    ctx: &Ctx,
    own: &PublicId,
    new: &NewNetwork,
) -> Result<(), Problem> {
    let today = ctx.today();
    let guard = Guard::of(
        RecordState::Published,
        identifiers::is_over(new.dissolved_on.as_ref(), today),
    );
    identifiers::not_taken(conn, own, guard, today, &new.identifiers)
}

/// The network and the internal keys of what it names, every rule checked.
fn checked(
    conn: &mut DbConn,
    ctx: &Ctx,
    input: NetworkIn,
    row: Option<&NetworkRow>,
    mut issues: Issues,
) -> Result<(NewNetwork, Others), Problem> {
    let mut new = rules::check(input, &mut issues);
    let mut others = Others::default();
    if let Some(new) = &mut new {
        citation_store::find_named(conn, ctx, &mut new.sources, &mut issues)?;
    }
    if let Some(seat) = new.as_ref().and_then(|new| new.seat.as_ref()) {
        let known = partners::resolve(conn, "/seat_partner_id", seat, &mut issues)?;
        others.seat_partner_id = known.map(|known| known.key);
    }
    if let Some(successor) = new.as_ref().and_then(|new| new.successor.as_ref()) {
        let known = reference::resolve(conn, "/successor_id", successor, &mut issues)?;
        others.successor_id = known.map(|known| known.key);
    }
    let unchanged = row.is_some_and(|row| {
        row.seat_partner_id == others.seat_partner_id
            && new
                .as_ref()
                .is_some_and(|new| new.founded_on == row.founded_on)
    });
    if let Some(seat) = others.seat_partner_id
        && let Some(founded_on) = new.as_ref().and_then(|new| new.founded_on.as_ref())
        && !unchanged
        && let Some(life) = lives::of_partners(conn, &[seat])?.remove(&seat)
        && life.is_over_by(founded_on)
    {
        let rule = "the partner was dissolved before the network was founded";
        issues.add("/seat_partner_id", "after_dissolution", rule);
    }
    if let (Some(own), Some(successor)) = (row.map(|row| row.id), others.successor_id)
        && leads_to(conn, successor, own)?
    {
        issues.add(
            "/successor_id",
            "cycle",
            "a network can't come after itself",
        );
    }
    validated(issues)?;
    let new = new.ok_or_else(|| Problem::new(Code::Internal))?;
    Ok((new, others))
}

/// Whether following the successors from `from` leads to `to` (I3).
fn leads_to(conn: &mut DbConn, from: i64, to: i64) -> QueryResult<bool> {
    let mut at = Some(from);
    while let Some(key) = at {
        if key == to {
            return Ok(true);
        }
        at = networks::table
            .find(key)
            .select(networks::successor_id)
            .first(conn)?;
    }
    Ok(false)
}

/// The network's input form with the patch applied.
fn patched(before: &Value, patch: &Value) -> Result<NetworkIn, Problem> {
    let mut current = before.clone();
    let seat = before.pointer("/seat/id").cloned().unwrap_or_default();
    let successor = before.pointer("/successor/id").cloned().unwrap_or_default();
    if let Some(members) = current.as_object_mut() {
        members.insert("seat_partner_id".to_owned(), seat);
        members.insert("successor_id".to_owned(), successor);
    }
    match (
        patch.get("name").and_then(Value::as_str),
        patch.get("names"),
    ) {
        (Some(name), None) => names::rename(&mut current, name),
        // The list says which name is shown.
        (None, Some(_)) => {
            if let Some(members) = current.as_object_mut() {
                members.remove("name");
            }
        }
        _ => {}
    }
    let input: NetworkIn = patch::patched(current, patch)?;
    if input.sources.is_some() {
        return Err(Problem::new(Code::MalformedRequest)
            .detail("sources are changed through the record's citations")
            .field(
                "/sources",
                "unknown_field",
                "post to /api/v1/networks/{id}/citations instead",
            ));
    }
    Ok(input)
}

impl Creatable for Network {
    type In = NetworkIn;

    fn wanted(input: &NetworkIn) -> Option<&Checked<RecordState>> {
        input.record_state.as_ref()
    }

    fn holder(conn: &mut DbConn, input: &NetworkIn) -> Result<Option<(PublicId, Head)>, Problem> {
        heads::published(conn, Kind::Partner, input.seat_partner_id.as_deref())
    }

    fn create(
        conn: &mut DbConn,
        ctx: &Ctx,
        input: NetworkIn,
    ) -> Result<(NetworkRow, Value), Problem> {
        create(conn, ctx, input)
    }
}

impl Editable for Network {
    fn new_holder(
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &NetworkRow,
        patch: &Value,
    ) -> Result<Option<i64>, Problem> {
        if ctx.state != RecordState::Published {
            return Ok(None);
        }
        let stood = row
            .seat_partner_id
            .filter(|_| row.record_state == RecordState::Published);
        let stands = match patch.get("seat_partner_id") {
            Some(seat) => partners::keys_of(conn, seat.as_str())?.pop(),
            None => row.seat_partner_id,
        };
        Ok(stands.filter(|seat| Some(*seat) != stood))
    }

    fn change(
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &NetworkRow,
        patch: &Value,
    ) -> Result<NetworkRow, Problem> {
        let before = Network::logged(conn, row)?;
        let issues = Issues::keeping(&before);
        let (new, others) = checked(conn, ctx, patched(&before, patch)?, Some(row), issues)?;
        not_taken(conn, ctx, &row.public_id, &new)?;
        let stood = row
            .seat_partner_id
            .filter(|_| row.record_state == RecordState::Published);
        if let Some(seat) = others.seat_partner_id.filter(|seat| Some(*seat) != stood)
            && ctx.state == RecordState::Published
        {
            access::must_hold(conn, ctx, seat)?;
        }
        let after = store::update(conn, ctx, row, &new, others)?.ok_or_else(Problem::overtaken)?;
        source_record::publish_cited(conn, ctx, row.record_state, &row.public_id)?;
        records::log::<Network>(conn, ctx, ChangeOp::Updated, Some(&before), &after, None)?;
        if let Some(dissolved_on) = &after.dissolved_on
            && dissolved_on.earliest() <= Some(ctx.today())
        {
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
        if let Some(seat) = row.seat_partner_id {
            partners::still_there(conn, "/seat_partner_id", seat, &mut issues)?;
        }
        if let Some(successor) = row.successor_id {
            reference::still_there(conn, "/successor_id", successor, &mut issues)?;
        }
        validated(issues)?;
        let guard = row.guard(ctx.state, ctx.today());
        identifiers::hold(conn, &row.public_id, guard, ctx.today())
    }
}
