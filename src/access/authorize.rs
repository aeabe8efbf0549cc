//! Which records an actor may create and edit.
//!
//! Registrars and admins edit everything. Editors and approvers act for their office: what belongs to
//! it, see [`super::ownership`], and sources.

use std::collections::HashSet;

use diesel::prelude::*;

use super::Actor;
use super::ownership::Offices;
use crate::changes::{Approval, Ctx, records};
use crate::core::author::Author;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::{RecordState, Role};
use crate::db::DbConn;
use crate::db::schema::{organisations, partners};
use crate::find_row;
use crate::http::code::Code;
use crate::http::extract::Viewer;
use crate::http::problem::Problem;

/// What an actor is about to create, as far as rights depend on it.
#[derive(Debug, Clone, Copy)]
pub enum Creating<'a> {
    /// Open to every editor: partners, networks, sources.
    Open,
    /// A record in which these partners (internal keys) take part.
    WithParties(&'a [i64]),
}

/// 403 with what it is open to, unless that holds.
fn open_to(allowed: bool, detail: &str) -> Result<(), Problem> {
    if allowed {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden).detail(detail))
}

/// Acts in this role: the change is signed with it, and waits for another person when the office
/// wants a second pair of eyes on what its editors do.
fn act_as(conn: &mut DbConn, ctx: &mut Ctx, grant: &Author) -> QueryResult<()> {
    ctx.author = grant.clone();
    ctx.waits = grant.role() == Role::Editor
        && match grant.organisation() {
            Some(office) => super::organisations::store::four_eyes(conn, office)?,
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
    what: Creating<'_>,
) -> Result<(), Problem> {
    let allowed = fitting(conn, actor, ctx, |conn, office| match what {
        Creating::Open => Ok(true),
        Creating::WithParties(those) => Ok(any_of_office(conn, office, those)?),
    })?;
    open_to(
        allowed,
        "an editor records only what the own office, or what it hosts, takes part in",
    )
}

/// 403 unless the actor may edit the record of this id; signs the change with the role that allows
/// it. Whether the actor may see the record was asked before.
pub fn may_edit(
    conn: &mut DbConn,
    actor: &Actor,
    ctx: &mut Ctx,
    id: &PublicId,
) -> Result<(), Problem> {
    let theirs = |conn: &mut DbConn, office: &_| is_of_office(conn, office, id);
    let allowed = fitting(conn, actor, ctx, theirs)?;
    open_to(allowed, "this record belongs to another office")
}

/// 403 unless the actor may decide what somebody suggests for the record of this id: staff whose word
/// is enough in the office it belongs to, or a registrar.
pub fn may_decide(
    conn: &mut DbConn,
    actor: &Actor,
    ctx: &mut Ctx,
    id: &PublicId,
) -> Result<(), Problem> {
    let mut deciding = actor.clone();
    deciding.grants = approving(conn, &actor.grants)?;
    let allowed = fitting(conn, &deciding, ctx, |conn, office| {
        let theirs = Offices::of(conn, &[office])?.among(conn, std::slice::from_ref(id))?;
        Ok(theirs.contains(id))
    })?;
    open_to(
        allowed,
        "open to approvers of an office the record belongs to, and to registrars",
    )
}

/// 403 unless the actor may let pass what waits in the office of this author: one of its approvers, or
/// a registrar. The second pair of eyes is the office's own, whoever else takes part in the record.
pub fn may_approve(
    conn: &mut DbConn,
    actor: &Actor,
    ctx: &mut Ctx,
    proposer: &Author,
) -> Result<(), Problem> {
    let mut approvers = actor.clone();
    approvers
        .grants
        .retain(|grant| grant.role() >= Role::Approver);
    let allowed = fitting(conn, &approvers, ctx, |_, office| {
        Ok(proposer.organisation() == Some(office))
    })?;
    open_to(
        allowed,
        "open to approvers of the office that proposes it, and to registrars",
    )
}

/// 403 unless the actor may decide what others would record in the holdings of this office.
pub fn may_agree(
    conn: &mut DbConn,
    actor: &Actor,
    ctx: &mut Ctx,
    office: &PublicId,
) -> Result<(), Problem> {
    let mut deciding = actor.clone();
    deciding.grants = approving(conn, &actor.grants)?;
    let allowed = fitting(conn, &deciding, ctx, |_, own| Ok(own == office))?;
    open_to(
        allowed,
        "open to approvers of the office in whose holdings it would stand, and to registrars",
    )
}

/// The office in whose holdings a record comes to stand that names this partner (internal key) as its
/// host or seat, when that is another one than the writer's: it has to agree.
pub fn foreign_holder(conn: &mut DbConn, ctx: &Ctx, partner: i64) -> QueryResult<Option<PublicId>> {
    let speaks = |author: &Author, office: &PublicId| {
        matches!(author.role(), Role::Registrar | Role::Admin)
            || author.organisation() == Some(office)
    };
    let holder = holder(conn, partner)?;
    Ok(holder.filter(|office| {
        let agreed = ctx.approval.as_ref();
        !speaks(&ctx.author, office)
            && !agreed.is_some_and(|approval| speaks(&approval.author, office))
    }))
}

/// [`foreign_holder`], unless the actor's own word is enough in that office too: then the write counts
/// as approved by it.
pub fn has_to_ask(
    conn: &mut DbConn,
    actor: &Actor,
    ctx: &mut Ctx,
    partner: i64,
) -> QueryResult<Option<PublicId>> {
    let Some(office) = foreign_holder(conn, ctx, partner)? else {
        return Ok(None);
    };
    let own = approving(conn, &actor.grants)?
        .into_iter()
        .find(|grant| grant.organisation() == Some(&office));
    let Some(author) = own else {
        return Ok(Some(office));
    };
    ctx.approval = Some(Approval {
        author,
        person: ctx.person.clone(),
    });
    Ok(None)
}

/// 403 when the record would come to stand in the holdings of an office that has not agreed.
pub fn must_hold(conn: &mut DbConn, ctx: &Ctx, partner: i64) -> Result<(), Problem> {
    match foreign_holder(conn, ctx, partner)? {
        None => Ok(()),
        Some(office) => Err(Problem::new(Code::Forbidden).detail(format!(
            "the office of {office} has to agree: send this by itself, and it is asked"
        ))),
    }
}

/// This partner and its host, by their internal keys.
fn with_host(conn: &mut DbConn, partner: i64) -> QueryResult<Vec<i64>> {
    let host: Option<Option<i64>> =
        find_row!(partners, conn, partners::id.eq(partner) => partners::host_id)?;
    Ok([Some(partner), host.flatten()]
        .into_iter()
        .flatten()
        .collect())
}

/// The office of this partner (internal key), or of its host.
fn holder(conn: &mut DbConn, partner: i64) -> QueryResult<Option<PublicId>> {
    let those = with_host(conn, partner)?;
    let offices: Vec<(i64, PublicId)> = organisations::table
        .inner_join(partners::table)
        .filter(partners::id.eq_any(those))
        .select((partners::id, partners::public_id))
        .load(conn)?;
    let nearest = offices.iter().find(|(key, _)| *key == partner);
    Ok(nearest.or(offices.first()).map(|(_, id)| id.clone()))
}

/// Those of these records whose suggestions the viewer may decide: a constant number of queries.
pub fn decidable(
    conn: &mut DbConn,
    viewer: &Viewer,
    ids: &[PublicId],
) -> QueryResult<HashSet<PublicId>> {
    if viewer.sees_everything() {
        return Ok(ids.iter().cloned().collect());
    }
    let deciding = approving(conn, viewer.grants())?;
    let offices: Vec<&PublicId> = deciding.iter().filter_map(Author::organisation).collect();
    Offices::of(conn, &offices)?.among(conn, ids)
}

/// The grants that decide: approvers', and those of editors of offices where one person's word is
/// enough.
fn approving(conn: &mut DbConn, grants: &[Author]) -> QueryResult<Vec<Author>> {
    let mut deciding = Vec::new();
    for grant in grants {
        let decides = match (grant.role(), grant.organisation()) {
            (Role::Editor, Some(office)) => !super::organisations::store::four_eyes(conn, office)?,
            (Role::Editor, None) => false,
            _ => true,
        };
        if decides {
            deciding.push(grant.clone());
        }
    }
    Ok(deciding)
}

/// 403 when what this author proposed is for a record that has passed to others meanwhile.
pub fn still_may_edit(conn: &mut DbConn, author: &Author, id: &PublicId) -> Result<(), Problem> {
    let theirs = match author.organisation() {
        Some(office) => is_of_office(conn, office, id)?,
        None => true,
    };
    open_to(
        theirs,
        "the record no longer belongs to the office that proposes this",
    )
}

/// Whether the record of this id is the office's to edit: its own, and every source that is public.
fn is_of_office(conn: &mut DbConn, office: &PublicId, id: &PublicId) -> Result<bool, Problem> {
    let theirs = Offices::of(conn, &[office])?.among(conn, std::slice::from_ref(id))?;
    if theirs.contains(id) {
        return Ok(true);
    }
    Ok(id.kind() == Kind::Source
        && records::find(conn, id)?.is_some_and(|head| head.state == RecordState::Published))
}

/// 403 unless the actor may put right what this author recorded: the same office, or a registrar.
pub fn may_correct(ctx: &Ctx, author: &Author) -> Result<(), Problem> {
    open_to(
        ctx.viewer.is_colleague_of(author),
        "an event is corrected by the office that recorded it, or by a registrar",
    )
}

/// 403 unless the writer's office is among these partners (internal keys), or hosts one of them.
pub fn require_participation(conn: &mut DbConn, ctx: &Ctx, those: &[i64]) -> Result<(), Problem> {
    let there = acts_for_any(conn, ctx, those)?;
    open_to(there, "an office can't give away what it takes part in")
}

/// Whether the writer speaks for this partner (internal key): its own office, or one it hosts.
pub fn acts_for(conn: &mut DbConn, ctx: &Ctx, partner: i64) -> Result<bool, Problem> {
    Ok(acts_for_any(conn, ctx, &[partner])?)
}

fn acts_for_any(conn: &mut DbConn, ctx: &Ctx, those: &[i64]) -> QueryResult<bool> {
    match (ctx.author.role(), ctx.author.organisation()) {
        (Role::Registrar | Role::Admin, _) => Ok(true),
        (_, Some(own)) => any_of_office(conn, own, those),
        (_, None) => Ok(false),
    }
}

/// Whether this partner (internal key), or its host, has an office.
pub fn has_office(conn: &mut DbConn, partner: i64) -> QueryResult<bool> {
    let those = with_host(conn, partner)?;
    diesel::select(diesel::dsl::exists(
        organisations::table.filter(organisations::partner_id.eq_any(those)),
    ))
    .get_result(conn)
}

/// Whether one of these partners is the office's own, or hosted by it.
fn any_of_office(conn: &mut DbConn, office: &PublicId, those: &[i64]) -> QueryResult<bool> {
    Offices::of(conn, &[office])?.hold_any(conn, those)
}
