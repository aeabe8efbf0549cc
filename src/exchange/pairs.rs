//! The ties of the parties of an agreement as rows of a table say them: who with whom, since when and
//! until when. Exports write them, and an import knows them again.

use chrono::NaiveDate;
use diesel::QueryResult;

use crate::agreements::earlier_stays::{EarlierStays, earlier_stays};
use crate::agreements::overlap::{EarlierStay, Stay, Together, stays_of, together};
use crate::agreements::parties::{self, PartyRow, Predecessors};
use crate::core::edtf::Edtf;
use crate::core::vocabulary::lifecycle::{LegalStatus, ParticipationStatus};
use crate::db::DbConn;

/// An agreement as far as the ties of its parties follow from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paper<'a> {
    pub(super) signed_on: Option<&'a Edtf>,
    pub(super) status: LegalStatus,
    pub(super) status_since: &'a Edtf,
    /// The day on which it is planned to end.
    pub(super) planned_end: Option<&'a Edtf>,
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
    /// It goes on, and the agreement is planned to end on this day.
    Planned(Edtf),
}

impl End {
    /// When.
    pub(super) fn day(&self) -> Option<&Edtf> {
        match self {
            Self::None => None,
            Self::Left(day) | Self::Ended(day) | Self::Planned(day) => Some(day),
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

/// What rows of parties don't tell of them.
#[derive(Debug, Default)]
pub(super) struct Moves {
    predecessors: Predecessors,
    earlier: EarlierStays,
}

impl Moves {
    /// Who came in whose place in the agreements of these parties, and who had been a party before.
    pub(super) fn load(conn: &mut DbConn, rows: &[PartyRow]) -> QueryResult<Self> {
        let joined = rows.iter().filter(|party| party.acceded_on.is_some());
        let mut joined: Vec<i64> = joined.map(|party| party.agreement_id).collect();
        joined.dedup();
        Ok(Self {
            predecessors: parties::predecessors(conn, &joined)?,
            earlier: earlier_stays(conn, &joined)?,
        })
    }

    /// The stays of one of these parties of one agreement.
    fn stays<'a>(&'a self, parties: &[&'a PartyRow], party: &PartyRow) -> Vec<Stay<'a>> {
        let agreement = party.agreement_id;
        let own = |partner| {
            let row = parties.iter().find(|row| row.partner_id == partner);
            let now = row.map(|row| {
                let (joined, left) = (row.acceded_on.as_ref(), row.withdrew_on.as_ref());
                Stay::own(row.participation, joined, left)
            });
            let earlier = self.earlier.get(&(agreement, partner));
            let earlier = earlier.into_iter().flatten().map(EarlierStay::stay);
            earlier.chain(now).collect()
        };
        let before = |partner| {
            let before = self.predecessors.get(&(agreement, partner));
            before.cloned().unwrap_or_default()
        };
        stays_of(party.partner_id, &own, &before)
    }
}

/// Every two of these parties of one agreement for each time they were parties together. An invitation is
/// no tie, and who left before another one joined was never its partner.
pub(super) fn pairs<'a>(
    paper: Paper<'a>,
    parties: &[&'a PartyRow],
    moves: &'a Moves,
) -> Vec<Pair<'a>> {
    let bound: Vec<(&PartyRow, Vec<Stay<'_>>)> = parties
        .iter()
        .filter(|party| party.participation != ParticipationStatus::Invited)
        .map(|party| (*party, moves.stays(parties, party)))
        .collect();
    let mut all = Vec::new();
    for (place, (a, stays)) in bound.iter().enumerate() {
        for (b, others) in bound.iter().skip(place + 1) {
            let both = stays
                .iter()
                .flat_map(|stay| others.iter().map(move |other| (stay, other)));
            let met = both.filter_map(|(stay, other)| together(paper.signed_on, stay, other));
            all.extend(met.map(|met| Pair { a, b, met }));
        }
    }
    all
}

impl<'a> Pair<'a> {
    /// Since when, if that is known.
    pub(super) fn since(&self) -> Option<&'a Edtf> {
        self.met.since
    }

    /// How it ended, or is planned to: one of them left, or the agreement ended.
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
            None => match paper.planned_end {
                Some(day) => End::Planned(day.clone()),
                None => End::None,
            },
        }
    }
}
