//! Every error has the same form, whoever raised it.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::json;

use crate::support::TestApp;

const SOURCES: &str = "/api/v1/sources";

#[actix_web::test]
async fn nothing_there_is_a_problem_too() {
    let app = TestApp::new().await;
    for path in [
        "/nope",
        "/api/v1/nope",
        "/api/v2",
        "/api/v1/sources/",
        "//",
        "/docs/nope.js",
        "/problems/nope",
    ] {
        let problem = app.get(path).await.problem("not-found");
        assert_eq!(problem["instance"], path);
    }
}

#[actix_web::test]
async fn a_method_that_is_not_taken_is_answered_with_those_that_are() {
    let app = TestApp::new().await;
    for (method, path, allow) in [
        (Method::PUT, SOURCES, "GET, HEAD, POST, OPTIONS"),
        (Method::DELETE, SOURCES, "GET, HEAD, POST, OPTIONS"),
        (
            Method::POST,
            "/api/v1/sources/src_0000000000",
            "GET, HEAD, PATCH, DELETE, OPTIONS",
        ),
        (Method::POST, "/openapi.json", "GET, HEAD, OPTIONS"),
        (Method::POST, "/docs/", "GET, HEAD, OPTIONS"),
        (Method::DELETE, "/", "GET, HEAD, OPTIONS"),
        (Method::PATCH, "/api/v1", "GET, HEAD, OPTIONS"),
        (Method::TRACE, SOURCES, "GET, HEAD, POST, OPTIONS"),
    ] {
        let answer = app
            .send(TestRequest::default().method(method).uri(path))
            .await
            .expect(405);
        assert_eq!(answer.header("allow"), Some(allow), "{path}");
        answer.problem("method-not-allowed");
    }
}

#[actix_web::test]
async fn what_is_not_there_is_told_whatever_is_asked_for() {
    let app = TestApp::new().await;
    for (method, path, code) in [
        (Method::GET, "/api/v1/nope", "not-found"),
        (Method::GET, "/api/v1/nope.atom", "not-found"),
        (Method::GET, "/api/v1/nope?format=csv", "not-found"),
        (Method::GET, "/api/v1/nope?format=nope", "not-found"),
        (Method::POST, "/api/v2/agreements", "not-found"),
        (Method::PUT, SOURCES, "method-not-allowed"),
        (Method::GET, "/api/v1/redactions", "method-not-allowed"),
    ] {
        for accept in ["text/html", "text/csv", "application/json;q=0"] {
            let request = TestRequest::default().method(method.clone()).uri(path);
            let request = request.insert_header(("Accept", accept));
            app.send(request).await.problem(code);
        }
    }
    let request = TestRequest::get().uri(SOURCES);
    let request = request.insert_header(("Accept", "text/html"));
    app.send(request).await.problem("not-acceptable");
}

#[actix_web::test]
async fn a_body_that_is_not_json_is_refused() {
    let app = TestApp::new().await;
    let post = |media: &str, body: &str| {
        TestRequest::post()
            .uri(SOURCES)
            .insert_header(("Content-Type", media))
            .set_payload(body.to_owned())
    };
    let admin = app.as_admin();
    for body in [
        "",
        "{",
        "[1",
        "{\"kind\": \"press\"} x",
        "null",
        "\"text\"",
        "\u{feff}{}",
        "NaN",
    ] {
        admin
            .send(post("application/json", body))
            .await
            .problem("malformed-request");
    }
    let answer = admin.send(post("text/csv", "kind,title")).await;
    assert_eq!(answer.header("accept"), Some("application/json"));
    answer.problem("unsupported-media-type");
    admin
        .send(TestRequest::post().uri(SOURCES))
        .await
        .problem("unsupported-media-type");
    let merge = post("application/merge-patch+json", "{}");
    admin.send(merge).await.problem("unsupported-media-type");
    let right = post(
        "Application/JSON; charset=utf-8",
        r#"{"kind":"press","title":"a"}"#,
    );
    admin.send(right).await.expect(201);
    let large = format!("{{\"title\":\"{}\"}}", "x".repeat(2 * 1024 * 1024));
    admin
        .send(post("application/json", &large))
        .await
        .problem("payload-too-large");
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    admin
        .send(post("application/json", &deep))
        .await
        .problem("malformed-request");
}

#[actix_web::test]
async fn a_member_that_is_given_twice_is_refused() {
    let app = TestApp::new().await;
    for (body, pointer) in [
        (r#"{"kind": "press", "title": "a", "title": "b"}"#, "/title"),
        (
            r#"[{"kind": "press", "title": "a"}, {"kind": "press", "kind": "press"}]"#,
            "/1/kind",
        ),
        (r#"{"a": [{"b/c": {"x": 1, "x": 1}}]}"#, "/a/0/b~1c/x"),
    ] {
        let request = TestRequest::post()
            .uri(SOURCES)
            .insert_header(("Content-Type", "application/json"))
            .set_payload(body);
        let refused = app.as_admin().send(request).await;
        let problem = refused.problem("malformed-request");
        assert_eq!(problem["errors"][0]["code"], "repeated", "{body}");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
    }
    assert_eq!(app.revision().await, 0);
}

#[actix_web::test]
async fn rights_are_checked_before_the_body() {
    let app = TestApp::new().await;
    let post = TestRequest::post()
        .uri(SOURCES)
        .insert_header(("Content-Type", "text/csv"));
    app.send(post).await.problem("unauthenticated");
}

#[actix_web::test]
async fn an_address_that_is_too_long_is_refused() {
    let app = TestApp::new().await;
    app.get(&format!("{SOURCES}?q={}", "x".repeat(9000)))
        .await
        .problem("uri-too-long");
}

#[actix_web::test]
async fn odd_addresses_are_never_our_failure() {
    let app = TestApp::new().await;
    for path in [
        "/%00",
        "/%ff",
        "/api/v1/sources/%00",
        "/api/v1/sources/%ff%fe",
        "/api/v1/sources/a%2fb",
        "/api/v1/sources/%",
        "/api/v1/sources?%",
        "/api/v1/sources?q=%ff",
        "/api/v1/sources?q=%00",
        "/api/v1/sources?%00=1",
        "/api/v1/sources?&&",
        "/api/v1/sources?=",
        "/docs/%00",
        "/docs/../Cargo.toml",
        "/problems/%ff",
        "/api/v1/%ff/src_0000000000/history",
    ] {
        let answer = app.get(path).await;
        assert!(answer.status() < 500, "{answer}");
        if answer.status() >= 400 {
            assert_eq!(
                answer.header("content-type"),
                Some("application/problem+json"),
                "{answer}"
            );
        }
    }
}

#[actix_web::test]
async fn a_panic_is_an_internal_error_and_says_nothing_of_itself() {
    let app = TestApp::new().await;
    let answer = app
        .anonymous()
        .header("X-Request-Id", "abc-1")
        .get("/test/panic")
        .await;
    assert!(!answer.text().contains("purpose"), "{answer}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let problem = answer.problem("internal");
    assert_eq!(
        (&problem["request_id"], &problem["instance"]),
        (&json!("abc-1"), &json!("/test/panic"))
    );
    app.get("/health/ready").await.expect(200);
}

#[actix_web::test]
async fn the_frameworks_own_errors_have_the_form() {
    let app = TestApp::new().await;
    app.get("/test/number/x").await.problem("not-found");
    let answer = app
        .anonymous()
        .header("Accept-Encoding", "identity;q=0, foo")
        .get(SOURCES)
        .await;
    answer.problem("not-acceptable");
}

#[actix_web::test]
async fn a_media_type_that_can_not_be_made_is_refused() {
    let app = TestApp::new().await;
    for (accept, status) in [
        ("text/html", 406),
        ("application/atom+xml", 406),
        ("text/csv", 200),
        ("application/json", 200),
        ("text/html, */*;q=0.1", 200),
        ("application/json;q=0", 406),
        ("application/json;q=0, */*", 200),
    ] {
        let answer = app
            .anonymous()
            .header("Accept", accept)
            .get(SOURCES)
            .await
            .expect(status);
        if status == 406 {
            assert_eq!(
                answer.problem("not-acceptable")["available"][0],
                "application/json"
            );
        }
    }
    app.get(&format!("{SOURCES}?format=json")).await.expect(200);
    let unknown = app.get(&format!("{SOURCES}?format=xml")).await;
    let problem = unknown.problem("malformed-request");
    assert_eq!(
        problem["errors"][0]["message"],
        "allowed are json, csv, xlsx, ndjson, geojson, jsonld, ttl"
    );
    let refused = app.get("/api/v1/stats?format=csv").await;
    assert_eq!(
        refused.problem("not-acceptable")["available"],
        json!(["application/json"])
    );
    app.get("/api/v1/stats?format=xml")
        .await
        .problem("malformed-request");
    // Pages are for people.
    app.anonymous()
        .header("Accept", "text/html")
        .get("/problems")
        .await
        .expect(200);
}

#[actix_web::test]
async fn every_answer_carries_its_request_id_and_is_not_sniffed() {
    let app = TestApp::new().await;
    for path in [SOURCES, "/nope", "/openapi.json", "/"] {
        let answer = app.get(path).await;
        assert_eq!(answer.header("x-request-id").unwrap().len(), 32, "{answer}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("server"), None);
        assert!(answer.header("cache-control").is_some() && answer.header("vary").is_some());
        let echoed = app
            .anonymous()
            .header("X-Request-Id", "job-7:a.b_c")
            .get(path)
            .await;
        assert_eq!(echoed.header("x-request-id"), Some("job-7:a.b_c"));
        for strange in ["", "a b", &"x".repeat(129), "<script>"] {
            let made = app
                .anonymous()
                .header("X-Request-Id", strange)
                .get(path)
                .await;
            assert_eq!(made.header("x-request-id").unwrap().len(), 32, "{made}");
        }
    }
}

#[actix_web::test]
async fn everything_that_is_wrong_with_a_body_is_told_in_one_round() {
    let app = TestApp::new().await;
    let source = json!([{"source_id": "src_0000000000"}]);
    let nobody = "ptn_0000000000";
    for (path, body, expected) in [
        (
            "/api/v1/agreements",
            json!({"signed_on": "2030", "sources": source,
                "parties": [{"partner_id": nobody}, {"partner_id": "ptn_0000000001"}]}),
            vec![
                "/instrument",
                "/parties/0/partner_id",
                "/parties/1/partner_id",
                "/signed_on",
                "/sources/0/source_id",
            ],
        ),
        (
            "/api/v1/partners",
            json!({"name": "A", "host_id": nobody, "website": "x", "sources": source}),
            vec![
                "/country",
                "/host_id",
                "/kind",
                "/sources/0/source_id",
                "/website",
            ],
        ),
        (
            "/api/v1/networks",
            json!({"name": "A", "seat_partner_id": nobody, "sources": source}),
            vec!["/kind", "/seat_partner_id", "/sources/0/source_id"],
        ),
        (
            "/api/v1/memberships",
            json!({"network_id": "net_0000000000", "admitted_on": "2030", "sources": source}),
            vec![
                "/admitted_on",
                "/network_id",
                "/partner_id",
                "/sources/0/source_id",
            ],
        ),
        (
            "/api/v1/activities",
            json!({"participants": [{"partner_id": nobody}], "sources": source}),
            vec![
                "/kind",
                "/participants/0/partner_id",
                "/sources/0/source_id",
                "/title",
            ],
        ),
    ] {
        let mut found = app
            .as_admin()
            .post(path, body)
            .await
            .pointers("validation-failed");
        found.dedup();
        assert_eq!(found, expected, "{path}");
    }
}
