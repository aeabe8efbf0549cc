//! The feed of changes.

use serde_json::{Value, json};

use crate::support::TestApp;

async fn three() -> TestApp {
    let app = TestApp::new().await;
    let body: Vec<Value> = (0..3)
        .map(|n| json!({"kind": "press", "title": format!("{n}")}))
        .collect();
    app.as_admin()
        .post("/api/v1/sources", Value::from(body))
        .await
        .expect(201);
    app
}

fn seqs(page: &Value) -> Vec<i64> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["seq"].as_i64().unwrap())
        .collect()
}

#[actix_web::test]
async fn the_feed_has_no_gaps_and_can_be_followed() {
    let app = three().await;
    let all = app.get("/api/v1/changes").await.expect(200);
    assert_eq!(all.header("registry-revision"), Some("3"));
    assert_eq!(seqs(&all.json()), [1, 2, 3]);
    assert_eq!(seqs(&app.get("/api/v1/changes?after=2").await.json()), [3]);
    assert_eq!(
        seqs(&app.get("/api/v1/changes?after=3").await.json()),
        [0; 0]
    );
    let first = app.get("/api/v1/changes?limit=2").await.expect(200).json();
    let next = first["page"]["next"].as_str().unwrap();
    let rest = app
        .get(&format!("/api/v1/changes?limit=2&cursor={next}"))
        .await
        .expect(200)
        .json();
    assert_eq!((seqs(&first), seqs(&rest)), (vec![1, 2], vec![3]));
    let back = rest["page"]["prev"].as_str().unwrap();
    let back = app
        .get(&format!("/api/v1/changes?limit=2&cursor={back}"))
        .await
        .expect(200)
        .json();
    assert_eq!(seqs(&back), [1, 2]);
}

#[actix_web::test]
async fn the_feed_says_what_changed_and_never_who_as_a_person() {
    let app = three().await;
    let change = &app
        .get("/api/v1/changes?entity=source&limit=1&count=true")
        .await
        .json();
    assert_eq!(change["total"], 3);
    let change = &change["data"][0];
    assert_eq!(
        (&change["op"], &change["version"]),
        (&json!("created"), &json!(1))
    );
    assert_eq!(change["actor"], json!({"role": "admin"}));
    assert_eq!(change["patch"][0]["value"]["title"], "0");
    assert_eq!(
        seqs(&app.get("/api/v1/changes?entity=partner").await.json()),
        [0; 0]
    );
    app.get("/api/v1/changes?entity=city")
        .await
        .problem("malformed-request");
    app.get("/api/v1/changes?sort=seq")
        .await
        .problem("malformed-request");
}
