//! Rows of parties.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{NewParty, Signatory};
use crate::agreements::events::types::Details;
use crate::agreements::lifecycle::story::{Base, SaidOfParty, Seat};
use crate::core::edtf::Edtf;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::agreement::{Acknowledgement, PartyRole};
use crate::core::vocabulary::lifecycle::{EventAction, ParticipationStatus};
use crate::db::condition::grouped;
use crate::db::prepared::Prepare as _;
use crate::db::schema::{agreement_parties, lifecycle_events};
use crate::db::{DbConn, Json, columns_of};
use crate::partners::reference::Known;

/// A party as it is stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreement_parties, treat_none_as_default_value = false)]
pub struct PartyRow {
    #[diesel(skip_insertion)]
    pub(crate) id: i64,
    pub(crate) agreement_id: i64,
    pub(crate) position: i32,
    pub(crate) partner_id: i64,
    pub(crate) role: PartyRole,
    pub(crate) participation: ParticipationStatus,
    pub(crate) signed_on: Option<Edtf>,
    pub(crate) acceded_on: Option<Edtf>,
    pub(crate) withdrew_on: Option<Edtf>,
    pub(crate) name_at_signing: Option<String>,
    pub(crate) acknowledgement: Acknowledgement,
    pub(crate) signatories: Json<Vec<Signatory>>,
    /// What the record says of it by itself ([`SaidOfParty`]); none in a record of a release that did
    /// not keep it apart.
    pub(crate) said: Option<Json<SaidOfParty>>,
}

/// Replaces the parties of an agreement, whose base says who they are; where they stand follows.
pub fn store(
    conn: &mut DbConn,
    agreement: i64,
    parties: &[NewParty],
    base: &Base,
) -> QueryResult<()> {
    use agreement_parties as t;
    diesel::delete(t::table.filter(t::agreement_id.eq(agreement))).execute(conn)?;
    for ((position, party), (partner, said)) in (0_i32..).zip(parties).zip(&base.parties) {
        let row = PartyRow {
            id: 0,
            agreement_id: agreement,
            position,
            partner_id: *partner,
            role: party.role,
            participation: party.participation.unwrap_or(ParticipationStatus::Invited),
            signed_on: party.signed_on.clone(),
            acceded_on: party.acceded_on.clone(),
            withdrew_on: party.withdrew_on.clone(),
            name_at_signing: party.name_at_signing.clone(),
            acknowledgement: party.acknowledgement,
            signatories: Json(party.signatories.clone()),
            said: Some(Json(said.clone())),
        };
        insert(conn, &row)?;
    }
    Ok(())
}

/// Adds the parties of a new agreement, where its events have left them; their rows.
pub fn add(
    conn: &mut DbConn,
    agreement: i64,
    parties: &[NewParty],
    seats: &[Seat],
) -> QueryResult<Vec<PartyRow>> {
    let all = (0_i32..).zip(parties).zip(seats);
    let rows = all.map(|((position, party), seat)| PartyRow {
        role: party.role,
        signed_on: party.signed_on.clone(),
        name_at_signing: party.name_at_signing.clone(),
        acknowledgement: party.acknowledgement,
        signatories: Json(party.signatories.clone()),
        ..PartyRow::of(agreement, position, seat)
    });
    rows.map(|row| insert(conn, &row).map(|()| row)).collect()
}

fn insert(conn: &mut DbConn, row: &PartyRow) -> QueryResult<()> {
    diesel::insert_into(agreement_parties::table)
        .values(row)
        .prepared()
        .execute(conn)
}

/// Adds a party that an event brought.
pub fn join(conn: &mut DbConn, agreement: i64, position: i32, seat: &Seat) -> QueryResult<()> {
    insert(conn, &PartyRow::of(agreement, position, seat))
}

impl PartyRow {
    /// What events tell of a party; its key comes when it is stored.
    fn of(agreement_id: i64, position: i32, seat: &Seat) -> Self {
        Self {
            id: 0,
            agreement_id,
            position,
            partner_id: seat.partner,
            role: seat.role.unwrap_or_default(),
            participation: seat.participation,
            signed_on: None,
            acceded_on: seat.acceded_on.clone(),
            withdrew_on: seat.withdrew_on.clone(),
            name_at_signing: None,
            acknowledgement: Acknowledgement::default(),
            signatories: Json::default(),
            said: Some(Json(seat.said.clone())),
        }
    }
}

impl NewParty {
    /// What is said today of where it stands.
    pub fn said(&self, today: NaiveDate) -> SaidOfParty {
        let said = SaidOfParty {
            participation: self.participation,
            acceded_on: self.acceded_on.clone(),
            withdrew_on: self.withdrew_on.clone(),
            ..SaidOfParty::default()
        };
        said.stated_by(today)
    }
}

/// What the record says by itself of these parties after a change of today: what stands as it was shown was
/// not said, and who came by an event stays one who did.
pub fn said_after(
    parties: &[NewParty],
    known: &[Known],
    before: (&[PartyRow], &Base),
    today: NaiveDate,
) -> Vec<(i64, SaidOfParty)> {
    let all = parties.iter().zip(known);
    all.map(|(party, known)| {
        let row = before.0.iter().find(|row| row.partner_id == known.key);
        let said = before.1.parties.iter().find(|(key, _)| *key == known.key);
        let mut now = party.said(today);
        if let Some((row, (_, said))) = row.zip(said) {
            let said = said.clone();
            if now.participation == Some(row.participation) {
                now.participation = said.participation;
            }
            if now.acceded_on == row.acceded_on {
                now.acceded_on = said.acceded_on;
                now.acceded_stated_on = said.acceded_stated_on;
            }
            if now.withdrew_on == row.withdrew_on {
                now.withdrew_on = said.withdrew_on;
                now.withdrew_stated_on = said.withdrew_stated_on;
            }
            now.by_event = said.by_event;
        }
        (known.key, now)
    })
    .collect()
}

/// The rows of these agreements' parties, in their order.
pub fn rows(conn: &mut DbConn, agreements: &[i64]) -> QueryResult<Vec<PartyRow>> {
    agreement_parties::table
        .filter(agreement_parties::agreement_id.eq_any(agreements))
        .order((agreement_parties::agreement_id, agreement_parties::position))
        .select(columns_of::<PartyRow>())
        .load(conn)
}

/// Who came in whose place in these agreements: by agreement and successor, the predecessors.
pub type Predecessors = HashMap<(i64, i64), Vec<i64>>;

/// Those of these agreements' parties that came in the place of another one: one query, and none when
/// none did.
pub fn predecessors(conn: &mut DbConn, agreements: &[i64]) -> QueryResult<Predecessors> {
    use lifecycle_events as e;
    if agreements.is_empty() {
        return Ok(HashMap::new());
    }
    let actions = [EventAction::SucceedParty, EventAction::Correct].map(EventAction::code);
    let rows: Vec<(i64, Json<Details>)> = e::table
        .filter(e::agreement_id.eq_any(agreements.iter().copied().map(Some)))
        .filter(e::action.eq_any(actions))
        .order(e::id)
        .select((e::agreement_id.assume_not_null(), e::details))
        .load(conn)?;
    let came = rows.into_iter();
    let came = came.filter_map(|(key, Json(said))| Some(((key, said.successor?), said.party?)));
    Ok(grouped(came))
}

/// The partners (internal keys) that are parties of this agreement, past ones included.
pub fn keys(conn: &mut DbConn, agreement: i64) -> QueryResult<Vec<i64>> {
    let rows = rows(conn, &[agreement])?.into_iter();
    Ok(rows.map(|row| row.partner_id).collect())
}
