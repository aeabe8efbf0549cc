//! What a row says otherwise than the registry does of a tie that it names or matches: nothing of it is
//! changed, and nothing is left unsaid.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::agreements::parties::{self, PartyRow};
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::name;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::agreement::{InstrumentType, RelationshipType};
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::db::DbConn;
use crate::db::schema::agreements;
use crate::exchange::links::{LinkRow, Side};
use crate::exchange::pairs::{Moves, Paper, pairs};
use crate::partners::reference;

/// The cell of a row that says something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    AgreementId,
    Name(Side),
    Country(Side),
    Instrument,
    Relationship,
    SignedOn,
    EndedOn,
    Note,
}

/// What the registry says there; none where it has no such agreement.
pub(super) type Difference = (Cell, Option<String>);

/// What this row, which names an agreement, says otherwise of it and of these partners, in the order of the
/// row's ends.
pub(super) fn of(
    conn: &mut DbConn,
    (id, row): (&PublicId, &LinkRow),
    ends: Option<[&reference::Known; 2]>,
    today: NaiveDate,
) -> QueryResult<Vec<Difference>> {
    use agreements as a;
    type Found = (
        i64,
        InstrumentType,
        RelationshipType,
        Option<Edtf>,
        LegalStatus,
        Edtf,
        Option<Edtf>,
    );
    let found: Option<Found> = a::table
        .filter(a::public_id.eq(id))
        .select((
            a::id,
            a::instrument,
            a::relationship,
            a::signed_on,
            a::status,
            a::status_since,
            a::pending_effective_on,
        ))
        .first(conn)
        .optional()?;
    let Some((key, instrument, relationship, signed_on, status, since, planned_end)) = found else {
        return Ok(vec![(Cell::AgreementId, None)]);
    };
    let mut all = Vec::new();
    let Some(ends) = ends else {
        return Ok(all);
    };
    for ((side, end), known) in [(Side::A, &row.a), (Side::B, &row.b)].into_iter().zip(ends) {
        let partner = &known.partner;
        let same = |written: &String| name::key(written) == name::key(&partner.name);
        if !end.name.as_ref().is_none_or(same) {
            all.push((Cell::Name(side), Some(partner.name.clone())));
        }
        if end
            .country
            .is_some_and(|country| country != partner.country)
        {
            all.push((Cell::Country(side), Some(partner.country.to_string())));
        }
    }
    if row.instrument.is_some_and(|said| said != instrument) {
        all.push((Cell::Instrument, Some(instrument.code().to_owned())));
    }
    if row.relationship_is_given && row.relationship != relationship {
        all.push((Cell::Relationship, Some(relationship.code().to_owned())));
    }
    let paper = Paper {
        signed_on: signed_on.as_ref(),
        status,
        status_since: &since,
        planned_end: planned_end.as_ref(),
    };
    all.extend(dates(conn, (key, paper), row, ends, today)?);
    Ok(all)
}

/// A date as a remark tells it.
pub(super) fn shown(date: Option<&Edtf>) -> String {
    date.map_or("nothing".to_owned(), ToString::to_string)
}

/// What the row says otherwise of when the two were partners.
fn dates(
    conn: &mut DbConn,
    (key, paper): (i64, Paper<'_>),
    row: &LinkRow,
    ends: [&reference::Known; 2],
    today: NaiveDate,
) -> QueryResult<Vec<Difference>> {
    let mut all = Vec::new();
    let seats = parties::rows(conn, &[key])?;
    let moves = Moves::load(conn, &seats)?;
    let those: Vec<&PartyRow> = seats.iter().collect();
    let [a_end, b_end] = ends.map(|known| known.key);
    let stays: Vec<(Option<Edtf>, Option<Edtf>)> = pairs(paper, &those, &moves)
        .into_iter()
        .filter(|pair| {
            let both = [pair.a.partner_id, pair.b.partner_id];
            both == [a_end, b_end] || both == [b_end, a_end]
        })
        .map(|pair| {
            let end = pair.end(paper, today).day().cloned();
            (pair.since().cloned(), end)
        })
        .collect();
    let said = (row.signed_on.clone(), row.ended_on.clone());
    if !stays.contains(&said)
        && let Some((signed, ended)) = stays.first()
    {
        if *signed != said.0 {
            all.push((Cell::SignedOn, Some(shown(signed.as_ref()))));
        }
        // Of a day that nobody knows an export says that it has passed.
        let unknown = |date: &Option<Edtf>| date.as_ref().is_some_and(|on| on.earliest().is_none());
        if *ended != said.1 && !(unknown(ended) && unknown(&said.1)) {
            all.push((Cell::EndedOn, Some(shown(ended.as_ref()))));
        }
    }
    Ok(all)
}
