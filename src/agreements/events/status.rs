//! What follows from the events and is kept beside them: status, dates, term, parties, periods, flags,
//! the listing.

use diesel::prelude::*;

use super::life::{Life, Now};
use crate::agreements::lifecycle::story::Seat;
use crate::agreements::lifespans::of_partners;
use crate::agreements::parties::{self, PartyRow};
use crate::agreements::quality::{self, Daily, Facts, Own};
use crate::agreements::rules::Content;
use crate::agreements::store::{self, AgreementRow, Days, Standing};
use crate::changes::Ctx;
use crate::core::edtf::Edtf;
use crate::core::vocabulary::agreement::Acknowledgement;
use crate::core::vocabulary::lifecycle::EventAction;
use crate::core::vocabulary::record::QualityFlag;
use crate::db::schema::{agreement_parties, agreements};
use crate::db::{DbConn, Json};
use crate::evidence::dependents::{is_contradicted, is_documented};
use crate::http::problem::Problem;
use crate::lifecycle::{Subject, agreement_listing, lifespans, replace_periods};

/// Brings everything that follows from the events into step with them (I1, I5).
pub fn store_status(conn: &mut DbConn, ctx: &Ctx, key: i64) -> Result<(), Problem> {
    let row = store::by_key(conn, key)?;
    let (life, parties) = Life::load(conn, ctx.today(), &row)?;
    store_life(conn, ctx, &row, &parties, &life)
}

/// [`store_status`], with the periods: for events that were stored by another release.
pub fn recompute(conn: &mut DbConn, ctx: &Ctx, row: &AgreementRow) -> Result<(), Problem> {
    let (life, parties) = Life::load(conn, ctx.today(), row)?;
    store_all(conn, ctx, row, (&life, &parties), None)
}

/// [`store_life`], with the periods, unless they are as they were `before`.
pub fn store_all(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &AgreementRow,
    (life, parties): (&Life, &[PartyRow]),
    before: Option<&Now>,
) -> Result<(), Problem> {
    store_life(conn, ctx, row, parties, life)?;
    let periods = &life.now()?.fold.periods;
    if before.is_none_or(|before| before.fold.periods != *periods) {
        replace_periods(conn, Subject::Agreement(row.id), periods)?;
    }
    Ok(())
}

/// Writes what this life makes of the agreement and of the rows of its parties.
pub fn store_life(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &AgreementRow,
    parties: &[PartyRow],
    life: &Life,
) -> Result<(), Problem> {
    let now = life.now()?;
    let others = seats(conn, row.id, parties, life)?;
    let flags = flags(conn, ctx, row, parties, life)?;
    let dates = &life.facts.dates;
    let signed_on = dates.signed_on.as_ref();
    let until = now.story.term.valid_until.as_ref();
    diesel::update(agreements::table.find(row.id))
        .set((
            standing(life, flags)?,
            dates,
            Days::of(signed_on, until),
            agreements::valid_until.eq(until),
            agreements::duration.eq(now.story.term.duration),
        ))
        .execute(conn)?;
    let listed = others
        || now.fold.status != row.status
        || signed_on != row.content.dates.signed_on.as_ref();
    if listed {
        agreement_listing::refresh(conn, &[row.id])?;
    }
    Ok(())
}

/// How the agreement stands by its events, with these flags of the record's quality.
///
/// The end that is planned is a termination whose day has not come, else a notice that stands.
pub fn standing(life: &Life, flags: Vec<QualityFlag>) -> Result<Standing<'_>, Problem> {
    let now = life.now()?;
    let notice = now.story.notice.filter(|_| now.fold.status.is_live());
    let notice = notice.and_then(|id| life.event(id));
    let ending = now.story.planned.and_then(|id| life.event(id)).or(notice);
    Ok(Standing {
        status: now.fold.status,
        status_since: &now.fold.since,
        pending_notice_given_on: notice.and_then(|one| one.details.notice_given_on.as_ref()),
        pending_effective_on: ending.map(|one| &one.on),
        said_term: Json(life.base.term.clone()),
        quality_flags: Json(flags),
    })
}

/// Brings the rows of the parties into step; whether others are parties now.
fn seats(conn: &mut DbConn, key: i64, parties: &[PartyRow], life: &Life) -> Result<bool, Problem> {
    use agreement_parties as t;
    let seats = &life.now()?.story.seats;
    let mut others = false;
    let mut joined: Vec<(i64, i32)> = Vec::new();
    for row in parties {
        let Some(seat) = seats.iter().find(|seat| seat.partner == row.partner_id) else {
            diesel::delete(t::table.find(row.id)).execute(conn)?;
            others = true;
            continue;
        };
        if seat.said.by_event {
            joined.push((seat.partner, row.position));
        }
        let base = &life.base.parties;
        let said = base.iter().find(|(partner, _)| *partner == row.partner_id);
        let said = said.map(|(_, said)| Json(said.clone()));
        let stood = (row.participation, &row.acceded_on, &row.withdrew_on);
        let stands = (seat.participation, &seat.acceded_on, &seat.withdrew_on);
        if stood != stands || row.said != said {
            diesel::update(t::table.find(row.id))
                .set((
                    t::participation.eq(seat.participation),
                    t::acceded_on.eq(&seat.acceded_on),
                    t::withdrew_on.eq(&seat.withdrew_on),
                    t::said.eq(said),
                ))
                .execute(conn)?;
        }
    }
    let mut position = parties.iter().map(|row| row.position).max().unwrap_or(-1);
    let known = |seat: &&Seat| parties.iter().all(|row| row.partner_id != seat.partner);
    for seat in seats.iter().filter(known) {
        position += 1;
        parties::join(conn, key, position, seat)?;
        joined.push((seat.partner, position));
        others = true;
    }
    in_order_of_joining(conn, key, seats, &joined)?;
    Ok(others)
}

/// Lets those whom an event brought stand in the order in which they joined, whatever was recorded first:
/// `joined` are they with their places.
fn in_order_of_joining(
    conn: &mut DbConn,
    key: i64,
    seats: &[Seat],
    joined: &[(i64, i32)],
) -> QueryResult<()> {
    use agreement_parties as t;
    let came = seats.iter().filter(|seat| seat.said.by_event);
    let moved: Vec<(i64, i32)> = came
        .zip(joined)
        .filter(|(seat, (partner, _))| seat.partner != *partner)
        .map(|(seat, (_, position))| (seat.partner, *position))
        .collect();
    let mut place = |partner: i64, position: i32| {
        let row = t::table
            .filter(t::agreement_id.eq(key))
            .filter(t::partner_id.eq(partner));
        diesel::update(row)
            .set(t::position.eq(position))
            .execute(conn)
    };
    // No two stand in one place in between.
    for (partner, position) in &moved {
        place(*partner, -1 - position)?;
    }
    for (partner, position) in moved {
        place(partner, position)?;
    }
    Ok(())
}

/// 422 for what a change of the record says of its parties and could not have been, and for what it has made
/// impossible in its history: every fault that was not there before.
pub fn unharmed(life: &Life, before: &Now) -> Result<(), Problem> {
    life.as_said(life.newly_misstated(before)?)?;
    let new = life.new_faults(life.now()?, Some(before));
    if new.is_empty() {
        return Ok(());
    }
    Err(life.harmed(&new))
}

/// Computes the flags of the record's quality anew.
fn flags(
    conn: &mut DbConn,
    ctx: &Ctx,
    agreement: &AgreementRow,
    parties: &[PartyRow],
    life: &Life,
) -> Result<Vec<QualityFlag>, Problem> {
    let contradicted = is_contradicted(conn, &agreement.public_id)?;
    let told = (contradicted, is_documented(conn, agreement.id)?);
    flags_of(conn, ctx, (&agreement.content, life), told, |partner| {
        let row = parties.iter().find(|row| row.partner_id == partner)?;
        Some((row.acknowledgement, row.signed_on.as_ref()))
    })
}

/// The flags of the record's quality with this life.
///
/// Beside it are given whether a source contradicts another and whether a document that everyone may see belongs to
/// it. `said` is what a party, by its internal key, says of the agreement, and when it signed itself.
pub fn flags_of<'a>(
    conn: &mut DbConn,
    ctx: &Ctx,
    (content, life): (&Content, &'a Life),
    (contradicted, documented): (bool, bool),
    said: impl Fn(i64) -> Option<(Acknowledgement, Option<&'a Edtf>)>,
) -> Result<Vec<QualityFlag>, Problem> {
    let (informal, by_act) = steps(life)?;
    let now = life.now()?;
    let (seats, dates) = (&now.story.seats, &life.facts.dates);
    let signed_on = dates.signed_on.as_ref();
    let words = seats
        .iter()
        .map(|seat| said(seat.partner).map_or_else(Default::default, |(word, _)| word));
    let bound = seats.iter().map(|seat| {
        let own = said(seat.partner).and_then(|(_, own)| own);
        let joined = seat.acceded_on.as_ref();
        let date = lifespans::bound_on(seat.participation, own, joined, signed_on);
        (seat.partner, date)
    });
    let partners: Vec<i64> = seats.iter().map(|seat| seat.partner).collect();
    let lives = lifespans::flags(&of_partners(conn, &life.facts.lives, &partners)?, bound);
    let own = Own {
        daily: Daily {
            status: now.fold.status,
            activity_level: content.activity_level,
            valid_until: now.story.term.valid_until.clone(),
            renewal: content.renewal,
            last_confirmed_on: content.last_confirmed_on,
        },
        status_basis: content.status_basis,
        contradicted,
        documented,
    };
    let facts = Facts {
        own,
        signed_on,
        reciprocity: parties::reciprocity(words),
        approval_without_act: dates.approved_on.is_some() && !by_act,
        informal,
        in_doubt: life.in_doubt(),
        lives: &lives,
    };
    Ok(quality::flags(&facts, ctx.today()))
}

/// Whether a step that counts was taken without a paper, and whether one names the act of approval.
fn steps(life: &Life) -> Result<(bool, bool), Problem> {
    let fold = &life.now()?.fold;
    let counts = |id: i64| {
        fold.entry(id)
            .is_some_and(|entry| entry.corrected_by.is_none())
    };
    let (mut informal, mut by_act) = (false, false);
    for one in life.happened.iter().filter(|one| counts(one.step.id)) {
        informal |= one.details.formal == Some(false);
        let approves = matches!(
            one.step.action,
            EventAction::Approve | EventAction::Register
        );
        by_act |= approves && one.details.legal_act.is_some();
    }
    Ok((informal, by_act))
}
