//! Rows of networks.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::reference;
use super::rules::NewNetwork;
use super::types::NetworkView;
use crate::changes::{self, Ctx};
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::language::Translations;
use crate::core::text;
use crate::core::vocabulary::network::NetworkKind;
use crate::core::vocabulary::record::RecordState;
use crate::db::schema::networks;
use crate::db::{DbConn, Json};
use crate::evidence::include;
use crate::partners::identifiers::{self, Guard};
use crate::partners::{names, reference as partners};
use crate::records::{Columns, Show};
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

/// These networks as callers see them: a constant number of queries for any number of rows.
pub fn views(
    conn: &mut DbConn,
    rows: Vec<NetworkRow>,
    show: &Show<'_>,
) -> QueryResult<Vec<NetworkView>> {
    let lang = show.lang;
    let ids: Vec<PublicId> = rows.iter().map(|row| row.public_id.clone()).collect();
    let mut all_names = names::of_records(conn, &ids)?;
    let mut all_identifiers = identifiers::of_records(conn, &ids)?;
    let seats = rows.iter().filter_map(|row| row.seat_partner_id);
    let seats = partners::by_keys(conn, seats, lang)?;
    let successors = rows.iter().filter_map(|row| row.successor_id);
    let successors = reference::by_keys(conn, successors, lang)?;
    let mut evidence = include::evidence(conn, show.includes, &ids)?;
    let views = rows.into_iter().map(|row| {
        let names = all_names.remove(&row.public_id).unwrap_or_default();
        let shown = lang.and_then(|lang| names::in_language(&names, lang));
        NetworkView {
            name: shown.unwrap_or(&row.name).to_owned(),
            kind: row.kind,
            founded_on_range: row.founded_on.as_ref().map(Into::into),
            founded_on: row.founded_on.clone(),
            dissolved_on_range: row.dissolved_on.as_ref().map(Into::into),
            dissolved_on: row.dissolved_on.clone(),
            seat: row.seat_partner_id.and_then(|key| seats.get(&key).cloned()),
            successor: row
                .successor_id
                .and_then(|key| successors.get(&key).cloned()),
            membership_classes: row.membership_classes.0,
            description: row.description.0,
            identifiers: all_identifiers.remove(&row.public_id).unwrap_or_default(),
            meta: crate::meta!(row),
            evidence: evidence.remove(&row.public_id).unwrap_or_default(),
            warnings: names::warnings(&names),
            names,
            legal_form: row.legal_form,
            website: row.website,
            id: row.public_id,
        }
    });
    Ok(views.collect())
}
