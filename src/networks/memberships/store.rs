//! Rows of memberships.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::types::Office;
use crate::changes::{self, Ctx};
use crate::core::author::Author;
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::lifecycle::MembershipStatus;
use crate::core::vocabulary::record::{QualityFlag, RecordState};
use crate::db::condition::{Condition, published};
use crate::db::prepared::Prepare as _;
use crate::db::schema::memberships;
use crate::db::{DbConn, json, keyset};
use crate::http::listing::{Listed, date_keys};
use crate::{inserted, record_row, updated};

/// A membership as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = memberships)]
pub struct MembershipRow {
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
    pub(crate) partner_id: i64,
    pub(crate) network_id: i64,
    pub(crate) class: Option<String>,
    pub(crate) section: String,
    pub(crate) via_partner_id: Option<i64>,
    pub(crate) status: MembershipStatus,
    pub(crate) status_since: Edtf,
    pub(crate) applied_on: Option<Edtf>,
    pub(crate) admitted_on: Option<Edtf>,
    pub(crate) admitted_asc: String,
    pub(crate) admitted_desc: String,
    pub(crate) ended_on: Option<Edtf>,
    pub(crate) offices: String,
    /// What the record says by itself; none in one of a release that did not keep it apart.
    pub(crate) said: Option<String>,
    pub(crate) quality_flags: String,
}

impl MembershipRow {
    pub(super) fn etag(&self) -> String {
        format!("\"{}-{}\"", self.version, self.rev)
    }
}

impl Listed for MembershipRow {
    fn id(&self) -> i64 {
        self.id
    }

    fn public_id(&self) -> &PublicId {
        &self.public_id
    }

    fn sort_value(&self, key: &str, descending: bool) -> String {
        match (key, descending) {
            ("admitted_on", false) => self.admitted_asc.clone(),
            ("admitted_on", true) => self.admitted_desc.clone(),
            ("updated_at", _) => keyset::time(self.updated_at),
            _ => keyset::time(self.created_at),
        }
    }
}

/// What can change about a membership: its own fields, and those its events decide.
#[derive(Debug, Clone)]
pub struct Content {
    pub(crate) class: Option<String>,
    pub(crate) section: String,
    pub(crate) via: Option<i64>,
    pub(crate) applied_on: Option<Edtf>,
    pub(crate) admitted_on: Option<Edtf>,
    pub(crate) ended_on: Option<Edtf>,
    pub(crate) offices: Vec<Office>,
    pub(crate) status: MembershipStatus,
    pub(crate) status_since: Edtf,
    /// What the record says by itself, as it is stored.
    pub(crate) said: Option<String>,
    pub(crate) flags: Vec<QualityFlag>,
}

impl Content {
    /// As it is stored.
    pub fn of(row: &MembershipRow) -> QueryResult<Self> {
        Ok(Self {
            class: row.class.clone(),
            section: row.section.clone(),
            via: row.via_partner_id,
            applied_on: row.applied_on.clone(),
            admitted_on: row.admitted_on.clone(),
            ended_on: row.ended_on.clone(),
            offices: json::value(&row.offices)?,
            status: row.status,
            status_since: row.status_since.clone(),
            said: row.said.clone(),
            flags: json::value(&row.quality_flags)?,
        })
    }
}

/// The columns a membership is written with.
#[derive(Debug, Insertable, AsChangeset)]
#[diesel(table_name = memberships, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Fields<'a> {
    class: Option<&'a str>,
    section: &'a str,
    via_partner_id: Option<i64>,
    status: MembershipStatus,
    status_since: &'a Edtf,
    live: bool,
    applied_on: Option<&'a Edtf>,
    admitted_on: Option<&'a Edtf>,
    admitted_asc: String,
    admitted_desc: String,
    ended_on: Option<&'a Edtf>,
    offices: String,
    said: Option<&'a str>,
    quality_flags: String,
    rev: i64,
}

impl<'a> Fields<'a> {
    fn new(content: &'a Content, live: bool, rev: i64) -> QueryResult<Self> {
        let (admitted_asc, admitted_desc) = date_keys(content.admitted_on.as_ref());
        Ok(Self {
            class: content.class.as_deref(),
            section: &content.section,
            via_partner_id: content.via,
            status: content.status,
            status_since: &content.status_since,
            live,
            applied_on: content.applied_on.as_ref(),
            admitted_on: content.admitted_on.as_ref(),
            admitted_asc,
            admitted_desc,
            ended_on: content.ended_on.as_ref(),
            offices: json::text(&content.offices)?,
            said: content.said.as_deref(),
            quality_flags: json::text(&content.flags)?,
            rev,
        })
    }
}

record_row!(memberships => MembershipRow);

/// The live memberships of a network, in the order of recording.
pub fn live_of_network(conn: &mut DbConn, network: i64) -> QueryResult<Vec<MembershipRow>> {
    memberships::table
        .filter(memberships::network_id.eq(network))
        .filter(Condition::new(published("memberships")))
        .filter(memberships::live.eq(true))
        .order(memberships::id)
        .select(MembershipRow::as_select())
        .load(conn)
}

/// Another live membership of this partner, network and section.
pub fn live_duplicate(
    conn: &mut DbConn,
    (own, partner, network): (Option<i64>, i64, i64),
    section: &str,
) -> QueryResult<Option<PublicId>> {
    memberships::table
        .filter(memberships::partner_id.eq(partner))
        .filter(memberships::network_id.eq(network))
        .filter(memberships::section.eq(section))
        .filter(memberships::live.eq(true))
        .filter(memberships::id.ne(own.unwrap_or_default()))
        .select(memberships::public_id)
        .first(conn)
        .optional()
}

/// Records a membership as its events have left it; they are stored next.
pub fn insert(
    conn: &mut DbConn,
    ctx: &Ctx,
    partner: i64,
    network: i64,
    content: &Content,
) -> QueryResult<MembershipRow> {
    let id = PublicId::random(Kind::Membership);
    let rev = changes::next_revision(conn)?;
    diesel::insert_into(memberships::table)
        .values((
            inserted!(memberships, &id, ctx),
            memberships::partner_id.eq(partner),
            memberships::network_id.eq(network),
            Fields::new(content, live(content, ctx.state), rev)?,
        ))
        .returning(crate::db::returning::<MembershipRow>())
        .prepared()
        .get_result(conn)
}

/// Whether a membership guards against another one: not while it is a draft.
fn live(content: &Content, state: RecordState) -> bool {
    content.status.is_live() && state == RecordState::Published
}

/// Writes what the events of a membership made of it; its version stays, and so does its revision unless
/// it is shown otherwise.
pub fn settle(
    conn: &mut DbConn,
    row: &MembershipRow,
    content: &Content,
) -> QueryResult<MembershipRow> {
    diesel::update(memberships::table.find(row.id))
        .set(Fields::new(
            content,
            live(content, row.record_state),
            row.rev,
        )?)
        .returning(crate::db::returning::<MembershipRow>())
        .get_result(conn)
}

/// Changes the membership as it was read; `None` when somebody was faster.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &MembershipRow,
    content: &Content,
) -> QueryResult<Option<MembershipRow>> {
    let rev = changes::next_revision(conn)?;
    diesel::update(memberships::table)
        .filter(memberships::id.eq(before.id))
        .filter(memberships::version.eq(before.version))
        .set((
            updated!(memberships, before, ctx),
            Fields::new(content, live(content, ctx.state), rev)?,
        ))
        .returning(crate::db::returning::<MembershipRow>())
        .get_result(conn)
        .optional()
}

/// Lets a withdrawn membership guard nothing any more.
pub fn release(conn: &mut DbConn, row: &MembershipRow) -> QueryResult<()> {
    diesel::update(memberships::table.find(row.id))
        .set(memberships::live.eq(false))
        .execute(conn)
        .map(|_| ())
}
