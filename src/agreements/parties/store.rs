//! Rows of parties.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{NewParty, Signatory};
use crate::agreements::events::life::Life;
use crate::agreements::events::types::Details;
use crate::agreements::lifecycle::story::{Base, SaidOfParty, Seat};
use crate::core::edtf::Edtf;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::agreement::{Acknowledgement, PartyRole};
use crate::core::vocabulary::lifecycle::{EventAction, ParticipationStatus};
use crate::db::prepared::Prepare as _;
use crate::db::schema::{agreement_parties, lifecycle_events};
use crate::db::{DbConn, Json, json};
use crate::partners::reference::Known;

/// A party as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = agreement_parties)]
pub struct PartyRow {
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
        insert(conn, agreement, (position, *partner), party, said)?;
    }
    Ok(())
}

/// Adds the parties of a new agreement, where its events have left them.
pub fn add(
    conn: &mut DbConn,
    agreement: i64,
    parties: &[NewParty],
    life: &Life,
) -> QueryResult<()> {
    let seats = life.now.iter().flat_map(|now| &now.story.seats);
    let said = life.base.parties.iter().zip(seats);
    for ((position, party), ((partner, said), seat)) in (0_i32..).zip(parties).zip(said) {
        let party = NewParty {
            participation: Some(seat.participation),
            acceded_on: seat.acceded_on.clone(),
            withdrew_on: seat.withdrew_on.clone(),
            ..party.clone()
        };
        insert(conn, agreement, (position, *partner), &party, said)?;
    }
    Ok(())
}

/// Adds one party, of which the record says this by itself.
fn insert(
    conn: &mut DbConn,
    agreement: i64,
    (position, partner): (i32, i64),
    party: &NewParty,
    said: &SaidOfParty,
) -> QueryResult<()> {
    use agreement_parties as t;
    diesel::insert_into(t::table)
        .values((
            t::agreement_id.eq(agreement),
            t::position.eq(position),
            t::partner_id.eq(partner),
            t::role.eq(party.role),
            t::participation.eq(party.participation.unwrap_or(ParticipationStatus::Invited)),
            t::signed_on.eq(&party.signed_on),
            t::acceded_on.eq(&party.acceded_on),
            t::withdrew_on.eq(&party.withdrew_on),
            t::name_at_signing.eq(&party.name_at_signing),
            t::acknowledgement.eq(party.acknowledgement),
            t::signatories.eq(Json(party.signatories.clone())),
            t::said.eq(Json(said.clone())),
        ))
        .prepared()
        .execute(conn)
}

/// Adds a party that an event brought.
pub fn join(conn: &mut DbConn, agreement: i64, position: i32, seat: &Seat) -> QueryResult<()> {
    use agreement_parties as t;
    let said = SaidOfParty {
        by_event: true,
        ..SaidOfParty::default()
    };
    diesel::insert_into(t::table)
        .values((
            t::agreement_id.eq(agreement),
            t::position.eq(position),
            t::partner_id.eq(seat.partner),
            t::role.eq(seat.role.unwrap_or_default()),
            t::participation.eq(seat.participation),
            t::acceded_on.eq(&seat.acceded_on),
            t::withdrew_on.eq(&seat.withdrew_on),
            t::acknowledgement.eq(Acknowledgement::default()),
            t::signatories.eq("[]"),
            t::said.eq(Json(said)),
        ))
        .prepared()
        .execute(conn)
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
        let given = party.said(today);
        let said = row.zip(said).map_or(given.clone(), |(row, (_, said))| {
            let participation = match given.participation {
                Some(stands) if stands == row.participation => said.participation,
                other => other,
            };
            let joins = if given.acceded_on == row.acceded_on {
                said
            } else {
                &given
            };
            let leaves = if given.withdrew_on == row.withdrew_on {
                said
            } else {
                &given
            };
            SaidOfParty {
                participation,
                acceded_on: joins.acceded_on.clone(),
                acceded_stated_on: joins.acceded_stated_on,
                withdrew_on: leaves.withdrew_on.clone(),
                withdrew_stated_on: leaves.withdrew_stated_on,
                by_event: said.by_event,
            }
        });
        (known.key, said)
    })
    .collect()
}

/// The rows of these agreements' parties, in their order.
pub fn rows(conn: &mut DbConn, agreements: &[i64]) -> QueryResult<Vec<PartyRow>> {
    agreement_parties::table
        .filter(agreement_parties::agreement_id.eq_any(agreements))
        .order((agreement_parties::agreement_id, agreement_parties::position))
        .select(PartyRow::as_select())
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
    let rows: Vec<(Option<i64>, String)> = e::table
        .filter(e::agreement_id.eq_any(agreements.iter().copied().map(Some)))
        .filter(e::action.eq_any(actions))
        .order(e::id)
        .select((e::agreement_id, e::details))
        .load(conn)?;
    let mut all = Predecessors::new();
    for (agreement, details) in rows {
        let details: Details = json::value(&details)?;
        if let (Some(agreement), Some(party), Some(successor)) =
            (agreement, details.party, details.successor)
        {
            all.entry((agreement, successor)).or_default().push(party);
        }
    }
    Ok(all)
}

/// The partners (internal keys) that are parties of this agreement, past ones included.
pub fn keys(conn: &mut DbConn, agreement: i64) -> QueryResult<Vec<i64>> {
    Ok(rows(conn, &[agreement])?
        .into_iter()
        .map(|row| row.partner_id)
        .collect())
}
