//! `src/db/schema.rs` is what the engines really have.

use twincity::db;

use super::catalogue::{Column, columns, references, tables};
use crate::support::TestApp;

/// How `schema.rs` calls the table that stands for those of all kinds of records.
const OF_RECORDS: &str = "$table";

/// Tables and columns as `schema.rs` declares them, the columns by their names.
fn declared() -> Vec<(String, Vec<Column>)> {
    let text = include_str!("../../../src/db/schema.rs");
    let mut all: Vec<(String, Vec<Column>)> = Vec::new();
    // What lies behind the tables says how they are joined.
    for line in text
        .lines()
        .map(str::trim)
        .filter(|line| !line.contains("::"))
    {
        if let Some((name, kind)) = line.trim_end_matches(',').split_once(" -> ") {
            let name = name.trim_start_matches("r#");
            // A column whose name is a word of Rust is renamed.
            let name = name.strip_suffix('_').unwrap_or(name).to_owned();
            all.last_mut().unwrap().1.push(Column {
                name,
                kind: kind.to_owned(),
            });
        } else if line.ends_with(") {") {
            let name = line.split([' ', ':']).next().unwrap().to_owned();
            let mut shared = all.iter().filter(|(table, _)| table == OF_RECORDS);
            let shared = shared.next().filter(|_| line.contains(": record "));
            let columns = shared.map_or_else(Vec::new, |(_, columns)| columns.clone());
            all.push((name, columns));
        }
    }
    all.retain(|(table, _)| table != OF_RECORDS);
    all.sort_by(|a, b| a.0.cmp(&b.0));
    by_name(&mut all);
    all
}

fn by_name(tables: &mut [(String, Vec<Column>)]) {
    for (_, columns) in tables {
        columns.sort_by(|a, b| a.name.cmp(&b.name));
    }
}

#[actix_web::test]
async fn the_schema_in_the_code_is_the_one_in_the_database() {
    let app = TestApp::new().await;
    let mut there = app
        .app
        .db
        .read_blocking(|conn| -> Result<_, db::Error> {
            let names = tables(conn);
            Ok(names
                .into_iter()
                .map(|name| (name.clone(), columns(conn, &name)))
                .collect::<Vec<_>>())
        })
        .unwrap();
    by_name(&mut there);
    let declared = declared();
    let names = |all: &[(String, Vec<Column>)]| {
        all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&declared), names(&there));
    for (declared, there) in declared.iter().zip(&there) {
        assert_eq!(declared, there);
    }
}

#[actix_web::test]
async fn every_foreign_key_has_an_index() {
    let app = TestApp::new().await;
    let all = app
        .app
        .db
        .read_blocking(|conn| -> Result<_, db::Error> { Ok(references(conn)) })
        .unwrap();
    assert!(all.len() > 10, "{all:?}");
    let without: Vec<_> = all.iter().filter(|(_, indexed)| !indexed).collect();
    assert!(without.is_empty(), "{without:?}");
}
