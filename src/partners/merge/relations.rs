//! Relations of a partner that is merged: they move, and those that would then say nothing, or what
//! another one says already, are removed.

use diesel::prelude::*;

use crate::changes::Ctx;
use crate::core::vocabulary::partner::RelationType;
use crate::core::vocabulary::record::ChangeOp;
use crate::db::DbConn;
use crate::db::schema::partner_relations as r;
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::partners::relations::{self, RelationRow};

/// Moves the relations of `from` to `to` (internal keys); 422 when a succession would lead in a
/// circle.
pub(super) fn move_all(conn: &mut DbConn, ctx: &Ctx, from: i64, to: i64) -> Result<(), Problem> {
    let rows: Vec<RelationRow> = r::table
        .filter(r::from_id.eq(from).or(r::to_id.eq(from)))
        .order(r::id)
        .select(RelationRow::as_select())
        .load(conn)?;
    for row in rows {
        let moved = |end: i64| if end == from { to } else { end };
        let (earlier, later) = (moved(row.from_id), moved(row.to_id));
        let known = relations::recorded(conn, earlier, later, row.type_)?;
        if earlier == later || known.is_some() {
            diesel::delete(r::table.find(row.id)).execute(conn)?;
            relations::log(conn, ctx, ChangeOp::Withdrawn, row, from, None)?;
        } else {
            diesel::update(r::table.find(row.id))
                .set((r::from_id.eq(earlier), r::to_id.eq(later)))
                .execute(conn)?;
        }
    }
    let next: Vec<i64> = r::table
        .filter(r::from_id.eq(to))
        .filter(r::type_.eq(RelationType::Successor))
        .select(r::to_id)
        .load(conn)?;
    for successor in next {
        if relations::leads_to(conn, successor, to)? {
            return Err(Problem::new(Code::ValidationFailed).field(
                "/into",
                "cycle",
                "one of the two came out of the other, through a third",
            ));
        }
    }
    Ok(())
}
