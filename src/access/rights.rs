//! Which records an actor may create and edit.
//!
//! Registrars and admins edit everything. Editors and approvers act for their office: its partner,
//! what that hosts, the agreements, memberships and activities these take part in, the partners and
//! networks the office has recorded itself, and sources.

use diesel::prelude::*;

use super::Actor;
use crate::core::author::Author;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::Role;
use crate::db::DbConn;
use crate::db::schema::{
    activities, activity_participants, agreement_parties, agreements, memberships, networks,
    partners,
};
use crate::http::code::Code;
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

/// The office an actor is bound to; `None` when it may edit everything.
fn office(actor: &Actor) -> Result<Option<&PublicId>, Problem> {
    match actor.author.role() {
        Role::Registrar | Role::Admin => Ok(None),
        Role::Editor | Role::Approver => actor
            .author
            .organisation()
            .map(Some)
            .ok_or_else(|| forbidden("this key belongs to no office")),
    }
}

/// 403 unless the actor may create this.
pub fn may_create(conn: &mut DbConn, actor: &Actor, what: Editing<'_>) -> Result<(), Problem> {
    let Some(office) = office(actor)? else {
        return Ok(());
    };
    match what {
        Editing::Open => Ok(()),
        Editing::Between(those) if any_of_office(conn, office, those)? => Ok(()),
        Editing::Between(_) => Err(forbidden(
            "an editor records only what the own office, or what it hosts, takes part in",
        )),
    }
}

/// 403 unless the actor may edit the record of this id and internal key.
pub fn may_edit(conn: &mut DbConn, actor: &Actor, id: &PublicId) -> Result<(), Problem> {
    let Some(office) = office(actor)? else {
        return Ok(());
    };
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
    if theirs {
        Ok(())
    } else {
        Err(forbidden("this record belongs to another office"))
    }
}

/// 403 unless the actor may put right what this author recorded: the same office, or a registrar.
pub fn may_correct(actor: &Actor, author: &Author) -> Result<(), Problem> {
    match office(actor)? {
        Some(own) if author.organisation() != Some(own) => Err(forbidden(
            "an event is corrected by the office that recorded it, or by a registrar",
        )),
        _ => Ok(()),
    }
}

/// Whether the actor speaks for this partner (internal key): its own office, or one it hosts.
pub fn speaks_for(conn: &mut DbConn, actor: &Actor, partner: i64) -> Result<bool, Problem> {
    match office(actor)? {
        None => Ok(true),
        Some(own) => Ok(any_of_office(conn, own, &[partner])?),
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
