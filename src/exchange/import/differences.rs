//! What a row says otherwise than the registry does of a tie that it names or matches: nothing of it is
//! changed, and nothing is left unsaid.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::agreements::parties;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::name;
use crate::db::schema::agreements;
use crate::db::{DbConn, columns_of};
use crate::exchange::links::{EndField, LinkRow, Side, Target};
use crate::exchange::pairs::{Moves, Paper, pairs};
use crate::partners::reference;

/// The cell of a row that says something else, and what the registry says there; none where it has no such agreement.
pub(super) type Difference = (Target, Option<String>);

/// What this row, which names an agreement, says otherwise of it and of these partners, in the order of the
/// row's ends.
pub(super) fn of(
    conn: &mut DbConn,
    (id, row): (&PublicId, &LinkRow),
    ends: Option<[&reference::Known; 2]>,
    today: NaiveDate,
) -> QueryResult<Vec<Difference>> {
    let found = agreements::table
        .filter(agreements::public_id.eq(id))
        .select(columns_of::<Paper>())
        .first::<Paper>(conn)
        .optional()?;
    let Some(known) = found else {
        return Ok(vec![(Target::AgreementId, None)]);
    };
    let mut all = Vec::new();
    let Some(ends) = ends else {
        return Ok(all);
    };
    for ((side, end), partner) in Side::each(row.ends()).into_iter().zip(ends) {
        let partner = &partner.partner;
        let same = |written: &String| name::key(written) == name::key(&partner.name);
        if !end.name.as_ref().is_none_or(same) {
            let target = Target::End(side, EndField::Name);
            all.push((target, Some(partner.name.clone())));
        }
        if end
            .country
            .is_some_and(|country| country != partner.country)
        {
            let target = Target::End(side, EndField::Country);
            all.push((target, Some(partner.country.to_string())));
        }
    }
    if row.instrument.is_some_and(|said| said != known.instrument) {
        all.push((Target::Instrument, Some(known.instrument.to_string())));
    }
    if row.relationship_is_given && row.relationship != known.relationship {
        all.push((Target::Relationship, Some(known.relationship.to_string())));
    }
    all.extend(dates(conn, &known, row, ends, today)?);
    Ok(all)
}

/// A date as a remark tells it.
pub(super) fn shown(date: Option<&Edtf>) -> String {
    date.map_or("nothing".to_owned(), ToString::to_string)
}

/// What the row says otherwise of when the two were partners.
fn dates(
    conn: &mut DbConn,
    known: &Paper,
    row: &LinkRow,
    ends: [&reference::Known; 2],
    today: NaiveDate,
) -> QueryResult<Vec<Difference>> {
    let mut all = Vec::new();
    let seats = parties::rows(conn, &[known.id])?;
    let moves = Moves::load(conn, &seats)?;
    let [a_end, b_end] = ends.map(|known| known.key);
    let stays: Vec<(Option<Edtf>, Option<Edtf>)> = pairs(known, &seats, &moves)
        .into_iter()
        .filter(|pair| {
            let both = [pair.a.partner_id, pair.b.partner_id];
            both == [a_end, b_end] || both == [b_end, a_end]
        })
        .map(|pair| {
            let end = pair.end(known, today).day().cloned();
            (pair.since().cloned(), end)
        })
        .collect();
    let said = (row.signed_on.clone(), row.ended_on.clone());
    if !stays.contains(&said)
        && let Some((signed, ended)) = stays.first()
    {
        if *signed != said.0 {
            all.push((Target::SignedOn, Some(shown(signed.as_ref()))));
        }
        // Of a day that nobody knows an export says that it has passed.
        let unknown = |date: &Option<Edtf>| date.as_ref().is_some_and(|on| on.earliest().is_none());
        if *ended != said.1 && !(unknown(ended) && unknown(&said.1)) {
            all.push((Target::EndedOn, Some(shown(ended.as_ref()))));
        }
    }
    Ok(all)
}
