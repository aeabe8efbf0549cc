//! Reads names out of the database: of every record of a kind, or of those that have changed.

use std::collections::HashMap;
use std::sync::Arc;

use diesel::QueryResult;
use diesel::prelude::*;

use super::Entry;
use crate::core::ids::{Kind, PublicId};
use crate::core::language::Translations;
use crate::core::text;
use crate::core::vocabulary::Code;
use crate::core::vocabulary::partner::PartnerKind;
use crate::core::vocabulary::record::Entity;
use crate::db::condition::{Condition, grouped};
use crate::db::schema::{activities, agreements, names, networks, partners, sources};
use crate::db::{DbConn, Json};
use crate::published_rows;

/// The internal key of a record, its public id, and the key it is ordered by.
type Known = (i64, String, String);

/// The published records of this kind: all, or those of these.
pub(super) fn entries(
    conn: &mut DbConn,
    kind: Kind,
    records: Option<&[PublicId]>,
) -> QueryResult<Vec<Entry>> {
    use {activities as v, agreements as a, networks as n, partners as p, sources as s};
    Ok(match kind {
        Kind::Partner => {
            let mut named = named(conn, kind, records)?;
            let selected = ((p::id, p::public_id, p::sort_key), p::kind, p::population);
            let rows: Vec<(Known, String, Option<i64>)> =
                published_rows!(partners, records, selected).load(conn)?;
            let entry = |(known, kind, population): (Known, String, Option<i64>)| Entry {
                institution: PartnerKind::parse(&kind).is_ok_and(PartnerKind::is_institution),
                population: population.unwrap_or(0),
                names: named.remove(&known.1).unwrap_or_default(),
                ..plain(Entity::Partner, known, [])
            };
            rows.into_iter().map(entry).collect()
        }
        Kind::Network => {
            let mut named = named(conn, kind, records)?;
            let selected = (n::id, n::public_id, n::sort_key);
            let rows: Vec<Known> = published_rows!(networks, records, selected).load(conn)?;
            let entry = |known: Known| Entry {
                names: named.remove(&known.1).unwrap_or_default(),
                ..plain(Entity::Network, known, [])
            };
            rows.into_iter().map(entry).collect()
        }
        // By their titles, where they have one; by the names of their parties [`super::ties`] finds them.
        Kind::Agreement => {
            let selected = ((a::id, a::public_id, a::sort_key), a::title);
            // As the index says it, which holds those alone.
            let titled = Condition::new("agreements.title <> '{}'");
            let query = published_rows!(agreements, records, selected).filter(titled);
            let rows: Vec<(Known, Json<Translations>)> = query.load(conn)?;
            let rows = rows.into_iter();
            rows.map(|(known, titles)| plain(Entity::Agreement, known, titles.0.into_values()))
                .collect()
        }
        // By their titles in every language.
        Kind::Activity => {
            let selected = (v::id, v::public_id, v::title);
            let rows: Vec<(i64, String, Json<Translations>)> =
                published_rows!(activities, records, selected).load(conn)?;
            let entry = |(id, record, titles): (_, _, Json<Translations>)| {
                let names: Vec<String> = titles.0.into_values().collect();
                let sort_key = text::sort_key(names.first().map_or("", String::as_str));
                plain(Entity::Activity, (id, record, sort_key), names)
            };
            rows.into_iter().map(entry).collect()
        }
        Kind::Source => {
            let selected = ((s::id, s::public_id, s::sort_key), s::title);
            let rows: Vec<(Known, String)> =
                published_rows!(sources, records, selected).load(conn)?;
            let rows = rows.into_iter();
            rows.map(|(known, title)| plain(Entity::Source, known, [title]))
                .collect()
        }
        _ => Vec::new(),
    })
}

/// The names of the records of this kind, or of some of them.
fn named(
    conn: &mut DbConn,
    kind: Kind,
    records: Option<&[PublicId]>,
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
    let rows: Vec<(String, String)> = query.load(conn)?;
    let rows = rows.into_iter();
    Ok(grouped(rows.map(|(record, value)| (record, value.into()))))
}

fn plain(
    entity: Entity,
    (id, record, sort_key): Known,
    names: impl IntoIterator<Item = String>,
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
