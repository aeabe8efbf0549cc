//! Work that a write leaves for later, and what only one instance may do.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use actix_web::rt;
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use futures_util::FutureExt;
use futures_util::future::join;
use tokio::sync::oneshot;
use twincity::db::schema::jobs as table;
use twincity::http::problem::Problem;
use twincity::jobs::{self, Done, Handlers, JobError, leases, store, worker};

use crate::support::TestApp;

const KIND: &str = "test";

/// A job of the kind that these tests do.
pub fn push(app: &TestApp, payload: &str) {
    let (now, payload) = (app.app.now(), payload.to_owned());
    app.write(move |conn| -> Result<_, Problem> { Ok(jobs::push(conn, KIND, &payload, now)?) })
        .unwrap();
}

/// A row as it is.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct Row {
    pub payload: String,
    pub run_at: NaiveDateTime,
    pub attempts: i32,
    pub locked_by: Option<String>,
    pub done_at: Option<NaiveDateTime>,
    pub failed_at: Option<NaiveDateTime>,
    pub last_error: Option<String>,
}

/// All of them, in the order in which they were left.
pub fn rows(app: &TestApp) -> Vec<Row> {
    app.write(|conn| -> Result<_, Problem> {
        Ok(table::table
            .order(table::id)
            .select(Row::as_select())
            .load(conn)?)
    })
    .unwrap()
}

/// What was done, by payload, how often.
type Log = Rc<RefCell<BTreeMap<String, usize>>>;

/// Handlers that note what they were asked for, and end like this.
fn ending(log: &Log, done: Done) -> Handlers {
    let log = Rc::clone(log);
    Handlers::default().on(KIND, move |_, job| {
        *log.borrow_mut().entry(job.payload().unwrap()).or_default() += 1;
        let done = done.clone();
        async move { done }
    })
}

#[actix_web::test]
async fn a_job_is_done_once_and_its_payload_is_blanked() {
    let app = TestApp::new().await;
    let log = Log::default();
    let handlers = ending(&log, Ok(()));
    push(&app, "secret");
    assert_eq!(worker::run_once(&app.app, &handlers).await.unwrap(), 1);
    assert_eq!(worker::run_once(&app.app, &handlers).await.unwrap(), 0);
    assert_eq!(log.borrow()["secret"], 1);
    let row = &rows(&app)[0];
    assert_eq!((row.payload.as_str(), row.attempts), ("{}", 1));
    assert_eq!(row.done_at, Some(app.app.now().naive_utc()));
    assert!(row.failed_at.is_none() && row.locked_by.is_none() && row.last_error.is_none());
}

#[actix_web::test]
async fn a_job_of_a_write_that_was_undone_does_not_exist() {
    let app = TestApp::new().await;
    let now = app.app.now();
    let undone = app.write(move |conn| -> Result<(), Problem> {
        jobs::push(conn, KIND, "x", now)?;
        Err(Problem::not_found("nothing"))
    });
    assert!(undone.is_err());
    assert!(rows(&app).is_empty());
}

#[actix_web::test]
async fn writes_wake_the_worker_once_for_all_that_were_since() {
    let app = TestApp::new().await;
    app.as_admin();
    push(&app, "x");
    app.app.db.work().notified().await;
    assert!(app.app.db.work().notified().now_or_never().is_none());
    let now = app.app.now();
    app.app
        .db
        .write(move |conn| -> Result<_, Problem> { Ok(jobs::push(conn, KIND, "y", now)?) })
        .await
        .unwrap();
    app.app.db.work().notified().await;
    assert!(app.app.db.work().notified().now_or_never().is_none());
}

#[actix_web::test]
async fn what_fails_is_tried_ever_later_and_fails_for_good_at_the_eighth_time() {
    let app = TestApp::new().await;
    let log = Log::default();
    let handlers = ending(&log, Err(JobError::Later("not now".to_owned())));
    push(&app, "secret");
    for minutes in [1, 5, 30, 120, 360, 720, 1440] {
        assert_eq!(worker::run_once(&app.app, &handlers).await.unwrap(), 1);
        let row = &rows(&app)[0];
        let again = app.app.now() + TimeDelta::minutes(minutes);
        assert_eq!(row.run_at, again.naive_utc());
        assert_eq!(row.last_error.as_deref(), Some("not now"));
        assert!(row.failed_at.is_none() && row.payload.contains("secret"));
        app.clock
            .advance(TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
        assert_eq!(worker::run_once(&app.app, &handlers).await.unwrap(), 0);
        app.clock.advance(TimeDelta::seconds(1));
    }
    assert_eq!(worker::run_once(&app.app, &handlers).await.unwrap(), 1);
    let row = &rows(&app)[0];
    assert_eq!((row.payload.as_str(), row.attempts), ("{}", 8));
    assert!(row.failed_at.is_some() && row.done_at.is_none());
    app.clock.advance(TimeDelta::days(30));
    assert_eq!(worker::run_once(&app.app, &handlers).await.unwrap(), 0);
    assert_eq!(log.borrow()["secret"], 8);
}

#[actix_web::test]
async fn what_can_never_succeed_fails_at_once() {
    let app = TestApp::new().await;
    let handlers = ending(
        &Log::default(),
        Err(JobError::Never("no such thing".to_owned())),
    );
    push(&app, "secret");
    worker::run_once(&app.app, &handlers).await.unwrap();
    let row = &rows(&app)[0];
    assert_eq!((row.payload.as_str(), row.attempts), ("{}", 1));
    assert_eq!(row.last_error.as_deref(), Some("no such thing"));
    assert!(row.failed_at.is_some());
}

#[actix_web::test]
async fn a_job_that_panics_is_tried_again_and_takes_no_other_down() {
    let app = TestApp::new().await;
    let handlers = Handlers::default().on(KIND, |_, job| async move {
        assert_ne!(job.payload::<String>().unwrap(), "bad", "on purpose");
        Ok(())
    });
    push(&app, "bad");
    push(&app, "good");
    assert_eq!(worker::run_once(&app.app, &handlers).await.unwrap(), 2);
    let rows = rows(&app);
    assert_eq!(rows[0].last_error.as_deref(), Some("it panicked"));
    assert!(rows[0].failed_at.is_none() && rows[0].done_at.is_none());
    assert!(rows[1].done_at.is_some());
}

#[actix_web::test]
async fn jobs_of_kinds_that_nobody_knows_are_left_alone() {
    let app = TestApp::new().await;
    push(&app, "x");
    let others = Handlers::default().on("other", |_, _| async { Ok(()) });
    assert_eq!(worker::run_once(&app.app, &others).await.unwrap(), 0);
    let row = &rows(&app)[0];
    assert!(row.attempts == 0 && row.done_at.is_none() && row.locked_by.is_none());
}

#[actix_web::test]
async fn two_workers_never_do_one_job_twice() {
    let app = TestApp::new().await;
    let other = app.another_instance();
    for number in 0..40 {
        push(&app, &number.to_string());
    }
    let log = Log::default();
    let handlers = ending(&log, Ok(()));
    let all = async |app: &twincity::app::App| {
        let mut done = 0;
        loop {
            match worker::run_once(app, &handlers).await.unwrap() {
                0 => return done,
                more => done += more,
            }
        }
    };
    let (one, two) = join(all(&app.app), all(&other)).await;
    assert_eq!(one + two, 40);
    let log = log.borrow();
    assert!(
        log.len() == 40 && log.values().all(|times| *times == 1),
        "{log:?}"
    );
}

#[actix_web::test]
async fn the_job_of_a_worker_that_is_gone_is_taken_up_after_its_time() {
    let app = TestApp::new().await;
    push(&app, "x");
    let claim = |app: &TestApp, holder: &'static str| {
        let now = app.app.now();
        app.write(move |conn| -> Result<_, Problem> {
            Ok(store::claim(conn, &[KIND], holder, now, 10)?)
        })
        .unwrap()
    };
    let first = claim(&app, "first").remove(0);
    assert!(claim(&app, "second").is_empty());
    app.clock.advance(store::LOCK);
    let second = claim(&app, "second").remove(0);
    assert_eq!((first.id, second.attempts), (second.id, 1));
    // The first one comes back too late and writes nothing off.
    let now = app.app.now();
    app.write(move |conn| -> Result<_, Problem> {
        for done in [Ok(()), Err(JobError::Never("late".to_owned()))] {
            assert!(!store::write_off(conn, &first, "first", now, &done)?);
        }
        Ok(())
    })
    .unwrap();
    let row = &rows(&app)[0];
    assert!(row.done_at.is_none() && row.failed_at.is_none());
    assert_eq!(row.locked_by.as_deref(), Some("second"));
    // Nor is a job tried for ever that ends its worker each time.
    for _ in 0..6 {
        app.clock.advance(store::LOCK);
        assert_eq!(claim(&app, "more").len(), 1);
    }
    app.clock.advance(store::LOCK);
    assert!(claim(&app, "more").is_empty());
    assert!(rows(&app)[0].failed_at.is_some());
}

#[actix_web::test]
async fn what_runs_when_the_worker_stops_is_finished() {
    let app = TestApp::new().await;
    push(&app, "x");
    let (begin, begun) = oneshot::channel::<()>();
    let (release, released) = oneshot::channel::<()>();
    let channels = RefCell::new(Some((begin, released)));
    let handlers = Handlers::default().on(KIND, move |_, _| {
        let (begin, released) = channels.borrow_mut().take().unwrap();
        async move {
            begin.send(()).unwrap();
            released.await.unwrap();
            Ok(())
        }
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let running = rt::spawn(worker::run(app.app.clone(), handlers, async move {
        drop(stopped.await);
    }));
    begun.await.unwrap();
    stop.send(()).unwrap();
    release.send(()).unwrap();
    running.await.unwrap();
    assert!(rows(&app)[0].done_at.is_some());
}

#[actix_web::test]
async fn a_lease_is_held_by_one_until_it_ends() {
    let app = TestApp::new().await;
    let take = |name: &'static str, holder: &'static str| {
        let now = app.app.now();
        app.write(move |conn| -> Result<_, Problem> {
            Ok(leases::take(
                conn,
                name,
                holder,
                now,
                TimeDelta::minutes(10),
            )?)
        })
        .unwrap()
    };
    assert!(take("a", "one"));
    assert!(!take("a", "two"));
    assert!(take("b", "two"));
    app.clock.advance(TimeDelta::minutes(9));
    assert!(take("a", "one"), "the same holder renews it");
    app.clock.advance(TimeDelta::minutes(9));
    assert!(!take("a", "two"));
    app.clock.advance(TimeDelta::minutes(1));
    assert!(take("a", "two"));
    assert!(!take("a", "one"));
    let rests = app.app.now() + TimeDelta::minutes(5);
    app.write(move |conn| -> Result<_, Problem> { Ok(leases::rest(conn, "a", rests)?) })
        .unwrap();
    assert!(!take("a", "one") && !take("a", "two"));
    app.clock.advance(TimeDelta::minutes(5));
    assert!(take("a", "one"));
}

#[actix_web::test]
async fn two_instances_at_once_get_a_lease_once() {
    let app = TestApp::new().await;
    let other = app.another_instance();
    let take = async |app: &twincity::app::App, holder: &'static str| {
        let now = app.now();
        app.db
            .write(move |conn| -> Result<_, Problem> {
                Ok(leases::take(conn, "a", holder, now, TimeDelta::minutes(1))?)
            })
            .await
            .unwrap()
    };
    let (one, two) = join(take(&app.app, "one"), take(&other, "two")).await;
    assert!(one != two);
}
