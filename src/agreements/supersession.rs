//! What happens to an older agreement when the newer one turns out not to have taken its place.
//!
//! It was withdrawn, or it no longer says so. The event that superseded the older one is corrected,
//! and corrected back when the newer one is restored.

use super::events::required::CheckedEvent;
use super::events::{life, record};
use super::lifecycle::MACHINE;
use super::links;
use super::record::next_version;
use super::store::{self, AgreementRow};
use crate::changes::Ctx;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::state_machine::fold_kept;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::core::vocabulary::record::ChangeOp;
use crate::db::DbConn;
use crate::http::problem::Problem;
use crate::lifecycle::{Subject, is_refusal, of_subject};

/// A counting event that says what took the place of an agreement.
struct Taken {
    event: PublicId,
    on: Edtf,
    /// The status it met.
    from: Option<LegalStatus>,
    /// The one it leads to.
    to: Option<LegalStatus>,
    newer: PublicId,
}

/// Every counting event by which something took the place of this agreement, the oldest first.
fn all_taken(conn: &mut DbConn, ctx: &Ctx, older: &AgreementRow) -> Result<Vec<Taken>, Problem> {
    let rows = of_subject(conn, Subject::Agreement(older.id))?;
    let happened = life::happened(&rows)?;
    let folded = match fold_kept(&MACHINE, &life::steps_of(&happened), ctx.today()) {
        Ok((folded, _)) => folded,
        Err(illegal) => {
            tracing::error!(agreement = %older.public_id, %illegal, "what took its place can't be read");
            return Ok(Vec::new());
        }
    };
    let taken = folded.entries.iter().filter_map(|entry| {
        let counts = entry.acts_as == EventAction::Supersede && entry.corrected_by.is_none();
        let one = happened
            .iter()
            .find(|one| counts && one.step.id == entry.id)?;
        Some(Taken {
            event: one.public_id.clone()?,
            on: one.on.clone(),
            from: entry.from,
            to: entry.to,
            newer: one.details.superseded_by.clone()?,
        })
    });
    Ok(taken.collect())
}

/// The last of them that names this newer agreement.
fn taken(
    conn: &mut DbConn,
    ctx: &Ctx,
    older: &AgreementRow,
    newer: &AgreementRow,
) -> Result<Option<Taken>, Problem> {
    let all = all_taken(conn, ctx, older)?;
    Ok(all
        .into_iter()
        .rfind(|taken| taken.newer == newer.public_id))
}

/// Notes in the agreements that took the place of this one that they did, when it is published; their
/// internal keys.
pub fn link_newer(conn: &mut DbConn, ctx: &Ctx, older: &AgreementRow) -> Result<Vec<i64>, Problem> {
    let mut newer = Vec::new();
    for taken in all_taken(conn, ctx, older)? {
        if let Some(key) = links::key(conn, &taken.newer)? {
            links::add(conn, key, older.id)?;
            newer.push(key);
        }
    }
    Ok(newer)
}

/// Appends a correction of this event that leads to this status, with a change of the older
/// agreement.
fn correct(
    conn: &mut DbConn,
    ctx: &Ctx,
    older: &AgreementRow,
    (event, on): (PublicId, Edtf),
    to: LegalStatus,
    why: &str,
) -> Result<(), Problem> {
    let mut said = CheckedEvent::correction(event, on, why);
    said.to_status = Some(to);
    // The older one stays in its own state, whatever becomes of the newer one.
    let ctx = &ctx.with_state(older.record_state);
    record::record(conn, ctx, older, said)?;
    next_version(conn, ctx, older, ChangeOp::Event, None, Some(why)).map(drop)
}

/// Brings back those of these agreements (internal keys) that `newer` had superseded. The link
/// between them is removed.
pub fn release(
    conn: &mut DbConn,
    ctx: &Ctx,
    newer: &AgreementRow,
    older: &[i64],
    why: &str,
) -> Result<(), Problem> {
    for key in older {
        let row = store::by_key(conn, *key)?;
        if row.status != LegalStatus::Superseded {
            continue;
        }
        if let Some(taken) = taken(conn, ctx, &row, newer)?
            && let Some(from) = taken.from
        {
            correct(conn, ctx, &row, (taken.event, taken.on), from, why)?;
        }
    }
    Ok(())
}

/// [`release`] of everything `newer` supersedes, because it is withdrawn. It goes on naming them, so
/// that restoring it finds them.
pub fn release_all(conn: &mut DbConn, ctx: &Ctx, newer: &AgreementRow) -> Result<(), Problem> {
    let older = links::older(conn, newer.id)?;
    let why = "The agreement that took its place was withdrawn.";
    release(conn, ctx, newer, &older, why)?;
    for key in older {
        links::add(conn, newer.id, key)?;
    }
    Ok(())
}

/// Supersedes these agreements once more, as they were before `newer` was withdrawn; one whose life
/// has gone on since is left as it is.
pub fn again(
    conn: &mut DbConn,
    ctx: &Ctx,
    newer: &AgreementRow,
    older: &[i64],
) -> Result<(), Problem> {
    for key in older {
        let row = store::by_key(conn, *key)?;
        let again = LegalStatus::Superseded;
        let taken = taken(conn, ctx, &row, newer)?;
        let Some(taken) = taken.filter(|taken| taken.to != Some(again)) else {
            continue;
        };
        let why = "The agreement that took its place was restored.";
        match correct(conn, ctx, &row, (taken.event, taken.on), again, why) {
            Err(problem) if is_refusal(&problem) => {}
            done => done?,
        }
        links::add(conn, newer.id, *key)?;
    }
    Ok(())
}
