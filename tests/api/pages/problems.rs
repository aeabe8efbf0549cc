//! Problems are pages, too.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::json;
use twincity::config::ServeConfig;

use super::{partner, with_example};
use crate::support::TestApp;

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
    // A browser gets a page wherever it asks, in its own language where the address names none.
    let browser = app
        .anonymous()
        .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
        .header("Accept-Language", "pl,en;q=0.5");
    for path in ["/nowhere", "/a/b?c", "/r/nonsense", "/problems/nonsense"] {
        let page = browser.get(path).await.expect(404);
        assert!(page.text().contains("Nie ma takiej strony"), "{page}");
        assert!(page.text().contains("href=\"/en/\" lang=\"en\""), "{page}");
        assert_eq!(
            page.header("vary"),
            Some("Accept, Accept-Language, Accept-Encoding")
        );
        assert_eq!(page.header("referrer-policy"), Some("same-origin"));
    }
    let data = browser.get("/api/v1/nowhere").await.expect(404);
    assert_eq!(
        data.header("content-type"),
        Some("application/problem+json")
    );
    // Everything else speaks to programs.
    for path in ["/nowhere", "/api/v1/partners/ptn_0000000000", "/english/x"] {
        let problem = app.get(path).await.expect(404);
        assert_eq!(
            problem.header("content-type"),
            Some("application/problem+json")
        );
    }
    let refused = TestRequest::delete().uri("/en/");
    let refused = app.send(refused).await.expect(405);
    assert_eq!(refused.header("allow"), Some("GET, HEAD, OPTIONS"));
    // HEAD says whether a page is there, and makes none.
    let head = |path: &'static str| app.send(TestRequest::default().method(Method::HEAD).uri(path));
    let there = head("/en/partners").await.expect(200);
    assert!(there.header("etag").is_some() && there.text().is_empty());
    head("/en/partners/ptn_0000000000").await.expect(404);
}

#[actix_web::test]
async fn what_was_wrong_with_an_address_is_said_in_the_reader_s_language() {
    let app = with_example().await;
    let id = partner(&app, "bialystok").await;
    for (path, said) in [
        (
            format!("/pl/partners/{id}?as_of=x"),
            "Dzień zapisuje się tak: 2021-06-01.",
        ),
        (
            format!("/en/partners/{id}?as_of=x"),
            "A day is written like this: 2021-06-01.",
        ),
        (
            format!("/pl/partners/{id}?cursor=x"),
            "Tej części listy nie ma",
        ),
        (
            format!("/embed/partners/{id}?lang=pl&cursor=x"),
            "Tej części listy nie ma",
        ),
    ] {
        let page = app.get(&path).await.expect(400);
        assert!(page.text().contains(said), "{page}");
        assert!(!page.text().contains("lang=\"en\">must"), "{page}");
        // Only where there is a search is it advised.
        let advised = page.text().contains("u góry") || page.text().contains("search above");
        assert_eq!(advised, !path.starts_with("/embed"), "{page}");
    }
}

#[actix_web::test]
async fn a_page_that_an_address_asks_wrongly_for_leads_back_to_the_page() {
    let app = with_example().await;
    let id = partner(&app, "bialystok").await;
    for (path, back) in [
        (
            format!("/pl/partners/{id}?as_of=nonsense"),
            format!("<a href=\"/pl/partners/{id}\">Wróć do dziś</a>"),
        ),
        (
            format!("/en/partners/{id}?sort=near&as_of=2999-01-01"),
            format!("<a href=\"/en/partners/{id}?sort=near\">Back to today</a>"),
        ),
        (
            "/en/search?q=a%22b&cursor=x".to_owned(),
            "<a href=\"/en/search?q=a%22b\">The list from its beginning</a>".to_owned(),
        ),
        (
            "/en/partners?country=XX".to_owned(),
            "<a href=\"/en/partners\">The page without this choice</a>".to_owned(),
        ),
        (
            format!("/embed/partners/{id}?lang=pl&cursor=x"),
            format!("<a href=\"/embed/partners/{id}?lang=pl\">Lista od początku</a>"),
        ),
    ] {
        let page = app.get(&path).await.expect(400);
        assert!(page.text().contains(&back), "{page}");
        let (_, link) = back.split_once('"').unwrap();
        app.get(link.split('"').next().unwrap()).await.expect(200);
    }
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
async fn an_address_that_is_spelt_otherwise_leads_to_the_page() {
    let app = with_example().await;
    for (address, expected) in [
        ("/en/partners/", "/en/partners"),
        ("/EN/partners", "/en/partners"),
        ("/pl/agreements?country=de", "/pl/agreements?country=DE"),
        // A list of today does not stand below the banner of another day.
        ("/pl/partners?as_of=2021-06-01", "/pl/partners"),
        ("/pl/networks?as_of=2021-06-01", "/pl/networks"),
    ] {
        let led = app.get(address).await.expect(308);
        assert_eq!(led.header("location"), Some(expected), "{address}");
        app.get(expected).await.expect(200);
    }
    // Addresses of the API are what they are.
    app.get("/api/v1/partners/").await.expect(404);
}

#[actix_web::test]
async fn a_link_that_leads_to_nothing_has_no_button_that_can_only_fail() {
    let app = TestApp::new().await;
    for (path, form) in [
        ("subscriptions/confirm", "subscriptions"),
        ("subscriptions/unsubscribe", "subscriptions"),
        ("suggest/confirm", "suggest"),
    ] {
        let address = format!("/pl/{path}");
        let sent = TestRequest::post()
            .uri(&address)
            .set_form([("token", "tcu_none")]);
        let ours = app.anonymous().header("Sec-Fetch-Site", "same-origin");
        let wrong = ours.send(sent).await.expect(422);
        for page in [wrong, app.get(&address).await.expect(422)] {
            let text = page.text();
            assert!(
                text.contains("<h1>Ten odnośnik już nie działa</h1>"),
                "{page}"
            );
            let main = text.split("<main").nth(1).unwrap().split("</main>").next();
            assert!(!main.unwrap().contains("<button"), "{page}");
            assert!(text.contains(&format!("<a href=\"/pl/{form}\">")), "{page}");
        }
    }
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

#[actix_web::test]
async fn who_asks_too_often_is_told_on_a_page_when_to_come_back() {
    let app = TestApp::with(ServeConfig {
        rate_limit: 1,
        ..ServeConfig::default()
    })
    .await;
    let ask = || {
        TestRequest::get()
            .uri("/pl/search")
            .peer_addr("192.0.2.1:9".parse().unwrap())
    };
    app.send(ask()).await.expect(200);
    let page = app.send(ask()).await.expect(429);
    assert!(page.text().contains("<h1>Zbyt wiele zapytań"), "{page}");
    let wait: u64 = page.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{page}");
    assert!(
        page.text().contains(&format!("wrócić za {wait} sekund")),
        "{page}"
    );
    assert_eq!(page.header("cache-control"), Some("no-store"));
}

#[actix_web::test]
async fn a_busy_registry_says_so_on_a_page() {
    let app = TestApp::new().await;
    let held = app.hold_connections();
    let page = app.get("/en/").await.expect(503);
    assert_eq!(page.header("retry-after"), Some("5"));
    assert!(page.text().contains("<h1>The registry is busy"), "{page}");
    assert!(
        page.text().contains("Please come back in 5 seconds."),
        "{page}"
    );
    held.give_back();
    app.get("/en/").await.expect(200);
}
