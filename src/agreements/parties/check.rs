//! What must hold of the parties that are sent.

use diesel::QueryResult;

use super::{NewParty, PartyIn, Signatory, SignatoryIn};
use crate::core::ids::Kind;
use crate::core::issue::Issues;
use crate::core::vocabulary::lifecycle::ParticipationStatus;
use crate::db::DbConn;
use crate::http::validate;
use crate::partners::names::reversed;
use crate::partners::reference::{self, Known};

/// Most parties of one agreement.
const MAX_PARTIES: usize = 50;

/// Most signatories of one party.
const MAX_SIGNATORIES: usize = 20;

fn signatory(at: &str, input: SignatoryIn, issues: &mut Issues) -> Option<Signatory> {
    let p = |name: &str| format!("{at}/{name}");
    let office = validate::required_text(&p("office"), input.office, 200, issues);
    let name = validate::text(&p("name"), input.name, 200, issues);
    let signed_as = validate::text(&p("signed_as"), input.signed_as, 200, issues);
    Some(Signatory {
        office: office?,
        name,
        signed_as,
    })
}

fn check_one(at: &str, input: PartyIn, issues: &mut Issues) -> Option<NewParty> {
    let p = |name: &str| format!("{at}/{name}");
    let id = issues.require(&p("partner_id"), input.partner_id);
    let id = validate::id(&p("partner_id"), id, Kind::Partner, issues);
    let (at_list, given) = (p("signatories"), input.signatories);
    let signatories = validate::list(&at_list, given, MAX_SIGNATORIES, issues, signatory);
    let acceded_on = issues.take(&p("acceded_on"), input.acceded_on);
    let withdrew_on = issues.take(&p("withdrew_on"), input.withdrew_on);
    let (at_left, left) = (p("withdrew_on"), withdrew_on.as_ref());
    reversed(&at_left, acceded_on.as_ref(), left, issues);
    let signed_on = issues.take(&p("signed_on"), input.signed_on);
    reversed(&at_left, signed_on.as_ref(), left, issues);
    let mut participation = issues.take(&p("participation"), input.participation);
    if withdrew_on.is_some() {
        // Who has left is no party any more.
        let stands = *participation.get_or_insert(ParticipationStatus::Withdrawn);
        if stands.is_live() || stands == ParticipationStatus::Invited {
            let rule = format!("of a party that left; {stands} is none: leave participation out");
            issues.add(at_left, "not_applicable", rule);
        }
    }
    Some(NewParty {
        role: issues.take(&p("role"), input.role).unwrap_or_default(),
        participation,
        signed_on,
        acceded_on,
        withdrew_on,
        name_at_signing: validate::name(&p("name_at_signing"), input.name_at_signing, 200, issues),
        acknowledgement: issues
            .take(&p("acknowledgement"), input.acknowledgement)
            .unwrap_or_default(),
        signatories,
        at: at.to_owned(),
        partner: id?,
    })
}

/// The parties: two to fifty, no partner twice.
pub fn check(given: Option<Vec<PartyIn>>, issues: &mut Issues) -> Vec<NewParty> {
    let Some(given) = issues.require("/parties", given) else {
        return Vec::new();
    };
    if !(2..=MAX_PARTIES).contains(&given.len()) {
        let rule = format!("an agreement has from 2 to {MAX_PARTIES} parties");
        issues.add("/parties", "length", rule);
    }
    let mut all: Vec<NewParty> = Vec::new();
    for (index, input) in given.into_iter().enumerate() {
        let at = format!("/parties/{index}");
        let Some(party) = check_one(&at, input, issues) else {
            continue;
        };
        if all.iter().any(|known| known.partner == party.partner) {
            let rule = "a partner can be party only once";
            issues.add(format!("{at}/partner_id"), "partner_twice", rule);
        }
        all.push(party);
    }
    all
}

/// The partners behind the parties, in their order; those that are not there are noted.
pub fn resolve(
    conn: &mut DbConn,
    parties: &[NewParty],
    held: &[i64],
    issues: &mut Issues,
) -> QueryResult<Vec<Known>> {
    let mut known = Vec::with_capacity(parties.len());
    for party in parties {
        let at = format!("{}/partner_id", party.at);
        let found = reference::resolve_or_held(conn, &at, &party.partner, held, issues)?;
        known.extend(found);
    }
    Ok(known)
}
