//! Rows of memberships.

use diesel::prelude::*;

use super::types::Office;
use crate::changes::{self, Ctx};
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::lifecycle::MembershipStatus;
use crate::core::vocabulary::record::{QualityFlag, RecordState};
use crate::db::condition::{Condition, published};
use crate::db::schema::memberships;
use crate::db::{DbConn, Json, columns_of};
use crate::http::listing::date_keys;
use crate::networks::lifecycle::story::Facts;
use crate::records::Columns;
use crate::{insert_row, record_row, update_row};

record_row! {
    /// A membership as it is stored.
    memberships => MembershipRow {
        #[diesel(embed)]
        sides: Sides,
        #[diesel(embed)]
        own: Own,
        #[diesel(embed)]
        facts: Facts,
        status: MembershipStatus,
        status_since: Edtf,
        admitted_asc: String,
        admitted_desc: String,
        /// What the record says by itself; none in one of a release that did not keep it apart.
        said: Option<Json<Facts>>,
        quality_flags: Json<Vec<QualityFlag>>,
    }
}

impl Columns for MembershipRow {
    fn own_sort_value(&self, _: &str, descending: bool) -> String {
        if descending {
            self.admitted_desc.clone()
        } else {
            self.admitted_asc.clone()
        }
    }
}

/// Between whom a membership is, by internal keys.
#[derive(Debug, Clone, Copy, Queryable, Selectable, Insertable)]
#[diesel(table_name = memberships, treat_none_as_default_value = false)]
pub struct Sides {
    pub(crate) partner_id: i64,
    pub(crate) network_id: i64,
}

/// What a membership says beside its class and its dates.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = memberships, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Own {
    pub(crate) section: String,
    pub(crate) via_partner_id: Option<i64>,
    pub(crate) offices: Json<Vec<Office>>,
}

/// What can change about a membership: its own fields, and those its events decide.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = memberships, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Content {
    #[diesel(embed)]
    pub(crate) own: Own,
    #[diesel(embed)]
    pub(crate) facts: Facts,
    pub(crate) status: MembershipStatus,
    pub(crate) status_since: Edtf,
    /// What the record says by itself, as it is stored.
    pub(crate) said: Option<Json<Facts>>,
    pub(crate) quality_flags: Json<Vec<QualityFlag>>,
}

/// What follows from the content, as columns of the membership.
#[derive(Debug, Insertable, AsChangeset)]
#[diesel(table_name = memberships, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Derived {
    live: bool,
    admitted_asc: String,
    admitted_desc: String,
    rev: i64,
}

impl Derived {
    /// A membership guards against another one unless it is a draft.
    fn of(content: &Content, state: RecordState, rev: i64) -> Self {
        let (admitted_asc, admitted_desc) = date_keys(content.facts.admitted_on.as_ref());
        Self {
            live: content.status.is_live() && state == RecordState::Published,
            admitted_asc,
            admitted_desc,
            rev,
        }
    }
}

/// The published memberships of a network for which this holds (SQL), in the order of recording.
fn of_network(conn: &mut DbConn, network: i64, which: &str) -> QueryResult<Vec<MembershipRow>> {
    memberships::table
        .filter(memberships::network_id.eq(network))
        .filter(Condition::new(published("memberships")).sql(which))
        .order(memberships::id)
        .select(columns_of::<MembershipRow>())
        .load(conn)
}

/// The live memberships of a network, in the order of recording.
pub fn live_of_network(conn: &mut DbConn, network: i64) -> QueryResult<Vec<MembershipRow>> {
    of_network(conn, network, " AND memberships.live = TRUE")
}

/// The published memberships of a network that have ended.
pub fn ended_of_network(conn: &mut DbConn, network: i64) -> QueryResult<Vec<MembershipRow>> {
    of_network(conn, network, " AND memberships.status = 'ended'")
}

/// Another live membership of this partner, network and section than that of this internal key, if it has one.
pub fn live_duplicate(
    conn: &mut DbConn,
    own: Option<i64>,
    of: Sides,
    section: &str,
) -> QueryResult<Option<PublicId>> {
    memberships::table
        .filter(memberships::partner_id.eq(of.partner_id))
        .filter(memberships::network_id.eq(of.network_id))
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
    of: Sides,
    content: &Content,
) -> QueryResult<MembershipRow> {
    let id = PublicId::next(Kind::Membership);
    let rev = changes::next_revision(conn)?;
    let columns = (of, content, Derived::of(content, ctx.state, rev));
    insert_row!(memberships => MembershipRow, conn, ctx, &id, columns)
}

/// Writes what the events of a membership made of it; its version stays, and so does its revision unless
/// it is shown otherwise.
pub fn store_fold(conn: &mut DbConn, row: &MembershipRow, content: &Content) -> QueryResult<()> {
    diesel::update(memberships::table.find(row.id))
        .set((content, Derived::of(content, row.record_state, row.rev)))
        .execute(conn)
        .map(drop)
}

/// Changes the membership as it was read; `None` when somebody was faster.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &MembershipRow,
    content: &Content,
) -> QueryResult<Option<MembershipRow>> {
    let rev = changes::next_revision(conn)?;
    let columns = (content, Derived::of(content, ctx.state, rev));
    update_row!(memberships => MembershipRow, conn, ctx, before, columns)
}

/// Lets a membership guard against another one, or nothing any more.
pub fn set_live(conn: &mut DbConn, key: i64, live: bool) -> QueryResult<()> {
    diesel::update(memberships::table.find(key))
        .set(memberships::live.eq(live))
        .execute(conn)
        .map(drop)
}
