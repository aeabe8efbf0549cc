//! What is for other sites: a page to frame, and what search engines are told.

use std::collections::BTreeSet;

use super::{partner, with_example, words};
use crate::support::TestApp;

#[actix_web::test]
async fn a_city_may_frame_its_partners_and_nothing_else() {
    let app = with_example().await;
    let id = partner(&app, "bialystok").await;
    let framed = format!("/embed/partners/{id}");
    let page = app.get(&format!("{framed}?lang=pl")).await.expect(200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(!policy.contains("frame-ancestors"), "{policy}");
    assert!(!policy.contains("script-src"), "{policy}");
    assert_eq!(page.header("x-frame-options"), None);
    assert_eq!(page.header("set-cookie"), None);
    assert_eq!(page.header("referrer-policy"), Some("same-origin"));
    let text = page.text();
    for absent in ["<script", "/preferences", "<form"] {
        assert!(!text.contains(absent), "{absent}: {page}");
    }
    assert!(text.contains("<html lang=\"pl\">"), "{page}");
    let said = words(&page);
    assert!(
        said.contains("Eindhoven") && said.contains("1992"),
        "{said}"
    );
    assert!(!said.contains("Kaliningrad"), "{said}");
    let english = words(&app.get(&framed).await.expect(200));
    assert!(english.contains("Partners of"), "{english}");
    // Its errors can be seen in the frame, too.
    let gone = app
        .get("/embed/partners/ptn_0000000000?lang=pl")
        .await
        .expect(404);
    assert!(gone.text().contains("<h1>Nie ma takiej strony"), "{gone}");
    assert_eq!(gone.header("x-frame-options"), None);
    let whole = app.get(&format!("/en/partners/{id}")).await.expect(200);
    let snippet = format!("&lt;iframe src=\"http://127.0.0.1:8080{framed}?lang=en\"");
    assert!(whole.text().contains(&snippet), "{whole}");
    assert_eq!(whole.header("x-frame-options"), Some("DENY"));
}

#[actix_web::test]
async fn the_lines_to_copy_are_sound_whatever_a_partner_is_called() {
    let app = TestApp::new().await;
    let body =
        serde_json::json!({"kind": "municipality", "country": "PL", "name": "A\" onload=\"x & co"});
    let made = app.as_registrar().post("/api/v1/partners", body).await;
    let id = made.expect(201).id();
    let page = app.get(&format!("/en/partners/{id}")).await.expect(200);
    // What stands in the field, as a browser reads it.
    let lines = page.text().split("<textarea id=\"embed\"").nth(1).unwrap();
    let lines = lines.split("</textarea>").next().unwrap();
    let lines = lines.replace("&quot;", "\"").replace("&amp;", "&");
    let title = " title=\"Partners of A&quot; onload=&quot;x &amp; co\" width=";
    assert!(lines.contains(title), "{lines}");
}

/// The addresses in a list for search engines, behind scheme and host.
async fn located(app: &TestApp, path: &str) -> Vec<String> {
    let list = app.get(path).await.expect(200);
    assert_eq!(
        list.header("content-type"),
        Some("application/xml; charset=utf-8")
    );
    let places = list.text().split("<loc>").skip(1);
    let places = places.map(|rest| rest.split("</loc>").next().unwrap());
    let base = "http://127.0.0.1:8080";
    places
        .map(|place| place.strip_prefix(base).unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn search_engines_are_told_every_page_of_every_record_once() {
    let app = with_example().await;
    let city = serde_json::json!({"kind": "county", "name": "Draft", "country": "PL", "record_state": "draft"});
    let draft = app.as_registrar().post("/api/v1/partners", city).await;
    let draft = draft.expect(201).id();
    let robots = app.get("/robots.txt").await.expect(200);
    assert!(
        robots
            .text()
            .contains("Sitemap: http://127.0.0.1:8080/sitemap.xml"),
        "{robots}"
    );
    let mut pages = Vec::new();
    for part in located(&app, "/sitemap.xml").await {
        pages.extend(located(&app, &part).await);
    }
    let distinct: BTreeSet<&String> = pages.iter().collect();
    assert_eq!(distinct.len(), pages.len());
    assert!(!pages.iter().any(|page| page.contains(&draft)));
    let stats = app.get("/api/v1/stats").await.expect(200).json();
    let totals = stats["totals"].as_object().unwrap();
    let records: i64 = totals.values().map(|count| count.as_i64().unwrap()).sum();
    assert_eq!(i64::try_from(pages.len()).unwrap(), 2 * (records + 8));
    for list in ["/en/partners", "/pl/agreements", "/pl/networks"] {
        assert!(pages.iter().any(|page| page == list), "{list}");
    }
    for page in &pages {
        let page = app.get(page).await.expect(200);
        assert!(!page.text().contains("noindex"), "{page}");
    }
    let index = app.get("/sitemap.xml").await.expect(200);
    let again = app.anonymous().header("If-None-Match", &index.etag());
    again.get("/sitemap.xml").await.expect(304);
    for wrong in [
        "users-1",
        "partners-0",
        "partners-2",
        "memberships-2",
        "nonsense",
    ] {
        app.get(&format!("/sitemaps/{wrong}.xml")).await.expect(404);
    }
}

#[actix_web::test]
async fn pages_are_known_by_whole_addresses_where_the_registry_knows_its_own() {
    let config = twincity::config::ServeConfig {
        public_url: Some("https://registry.example.org".to_owned()),
        ..twincity::config::ServeConfig::default()
    };
    let app = TestApp::with(config).await;
    let page = app.get("/pl/?as_of=").await.expect(200);
    for part in [
        "<link rel=\"canonical\" href=\"https://registry.example.org/pl/\">",
        "hreflang=\"en\" href=\"https://registry.example.org/en/",
        "<meta property=\"og:title\" content=\"Strona główna\">",
        "<meta property=\"og:url\" content=\"https://registry.example.org/pl/\">",
    ] {
        assert!(page.text().contains(part), "{part}: {page}");
    }
}
