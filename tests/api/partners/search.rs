//! Filters and orders of the list of partners.

use serde_json::{Value, json};

use crate::support::TestApp;

const PARTNERS: &str = "/api/v1/partners";

fn names(page: &Value) -> Vec<&str> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|partner| partner["name"].as_str().unwrap())
        .collect()
}

async fn three(app: &TestApp) {
    let bodies = json!([
        {"kind": "municipality", "name": "Białystok", "country": "PL", "subdivision": "PL-20", "latitude": 53.1325,
         "longitude": 23.1688, "population": 294_000, "identifiers": [{"scheme": "wikidata", "value": "Q761"}],
         "seeking": {"fields": ["youth"]}},
        {"kind": "municipality", "name": "Eindhoven", "country": "NL", "latitude": 51.44, "longitude": 5.48, "population": 243_000},
        {"kind": "county", "name": "Milwaukee County", "country": "US"},
    ]);
    app.as_admin().post(PARTNERS, bodies).await.expect(201);
}

#[actix_web::test]
async fn each_filter_lets_through_what_it_says() {
    let app = TestApp::new().await;
    three(&app).await;
    for (query, expected) in [
        ("country=PL,NL", vec!["Białystok", "Eindhoven"]),
        ("subdivision=PL-20", vec!["Białystok"]),
        ("kind=county", vec!["Milwaukee County"]),
        ("identifier=wikidata:Q761", vec!["Białystok"]),
        ("bbox=22,52,24,54", vec!["Białystok"]),
        ("near=53.1,23.1,10", vec!["Białystok"]),
        ("near=53.1,23.1,1", vec![]),
        ("seeking_field=youth,sport", vec!["Białystok"]),
        ("has_agreement=true", vec![]),
        (
            "updated_since=2026-11-24T12:00:00Z",
            vec!["Białystok", "Eindhoven", "Milwaukee County"],
        ),
        ("updated_since=2026-11-25", vec![]),
        ("q=county&country=US", vec!["Milwaukee County"]),
        ("q=county&country=PL", vec![]),
    ] {
        let page = app
            .get(&format!("{PARTNERS}?{query}"))
            .await
            .expect(200)
            .json();
        assert_eq!(names(&page), expected, "{query}");
    }
}

#[actix_web::test]
async fn missing_values_come_last_in_both_directions() {
    let app = TestApp::new().await;
    three(&app).await;
    for (sort, expected) in [
        ("population", ["Eindhoven", "Białystok", "Milwaukee County"]),
        (
            "-population",
            ["Białystok", "Eindhoven", "Milwaukee County"],
        ),
        ("-name", ["Milwaukee County", "Eindhoven", "Białystok"]),
    ] {
        let mut seen = Vec::new();
        let mut path = format!("{PARTNERS}?sort={sort}&limit=1&count=true");
        loop {
            let page = app.get(&path).await.expect(200).json();
            assert_eq!(page["total"], 3);
            seen.extend(names(&page).into_iter().map(str::to_owned));
            match page["page"]["next"].as_str() {
                Some(next) => {
                    path = format!("{PARTNERS}?sort={sort}&limit=1&count=true&cursor={next}");
                }
                None => break,
            }
        }
        assert_eq!(seen, expected, "{sort}");
    }
}

#[actix_web::test]
async fn a_wrong_filter_is_refused_by_name() {
    let app = TestApp::new().await;
    let problem = app
        .get(&format!("{PARTNERS}?contry=PL"))
        .await
        .problem("unknown-parameter");
    assert!(
        problem["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("did you mean \"country\"?"),
        "{problem}"
    );
    for query in [
        "country=Poland",
        "kind=city",
        "near=1,2",
        "bbox=1,2,3",
        "limit=0",
        "limit=101",
        "sort=size",
        "fields=nme",
        "include=parents",
    ] {
        app.get(&format!("{PARTNERS}?{query}"))
            .await
            .problem("malformed-request");
    }
}
