//! The links as rows that `twincity import` reads: one a pair of parties of an agreement.
//!
//! Such a row can say that a tie holds, ends on a day to come or has ended, and nothing else. So agreements that
//! bound nobody yet are left out, as are parties that were only invited: an import would make ties
//! of them.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::relations::{published_partners, without_nulls};
use super::{PAGE, Page};
use crate::agreements::events::read as events;
use crate::agreements::events::types::EventView;
use crate::agreements::parties::{self, PartyRow};
use crate::columns;
use crate::core::identifier::{Identifier, Scheme};
use crate::core::ids::PublicId;
use crate::core::vocabulary::evidence::{Rank, SourceKind, Stance};
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus, ReasonCode};
use crate::db::condition::{Condition, published};
use crate::db::schema::agreements;
use crate::db::{DbConn, columns_of};
use crate::evidence::citations::store::{self as citations, CitationRow};
use crate::evidence::documents::DocumentVisibility;
use crate::evidence::sources::store::SourceRow;
use crate::exchange::pairs::{End, Moves, Pair, Paper, pairs};
use crate::formats::{Column, Represent};
use crate::partners::store::PartnerRow;
use crate::partners::{identifiers, reference};

/// The columns of the table: targets of an import.
#[rustfmt::skip]
const COLUMNS: &[Column] = columns![
    "a.name", "a.country", "a.kind", "a.wikidata", "a.latitude", "a.longitude", "b.name",
    "b.country", "b.kind", "b.wikidata", "b.latitude", "b.longitude", "instrument",
    "relationship", "signed_on", "ended_on", "end_reason", "note", "source.title", "source.url",
    "agreement.id", "a.id", "b.id",
];

/// What they are called.
pub(super) fn columns() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|column| column.name)
}

/// A row.
#[derive(Debug, Serialize, ToSchema)]
#[serde(transparent)]
pub(super) struct Link {
    /// Its cells, by the names of their columns.
    #[schema(value_type = Object)]
    cells: Value,
    #[serde(skip)]
    agreement: PublicId,
}

impl Link {
    /// The row of these cells.
    pub(super) fn of(cells: Value) -> Option<Self> {
        let agreement = cells.get("agreement.id").and_then(Value::as_str);
        let agreement = agreement?.parse().ok()?;
        Some(Self { cells, agreement })
    }
}

impl Represent for Link {
    const COLUMNS: &'static [Column] = COLUMNS;

    fn public_id(&self) -> &PublicId {
        &self.agreement
    }
}

/// Agreements that never bound their parties.
const UNBOUND: &[LegalStatus] = &[
    LegalStatus::Proposed,
    LegalStatus::Approved,
    LegalStatus::Abandoned,
];

/// What a page of agreements needs beside them.
struct Known {
    partners: HashMap<i64, PartnerRow>,
    identifiers: HashMap<PublicId, Vec<Identifier>>,
    events: HashMap<i64, Vec<EventView>>,
    citations: HashMap<PublicId, Vec<(CitationRow, SourceRow)>>,
    moves: Moves,
    today: NaiveDate,
}

/// The links of the agreements behind a key: all, or those of one partner.
pub(super) fn read(
    conn: &mut DbConn,
    partner: Option<&PublicId>,
    after: i64,
    today: NaiveDate,
) -> QueryResult<Page> {
    // Found by their keys, or by the partner, and by nothing that most of them have in common.
    let mut those = Condition::new(published("agreements"));
    if let Some(partner) = partner {
        those = those
            .sql(" AND agreements.id IN (SELECT p.agreement_id FROM agreement_parties p WHERE p.partner_id IN ")
            .then(reference::standing_for([partner]))
            .sql(")");
    }
    let rows: Vec<Paper> = agreements::table
        .filter(those)
        .filter(agreements::status.ne_all(UNBOUND))
        .filter(agreements::id.gt(after))
        .order(agreements::id)
        .limit(PAGE)
        .select(columns_of::<Paper>())
        .load(conn)?;
    let Some(last) = rows.last().map(|row| row.id) else {
        return Ok(None);
    };
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let all = parties::rows(conn, &keys)?;
    let known = Known::load(conn, &rows, &all, today)?;
    let mut links = Vec::new();
    for row in &rows {
        for pair in pairs(row, &all, &known.moves) {
            // A partner that was withdrawn is no record any more.
            let ends = known
                .partners
                .get(&pair.a.partner_id)
                .zip(known.partners.get(&pair.b.partner_id));
            links.extend(ends.map(|(at_a, at_b)| known.link(row, pair, at_a, at_b)));
        }
    }
    Ok(Some((links, last)))
}

impl Known {
    fn load(
        conn: &mut DbConn,
        rows: &[Paper],
        parties: &[PartyRow],
        today: NaiveDate,
    ) -> QueryResult<Self> {
        let mut ends: Vec<i64> = parties.iter().map(|party| party.partner_id).collect();
        ends.sort_unstable();
        ends.dedup();
        let partners = published_partners(conn, &ends)?;
        let ids: Vec<PublicId> = partners
            .values()
            .map(|partner| partner.public_id.clone())
            .collect();
        let ends = |row: &&Paper| row.status.is_terminal() || row.pending_effective_on.is_some();
        let ended: Vec<i64> = rows.iter().filter(ends).map(|row| row.id).collect();
        let records: Vec<PublicId> = rows.iter().map(|row| row.public_id.clone()).collect();
        Ok(Self {
            identifiers: identifiers::of_records(conn, &ids)?,
            events: events::of_agreements(
                conn,
                &ended,
                None,
                today,
                &DocumentVisibility::default(),
            )?,
            citations: citations::of_records(conn, &records)?,
            moves: Moves::load(conn, parties)?,
            partners,
            today,
        })
    }

    fn link(&self, row: &Paper, pair: Pair<'_>, at_a: &PartnerRow, at_b: &PartnerRow) -> Value {
        let end = pair.end(row, self.today);
        let ended_on = end.day();
        let end_reason = match &end {
            End::Ended(_) => self.reason(row, |event| {
                !event.pending
                    && event.to_status == row.status
                    && event.from_status != Some(row.status)
            }),
            End::Planned(day) => self.reason(row, |event| {
                event.effective_on == *day
                    && (event.pending || event.action == EventAction::GiveNotice)
            }),
            End::None | End::Left(_) => None,
        };
        let source = self.source(row);
        without_nulls(json!({
            "a.name": at_a.name,
            "a.country": at_a.country,
            "a.kind": at_a.kind,
            "a.wikidata": self.wikidata(at_a),
            "a.latitude": at_a.latitude,
            "a.longitude": at_a.longitude,
            "b.name": at_b.name,
            "b.country": at_b.country,
            "b.kind": at_b.kind,
            "b.wikidata": self.wikidata(at_b),
            "b.latitude": at_b.latitude,
            "b.longitude": at_b.longitude,
            "instrument": row.instrument,
            "relationship": row.relationship,
            "signed_on": pair.since(),
            "ended_on": ended_on,
            "end_reason": end_reason,
            "note": source.and_then(|(citation, _)| citation.quote.as_ref()),
            "source.title": source.map(|(_, source)| &source.fields.title),
            "source.url": source.and_then(|(_, source)| source.fields.url.as_ref()),
            "agreement.id": row.public_id,
            "a.id": at_a.public_id,
            "b.id": at_b.public_id,
        }))
    }

    fn wikidata(&self, partner: &PartnerRow) -> Option<&str> {
        let mut all = self.identifiers.get(&partner.public_id)?.iter();
        let item = all.find(|identifier| identifier.scheme == Scheme::Wikidata)?;
        Some(&item.value)
    }

    /// The reason given by the last event that ended the agreement, or plans its end.
    fn reason(&self, row: &Paper, ends: impl Fn(&EventView) -> bool) -> Option<ReasonCode> {
        let mut events = self.events.get(&row.id)?.iter().rev();
        let ended = events.find(|event| event.corrected_by.is_none() && ends(event));
        ended?.reason_code
    }

    /// What says most for the whole agreement; that somebody entered it says nothing elsewhere.
    fn source(&self, row: &Paper) -> Option<&(CitationRow, SourceRow)> {
        let all = self.citations.get(&row.public_id)?.iter();
        all.filter(|(citation, source)| {
            citation.stance == Stance::States
                && citation.rank != Rank::Deprecated
                && source.fields.kind != SourceKind::StaffEntry
        })
        .min_by_key(|(citation, _)| (!citation.pointer.is_empty(), citation.rank))
    }
}

#[cfg(test)]
mod tests {
    use super::columns;
    use crate::exchange::links::Target;

    #[test]
    fn every_column_is_a_target_of_an_import() {
        for column in columns() {
            column.parse::<Target>().unwrap();
        }
    }
}
