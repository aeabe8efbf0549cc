//! A network among the kinds of records: what it is called, how it is kept, and what shows it.

use diesel::QueryResult;

use super::store::NetworkRow;
use crate::changes::records as heads;
use crate::core::vocabulary::record::{Entity, KeyScope};
use crate::db::DbConn;
use crate::records::Record;

/// A network of partners.
#[derive(Debug)]
pub struct Network;

impl Record for Network {
    const ENTITY: Entity = Entity::Network;
    const NAME: &'static str = "network";
    const SCOPE: KeyScope = KeyScope::NetworksWrite;
    type Row = NetworkRow;

    fn mark_dependents_changed(conn: &mut DbConn, row: &NetworkRow, rev: i64) -> QueryResult<()> {
        heads::mark_network_changed(conn, row.id, rev)
    }
}
