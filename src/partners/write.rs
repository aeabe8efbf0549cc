//! Recording, changing and withdrawing partners.

use diesel::prelude::*;
use serde_json::Value;

use super::identifiers::Guard;
use super::record::Partner;
use super::reference::Known;
use super::rules::{self, NewPartner};
use super::store::{self, PartnerRow};
use super::types::PartnerIn;
use super::{holder, identifiers, names, reference};
use crate::changes::records::Head;
use crate::changes::{Ctx, records as heads};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::{LegalStatus, MembershipStatus};
use crate::core::vocabulary::record::{ChangeOp, RecordState, Role};
use crate::db::condition::{Condition, published};
use crate::db::schema::{agreement_parties, agreements, memberships, partners};
use crate::db::{DbConn, chain, json};
use crate::evidence::citations::store as citation_store;
use crate::evidence::sources::record as source_record;
use crate::http::code::Code;
use crate::http::patch;
use crate::http::problem::{Problem, validated};
use crate::records::{self, Creatable, Editable, Record, Wanted};

/// Records a partner whose rules are checked and whose identifiers nobody else has.
pub fn insert_checked(
    conn: &mut DbConn,
    ctx: &Ctx,
    new: &NewPartner,
    host: Option<Known>,
) -> Result<(PartnerRow, Value), Problem> {
    let row = store::insert(conn, ctx, new, host.as_ref().map(|host| host.key))?;
    citation_store::cite(conn, ctx, &row.public_id, &new.sources)?;
    let value = json::shown(&store::created(&row, new, host.map(|host| host.partner)))?;
    records::append::<Partner>(conn, ctx, ChangeOp::Created, (None, &value), &row, None)?;
    Ok((row, value))
}

/// The partner and its host, every rule checked; 409 when another record carries an identifier that this one
/// would guard.
fn checked(
    conn: &mut DbConn,
    ctx: &Ctx,
    input: PartnerIn,
    row: Option<&PartnerRow>,
    mut issues: Issues,
) -> Result<(NewPartner, Option<Known>), Problem> {
    let stated = input.existence.as_ref();
    let stated = stated.and_then(|stated| stated.0.as_ref().ok().copied());
    let mut new = rules::check(input, &mut issues);
    let before = row.map(|row| row.existence);
    let (day, today) = (new.dissolved_on.as_ref(), ctx.today());
    new.existence = rules::existence((stated, before), day, today, &mut issues);
    citation_store::find_named(conn, ctx, &mut new.sources, &mut issues)?;
    let host = reference::resolve(conn, "/host_id", new.host.as_ref(), &mut issues)?;
    if let (Some(own), Some(host)) = (row.map(|row| row.id), &host)
        && is_hosted_by(conn, host.key, own)?
    {
        let rule = "a partner can't be part of itself, or of what is part of it";
        issues.add("/host_id", "cycle", rule);
    }
    validated(issues)?;
    let dissolved = identifiers::is_dissolved(new.existence, new.dissolved_on.as_ref(), today);
    let guard = Guard::of(RecordState::Published, dissolved);
    let own = row.map(|row| &row.public_id);
    identifiers::not_taken(conn, own, guard, today, &new.identifiers)?;
    Ok((new, host))
}

/// Whether following the hosts from `from` leads to `to` (I3).
pub(super) fn is_hosted_by(conn: &mut DbConn, from: i64, to: i64) -> QueryResult<bool> {
    chain::leads_to(conn, from, to, |conn, keys| {
        partners::table
            .filter(partners::id.eq_any(keys))
            .filter(partners::host_id.is_not_null())
            .select(partners::host_id.assume_not_null())
            .load(conn)
    })
}

/// 403 when an office moves a partner below another one, and with it what the partner takes part in:
/// that would be taking, or giving away, what belongs to others.
fn may_move(conn: &mut DbConn, ctx: &Ctx, row: &PartnerRow) -> Result<(), Problem> {
    if matches!(ctx.author.role(), Role::Registrar | Role::Admin)
        || row.record_state == RecordState::Draft
        || !store::takes_part(conn, row.id)?
    {
        return Ok(());
    }
    Err(Problem::forbidden(
        "the host of a partner that takes part in agreements, memberships or activities is for registrars to change",
    ))
}

/// The partner's input form with the patch applied.
fn patched(mut current: Value, patch: &Value) -> Result<PartnerIn, Problem> {
    patch::as_id(&mut current, "host", "host_id");
    // What a patch does not say of it follows from the day of dissolution.
    if let Some(members) = current.as_object_mut() {
        members.remove("existence");
    }
    names::rename(&mut current, patch)?;
    let input: PartnerIn = patch::patched(current, patch)?;
    citation_store::not_by_patch(input.sources.as_ref(), "partners")?;
    Ok(input)
}

/// 409 while live agreements or memberships, or hosted partners, depend on the partner.
fn not_in_use(conn: &mut DbConn, row: &PartnerRow) -> Result<(), Problem> {
    let live = LegalStatus::all().iter().filter(|it| !it.is_terminal());
    let live_agreements: i64 = agreement_parties::table
        .inner_join(agreements::table)
        .filter(agreement_parties::partner_id.eq(row.id))
        .filter(Condition::new(published("agreements")))
        .filter(agreements::status.eq_any(live))
        .count()
        .get_result(conn)?;
    let live = MembershipStatus::all().iter().filter(|it| it.is_live());
    let live_memberships: i64 = memberships::table
        .filter(memberships::partner_id.eq(row.id))
        .filter(Condition::new(published("memberships")))
        .filter(memberships::status.eq_any(live))
        .count()
        .get_result(conn)?;
    let hosted: i64 = partners::table
        .filter(partners::host_id.eq(row.id))
        .filter(Condition::new(published("partners")))
        .count()
        .get_result(conn)?;
    if live_agreements + live_memberships + hosted == 0 {
        return Ok(());
    }
    Err(Problem::new(Code::InUse).detail(format!(
            "{live_agreements} live agreements, {live_memberships} live memberships and {hosted} hosted partners depend on it"
        ))
        .member("agreements", live_agreements)
        .member("memberships", live_memberships)
        .member("hosted", hosted))
}

impl Creatable for Partner {
    type In = PartnerIn;
    const WANTED: Wanted<PartnerIn> = |input| input.record_state.as_ref();

    fn holder(conn: &mut DbConn, input: &PartnerIn) -> Result<Option<(PublicId, Head)>, Problem> {
        heads::published(conn, Kind::Partner, input.host_id.as_deref())
    }

    fn create(
        conn: &mut DbConn,
        ctx: &Ctx,
        input: PartnerIn,
    ) -> Result<(PartnerRow, Value), Problem> {
        let (new, host) = checked(conn, ctx, input, None, Issues::default())?;
        holder::must_agree(conn, ctx, None, host.as_ref().map(|host| host.key))?;
        insert_checked(conn, ctx, &new, host)
    }
}

impl Editable for Partner {
    fn new_holder(
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &PartnerRow,
        patch: &Value,
    ) -> Result<Option<i64>, Problem> {
        let held = (row.record_state, row.host_id);
        Ok(holder::proposed(conn, ctx, held, patch.get("host_id"))?)
    }

    fn change(
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &PartnerRow,
        patch: &Value,
    ) -> Result<PartnerRow, Problem> {
        let before = Partner::logged(conn, row)?;
        let issues = Issues::keeping(&before);
        let input = patched(before.clone(), patch)?;
        let (new, host) = checked(conn, ctx, input, Some(row), issues)?;
        let host = host.map(|host| host.key);
        if host != row.host_id {
            may_move(conn, ctx, row)?;
        }
        let agreed = holder::agreed(row.record_state, row.host_id);
        holder::must_agree(conn, ctx, agreed, host)?;
        let after = store::update(conn, ctx, row, &new, host)?.ok_or_else(Problem::overtaken)?;
        source_record::publish_cited(conn, ctx, row.record_state, &row.public_id)?;
        records::log::<Partner>(conn, ctx, ChangeOp::Updated, Some(&before), &after, None)?;
        Ok(after)
    }

    fn before_withdraw(conn: &mut DbConn, _: &Ctx, row: &PartnerRow) -> Result<(), Problem> {
        not_in_use(conn, row)
    }

    fn after_withdraw(conn: &mut DbConn, _: &Ctx, row: &PartnerRow) -> Result<(), Problem> {
        Ok(identifiers::release(conn, &row.public_id)?)
    }

    fn before_restore(conn: &mut DbConn, ctx: &Ctx, row: &PartnerRow) -> Result<(), Problem> {
        let mut issues = Issues::default();
        let host = (Kind::Partner, row.host_id);
        heads::still_there(conn, "/host_id", host, &mut issues)?;
        validated(issues)?;
        // Its last day may have passed since.
        if identifiers::is_over(row.dissolved_on.as_ref(), ctx.today()) {
            store::dissolve(conn, row.id)?;
        }
        let guard = row.guard(ctx.state, ctx.today());
        identifiers::hold(conn, &row.public_id, guard, ctx.today())
    }
}
