//! Rows of networks.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::reference;
use super::rules::NewNetwork;
use super::types::NetworkView;
use crate::changes::refresh::{self, Shown};
use crate::changes::{self, Ctx};
use crate::core::author::Author;
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::language::LanguageTag;
use crate::core::text;
use crate::core::vocabulary::network::NetworkKind;
use crate::core::vocabulary::record::RecordState;
use crate::db::prepared::Prepare as _;
use crate::db::schema::networks;
use crate::db::{DbConn, json, keyset};
use crate::evidence::embed;
use crate::http::listing::Listed;
use crate::partners::identifiers::{self, Guard};
use crate::partners::{names, reference as partners};
use crate::{inserted, record_row, updated};

/// A network as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = networks)]
pub struct NetworkRow {
    pub(crate) id: i64,
    pub(crate) public_id: PublicId,
    pub(crate) record_state: RecordState,
    pub(crate) version: i32,
    pub(crate) rev: i64,
    pub(crate) created_at: NaiveDateTime,
    pub(crate) updated_at: NaiveDateTime,
    pub(crate) created_by: Author,
    pub(crate) updated_by: Author,
    pub(crate) withdrawn_reason: Option<String>,
    pub(crate) kind: NetworkKind,
    pub(crate) name: String,
    pub(crate) sort_key: String,
    pub(crate) founded_on: Option<Edtf>,
    pub(crate) dissolved_on: Option<Edtf>,
    pub(crate) legal_form: Option<String>,
    pub(crate) seat_partner_id: Option<i64>,
    pub(crate) website: Option<String>,
    pub(crate) successor_id: Option<i64>,
    pub(crate) membership_classes: String,
    pub(crate) description: String,
}

impl NetworkRow {
    pub(super) fn etag(&self) -> String {
        format!("\"{}-{}\"", self.version, self.rev)
    }

    /// Which of its identifiers guard in this state.
    pub(super) fn guard(&self, state: RecordState, today: NaiveDate) -> Guard {
        Guard::of(
            state,
            identifiers::is_over(self.dissolved_on.as_ref(), today),
        )
    }
}

impl Listed for NetworkRow {
    fn id(&self) -> i64 {
        self.id
    }

    fn public_id(&self) -> &PublicId {
        &self.public_id
    }

    fn sort_value(&self, key: &str, _: bool) -> String {
        match key {
            "created_at" => keyset::time(self.created_at),
            "updated_at" => keyset::time(self.updated_at),
            "existence" => i64::from(self.dissolved_on.is_some()).to_string(),
            _ => self.sort_key.clone(),
        }
    }
}

/// The internal keys of the records a network names.
#[derive(Debug, Clone, Copy, Default)]
pub struct Others {
    /// The partner of its seat.
    pub seat: Option<i64>,
    /// The network that took its place.
    pub successor: Option<i64>,
}

/// The columns a network is written with.
#[derive(Debug, Insertable, AsChangeset)]
#[diesel(table_name = networks, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Fields<'a> {
    kind: NetworkKind,
    name: &'a str,
    sort_key: String,
    founded_on: Option<&'a Edtf>,
    dissolved_on: Option<&'a Edtf>,
    legal_form: Option<&'a str>,
    seat_partner_id: Option<i64>,
    website: Option<&'a str>,
    successor_id: Option<i64>,
    membership_classes: String,
    description: String,
    rev: i64,
}

impl<'a> Fields<'a> {
    fn new(new: &'a NewNetwork, others: Others, rev: i64) -> QueryResult<Self> {
        Ok(Self {
            kind: new.kind,
            name: &new.name,
            sort_key: text::sort_key(&new.name),
            founded_on: new.founded_on.as_ref(),
            dissolved_on: new.dissolved_on.as_ref(),
            legal_form: new.legal_form.as_deref(),
            seat_partner_id: others.seat,
            website: new.website.as_deref(),
            successor_id: others.successor,
            membership_classes: json::text(&new.membership_classes)?,
            description: json::text(&new.description)?,
            rev,
        })
    }
}

record_row!(networks => NetworkRow);

/// Records a network with its names and identifiers.
pub fn insert(
    conn: &mut DbConn,
    ctx: &Ctx,
    new: &NewNetwork,
    others: Others,
) -> QueryResult<NetworkRow> {
    let id = PublicId::random(Kind::Network);
    let rev = changes::next_revision(conn)?;
    let row: NetworkRow = diesel::insert_into(networks::table)
        .values((
            inserted!(networks, &id, ctx),
            Fields::new(new, others, rev)?,
        ))
        .returning(crate::db::returning::<NetworkRow>())
        .prepared()
        .get_result(conn)?;
    names::add(conn, &id, &new.names)?;
    identifiers::add(
        conn,
        &id,
        &new.identifiers,
        row.guard(ctx.state, ctx.today()),
    )?;
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
    let row: Option<NetworkRow> = diesel::update(networks::table)
        .filter(networks::id.eq(before.id))
        .filter(networks::version.eq(before.version))
        .set((
            updated!(networks, before, ctx),
            Fields::new(new, others, rev)?,
        ))
        .returning(crate::db::returning::<NetworkRow>())
        .get_result(conn)
        .optional()?;
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
    lang: Option<&LanguageTag>,
    includes: &[String],
) -> QueryResult<Vec<NetworkView>> {
    let ids: Vec<PublicId> = rows.iter().map(|row| row.public_id.clone()).collect();
    let mut all_names = names::of_records(conn, &ids)?;
    let mut all_identifiers = identifiers::of_records(conn, &ids)?;
    let seats = partners::by_keys(
        conn,
        rows.iter().filter_map(|row| row.seat_partner_id),
        lang,
    )?;
    let successors =
        reference::by_keys(conn, rows.iter().filter_map(|row| row.successor_id), lang)?;
    let mut evidence = embed::evidence(conn, includes, &ids)?;
    rows.into_iter()
        .map(|row| {
            let names = all_names.remove(&row.public_id).unwrap_or_default();
            let shown = lang.and_then(|lang| names::in_language(&names, lang));
            Ok(NetworkView {
                name: shown.unwrap_or(&row.name).to_owned(),
                kind: row.kind,
                founded_on_range: row.founded_on.as_ref().map(Into::into),
                founded_on: row.founded_on.clone(),
                dissolved_on_range: row.dissolved_on.as_ref().map(Into::into),
                dissolved_on: row.dissolved_on.clone(),
                seat: row
                    .seat_partner_id
                    .and_then(|seat| seats.get(&seat).cloned()),
                successor: row
                    .successor_id
                    .and_then(|key| successors.get(&key).cloned()),
                membership_classes: json::value(&row.membership_classes)?,
                description: json::value(&row.description)?,
                identifiers: all_identifiers.remove(&row.public_id).unwrap_or_default(),
                meta: crate::meta!(row),
                evidence: evidence.remove(&row.public_id).unwrap_or_default(),
                warnings: names::warnings(&names),
                names,
                legal_form: row.legal_form,
                website: row.website,
                id: row.public_id,
            })
        })
        .collect()
}

/// The networks of these ids as lists show them, for the feed.
pub fn listed(conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<Vec<Shown>> {
    let rows: Vec<NetworkRow> = by_ids(conn, ids)?;
    let head = |row: &NetworkRow| (row.public_id.clone(), row.version, row.record_state);
    let heads = rows.iter().map(head).collect();
    refresh::shown(heads, &views(conn, rows, None, &[])?)
}
