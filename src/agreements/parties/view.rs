//! Parties as they are shown.

use std::collections::HashMap;

use diesel::QueryResult;

use super::{NewParty, Party, Signatory, rows};
use crate::agreements::lifecycle::story::Seat;
use crate::core::language::LanguageTag;
use crate::core::vocabulary::agreement::{Acknowledgement, Reciprocity};
use crate::db::DbConn;
use crate::partners::reference::{self, Known};

/// A party of an agreement that was just recorded; persons' names only when `with_names`.
pub fn party_view(new: &NewParty, known: &Known, seat: &Seat, with_names: bool) -> Party {
    let mut signatories = new.signatories.clone();
    if !with_names {
        take_names(&mut signatories);
    }
    Party {
        partner: known.partner.clone(),
        partner_today: None,
        role: new.role,
        participation: seat.participation,
        signed_on_range: new.signed_on.as_ref().map(Into::into),
        signed_on: new.signed_on.clone(),
        acceded_on_range: seat.acceded_on.as_ref().map(Into::into),
        acceded_on: seat.acceded_on.clone(),
        withdrew_on_range: seat.withdrew_on.as_ref().map(Into::into),
        withdrew_on: seat.withdrew_on.clone(),
        name_at_signing: new.name_at_signing.clone(),
        acknowledgement: new.acknowledgement,
        signatories: (!signatories.is_empty()).then_some(signatories),
    }
}

/// The parties of these agreements; persons' names only when `with_names`.
pub fn of_agreements(
    conn: &mut DbConn,
    agreements: &[i64],
    lang: Option<&LanguageTag>,
    with_names: bool,
) -> QueryResult<HashMap<i64, Vec<Party>>> {
    let rows = rows(conn, agreements)?;
    let partners = reference::by_keys(conn, rows.iter().map(|row| row.partner_id), lang)?;
    let mut all: HashMap<i64, Vec<Party>> = HashMap::new();
    for row in rows {
        let Some(partner) = partners.get(&row.partner_id).cloned() else {
            continue;
        };
        let mut signatories = row.signatories.0;
        if !with_names {
            take_names(&mut signatories);
        }
        all.entry(row.agreement_id).or_default().push(Party {
            partner,
            partner_today: None,
            role: row.role,
            participation: row.participation,
            signed_on_range: row.signed_on.as_ref().map(Into::into),
            signed_on: row.signed_on,
            acceded_on_range: row.acceded_on.as_ref().map(Into::into),
            acceded_on: row.acceded_on,
            withdrew_on_range: row.withdrew_on.as_ref().map(Into::into),
            withdrew_on: row.withdrew_on,
            name_at_signing: row.name_at_signing,
            acknowledgement: row.acknowledgement,
            signatories: (!signatories.is_empty()).then_some(signatories),
        });
    }
    Ok(all)
}

fn take_names(signatories: &mut [Signatory]) {
    for signatory in signatories {
        signatory.name = None;
        signatory.signed_as = None;
    }
}

/// Whether the parties say the same of their tie.
pub fn reciprocity(said: impl IntoIterator<Item = Acknowledgement>) -> Reciprocity {
    let said: Vec<Acknowledgement> = said.into_iter().collect();
    let any = |what| said.contains(&what);
    if any(Acknowledgement::Denied) {
        Reciprocity::Disputed
    } else if any(Acknowledgement::Acknowledged) && any(Acknowledgement::Silent) {
        Reciprocity::OneSided
    } else if !said.is_empty() && said.iter().all(|one| *one == Acknowledgement::Acknowledged) {
        Reciprocity::BothAcknowledge
    } else {
        Reciprocity::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Acknowledgement::{Acknowledged, Denied, Silent, Unknown};

    #[test]
    fn reciprocity_follows_from_what_each_side_says() {
        for (said, expected) in [
            (
                vec![Acknowledged, Acknowledged],
                Reciprocity::BothAcknowledge,
            ),
            (vec![Acknowledged, Silent], Reciprocity::OneSided),
            (vec![Acknowledged, Denied], Reciprocity::Disputed),
            (vec![Acknowledged, Unknown], Reciprocity::Unknown),
            (vec![], Reciprocity::Unknown),
        ] {
            assert_eq!(reciprocity(said), expected);
        }
    }
}
