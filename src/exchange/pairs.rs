//! The ties of the parties of an agreement as rows of a table say them: who with whom, since when and
//! until when. Exports write them, and an import knows them again.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::agreements::earlier_stays::{EarlierStays, earlier_stays};
use crate::agreements::overlap::{EarlierStay, Stay, Together, stays_of, together};
use crate::agreements::parties::{self, PartyRow, Predecessors};
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::vocabulary::agreement::{InstrumentType, RelationshipType};
use crate::core::vocabulary::lifecycle::{LegalStatus, ParticipationStatus};
use crate::db::DbConn;
use crate::db::schema::agreements;

/// An agreement as far as the ties of its parties follow from it and rows tell of it.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = agreements)]
pub(super) struct Paper {
    pub(super) id: i64,
    pub(super) public_id: PublicId,
    pub(super) party_key: String,
    pub(super) instrument: InstrumentType,
    pub(super) relationship: RelationshipType,
    pub(super) signed_on: Option<Edtf>,
    pub(super) status: LegalStatus,
    pub(super) status_since: Edtf,
    /// The day on which it is planned to end.
    pub(super) pending_effective_on: Option<Edtf>,
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

/// Every two of the parties of an agreement, among these, for each time they were parties together. An invitation is
/// no tie, and who left before another one joined was never its partner.
pub(super) fn pairs<'a>(
    paper: &'a Paper,
    parties: &'a [PartyRow],
    moves: &'a Moves,
) -> Vec<Pair<'a>> {
    let own = parties
        .iter()
        .filter(|party| party.agreement_id == paper.id);
    let own: Vec<&PartyRow> = own.collect();
    let bound: Vec<(&PartyRow, Vec<Stay<'_>>)> = own
        .iter()
        .filter(|party| party.participation != ParticipationStatus::Invited)
        .map(|party| (*party, moves.stays(&own, party)))
        .collect();
    let mut all = Vec::new();
    for ((a, stays), (b, others)) in each_two(&bound) {
        let both = stays
            .iter()
            .flat_map(|stay| others.iter().map(move |other| (stay, other)));
        let met = both.filter_map(|(stay, other)| together(paper.signed_on.as_ref(), stay, other));
        all.extend(met.map(|met| Pair { a, b, met }));
    }
    all
}

/// Every two of these, in their order.
pub(super) fn each_two<T>(all: &[T]) -> impl Iterator<Item = (&T, &T)> {
    let places = all.iter().enumerate();
    places.flat_map(|(nth, a)| all.iter().skip(nth + 1).map(move |b| (a, b)))
}

impl<'a> Pair<'a> {
    /// Since when, if that is known.
    pub(super) fn since(&self) -> Option<&'a Edtf> {
        self.met.since
    }

    /// How it ended, or is planned to: one of them left, or the agreement ended.
    pub(super) fn end(&self, paper: &Paper, today: NaiveDate) -> End {
        let over = paper.status.is_terminal();
        let leaving = self.met.until.filter(|leaving| match leaving.on {
            Some(day) => !over || !paper.status_since.certainly_before(day),
            None => !over,
        });
        // Where nobody has recorded when it left, it has by now.
        let by_now = || Edtf::no_later_than(today);
        match leaving {
            Some(leaving) => End::Left(leaving.on.cloned().unwrap_or_else(by_now)),
            None if over => End::Ended(paper.status_since.clone()),
            None => {
                let planned = paper.pending_effective_on.clone();
                planned.map_or(End::None, End::Planned)
            }
        }
    }
}
