//! What pages of other origins may do.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use twincity::config::ServeConfig;

use crate::support::TestApp;

const SOURCES: &str = "/api/v1/sources";
const OWN: &str = "https://app.example.org";
const OTHER: &str = "https://elsewhere.example";

async fn app() -> TestApp {
    TestApp::with(ServeConfig {
        cors_origins: vec![OWN.to_owned()],
        ..ServeConfig::default()
    })
    .await
}

fn preflight(origin: &str, method: &str, headers: &str) -> TestRequest {
    TestRequest::default()
        .method(Method::OPTIONS)
        .uri(SOURCES)
        .insert_header(("Origin", origin))
        .insert_header(("Access-Control-Request-Method", method))
        .insert_header(("Access-Control-Request-Headers", headers))
}

#[actix_web::test]
async fn any_origin_may_read_and_sees_the_headers_that_matter() {
    let app = app().await;
    let answer = app
        .anonymous()
        .header("Origin", OTHER)
        .get(SOURCES)
        .await
        .expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), Some(OTHER));
    let exposed = answer
        .header("access-control-expose-headers")
        .unwrap()
        .to_ascii_lowercase();
    for name in [
        "etag",
        "link",
        "location",
        "ratelimit",
        "ratelimit-policy",
        "retry-after",
        "x-request-id",
        "registry-revision",
        "idempotency-replayed",
        "content-disposition",
    ] {
        assert!(
            exposed.split(", ").any(|one| one == name),
            "{name}: {exposed}"
        );
    }
    // Problems can be read as well, whichever layer raised them.
    for (accept, path) in [
        ("*/*", "/api/v1/sources/nope"),
        ("text/html", SOURCES),
        ("*/*", "/nope"),
    ] {
        let caller = app
            .anonymous()
            .header("Origin", OTHER)
            .header("Accept", accept);
        let answer = caller.get(path).await;
        assert!(answer.status() >= 400);
        assert_eq!(
            answer.header("access-control-allow-origin"),
            Some(OTHER),
            "{answer}"
        );
    }
}

#[actix_web::test]
async fn a_preflight_is_answered_by_what_it_announces() {
    let app = app().await;
    for (origin, method, status) in [
        (OTHER, "GET", 200),
        (OWN, "GET", 200),
        (OWN, "POST", 200),
        (OWN, "PATCH", 200),
        (OWN, "DELETE", 200),
        (OTHER, "POST", 400),
        (OWN, "PUT", 400),
    ] {
        let headers = "authorization, content-type, if-match, idempotency-key, x-request-id";
        let answer = app
            .send(preflight(origin, method, headers))
            .await
            .expect(status);
        if status == 200 {
            assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
            assert_eq!(answer.header("access-control-max-age"), Some("3600"));
            assert!(
                answer
                    .header("access-control-allow-methods")
                    .unwrap()
                    .contains(method)
            );
            let allowed = answer.header("access-control-allow-headers").unwrap();
            assert!(
                allowed.to_ascii_lowercase().contains("if-match"),
                "{allowed}"
            );
        } else {
            answer.problem("malformed-request");
        }
    }
    // Pages are instrumented, and their requests carry what that adds.
    for name in [
        "traceparent",
        "baggage",
        "cache-control",
        "range",
        "x-requested-with",
        "x-other",
    ] {
        let answer = app.send(preflight(OTHER, "GET", name)).await.expect(200);
        let allowed = answer.header("access-control-allow-headers").unwrap();
        assert!(allowed.contains(name), "{allowed}");
    }
    // What decides is the origin.
    app.send(preflight(OTHER, "POST", "x-other"))
        .await
        .problem("malformed-request");
}

#[actix_web::test]
async fn options_without_an_origin_lists_the_methods() {
    let app = app().await;
    for (path, allow) in [
        (SOURCES, "GET, HEAD, POST, OPTIONS"),
        (
            "/api/v1/sources/src_0000000000",
            "GET, HEAD, PATCH, DELETE, OPTIONS",
        ),
        ("/health/live", "GET, HEAD, OPTIONS"),
        ("/docs/", "GET, HEAD, OPTIONS"),
        ("/", "GET, HEAD, OPTIONS"),
    ] {
        let request = TestRequest::default().method(Method::OPTIONS).uri(path);
        let answer = app.send(request).await.expect(204);
        assert_eq!(answer.header("allow"), Some(allow), "{path}");
    }
    app.send(TestRequest::default().method(Method::OPTIONS).uri("/nope"))
        .await
        .problem("not-found");
}
