//! The persons behind changes: named to their own office and to registrars, to nobody else.

use std::collections::HashMap;

use diesel::prelude::*;

use super::meta::{Meta, Person};
use crate::core::ids::{Kind, PublicId};
use crate::db::DbConn;
use crate::db::schema::{api_keys, changes, users};
use crate::http::extract::Viewer;

/// The persons of these ids.
pub fn named<'a>(
    conn: &mut DbConn,
    ids: impl IntoIterator<Item = &'a PublicId>,
) -> QueryResult<HashMap<PublicId, Person>> {
    let (people, keys): (Vec<&PublicId>, Vec<&PublicId>) =
        ids.into_iter().partition(|id| id.kind() == Kind::User);
    let mut all: Vec<(PublicId, String)> = Vec::new();
    macro_rules! add {
        ($table:ident, $ids:expr) => {
            if !$ids.is_empty() {
                let named = $table::table
                    .filter($table::public_id.eq_any($ids))
                    .select(($table::public_id, $table::name));
                all.extend(named.load::<(PublicId, String)>(conn)?);
            }
        };
    }
    add!(users, people);
    add!(api_keys, keys);
    let persons = all.into_iter();
    Ok(persons
        .map(|(id, name)| (id.clone(), Person { id, name }))
        .collect())
}

/// Names who made a record and who last changed it, to a viewer who may know.
pub fn name_authors(
    conn: &mut DbConn,
    viewer: &Viewer,
    record: &PublicId,
    meta: &mut Meta,
) -> QueryResult<()> {
    let created = viewer.is_staff() && viewer.is_colleague_of(&meta.created_by);
    let updated = viewer.is_staff() && viewer.is_colleague_of(&meta.updated_by);
    if !created && !updated {
        return Ok(());
    }
    let of_version = |conn: &mut DbConn, told: bool, version: i32| -> QueryResult<_> {
        if !told {
            return Ok(None);
        }
        changes::table
            .filter(changes::record.eq(record))
            .filter(changes::version.eq(version))
            .order(changes::seq)
            .select(changes::person)
            .first::<Option<PublicId>>(conn)
            .optional()
            .map(Option::flatten)
    };
    let first = of_version(conn, created, 1)?;
    let last = of_version(conn, updated, meta.version)?;
    let names = named(conn, first.iter().chain(&last))?;
    let person = |id: Option<PublicId>| names.get(&id?).cloned();
    meta.created_by_person = person(first);
    meta.updated_by_person = person(last);
    Ok(())
}
