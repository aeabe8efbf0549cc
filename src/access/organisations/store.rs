//! Rows of offices.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde_json::json;

use super::OrganisationView;
use crate::changes::{self, Change, Ctx};
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::Entity;
use crate::db::prepared::Prepare as _;
use crate::db::schema::{organisations, partners};
use crate::db::{DbConn, columns_of};
use crate::http::problem::Problem;

/// An office with its partner.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = organisations)]
pub struct OfficeRow {
    /// The internal key.
    pub id: i64,
    #[diesel(embed)]
    pub(crate) view: OrganisationView,
    pub(crate) updated_at: NaiveDateTime,
    /// The version of the partner, whose name is shown.
    #[diesel(select_expression = partners::version)]
    pub(crate) named: i32,
}

/// Every office, by name.
pub fn all(conn: &mut DbConn) -> QueryResult<Vec<OfficeRow>> {
    organisations::table
        .inner_join(partners::table)
        .order((partners::sort_key, partners::id))
        .select(columns_of::<OfficeRow>())
        .load(conn)
}

/// The office of this partner.
pub fn find(conn: &mut DbConn, partner: &PublicId) -> QueryResult<Option<OfficeRow>> {
    organisations::table
        .inner_join(partners::table)
        .filter(partners::public_id.eq(partner))
        .select(columns_of::<OfficeRow>())
        .first(conn)
        .optional()
}

/// Whether what editors of this partner's office do has to wait. Without an office nobody could
/// accept it.
pub fn four_eyes(conn: &mut DbConn, partner: &PublicId) -> QueryResult<bool> {
    Ok(find(conn, partner)?.is_some_and(|office| office.view.four_eyes))
}

/// Opens the office of a partner, by its id and its internal key, with its change.
pub fn insert(
    conn: &mut DbConn,
    ctx: &Ctx,
    (partner, key): (&PublicId, i64),
    four_eyes: bool,
) -> QueryResult<OfficeRow> {
    diesel::insert_into(organisations::table)
        .values((
            organisations::partner_id.eq(key),
            organisations::four_eyes.eq(four_eyes),
            organisations::version.eq(1),
            organisations::created_at.eq(ctx.at()),
            organisations::updated_at.eq(ctx.at()),
        ))
        .prepared()
        .execute(conn)?;
    let office = find(conn, partner)?.ok_or(diesel::NotFound)?;
    log(conn, ctx, None, &office)?;
    Ok(office)
}

/// Changes an office as it was read, with its change; 412 when somebody was faster.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &OfficeRow,
    four_eyes: bool,
) -> Result<OfficeRow, Problem> {
    let changed = diesel::update(organisations::table)
        .filter(organisations::id.eq(before.id))
        .filter(organisations::version.eq(before.view.version))
        .set((
            organisations::four_eyes.eq(four_eyes),
            organisations::version.eq(before.view.version + 1),
            organisations::updated_at.eq(ctx.at()),
        ))
        .execute(conn)?;
    let after = find(conn, &before.view.id)?.filter(|_| changed > 0);
    let after = after.ok_or_else(Problem::overtaken)?;
    log(conn, ctx, Some(before), &after)?;
    Ok(after)
}

/// Appends what was done to the log: registrars read it.
fn log(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: Option<&OfficeRow>,
    after: &OfficeRow,
) -> QueryResult<i64> {
    let value = |row: &OfficeRow| json!({ "id": row.view.id, "four_eyes": row.view.four_eyes });
    let (before, is) = (before.map(value), value(after));
    let this = (&after.view.id, after.view.version);
    let change = Change::of(Entity::Organisation, this, before.as_ref(), &is);
    changes::record(conn, ctx, &change)
}
