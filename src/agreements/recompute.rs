//! What is kept of the events of agreements, computed anew: parties, term, notice, periods and flags of
//! a release that did not read them in today's order.

use diesel::prelude::*;

use super::events::follow;
use super::links;
use super::store::{self, AgreementRow};
use crate::changes::{self, Ctx};
use crate::core::vocabulary::record::{ChangeOp, QualityFlag, RecordState};
use crate::db::schema::agreements;
use crate::db::{self, DbConn, json};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::jobs::batch::{self, Batch};

/// Why a record has another version after an upgrade.
const WHY: &str = "Computed anew from its events";

/// The next agreements behind this key. One that is shown otherwise than before has a new version, with
/// its change.
pub fn batch(conn: &mut DbConn, ctx: &Ctx, after: i64) -> Result<Batch, Problem> {
    let rows: Vec<AgreementRow> = agreements::table
        .filter(agreements::id.gt(after))
        .order(agreements::id)
        .limit(batch::SIZE)
        .select(AgreementRow::as_select())
        .load(conn)?;
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut batch = Batch::of(&keys);
    for row in rows {
        match db::savepoint(conn, |conn| one(conn, ctx, &row)) {
            Ok(true) => batch.done += 1,
            Ok(false) => batch.left += 1,
            // One that can't be read in any order stays as it is; the others go on.
            Err(problem) if problem.code() == Code::Internal => {
                tracing::error!(agreement = %row.public_id, "its events can't be computed anew");
                doubt(conn, &row)?;
                batch.left += 1;
            }
            Err(problem) => return Err(problem),
        }
    }
    Ok(batch)
}

/// Whether the agreement is shown otherwise than before.
fn one(conn: &mut DbConn, ctx: &Ctx, row: &AgreementRow) -> Result<bool, Problem> {
    let before = store::value(conn, row, false)?;
    follow::anew(conn, ctx, row)?;
    let now = store::by_key(conn, row.id)?;
    if store::value(conn, &now, false)? == before {
        return Ok(false);
    }
    let rev = changes::upcoming(conn)?;
    if row.record_state != RecordState::Published {
        links::touch(conn, &[row.id], rev)?;
        return Ok(true);
    }
    if !store::raise_version(conn, ctx, &now, rev)? {
        return Err(Problem::overtaken());
    }
    let changed = store::by_key(conn, row.id)?;
    let op = ChangeOp::Updated;
    store::log(conn, ctx, op, Some(&before), &changed, Some(WHY))?;
    Ok(true)
}

/// Flags a history that nothing can be made of.
fn doubt(conn: &mut DbConn, row: &AgreementRow) -> Result<(), Problem> {
    let mut flags: Vec<QualityFlag> = json::value(&row.quality_flags)?;
    flags.push(QualityFlag::HistoryInDoubt);
    diesel::update(agreements::table.find(row.id))
        .set(agreements::quality_flags.eq(json::text(&flags)?))
        .execute(conn)?;
    Ok(())
}
