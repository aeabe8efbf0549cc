use serde_json::json;

use crate::support::TestApp;

#[actix_web::test]
async fn all_vocabularies_and_each_of_them() {
    let app = TestApp::new().await;
    let all = app.get("/api/v1/vocabularies").await.expect(200).json();
    for vocabulary in all["data"].as_array().unwrap() {
        let name = vocabulary["name"].as_str().unwrap();
        let one = app
            .get(&format!("/api/v1/vocabularies/{name}"))
            .await
            .expect(200)
            .json();
        assert_eq!(&one, vocabulary);
    }
    app.get("/api/v1/vocabularies/colours")
        .await
        .problem("not-found");
    app.get("/api/v1/vocabularies?colour=red")
        .await
        .problem("unknown-parameter");
}

#[actix_web::test]
async fn one_language_beside_english() {
    let app = TestApp::new().await;
    let path = "/api/v1/vocabularies/legal_status";
    let german = app.get(&format!("{path}?lang=de")).await.expect(200);
    let labels = |body: serde_json::Value| body["codes"][3]["label"].clone();
    assert_eq!(labels(german.json()), json!({"en": "In force"}));
    let polish = labels(app.get(&format!("{path}?lang=pl")).await.expect(200).json());
    assert!(
        polish["pl"].is_string() && polish["en"].is_string(),
        "{polish}"
    );
    app.get(&format!("{path}?lang=polish"))
        .await
        .problem("malformed-request");
}

#[actix_web::test]
async fn a_strong_validator_that_follows_the_content() {
    let app = TestApp::new().await;
    let path = "/api/v1/vocabularies/legal_status";
    let etag = app.get(path).await.expect(200).etag();
    assert!(etag.starts_with('"'), "{etag}");
    app.anonymous()
        .header("If-None-Match", &etag)
        .get(path)
        .await
        .expect(304);
    let other = app.get(&format!("{path}?lang=de")).await.expect(200).etag();
    assert_ne!(etag, other);
}
