//! Rows of agreements.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::duplicates;
use super::lifecycle::story::{Base, Term};
use super::links;
use super::parties;
use super::rules::{self, Content, NewAgreement};
use crate::changes::Ctx;
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::text;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::agreement::RelationshipType;
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::core::vocabulary::record::QualityFlag;
use crate::db::prepared::Prepare as _;
use crate::db::schema::agreements;
use crate::db::{DbConn, Json, columns_of};
use crate::http::listing::date_keys;
use crate::lifecycle::SubjectKind;
use crate::lifecycle::lifespans::Lifespans;
use crate::lifecycle::periods::status_at;
use crate::partners::reference::Known;
use crate::records::Columns;
use crate::{inserted, record_row, stored_row, update_row, updated};

record_row! {
    /// An agreement as it is stored.
    agreements => AgreementRow {
        #[diesel(embed)]
        content: Content,
        sort_key: String,
        relationship: RelationshipType,
        status: LegalStatus,
        status_since: Edtf,
        signed_asc: String,
        signed_desc: String,
        arose_from_id: Option<i64>,
        parent_id: Option<i64>,
        domestic: bool,
        pending_notice_given_on: Option<Edtf>,
        pending_effective_on: Option<Edtf>,
        quality_flags: Json<Vec<QualityFlag>>,
        /// The term as it was said, which renewals go on from; none in a record of a release that did not
        /// keep it apart.
        said_term: Option<Json<Term>>,
    }
}

impl Columns for AgreementRow {
    fn own_sort_value(&self, key: &str, descending: bool) -> String {
        match key {
            "signed_on" if descending => self.signed_desc.clone(),
            "signed_on" => self.signed_asc.clone(),
            "status" => self.status.to_string(),
            _ => self.sort_key.clone(),
        }
    }
}

/// What ties an agreement to other records, resolved.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = agreements, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Resolved {
    #[diesel(skip_insertion, skip_update)]
    pub(crate) parties: Vec<Known>,
    pub(crate) relationship: RelationshipType,
    #[diesel(column_name = arose_from_id)]
    pub(crate) arose_from: Option<i64>,
    #[diesel(column_name = parent_id)]
    pub(crate) parent: Option<i64>,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) supersedes: Vec<i64>,
    /// The lives of the parties.
    #[diesel(skip_insertion, skip_update)]
    pub(crate) lives: Lifespans,
}

impl Resolved {
    /// The set of parties as one text.
    pub fn party_key(&self) -> String {
        duplicates::party_key(self.parties.iter().map(|known| known.key).collect())
    }
}

/// The days that lists filter and sort by, as columns of the agreement.
#[derive(Debug, Insertable, AsChangeset)]
#[diesel(table_name = agreements, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct Days {
    signed_earliest: Option<NaiveDate>,
    signed_latest: Option<NaiveDate>,
    signed_asc: String,
    signed_desc: String,
    valid_until_earliest: Option<NaiveDate>,
    valid_until_latest: Option<NaiveDate>,
}

impl Days {
    pub(super) fn of(signed_on: Option<&Edtf>, valid_until: Option<&Edtf>) -> Self {
        let (signed_asc, signed_desc) = date_keys(signed_on);
        Self {
            signed_earliest: signed_on.and_then(Edtf::earliest),
            signed_latest: signed_on.and_then(Edtf::latest),
            signed_asc,
            signed_desc,
            valid_until_earliest: valid_until.and_then(Edtf::earliest),
            valid_until_latest: valid_until.and_then(Edtf::latest),
        }
    }
}

/// What follows from an agreement's own values, as columns of it.
#[derive(Debug, Insertable, AsChangeset)]
#[diesel(table_name = agreements, treat_none_as_default_value = false)]
struct Derived {
    rev: i64,
    sort_key: String,
    #[diesel(embed)]
    days: Days,
    domestic: bool,
    institutional: bool,
    party_key: String,
}

impl Derived {
    fn of(new: &NewAgreement, resolved: &Resolved, rev: i64) -> Self {
        let partners = || resolved.parties.iter().map(|known| &known.partner);
        let names: Vec<&str> = partners().map(|partner| partner.name.as_str()).collect();
        let signed_on = new.content.dates.signed_on.as_ref();
        let shown = new.content.title.values().next().cloned();
        let shown = shown.unwrap_or_else(|| rules::usual_title(&names, signed_on));
        let first_country = partners().next().map(|partner| partner.country);
        Self {
            rev,
            sort_key: text::sort_key(&shown),
            days: Days::of(signed_on, new.content.valid_until.as_ref()),
            domestic: partners().all(|partner| Some(partner.country) == first_country),
            institutional: partners().all(|partner| partner.kind.is_institution()),
            party_key: resolved.party_key(),
        }
    }
}

/// [`by_keys`]; with a day, each with the status it had then, for a list that is sorted by it.
pub fn by_keys_as_of(
    conn: &mut DbConn,
    keys: &[i64],
    day: Option<NaiveDate>,
) -> QueryResult<Vec<AgreementRow>> {
    let mut rows = by_keys(conn, keys)?;
    if let Some(day) = day {
        let held = status_at(conn, SubjectKind::Agreements, keys, day)?;
        for row in &mut rows {
            let then = held.get(&row.id);
            if let Some(status) = then.and_then(|(status, _)| LegalStatus::parse(status).ok()) {
                row.status = status;
            }
        }
    }
    Ok(rows)
}

/// The agreement of this internal key.
pub fn by_key(conn: &mut DbConn, key: i64) -> QueryResult<AgreementRow> {
    agreements::table
        .find(key)
        .select(columns_of::<AgreementRow>())
        .first(conn)
}

/// When the agreement of this internal key was signed, as far as is known.
pub fn signed_on(conn: &mut DbConn, key: i64) -> QueryResult<Option<Edtf>> {
    agreements::table
        .find(key)
        .select(agreements::signed_on)
        .first(conn)
}

/// What follows from the events alone, as columns of the agreement.
#[derive(Debug, Insertable, AsChangeset)]
#[diesel(table_name = agreements, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Standing<'a> {
    pub(crate) status: LegalStatus,
    pub(crate) status_since: &'a Edtf,
    pub(crate) pending_notice_given_on: Option<&'a Edtf>,
    pub(crate) pending_effective_on: Option<&'a Edtf>,
    pub(crate) said_term: Json<Term>,
    pub(crate) quality_flags: Json<Vec<QualityFlag>>,
}

/// Records an agreement by itself; parties, links, events and periods come next.
pub fn insert(
    conn: &mut DbConn,
    ctx: &Ctx,
    new: &NewAgreement,
    resolved: &Resolved,
    rev: i64,
    standing: Standing<'_>,
) -> QueryResult<AgreementRow> {
    let id = PublicId::next(Kind::Agreement);
    let derived = Derived::of(new, resolved, rev);
    let own = (&new.content, resolved, &derived, &standing);
    diesel::insert_into(agreements::table)
        .values((inserted!(agreements, &id, ctx), own))
        .prepared()
        .execute(conn)?;
    Ok(stored_row!(agreements => AgreementRow, conn, ctx, id, {
        rev,
        content: new.content.clone(),
        sort_key: derived.sort_key,
        relationship: resolved.relationship,
        status: standing.status,
        status_since: standing.status_since.clone(),
        signed_asc: derived.days.signed_asc,
        signed_desc: derived.days.signed_desc,
        arose_from_id: resolved.arose_from,
        parent_id: resolved.parent,
        domestic: derived.domestic,
        pending_notice_given_on: standing.pending_notice_given_on.cloned(),
        pending_effective_on: standing.pending_effective_on.cloned(),
        quality_flags: standing.quality_flags,
        said_term: Some(standing.said_term),
    }))
}

/// Changes the agreement as it was read; `None` when somebody was faster.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &AgreementRow,
    new: &NewAgreement,
    resolved: &Resolved,
    rev: i64,
    base: &Base,
) -> QueryResult<Option<AgreementRow>> {
    let columns = (
        (&new.content, resolved, Derived::of(new, resolved, rev)),
        agreements::said_term.eq(Json(base.term.clone())),
    );
    let row = update_row!(agreements => AgreementRow, conn, ctx, before, columns)?;
    if let Some(row) = &row {
        parties::store(conn, row.id, &new.parties, base)?;
        links::store(conn, row.id, &resolved.supersedes)?;
    }
    Ok(row)
}

/// Counts a step of the lifecycle as a new version; `None` when somebody was faster.
pub fn raise_version(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &AgreementRow,
    rev: i64,
) -> QueryResult<Option<AgreementRow>> {
    let changed = diesel::update(agreements::table)
        .filter(agreements::id.eq(before.id))
        .filter(agreements::version.eq(before.version))
        .set((updated!(agreements, before, ctx), agreements::rev.eq(rev)))
        .execute(conn)?;
    // Every event comes by here, and `RETURNING` costs SQLite more than finding the row: see `insert_row`.
    (changed == 1).then(|| by_key(conn, before.id)).transpose()
}
