//! Settings of the engines that the registry counts on.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use diesel::prelude::*;
use diesel::sql_types::Text;
use futures_util::FutureExt;
use twincity::db::{self, Db, DbConn, Error};

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

/// Takes so many numbers.
fn take(db: &Db, numbers: i64) -> Result<usize, Error> {
    let statement = format!("UPDATE registry_meta SET seq = seq + {numbers}");
    db.write_blocking(|conn| -> Result<usize, Error> {
        Ok(diesel::sql_query(statement).execute(conn)?)
    })
}

fn taken(db: &Db) -> String {
    let statement = "SELECT CAST(seq AS TEXT) AS value FROM registry_meta";
    values(db, statement).pop().unwrap()
}

#[test]
fn a_write_is_not_said_to_be_done_while_the_log_does_not_reach_the_disk() {
    if server().is_some() {
        return;
    }
    let database = TestDatabase::new();
    let db = database.open();
    let log = format!("{}-wal", db.file().unwrap().display());
    let away = format!("{log}-away");
    take(&db, 1).unwrap();
    std::fs::rename(&log, &away).unwrap();
    let refused = take(&db, 1).unwrap_err();
    assert!(matches!(refused, Error::Uncertain(_)), "{refused:?}");
    std::fs::rename(&away, &log).unwrap();
    take(&db, 1).unwrap();
}

#[test]
fn writes_that_share_a_commit_fail_each_by_itself() {
    if server().is_some() {
        // There each has a transaction of its own.
        return;
    }
    let database = TestDatabase::new();
    let db = database.open();
    let before: i64 = taken(&db).parse().unwrap();
    std::thread::scope(|threads| {
        for n in 0..40 {
            let db = db.clone();
            threads.spawn(move || {
                let written = db.write_blocking(move |conn| -> Result<(), Error> {
                    diesel::sql_query("UPDATE registry_meta SET seq = seq + 1").execute(conn)?;
                    match n % 4 {
                        0 => Err(Error::Busy),
                        1 => panic!("as it is told"),
                        _ => Ok(()),
                    }
                });
                assert_eq!(written.is_ok(), n % 4 > 1, "{n}: {written:?}");
            });
        }
    });
    assert_eq!(taken(&db), (before + 20).to_string());
}

/// A write that counts how often it ran, and ends as its number says.
fn counted(conn: &mut DbConn, n: usize, ran: &AtomicUsize) -> Result<usize, Error> {
    ran.fetch_add(1, Ordering::SeqCst);
    if n == 0 {
        // Meanwhile the others come to wait for this commit.
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    diesel::sql_query("UPDATE registry_meta SET seq = seq + 1").execute(conn)?;
    match n % 5 {
        3 => Err(Error::Busy),
        4 => db::savepoint(conn, |_| panic!("as it is told")),
        _ => Ok(n),
    }
}

#[actix_web::test]
async fn writes_that_may_run_again_are_undone_with_those_that_failed_and_are_not_lost() {
    let database = TestDatabase::new();
    let db = database.open();
    let before: i64 = taken(&db).parse().unwrap();
    let ran: Vec<Arc<AtomicUsize>> = (0..40).map(|_| Arc::default()).collect();
    let writes = ran.iter().cloned().enumerate().map(|(n, ran)| {
        let db = db.clone();
        async move {
            // From the middle on some run only once.
            if n > 20 && n % 5 == 1 {
                db.write(move |conn| counted(conn, n, &ran)).await
            } else {
                let write = move |conn: &mut DbConn| counted(conn, n, &ran);
                db.write_repeatable(write).await
            }
        }
    });
    let ended = futures_util::future::join_all(writes).await;
    for (n, ended) in ended.iter().enumerate() {
        match n % 5 {
            3 | 4 => assert!(ended.is_err(), "{n}: {ended:?}"),
            _ => assert_eq!(ended.as_ref().ok(), Some(&n), "{n}: {ended:?}"),
        }
    }
    assert_eq!(taken(&db), (before + 24).to_string());
    let times: Vec<usize> = ran.iter().map(|ran| ran.load(Ordering::SeqCst)).collect();
    let most = if server().is_some() { 1 } else { 2 };
    assert_eq!(times.iter().max(), Some(&most), "{times:?}");
    let once = times
        .iter()
        .enumerate()
        .skip(21)
        .filter(|(n, _)| n % 5 == 1);
    assert!(
        once.map(|(_, times)| *times).all(|times| times == 1),
        "{times:?}"
    );
}

#[actix_web::test]
async fn a_write_whose_caller_has_gone_before_it_began_is_not_done() {
    if server().is_some() {
        // There each begins at once, on a thread of its own.
        return;
    }
    let database = TestDatabase::new();
    let db = database.open();
    let before: i64 = taken(&db).parse().unwrap();
    let begun = Arc::new(Barrier::new(2));
    let (goes_on, writing) = (Arc::clone(&begun), db.clone());
    let first = std::thread::spawn(move || {
        writing.write_blocking(move |_| -> Result<(), Error> {
            goes_on.wait();
            goes_on.wait();
            Ok(())
        })
    });
    begun.wait();
    let write = |conn: &mut DbConn| counted(conn, 1, &AtomicUsize::new(0));
    assert!(db.write(write).now_or_never().is_none());
    assert!(db.write_repeatable(write).now_or_never().is_none());
    begun.wait();
    first.join().unwrap().unwrap();
    db.write(write).await.unwrap();
    assert_eq!(taken(&db), (before + 1).to_string());
}

#[test]
fn a_savepoint_that_was_rolled_back_is_gone() {
    if server().is_some() {
        // There the failing statement ends the whole transaction.
        return;
    }
    let database = TestDatabase::new();
    let db = database.open();
    let left = db.write_blocking(|conn| -> Result<bool, Error> {
        for _ in 0..3 {
            let refused = db::savepoint(conn, |_| Err::<(), _>(Error::Busy));
            assert!(matches!(refused, Err(Error::Busy)));
        }
        let release = "RELEASE SAVEPOINT diesel_savepoint_1";
        Ok(diesel::sql_query(release).execute(conn).is_ok())
    });
    assert_eq!(left.ok(), Some(false));
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
