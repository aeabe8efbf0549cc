//! `src/db/schema.rs` is what the engines really have.

use twincity::db;

use super::catalogue::{Column, columns, references, tables};
use crate::support::TestApp;

/// Tables and columns as `schema.rs` declares them.
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
            all.push((
                line.split([' ', '(']).next().unwrap().to_owned(),
                Vec::new(),
            ));
        }
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

#[actix_web::test]
async fn the_schema_in_the_code_is_the_one_in_the_database() {
    let app = TestApp::new().await;
    let there = app
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
