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
use crate::db::{DbConn, Json};
use crate::http::listing::date_keys;
use crate::networks::lifecycle::story::Facts;
use crate::records::Columns;
use crate::{insert_row, record_row, update_row};

record_row! {
    /// A membership as it is stored.
    memberships => MembershipRow {
        partner_id: i64,
        network_id: i64,
        class: Option<String>,
        section: String,
        via_partner_id: Option<i64>,
        status: MembershipStatus,
        status_since: Edtf,
        applied_on: Option<Edtf>,
        admitted_on: Option<Edtf>,
        admitted_asc: String,
        admitted_desc: String,
        ended_on: Option<Edtf>,
        offices: Json<Vec<Office>>,
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

/// What a membership says beside its class and its dates.
#[derive(Debug, Clone, Insertable, AsChangeset)]
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

/// The published memberships of a network that have ended.
pub fn ended_of_network(conn: &mut DbConn, network: i64) -> QueryResult<Vec<MembershipRow>> {
    memberships::table
        .filter(memberships::network_id.eq(network))
        .filter(Condition::new(published("memberships")))
        .filter(memberships::status.eq(MembershipStatus::Ended))
        .order(memberships::id)
        .select(MembershipRow::as_select())
        .load(conn)
}

/// Between whom a membership is, by internal keys, and its own key unless it is new.
#[derive(Debug, Clone, Copy)]
pub struct Sides {
    pub(crate) own: Option<i64>,
    pub(crate) partner: i64,
    pub(crate) network: i64,
}

impl MembershipRow {
    /// What it says beside its class and its dates.
    pub fn own(&self) -> Own {
        Own {
            section: self.section.clone(),
            via_partner_id: self.via_partner_id,
            offices: self.offices.clone(),
        }
    }

    /// Its class and its dates.
    pub fn facts(&self) -> Facts {
        Facts {
            class: self.class.clone(),
            applied_on: self.applied_on.clone(),
            admitted_on: self.admitted_on.clone(),
            ended_on: self.ended_on.clone(),
        }
    }

    /// Between whom it is.
    pub fn sides(&self) -> Sides {
        Sides {
            own: Some(self.id),
            partner: self.partner_id,
            network: self.network_id,
        }
    }
}

/// Another live membership of this partner, network and section.
pub fn live_duplicate(
    conn: &mut DbConn,
    of: Sides,
    section: &str,
) -> QueryResult<Option<PublicId>> {
    memberships::table
        .filter(memberships::partner_id.eq(of.partner))
        .filter(memberships::network_id.eq(of.network))
        .filter(memberships::section.eq(section))
        .filter(memberships::live.eq(true))
        .filter(memberships::id.ne(of.own.unwrap_or_default()))
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
    let columns = (
        memberships::partner_id.eq(of.partner),
        memberships::network_id.eq(of.network),
        content,
        Derived::of(content, ctx.state, rev),
    );
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
