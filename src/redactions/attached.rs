//! What hangs on a record and is a record of its own: its citations. Papers belong here, too, as soon
//! as the registry holds any: [`erase`] is where a name is taken out of their titles.

use diesel::prelude::*;

use super::history;
use crate::changes::{self, Change, Ctx};
use crate::core::ids::PublicId;
use crate::core::person::Person;
use crate::core::vocabulary::record::{ChangeOp, Entity};
use crate::db::DbConn;
use crate::db::schema::citations;
use crate::evidence::citations::store::{self, CitationRow};
use crate::http::problem::Problem;
use crate::http::respond;

/// Takes these persons out of everything that hangs on the record, each with its own change; in how
/// many places they stood.
pub(super) fn erase(
    conn: &mut DbConn,
    ctx: &Ctx,
    record: &PublicId,
    persons: &[Person],
    reason: &str,
) -> Result<usize, Problem> {
    let those: Vec<PublicId> = citations::table
        .filter(citations::record.eq(record))
        .order(citations::id)
        .select(citations::public_id)
        .load(conn)?;
    let mut places = 0;
    for id in those {
        places += in_citation(conn, ctx, &id, persons, reason)?;
    }
    Ok(places)
}

fn blanked(text: Option<&String>, persons: &[Person]) -> (Option<String>, usize) {
    let (mut left, mut places) = (text.cloned(), 0);
    for person in persons {
        if let Some((blanked, count)) = left.as_deref().and_then(|text| person.blanked(text)) {
            left = Some(blanked);
            places += count;
        }
    }
    (left, places)
}

fn in_citation(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    persons: &[Person],
    reason: &str,
) -> Result<usize, Problem> {
    let Some((before, source)) = store::find(conn, id)? else {
        return Ok(0);
    };
    let (stated_value, stated) = blanked(before.stated_value.as_ref(), persons);
    let (quote, quoted) = blanked(before.quote.as_ref(), persons);
    let places = stated + quoted + history::erase(conn, id, persons)?;
    if places == 0 {
        return Ok(0);
    }
    let after: CitationRow = diesel::update(citations::table)
        .filter(citations::id.eq(before.id))
        .filter(citations::version.eq(before.version))
        .set((
            citations::version.eq(before.version + 1),
            citations::updated_at.eq(ctx.now.naive_utc()),
            citations::updated_by.eq(&ctx.author),
            citations::stated_value.eq(stated_value),
            citations::quote.eq(quote),
        ))
        .returning(crate::db::row::<CitationRow>())
        .get_result(conn)?;
    let was = respond::to_value(&before.view(&source))?;
    let change = Change {
        entity: Entity::Citation,
        id,
        op: ChangeOp::Redacted,
        version: after.version,
        before: Some(&was),
        after: &respond::to_value(&after.view(&source))?,
        reason: Some(reason),
    };
    changes::record(conn, ctx, &change)?;
    history::forget(conn, id, persons)?;
    Ok(places)
}
