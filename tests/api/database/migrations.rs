//! The two histories of the schema are one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};
use serde_json::{Value, json};
use twincity::db::{DbConn, Error, migrations};

use super::catalogue::{columns, insert, tables};
use crate::support::database::TestDatabase;

fn folder(engine: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("migrations")
        .join(engine)
}

fn names(engine: &str) -> BTreeSet<String> {
    std::fs::read_dir(folder(engine))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn both_engines_have_the_same_migrations_and_none_is_empty() {
    let all = names("sqlite");
    assert_eq!(all, names("postgres"));
    for (engine, name) in ["sqlite", "postgres"]
        .iter()
        .flat_map(|e| all.iter().map(move |n| (e, n)))
    {
        for file in ["up.sql", "down.sql"] {
            let path = folder(engine).join(name).join(file);
            let text = std::fs::read_to_string(&path).unwrap();
            let says = text
                .lines()
                .any(|line| !line.trim().is_empty() && !line.starts_with("--"));
            assert!(says, "{} does nothing", path.display());
        }
    }
}

#[test]
fn the_binary_knows_every_migration() {
    let database = TestDatabase::unmigrated();
    let status = migrations::status(&database.open()).unwrap();
    let known: BTreeSet<String> = status.iter().map(|one| one.name.clone()).collect();
    assert_eq!(known, names("sqlite"));
    assert!(status.iter().all(|one| !one.applied));
}

fn everything(conn: &mut DbConn) -> Vec<String> {
    let all = tables(conn);
    all.iter()
        .flat_map(|table| {
            columns(conn, table)
                .into_iter()
                .map(move |c| format!("{table}.{c:?}"))
        })
        .collect()
}

/// A row in every table that others refer to, and rows that refer to them.
fn fill(conn: &mut DbConn) {
    for table in [
        "sources",
        "partners",
        "networks",
        "agreements",
        "activities",
    ] {
        let without_self = [("id", "1"), ("latitude", "NULL"), ("longitude", "NULL")];
        insert(conn, table, &without_self).unwrap();
    }
    insert(conn, "memberships", &[("id", "1")]).unwrap();
    let one = "1";
    for (table, given) in [
        ("citations", vec![]),
        ("agreement_parties", vec![]),
        ("activity_participants", vec![]),
        ("lifecycle_events", vec![("agreement_id", one)]),
        ("status_periods", vec![("membership_id", one)]),
        ("changes", vec![]),
        ("idempotency_keys", vec![]),
    ] {
        insert(conn, table, &given).unwrap();
    }
}

#[test]
fn up_down_and_up_again_ends_where_it_began() {
    let database = TestDatabase::unmigrated();
    let db = database.open();
    let applied = migrations::up(&db).unwrap();
    assert_eq!(applied.len(), names("sqlite").len());
    let read = |f: fn(&mut DbConn) -> Vec<String>| {
        db.read_blocking(move |conn| -> Result<_, Error> { Ok(f(conn)) })
            .unwrap()
    };
    let first = read(everything);
    db.write_blocking(|conn| -> Result<(), Error> {
        fill(conn);
        Ok(())
    })
    .unwrap();
    for name in applied.iter().rev() {
        assert_eq!(migrations::down(&db).unwrap().as_ref(), Some(name));
    }
    assert_eq!(migrations::down(&db).unwrap(), None);
    assert_eq!(read(tables), [""; 0]);
    assert_eq!(migrations::up(&db).unwrap(), applied);
    assert_eq!(read(everything), first);
    assert_eq!(migrations::up(&db).unwrap(), [""; 0]);
}

#[test]
fn dates_that_were_said_of_parties_were_said_by_the_last_change() {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        said: String,
    }
    let database = TestDatabase::unmigrated();
    let db = database.open();
    migrations::up(&db).unwrap();
    // Back to the release before.
    while !migrations::down(&db)
        .unwrap()
        .unwrap()
        .ends_with("dates_as_stated")
    {}
    db.write_blocking(|conn| -> Result<(), Error> {
        let without_self = [("id", "1"), ("latitude", "NULL"), ("longitude", "NULL")];
        insert(conn, "partners", &without_self).unwrap();
        let changed = [("id", "1"), ("updated_at", "'2026-05-03 10:11:12'")];
        insert(conn, "agreements", &changed).unwrap();
        for (at, said) in [
            ("1", r#"'{"acceded_on":"2026","by_event":true}'"#),
            (
                "2",
                r#"'{"acceded_on":"2025","withdrew_on":"[2026-02..]"}'"#,
            ),
            ("3", "'{}'"),
        ] {
            let other = [("id", at), ("latitude", "NULL"), ("longitude", "NULL")];
            if at != "1" {
                insert(conn, "partners", &other).unwrap();
            }
            let party = [("position", at), ("partner_id", at), ("said", said)];
            insert(conn, "agreement_parties", &party).unwrap();
        }
        Ok(())
    })
    .unwrap();
    migrations::up(&db).unwrap();
    let rows = db
        .read_blocking(|conn| -> Result<Vec<Row>, Error> {
            let all = "SELECT said FROM agreement_parties ORDER BY position";
            Ok(diesel::sql_query(all).load(conn).unwrap())
        })
        .unwrap();
    let said: Vec<Value> = rows
        .iter()
        .map(|row| serde_json::from_str(&row.said).unwrap())
        .collect();
    let day = "2026-05-03";
    let expected = [
        json!({"acceded_on": "2026", "acceded_stated_on": day, "by_event": true}),
        json!({"acceded_on": "2025", "acceded_stated_on": day,
            "withdrew_on": "[2026-02..]", "withdrew_stated_on": day}),
        json!({}),
    ];
    assert_eq!(said, expected);
}

#[test]
fn instances_that_start_at_once_migrate_once() {
    let database = TestDatabase::unmigrated();
    let instances: Vec<_> = (0..4).map(|_| database.open()).collect();
    let applied: Vec<usize> = std::thread::scope(|scope| {
        let starts: Vec<_> = instances
            .iter()
            .map(|db| scope.spawn(|| migrations::up(db).unwrap().len()))
            .collect();
        starts.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let all = names("sqlite").len();
    assert_eq!(applied.iter().max(), Some(&all), "{applied:?}");
    assert_eq!(applied.iter().sum::<usize>(), all, "{applied:?}");
}
