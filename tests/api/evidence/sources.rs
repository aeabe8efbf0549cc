//! One source, from recording to withdrawal.

use serde_json::json;

use crate::support::TestApp;

const SOURCES: &str = "/api/v1/sources";

#[actix_web::test]
async fn a_source_is_recorded_read_changed_and_withdrawn() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let made = admin
        .post(SOURCES, json!({"kind": "press", "title": " Gazeta ", "published_on": "1992-06", "language": "pl"}))
        .await
        .expect(201);
    let location = made.header("location").unwrap().to_owned();
    assert_eq!(location, format!("{SOURCES}/{}", made.id()));
    assert_eq!(made.etag(), "\"1\"");
    let body = made.json();
    assert_eq!(
        (&body["title"], &body["published_on"]),
        (&json!("Gazeta"), &json!("1992-06"))
    );
    assert_eq!(
        (&body["version"], &body["created_by"]),
        (&json!(1), &json!({"role": "admin"}))
    );
    assert_eq!(body["created_at"], "2026-11-24T12:00:00.000Z");

    let read = app.get(&location).await.expect(200);
    assert_eq!(read.json(), body);
    assert_eq!(read.header("cache-control"), Some("public, no-cache"));
    assert_eq!(
        read.header("last-modified"),
        Some("Tue, 24 Nov 2026 12:00:00 GMT")
    );

    app.clock.advance(chrono::TimeDelta::minutes(5));
    let changed = admin
        .patch(
            &location,
            "\"1\"",
            json!({"title": "Kurier", "language": null}),
        )
        .await
        .expect(200);
    assert_eq!(changed.etag(), "\"2\"");
    let body = changed.json();
    assert_eq!(
        (&body["title"], body.get("language")),
        (&json!("Kurier"), None)
    );
    assert_eq!(body["updated_at"], "2026-11-24T12:05:00.000Z");

    admin
        .delete(&format!("{location}?reason=entered+twice"), "\"2\"")
        .await
        .expect(204);
    let gone = app.get(&location).await.problem("withdrawn");
    assert_eq!(gone["reason"], "entered twice");
    admin
        .patch(&location, "\"3\"", json!({"title": "x"}))
        .await
        .problem("withdrawn");
    assert_eq!(app.get(SOURCES).await.json()["data"], json!([]));

    let history = app
        .get(&format!("{location}/history"))
        .await
        .expect(200)
        .json();
    let ops: Vec<_> = history["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["op"].clone())
        .collect();
    assert_eq!(ops, ["withdrawn", "updated", "created"]);
    assert_eq!(history["data"][0]["reason"], "entered twice");
}

#[actix_web::test]
async fn every_fault_of_a_body_is_told_at_once() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let body = json!({"kind": "hearsay", "title": " ", "url": "ftp://x", "published_on": "19xx", "language": "klingonisch"});
    let mut pointers = admin
        .post(SOURCES, body)
        .await
        .pointers("validation-failed");
    pointers.sort();
    assert_eq!(
        pointers,
        ["/kind", "/language", "/published_on", "/title", "/url"]
    );
    assert_eq!(
        admin
            .post(SOURCES, json!({}))
            .await
            .pointers("validation-failed"),
        ["/kind", "/title"]
    );

    let unknown = admin
        .post(SOURCES, json!({"kind": "press", "titel": "Gazeta"}))
        .await;
    let unknown = unknown.problem("malformed-request");
    assert_eq!(unknown["errors"][0]["pointer"], "/titel");
    let message = unknown["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("did you mean \"title\"?"), "{message}");

    let wrong = admin
        .post(SOURCES, json!({"kind": "press", "title": 7}))
        .await;
    assert_eq!(wrong.pointers("malformed-request"), ["/title"]);
    let nul = admin
        .post(SOURCES, json!({"kind": "press", "title": "a\u{0}b"}))
        .await;
    assert_eq!(nul.pointers("malformed-request"), ["/title"]);
    assert_eq!(app.revision().await, 0);
}

#[actix_web::test]
async fn a_reader_who_holds_the_version_is_not_sent_it_again() {
    let app = TestApp::new().await;
    let made = app
        .as_admin()
        .post(SOURCES, json!({"kind": "press", "title": "Gazeta"}))
        .await
        .expect(201);
    let path = format!("{SOURCES}/{}", made.id());
    for (name, value, status) in [
        ("If-None-Match", "\"1\"", 304),
        ("If-None-Match", "W/\"1\"", 304),
        ("If-None-Match", "\"0\", \"1\"", 304),
        ("If-None-Match", "*", 304),
        ("If-None-Match", "\"2\"", 200),
        ("If-Modified-Since", "Tue, 24 Nov 2026 12:00:00 GMT", 304),
        ("If-Modified-Since", "Tue, 24 Nov 2026 11:59:59 GMT", 200),
        ("If-Modified-Since", "yesterday", 200),
    ] {
        let answer = app
            .anonymous()
            .header(name, value)
            .get(&path)
            .await
            .expect(status);
        assert_eq!(answer.header("etag"), Some("\"1\""), "{value}");
        assert_eq!(answer.bytes().is_empty(), status == 304, "{value}");
    }
    let list = app.get(SOURCES).await.expect(200);
    assert!(list.etag().starts_with("W/"));
    app.anonymous()
        .header("If-None-Match", &list.etag())
        .get(SOURCES)
        .await
        .expect(304);
    let answer = app.as_admin().get(&path).await;
    assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
}
