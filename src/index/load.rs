//! Reads names out of the database: of every record, or of those that have changed.

use std::collections::HashMap;

use diesel::QueryResult;
use diesel::prelude::*;

use super::Entry;
use crate::core::edtf::Edtf;
use crate::core::text;
use crate::core::title;
use crate::core::vocabulary::Code;
use crate::core::vocabulary::partner::PartnerKind;
use crate::core::vocabulary::record::Entity;
use crate::db::condition::{Condition, published};
use crate::db::schema::{
    activities, agreement_parties, agreements, names, networks, partners, sources,
};
use crate::db::{DbConn, json};

/// Ids bound into one statement.
const CHUNK: usize = 500;

/// Every published record.
pub(super) fn all(conn: &mut DbConn) -> QueryResult<Vec<Entry>> {
    entries(conn, None)
}

/// Those of these records that are published.
pub(super) fn some(conn: &mut DbConn, records: &[String]) -> QueryResult<Vec<Entry>> {
    let mut found = Vec::new();
    for chunk in records.chunks(CHUNK) {
        found.extend(entries(conn, Some(chunk))?);
    }
    Ok(found)
}

fn entries(conn: &mut DbConn, records: Option<&[String]>) -> QueryResult<Vec<Entry>> {
    let mut named: HashMap<String, Vec<String>> = HashMap::new();
    let mut query = names::table
        .order((names::record, names::position))
        .select((names::record, names::value))
        .into_boxed();
    if let Some(records) = records {
        query = query.filter(names::record.eq_any(records));
    }
    for (record, value) in query.load::<(String, String)>(conn)? {
        named.entry(record).or_default().push(value);
    }
    let mut found = partner_entries(conn, records, &mut named)?;
    found.extend(network_entries(conn, records, &mut named)?);
    found.extend(agreement_entries(conn, records)?);
    found.extend(titled_entries(conn, records)?);
    Ok(found)
}

fn partner_entries(
    conn: &mut DbConn,
    records: Option<&[String]>,
    named: &mut HashMap<String, Vec<String>>,
) -> QueryResult<Vec<Entry>> {
    use partners as p;
    let mut query = p::table
        .filter(Condition::new(published("partners")))
        .select((p::id, p::public_id, p::kind, p::population, p::sort_key))
        .into_boxed();
    if let Some(records) = records {
        query = query.filter(p::public_id.eq_any(records));
    }
    type Row = (i64, String, String, Option<i64>, String);
    let rows = query.load::<Row>(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, record, kind, population, sort_key)| Entry {
            entity: Entity::Partner,
            id,
            names: named.remove(&record).unwrap_or_default(),
            record,
            institution: PartnerKind::parse(&kind).is_ok_and(PartnerKind::is_institution),
            population: population.unwrap_or(0),
            sort_key,
        })
        .collect())
}

fn network_entries(
    conn: &mut DbConn,
    records: Option<&[String]>,
    named: &mut HashMap<String, Vec<String>>,
) -> QueryResult<Vec<Entry>> {
    use networks as n;
    let mut query = n::table
        .filter(Condition::new(published("networks")))
        .select((n::id, n::public_id, n::sort_key))
        .into_boxed();
    if let Some(records) = records {
        query = query.filter(n::public_id.eq_any(records));
    }
    let rows = query.load::<(i64, String, String)>(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, record, sort_key)| {
            let names = named.remove(&record).unwrap_or_default();
            plain(Entity::Network, id, record, sort_key, names)
        })
        .collect())
}

/// Agreements are found by their titles and by every name of their parties.
fn agreement_entries(conn: &mut DbConn, records: Option<&[String]>) -> QueryResult<Vec<Entry>> {
    use agreements as a;
    let mut query = a::table
        .filter(Condition::new(published("agreements")))
        .select((a::id, a::public_id, a::sort_key, a::title, a::signed_on))
        .into_boxed();
    if let Some(records) = records {
        query = query.filter(a::public_id.eq_any(records));
    }
    type Row = (i64, String, String, String, Option<Edtf>);
    let rows = query.load::<Row>(conn)?;
    let mut query = agreement_parties::table
        .inner_join(partners::table)
        .inner_join(names::table.on(names::record.eq(partners::public_id)))
        .order((
            agreement_parties::agreement_id,
            agreement_parties::position,
            names::position,
        ))
        .select((
            agreement_parties::agreement_id,
            partners::name,
            names::value,
        ))
        .into_boxed();
    if records.is_some() {
        let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
        query = query.filter(agreement_parties::agreement_id.eq_any(ids));
    }
    let mut parties: HashMap<i64, (Vec<String>, Vec<String>)> = HashMap::new();
    for (agreement, shown, name) in query.load::<(i64, String, String)>(conn)? {
        let (all_shown, all) = parties.entry(agreement).or_default();
        if all_shown.last() != Some(&shown) {
            all_shown.push(shown);
        }
        all.push(name);
    }
    rows.into_iter()
        .map(|(id, record, sort_key, titles, signed_on)| {
            let titles: HashMap<String, String> = json::value(&titles)?;
            let (shown, all) = parties.remove(&id).unwrap_or_default();
            let mut names: Vec<String> = titles.into_values().collect();
            // What it is called when it has no title, as it is shown.
            names.push(title::of_parties(&shown, signed_on.as_ref()));
            names.extend(all);
            Ok(plain(Entity::Agreement, id, record, sort_key, names))
        })
        .collect()
}

/// These records and the agreements that are found by the names of the partners among them.
pub(super) fn with_dependents(
    conn: &mut DbConn,
    mut records: Vec<String>,
) -> QueryResult<Vec<String>> {
    let changed: Vec<String> = records
        .iter()
        .filter(|record| record.starts_with("ptn_"))
        .cloned()
        .collect();
    for chunk in changed.chunks(CHUNK) {
        let found: Vec<String> = agreement_parties::table
            .inner_join(partners::table)
            .inner_join(agreements::table)
            .filter(partners::public_id.eq_any(chunk))
            .select(agreements::public_id)
            .distinct()
            .load(conn)?;
        records.extend(found);
    }
    records.sort_unstable();
    records.dedup();
    Ok(records)
}

/// Activities by their titles in every language, sources by their title.
fn titled_entries(conn: &mut DbConn, records: Option<&[String]>) -> QueryResult<Vec<Entry>> {
    let mut query = activities::table
        .filter(Condition::new(published("activities")))
        .select((activities::id, activities::public_id, activities::title))
        .into_boxed();
    if let Some(records) = records {
        query = query.filter(activities::public_id.eq_any(records));
    }
    let mut found = Vec::new();
    for (id, record, title) in query.load::<(i64, String, String)>(conn)? {
        let title: HashMap<String, String> = json::value(&title)?;
        let names: Vec<String> = title.into_values().collect();
        let sort_key = text::sort_key(names.first().map_or("", String::as_str));
        found.push(plain(Entity::Activity, id, record, sort_key, names));
    }
    let mut query = sources::table
        .filter(Condition::new(published("sources")))
        .select((
            sources::id,
            sources::public_id,
            sources::sort_key,
            sources::title,
        ))
        .into_boxed();
    if let Some(records) = records {
        query = query.filter(sources::public_id.eq_any(records));
    }
    for (id, record, sort_key, title) in query.load::<(i64, String, String, String)>(conn)? {
        found.push(plain(Entity::Source, id, record, sort_key, vec![title]));
    }
    Ok(found)
}

fn plain(entity: Entity, id: i64, record: String, sort_key: String, names: Vec<String>) -> Entry {
    Entry {
        entity,
        id,
        record,
        institution: false,
        population: 0,
        sort_key,
        names,
    }
}
