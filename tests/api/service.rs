//! Health, the document and the pages.

use serde_json::json;
use twincity::config::ServeConfig;
use twincity::http::code::Code;

use crate::support::TestApp;

#[actix_web::test]
async fn health_is_told_without_and_with_the_database() {
    let app = TestApp::new().await;
    let live = app.get("/health/live").await.expect(200);
    assert_eq!(
        (live.json(), live.header("cache-control")),
        (json!({"status": "ok"}), Some("no-store"))
    );
    let ready = app.get("/health/ready").await.expect(200).json();
    assert_eq!(ready, json!({"status": "ok", "revision": 0}));
}

#[actix_web::test]
async fn the_document_is_served_with_a_validator() {
    let app = TestApp::new().await;
    let document = app.get("/openapi.json").await.expect(200);
    assert_eq!(document.header("content-type"), Some("application/json"));
    assert_eq!(document.json()["openapi"], "3.1.0");
    app.anonymous()
        .header("If-None-Match", &document.etag())
        .get("/openapi.json")
        .await
        .expect(304);
}

#[actix_web::test]
async fn the_root_lists_the_collections() {
    let app = TestApp::new().await;
    let root = app.get("/api/v1").await.expect(200);
    let body = root.json();
    let all = body["collections"].as_array().unwrap();
    assert!(
        all.contains(&json!({"name": "sources", "href": "/api/v1/sources"})),
        "{body}"
    );
    for collection in all {
        let path = collection["href"].as_str().unwrap();
        assert_ne!(app.get(path).await.status(), 404, "{path}");
    }
    for path in [&body["documentation"], &body["openapi"]] {
        app.get(path.as_str().unwrap()).await.expect(200);
    }
    app.anonymous()
        .header("If-None-Match", &root.etag())
        .get("/api/v1")
        .await
        .expect(304);
}

#[actix_web::test]
async fn the_documentation_needs_nothing_from_elsewhere() {
    let app = TestApp::new().await;
    let redirect = app.get("/docs").await.expect(308);
    assert_eq!(redirect.header("location"), Some("/docs/"));
    let index = app.get("/docs/").await.expect(200);
    let policy = index.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("http"),
        "{policy}"
    );
    let html = index.text();
    assert!(
        !html.contains("//cdn") && !html.contains("<script>"),
        "{html}"
    );
    let files: Vec<&str> = html
        .split(['"', '\''])
        .filter(|part| part.ends_with(".js") || part.ends_with(".css") || part.ends_with(".png"))
        .collect();
    assert!(files.len() >= 4, "{html}");
    for file in files {
        app.get(&format!("/docs/{}", file.trim_start_matches("./")))
            .await
            .expect(200);
    }
    let settings = app.get("/docs/swagger-initializer.js").await.expect(200);
    assert!(settings.text().contains("/openapi.json"), "{settings}");
}

#[actix_web::test]
async fn every_problem_has_a_page() {
    let app = TestApp::new().await;
    let list = app.get("/problems").await.expect(200);
    for code in Code::ALL {
        let path = format!("/problems/{}", code.as_str());
        assert!(list.text().contains(&path), "{path}");
        let page = app.get(&path).await.expect(200);
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        assert!(
            page.header("content-security-policy")
                .unwrap()
                .contains("default-src 'none'")
        );
        assert!(
            page.text().contains(code.as_str()) && !page.text().contains('`'),
            "{page}"
        );
    }
}

#[actix_web::test]
async fn the_api_can_be_found() {
    let config = ServeConfig {
        public_url: Some("https://r.example".to_owned()),
        ..ServeConfig::default()
    };
    let app = TestApp::with(config).await;
    let answer = app.get("/.well-known/api-catalog").await.expect(200);
    assert_eq!(
        answer.header("content-type"),
        Some("application/linkset+json")
    );
    let link = &answer.json()["linkset"][0];
    assert_eq!(link["anchor"], "https://r.example/api/v1");
    assert_eq!(
        link["service-desc"][0]["href"],
        "https://r.example/openapi.json"
    );
}
