//! Rows of networks.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rules::NewNetwork;
use crate::changes::{self, Ctx};
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::language::Translations;
use crate::core::text;
use crate::core::vocabulary::network::NetworkKind;
use crate::core::vocabulary::record::RecordState;
use crate::db::schema::networks;
use crate::db::{DbConn, Json};
use crate::partners::identifiers::{self, Guard};
use crate::partners::names;
use crate::records::Columns;
use crate::{insert_row, record_row, update_row};

record_row! {
    /// A network as it is stored.
    networks => NetworkRow {
        kind: NetworkKind,
        name: String,
        sort_key: String,
        founded_on: Option<Edtf>,
        dissolved_on: Option<Edtf>,
        legal_form: Option<String>,
        seat_partner_id: Option<i64>,
        website: Option<String>,
        successor_id: Option<i64>,
        membership_classes: Json<Vec<String>>,
        description: Json<Translations>,
    }
}

impl NetworkRow {
    /// Which of its identifiers guard in this state.
    pub(super) fn guard(&self, state: RecordState, today: NaiveDate) -> Guard {
        let dissolved = identifiers::is_over(self.dissolved_on.as_ref(), today);
        Guard::of(state, dissolved)
    }
}

impl Columns for NetworkRow {
    fn own_sort_value(&self, key: &str, _: bool) -> String {
        match key {
            "existence" => i64::from(self.dissolved_on.is_some()).to_string(),
            _ => self.sort_key.clone(),
        }
    }
}

/// The internal keys of the records a network names.
#[derive(Debug, Clone, Copy, Default, Insertable, AsChangeset)]
#[diesel(table_name = networks, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Others {
    /// The partner of its seat.
    pub seat_partner_id: Option<i64>,
    /// The network that took its place.
    pub successor_id: Option<i64>,
}

/// Records a network with its names and identifiers.
pub fn insert(
    conn: &mut DbConn,
    ctx: &Ctx,
    new: &NewNetwork,
    others: Others,
) -> QueryResult<NetworkRow> {
    let id = PublicId::next(Kind::Network);
    let rev = changes::next_revision(conn)?;
    let sort_key = networks::sort_key.eq(text::sort_key(&new.name));
    let columns = (new, others, sort_key, networks::rev.eq(rev));
    let row = insert_row!(networks => NetworkRow, conn, ctx, &id, columns)?;
    names::add(conn, &id, &new.names)?;
    let guard = row.guard(ctx.state, ctx.today());
    identifiers::add(conn, &id, &new.identifiers, guard)?;
    Ok(row)
}

/// Changes the network as it was read; `None` when somebody was faster.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &NetworkRow,
    new: &NewNetwork,
    others: Others,
) -> QueryResult<Option<NetworkRow>> {
    let rev = changes::next_revision(conn)?;
    let sort_key = networks::sort_key.eq(text::sort_key(&new.name));
    let columns = (new, others, sort_key, networks::rev.eq(rev));
    let row = update_row!(networks => NetworkRow, conn, ctx, before, columns)?;
    if let Some(row) = &row {
        names::store(conn, &row.public_id, &new.names)?;
        let guard = row.guard(ctx.state, ctx.today());
        identifiers::store(conn, &row.public_id, &new.identifiers, guard)?;
    }
    Ok(row)
}
