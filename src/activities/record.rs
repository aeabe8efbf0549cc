//! An activity among the kinds of records: what it is called, how it is kept, and what shows it.

use diesel::QueryResult;
use serde_json::Value;

use super::store::{self, ActivityRow, Detail};
use crate::changes::Ctx;
use crate::core::vocabulary::record::{Entity, KeyScope};
use crate::db::{DbConn, json};
use crate::http::problem::Problem;
use crate::records::Record;

/// Something partners do together.
#[derive(Debug)]
pub struct Activity;

impl Record for Activity {
    const ENTITY: Entity = Entity::Activity;
    const NAME: &'static str = "activity";
    const SCOPE: KeyScope = KeyScope::ActivitiesWrite;
    type Row = ActivityRow;

    fn logged(conn: &mut DbConn, row: &ActivityRow) -> QueryResult<Value> {
        shown(conn, row, Detail::Listed)
    }

    fn item(conn: &mut DbConn, _: &Ctx, row: &ActivityRow) -> Result<Value, Problem> {
        Ok(shown(conn, row, Detail::Item)?)
    }
}

fn shown(conn: &mut DbConn, row: &ActivityRow, detail: Detail) -> QueryResult<Value> {
    json::only(&store::views(conn, vec![row.clone()], None, &[], detail)?)
}
