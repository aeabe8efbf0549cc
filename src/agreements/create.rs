//! Recording an agreement inside a write transaction.

use super::checks::{
    between, check_acknowledgements_are_own, not_duplicate, resolve, takes_their_place,
};
pub use super::draft::Origin;
use super::draft::entry;
use super::parties::PartyIn;
use super::registered;
pub use super::registered::Registered;
use super::store::AgreementRow;
use super::types::AgreementIn;
use crate::changes::Ctx;
use crate::core::issue::Issues;
use crate::core::vocabulary::agreement::Acknowledgement;
use crate::db::DbConn;
use crate::evidence::citations::store as citation_store;
use crate::evidence::citations::types::NewCitation;
use crate::http::problem::{Problem, validated};
use crate::partners::reference::Known;
use crate::partners::rules as partner_rules;

/// Records one agreement with its parties, links, sources, events and its change.
pub fn create(
    conn: &mut DbConn,
    ctx: &Ctx,
    mut input: AgreementIn,
    origin: Origin,
) -> Result<Registered, Problem> {
    let mut issues = Issues::default();
    let sources = partner_rules::sources(input.sources.take(), &mut issues);
    let mut entry = entry(ctx, input, sources, origin, &mut issues);
    let resolved = resolve(conn, &entry.new, None, &mut issues)?;
    super::lifespans::check(&entry.new, &resolved, (&[], None), &mut issues);
    citation_store::find_named(conn, ctx, &mut entry.sources, &mut issues)?;
    let steps = entry.steps(ctx, &mut issues);
    takes_their_place(conn, ctx, (&entry.new, &resolved), &mut issues)?;
    validated(issues)?;
    if origin == Origin::Request {
        check_acknowledgements_are_own(conn, ctx, &entry.new, &resolved, |_| {
            Acknowledgement::default()
        })?;
    }
    not_duplicate(conn, None, &entry.new, &resolved)?;
    registered::record(conn, ctx, &entry, resolved, steps)
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
    let mut entry = entry(ctx, input, sources, Origin::Import, &mut issues);
    let resolved = between(&entry.new, parties, &mut issues);
    super::lifespans::check(&entry.new, &resolved, (&[], None), &mut issues);
    let steps = entry.steps(ctx, &mut issues);
    validated(issues)?;
    Ok(registered::record(conn, ctx, &entry, resolved, steps)?.row)
}
