//! Recording an agreement inside a write transaction.

use super::born::Steps;
pub use super::entry::not_ahead;
use super::entry::{Entry, entry};
use super::lifecycle::birth::First;
use super::parties::PartyIn;
use super::rules::{self, NewAgreement};
use super::store::{AgreementRow, Resolved};
use super::types::AgreementIn;
use super::{born, change, duplicates, links, parties};
use diesel::QueryResult;

use crate::changes::Ctx;
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::vocabulary::agreement::Acknowledgement;
use crate::db::DbConn;
use crate::evidence::citations::store as citation_store;
use crate::evidence::citations::types::NewCitation;
use crate::http::code::Code;
use crate::http::problem::{Problem, validated};
use crate::lifecycle::lives;
use crate::partners::reference::Known;
use crate::partners::rules as partner_rules;

/// Where a new agreement comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Someone who is logged in: the entry itself may be the source.
    Request,
    /// A file: it names its source.
    Import,
}

/// Records one agreement with its parties, links, sources, events and its change.
pub fn create(
    conn: &mut DbConn,
    ctx: &Ctx,
    mut input: AgreementIn,
    origin: Origin,
) -> Result<AgreementRow, Problem> {
    let mut issues = Issues::default();
    let sources = partner_rules::sources(input.sources.take(), &mut issues);
    let Some(entry) = entry(ctx, input, sources, origin, &mut issues) else {
        validated(issues)?;
        return Err(Problem::new(Code::Internal));
    };
    let resolved = resolve(conn, &entry.new, None, &mut issues)?;
    super::lives::check(&entry.new, &resolved, (&[], None), &mut issues);
    citation_store::note_unknown(conn, ctx, &entry.sources, &mut issues)?;
    let first = entry.first_events(ctx, &mut issues);
    validated(issues)?;
    if origin == Origin::Request {
        change::said_by_themselves(conn, ctx, &entry.new, &resolved, |_| {
            Acknowledgement::default()
        })?;
    }
    not_duplicate(conn, None, &entry.new, &resolved)?;
    enter(conn, ctx, entry, &resolved, first)
}

/// [`create`] for a tie of partners and with sources that the caller has found, and of which it
/// knows that none like it is there.
pub fn create_between(
    conn: &mut DbConn,
    ctx: &Ctx,
    mut input: AgreementIn,
    parties: Vec<Known>,
    sources: Vec<NewCitation>,
) -> Result<AgreementRow, Problem> {
    let party = |known: &Known| PartyIn {
        partner_id: Some(known.partner.id.to_string()),
        ..PartyIn::default()
    };
    input.parties = Some(parties.iter().map(party).collect());
    let mut issues = Issues::default();
    let Some(entry) = entry(ctx, input, sources, Origin::Import, &mut issues) else {
        validated(issues)?;
        return Err(Problem::new(Code::Internal));
    };
    let resolved = between(conn, &entry.new, parties, &mut issues)?;
    super::lives::check(&entry.new, &resolved, (&[], None), &mut issues);
    let first = entry.first_events(ctx, &mut issues);
    validated(issues)?;
    enter(conn, ctx, entry, &resolved, first)
}

/// Records what has passed every check.
fn enter(
    conn: &mut DbConn,
    ctx: &Ctx,
    mut entry: Entry,
    resolved: &Resolved,
    first: Vec<First>,
) -> Result<AgreementRow, Problem> {
    let steps = match entry.past.take() {
        None => Steps::Derived(first),
        Some(events) => Steps::Told(events),
    };
    born::record(conn, ctx, &entry, resolved, steps)
}

/// What ties an agreement to nothing but its parties.
fn between(
    conn: &mut DbConn,
    new: &NewAgreement,
    parties: Vec<Known>,
    issues: &mut Issues,
) -> QueryResult<Resolved> {
    let kinds: Vec<_> = parties.iter().map(|known| known.partner.kind).collect();
    let keys: Vec<i64> = parties.iter().map(|known| known.key).collect();
    Ok(Resolved {
        lives: lives::of_partners(conn, &keys)?,
        relationship: rules::relationship(new.relationship, new.instrument, &kinds, issues),
        parties,
        arose_from: None,
        parent: None,
        supersedes: Vec::new(),
    })
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
    let mut resolved = between(conn, new, parties, issues)?;
    let mut one = |conn: &mut DbConn,
                   at: &str,
                   id: &PublicId,
                   link: links::Link|
     -> Result<Option<i64>, Problem> {
        let found = links::resolve_or_held(conn, at, id, &held, issues)?;
        if let (Some(own), Some(found)) = (own, found)
            && links::leads_to(conn, link, found, own)?
        {
            issues.add(at, "cycle", "an agreement can't come after itself");
        }
        Ok(found)
    };
    resolved.arose_from = match &new.arose_from {
        Some(id) => one(conn, "/arose_from", id, links::Link::AroseFrom)?,
        None => None,
    };
    resolved.parent = match &new.parent {
        Some(id) => one(conn, "/parent_id", id, links::Link::Parent)?,
        None => None,
    };
    for (index, id) in new.supersedes.iter().enumerate() {
        let at = format!("/supersedes/{index}");
        resolved
            .supersedes
            .extend(one(conn, &at, id, links::Link::Supersedes)?);
    }
    Ok(resolved)
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
    let key = resolved.party_key();
    match duplicates::find(conn, own, &key, new.instrument, new.signed_on.as_ref())? {
        Some(known) => Err(duplicates::problem(&known)),
        None => Ok(()),
    }
}
