use serde_json::{Value, json};

use super::seed::{agreement_id, bialystok, city};
use crate::support::TestApp;

async fn hits(app: &TestApp, path: &str) -> Vec<Value> {
    app.get(path).await.expect(200).json()["data"]
        .as_array()
        .unwrap()
        .clone()
}

#[actix_web::test]
async fn every_kind_of_record_is_found_with_the_name_that_fits() {
    let app = TestApp::new().await;
    let [_, grodno, _] = bialystok(&app).await;
    let source = json!({"kind": "press", "title": "Grodno in the news"});
    app.as_admin()
        .post("/api/v1/sources", source)
        .await
        .expect(201);
    let found = hits(&app, "/api/v1/search?q=grodno").await;
    assert_eq!(
        found[0],
        json!({"id": grodno, "entity": "partner", "name": "Hrodna", "matched_name": "Grodno",
            "match": "exact", "kind": "municipality", "country": "BY",
            "href": format!("/api/v1/partners/{grodno}")})
    );
    let ids: Vec<&Value> = found.iter().map(|hit| &hit["id"]).collect();
    assert!(ids.contains(&&json!(agreement_id(1))), "{ids:?}");
    let sources = hits(&app, "/api/v1/search?q=grodno&entity=source").await;
    assert_eq!(
        (&sources[0]["name"], &sources[0]["match"]),
        (&json!("Grodno in the news"), &json!("prefix"))
    );
    let polish = hits(&app, "/api/v1/search?q=hrodna&lang=pl&entity=partner").await;
    assert_eq!((&polish[0]["name"], polish.len()), (&json!("Grodno"), 1));
    let paper = hits(&app, "/api/v1/search?q=umowa%203&lang=pl").await;
    assert_eq!(paper[0]["id"], agreement_id(3));
    assert_eq!(
        (&paper[0]["name"], &paper[0]["kind"]),
        (&json!("Umowa 3"), &json!("partnership_agreement"))
    );
    assert_eq!(
        paper[0]["href"],
        format!("/api/v1/agreements/{}", agreement_id(3))
    );
    assert_eq!(
        hits(&app, "/api/v1/search?q=exchange&entity=activity")
            .await
            .len(),
        2
    );
    assert!(hits(&app, "/api/v1/search?q=%25").await.is_empty());
}

#[actix_web::test]
async fn an_agreement_without_a_title_is_found_by_the_names_of_its_parties_and_its_year() {
    let app = TestApp::new().await;
    let (york, haven) = (
        city(&app, "York", "GB").await,
        city(&app, "New Haven", "US").await,
    );
    let between = json!({"instrument": "partnership_agreement", "signed_on": "1978-05",
        "parties": [{"partner_id": york}, {"partner_id": haven}]});
    let id = app
        .as_admin()
        .post("/api/v1/agreements", between)
        .await
        .expect(201)
        .id();
    let found = async |q: &str| {
        let q = q.replace(' ', "%20").replace('–', "%E2%80%93");
        let path = format!("/api/v1/search?entity=agreement&q={q}");
        let hits = hits(&app, &path).await;
        let is = |hit: &&Value| hit["id"] == json!(id);
        hits.iter()
            .find(is)
            .map(|hit| (hit["match"].clone(), hit["matched_name"].clone()))
    };
    let one = |matched: &str, name: &str| Some((json!(matched), json!(name)));
    assert_eq!(found("york").await, one("exact", "York"));
    assert_eq!(found("haven").await, one("word", "New Haven"));
    assert_eq!(
        found("york new haven").await,
        one("prefix", "York – New Haven")
    );
    assert_eq!(
        found("new haven – yor").await,
        one("prefix", "New Haven – York")
    );
    assert_eq!(
        found("york new haven (1978)").await,
        one("prefix", "York – New Haven (1978)")
    );
    assert_eq!(found("york 1978").await, one("prefix", "York (1978)"));
    assert_eq!(found("1978").await, one("word", "York – New Haven (1978)"));
    // Neither another year, nor two names of which one is no partner's, nor words of two names.
    for q in ["york 1979", "york new haven 1979", "york leeds", "new york"] {
        assert_eq!(found(q).await, None, "{q}");
    }
    // It follows its parties: another name, and its own withdrawal.
    let york = format!("/api/v1/partners/{york}");
    let etag = app.get(&york).await.expect(200).etag();
    let renamed = json!({"name": "Jorvik"});
    app.as_admin()
        .patch(&york, &etag, renamed)
        .await
        .expect(200);
    assert_eq!(
        found("jorvik new haven").await,
        one("prefix", "Jorvik – New Haven")
    );
    let paper = format!("/api/v1/agreements/{id}");
    let etag = app.get(&paper).await.expect(200).etag();
    app.as_admin()
        .delete(&format!("{paper}?reason=by+mistake"), &etag)
        .await
        .expect(204);
    assert_eq!(found("jorvik").await, None);
}

#[actix_web::test]
async fn what_is_not_understood_is_refused() {
    let app = TestApp::new().await;
    app.get("/api/v1/search").await.problem("malformed-request");
    app.get("/api/v1/search?q=")
        .await
        .problem("malformed-request");
    app.get("/api/v1/search?q=a&entity=membership")
        .await
        .problem("malformed-request");
    app.get("/api/v1/search?q=a&sort=name")
        .await
        .problem("malformed-request");
    app.get("/api/v1/search?q=a&include=sources")
        .await
        .problem("malformed-request");
    app.get("/api/v1/search?q=a&kind=press")
        .await
        .problem("unknown-parameter");
}

#[actix_web::test]
async fn a_hundred_hits_take_as_many_statements_as_one_and_pages_hold_each_once() {
    let app = TestApp::without_caches().await;
    city(&app, "Alone", "PL").await;
    for n in 0..100 {
        city(&app, &format!("Town {n:03}"), "PL").await;
    }
    hits(&app, "/api/v1/search?q=warm").await;
    let mut counted = Vec::new();
    for (q, expected) in [("alone", 1), ("town", 100)] {
        let before = app.app.db.statements();
        assert_eq!(
            hits(&app, &format!("/api/v1/search?q={q}&limit=100&lang=pl"))
                .await
                .len(),
            expected
        );
        counted.push(app.app.db.statements() - before);
    }
    assert_eq!(counted[0], counted[1]);

    let first = "/api/v1/search?q=town&limit=40&count=true";
    let (mut path, mut seen) = (first.to_owned(), Vec::new());
    loop {
        let answer = app.get(&path).await.expect(200);
        let page = answer.json();
        assert_eq!(page["total"], 100);
        let data = page["data"].as_array().unwrap();
        seen.extend(
            data.iter()
                .map(|hit| hit["name"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["page"]["next"].as_str() else {
            break;
        };
        path = format!("{first}&cursor={next}");
    }
    let expected: Vec<String> = (0..100).map(|n| format!("Town {n:03}")).collect();
    assert_eq!(seen, expected);
}

#[actix_web::test]
async fn a_held_answer_is_not_sent_again() {
    let app = TestApp::new().await;
    city(&app, "Ełk", "PL").await;
    let answer = app.get("/api/v1/search?q=elk").await.expect(200);
    let etag = answer.etag();
    assert_eq!(
        answer.header("registry-revision"),
        Some(etag.trim_matches(['W', '/', '"']))
    );
    let again = app
        .anonymous()
        .header("If-None-Match", &etag)
        .get("/api/v1/search?q=elk")
        .await;
    again.expect(304);
}
