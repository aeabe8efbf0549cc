//! Problems are pages, too.

use serde_json::json;

use super::{partner, with_example};

#[actix_web::test]
async fn what_is_not_there_is_told_in_the_reader_s_language() {
    let app = with_example().await;
    for (path, status, heading) in [
        ("/en/partners/ptn_0000000000", 404, "There is no such page"),
        ("/pl/partners/nonsense", 404, "Nie ma takiej strony"),
        ("/pl/nowhere", 404, "Nie ma takiej strony"),
        (
            "/en/search?q=x&cursor=nonsense",
            400,
            "This address can&#x27;t be read",
        ),
    ] {
        let page = app.get(path).await.expect(status);
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8"),
            "{page}"
        );
        assert!(page.text().contains(heading), "{page}");
        assert!(page.text().contains("noindex"), "{page}");
    }
    // Everything else speaks to programs.
    for path in ["/nowhere", "/api/v1/partners/ptn_0000000000", "/english/x"] {
        let problem = app.get(path).await.expect(404);
        assert_eq!(
            problem.header("content-type"),
            Some("application/problem+json")
        );
    }
    let refused = actix_web::test::TestRequest::delete().uri("/en/");
    let refused = app.send(refused).await.expect(405);
    assert_eq!(refused.header("allow"), Some("GET, HEAD, OPTIONS"));
}

#[actix_web::test]
async fn a_withdrawn_record_says_why_and_a_merged_one_leads_on() {
    let app = with_example().await;
    let registrar = app.as_registrar();
    let source = json!({"kind": "press", "title": "News"});
    let source = registrar.post("/api/v1/sources", source).await.expect(201);
    let path = format!(
        "/api/v1/sources/{}?reason=A%20%3Cb%3Ejoke%3C/b%3E",
        source.id()
    );
    registrar.delete(&path, "*").await.expect(204);
    let page = app
        .get(&format!("/en/sources/{}", source.id()))
        .await
        .expect(410);
    assert!(page.text().contains("A &lt;b&gt;joke&lt;/b&gt;"), "{page}");

    let city = json!({"kind": "municipality", "name": "Twice", "country": "PL"});
    let twice = registrar
        .post("/api/v1/partners", city)
        .await
        .expect(201)
        .id();
    let into = partner(&app, "bialystok").await;
    let merge = json!({"into": into, "reason": "the same"});
    registrar
        .post(&format!("/api/v1/partners/{twice}/merge"), merge)
        .await
        .expect(200);
    let led = app
        .get(&format!("/pl/partners/{twice}?as_of=2020-01-01"))
        .await
        .expect(301);
    let address = format!("/pl/partners/{into}?as_of=2020-01-01");
    assert_eq!(led.header("location"), Some(address.as_str()));
}

#[actix_web::test]
async fn drafts_are_on_no_page() {
    let app = with_example().await;
    let city = json!({"kind": "municipality", "name": "Secretville", "country": "PL", "record_state": "draft"});
    let registrar = app.as_registrar();
    let draft = registrar
        .post("/api/v1/partners", city)
        .await
        .expect(201)
        .id();
    // Not even for who may see it.
    for caller in [&app.anonymous(), &registrar] {
        caller
            .get(&format!("/en/partners/{draft}"))
            .await
            .expect(404);
        let found = caller.get("/en/search?q=Secretville").await.expect(200);
        assert!(!found.text().contains(&draft), "{found}");
    }
}
