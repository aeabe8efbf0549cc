//! Settings of the engines that the registry counts on.

use diesel::prelude::*;
use diesel::sql_types::Text;
use twincity::db::{Db, Error};

use crate::support::database::{TestDatabase, server};

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    value: String,
}

fn values(db: &Db, statement: &'static str) -> Vec<String> {
    db.read_blocking(|conn| -> Result<Vec<String>, Error> {
        let rows: Vec<Value> = diesel::sql_query(statement).load(conn)?;
        Ok(rows.into_iter().map(|row| row.value).collect())
    })
    .unwrap()
}

#[test]
fn sqlite_is_built_for_many_threads() {
    if server().is_some() {
        return;
    }
    let db = TestDatabase::new();
    let options = values(
        &db.open(),
        "SELECT compile_options AS value FROM pragma_compile_options",
    );
    let has = |name: &str| options.iter().any(|option| option == name);
    assert!(
        has("THREADSAFE=2") && has("DEFAULT_MEMSTATUS=0") && has("ENABLE_QPSG"),
        "{options:?}"
    );
    assert!(
        !has("ENABLE_MEMORY_MANAGEMENT") && !has("ENABLE_API_ARMOR") && !has("ENABLE_STAT4"),
        "{options:?}"
    );
}

#[test]
fn sqlite_answers_a_write_only_when_it_is_on_disk() {
    if server().is_some() {
        return;
    }
    let db = TestDatabase::new().open();
    let one = |statement| values(&db, statement).pop().unwrap();
    assert_eq!(
        one("SELECT CAST(synchronous AS TEXT) AS value FROM pragma_synchronous"),
        "2"
    );
    assert_eq!(
        one("SELECT CAST(foreign_keys AS TEXT) AS value FROM pragma_foreign_keys"),
        "1"
    );
    assert_eq!(
        one("SELECT journal_mode AS value FROM pragma_journal_mode"),
        "wal"
    );
}

#[test]
fn a_backup_is_a_whole_database() {
    let database = TestDatabase::new();
    let db = database.open();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy");
    let file = file.to_str().unwrap();
    let made = db.backup(file, false).unwrap();
    if server().is_some() {
        assert_eq!(made, None);
        return;
    }
    let options = twincity::db::Options {
        url: format!("sqlite:{file}").parse().unwrap(),
        pool: 1,
        write_queue: 1,
        reads: twincity::db::ReadLimits::default(),
    };
    let copy = Db::open(&options).unwrap();
    assert_eq!(
        values(
            &copy,
            "SELECT CAST(seq AS TEXT) AS value FROM registry_meta"
        ),
        ["0"]
    );
    assert!(
        db.backup(file, false).is_err(),
        "a file that is there is not overwritten"
    );
}
