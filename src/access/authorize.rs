//! Which records a writer, whose roles are those of the context's viewer, may create and edit.
//!
//! Registrars and admins edit everything. Editors and approvers act for their office: what belongs to
//! it, see [`super::ownership`], and sources.

use std::collections::HashSet;

use diesel::prelude::*;

use super::ownership::{Offices, belongs_to};
use crate::changes::{Approval, Ctx, records};
use crate::core::author::Author;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::{RecordState, Role};
use crate::db::DbConn;
use crate::db::schema::{organisations, partners};
use crate::find_row;
use crate::http::extract::Viewer;
use crate::http::problem::Problem;

/// What somebody is about to create, as far as rights depend on it.
#[derive(Debug, Clone, Copy)]
pub enum Creating<'a> {
    /// Open to every editor: partners, networks, sources.
    Open,
    /// A record in which these partners (internal keys) take part.
    WithParties(&'a [i64]),
}

/// 403 with what it is open to, unless that holds.
pub(super) fn open_to(allowed: bool, detail: &str) -> Result<(), Problem> {
    allowed
        .then_some(())
        .ok_or_else(|| Problem::forbidden(detail))
}

/// Whether what is done in this role waits for another person: its office wants a second pair of eyes on
/// what its editors do.
fn waits(conn: &mut DbConn, grant: &Author) -> QueryResult<bool> {
    match (grant.role(), grant.organisation()) {
        (Role::Editor, Some(office)) => super::organisations::store::four_eyes(conn, office),
        (role, _) => Ok(role == Role::Editor),
    }
}

/// Signs the change with the first of these grants for which `theirs` holds: one that opens everything, else an
/// office's, approvers before editors. 403 with what it is open to, when there is none.
fn sign(
    conn: &mut DbConn,
    grants: Vec<Author>,
    ctx: &mut Ctx,
    detail: &str,
    mut theirs: impl FnMut(&mut DbConn, &PublicId) -> QueryResult<bool>,
) -> Result<(), Problem> {
    let mut fitting = grants.iter().find(|grant| grant.role() >= Role::Registrar);
    for grant in &grants {
        if fitting.is_none()
            && let Some(office) = grant.organisation()
            && theirs(conn, office)?
        {
            fitting = Some(grant);
        }
    }
    let grant = fitting.ok_or_else(|| Problem::forbidden(detail))?;
    ctx.author = grant.clone();
    ctx.waits = waits(conn, grant)?;
    Ok(())
}

/// 403 unless the writer may create this; signs the change with the role that allows it.
pub fn may_create(conn: &mut DbConn, ctx: &mut Ctx, what: Creating<'_>) -> Result<(), Problem> {
    let detail = "an editor records only what the own office, or what it hosts, takes part in";
    let theirs = |conn: &mut DbConn, office: &PublicId| match what {
        Creating::Open => Ok(true),
        Creating::WithParties(those) => any_of_office(conn, office, those),
    };
    sign(conn, ctx.viewer.grants().to_vec(), ctx, detail, theirs)
}

/// 403 unless the writer may edit the record of this id; signs the change with the role that allows
/// it. Whether the writer may see the record was asked before.
pub fn may_edit(conn: &mut DbConn, ctx: &mut Ctx, id: &PublicId) -> Result<(), Problem> {
    let detail = "this record belongs to another office";
    let theirs = |conn: &mut DbConn, office: &PublicId| is_of_office(conn, office, id);
    sign(conn, ctx.viewer.grants().to_vec(), ctx, detail, theirs)
}

/// 403 unless the writer may decide what somebody suggests for the record of this id: staff whose word
/// is enough in the office it belongs to, or a registrar.
pub fn may_decide(conn: &mut DbConn, ctx: &mut Ctx, id: &PublicId) -> Result<(), Problem> {
    let deciding = approving(conn, ctx.viewer.grants())?;
    let detail = "open to approvers of an office the record belongs to, and to registrars";
    let theirs = |conn: &mut DbConn, office: &PublicId| belongs_to(conn, office, id);
    sign(conn, deciding, ctx, detail, theirs)
}

/// 403 unless the writer may let pass what waits in the office of this author: one of its approvers, or
/// a registrar. The second pair of eyes is the office's own, whoever else takes part in the record.
pub fn may_approve(conn: &mut DbConn, ctx: &mut Ctx, proposer: &Author) -> Result<(), Problem> {
    let mut approvers = ctx.viewer.grants().to_vec();
    approvers.retain(|grant| grant.role() >= Role::Approver);
    let detail = "open to approvers of the office that proposes it, and to registrars";
    let theirs = |_: &mut DbConn, office: &PublicId| Ok(proposer.organisation() == Some(office));
    sign(conn, approvers, ctx, detail, theirs)
}

/// 403 unless the writer may decide what others would record in the holdings of this office.
pub fn may_agree(conn: &mut DbConn, ctx: &mut Ctx, office: &PublicId) -> Result<(), Problem> {
    let deciding = approving(conn, ctx.viewer.grants())?;
    let detail =
        "open to approvers of the office in whose holdings it would stand, and to registrars";
    sign(conn, deciding, ctx, detail, |_, own| Ok(own == office))
}

/// The office in whose holdings a record comes to stand that names this partner (internal key) as its
/// host or seat, when that is another one than the writer's: it has to agree.
pub fn foreign_holder(conn: &mut DbConn, ctx: &Ctx, partner: i64) -> QueryResult<Option<PublicId>> {
    let agreed = ctx.approval.as_ref().map(|approval| &approval.author);
    let speaks = |office: &PublicId| {
        [Some(&ctx.author), agreed]
            .into_iter()
            .flatten()
            .any(|author| author.role() >= Role::Registrar || author.organisation() == Some(office))
    };
    Ok(holder(conn, partner)?.filter(|office| !speaks(office)))
}

/// [`foreign_holder`], unless the writer's own word is enough in that office too: then the write counts
/// as approved by it.
pub fn has_to_ask(conn: &mut DbConn, ctx: &mut Ctx, partner: i64) -> QueryResult<Option<PublicId>> {
    let Some(office) = foreign_holder(conn, ctx, partner)? else {
        return Ok(None);
    };
    let own = approving(conn, ctx.viewer.grants())?
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
        Some(office) => Err(Problem::forbidden(format!(
            "the office of {office} has to agree: send this by itself, and it is asked"
        ))),
    }
}

/// The office of this partner (internal key), or of its host.
fn holder(conn: &mut DbConn, partner: i64) -> QueryResult<Option<PublicId>> {
    let host: Option<Option<i64>> =
        find_row!(partners, conn, partners::id.eq(partner) => partners::host_id)?;
    let those = host.flatten().into_iter().chain([partner]);
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
        if !waits(conn, grant)? {
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
    let detail = "the record no longer belongs to the office that proposes this";
    open_to(theirs, detail)
}

/// Whether the record of this id is the office's to edit: its own, and every source that is public.
fn is_of_office(conn: &mut DbConn, office: &PublicId, id: &PublicId) -> QueryResult<bool> {
    if belongs_to(conn, office, id)? {
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
    Ok(holder(conn, partner)?.is_some())
}

/// Whether one of these partners (internal keys) is the office's own, or hosted by it.
fn any_of_office(conn: &mut DbConn, office: &PublicId, those: &[i64]) -> QueryResult<bool> {
    let own: Option<i64> =
        find_row!(partners, conn, partners::public_id.eq(office) => partners::id)?;
    let theirs = partners::id
        .nullable()
        .eq(own)
        .or(partners::host_id.eq(own));
    let theirs = partners::id.eq_any(those).and(theirs);
    let found: Option<i64> = find_row!(partners, conn, theirs => partners::id)?;
    Ok(found.is_some())
}
