//! What is checked of a new agreement and of a changed one alike.

use diesel::QueryResult;

use super::dates::Dated;
use super::lifecycle::guards::{self, FEWEST};
use super::links::{self, Link};
use super::rules::{self, NewAgreement};
use super::store::{self, Resolved};
use super::{duplicates, parties};
use crate::access;
use crate::changes::{Ctx, records as heads};
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::vocabulary::agreement::Acknowledgement;
use crate::db::DbConn;
use crate::http::problem::Problem;
use crate::partners::reference::Known;

/// What ties an agreement to nothing but its parties.
pub(super) fn between(new: &NewAgreement, parties: Vec<Known>, issues: &mut Issues) -> Resolved {
    let kinds: Vec<_> = parties.iter().map(|known| known.partner.kind).collect();
    let life = |known: &Known| (known.key, known.life.clone());
    Resolved {
        lives: parties.iter().map(life).collect(),
        relationship: rules::relationship(new.relationship, new.content.instrument, &kinds, issues),
        parties,
        arose_from: None,
        parent: None,
        supersedes: Vec::new(),
    }
}

/// Finds what the agreement names; what is not there, or would be a cycle, goes to `issues`.
pub fn resolve(
    conn: &mut DbConn,
    new: &NewAgreement,
    own: Option<i64>,
    issues: &mut Issues,
) -> Result<Resolved, Problem> {
    // What the record already names stays, even if it was withdrawn meanwhile.
    let (held_parties, held) = match own {
        Some(own) => (parties::keys(conn, own)?, links::held(conn, own)?),
        None => (Vec::new(), Vec::new()),
    };
    let parties = parties::resolve(conn, &new.parties, &held_parties, issues)?;
    let mut resolved = between(new, parties, issues);
    let mut one = |at: &str, id: Option<&PublicId>, link: Link| -> QueryResult<Option<i64>> {
        let found = heads::resolve(conn, at, id, &held, issues)?;
        if let (Some(own), Some(found)) = (own, found)
            && links::leads_to(conn, link, found, own)?
        {
            issues.add(at, "cycle", "an agreement can't come after itself");
        }
        Ok(found)
    };
    resolved.arose_from = one("/arose_from", new.arose_from.as_ref(), Link::AroseFrom)?;
    resolved.parent = one("/parent_id", new.parent.as_ref(), Link::Parent)?;
    for (index, id) in new.supersedes.iter().enumerate() {
        let at = format!("/supersedes/{index}");
        let found = one(&at, Some(id), Link::Supersedes)?;
        // Behind one that is not there nobody could tell where another stands: it is asked about next time.
        let stands_here = resolved.supersedes.len() == index;
        resolved.supersedes.extend(found.filter(|_| stands_here));
    }
    Ok(resolved)
}

/// Notes what was signed later than this new agreement and can't have been replaced by it; 403 for an agreement
/// of others, on which the caller's office has no say.
pub(super) fn takes_their_place(
    conn: &mut DbConn,
    ctx: &Ctx,
    (new, resolved): (&NewAgreement, &Resolved),
    issues: &mut Issues,
) -> Result<(), Problem> {
    signed_in_turn(conn, (new, resolved), (&[], None), issues)?;
    not_taken(conn, &resolved.supersedes, &[], issues)?;
    may_take_their_place(conn, ctx, resolved, (&[], &[]))
}

/// Notes what was signed later than this agreement and can't have been replaced by it, but for what it `held`
/// although its signature, as it `was`, came too early already.
pub(super) fn signed_in_turn(
    conn: &mut DbConn,
    (new, resolved): (&NewAgreement, &Resolved),
    (held, was): (&[i64], Option<&Edtf>),
    issues: &mut Issues,
) -> QueryResult<()> {
    for (index, older) in resolved.supersedes.iter().enumerate() {
        let signed = store::signed_on(conn, *older)?;
        let in_turn = |own| guards::signed_in_turn("/supersedes", own, signed.as_ref());
        if held.contains(older) && in_turn(was).is_err() {
            continue;
        }
        let at = format!("/supersedes/{index}");
        if let Err(failure) = in_turn(new.content.dates.signed_on.as_ref())
            && !issues.has(&at)
        {
            issues.add(at, failure.code, failure.message);
        }
    }
    Ok(())
}

/// Notes which of these agreements (internal keys), in whose place one is to stand, another published one has
/// taken the place of, but for what it `held`: a line of agreements has no branches.
pub(super) fn not_taken(
    conn: &mut DbConn,
    supersedes: &[i64],
    held: &[i64],
    issues: &mut Issues,
) -> QueryResult<()> {
    if supersedes.iter().all(|older| held.contains(older)) {
        return Ok(());
    }
    let taken = links::of_agreements(conn, supersedes)?.superseded_by;
    for (index, older) in supersedes.iter().enumerate() {
        let at = format!("/supersedes/{index}");
        if let Some(by) = taken.get(older).filter(|_| !held.contains(older))
            && !issues.has(&at)
        {
            let failure = guards::taken_already("/supersedes", by);
            issues.add(at, failure.code, failure.message);
        }
    }
    Ok(())
}

/// 403 for an agreement of others that this one replaces and on which the caller's office has no say, but for
/// what it `held` with no more of the parties.
pub(super) fn may_take_their_place(
    conn: &mut DbConn,
    ctx: &Ctx,
    resolved: &Resolved,
    (held, between): (&[i64], &[i64]),
) -> Result<(), Problem> {
    let after: Vec<i64> = resolved.parties.iter().map(|known| known.key).collect();
    for older in &resolved.supersedes {
        let before = parties::keys(conn, *older)?;
        let mut shares = |with: &[i64]| -> QueryResult<bool> {
            Ok(links::shared_parties(conn, &before, with)? >= FEWEST)
        };
        if shares(&after)? || (held.contains(older) && !shares(between)?) {
            continue;
        }
        let mut own = false;
        for party in before {
            own = own || access::acts_for(conn, ctx, party)?;
        }
        if !own {
            let rule =
                "what takes the place of an agreement of others is for their offices to record";
            return Err(Problem::forbidden(rule));
        }
    }
    Ok(())
}

/// 409 when the agreement may be one already recorded, unless a reason is given.
pub fn not_duplicate(
    conn: &mut DbConn,
    own: Option<i64>,
    new: &NewAgreement,
    resolved: &Resolved,
) -> Result<(), Problem> {
    if new.allow_duplicate.is_some() {
        return Ok(());
    }
    let (key, signed_on) = (resolved.party_key(), new.content.dates.signed_on.as_ref());
    match duplicates::find(conn, own, &key, new.content.instrument, signed_on)? {
        Some(known) => Err(duplicates::problem(&known)),
        None => Ok(()),
    }
}

/// Notes steps whose day is certainly still to come: they are recorded once they have happened.
pub fn not_ahead(new: &NewAgreement, ctx: &Ctx, issues: &mut Issues) {
    let mut told = |at: String, date: &Edtf| {
        if date.earliest() > Some(ctx.today()) {
            let rule = "a step is recorded once it has happened";
            issues.add(at, "in_the_future", rule);
        }
    };
    // Into force an agreement may be planned to enter.
    for (step, date) in new
        .content
        .dates
        .known()
        .filter(|(step, _)| *step < Dated::InForce)
    {
        told(step.pointer().to_owned(), date);
    }
    for party in &new.parties {
        for (name, date) in [
            ("signed_on", &party.signed_on),
            ("acceded_on", &party.acceded_on),
            ("withdrew_on", &party.withdrew_on),
        ] {
            if let Some(date) = date {
                told(format!("{}/{name}", party.at), date);
            }
        }
    }
    if new
        .content
        .last_confirmed_on
        .is_some_and(|day| day > ctx.today())
    {
        let rule = "a confirmation is recorded once it has been given";
        issues.add("/last_confirmed_on", "in_the_future", rule);
    }
}

/// 403 when a party is made to say something else of the agreement than `before` by an office that
/// doesn't speak for it.
pub(super) fn check_acknowledgements_are_own(
    conn: &mut DbConn,
    ctx: &Ctx,
    new: &NewAgreement,
    resolved: &Resolved,
    before: impl Fn(i64) -> Acknowledgement,
) -> Result<(), Problem> {
    for (party, known) in new.parties.iter().zip(&resolved.parties) {
        if before(known.key) != party.acknowledgement && !access::acts_for(conn, ctx, known.key)? {
            let rule = "what a party says of the agreement is for its own office to record";
            return Err(Problem::forbidden(rule));
        }
    }
    Ok(())
}
