//! Names: one is shown, all are found.

use serde_json::json;

use crate::support::TestApp;

const PARTNERS: &str = "/api/v1/partners";

#[actix_web::test]
async fn every_spelling_finds_the_one_partner() {
    let app = TestApp::new().await;
    let names: Vec<_> = [("Hrodna", "be-Latn"), ("Grodno", "pl"), ("Гродна", "be"), ("Гродно", "ru"), ("Gardinas", "lt")]
        .into_iter()
        .enumerate()
        .map(|(i, (value, lang))| {
            json!({"value": value, "lang": lang, "types": [if i == 1 { "display" } else { "alias" }]})
        })
        .collect();
    let made = app
        .as_admin()
        .post(
            PARTNERS,
            json!({"kind": "municipality", "names": names, "country": "BY"}),
        )
        .await
        .expect(201);
    assert_eq!(made.json()["name"], "Grodno");
    for q in [
        "Hrodna",
        "grodno",
        "%D0%93%D1%80%D0%BE%D0%B4%D0%BD%D0%B0",
        "gardin",
    ] {
        let found = app
            .get(&format!("{PARTNERS}?q={q}"))
            .await
            .expect(200)
            .json();
        assert_eq!(found["data"].as_array().unwrap().len(), 1, "{q}");
    }
    let shown = app
        .get(&format!("{PARTNERS}/{}?lang=lt", made.id()))
        .await
        .expect(200)
        .json();
    assert_eq!(shown["name"], "Gardinas");
}

#[actix_web::test]
async fn the_display_name_is_one_and_equals_the_name() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let post = async |body| admin.post(PARTNERS, body).await;
    let two = json!({"kind": "ngo", "country": "PL", "names": [
        {"value": "a", "types": ["display"]}, {"value": "b", "types": ["display"]}]});
    assert_eq!(post(two).await.pointers("validation-failed"), ["/names"]);
    let differs = json!({"kind": "ngo", "country": "PL", "name": "c", "names": [{"value": "a", "types": ["display"]}]});
    assert_eq!(post(differs).await.pointers("validation-failed"), ["/name"]);
    let made = post(json!({"kind": "ngo", "country": "PL", "name": "c", "names": [{"value": "d", "types": ["alias"]}]}))
        .await
        .expect(201);
    assert_eq!(made.json()["names"].as_array().unwrap().len(), 2);
    let renamed = admin
        .patch(
            &format!("{PARTNERS}/{}", made.id()),
            "\"1\"",
            json!({"name": "e"}),
        )
        .await
        .expect(200)
        .json();
    assert_eq!(
        renamed["names"][0],
        json!({"value": "e", "types": ["display"]})
    );
    assert_eq!(renamed["names"].as_array().unwrap().len(), 2);
    assert_eq!(
        app.get(&format!("{PARTNERS}?q=e")).await.expect(200).json()["data"][0]["name"],
        "e"
    );
}

#[actix_web::test]
async fn the_best_name_comes_first_and_pages_follow_the_rank() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    for (name, kind, population) in [
        ("Xdijon", "municipality", 0),
        ("District Dijon", "intermunicipal_body", 0),
        ("Dijonnais", "municipality", 0),
        ("Dijon", "university", 0),
        ("Dijon", "municipality", 10),
        ("Dijon", "municipality", 20),
    ] {
        let body = json!({"kind": kind, "name": name, "country": "FR", "population": population});
        admin.post(PARTNERS, body).await.expect(201);
    }
    let mut seen = Vec::new();
    let mut path = format!("{PARTNERS}?q=dijon&limit=4");
    loop {
        let page = app.get(&path).await.expect(200).json();
        for partner in page["data"].as_array().unwrap() {
            seen.push((
                partner["name"].as_str().unwrap().to_owned(),
                partner["population"].as_i64().unwrap(),
            ));
        }
        match page["page"]["next"].as_str() {
            Some(next) => path = format!("{PARTNERS}?q=dijon&limit=4&cursor={next}"),
            None => break,
        }
    }
    let expected = [
        ("Dijon", 20),
        ("Dijon", 10),
        ("Dijon", 0),
        ("Dijonnais", 0),
        ("District Dijon", 0),
        ("Xdijon", 0),
    ];
    assert_eq!(
        seen,
        expected.map(|(name, population)| (name.to_owned(), population))
    );
    for literal in ["%25", "_"] {
        assert_eq!(
            app.get(&format!("{PARTNERS}?q={literal}"))
                .await
                .expect(200)
                .json()["data"],
            json!([])
        );
    }
}
