//! Rows of agreements.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::duplicates;
use super::events::life::Life;
use super::lifecycle::story::Base;
use super::links;
use super::parties;
use super::rules::{self, NewAgreement};
use crate::changes::Ctx;
use crate::core::author::Author;
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::period::Period;
use crate::core::text;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::agreement::{
    ActivityLevel, DurationKind, EntryIntoForce, InstrumentType, RelationshipType, Renewal, Scope,
    StatusBasis,
};
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::core::vocabulary::record::{QualityFlag, RecordState};
use crate::db::prepared::Prepare as _;
use crate::db::schema::agreements;
use crate::db::{DbConn, json, keyset};
use crate::http::listing::{Listed, date_keys};
use crate::lifecycle::SubjectKind;
use crate::lifecycle::lives::Lives;
use crate::lifecycle::periods::status_at;
use crate::partners::reference::Known;
use crate::{inserted, record_row, updated};

/// An agreement as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = agreements)]
pub struct AgreementRow {
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
    pub(crate) title: String,
    pub(crate) sort_key: String,
    pub(crate) relationship: RelationshipType,
    pub(crate) instrument: InstrumentType,
    pub(crate) scope: Scope,
    pub(crate) fields: String,
    pub(crate) status: LegalStatus,
    pub(crate) status_since: Edtf,
    pub(crate) status_basis: StatusBasis,
    pub(crate) activity_level: ActivityLevel,
    pub(crate) proposed_on: Option<Edtf>,
    pub(crate) approved_on: Option<Edtf>,
    pub(crate) signed_on: Option<Edtf>,
    pub(crate) signed_asc: String,
    pub(crate) signed_desc: String,
    pub(crate) in_force_on: Option<Edtf>,
    pub(crate) signed_at: Option<String>,
    pub(crate) entry_into_force: EntryIntoForce,
    pub(crate) duration: DurationKind,
    pub(crate) valid_until: Option<Edtf>,
    pub(crate) term: Option<Period>,
    pub(crate) renewal: Option<Renewal>,
    pub(crate) renewal_period: Option<Period>,
    pub(crate) notice_period: Option<Period>,
    pub(crate) languages: String,
    pub(crate) purpose: String,
    pub(crate) arose_from_id: Option<i64>,
    pub(crate) parent_id: Option<i64>,
    pub(crate) registrations: String,
    pub(crate) last_confirmed_on: Option<NaiveDate>,
    pub(crate) domestic: bool,
    pub(crate) pending_notice_given_on: Option<Edtf>,
    pub(crate) pending_effective_on: Option<Edtf>,
    pub(crate) quality_flags: String,
    /// The term as it was said, which renewals go on from; none in a record of a release that did not
    /// keep it apart.
    pub(crate) said_term: Option<String>,
}

impl AgreementRow {
    /// The strong validator of the item.
    pub fn etag(&self) -> String {
        format!("\"{}-{}\"", self.version, self.rev)
    }
}

impl Listed for AgreementRow {
    fn id(&self) -> i64 {
        self.id
    }

    fn public_id(&self) -> &PublicId {
        &self.public_id
    }

    fn sort_value(&self, key: &str, descending: bool) -> String {
        match key {
            "signed_on" if descending => self.signed_desc.clone(),
            "signed_on" => self.signed_asc.clone(),
            "status" => self.status.to_string(),
            "created_at" => keyset::time(self.created_at),
            "updated_at" => keyset::time(self.updated_at),
            _ => self.sort_key.clone(),
        }
    }
}

/// What ties an agreement to other records, resolved.
#[derive(Debug, Clone)]
pub struct Resolved {
    pub(crate) parties: Vec<Known>,
    pub(crate) relationship: RelationshipType,
    pub(crate) arose_from: Option<i64>,
    pub(crate) parent: Option<i64>,
    pub(crate) supersedes: Vec<i64>,
    /// The lives of the parties.
    pub(crate) lives: Lives,
}

impl Resolved {
    /// The set of parties as one text.
    pub fn party_key(&self) -> String {
        duplicates::party_key(self.parties.iter().map(|known| known.key).collect())
    }
}

/// The columns an agreement's own values are written with.
#[derive(Debug, Insertable, AsChangeset)]
#[diesel(table_name = agreements, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Fields<'a> {
    rev: i64,
    title: String,
    sort_key: String,
    relationship: RelationshipType,
    instrument: InstrumentType,
    scope: Scope,
    fields: String,
    status_basis: StatusBasis,
    activity_level: ActivityLevel,
    proposed_on: Option<&'a Edtf>,
    approved_on: Option<&'a Edtf>,
    signed_on: Option<&'a Edtf>,
    signed_earliest: Option<NaiveDate>,
    signed_latest: Option<NaiveDate>,
    signed_asc: String,
    signed_desc: String,
    in_force_on: Option<&'a Edtf>,
    signed_at: Option<&'a str>,
    entry_into_force: EntryIntoForce,
    duration: DurationKind,
    valid_until: Option<&'a Edtf>,
    valid_until_earliest: Option<NaiveDate>,
    valid_until_latest: Option<NaiveDate>,
    term: Option<&'a Period>,
    renewal: Option<Renewal>,
    renewal_period: Option<&'a Period>,
    notice_period: Option<&'a Period>,
    languages: String,
    purpose: String,
    arose_from_id: Option<i64>,
    parent_id: Option<i64>,
    registrations: String,
    last_confirmed_on: Option<NaiveDate>,
    domestic: bool,
    institutional: bool,
    party_key: String,
}

impl<'a> Fields<'a> {
    fn new(new: &'a NewAgreement, resolved: &Resolved, rev: i64) -> QueryResult<Self> {
        let partners = || resolved.parties.iter().map(|known| &known.partner);
        let names: Vec<&str> = partners().map(|partner| partner.name.as_str()).collect();
        let shown = new.title.values().next().cloned();
        let shown = shown.unwrap_or_else(|| rules::usual_title(&names, new.signed_on.as_ref()));
        let (signed_asc, signed_desc) = date_keys(new.signed_on.as_ref());
        let first_country = partners().next().map(|partner| partner.country);
        Ok(Self {
            rev,
            title: json::text(&new.title)?,
            sort_key: text::sort_key(&shown),
            relationship: resolved.relationship,
            instrument: new.instrument,
            scope: new.scope,
            fields: json::text(&new.fields)?,
            status_basis: new.status_basis,
            activity_level: new.activity_level,
            proposed_on: new.proposed_on.as_ref(),
            approved_on: new.approved_on.as_ref(),
            signed_on: new.signed_on.as_ref(),
            signed_earliest: new.signed_on.as_ref().and_then(Edtf::earliest),
            signed_latest: new.signed_on.as_ref().and_then(Edtf::latest),
            signed_asc,
            signed_desc,
            in_force_on: new.in_force_on.as_ref(),
            signed_at: new.signed_at.as_deref(),
            entry_into_force: new.entry_into_force,
            duration: new.duration,
            valid_until: new.valid_until.as_ref(),
            valid_until_earliest: new.valid_until.as_ref().and_then(Edtf::earliest),
            valid_until_latest: new.valid_until.as_ref().and_then(Edtf::latest),
            term: new.term.as_ref(),
            renewal: new.renewal,
            renewal_period: new.renewal_period.as_ref(),
            notice_period: new.notice_period.as_ref(),
            languages: json::text(&new.languages)?,
            purpose: json::text(&new.purpose)?,
            arose_from_id: resolved.arose_from,
            parent_id: resolved.parent,
            registrations: json::text(&new.registrations)?,
            last_confirmed_on: new.last_confirmed_on,
            domestic: partners().all(|partner| Some(partner.country) == first_country),
            institutional: partners().all(|partner| partner.kind.is_institution()),
            party_key: resolved.party_key(),
        })
    }
}

record_row!(agreements => AgreementRow);

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
        .select(AgreementRow::as_select())
        .first(conn)
}

/// What an agreement is when it is recorded.
#[derive(Debug, Clone, Copy)]
pub struct Opening<'a> {
    /// The status.
    pub status: LegalStatus,
    /// Since when.
    pub since: &'a Edtf,
    /// When notice was given and the end that is planned.
    pub pending: (Option<&'a Edtf>, Option<&'a Edtf>),
    /// What could be better about the record, as far as it is known yet.
    pub flags: &'a [QualityFlag],
    /// Its events and what they amount to.
    pub life: &'a Life,
}

/// Records an agreement with its parties and links; events and periods come next.
pub fn insert(
    conn: &mut DbConn,
    ctx: &Ctx,
    new: &NewAgreement,
    resolved: &Resolved,
    rev: i64,
    opening: Opening<'_>,
) -> QueryResult<AgreementRow> {
    let id = PublicId::random(Kind::Agreement);
    let row: AgreementRow = diesel::insert_into(agreements::table)
        .values((
            inserted!(agreements, &id, ctx),
            Fields::new(new, resolved, rev)?,
            (
                agreements::status.eq(opening.status),
                agreements::status_since.eq(opening.since),
                agreements::pending_notice_given_on.eq(opening.pending.0),
                agreements::pending_effective_on.eq(opening.pending.1),
                agreements::quality_flags.eq(json::text(&opening.flags)?),
                agreements::said_term.eq(json::text(&opening.life.base.term)?),
            ),
        ))
        .returning(crate::db::returning::<AgreementRow>())
        .prepared()
        .get_result(conn)?;
    parties::add(conn, row.id, &new.parties, opening.life)?;
    links::store_new(conn, row.id, &resolved.supersedes)?;
    Ok(row)
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
    let row: Option<AgreementRow> = diesel::update(agreements::table)
        .filter(agreements::id.eq(before.id))
        .filter(agreements::version.eq(before.version))
        .set((
            updated!(agreements, before, ctx),
            Fields::new(new, resolved, rev)?,
            agreements::said_term.eq(json::text(&base.term)?),
        ))
        .returning(crate::db::returning::<AgreementRow>())
        .get_result(conn)
        .optional()?;
    if let Some(row) = &row {
        parties::store(conn, row.id, &new.parties, base)?;
        links::store(conn, row.id, &resolved.supersedes)?;
    }
    Ok(row)
}

/// Counts a step of the lifecycle as a new version; `false` when somebody was faster.
pub fn raise_version(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &AgreementRow,
    rev: i64,
) -> QueryResult<bool> {
    let changed = diesel::update(agreements::table)
        .filter(agreements::id.eq(before.id))
        .filter(agreements::version.eq(before.version))
        .set((updated!(agreements, before, ctx), agreements::rev.eq(rev)))
        .execute(conn)?;
    Ok(changed == 1)
}
