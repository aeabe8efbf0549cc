//! What an event changes of other agreements.

use super::life::{Added, Life};
use super::types::Details;
use crate::agreements::links;
use crate::agreements::store::AgreementRow;
use crate::core::vocabulary::lifecycle::EventAction;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use diesel::QueryResult;

/// Notes in the agreement that took the place of this one that it did, and takes back what a wrong
/// event said of that.
pub fn links(
    conn: &mut DbConn,
    agreement: &AgreementRow,
    life: &Life,
    added: &Added,
    superseded_by: Option<i64>,
) -> QueryResult<()> {
    if added.acts_as != EventAction::Supersede {
        return Ok(());
    }
    if let Some(wrong) = &added.wrong
        && let Some(newer) = named(conn, None, wrong)?
    {
        links::remove(conn, newer, agreement.id)?;
    }
    let Some(last) = life.happened.last() else {
        return Ok(());
    };
    let now = life.now.as_ref();
    let entry = now.and_then(|now| now.fold.entry(last.step.id));
    // A correction that names a status says that the event never happened.
    if entry.is_some_and(|entry| entry.sets) {
        return Ok(());
    }
    let said = (added.acts_as, &last.details);
    link(conn, agreement, said, superseded_by)
}

/// Notes in the agreement that this event says took the place of this one that it did. It doesn't tell
/// of a draft: it is linked when the draft is published.
pub fn link(
    conn: &mut DbConn,
    agreement: &AgreementRow,
    (acts_as, said): (EventAction, &Details),
    superseded_by: Option<i64>,
) -> QueryResult<()> {
    if acts_as != EventAction::Supersede || agreement.record_state == RecordState::Draft {
        return Ok(());
    }
    if let Some(newer) = named(conn, superseded_by, said)? {
        links::add(conn, newer, agreement.id)?;
        let rev = crate::changes::next_revision(conn)?;
        links::touch(conn, &[newer], rev)?;
    }
    Ok(())
}

/// The internal key of the agreement that took the place of another, by what an event says.
pub(super) fn named(
    conn: &mut DbConn,
    found: Option<i64>,
    said: &Details,
) -> QueryResult<Option<i64>> {
    match (found, &said.superseded_by) {
        (None, Some(id)) => links::key(conn, id),
        (found, _) => Ok(found),
    }
}
