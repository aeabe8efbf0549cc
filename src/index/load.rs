//! Reads names out of the database: of every record of a kind, or of those that have changed.

use std::collections::HashMap;
use std::sync::Arc;

use diesel::QueryResult;
use diesel::prelude::*;

use super::{CHUNK, Entry};
use crate::core::ids::Kind;
use crate::core::language::Translations;
use crate::core::text;
use crate::core::vocabulary::Code;
use crate::core::vocabulary::partner::PartnerKind;
use crate::core::vocabulary::record::Entity;
use crate::db::condition::Condition;
use crate::db::schema::{activities, agreements, names, networks, partners, sources};
use crate::db::{DbConn, Json};
use crate::published_rows;

/// Those of these records of this kind that are published.
pub(super) fn some(conn: &mut DbConn, kind: Kind, records: &[String]) -> QueryResult<Vec<Entry>> {
    let mut found = Vec::new();
    for chunk in records.chunks(CHUNK) {
        found.extend(entries(conn, kind, Some(chunk))?);
    }
    Ok(found)
}

/// The published records of this kind: all, or those of these.
pub(super) fn entries(
    conn: &mut DbConn,
    kind: Kind,
    records: Option<&[String]>,
) -> QueryResult<Vec<Entry>> {
    match kind {
        Kind::Partner => partner_entries(conn, records),
        Kind::Network => network_entries(conn, records),
        Kind::Agreement => agreement_entries(conn, records),
        Kind::Activity => activity_entries(conn, records),
        Kind::Source => source_entries(conn, records),
        _ => Ok(Vec::new()),
    }
}

/// The names of the records of this kind, or of some of them.
fn named(
    conn: &mut DbConn,
    kind: Kind,
    records: Option<&[String]>,
) -> QueryResult<HashMap<String, Vec<Arc<str>>>> {
    let prefix = kind.prefix();
    let mut query = names::table
        .order((names::record, names::position))
        .select((names::record, names::value))
        .into_boxed();
    query = match records {
        Some(records) => query.filter(names::record.eq_any(records)),
        None => query.filter(names::record.between(format!("{prefix}_"), format!("{prefix}_~"))),
    };
    let mut named: HashMap<String, Vec<Arc<str>>> = HashMap::new();
    for (record, value) in query.load::<(String, String)>(conn)? {
        named.entry(record).or_default().push(value.into());
    }
    Ok(named)
}

fn partner_entries(conn: &mut DbConn, records: Option<&[String]>) -> QueryResult<Vec<Entry>> {
    use partners as p;
    type Row = (i64, String, String, Option<i64>, String);
    let mut named = named(conn, Kind::Partner, records)?;
    let selected = (p::id, p::public_id, p::kind, p::population, p::sort_key);
    let rows = published_rows!(partners, records, selected).load::<Row>(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, record, kind, population, sort_key)| {
            let names = named.remove(&record).unwrap_or_default();
            Entry {
                institution: PartnerKind::parse(&kind).is_ok_and(PartnerKind::is_institution),
                population: population.unwrap_or(0),
                ..plain(Entity::Partner, id, record, sort_key, names)
            }
        })
        .collect())
}

fn network_entries(conn: &mut DbConn, records: Option<&[String]>) -> QueryResult<Vec<Entry>> {
    use networks as n;
    let mut named = named(conn, Kind::Network, records)?;
    let selected = (n::id, n::public_id, n::sort_key);
    let rows = published_rows!(networks, records, selected).load::<(i64, String, String)>(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, record, sort_key)| {
            let names = named.remove(&record).unwrap_or_default();
            plain(Entity::Network, id, record, sort_key, names)
        })
        .collect())
}

/// Agreements by their titles, where they have one; by the names of their parties [`super::ties`] finds them.
fn agreement_entries(conn: &mut DbConn, records: Option<&[String]>) -> QueryResult<Vec<Entry>> {
    use agreements as a;
    let selected = (a::id, a::public_id, a::sort_key, a::title);
    let rows = published_rows!(agreements, records, selected)
        // As the index says it, which holds those alone.
        .filter(Condition::new("agreements.title <> '{}'"))
        .load::<(i64, String, String, Json<Translations>)>(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, record, sort_key, titles)| {
            let names = titles.0.into_values();
            plain(Entity::Agreement, id, record, sort_key, names)
        })
        .collect())
}

/// Activities by their titles in every language.
fn activity_entries(conn: &mut DbConn, records: Option<&[String]>) -> QueryResult<Vec<Entry>> {
    use activities as a;
    let selected = (a::id, a::public_id, a::title);
    let rows = published_rows!(activities, records, selected)
        .load::<(i64, String, Json<Translations>)>(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, record, titles)| {
            let names: Vec<String> = titles.0.into_values().collect();
            let sort_key = text::sort_key(names.first().map_or("", String::as_str));
            plain(Entity::Activity, id, record, sort_key, names)
        })
        .collect())
}

/// Sources by their title.
fn source_entries(conn: &mut DbConn, records: Option<&[String]>) -> QueryResult<Vec<Entry>> {
    use sources as s;
    let selected = (s::id, s::public_id, s::sort_key, s::title);
    let rows =
        published_rows!(sources, records, selected).load::<(i64, String, String, String)>(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, record, sort_key, title)| plain(Entity::Source, id, record, sort_key, [title]))
        .collect())
}

fn plain<N: Into<Arc<str>>>(
    entity: Entity,
    id: i64,
    record: String,
    sort_key: String,
    names: impl IntoIterator<Item = N>,
) -> Entry {
    Entry {
        entity,
        id,
        record: record.into(),
        institution: false,
        population: 0,
        sort_key: sort_key.into(),
        names: names.into_iter().map(Into::into).collect(),
    }
}
