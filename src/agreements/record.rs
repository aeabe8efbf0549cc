//! An agreement among the kinds of records: what it is called, how it is kept, and what shows it.

use diesel::QueryResult;
use serde_json::Value;

use super::store::AgreementRow;
use super::view;
use crate::changes::Ctx;
use crate::core::vocabulary::record::{Entity, KeyScope};
use crate::db::DbConn;
use crate::http::problem::Problem;
use crate::records::Record;

/// What partners have agreed, or mean to.
#[derive(Debug)]
pub struct Agreement;

impl Record for Agreement {
    const ENTITY: Entity = Entity::Agreement;
    const NAME: &'static str = "agreement";
    const SCOPE: KeyScope = KeyScope::AgreementsWrite;
    type Row = AgreementRow;

    fn logged(conn: &mut DbConn, row: &AgreementRow) -> QueryResult<Value> {
        view::value(conn, row, false)
    }

    fn item(conn: &mut DbConn, _: &Ctx, row: &AgreementRow) -> Result<Value, Problem> {
        Ok(view::item_value(conn, row)?)
    }
}
