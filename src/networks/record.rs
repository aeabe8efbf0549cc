//! A network among the kinds of records: what it is called, how it is kept, and what shows it.

use diesel::QueryResult;

use super::store::NetworkRow;
use crate::changes::records as heads;
use crate::db::DbConn;
use crate::record;

record! {
    /// A network of partners.
    Network: "network", NetworksWrite => NetworkRow {
        fn mark_dependents_changed(conn: &mut DbConn, row: &NetworkRow, rev: i64) -> QueryResult<()> {
            heads::mark_network_changed(conn, row.id, rev)
        }
    }
}
