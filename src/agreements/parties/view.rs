//! Parties as they are shown.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Party, PartyRow, rows};
use crate::core::language::LanguageTag;
use crate::core::vocabulary::agreement::{Acknowledgement, Reciprocity};
use crate::db::DbConn;
use crate::db::condition::grouped;
use crate::db::schema::partners;
use crate::partners::PartnerRef;
use crate::partners::reference;

/// A party as it is shown, of this partner with this host; persons' names only when `with_names`.
pub fn party_view(
    row: PartyRow,
    partner: PartnerRef,
    host: Option<i64>,
    with_names: bool,
) -> Party {
    let mut signatories = row.signatories.0;
    if !with_names {
        for signatory in &mut signatories {
            (signatory.name, signatory.signed_as) = (None, None);
        }
    }
    Party {
        key: row.partner_id,
        host,
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
    let hosts: HashMap<i64, Option<i64>> = partners::table
        .filter(partners::id.eq_any(partners.keys()))
        .select((partners::id, partners::host_id))
        .load::<(i64, Option<i64>)>(conn)?
        .into_iter()
        .collect();
    Ok(grouped(rows.into_iter().filter_map(|row| {
        let partner = partners.get(&row.partner_id)?.clone();
        let host = hosts.get(&row.partner_id).copied().flatten();
        let agreement = row.agreement_id;
        Some((agreement, party_view(row, partner, host, with_names)))
    })))
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
