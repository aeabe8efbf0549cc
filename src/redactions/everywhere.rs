//! Every record in which a person stands.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::places;
use crate::core::ids::PublicId;
use crate::core::person::Person;
use crate::db::DbConn;
use crate::db::condition::{Condition, query};
use crate::http::listing::ids_sql;

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Text)]
    public_id: PublicId,
}

/// The public ids of the records in which the person stands. It reads every place of every record:
/// neither engine could compare names as they are compared here.
pub(super) fn find(conn: &mut DbConn, person: &Person) -> QueryResult<Vec<PublicId>> {
    let mut all = Vec::new();
    for kind in places::kinds() {
        let mut keys = BTreeSet::new();
        for place in places::of_kind(kind) {
            keys.extend(place.records_of(conn, person)?);
        }
        let Some(table) = places::table(kind).filter(|_| !keys.is_empty()) else {
            continue;
        };
        let those = Condition::new(format!("SELECT public_id FROM {table} WHERE id IN "))
            .sql(ids_sql(keys.into_iter()))
            .sql(" ORDER BY id");
        let ids: Vec<Id> = query(conn, those)?;
        all.extend(ids.into_iter().map(|row| row.public_id));
    }
    Ok(all)
}
