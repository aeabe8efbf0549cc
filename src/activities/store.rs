//! Rows of activities.

use std::collections::HashMap;

use diesel::prelude::*;

use super::rules::{ActivityColumns, NewActivity};
use crate::changes::{self, Ctx};
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::activity::ParticipantRole;
use crate::db::DbConn;
use crate::db::condition::grouped;
use crate::db::prepared::Prepare as _;
use crate::db::schema::{activities, activity_agreements, activity_participants, agreements};
use crate::records::Columns;
use crate::{insert_row, record_row, update_row};

record_row! {
    /// An activity as it is stored.
    activities => ActivityRow {
        #[diesel(embed)]
        columns: ActivityColumns,
    }
}

impl Columns for ActivityRow {
    fn own_sort_value(&self, _: &str, descending: bool) -> String {
        if descending {
            self.columns.starts_desc.clone()
        } else {
            self.columns.starts_asc.clone()
        }
    }
}

/// The internal keys of who takes part and of the agreements, in their order.
#[derive(Debug, Clone, Default)]
pub struct Others {
    /// The participants.
    pub participants: Vec<i64>,
    /// The agreements.
    pub agreements: Vec<i64>,
}

/// Records an activity with its participants and agreements.
pub fn insert(
    conn: &mut DbConn,
    ctx: &Ctx,
    new: &NewActivity,
    others: &Others,
) -> QueryResult<ActivityRow> {
    let id = PublicId::next(Kind::Activity);
    let columns = (new, activities::rev.eq(changes::next_revision(conn)?));
    let row = insert_row!(activities => ActivityRow, conn, ctx, &id, columns)?;
    replace_parts(conn, row.id, new, others)?;
    Ok(row)
}

/// Changes the activity as it was read; `None` when somebody was faster.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &ActivityRow,
    new: &NewActivity,
    others: &Others,
) -> QueryResult<Option<ActivityRow>> {
    let columns = (new, activities::rev.eq(changes::next_revision(conn)?));
    let row = update_row!(activities => ActivityRow, conn, ctx, before, columns)?;
    if let Some(row) = &row {
        replace_parts(conn, row.id, new, others)?;
    }
    Ok(row)
}

fn replace_parts(
    conn: &mut DbConn,
    key: i64,
    new: &NewActivity,
    others: &Others,
) -> QueryResult<()> {
    use activity_agreements as a;
    use activity_participants as p;
    diesel::delete(p::table.filter(p::activity_id.eq(key))).execute(conn)?;
    diesel::delete(a::table.filter(a::activity_id.eq(key))).execute(conn)?;
    let those = new.participants.iter().zip(&others.participants);
    for (position, (participant, partner)) in (0_i32..).zip(those) {
        diesel::insert_into(p::table)
            .values((
                p::activity_id.eq(key),
                p::position.eq(position),
                p::partner_id.eq(*partner),
                participant,
            ))
            .prepared()
            .execute(conn)?;
    }
    for agreement in &others.agreements {
        diesel::insert_into(a::table)
            .values((a::activity_id.eq(key), a::agreement_id.eq(*agreement)))
            .prepared()
            .execute(conn)?;
    }
    Ok(())
}

/// The activity, who takes part, as what, by which office and by whom.
pub(super) type ParticipantRow = (i64, i64, ParticipantRole, Option<String>, Option<String>);

/// Who takes part in these activities, in their order.
pub(super) fn participants_of(conn: &mut DbConn, keys: &[i64]) -> QueryResult<Vec<ParticipantRow>> {
    use activity_participants as p;
    p::table
        .filter(p::activity_id.eq_any(keys))
        .order((p::activity_id, p::position))
        .select((p::activity_id, p::partner_id, p::role, p::office, p::name))
        .load(conn)
}

/// The agreements that these activities are held under.
pub(super) fn agreements_of(
    conn: &mut DbConn,
    keys: &[i64],
) -> QueryResult<HashMap<i64, Vec<PublicId>>> {
    use activity_agreements as a;
    let rows: Vec<(i64, PublicId)> = a::table
        .inner_join(agreements::table.on(agreements::id.eq(a::agreement_id)))
        .filter(a::activity_id.eq_any(keys))
        .order(a::id)
        .select((a::activity_id, agreements::public_id))
        .load(conn)?;
    Ok(grouped(rows))
}
