//! Which source says what of which record.

use serde_json::{Value, json};

use crate::support::{Caller, TestApp};

async fn source(caller: &Caller<'_>, title: &str) -> String {
    caller
        .post("/api/v1/sources", json!({"kind": "press", "title": title}))
        .await
        .expect(201)
        .id()
}

#[actix_web::test]
async fn a_citation_is_recorded_read_changed_and_removed() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let (record, first, second) = (
        source(&admin, "a").await,
        source(&admin, "b").await,
        source(&admin, "c").await,
    );
    let list = format!("/api/v1/sources/{record}/citations");
    let made = admin
        .post(
            &list,
            json!({"source_id": first, "pointer": "/title", "stated_value": "A"}),
        )
        .await
        .expect(201);
    let path = made.header("location").unwrap().to_owned();
    assert_eq!(path, format!("/api/v1/citations/{}", made.id()));
    let read = app.get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
    assert_eq!(
        (&read.json()["record_id"], &read.json()["source"]["id"]),
        (&json!(record), &json!(first))
    );

    let changed = admin
        .patch(
            &path,
            &made.etag(),
            json!({"source_id": second, "stated_value": null, "stance": "contradicts"}),
        )
        .await;
    let changed = changed.expect(200);
    assert_eq!(changed.json()["source"]["id"], json!(second));
    assert_eq!(changed.json().get("stated_value"), None);
    admin
        .patch(&path, &made.etag(), json!({"quote": "x"}))
        .await
        .problem("precondition-failed");

    let etag = changed.etag();
    admin.delete(&path, &etag).await.problem("in-use");
    admin
        .post(&list, json!({"source_id": first}))
        .await
        .expect(201);
    admin.delete(&path, &etag).await.expect(204);
    app.get(&path).await.problem("not-found");
    let left = app
        .get(&format!("{list}?count=true"))
        .await
        .expect(200)
        .json();
    assert_eq!(left["total"], 1);
}

#[actix_web::test]
async fn a_citation_that_is_patched_with_what_it_says_stays_as_it_is() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let (record, cited) = (source(&admin, "a").await, source(&admin, "b").await);
    let body = json!({"source_id": cited, "quote": "In 1992."});
    let made = admin
        .post(&format!("/api/v1/sources/{record}/citations"), body.clone())
        .await
        .expect(201);
    let path = made.header("location").unwrap().to_owned();
    let revision = app.revision().await;
    for patch in [json!({}), body] {
        let same = admin.patch(&path, &made.etag(), patch).await.expect(200);
        assert_eq!((same.json(), same.etag()), (made.json(), made.etag()));
    }
    assert_eq!(app.revision().await, revision);
}

#[actix_web::test]
async fn a_citation_of_a_draft_answers_others_as_one_that_is_not_there() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let cited = source(&admin, "a").await;
    let draft = json!({"kind": "press", "title": "b", "record_state": "draft"});
    let draft = admin.post("/api/v1/sources", draft).await.expect(201).id();
    let made = admin
        .post(
            &format!("/api/v1/sources/{draft}/citations"),
            json!({"source_id": cited}),
        )
        .await
        .expect(201);
    let mut said = Vec::new();
    for path in [
        made.header("location").unwrap(),
        "/api/v1/citations/cit_0000000000",
    ] {
        said.push(app.get(path).await.problem("not-found")["detail"].clone());
    }
    assert_eq!(said[0], said[1]);
}

#[actix_web::test]
async fn a_cited_source_stays() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let (record, cited) = (source(&admin, "a").await, source(&admin, "b").await);
    admin
        .post(
            &format!("/api/v1/sources/{record}/citations"),
            json!({"source_id": cited}),
        )
        .await
        .expect(201);
    let refused = admin
        .delete(&format!("/api/v1/sources/{cited}"), "\"1\"")
        .await
        .problem("in-use");
    assert_eq!(refused["citations"], 1);
}

#[actix_web::test]
async fn a_citation_needs_a_record_and_a_source_that_are_there() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let (record, withdrawn) = (source(&admin, "a").await, source(&admin, "b").await);
    admin
        .delete(&format!("/api/v1/sources/{withdrawn}"), "\"1\"")
        .await
        .expect(204);
    let list = format!("/api/v1/sources/{record}/citations");
    for (body, pointer) in [
        (json!({}), "/source_id"),
        (json!({"source_id": "src_0000000000"}), "/source_id"),
        (json!({"source_id": withdrawn}), "/source_id"),
        (json!({"source_id": "ptn_0000000000"}), "/source_id"),
        (json!({"source_id": record, "pointer": "title"}), "/pointer"),
        (
            json!({"source_id": record, "quote": "x".repeat(301)}),
            "/quote",
        ),
    ] {
        assert_eq!(
            admin.post(&list, body).await.pointers("validation-failed"),
            [pointer]
        );
    }
    let all_wrong = json!({"stance": "nonsense", "rank": "nonsense", "quote": "x".repeat(301)});
    let told = admin
        .post(&list, all_wrong)
        .await
        .pointers("validation-failed");
    assert_eq!(told, ["/quote", "/rank", "/source_id", "/stance"]);
    let cite = json!({"source_id": record});
    for path in [
        "/api/v1/sources/src_0000000000/citations",
        "/api/v1/partners/src_0000000000/citations",
        "/api/v1/nonsense/src_0000000000/citations",
    ] {
        admin.post(path, cite.clone()).await.problem("not-found");
        app.get(path).await.problem("not-found");
    }
    admin
        .post(&format!("/api/v1/sources/{withdrawn}/citations"), cite)
        .await
        .problem("withdrawn");
    app.get(&format!("/api/v1/sources/{withdrawn}/citations"))
        .await
        .problem("withdrawn");
}

#[actix_web::test]
async fn citations_are_listed_in_the_order_of_recording_and_by_pointer() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let record = source(&admin, "a").await;
    let list = format!("/api/v1/sources/{record}/citations");
    for pointer in ["/title", "/url", "/title"] {
        admin
            .post(&list, json!({"source_id": record, "pointer": pointer}))
            .await
            .expect(201);
        app.clock.advance(chrono::TimeDelta::seconds(1));
    }
    let pointers = |body: &Value| -> Vec<Value> {
        body["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["pointer"].clone())
            .collect()
    };
    assert_eq!(
        pointers(&app.get(&list).await.expect(200).json()),
        ["/title", "/url", "/title"]
    );
    let one = app
        .get(&format!("{list}?pointer=/url"))
        .await
        .expect(200)
        .json();
    assert_eq!(pointers(&one), ["/url"]);
    let first = app
        .get(&format!("{list}?limit=2&sort=-created_at"))
        .await
        .expect(200)
        .json();
    assert_eq!(pointers(&first), ["/title", "/url"]);
    let next = first["page"]["next"].as_str().unwrap();
    let rest = app
        .get(&format!("{list}?limit=2&sort=-created_at&cursor={next}"))
        .await
        .expect(200);
    assert_eq!(pointers(&rest.json()), ["/title"]);
}
