//! Recording an agreement inside a write transaction.

use super::events::check::{Around, Said};
use super::events::record;
use super::events::types::{Details, EventIn};
use super::lifecycle::birth::{self, Birth};
use super::rules::{self, NewAgreement};
use super::store::{self, AgreementRow, Resolved};
use super::types::AgreementIn;
use super::{duplicates, links, parties};
use crate::changes::{self, Ctx};
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::core::vocabulary::record::ChangeOp;
use crate::db::DbConn;
use crate::evidence::citations::store as citation_store;
use crate::evidence::citations::types::NewCitation;
use crate::http::code::Code;
use crate::http::problem::{Problem, validated};
use crate::partners::rules as partner_rules;

/// Most events a whole past may have.
const MAX_EVENTS: usize = 200;

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
    let past = input.events.take();
    let stated = issues.take("/initial_status", input.initial_status.take());
    let sources = partner_rules::sources(input.sources.take(), &mut issues);
    past_is_whole(past.as_deref(), stated, &sources, &mut issues);
    if origin == Origin::Import && sources.is_empty() {
        issues.add("/sources", "required", "what is imported names its source");
    }
    let new = rules::check(input, &mut issues);
    let Some(new) = new else {
        validated(issues)?;
        return Err(Problem::new(Code::Internal));
    };
    not_ahead(&new, ctx, &mut issues);
    let resolved = resolve(conn, &new, None, &mut issues)?;
    let known = Birth {
        initial_status: stated,
        entry_into_force: new.entry_into_force,
        proposed_on: new.proposed_on.as_ref(),
        approved_on: new.approved_on.as_ref(),
        signed_on: new.signed_on.as_ref(),
        in_force_on: new.in_force_on.as_ref(),
    };
    let status = match birth::initial_status(&known, ctx.today()) {
        Ok(status) => status,
        Err(failure) => {
            issues.extend([failure.into()]);
            LegalStatus::Proposed
        }
    };
    validated(issues)?;
    not_duplicate(conn, None, &new, &resolved)?;
    let since = birth_date(&known, ctx);
    // With a past, the status before its first event is replaced at once.
    let opening = past
        .as_ref()
        .and_then(|events| opening(events))
        .unwrap_or(status);
    let row = store::insert(conn, ctx, &new, &resolved, 0, (opening, &since))?;
    citation_store::cite(conn, ctx, &row.public_id, &sources)?;
    match past {
        Some(events) => replay(conn, ctx, &row, events, !sources.is_empty())?,
        None => born(conn, ctx, &row, since, status)?,
    }
    let rev = changes::upcoming(conn)?;
    links::touch(conn, &resolved.supersedes, rev)?;
    finish(conn, ctx, row.id, new.allow_duplicate.as_deref())
}

/// The day of the first event; one that is still to come can't be when it began.
fn birth_date(known: &Birth<'_>, ctx: &Ctx) -> Edtf {
    let day = birth::birth_date(known, ctx.today());
    let ahead = day
        .earliest()
        .is_some_and(|earliest| earliest > ctx.today());
    if ahead {
        Edtf::no_later_than(ctx.today())
    } else {
        day
    }
}

/// The status the first event of a past finds.
fn opening(events: &[EventIn]) -> Option<LegalStatus> {
    events
        .first()?
        .to_status
        .as_ref()
        .and_then(|status| status.0.as_ref().ok().copied())
}

fn past_is_whole(
    past: Option<&[EventIn]>,
    stated: Option<LegalStatus>,
    sources: &[NewCitation],
    issues: &mut Issues,
) {
    let Some(events) = past else { return };
    if stated.is_some() {
        issues.add(
            "/initial_status",
            "either_or",
            "a whole past says which status it begins with",
        );
    }
    if events.is_empty() || events.len() > MAX_EVENTS {
        issues.add(
            "/events",
            "length",
            format!("must hold from 1 to {MAX_EVENTS} events"),
        );
    }
    let registers = |event: &EventIn| {
        event
            .action
            .as_ref()
            .is_some_and(|action| matches!(action.0, Ok(EventAction::Register)))
    };
    if let Some(first) = events.first() {
        if first.action.is_some() && !registers(first) {
            issues.add(
                "/events/0/action",
                "not_register",
                "the first event of a past is register",
            );
        }
        if registers(first) && first.to_status.is_none() {
            issues.add(
                "/events/0/to_status",
                "required",
                "register says which status it finds",
            );
        }
        if sources.is_empty() && first.source_id.is_none() && first.source.is_none() {
            issues.add(
                "/sources",
                "required",
                "a whole past names where it is from",
            );
        }
    }
}

/// Notes steps whose day is certainly still to come: they are recorded once they have happened.
pub fn not_ahead(new: &NewAgreement, ctx: &Ctx, issues: &mut Issues) {
    for (at, date) in [
        ("/proposed_on", &new.proposed_on),
        ("/approved_on", &new.approved_on),
        ("/signed_on", &new.signed_on),
    ] {
        let ahead = date
            .as_ref()
            .and_then(Edtf::earliest)
            .is_some_and(|day| day > ctx.today());
        if ahead {
            issues.add(
                at,
                "in_the_future",
                "a step is recorded once it has happened",
            );
        }
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
    let kinds: Vec<_> = parties.iter().map(|known| known.partner.kind).collect();
    let relationship = rules::relationship(new.relationship, new.instrument, &kinds, issues);
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
    let arose_from = match &new.arose_from {
        Some(id) => one(conn, "/arose_from", id, links::Link::AroseFrom)?,
        None => None,
    };
    let parent = match &new.parent {
        Some(id) => one(conn, "/parent_id", id, links::Link::Parent)?,
        None => None,
    };
    let mut supersedes = Vec::new();
    for (index, id) in new.supersedes.iter().enumerate() {
        let at = format!("/supersedes/{index}");
        supersedes.extend(one(conn, &at, id, links::Link::Supersedes)?);
    }
    Ok(Resolved {
        parties,
        relationship,
        arose_from,
        parent,
        supersedes,
    })
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

/// The first event of an agreement that is entered as it is.
fn born(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &AgreementRow,
    since: Edtf,
    status: LegalStatus,
) -> Result<(), Problem> {
    let said = Said {
        action: EventAction::Register,
        effective_on: since,
        details: Details::default(),
        source: None,
        sourced: false,
        superseded_by: None,
        corrects: None,
        to_status: Some(status),
    };
    record::append(conn, ctx, row, said, "").map(|_| ())
}

/// A whole past, event by event, each checked like one that is posted.
fn replay(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &AgreementRow,
    events: Vec<EventIn>,
    sourced: bool,
) -> Result<(), Problem> {
    for (index, event) in events.into_iter().enumerate() {
        // What an event changes is what the next one meets.
        let now = store::by_key(conn, row.id)?;
        let at = format!("/events/{index}");
        record::record(conn, ctx, &now, event, Around { at: &at, sourced })?;
    }
    Ok(())
}

fn finish(
    conn: &mut DbConn,
    ctx: &Ctx,
    key: i64,
    reason: Option<&str>,
) -> Result<AgreementRow, Problem> {
    let rev = changes::upcoming(conn)?;
    links::touch(conn, &[key], rev)?;
    let row = store::by_key(conn, key)?;
    store::log(conn, ctx, ChangeOp::Created, None, &row, reason)?;
    Ok(row)
}
