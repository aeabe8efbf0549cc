//! What follows from the events and is kept beside them: status, periods, flags, the listing.

use diesel::prelude::*;

use super::record::{self, Fold};
use super::types::Details;
use crate::agreements::lifecycle::{self, MACHINE};
use crate::agreements::parties::{self, PartyRow};
use crate::agreements::quality::{self, Facts};
use crate::agreements::store;
use crate::changes::Ctx;
use crate::core::lifecycle::fold;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::evidence::{Rank, Stance};
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus, ParticipationStatus};
use crate::db::schema::{agreements, citations};
use crate::db::{DbConn, json};
use crate::evidence::shown::is_documented;
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle::store::EventRow;
use crate::lifecycle::{Subject, derived, of_subject, replace_periods};

/// Brings everything that follows from the events into step with them (I1, I5).
pub fn follow(conn: &mut DbConn, ctx: &Ctx, key: i64) -> Result<(), Problem> {
    let rows = of_subject(conn, Subject::Agreement(key))?;
    let steps = record::steps(&rows)?;
    let folded = fold(&MACHINE, &steps, ctx.today()).map_err(|illegal| {
        tracing::error!(agreement = key, %illegal, "the events of an agreement no longer fold");
        Problem::new(Code::Internal)
    })?;
    let pending = pending(&folded, &rows)?;
    diesel::update(agreements::table.find(key))
        .set((
            agreements::status.eq(folded.status),
            agreements::status_since.eq(&folded.since),
            agreements::pending_notice_given_on.eq(pending.as_ref().and_then(|p| p.1.clone())),
            agreements::pending_effective_on.eq(pending.map(|p| p.0)),
        ))
        .execute(conn)?;
    derived::refresh(conn, &[key])?;
    replace_periods(conn, Subject::Agreement(key), &folded.periods)?;
    let parties = parties::rows(conn, &[key])?;
    two_live(
        folded.status,
        parties.iter().map(|party| party.participation),
    )?;
    flags(conn, ctx, key, &folded, &rows, &parties)?;
    Ok(())
}

type Pending = (crate::core::edtf::Edtf, Option<crate::core::edtf::Edtf>);

/// The end that is planned: a termination whose day has not come, else a notice that stands.
fn pending(folded: &Fold, rows: &[EventRow]) -> QueryResult<Option<Pending>> {
    let notice = lifecycle::pending_notice(folded);
    let given = match notice.and_then(|id| rows.iter().find(|row| row.id == id)) {
        Some(row) => json::value::<Details>(&row.details)?.notice_given_on,
        None => None,
    };
    let ending = folded
        .entries
        .iter()
        .find(|entry| entry.pending)
        .map(|entry| entry.id)
        .or(notice);
    Ok(ending
        .and_then(|id| rows.iter().find(|row| row.id == id))
        .map(|row| (row.effective_on.clone(), given)))
}

/// I1: an agreement that stands in law has at least two live parties.
pub fn two_live(
    status: LegalStatus,
    stand: impl Iterator<Item = ParticipationStatus>,
) -> Result<(), Problem> {
    if !status.is_live() || stand.filter(|stands| stands.is_live()).count() >= 2 {
        return Ok(());
    }
    Err(Problem::new(Code::GuardFailed)
        .detail("an agreement that is in force or suspended has at least two live parties")
        .field(
            "/parties",
            "too_few_parties",
            "two live parties must remain",
        ))
}

/// Computes the flags of the record's quality anew.
fn flags(
    conn: &mut DbConn,
    ctx: &Ctx,
    key: i64,
    folded: &Fold,
    rows: &[EventRow],
    parties: &[PartyRow],
) -> QueryResult<()> {
    let agreement = store::by_key(conn, key)?;
    let reciprocity = parties::reciprocity(parties.iter().map(|party| party.acknowledgement));
    let counted = |row: &&EventRow| {
        folded
            .entry(row.id)
            .is_some_and(|entry| entry.corrected_by.is_none())
    };
    let mut informal = false;
    let mut approved_by_act = false;
    for row in rows.iter().filter(counted) {
        let details: Details = json::value(&row.details)?;
        informal |= details.formal == Some(false);
        let opens =
            row.action == EventAction::Approve.code() || row.action == EventAction::Register.code();
        approved_by_act |= opens && details.legal_act.is_some();
    }
    let contradictions: i64 = citations::table
        .filter(citations::record.eq(&agreement.public_id))
        .filter(citations::stance.eq(Stance::Contradicts))
        .filter(citations::rank.ne(Rank::Deprecated))
        .count()
        .get_result(conn)?;
    let flags = quality::flags(
        &Facts {
            status: folded.status,
            status_basis: agreement.status_basis,
            activity_level: agreement.activity_level,
            signed_on: agreement.signed_on.as_ref(),
            valid_until: agreement.valid_until.as_ref(),
            renewal: agreement.renewal,
            last_confirmed_on: agreement.last_confirmed_on,
            reciprocity,
            approval_without_act: agreement.approved_on.is_some() && !approved_by_act,
            informal,
            contradicted: contradictions > 0,
            documented: is_documented(conn, key)?,
        },
        ctx.today(),
    );
    diesel::update(agreements::table.find(key))
        .set(agreements::quality_flags.eq(json::text(&flags)?))
        .execute(conn)
        .map(|_| ())
}
