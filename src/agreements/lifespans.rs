//! Nobody signs after its end: what lives of the parties say of an agreement.

use diesel::QueryResult;

use super::dates::Dated;
use super::events::life::Facts;
use super::events::required::CheckedEvent;
use super::lifecycle::story::Seat;
use super::parties::{self, NewParty, Party, PartyRow};
use super::rules::NewAgreement;
use super::store::Resolved;
use crate::core::edtf::Edtf;
use crate::core::issue::{FieldIssue, Issues};
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus, ParticipationStatus};
use crate::core::warning::Warning;
use crate::db::DbConn;
use crate::lifecycle::lifespans::{self, Lifespans, bound_on, too_late};

/// The date on which a party says that it bound itself, and where that stands in the body; of one that is new,
/// also the first step that it took part in.
fn said<'a>(
    party: &'a NewParty,
    new: &'a NewAgreement,
    is_new: bool,
) -> Option<(String, &'a Edtf)> {
    if party.participation == Some(ParticipationStatus::Invited) {
        return None;
    }
    let own = |name: &str| format!("{}/{name}", party.at);
    if let Some(date) = &party.signed_on {
        return Some((own("signed_on"), date));
    }
    if let Some(date) = &party.acceded_on {
        return Some((own("acceded_on"), date));
    }
    // Nobody signs before what is signed was proposed or approved, nor is bound by it before that.
    let earlier = new.content.dates.known().filter(|_| is_new);
    let signed = new.content.dates.signed_on.as_ref();
    let signed = signed.map(|date| (Dated::Signed, date));
    let (step, date) = signed.into_iter().chain(earlier).next()?;
    Some((step.pointer().to_owned(), date))
}

/// Notes every party that certainly signed after its end, but for what was so already: `before` are the
/// parties as they are stored and the agreement's own signature.
pub(super) fn check(
    new: &NewAgreement,
    resolved: &Resolved,
    before: (&[PartyRow], Option<&Edtf>),
    issues: &mut Issues,
) {
    for party in &new.parties {
        // What is not there was noted.
        let mut there = resolved.parties.iter();
        let Some(known) = there.find(|known| known.partner.id == party.partner) else {
            continue;
        };
        let stored = before.0.iter().find(|row| row.partner_id == known.key);
        let Some((at, date)) = said(party, new, stored.is_none()) else {
            continue;
        };
        let stood = stored.and_then(|row| {
            let (own, joined) = (row.signed_on.as_ref(), row.acceded_on.as_ref());
            bound_on(row.participation, own, joined, before.1)
        });
        if stood != Some(date)
            && let Some(life) = resolved.lives.get(&known.key)
            && let Some(rule) = too_late(life, known.partner.id.as_str(), date)
        {
            issues.add(at, "after_dissolution", rule);
        }
    }
}

/// What an event that names no status says against the lives of the parties that it binds.
pub(super) fn guard(
    conn: &mut DbConn,
    facts: &Facts,
    seats: &[Seat],
    said: &CheckedEvent,
    acts_as: EventAction,
) -> QueryResult<Option<FieldIssue>> {
    let corrects = said.action == EventAction::Correct;
    let new = facts.dates.signed_on.is_none() || (corrects && facts.key.is_some());
    let signs = acts_as == EventAction::Sign
        || acts_as == EventAction::Register && said.to_status == Some(LegalStatus::Signed);
    let bound: Vec<i64> = match acts_as {
        _ if new && signs => signing(conn, facts, seats)?,
        EventAction::Accede => said.details.party.into_iter().collect(),
        EventAction::SucceedParty => said.details.successor.into_iter().collect(),
        _ => Vec::new(),
    };
    if bound.is_empty() {
        return Ok(None);
    }
    let lives = of_partners(conn, &facts.lives, &bound)?;
    let rule = |life| too_late(life, "a party that it binds", &said.effective_on);
    let rule = lives.values().find_map(rule);
    Ok(rule.map(|rule| FieldIssue::new("/effective_on", "after_dissolution", rule)))
}

/// The lives of these partners (internal keys): those that are not `known` are looked up.
pub(super) fn of_partners(
    conn: &mut DbConn,
    known: &Lifespans,
    partners: &[i64],
) -> QueryResult<Lifespans> {
    let known_of = |key: &i64| known.get(key).map(|life| (*key, life.clone()));
    let mut all: Lifespans = partners.iter().filter_map(known_of).collect();
    let others = partners.iter().filter(|key| !known.contains_key(key));
    let others: Vec<i64> = others.copied().collect();
    if !others.is_empty() {
        all.extend(lifespans::of_partners(conn, &others)?);
    }
    Ok(all)
}

/// The parties that an event of signature binds: those that have no date of their own.
fn signing(conn: &mut DbConn, facts: &Facts, seats: &[Seat]) -> QueryResult<Vec<i64>> {
    let stored = match facts.key {
        Some(key) => parties::rows(conn, &[key])?,
        None => Vec::new(),
    };
    let signed: Vec<i64> = stored
        .iter()
        .filter(|row| row.signed_on.is_some())
        .map(|row| row.partner_id)
        .collect();
    let bound = seats.iter().filter(|seat| seat.acceded_on.is_none());
    Ok(bound
        .map(|seat| seat.partner)
        .filter(|partner| !signed.contains(partner))
        .collect())
}

/// What is odd about the dates of the parties.
pub(super) fn warnings(
    lives: &Lifespans,
    parties: &[Party],
    signed_on: Option<&Edtf>,
) -> Vec<Warning> {
    let odd = parties.iter().filter_map(|party| {
        let (own, joined) = (party.signed_on.as_ref(), party.acceded_on.as_ref());
        let date = bound_on(party.participation, own, joined, signed_on)?;
        let life = lives.get(&party.key)?;
        life.warning(party.partner.id.as_str(), date)
    });
    odd.collect()
}
