//! The ties of the parties of an agreement as rows of a table say them: who with whom, since when and
//! until when. Exports write them, and an import knows them again.

use chrono::NaiveDate;
use diesel::QueryResult;

use crate::agreements::parties::{self, PartyRow, Predecessors};
use crate::agreements::together::{Stay, Together, together};
use crate::core::edtf::Edtf;
use crate::core::vocabulary::lifecycle::{LegalStatus, ParticipationStatus};
use crate::db::DbConn;

/// An agreement as far as the ties of its parties follow from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paper<'a> {
    pub(super) signed_on: Option<&'a Edtf>,
    pub(super) status: LegalStatus,
    pub(super) status_since: &'a Edtf,
}

/// The end of a tie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// It goes on.
    None,
    /// One of the two left on this day.
    Left(Edtf),
    /// The agreement ended on this day.
    Ended(Edtf),
}

impl End {
    /// When.
    pub(super) fn day(&self) -> Option<&Edtf> {
        match self {
            Self::None => None,
            Self::Left(day) | Self::Ended(day) => Some(day),
        }
    }
}

/// Two parties that were parties together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) a: &'a PartyRow,
    pub(super) b: &'a PartyRow,
    met: Together<'a>,
}

/// Who came in whose place in the agreements of these parties.
pub(super) fn predecessors(conn: &mut DbConn, rows: &[PartyRow]) -> QueryResult<Predecessors> {
    let handed = rows
        .iter()
        .filter(|party| party.participation == ParticipationStatus::Succeeded);
    let handed: Vec<i64> = handed.map(|party| party.agreement_id).collect();
    parties::predecessors(conn, &handed)
}

/// Every two of these parties of one agreement that were parties together. An invitation is no tie, and
/// who left before another one joined was never its partner.
pub(super) fn pairs<'a>(
    paper: Paper<'a>,
    parties: &[&'a PartyRow],
    before: &Predecessors,
) -> Vec<Pair<'a>> {
    let bound: Vec<&PartyRow> = parties
        .iter()
        .copied()
        .filter(|party| party.participation != ParticipationStatus::Invited)
        .collect();
    let mut all = Vec::new();
    for (place, a) in bound.iter().enumerate() {
        for b in bound.iter().skip(place + 1) {
            let stays = (stay(parties, a, before), stay(parties, b, before));
            if let Some(met) = together(paper.signed_on, &stays.0, &stays.1) {
                all.push(Pair { a, b, met });
            }
        }
    }
    all
}

/// The stay of a party, with the joining of the body in whose place it came.
fn stay<'a>(parties: &[&'a PartyRow], party: &'a PartyRow, before: &Predecessors) -> Stay<'a> {
    let agreement = party.agreement_id;
    let (mut at, mut seen) = (party, vec![party.partner_id]);
    while let Some(came) = before.get(&(agreement, at.partner_id))
        && !seen.contains(came)
        // The event may have been put right since.
        && let Some(found) = parties.iter().find(|row| {
            row.partner_id == *came && row.participation == ParticipationStatus::Succeeded
        })
    {
        seen.push(*came);
        at = found;
    }
    Stay {
        participation: party.participation,
        joined: party.acceded_on.as_ref(),
        left: party.withdrew_on.as_ref(),
        inherited: (at.partner_id != party.partner_id).then_some(at.acceded_on.as_ref()),
    }
}

impl<'a> Pair<'a> {
    /// Since when, if that is known.
    pub(super) fn since(&self) -> Option<&'a Edtf> {
        self.met.since
    }

    /// How it ended: one of them left, or the agreement ended.
    pub(super) fn end(&self, paper: Paper<'_>, today: NaiveDate) -> End {
        let over = paper.status.is_terminal();
        let leaving = self.met.until.filter(|leaving| match leaving.on {
            Some(day) => !over || !paper.status_since.certainly_before(day),
            None => !over,
        });
        match leaving {
            // Nobody has recorded when it left: by now it has.
            Some(leaving) => End::Left(
                leaving
                    .on
                    .cloned()
                    .unwrap_or_else(|| Edtf::no_later_than(today)),
            ),
            None if over => End::Ended(paper.status_since.clone()),
            None => End::None,
        }
    }
}
