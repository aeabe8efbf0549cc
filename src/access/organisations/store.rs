//! Rows of offices.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde_json::json;

use crate::changes::{self, Change, Ctx};
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{Entity, RecordState};
use crate::db::DbConn;
use crate::db::prepared::Prepare as _;
use crate::db::schema::{organisations, partners};
use crate::find_row;

/// An office with its partner.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = organisations)]
pub struct OfficeRow {
    pub(crate) id: i64,
    pub(crate) four_eyes: bool,
    pub(crate) version: i32,
    pub(crate) updated_at: NaiveDateTime,
    #[diesel(select_expression = partners::public_id)]
    pub(crate) partner: PublicId,
    #[diesel(select_expression = partners::name)]
    pub(crate) name: String,
    /// The version of the partner, whose name is shown.
    #[diesel(select_expression = partners::version)]
    pub(crate) named: i32,
}

impl OfficeRow {
    /// The internal key.
    pub fn id(&self) -> i64 {
        self.id
    }
}

/// Every office, by name.
pub fn all(conn: &mut DbConn) -> QueryResult<Vec<OfficeRow>> {
    organisations::table
        .inner_join(partners::table)
        .order((partners::sort_key, partners::id))
        .select(OfficeRow::as_select())
        .load(conn)
}

/// The office of this partner.
pub fn find(conn: &mut DbConn, partner: &PublicId) -> QueryResult<Option<OfficeRow>> {
    organisations::table
        .inner_join(partners::table)
        .filter(partners::public_id.eq(partner))
        .select(OfficeRow::as_select())
        .first(conn)
        .optional()
}

/// Whether what editors of this partner's office do has to wait. Without an office nobody could
/// accept it.
pub fn four_eyes(conn: &mut DbConn, partner: &PublicId) -> QueryResult<bool> {
    Ok(find(conn, partner)?.is_some_and(|office| office.four_eyes))
}

/// The internal key of a published partner.
pub fn partner_key(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<i64>> {
    let published = partners::record_state.eq(RecordState::Published);
    find_row!(partners, conn, partners::public_id.eq(id).and(published) => partners::id)
}

/// Opens an office.
pub fn insert(conn: &mut DbConn, ctx: &Ctx, partner: i64, four_eyes: bool) -> QueryResult<()> {
    diesel::insert_into(organisations::table)
        .values((
            organisations::partner_id.eq(partner),
            organisations::four_eyes.eq(four_eyes),
            organisations::version.eq(1),
            organisations::created_at.eq(ctx.at()),
            organisations::updated_at.eq(ctx.at()),
        ))
        .prepared()
        .execute(conn)
        .map(drop)
}

/// Changes an office as it was read; `None` when somebody was faster.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &OfficeRow,
    four_eyes: bool,
) -> QueryResult<Option<OfficeRow>> {
    let changed = diesel::update(organisations::table)
        .filter(organisations::id.eq(before.id))
        .filter(organisations::version.eq(before.version))
        .set((
            organisations::four_eyes.eq(four_eyes),
            organisations::version.eq(before.version + 1),
            organisations::updated_at.eq(ctx.at()),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Ok(None);
    }
    find(conn, &before.partner)
}

/// Appends what was done to the log: registrars read it.
pub fn log(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: Option<&OfficeRow>,
    after: &OfficeRow,
) -> QueryResult<i64> {
    let value = |row: &OfficeRow| json!({ "id": row.partner, "four_eyes": row.four_eyes });
    let (before, is) = (before.map(value), value(after));
    let this = (&after.partner, after.version);
    let change = Change::of(Entity::Organisation, this, before.as_ref(), &is);
    changes::record(conn, ctx, &change)
}
