//! Many records in one request, and one request sent twice.

use actix_web::test::TestRequest;
use serde_json::json;

use crate::support::TestApp;

const SOURCES: &str = "/api/v1/sources";

#[actix_web::test]
async fn one_wrong_record_of_an_array_keeps_all_out() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let body =
        json!([{"kind": "press", "title": "a"}, {"kind": "press"}, {"title": "", "kind": "x"}]);
    let mut pointers = admin
        .post(SOURCES, body)
        .await
        .pointers("validation-failed");
    pointers.sort();
    assert_eq!(pointers, ["/1/title", "/2/kind", "/2/title"]);

    let body = json!([{"kind": "press", "title": 1}, {"kind": "press", "titel": "a"}]);
    let pointers = admin
        .post(SOURCES, body)
        .await
        .pointers("malformed-request");
    assert_eq!(pointers, ["/0/title", "/1/titel"]);

    for body in [
        json!([]),
        json!(vec![json!({"kind": "press", "title": "a"}); 501]),
    ] {
        admin.post(SOURCES, body).await.problem("validation-failed");
    }
    assert_eq!(app.revision().await, 0);
}

#[actix_web::test]
async fn an_answer_is_kept_for_its_key_as_it_was_for_a_day() {
    let app = TestApp::new().await;
    let admin = app.as_admin().header("Idempotency-Key", "first");
    let body = json!({"kind": "press", "title": "Gazeta"});
    let made = admin.post(SOURCES, body.clone()).await.expect(201);
    let again = admin.post(SOURCES, body.clone()).await.expect(201);
    assert_eq!((again.id(), again.etag()), (made.id(), made.etag()));
    app.clock.advance(chrono::TimeDelta::hours(25));
    let later = admin.post(SOURCES, body).await.expect(201);
    assert_ne!(later.id(), made.id());
}

#[actix_web::test]
async fn a_dry_run_does_not_use_its_key_up() {
    let app = TestApp::new().await;
    let admin = app.as_admin().header("Idempotency-Key", "k");
    admin
        .post(
            &format!("{SOURCES}?dry_run=true"),
            json!({"kind": "press", "title": "a"}),
        )
        .await
        .expect(200);
    admin
        .post(SOURCES, json!({"kind": "press", "title": "a"}))
        .await
        .expect(201);
}

#[actix_web::test]
async fn a_key_must_be_plain_text() {
    let app = TestApp::new().await;
    let body = json!({"kind": "press", "title": "a"});
    for key in ["", &"x".repeat(256)] {
        let caller = app.as_admin().header("Idempotency-Key", key);
        caller
            .post(SOURCES, body.clone())
            .await
            .problem("malformed-request");
    }
    let request = TestRequest::post()
        .uri(SOURCES)
        .insert_header(("Idempotency-Key", "ł".as_bytes()))
        .set_json(&body);
    app.as_admin()
        .send(request)
        .await
        .problem("malformed-request");
}
