use serde_json::{Value, json};

use super::seed::{agreement_id, bialystok, city, in_force};
use crate::support::TestApp;

async fn rows(app: &TestApp, path: &str) -> Vec<Value> {
    app.get(path).await.expect(200).json()["data"]
        .as_array()
        .unwrap()
        .clone()
}

fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter()
        .map(|row| row["counterpart"]["name"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn grodno_is_one_row_with_both_agreements() {
    let app = TestApp::new().await;
    let [bialystok, grodno, _] = bialystok(&app).await;
    let all = rows(&app, &format!("/api/v1/partners/{bialystok}/partnerships")).await;
    assert_eq!(names(&all), ["Eindhoven", "Hrodna"]);
    let row = &all[1];
    assert_eq!(
        row["counterpart"],
        json!({"id": grodno, "name": "Hrodna", "kind": "municipality", "country": "BY"})
    );
    assert_eq!(
        (&row["status"], &row["status_since"]),
        (&json!("terminated"), &json!("2022-03-03"))
    );
    assert_eq!(row["since"], "2000-06");
    assert_eq!(
        row["since_range"],
        json!({"earliest": "2000-06-01", "latest": "2000-06-30"})
    );
    assert_eq!(
        (&row["relationship"], &row["reciprocity"]),
        (&json!("twinning"), &json!("both_acknowledge"))
    );
    assert!(
        (60.0..90.0).contains(&row["distance_km"].as_f64().unwrap()),
        "{row}"
    );
    assert_eq!(row["last_activity_on"], "2019-09-09");
    assert!(row["longest_gap_days"].is_null());
    let papers = row["agreements"].as_array().unwrap();
    assert_eq!(
        (&papers[0]["id"], &papers[0]["status"]),
        (&json!(agreement_id(1)), &json!("superseded"))
    );
    assert_eq!(
        (&papers[1]["id"], &papers[1]["status"]),
        (&json!(agreement_id(2)), &json!("terminated"))
    );
    assert_eq!(papers[0]["signed_on_range"]["latest"], "2000-06-30");
    // Eindhoven's place is not known.
    assert!(all[0]["distance_km"].is_null() && all[0]["status"] == "in_force");
    // Seen from the other side it is the same tie.
    let other = rows(&app, &format!("/api/v1/partners/{grodno}/partnerships")).await;
    assert_eq!(
        (names(&other), &other[0]["since"]),
        (vec!["Białystok"], &row["since"])
    );
}

#[actix_web::test]
async fn on_another_day_it_stood_as_it_did_then() {
    let app = TestApp::new().await;
    let [bialystok, ..] = bialystok(&app).await;
    let on = |query: &str| format!("/api/v1/partners/{bialystok}/partnerships?country=BY&{query}");
    for (query, status) in [
        ("as_of=2000-06-10", json!(["in_force"])),
        ("as_of=2000-06-10&match=certain", json!([])),
        ("as_of=2019-01-01", json!(["in_force"])),
        ("as_of=2021-01-01", json!(["suspended"])),
        ("as_of=2023-01-01", json!(["terminated"])),
        ("as_of=1999-01-01", json!([])),
    ] {
        let found = rows(&app, &on(query)).await;
        let statuses: Vec<&Value> = found.iter().map(|row| &row["status"]).collect();
        assert_eq!(json!(statuses), status, "{query}");
    }
    let then = rows(&app, &on("as_of=2010-01-01")).await;
    assert_eq!(then[0]["last_activity_on"], "2005-05-05");
    assert_eq!(then[0]["agreements"].as_array().unwrap().len(), 1);
    for query in ["as_of=today", "match=maybe", "since=2000", "sort=distance"] {
        app.get(&on(query)).await.expect(400);
    }
}

#[actix_web::test]
async fn filters_languages_fields_and_orders() {
    let app = TestApp::new().await;
    let [bialystok, ..] = bialystok(&app).await;
    let path = |query: &str| format!("/api/v1/partners/{bialystok}/partnerships?{query}");
    let called = async |query: &str| names(&rows(&app, &path(query)).await).join(", ");
    assert_eq!(called("status=in_force").await, "Eindhoven");
    assert_eq!(
        called("status=in_force,terminated&lang=pl").await,
        "Eindhoven, Grodno"
    );
    assert_eq!(called("kind=university").await, "");
    assert_eq!(called("sort=-since").await, "Hrodna, Eindhoven");
    assert_eq!(called("sort=since").await, "Eindhoven, Hrodna");
    let only = rows(&app, &path("fields=status,since")).await;
    assert_eq!(only[0], json!({"status": "in_force", "since": "1992"}));
}

#[actix_web::test]
async fn unknown_and_withdrawn_partners() {
    let app = TestApp::new().await;
    app.get("/api/v1/partners/ptn_0000000000/partnerships")
        .await
        .problem("not-found");
    app.get("/api/v1/partners/agr_0000000000/partnerships")
        .await
        .problem("not-found");
    let id = city(&app, "Xanten", "DE").await;
    assert!(
        rows(&app, &format!("/api/v1/partners/{id}/partnerships"))
            .await
            .is_empty()
    );
    app.as_admin()
        .delete(&format!("/api/v1/partners/{id}"), "\"1\"")
        .await
        .expect(204);
    app.get(&format!("/api/v1/partners/{id}/partnerships"))
        .await
        .problem("withdrawn");
}

#[actix_web::test]
async fn a_hundred_ties_take_as_many_statements_as_one_and_pages_hold_each_once() {
    let app = TestApp::new().await;
    let few = city(&app, "Few", "PL").await;
    let many = city(&app, "Many", "PL").await;
    let mut others = Vec::new();
    for n in 0..100 {
        others.push(city(&app, &format!("City {n:03}"), "DE").await);
    }
    in_force(&app, 1, &[&few, &others[0]]).await;
    for (key, other) in (2..).zip(&others) {
        in_force(&app, key, &[&many, other]).await;
    }
    let mut counted = Vec::new();
    for (id, expected) in [(&few, 1), (&many, 100)] {
        let before = app.app.db.statements();
        let path = format!("/api/v1/partners/{id}/partnerships?limit=100&lang=pl");
        assert_eq!(rows(&app, &path).await.len(), expected);
        counted.push(app.app.db.statements() - before);
    }
    assert_eq!(counted[0], counted[1]);

    let mut path = format!("/api/v1/partners/{many}/partnerships?limit=30&count=true");
    let first = path.clone();
    let mut seen = Vec::new();
    loop {
        let page = app.get(&path).await.expect(200).json();
        assert_eq!(page["total"], 100);
        seen.extend(
            names(page["data"].as_array().unwrap())
                .into_iter()
                .map(str::to_owned),
        );
        let Some(next) = page["page"]["next"].as_str() else {
            break;
        };
        path = format!("{first}&cursor={next}");
    }
    let expected: Vec<String> = (0..100).map(|n| format!("City {n:03}")).collect();
    assert_eq!(seen, expected);
}
