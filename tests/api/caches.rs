//! What is kept of answers is what would be answered if nothing were.
//!
//! After every kind of write the tests of the feed compare each list and each record with what is kept
//! (`support/follower.rs`); here is what is special about keeping.

use std::time::Duration;

use actix_web::test::TestRequest;
use serde_json::json;
use twincity::config::ServeConfig;
use twincity::core::vocabulary::record::Role;
use twincity::server::Server;

use crate::support::{Answer, TestApp, call};

const NETWORKS: &str = "/api/v1/networks";

fn network(name: &str) -> serde_json::Value {
    json!({"name": name, "kind": "euroregion"})
}

/// Statements that `path` takes.
async fn cost(app: &TestApp, path: &str) -> u64 {
    let before = app.app.db.statements();
    app.get(path).await.expect(200);
    app.app.db.statements() - before
}

/// Asks until what is kept is used: on a busy machine the database may not have been watched for a moment,
/// and then nothing is.
async fn is_kept(app: &TestApp, path: &str) -> bool {
    for _ in 0..100 {
        if cost(app, path).await == 0 {
            return true;
        }
        actix_web::rt::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

#[actix_web::test]
async fn what_was_answered_once_is_answered_without_the_database() {
    let app = TestApp::new().await;
    let id = app
        .as_admin()
        .post(NETWORKS, network("NIEMEN"))
        .await
        .expect(201)
        .id();
    for path in [
        format!("{NETWORKS}?sort=name&limit=5"),
        format!("{NETWORKS}/{id}"),
    ] {
        let first = app.get(&path).await.expect(200);
        assert!(is_kept(&app, &path).await, "{path}");
        let again = app.get(&path).await.expect(200);
        assert_eq!(again.bytes(), first.bytes());
        for name in [
            "etag",
            "cache-control",
            "content-type",
            "last-modified",
            "link",
            "vary",
        ] {
            assert_eq!(again.header(name), first.header(name), "{name} of {path}");
        }
        let held = app.anonymous().header("If-None-Match", &first.etag());
        let held = held.get(&path).await.expect(304);
        assert_eq!((held.etag(), held.text()), (first.etag(), ""));
        // Whoever has a key may see more.
        let staff = app.as_admin().get(&path).await.expect(200);
        assert_eq!(staff.header("cache-control"), Some("private, no-cache"));
    }
    // The order in which things are asked does not matter.
    assert!(is_kept(&app, &format!("{NETWORKS}?limit=5&sort=name")).await);
}

#[actix_web::test]
async fn what_is_asked_beside_an_address_counts_for_a_kept_answer_too() {
    let app = TestApp::new().await;
    app.get(NETWORKS).await.expect(200);
    assert!(is_kept(&app, NETWORKS).await);
    let shown = "access-control-expose-headers";
    assert_eq!(app.get(NETWORKS).await.expect(200).header(shown), None);
    let elsewhere = app
        .anonymous()
        .header("Origin", "https://elsewhere.example");
    let answer = elsewhere.get(NETWORKS).await.expect(200);
    assert!(
        answer
            .header(shown)
            .is_some_and(|names| names.contains("etag"))
    );
    let page = app.anonymous().header("Accept", "text/html");
    page.get(NETWORKS).await.problem("not-acceptable");
    let long = format!("http://{}{NETWORKS}", "a".repeat(9000));
    app.get(&long).await.problem("uri-too-long");
}

#[actix_web::test]
async fn a_kept_answer_is_counted_as_any_other() {
    let app = TestApp::with(ServeConfig {
        rate_limit: 1,
        ..ServeConfig::default()
    })
    .await;
    // Who has no address is not counted.
    app.get(NETWORKS).await.expect(200);
    assert!(is_kept(&app, NETWORKS).await);
    let asked = || {
        TestRequest::get()
            .uri(NETWORKS)
            .peer_addr("192.0.2.1:9".parse().unwrap())
    };
    let first = app.send(asked()).await.expect(200);
    assert_eq!(first.header("ratelimit"), Some("\"address\";r=0;t=60"));
    app.send(asked()).await.problem("too-many-requests");
}

#[actix_web::test]
async fn packed_and_plain_are_kept_apart() {
    let app = TestApp::new().await;
    for n in 0..30 {
        let name = format!("Network number {n}");
        app.as_admin()
            .post(NETWORKS, network(&name))
            .await
            .expect(201);
    }
    let packed = || app.anonymous().header("Accept-Encoding", "gzip");
    let first = packed().get(NETWORKS).await.expect(200);
    assert_eq!(first.header("content-encoding"), Some("gzip"));
    let plain = app.get(NETWORKS).await.expect(200);
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(plain.json()["data"].as_array().unwrap().len(), 30);
    assert_eq!(
        packed().get(NETWORKS).await.expect(200).bytes(),
        first.bytes()
    );
}

#[actix_web::test]
async fn a_write_is_seen_at_once_and_one_that_is_hidden_moves_nothing() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    admin.post(NETWORKS, network("NIEMEN")).await.expect(201);
    let before = app.get(NETWORKS).await.expect(200);
    let mut costs = Vec::new();
    for n in 0..20 {
        assert!(is_kept(&app, NETWORKS).await);
        let mut draft = network(&format!("Not yet {n}"));
        draft["record_state"] = "draft".into();
        admin.post(NETWORKS, draft).await.expect(201);
        costs.push(cost(&app, NETWORKS).await);
    }
    // No more than the number of the last public change is asked for.
    assert!(costs.iter().any(|cost| *cost <= 4), "{costs:?}");
    assert_eq!(app.get(NETWORKS).await.expect(200).etag(), before.etag());
    admin
        .post(NETWORKS, network("EUROCITIES"))
        .await
        .expect(201);
    let after = app.get(NETWORKS).await.expect(200).json();
    assert_eq!(after["data"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn nothing_is_shown_on_another_day_than_it_was_made() {
    let app = TestApp::new().await;
    app.as_admin()
        .post(NETWORKS, network("NIEMEN"))
        .await
        .expect(201);
    app.get(NETWORKS).await.expect(200);
    assert!(is_kept(&app, NETWORKS).await);
    app.clock.advance(chrono::TimeDelta::days(1));
    assert!(cost(&app, NETWORKS).await > 0);
}

#[actix_web::test]
async fn what_another_process_writes_is_seen_soon() {
    let app = TestApp::new().await;
    app.as_admin()
        .post(NETWORKS, network("NIEMEN"))
        .await
        .expect(201);
    let before = app.get(NETWORKS).await.expect(200).etag();
    let other = call(&Server::new(app.another_instance())).await;
    let secret = app.key(Role::Admin, None, None).1;
    let request = TestRequest::post()
        .uri(NETWORKS)
        .insert_header(("Authorization", format!("Bearer {secret}")))
        .set_json(network("EUROCITIES"));
    Answer::read(other(request).await).await.expect(201);
    for _ in 0..100 {
        if app.get(NETWORKS).await.expect(200).etag() != before {
            return;
        }
        actix_web::rt::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("what another process wrote was never seen");
}

#[actix_web::test]
async fn a_person_who_was_redacted_is_in_no_answer() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let id = admin
        .post(NETWORKS, network("NIEMEN"))
        .await
        .expect(201)
        .id();
    let path = format!("{NETWORKS}/{id}");
    assert!(is_kept(&app, &path).await);
    let source = json!({"kind": "press", "title": "Example, mayor, has signed"});
    admin.post("/api/v1/sources", source).await.expect(201);
    let all = json!({"everywhere": true, "person": "Example", "reason": "asked for it"});
    admin.post("/api/v1/redactions", all).await.expect(200);
    // Whatever was kept is gone, of records that it was not found in, too.
    assert!(cost(&app, &path).await > 4);
}
