//! Pages, order, filters and counts of a collection.

use serde_json::{Value, json};

use crate::support::TestApp;

const SOURCES: &str = "/api/v1/sources";

async fn five() -> TestApp {
    let app = TestApp::new().await;
    let titles = ["Żubr", "alfa", "Éclair", "100%", "beta_1"];
    let body: Vec<Value> = titles
        .iter()
        .map(|t| json!({"kind": "press", "title": t}))
        .collect();
    app.as_admin()
        .post(SOURCES, Value::from(body))
        .await
        .expect(201);
    app
}

fn titles(page: &Value) -> Vec<String> {
    let data = page["data"].as_array().unwrap();
    data.iter()
        .map(|source| source["title"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn the_best_match_comes_first_unless_sort_says_otherwise() {
    let app = TestApp::new().await;
    for title in ["A new bridge", "Bridge of friendship", "Cambridge"] {
        let body = json!({"kind": "press", "title": title});
        app.as_admin().post(SOURCES, body).await.expect(201);
    }
    let best = ["Bridge of friendship", "A new bridge", "Cambridge"];
    let all = format!("{SOURCES}?q=bridge");
    assert_eq!(titles(&app.get(&all).await.expect(200).json()), best);
    let first = app.get(&format!("{all}&limit=1")).await.expect(200).json();
    let next = first["page"]["next"].as_str().unwrap();
    let second = app.get(&format!("{all}&limit=1&cursor={next}")).await;
    assert_eq!(titles(&second.expect(200).json()), best[1..2]);
    let sorted = app.get(&format!("{all}&sort=title")).await.expect(200);
    assert_eq!(
        titles(&sorted.json()),
        ["A new bridge", "Bridge of friendship", "Cambridge"]
    );
}

#[actix_web::test]
async fn link_headers_lead_to_the_pages_beside() {
    let app = five().await;
    let first = app
        .get(&format!("{SOURCES}?limit=2&kind=press"))
        .await
        .expect(200);
    let link = first.header("link").unwrap().to_owned();
    let next = first.json()["page"]["next"].as_str().unwrap().to_owned();
    assert_eq!(
        link,
        format!(
            "<{SOURCES}?limit=2&kind=press>; rel=\"first\", \
             <{SOURCES}?limit=2&kind=press&cursor={next}>; rel=\"next\""
        )
    );
    assert_eq!(first.header("registry-revision"), Some("5"));
    let target = link.rsplit('<').next().unwrap().split('>').next().unwrap();
    assert_eq!(
        titles(&app.get(target).await.expect(200).json()),
        ["beta_1", "Éclair"]
    );
}

#[actix_web::test]
async fn a_cursor_belongs_to_its_query() {
    let app = five().await;
    let page = app
        .get(&format!("{SOURCES}?limit=2"))
        .await
        .expect(200)
        .json();
    let next = page["page"]["next"].as_str().unwrap();
    app.get(&format!("{SOURCES}?limit=1&cursor={next}"))
        .await
        .expect(200);
    for query in [
        format!("sort=-title&cursor={next}"),
        format!("kind=press&cursor={next}"),
        "cursor=!".to_owned(),
        "cursor=".to_owned(),
        format!("cursor={}", &next[..next.len() - 2]),
    ] {
        app.get(&format!("{SOURCES}?{query}"))
            .await
            .problem("malformed-request");
    }
}

#[actix_web::test]
async fn filters_narrow_and_counts_count() {
    let app = five().await;
    let all = titles(&app.get(SOURCES).await.expect(200).json());
    assert_eq!(all, ["100%", "alfa", "beta_1", "Éclair", "Żubr"]);
    app.as_admin()
        .post(
            SOURCES,
            json!({"kind": "archive", "title": "zeta", "url": "https://example.org/z"}),
        )
        .await;
    for (query, expected) in [
        ("q=ECLAIR", vec!["Éclair"]),
        ("q=zubr", vec!["Żubr"]),
        ("q=100%25", vec!["100%"]),
        ("q=beta_1", vec!["beta_1"]),
        ("q=b%25a", vec![]),
        ("q=b__a", vec![]),
        ("url=https://example.org/z", vec!["zeta"]),
        ("q=nothing", vec![]),
    ] {
        let page = app
            .get(&format!("{SOURCES}?{query}&count=true"))
            .await
            .expect(200)
            .json();
        assert_eq!(page["total"], expected.len(), "{query}: {page}");
        assert_eq!(titles(&page), expected, "{query}");
    }
    assert_eq!(app.get(SOURCES).await.json().get("total"), None);
    let counted = app
        .get(&format!("{SOURCES}?limit=1&count=true"))
        .await
        .json();
    assert_eq!(
        (counted["data"].as_array().unwrap().len(), &counted["total"]),
        (1, &json!(6))
    );
}

#[actix_web::test]
async fn a_parameter_that_is_not_there_is_refused_by_name() {
    let app = five().await;
    let refused = app
        .get(&format!("{SOURCES}?knd=press"))
        .await
        .problem("unknown-parameter");
    assert_eq!(refused["errors"][0]["parameter"], "knd");
    assert!(
        refused["detail"]
            .as_str()
            .unwrap()
            .contains("did you mean \"kind\"?"),
        "{refused}"
    );
    for query in [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=-1",
        "count=yes",
        "kind=hearsay",
        "sort=colour",
        "sort=title,title",
        "sort=",
        "q=",
        "limit=1&limit=2",
        "include=events",
        "lang=!",
    ] {
        app.get(&format!("{SOURCES}?{query}")).await.expect(400);
    }
    app.get(&format!("{SOURCES}?format=csv2"))
        .await
        .problem("malformed-request");
    let path = format!("{SOURCES}?dry_run=true&colour=red");
    app.as_admin()
        .post(&path, json!({"kind": "press", "title": "a"}))
        .await
        .problem("unknown-parameter");
}
