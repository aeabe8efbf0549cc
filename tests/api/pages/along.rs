//! What pages show can be taken along in other formats, and stands in the page as linked data.

use serde_json::{Value, json};

use super::{partner, with_example};
use crate::support::TestApp;

/// The parts of a text that stand between two others.
fn between<'t>(text: &'t str, before: &str, after: &str) -> Vec<&'t str> {
    let parts = text.split(before).skip(1);
    parts
        .map(|part| part.split(after).next().unwrap())
        .collect()
}

/// The first record of a collection.
async fn first(app: &TestApp, collection: &str) -> String {
    let list = app.get(&format!("/api/v1/{collection}?limit=1")).await;
    let list = list.expect(200).json();
    list["data"][0]["id"].as_str().unwrap().to_owned()
}

const COLLECTIONS: [&str; 6] = [
    "partners",
    "agreements",
    "networks",
    "memberships",
    "activities",
    "sources",
];

#[actix_web::test]
async fn what_a_page_shows_can_be_taken_along() {
    let app = with_example().await;
    let city = partner(&app, "bialystok").await;
    let mut pages = vec![
        (String::new(), 6 * 7 + 1),
        ("search?q=grodno".to_owned(), 1 + 3 * 7),
        ("search?q=no-such-name".to_owned(), 1),
        (format!("partners/{city}"), 3 * 7 + 2),
        (format!("partners/{city}?as_of=2021-06-01"), 3 * 7 + 2),
    ];
    for collection in &COLLECTIONS[1..] {
        let id = first(&app, collection).await;
        let count = if *collection == "networks" { 14 } else { 7 };
        pages.push((format!("{collection}/{id}"), count));
    }
    for lang in ["en", "pl"] {
        for (page, count) in &pages {
            let page = app.get(&format!("/{lang}/{page}")).await.expect(200);
            let (head, body) = page.text().split_once("<body>").unwrap();
            let told: Vec<(&str, &str)> =
                between(head, "<link rel=\"alternate\" type=\"", "\" title")
                    .into_iter()
                    .map(|link| link.split_once("\" href=\"").unwrap())
                    .collect();
            assert_eq!(told.len(), *count, "{page}");
            let seen = body.split("<section class=\"along").nth(1).unwrap();
            let seen = seen.split("</section>").next().unwrap();
            let seen = between(seen, "<a href=\"", "\"");
            let hrefs: Vec<&str> = told.iter().map(|(_, href)| *href).collect();
            assert_eq!(seen, hrefs, "{page}");
            for (media_type, href) in told {
                let file = app.get(&href.replace("&amp;", "&")).await.expect(200);
                let sent = file.header("content-type").unwrap();
                assert_eq!(sent.split(';').next(), Some(media_type), "{href}");
                assert!(href.contains(&format!("lang={lang}")), "{href}");
            }
        }
    }
}

#[actix_web::test]
async fn what_is_taken_along_stands_on_the_day_of_the_page() {
    let app = with_example().await;
    let city = partner(&app, "bialystok").await;
    let address = format!("/en/partners/{city}?as_of=1993-01-01");
    let page = app.get(&address).await.expect(200);
    let table = format!("/api/v1/partners/{city}/partnerships?as_of=1993-01-01&amp;format=csv");
    let href = between(page.text(), "<a href=\"", "\"").into_iter();
    let href = href.clone().find(|href| href.starts_with(&table)).unwrap();
    let then = app.get(&href.replace("&amp;", "&")).await.expect(200);
    assert!(then.text().contains("Eindhoven"), "{then}");
    assert!(!then.text().contains("Grodno"), "{then}");
    // The record itself is not kept as it was.
    assert!(page.text().contains("This entry as it is today"), "{page}");
    assert!(!page.text().contains("application/ld+json\">"), "{page}");
}

#[actix_web::test]
async fn the_page_of_a_record_has_its_linked_data() {
    let app = with_example().await;
    for collection in COLLECTIONS {
        let list = app.get(&format!("/api/v1/{collection}?limit=100")).await;
        let list = list.expect(200).json();
        for record in list["data"].as_array().unwrap() {
            let id = record["id"].as_str().unwrap();
            let page = app.get(&format!("/pl/{collection}/{id}")).await.expect(200);
            let scripts = between(
                page.text(),
                "<script type=\"application/ld+json\">",
                "</script>",
            );
            let [script] = scripts.as_slice() else {
                panic!("{} scripts: {page}", scripts.len());
            };
            let told: Value = serde_json::from_str(script).unwrap();
            let format = format!("/api/v1/{collection}/{id}?format=jsonld&lang=pl");
            let format = app.get(&format).await.expect(200);
            assert_eq!(told, format.json(), "{collection}/{id}");
        }
    }
}

#[actix_web::test]
async fn no_title_leaves_the_linked_data() {
    let app = TestApp::new().await;
    let name = "</script><script>alert(1)</script><!-- <script> & \"x\"";
    let source = json!({"kind": "press", "title": name});
    let registrar = app.as_registrar();
    let source = registrar.post("/api/v1/sources", source).await.expect(201);
    let page = app.get(&format!("/en/sources/{}", source.id())).await;
    let page = page.expect(200);
    assert!(!page.text().contains("alert(1)</script>"), "{page}");
    assert!(!page.text().contains("<!--"), "{page}");
    let script = between(page.text(), "ld+json\">", "</script>")[0];
    let told: Value = serde_json::from_str(script).unwrap();
    let graph = told["@graph"].as_array().unwrap();
    assert!(
        graph.iter().any(|node| node["schema:name"] == name),
        "{told}"
    );
}
