//! What an event changes besides the status: dates, terms and parties.

use diesel::prelude::*;

use super::check::Said;
use super::types::Details;
use crate::agreements::links;
use crate::agreements::participation;
use crate::agreements::parties::{self, NewParty};
use crate::agreements::store::AgreementRow;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::vocabulary::agreement::{Acknowledgement, DurationKind};
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus, ParticipationStatus};
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::schema::{agreement_parties, agreements, partners};
use crate::http::listing::date_keys;

/// Applies the event to the agreement's own columns and parties. `acts_as` is the action of the
/// event a correction stands for.
pub fn apply(
    conn: &mut DbConn,
    agreement: &AgreementRow,
    (said, acts_as): (&Said, EventAction),
    wrong: Option<&Details>,
    to: LegalStatus,
) -> QueryResult<()> {
    let correction = said.action == EventAction::Correct;
    if let Some(wrong) = wrong {
        undo(conn, agreement.id, acts_as, wrong)?;
        // A correction that names a status says that the event never happened.
        if said.to_status.is_some() {
            return advance(conn, agreement.id, to);
        }
    }
    match acts_as {
        EventAction::Approve if agreement.approved_on.is_none() || correction => {
            set_approved(conn, agreement.id, &said.effective_on)?;
        }
        EventAction::Sign if agreement.signed_on.is_none() || correction => {
            set_signed(conn, agreement.id, &said.effective_on)?;
        }
        EventAction::EnterIntoForce if agreement.in_force_on.is_none() || correction => {
            set_in_force(conn, agreement.id, &said.effective_on)?;
        }
        EventAction::Renew => renew(conn, agreement.id, said)?,
        EventAction::Accede => accede(conn, agreement.id, said)?,
        EventAction::WithdrawParty => {
            leave(conn, agreement.id, said, ParticipationStatus::Withdrawn)?;
        }
        EventAction::ExcludeParty => {
            leave(conn, agreement.id, said, ParticipationStatus::Excluded)?;
        }
        EventAction::SucceedParty => {
            leave(conn, agreement.id, said, ParticipationStatus::Succeeded)?;
            accede_as(conn, agreement.id, said, said.details.successor)?;
        }
        EventAction::Supersede => {
            let again = said.details.superseded_by.as_ref();
            let newer = match (said.superseded_by, again) {
                (None, Some(id)) => links::key(conn, id)?,
                (newer, _) => newer,
            };
            // The newer one doesn't tell of a draft: it is linked when the draft is published.
            if let Some(newer) = newer
                && agreement.record_state != RecordState::Draft
            {
                links::add(conn, newer, agreement.id)?;
                let rev = crate::changes::upcoming(conn)?;
                links::touch(conn, &[newer], rev)?;
            }
        }
        _ => {}
    }
    advance(conn, agreement.id, to)
}

/// Takes back what a wrong event did to parties and links.
fn undo(conn: &mut DbConn, key: i64, acts_as: EventAction, wrong: &Details) -> QueryResult<()> {
    match acts_as {
        EventAction::Accede => not_joined(conn, key, wrong.party),
        EventAction::WithdrawParty | EventAction::ExcludeParty => stayed(conn, key, wrong.party),
        EventAction::SucceedParty => {
            not_joined(conn, key, wrong.successor)?;
            stayed(conn, key, wrong.party)
        }
        EventAction::Supersede => {
            let newer = match &wrong.superseded_by {
                Some(id) => links::key(conn, id)?,
                None => None,
            };
            newer.map_or(Ok(()), |newer| links::remove(conn, newer, key))
        }
        _ => Ok(()),
    }
}

fn not_joined(conn: &mut DbConn, key: i64, partner: Option<i64>) -> QueryResult<()> {
    use agreement_parties as t;
    let Some(partner) = partner else {
        return Ok(());
    };
    diesel::delete(
        t::table
            .filter(t::agreement_id.eq(key))
            .filter(t::partner_id.eq(partner))
            .filter(t::participation.eq(ParticipationStatus::Acceded)),
    )
    .execute(conn)
    .map(|_| ())
}

fn stayed(conn: &mut DbConn, key: i64, partner: Option<i64>) -> QueryResult<()> {
    use agreement_parties as t;
    let Some(partner) = partner else {
        return Ok(());
    };
    diesel::update(
        t::table
            .filter(t::agreement_id.eq(key))
            .filter(t::partner_id.eq(partner)),
    )
    .set((
        t::participation.eq(ParticipationStatus::Party),
        t::withdrew_on.eq(None::<&Edtf>),
    ))
    .execute(conn)
    .map(|_| ())
}

fn set_approved(conn: &mut DbConn, key: i64, on: &Edtf) -> QueryResult<()> {
    diesel::update(agreements::table.find(key))
        .set(agreements::approved_on.eq(Some(on)))
        .execute(conn)
        .map(|_| ())
}

fn set_signed(conn: &mut DbConn, key: i64, on: &Edtf) -> QueryResult<()> {
    let (ascending, descending) = date_keys(Some(on));
    diesel::update(agreements::table.find(key))
        .set((
            agreements::signed_on.eq(Some(on)),
            agreements::signed_earliest.eq(on.earliest()),
            agreements::signed_latest.eq(on.latest()),
            agreements::signed_asc.eq(ascending),
            agreements::signed_desc.eq(descending),
        ))
        .execute(conn)
        .map(|_| ())
}

fn set_in_force(conn: &mut DbConn, key: i64, on: &Edtf) -> QueryResult<()> {
    diesel::update(agreements::table.find(key))
        .set(agreements::in_force_on.eq(Some(on)))
        .execute(conn)
        .map(|_| ())
}

fn renew(conn: &mut DbConn, key: i64, said: &Said) -> QueryResult<()> {
    let until = said.details.valid_until.as_ref();
    diesel::update(agreements::table.find(key))
        .set((
            agreements::valid_until.eq(until),
            agreements::valid_until_earliest.eq(until.and_then(Edtf::earliest)),
            agreements::valid_until_latest.eq(until.and_then(Edtf::latest)),
        ))
        .execute(conn)?;
    let duration = match (said.details.duration, until) {
        (Some(duration), _) => Some(duration),
        (None, Some(_)) => Some(DurationKind::FixedTerm),
        (None, None) => None,
    };
    if let Some(duration) = duration {
        diesel::update(agreements::table.find(key))
            .set(agreements::duration.eq(duration))
            .execute(conn)?;
    }
    Ok(())
}

fn accede(conn: &mut DbConn, key: i64, said: &Said) -> QueryResult<()> {
    accede_as(conn, key, said, said.details.party)
}

/// The partner becomes a live party: again, when it was one before.
fn accede_as(conn: &mut DbConn, key: i64, said: &Said, partner: Option<i64>) -> QueryResult<()> {
    use agreement_parties as t;
    let Some(partner) = partner else {
        return Ok(());
    };
    let rows = parties::rows(conn, &[key])?;
    if let Some(known) = rows.iter().find(|row| row.partner_id == partner) {
        if known.participation.is_live() {
            return Ok(());
        }
        return diesel::update(t::table.find(known.id))
            .set((
                t::participation.eq(ParticipationStatus::Acceded),
                t::acceded_on.eq(Some(&said.effective_on)),
                t::withdrew_on.eq(None::<&Edtf>),
            ))
            .execute(conn)
            .map(|_| ());
    }
    let id: PublicId = partners::table
        .find(partner)
        .select(partners::public_id)
        .first(conn)?;
    let position = rows.iter().map(|row| row.position).max().unwrap_or(-1) + 1;
    let party = NewParty {
        partner: id,
        role: said.details.role.unwrap_or_default(),
        participation: Some(ParticipationStatus::Acceded),
        signed_on: None,
        acceded_on: Some(said.effective_on.clone()),
        withdrew_on: None,
        name_at_signing: None,
        acknowledgement: Acknowledgement::default(),
        signatories: Vec::new(),
    };
    parties::insert(
        conn,
        key,
        position,
        &party,
        partner,
        ParticipationStatus::Acceded,
    )
}

fn leave(
    conn: &mut DbConn,
    key: i64,
    said: &Said,
    as_what: ParticipationStatus,
) -> QueryResult<()> {
    use agreement_parties as t;
    let Some(partner) = said.details.party else {
        return Ok(());
    };
    diesel::update(
        t::table
            .filter(t::agreement_id.eq(key))
            .filter(t::partner_id.eq(partner)),
    )
    .set((
        t::participation.eq(as_what),
        t::withdrew_on.eq(Some(&said.effective_on)),
    ))
    .execute(conn)
    .map(|_| ())
}

fn advance(conn: &mut DbConn, key: i64, to: LegalStatus) -> QueryResult<()> {
    use agreement_parties as t;
    let Some((from, reached)) = participation::advance(to) else {
        return Ok(());
    };
    diesel::update(
        t::table
            .filter(t::agreement_id.eq(key))
            .filter(t::participation.eq_any(from)),
    )
    .set(t::participation.eq(reached))
    .execute(conn)
    .map(|_| ())
}
