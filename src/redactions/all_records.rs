//! Every record in which a person stands.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::{columns, history, parts};
use crate::core::ids::PublicId;
use crate::core::person::Person;
use crate::db::DbConn;
use crate::db::condition::{Condition, ids_sql, rows};

/// The public ids of the records in which the person stands. It reads every place of every record:
/// neither engine could compare names as they are compared here.
pub(super) fn find(conn: &mut DbConn, person: &Person) -> QueryResult<Vec<PublicId>> {
    let mut all = Vec::new();
    for (kind, table) in columns::tables() {
        let mut keys = BTreeSet::new();
        for place in columns::of_kind(kind) {
            keys.extend(place.records_of(conn, person)?);
        }
        if keys.is_empty() {
            continue;
        }
        let those = Condition::new(format!("SELECT public_id FROM {table} WHERE id IN "))
            .sql(ids_sql(keys.into_iter()))
            .sql(" ORDER BY id");
        all.extend(rows::<Text, PublicId>(conn, those)?);
    }
    for id in said_of(conn, person)? {
        if columns::table(id.kind()).is_some() && !all.contains(&id) {
            all.push(id);
        }
    }
    Ok(all)
}

/// What is kept beside records, as a key, the record's public id and a text.
const BESIDE: &[(&str, &str, &str, &str)] = &[
    (
        "changes",
        "seq",
        "record",
        "patch || ' ' || COALESCE(reason, '')",
    ),
    (
        "citations",
        "id",
        "record",
        "COALESCE(stated_value, '') || ' ' || COALESCE(quote, '')",
    ),
    (
        "suggestions",
        "id",
        "target",
        "COALESCE(payload, '') || ' ' || COALESCE(preview, '') || ' ' || COALESCE(message, '') \
         || ' ' || COALESCE(note, '') || ' ' || COALESCE(evidence_url, '')",
    ),
    (
        "partner_relations",
        "id",
        "(SELECT p.public_id FROM partners p WHERE p.id = from_id)",
        "COALESCE(note, '')",
    ),
    (
        "documents",
        "id",
        "COALESCE((SELECT x.public_id FROM agreements x WHERE x.id = agreement_id), \
         (SELECT x.public_id FROM memberships x WHERE x.id = membership_id), \
         (SELECT x.public_id FROM activities x WHERE x.id = activity_id), '')",
        "COALESCE(title, '') || ' ' || COALESCE(file_name, '') || ' ' || \
         COALESCE(external_url, '') || ' ' || COALESCE(withdrawn_reason, '')",
    ),
];

/// The records of which something kept beside them names the person.
fn said_of(conn: &mut DbConn, person: &Person) -> QueryResult<BTreeSet<PublicId>> {
    /// Texts read at once.
    const PAGE: usize = 2_000;
    let mut found = BTreeSet::new();
    for (table, key, record, text) in BESIDE {
        let behind = format!(
            "SELECT {key} AS key, {record} AS record, {text} AS text FROM {table} \
             WHERE {key} > ? ORDER BY {key} LIMIT {PAGE}"
        );
        let mut after: i64 = 0;
        loop {
            let page = Condition::of(&behind, [after.into()]);
            let texts = rows::<(BigInt, Text, Text), (i64, String, String)>(conn, page)?;
            for (_, record, text) in &texts {
                if person.stands_in(text)
                    && let Ok(id) = record.parse()
                    // A whole entry shows what is told with others, and how they are called.
                    && (*table != "changes"
                        || history::says(text, parts::own_members(&id), person))
                {
                    found.extend(parts::owner(conn, &id)?);
                }
            }
            match texts.last() {
                Some((last, ..)) if texts.len() == PAGE => after = *last,
                _ => break,
            }
        }
    }
    Ok(found)
}
