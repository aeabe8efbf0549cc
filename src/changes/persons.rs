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
    if !people.is_empty() {
        all = users::table
            .filter(users::public_id.eq_any(people))
            .select((users::public_id, users::name))
            .load(conn)?;
    }
    if !keys.is_empty() {
        let keys: Vec<(PublicId, String)> = api_keys::table
            .filter(api_keys::public_id.eq_any(keys))
            .select((api_keys::public_id, api_keys::name))
            .load(conn)?;
        all.extend(keys);
    }
    Ok(all
        .into_iter()
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
    let of_version = |conn: &mut DbConn, version: i32| -> QueryResult<Option<PublicId>> {
        changes::table
            .filter(changes::record.eq(record))
            .filter(changes::version.eq(version))
            .order(changes::seq)
            .select(changes::person)
            .first(conn)
            .optional()
            .map(Option::flatten)
    };
    let first = if created { of_version(conn, 1)? } else { None };
    let last = if updated {
        of_version(conn, meta.version)?
    } else {
        None
    };
    let names = named(conn, first.iter().chain(&last))?;
    let person = |id: Option<PublicId>| id.and_then(|id| names.get(&id).cloned());
    meta.created_by_person = person(first);
    meta.updated_by_person = person(last);
    Ok(())
}
