//! A partner among the kinds of records: what it is called, how it is kept, and what shows it.

use diesel::QueryResult;

use super::store::PartnerRow;
use crate::changes::records as heads;
use crate::db::DbConn;
use crate::lifecycle::agreement_listing;
use crate::record;

record! {
    /// A city, county, district, university or other body that has partners.
    Partner: "partner", PartnersWrite => PartnerRow {
        fn mark_dependents_changed(conn: &mut DbConn, row: &PartnerRow, rev: i64) -> QueryResult<()> {
            heads::mark_dependents_changed(conn, row.id, rev)?;
            agreement_listing::refresh_of_partner(conn, row.id)?;
            Ok(())
        }
    }
}
