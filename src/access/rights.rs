//! Which records an actor may create and edit.
//!
//! Registrars and admins edit everything. Editors and approvers act for their office: its partner,
//! what that hosts, the agreements, memberships and activities these take part in, the partners and
//! networks the office has recorded itself, and sources.

use std::collections::HashSet;

use diesel::prelude::*;

use super::{Actor, offices};
use crate::changes::Ctx;
use crate::core::author::Author;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::{RecordState, Role};
use crate::db::DbConn;
use crate::db::schema::{
    activities, activity_participants, agreement_parties, agreements, memberships, networks,
    partners,
};
use crate::http::code::Code;
use crate::http::extract::Viewer;
use crate::http::problem::Problem;

/// What an actor is about to create, as far as rights depend on it.
#[derive(Debug, Clone, Copy)]
pub enum Editing<'a> {
    /// Open to every editor: partners, networks, sources.
    Open,
    /// A record in which these partners (internal keys) take part.
    Between(&'a [i64]),
}

fn forbidden(detail: &str) -> Problem {
    Problem::new(Code::Forbidden).detail(detail)
}

/// Acts in this role: the change is signed with it, and waits for another person when the office
/// wants a second pair of eyes on what its editors do.
fn act_as(conn: &mut DbConn, ctx: &mut Ctx, grant: &Author) -> QueryResult<()> {
    ctx.author = grant.clone();
    ctx.waits = !ctx.dry_run
        && grant.role() == Role::Editor
        && match grant.organisation() {
            Some(office) => offices::store::four_eyes(conn, office)?,
            None => false,
        };
    Ok(())
}

/// The first grant for which `theirs` holds: one that opens everything, else an office's, approvers
/// before editors.
fn fitting(
    conn: &mut DbConn,
    actor: &Actor,
    ctx: &mut Ctx,
    mut theirs: impl FnMut(&mut DbConn, &PublicId) -> Result<bool, Problem>,
) -> Result<bool, Problem> {
    if let Some(grant) = actor.everywhere() {
        act_as(conn, ctx, grant)?;
        return Ok(true);
    }
    for grant in &actor.grants {
        if let Some(office) = grant.organisation()
            && theirs(conn, office)?
        {
            act_as(conn, ctx, grant)?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// 403 unless the actor may create this; signs the change with the role that allows it.
pub fn may_create(
    conn: &mut DbConn,
    actor: &Actor,
    ctx: &mut Ctx,
    what: Editing<'_>,
) -> Result<(), Problem> {
    let allowed = fitting(conn, actor, ctx, |conn, office| match what {
        Editing::Open => Ok(true),
        Editing::Between(those) => Ok(any_of_office(conn, office, those)?),
    })?;
    if allowed {
        Ok(())
    } else {
        Err(forbidden(
            "an editor records only what the own office, or what it hosts, takes part in",
        ))
    }
}

/// 403 unless the actor may edit the record of this id; signs the change with the role that allows
/// it. Whether the actor may see the record was asked before.
pub fn may_edit(
    conn: &mut DbConn,
    actor: &Actor,
    ctx: &mut Ctx,
    id: &PublicId,
) -> Result<(), Problem> {
    if fitting(conn, actor, ctx, |conn, office| {
        is_of_office(conn, office, id)
    })? {
        Ok(())
    } else {
        Err(forbidden("this record belongs to another office"))
    }
}

/// 403 unless the actor may decide what is proposed for the record of this id: an approver of an
/// office that may edit it, or a registrar.
pub fn may_decide(
    conn: &mut DbConn,
    actor: &Actor,
    ctx: &mut Ctx,
    id: &PublicId,
) -> Result<(), Problem> {
    let deciding = approving(conn, actor)?;
    let allowed = fitting(conn, &deciding, ctx, |conn, office| {
        is_of_office(conn, office, id)
    })?;
    if allowed {
        Ok(())
    } else {
        Err(forbidden(
            "open to approvers of an office that may edit the record, and to registrars",
        ))
    }
}

/// The actor with the grants that decide: approvers, and editors of offices where one person's word
/// is enough.
fn approving(conn: &mut DbConn, actor: &Actor) -> QueryResult<Actor> {
    let mut deciding = actor.clone();
    let mut grants = Vec::new();
    for grant in &actor.grants {
        let decides = match (grant.role(), grant.organisation()) {
            (Role::Editor, Some(office)) => !offices::store::four_eyes(conn, office)?,
            (Role::Editor, None) => false,
            _ => true,
        };
        if decides {
            grants.push(grant.clone());
        }
    }
    deciding.grants = grants;
    Ok(deciding)
}

/// Whether the record of this id is the office's to edit.
fn is_of_office(conn: &mut DbConn, office: &PublicId, id: &PublicId) -> Result<bool, Problem> {
    let theirs = match id.kind() {
        Kind::Source => true,
        Kind::Partner => {
            let row: Option<i64> = partners::table
                .filter(partners::public_id.eq(id))
                .select(partners::id)
                .first(conn)
                .optional()?;
            let own = row
                .map(|row| any_of_office(conn, office, &[row]))
                .transpose()?
                .unwrap_or(false);
            own || recorded_by_office(conn, office, id)?
        }
        Kind::Agreement => {
            let those: Vec<i64> = agreement_parties::table
                .inner_join(agreements::table)
                .filter(agreements::public_id.eq(id))
                .select(agreement_parties::partner_id)
                .load(conn)?;
            any_of_office(conn, office, &those)?
        }
        Kind::Membership => {
            let those: Vec<i64> = memberships::table
                .filter(memberships::public_id.eq(id))
                .select(memberships::partner_id)
                .load(conn)?;
            any_of_office(conn, office, &those)?
        }
        Kind::Activity => {
            let those: Vec<i64> = activity_participants::table
                .inner_join(activities::table)
                .filter(activities::public_id.eq(id))
                .select(activity_participants::partner_id)
                .load(conn)?;
            any_of_office(conn, office, &those)?
        }
        Kind::Document => match crate::changes::records::of_document(conn, id)? {
            Some(record) => is_of_office(conn, office, &record)?,
            None => recorded_by_office(conn, office, id)?,
        },
        Kind::Network => {
            let seat: Vec<Option<i64>> = networks::table
                .filter(networks::public_id.eq(id))
                .select(networks::seat_partner_id)
                .load(conn)?;
            let seat: Vec<i64> = seat.into_iter().flatten().collect();
            any_of_office(conn, office, &seat)? || recorded_by_office(conn, office, id)?
        }
        _ => false,
    };
    // A draft belongs to the office that began it, whoever takes part.
    Ok(theirs || is_draft_of(conn, office, id)?)
}

/// 403 unless the actor may put right what this author recorded: the same office, or a registrar.
pub fn may_correct(ctx: &Ctx, author: &Author) -> Result<(), Problem> {
    if ctx.viewer.is_colleague_of(author) {
        Ok(())
    } else {
        Err(forbidden(
            "an event is corrected by the office that recorded it, or by a registrar",
        ))
    }
}

/// 403 unless the writer's office is among these partners (internal keys), or hosts one of them.
pub fn takes_part(conn: &mut DbConn, ctx: &Ctx, those: &[i64]) -> Result<(), Problem> {
    let there = match (ctx.author.role(), ctx.author.organisation()) {
        (Role::Registrar | Role::Admin, _) => true,
        (_, Some(own)) => any_of_office(conn, own, those)?,
        (_, None) => false,
    };
    if there {
        Ok(())
    } else {
        Err(forbidden("an office can't give away what it takes part in"))
    }
}

/// Whether the writer speaks for this partner (internal key): its own office, or one it hosts.
pub fn speaks_for(conn: &mut DbConn, ctx: &Ctx, partner: i64) -> Result<bool, Problem> {
    match (ctx.author.role(), ctx.author.organisation()) {
        (Role::Registrar | Role::Admin, _) => Ok(true),
        (_, Some(own)) => Ok(any_of_office(conn, own, &[partner])?),
        (_, None) => Ok(false),
    }
}

/// Whether one of these partners is the office's own, or hosted by it.
fn any_of_office(conn: &mut DbConn, office: &PublicId, those: &[i64]) -> QueryResult<bool> {
    let own: Option<i64> = partners::table
        .filter(partners::public_id.eq(office))
        .select(partners::id)
        .first(conn)
        .optional()?;
    let Some(own) = own else { return Ok(false) };
    if those.contains(&own) {
        return Ok(true);
    }
    diesel::select(diesel::dsl::exists(
        partners::table
            .filter(partners::id.eq_any(those))
            .filter(partners::host_id.eq(own)),
    ))
    .get_result(conn)
}

fn recorded_by_office(conn: &mut DbConn, office: &PublicId, id: &PublicId) -> QueryResult<bool> {
    let head = crate::changes::records::find(conn, id)?;
    Ok(head.is_some_and(|head| head.created_by.organisation() == Some(office)))
}

fn is_draft_of(conn: &mut DbConn, office: &PublicId, id: &PublicId) -> QueryResult<bool> {
    let head = crate::changes::records::find(conn, id)?;
    Ok(head.is_some_and(|head| {
        head.state == RecordState::Draft && head.created_by.organisation() == Some(office)
    }))
}

/// Which of these records the viewer's offices may edit: a constant number of queries.
pub fn theirs(
    conn: &mut DbConn,
    viewer: &Viewer,
    ids: &[PublicId],
) -> QueryResult<HashSet<PublicId>> {
    if viewer.sees_everything() {
        return Ok(ids.iter().cloned().collect());
    }
    let offices: Vec<&PublicId> = viewer.offices().collect();
    let own: Vec<i64> = partners::table
        .filter(partners::public_id.eq_any(&offices))
        .select(partners::id)
        .load(conn)?;
    let own: Vec<i64> = partners::table
        .filter(
            partners::id
                .eq_any(&own)
                .or(partners::host_id.eq_any(own.iter().copied().map(Some).collect::<Vec<_>>())),
        )
        .select(partners::id)
        .load(conn)?;
    let mut all: HashSet<PublicId> = HashSet::new();
    let of = |kind: Kind| -> Vec<&PublicId> { ids.iter().filter(|id| id.kind() == kind).collect() };
    let found: Vec<PublicId> = partners::table
        .filter(partners::public_id.eq_any(of(Kind::Partner)))
        .filter(partners::id.eq_any(&own))
        .select(partners::public_id)
        .load(conn)?;
    all.extend(found);
    let found: Vec<PublicId> = agreement_parties::table
        .inner_join(agreements::table)
        .filter(agreements::public_id.eq_any(of(Kind::Agreement)))
        .filter(agreement_parties::partner_id.eq_any(&own))
        .select(agreements::public_id)
        .load(conn)?;
    all.extend(found);
    let found: Vec<PublicId> = memberships::table
        .filter(memberships::public_id.eq_any(of(Kind::Membership)))
        .filter(memberships::partner_id.eq_any(&own))
        .select(memberships::public_id)
        .load(conn)?;
    all.extend(found);
    let found: Vec<PublicId> = activity_participants::table
        .inner_join(activities::table)
        .filter(activities::public_id.eq_any(of(Kind::Activity)))
        .filter(activity_participants::partner_id.eq_any(&own))
        .select(activities::public_id)
        .load(conn)?;
    all.extend(found);
    // What an office recorded itself stays its own, such as partners that have no office.
    let recorded: Vec<(PublicId, Author)> = partners::table
        .filter(partners::public_id.eq_any(of(Kind::Partner)))
        .select((partners::public_id, partners::created_by))
        .load(conn)?;
    let networks: Vec<(PublicId, Author, Option<i64>)> = networks::table
        .filter(networks::public_id.eq_any(of(Kind::Network)))
        .select((
            networks::public_id,
            networks::created_by,
            networks::seat_partner_id,
        ))
        .load(conn)?;
    let seated = networks
        .iter()
        .filter(|(_, _, seat)| seat.is_some_and(|seat| own.contains(&seat)))
        .map(|(id, _, _)| id.clone());
    all.extend(seated);
    let recorded = recorded
        .into_iter()
        .chain(networks.into_iter().map(|(id, author, _)| (id, author)));
    all.extend(
        recorded
            .filter(|(_, author)| viewer.is_colleague_of(author))
            .map(|(id, _)| id),
    );
    all.extend(of(Kind::Source).into_iter().cloned());
    Ok(all)
}
