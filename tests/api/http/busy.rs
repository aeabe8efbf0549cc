//! What can't be had just now: a key that is being worked on, a database without a free connection.

use std::sync::{Arc, Barrier};

use serde_json::json;
use twincity::http::problem::Problem;

use crate::support::TestApp;
use twincity::core::vocabulary::record::Role;

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
    let held = usize::try_from(app.app.db.connections()).unwrap();
    let (taken, done) = (
        Arc::new(Barrier::new(held + 1)),
        Arc::new(Barrier::new(held + 1)),
    );
    let threads: Vec<_> = (0..held)
        .map(|_| {
            let (db, taken, done) = (app.app.db.clone(), Arc::clone(&taken), Arc::clone(&done));
            std::thread::spawn(move || {
                db.read_blocking(|_| -> Result<(), Problem> {
                    taken.wait();
                    done.wait();
                    Ok(())
                })
                .unwrap();
            })
        })
        .collect();
    taken.wait();
    let answer = app.get("/api/v1/sources").await;
    assert_eq!(answer.header("retry-after"), Some("5"));
    answer.problem("unavailable");
    done.wait();
    for thread in threads {
        thread.join().unwrap();
    }
    app.get("/api/v1/sources").await.expect(200);
}
