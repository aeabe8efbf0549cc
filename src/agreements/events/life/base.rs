//! What the record says by itself, beside its events.

use super::{Fold, Happened, in_order};
use crate::agreements::lifecycle::story::{self, Base, SaidOfParty, Term};
use crate::agreements::parties::PartyRow;
use crate::agreements::store::AgreementRow;
use crate::core::edtf::Edtf;
use crate::core::vocabulary::lifecycle::{EventAction, ParticipationStatus};

/// What the record says by itself. Rows of a release that did not keep it apart are taken as what
/// nobody's event brought, and was said by the day of their last change.
pub(super) fn base(
    row: &AgreementRow,
    parties: &[PartyRow],
    fold: &Fold,
    happened: &[Happened],
) -> Base {
    let events = in_order(fold, happened);
    let mut said = Vec::with_capacity(parties.len());
    for party in parties {
        let one = match &party.said {
            Some(said) => said.0.clone(),
            None => unsaid_party(party, &events),
        };
        let one = one.stated_by(row.updated_at.date());
        said.push((party.partner_id, one));
    }
    let term = match &row.said_term {
        Some(term) => term.0.clone(),
        None => unsaid_term(row, &events),
    };
    Base {
        parties: said,
        term,
        signed_on: row.content.dates.signed_on.clone(),
        renewal: row.content.renewal,
    }
}

fn unsaid_party(row: &PartyRow, events: &[story::Told<'_>]) -> SaidOfParty {
    use ParticipationStatus::{Invited, Party, Signatory};
    let own = Some(row.partner_id);
    let joins = |one: &&story::Told<'_>| match one.entry.acts_as {
        EventAction::Accede => one.details.party == own,
        EventAction::SucceedParty => one.details.successor == own,
        _ => false,
    };
    let leaves = |one: &&story::Told<'_>| {
        matches!(
            one.entry.acts_as,
            EventAction::WithdrawParty | EventAction::ExcludeParty | EventAction::SucceedParty
        ) && one.details.party == own
    };
    // That release took in nobody who was a party already: whose first event is a joining was none.
    let first = events
        .iter()
        .filter(|one| joins(one) || leaves(one))
        .min_by_key(|one| one.entry.id);
    let by_event = first.is_some_and(|one| joins(&one));
    let brought = |date: &Edtf| {
        events
            .iter()
            .any(|one| (joins(&one) || leaves(&one)) && one.on == date)
    };
    let follows = matches!(row.participation, Invited | Signatory | Party);
    let said = |date: &Option<Edtf>| date.clone().filter(|date| !by_event && !brought(date));
    SaidOfParty {
        participation: Some(row.participation).filter(|_| !follows && first.is_none()),
        acceded_on: said(&row.acceded_on),
        withdrew_on: said(&row.withdrew_on),
        by_event,
        ..SaidOfParty::default()
    }
}

fn unsaid_term(row: &AgreementRow, events: &[story::Told<'_>]) -> Term {
    let stored = Term {
        valid_until: row.content.valid_until.clone(),
        duration: row.content.duration,
    };
    let renews = |one: &&story::Told<'_>| one.entry.acts_as == EventAction::Renew;
    let mut renewals = events.iter().filter(renews);
    let brought = renewals.any(|one| one.details.valid_until == row.content.valid_until);
    // What the term was before it was renewed is not known any more.
    if brought { Term::default() } else { stored }
}
