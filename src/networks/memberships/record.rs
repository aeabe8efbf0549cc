//! A membership among the kinds of records: what it is called, how it is kept, and what shows it.

use diesel::QueryResult;
use serde_json::Value;

use super::store::MembershipRow;
use super::view::{self, Detail};
use crate::changes::Ctx;
use crate::core::vocabulary::record::{Entity, KeyScope};
use crate::db::DbConn;
use crate::http::problem::Problem;
use crate::records::Record;

/// A partner's membership of a network.
#[derive(Debug)]
pub struct Membership;

impl Record for Membership {
    const ENTITY: Entity = Entity::Membership;
    const NAME: &'static str = "membership";
    const SCOPE: KeyScope = KeyScope::MembershipsWrite;
    type Row = MembershipRow;

    fn logged(conn: &mut DbConn, row: &MembershipRow) -> QueryResult<Value> {
        view::value(conn, row, Detail::Listed)
    }

    fn item(conn: &mut DbConn, _: &Ctx, row: &MembershipRow) -> Result<Value, Problem> {
        Ok(view::value(conn, row, Detail::Item)?)
    }
}
