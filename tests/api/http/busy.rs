//! What can't be had just now: a key that is being worked on, a database without a free connection.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use actix_web::rt::task::JoinHandle;
use futures_util::future::{Either, select};
use serde_json::json;
use tokio::sync::oneshot;
use twincity::core::vocabulary::record::Role;
use twincity::db::condition::{Condition, execute};
use twincity::db::{Db, DbConn, Options, ReadLimits};
use twincity::http::code::Code;
use twincity::http::problem::Problem;

use crate::support::TestApp;
use crate::support::database::TestDatabase;
use crate::support::live::Live;

#[actix_web::test]
async fn a_key_whose_request_is_running_is_told_to_come_back() {
    let app = TestApp::new().await;
    let (id, secret) = app.key(Role::Admin, None, None);
    let running = app
        .app
        .running
        .claim([id.as_str(), "POST", "/api/v1/sources", "k-1"].join("\n"));
    assert!(running.is_some());
    let admin = app.with_key(&secret).header("Idempotency-Key", "k-1");
    let body = json!({"kind": "press", "title": "a"});
    let answer = admin.post("/api/v1/sources", body.clone()).await;
    assert_eq!(answer.header("retry-after"), Some("1"));
    answer.problem("idempotency-in-progress");
    drop(running);
    admin.post("/api/v1/sources", body).await.expect(201);
}

#[actix_web::test]
async fn without_a_free_connection_the_answer_is_unavailable() {
    let app = TestApp::new().await;
    let held = app.hold_connections();
    let answer = app.get("/api/v1/sources").await;
    assert_eq!(answer.header("retry-after"), Some("5"));
    answer.problem("unavailable");
    held.give_back();
    app.get("/api/v1/sources").await.expect(200);
}

/// A database of its own with these limits of reads.
fn limited(pool: u32, reads: ReadLimits) -> (TestDatabase, Db) {
    let database = TestDatabase::new();
    let options = Options {
        url: database.url().parse().unwrap(),
        pool,
        write_queue: 1,
        reads,
    };
    let db = Db::open(&options).unwrap();
    (database, db)
}

/// Counts so far that nobody waits for the end of it.
fn forever(conn: &mut DbConn) -> Result<(), Problem> {
    count(conn, 2_000_000_000)
}

fn count(conn: &mut DbConn, numbers: u32) -> Result<(), Problem> {
    execute(
        conn,
        Condition::new(format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {numbers}) \
             SELECT COUNT(*) FROM n",
        )),
    )?;
    Ok(())
}

#[actix_web::test]
async fn a_read_that_takes_too_long_is_ended_and_told_to_come_back() {
    let reads = ReadLimits {
        time: Duration::from_millis(50),
        ..ReadLimits::default()
    };
    let (_database, db) = limited(1, reads);
    let problem = db.read(forever).await.unwrap_err();
    assert_eq!(problem.code(), Code::Unavailable, "{problem}");
    let retry = problem.response("", None);
    assert!(retry.headers().contains_key("retry-after"));
    // The connection is as good as before.
    db.read(|_| -> Result<(), Problem> { Ok(()) })
        .await
        .unwrap();
}

#[actix_web::test]
async fn the_time_of_a_read_is_that_of_all_its_statements() {
    let reads = ReadLimits {
        time: Duration::from_millis(300),
        ..ReadLimits::default()
    };
    let (_database, db) = limited(1, reads);
    let begun = Instant::now();
    let problem = db
        .read(|conn| -> Result<(), Problem> {
            // Each is a small part of what one read may take.
            for _ in 0..10_000 {
                count(conn, 20_000)?;
            }
            Ok(())
        })
        .await
        .unwrap_err();
    assert_eq!(problem.code(), Code::Unavailable, "{problem}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    db.read(|_| -> Result<(), Problem> { Ok(()) })
        .await
        .unwrap();
}

#[actix_web::test]
async fn so_is_that_of_a_read_of_a_whole_list() {
    let reads = ReadLimits {
        export: Duration::from_millis(300),
        ..ReadLimits::default()
    };
    let (_database, db) = limited(2, reads);
    let begun = Instant::now();
    let (tell, told) = oneshot::channel();
    let read = |conn: &mut DbConn, (): &mut ()| -> Result<(), Problem> {
        for _ in 0..10_000 {
            count(conn, 20_000)?;
        }
        Ok(())
    };
    let export = db.export((), read, move |(), ended| drop(tell.send(ended)));
    let export = export.await.unwrap();
    let problem = told.await.unwrap().unwrap_err();
    drop(export);
    assert_eq!(problem.code(), Code::Unavailable, "{problem}");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[actix_web::test]
async fn a_read_that_can_not_be_ended_is_not_waited_for() {
    let reads = ReadLimits {
        time: Duration::from_millis(50),
        ..ReadLimits::default()
    };
    let (_database, db) = limited(2, reads);
    // As when the server has gone without a word.
    let (end, ended) = std::sync::mpsc::channel::<()>();
    let silent = move |_: &mut DbConn| -> Result<(), Problem> {
        ended.recv().ok();
        Ok(())
    };
    let problem = db.read(silent).await.unwrap_err();
    assert_eq!(problem.code(), Code::Unavailable, "{problem}");
    drop(end);
}

#[actix_web::test]
async fn a_read_ends_when_its_caller_has_gone() {
    let reads = ReadLimits {
        time: Duration::from_hours(1),
        ..ReadLimits::default()
    };
    let (_database, db) = limited(1, reads);
    let (begun, begins) = oneshot::channel();
    let reading = db.read(move |conn| {
        begun.send(()).unwrap();
        forever(conn)
    });
    match select(Box::pin(reading), Box::pin(begins)).await {
        Either::Right((_, reading)) => drop(reading),
        Either::Left(_) => panic!("it can't have ended"),
    }
    // Its connection, the only one, is free again at once.
    db.read(|_| -> Result<(), Problem> { Ok(()) })
        .await
        .unwrap();
}

/// Reads that have all the turns there are.
struct Taken {
    done: Arc<Barrier>,
    running: Vec<JoinHandle<Result<(), Problem>>>,
}

impl Taken {
    async fn all(db: &Db) -> Self {
        // The server engine keeps a connection for whoever writes.
        let kept = usize::from(crate::support::database::server().is_some());
        let at_once = usize::try_from(db.connections()).unwrap() - kept;
        let (taken, done) = (
            Arc::new(Barrier::new(at_once + 1)),
            Arc::new(Barrier::new(at_once + 1)),
        );
        let mut running = Vec::new();
        for _ in 0..at_once {
            let (taken, done, db) = (Arc::clone(&taken), Arc::clone(&done), db.clone());
            running.push(actix_web::rt::spawn(async move {
                db.read(move |_| -> Result<(), Problem> {
                    taken.wait();
                    done.wait();
                    Ok(())
                })
                .await
            }));
        }
        let begun = actix_web::web::block(move || taken.wait());
        begun.await.unwrap();
        Self { done, running }
    }

    async fn give_back(self) {
        self.done.wait();
        for running in self.running {
            running.await.unwrap().unwrap();
        }
    }
}

#[actix_web::test]
async fn a_read_that_has_to_wait_too_long_is_told_to_come_back() {
    let reads = ReadLimits {
        waiting: 0,
        ..ReadLimits::default()
    };
    let app = TestApp::reading(reads).await;
    let taken = Taken::all(&app.app.db).await;
    for path in ["/api/v1/partners", "/api/v1/stats", "/api/v1/search?q=a"] {
        let answer = app.get(path).await;
        assert_eq!(answer.header("retry-after"), Some("1"), "{path}");
        answer.problem("unavailable");
    }
    app.get("/health/ready").await.expect(200);
    taken.give_back().await;
    app.get("/api/v1/partners").await.expect(200);
}

/// A request that was sent on a connection of its own.
fn asked(live: &Live, target: &str) -> TcpStream {
    let mut stream = TcpStream::connect(live.address).unwrap();
    let request = format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

#[actix_web::test]
async fn what_callers_asked_who_have_hung_up_leaves_the_queue_and_is_never_read() {
    let live = Live::start().await;
    let db = &live.app.db;
    let taken = Taken::all(db).await;
    db.statement_texts();
    let gone = ["CZ", "DE", "FR", "IT", "LT", "UA"];
    let lists = ["/api/v1/agreements", "/en/agreements", "/api/v1/partners"];
    for (n, (country, list)) in gone.iter().zip(lists.iter().cycle()).enumerate() {
        let stream = asked(&live, &format!("{list}?country={country}"));
        if n % 2 == 0 {
            // It breaks off, and does not only hang up.
            stream.set_nonblocking(true).unwrap();
            let stream = actix_web::rt::net::TcpStream::from_std(stream).unwrap();
            stream.set_zero_linger().unwrap();
        }
    }
    // Whoever is still there to be told has come after them.
    let mut waiting = asked(&live, "/api/v1/agreements?country=SK");
    waiting.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    waiting.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("closed for sending"), "{answer}");
    taken.give_back().await;
    live.request("GET", "/api/v1/agreements?country=PT", "");
    let read = db.statement_texts().join("\n");
    assert!(read.contains("\"PT\""), "{read}");
    for country in gone.iter().chain(&["SK"]) {
        assert!(
            !read.contains(&format!("\"{country}\"")),
            "{country}: {read}"
        );
    }
    live.stop().await.unwrap();
}

#[actix_web::test]
async fn a_caller_who_has_only_said_that_everything_is_asked_is_answered() {
    let live = Live::start().await;
    let mut stream = TcpStream::connect(live.address).unwrap();
    let one = b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n";
    stream.write_all(&[one.as_slice(), one].concat()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    assert_eq!(answers.matches("HTTP/1.1 200 ").count(), 2, "{answers}");
    live.stop().await.unwrap();
}

#[actix_web::test]
async fn six_dear_reads_at_once_keep_nobody_from_hearing_that_it_is_ready() {
    let reads = ReadLimits {
        time: Duration::from_hours(1),
        ..ReadLimits::default()
    };
    let app = TestApp::reading(reads).await;
    let (begun, begins) = oneshot::channel();
    let mut begun = Some(begun);
    let mut running = Vec::new();
    for _ in 0..6 {
        let (db, begun) = (app.app.db.clone(), begun.take());
        running.push(actix_web::rt::spawn(async move {
            db.read(move |conn| {
                if let Some(begun) = begun {
                    begun.send(()).unwrap();
                }
                forever(conn)
            })
            .await
        }));
    }
    begins.await.unwrap();
    let asked = Instant::now();
    app.get("/health/ready").await.expect(200);
    app.get("/health/live").await.expect(200);
    assert!(
        asked.elapsed() < Duration::from_secs(1),
        "{:?}",
        asked.elapsed()
    );
    // Their callers go, and whoever comes next is served.
    for running in &running {
        running.abort();
    }
    app.get("/api/v1/partners").await.expect(200);
}

#[actix_web::test]
async fn readiness_does_not_queue_behind_readers() {
    let app = TestApp::new().await;
    let held = app.hold_connections();
    let ready = app.get("/health/ready").await.expect(200);
    assert_eq!(ready.json()["revision"], 0);
    held.give_back();
}
