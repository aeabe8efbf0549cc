//! Recording an agreement whose only event is its registration.
//!
//! All that follows from one event is known before anything is written, so the record is written
//! once and nothing of it is read back. That is what most agreements and all imports need; one with
//! a whole past takes the way of its events.

use super::entry::Entry;
use super::events::{follow, record};
use super::lifecycle::{MACHINE, guards};
use super::quality::{self, Facts};
use super::store::{self, AgreementRow, Opening, Resolved};
use super::{links, participation, parties};
use crate::changes::{self, Ctx};
use crate::core::edtf::Edtf;
use crate::core::lifecycle::fold;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::evidence::{Rank, Stance};
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::core::vocabulary::record::QualityFlag;
use crate::db::{DbConn, json};
use crate::evidence::citations::store as citation_store;
use crate::evidence::citations::types::NewCitation;
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle::{self as recorded, NewEvent, Subject, derived};

/// The one event of a new agreement.
const REGISTER: EventAction = EventAction::Register;

/// Records the agreement as it is, with everything beside it and its change.
pub(super) fn record(
    conn: &mut DbConn,
    ctx: &Ctx,
    entry: &Entry,
    resolved: &Resolved,
    (status, since): (LegalStatus, &Edtf),
) -> Result<AgreementRow, Problem> {
    guards::not_in_the_future(REGISTER, since, ctx.today()).map_err(|failure| {
        Problem::new(Code::GuardFailed).field(failure.pointer, failure.code, failure.message)
    })?;
    let step = record::Step {
        id: 1,
        action: REGISTER,
        effective_on: since.clone(),
        recorded_on: ctx.today(),
        to: Some(status),
        corrects: None,
    };
    let folded = fold(&MACHINE, &[step], ctx.today())
        .map_err(|illegal| recorded::illegal(&illegal, "", |_| None))?;
    let new = &entry.new;
    let stand = new
        .parties
        .iter()
        .map(|party| participation::at_birth(party.participation, folded.status));
    follow::two_live(folded.status, stand)?;
    let cited = citation_store::cited(conn, ctx, &entry.sources)?;
    let rev = changes::upcoming(conn)?;
    let flags = flags(
        ctx,
        entry,
        folded.status,
        cited.iter().map(|(_, said)| said),
    );
    let opening = Opening {
        status: folded.status,
        since: &folded.since,
        flags: &flags,
    };
    let row = store::insert(conn, ctx, new, resolved, rev, opening)?;
    citation_store::record_all(conn, ctx, &row.public_id, &cited)?;
    let subject = Subject::Agreement(row.id);
    let event = NewEvent {
        subject,
        action: REGISTER.code(),
        from_status: None,
        to_status: folded.status.code(),
        stated_status: Some(status.code()),
        effective_on: since,
        corrects_id: None,
        source_id: None,
        details: json::text(&super::events::types::Details::default())?,
    };
    recorded::insert(conn, ctx, &event)?;
    recorded::add_periods(conn, subject, &folded.periods)?;
    let countries = resolved.parties.iter().map(|known| known.partner.country);
    let listed = (row.record_state, row.status, row.signed_desc.as_str());
    derived::list(conn, row.id, countries.collect(), listed)?;
    links::touch_others(conn, row.record_state, &resolved.supersedes, rev)?;
    store::log_created(conn, ctx, &row, new, resolved)?;
    Ok(row)
}

/// What could be better about the record on its first day.
fn flags<'a>(
    ctx: &Ctx,
    entry: &Entry,
    status: LegalStatus,
    mut cited: impl Iterator<Item = &'a NewCitation>,
) -> Vec<QualityFlag> {
    let new = &entry.new;
    let said = new.parties.iter().map(|party| party.acknowledgement);
    let contradicts = |citation: &NewCitation| {
        citation.stance == Stance::Contradicts && citation.rank != Rank::Deprecated
    };
    quality::flags(
        &Facts {
            status,
            status_basis: new.status_basis,
            activity_level: new.activity_level,
            signed_on: new.signed_on.as_ref(),
            valid_until: new.valid_until.as_ref(),
            renewal: new.renewal,
            last_confirmed_on: new.last_confirmed_on,
            reciprocity: parties::reciprocity(said),
            approval_without_act: new.approved_on.is_some(),
            informal: false,
            contradicted: cited.any(contradicts),
            documented: false,
        },
        ctx.today(),
    )
}
