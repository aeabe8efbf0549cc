//! Rows of activities.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rules::{NewActivity, NewParticipant};
use crate::changes::{self, Ctx};
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::language::Translations;
use crate::core::text;
use crate::core::vocabulary::activity::{
    ActivityKind, ActivityMode, ActivityStatus, ParticipantRole,
};
use crate::core::vocabulary::agreement::FieldOfCooperation;
use crate::db::prepared::Prepare as _;
use crate::db::schema::{activities, activity_agreements, activity_participants, agreements};
use crate::db::{DbConn, Json};
use crate::http::listing::date_keys;
use crate::records::Columns;
use crate::{insert_row, record_row, update_row};

record_row! {
    /// An activity as it is stored.
    activities => ActivityRow {
        kind: ActivityKind,
        title: Json<Translations>,
        starts_on: Option<Edtf>,
        starts_asc: String,
        starts_desc: String,
        ends_on: Option<Edtf>,
        mode: ActivityMode,
        place_text: Option<String>,
        place_partner_id: Option<i64>,
        participant_count: Option<i64>,
        fields: Json<Vec<FieldOfCooperation>>,
        network_id: Option<i64>,
        programme: Option<String>,
        grant_ref: Option<String>,
        outcome: Option<String>,
        status: ActivityStatus,
    }
}

impl Columns for ActivityRow {
    fn own_sort_value(&self, _: &str, descending: bool) -> String {
        if descending {
            self.starts_desc.clone()
        } else {
            self.starts_asc.clone()
        }
    }
}

/// The internal keys of the records an activity names.
#[derive(Debug, Clone, Default)]
pub struct Others {
    /// The partner where it is.
    pub place: Option<i64>,
    /// The network.
    pub network: Option<i64>,
    /// The participants, in their order.
    pub participants: Vec<i64>,
    /// The agreements, in their order.
    pub agreements: Vec<i64>,
}

/// What lists sort and filter by, as columns of the activity.
#[derive(Debug, Insertable, AsChangeset)]
#[diesel(table_name = activities, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Derived {
    sort_key: String,
    starts_earliest: Option<NaiveDate>,
    starts_latest: Option<NaiveDate>,
    starts_asc: String,
    starts_desc: String,
    place_partner_id: Option<i64>,
    network_id: Option<i64>,
    rev: i64,
}

impl Derived {
    fn of(new: &NewActivity, others: &Others, rev: i64) -> Self {
        let (starts_asc, starts_desc) = date_keys(new.starts_on.as_ref());
        Self {
            sort_key: text::sort_key(new.title.values().next().map_or("", String::as_str)),
            starts_earliest: new.starts_on.as_ref().and_then(Edtf::earliest),
            starts_latest: new.starts_on.as_ref().and_then(Edtf::latest),
            starts_asc,
            starts_desc,
            place_partner_id: others.place,
            network_id: others.network,
            rev,
        }
    }
}

/// Records an activity with its participants and agreements.
pub fn insert(
    conn: &mut DbConn,
    ctx: &Ctx,
    new: &NewActivity,
    others: &Others,
) -> QueryResult<ActivityRow> {
    let id = PublicId::next(Kind::Activity);
    let rev = changes::next_revision(conn)?;
    let columns = (new, Derived::of(new, others, rev));
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
    let rev = changes::next_revision(conn)?;
    let columns = (new, Derived::of(new, others, rev));
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
        let NewParticipant {
            role, office, name, ..
        } = participant;
        diesel::insert_into(p::table)
            .values((
                p::activity_id.eq(key),
                p::position.eq(position),
                p::partner_id.eq(*partner),
                p::role.eq(*role),
                p::office.eq(office),
                p::name.eq(name),
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
    let mut by_key: HashMap<i64, Vec<PublicId>> = HashMap::new();
    for (activity, agreement) in rows {
        by_key.entry(activity).or_default().push(agreement);
    }
    Ok(by_key)
}
