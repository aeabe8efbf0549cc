//! The feed of a partner's changes.

use atom_syndication::Feed;
use serde_json::{Value, json};

use crate::support::{Answer, Caller, TestApp};

fn feed(answer: &Answer) -> Feed {
    Feed::read_from(answer.bytes().as_ref()).unwrap()
}

async fn made(caller: &Caller<'_>, path: &str, body: Value) -> String {
    caller.post(path, body).await.expect(201).id()
}

fn city(name: &str) -> Value {
    json!({"kind": "municipality", "name": name, "country": "PL"})
}

#[actix_web::test]
async fn a_feed_tells_what_happened_to_a_partner_and_its_ties_and_never_who_did_it() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let here = made(&admin, "/api/v1/partners", city("Białystok & Podlasie")).await;
    let there = made(&admin, "/api/v1/partners", city("There")).await;
    let elsewhere = made(&admin, "/api/v1/partners", city("Elsewhere")).await;
    let agreement = made(
        &admin,
        "/api/v1/agreements",
        json!({"instrument": "partnership_agreement", "signed_on": "1992-06-25", "parties": [
            {"partner_id": here, "signatories": [{"office": "Mayor", "name": "Anna Testowa"}]}, {"partner_id": there}]}),
    )
    .await;
    let path = format!("/api/v1/agreements/{agreement}");
    let event = json!({"action": "suspend", "effective_on": "2022-03", "reason_code": "armed_aggression", "deciding_body": "council",
        "reason_text": "The council said so"});
    admin
        .post(&format!("{path}/events"), event)
        .await
        .expect(201);
    let office = app.as_editor_of(&here);
    let own = format!("/api/v1/partners/{here}");
    let etag = app.get(&own).await.etag();
    office
        .patch(&own, &etag, json!({"website": "https://example.org"}))
        .await
        .expect(200);
    let draft = json!({"kind": "meeting", "title": {"en": "Secret"}, "record_state": "draft",
        "participants": [{"partner_id": here}]});
    admin.post("/api/v1/activities", draft).await.expect(201);

    let address = format!("/api/v1/partners/{here}/changes.atom");
    let answer = app.get(&address).await.expect(200);
    assert_eq!(
        answer.header("content-type"),
        Some("application/atom+xml; charset=utf-8")
    );
    assert_eq!(answer.header("content-language"), Some("en"));
    let read = feed(&answer);
    assert_eq!(read.title.value, "Changes: Białystok & Podlasie");
    assert_eq!(read.id, format!("http://127.0.0.1:8080{address}"));
    let link = |rel: &str| {
        let found = read.links.iter().find(|link| link.rel == rel);
        found.unwrap().href.clone()
    };
    assert_eq!(link("self"), format!("http://127.0.0.1:8080{address}"));
    assert!(link("alternate").ends_with(&format!("/en/partners/{here}")));
    assert!(!read.authors[0].name.is_empty());
    assert_eq!(read.updated, read.entries[0].updated);
    assert_eq!(read.updated.to_rfc3339(), "2026-11-24T12:00:00+00:00");
    let titles: Vec<&str> = read
        .entries
        .iter()
        .map(|entry| entry.title.value.as_str())
        .collect();
    assert_eq!(titles[0], "Białystok & Podlasie: changed: Website");
    assert!(
        titles.iter().any(|title| title.ends_with("now: Suspended")),
        "{titles:?}"
    );
    assert!(
        titles
            .iter()
            .any(|title| title.starts_with("Białystok & Podlasie – There (1992): "))
    );
    assert_eq!(
        read.entries[0].authors[0].name, "Białystok & Podlasie",
        "the office"
    );
    let mut ids: Vec<&str> = read.entries.iter().map(|entry| entry.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), read.entries.len());
    for entry in &read.entries {
        assert!(entry.published.is_some() && !entry.authors[0].name.is_empty());
        assert!(entry.content.as_ref().unwrap().value.is_some());
        assert!(entry.links[0].href.contains("/r/"));
    }
    for secret in ["Anna", "Secret", "Elsewhere", "test"] {
        assert!(!answer.text().contains(secret), "{secret}");
    }

    let polish = app.get(&format!("{address}?lang=pl-PL")).await.expect(200);
    assert_eq!(polish.header("content-language"), Some("pl"));
    assert_eq!(feed(&polish).id, read.id);
    assert!(feed(&polish).title.value.starts_with("Zmiany: "));

    // What happens elsewhere is no reason to fetch it again.
    let tag = answer.etag();
    let other = format!("/api/v1/partners/{elsewhere}");
    let etag = app.get(&other).await.etag();
    admin
        .patch(&other, &etag, json!({"population": 7}))
        .await
        .expect(200);
    assert_eq!(app.get(&address).await.etag(), tag);
    let asked = app.anonymous().header("If-None-Match", &tag);
    asked.get(&address).await.expect(304);
    let etag = app.get(&path).await.etag();
    admin
        .delete(&format!("{path}?reason=entered+twice"), &etag)
        .await
        .expect(204);
    let after = asked.get(&address).await.expect(200);
    let last = feed(&after).entries.remove(0);
    assert!(
        last.title
            .value
            .starts_with("Białystok & Podlasie – There (1992): ")
    );
    assert!(
        last.content
            .unwrap()
            .value
            .unwrap()
            .contains("entered twice")
    );
}

#[actix_web::test]
async fn a_feed_is_asked_for_as_one_and_goes_with_its_partner() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let here = made(&admin, "/api/v1/partners", city("Here")).await;
    let there = made(&admin, "/api/v1/partners", city("There")).await;
    let address = format!("/api/v1/partners/{here}/changes.atom");
    for (accept, status) in [
        ("application/atom+xml", 200),
        (
            "application/rss+xml, application/atom+xml;q=0.9, */*;q=0.1",
            200,
        ),
        ("*/*", 200),
        ("application/json", 406),
        ("text/html", 406),
    ] {
        let caller = app.anonymous().header("Accept", accept);
        let answer = caller.get(&address).await.expect(status);
        if status == 406 {
            let problem = answer.problem("not-acceptable");
            assert_eq!(problem["available"], json!(["application/atom+xml"]));
        }
    }
    app.get(&format!("{address}?limit=3")).await.expect(400);
    app.get("/api/v1/partners/ptn_zzzzzzzzzz/changes.atom")
        .await
        .expect(404);
    let own = format!("/api/v1/partners/{here}");
    let etag = app.get(&own).await.etag();
    let into = json!({"into": there, "reason": "the same city"});
    let merged = admin
        .send(
            actix_web::test::TestRequest::post()
                .uri(&format!("{own}/merge"))
                .insert_header(("If-Match", etag))
                .set_json(into),
        )
        .await;
    assert!(matches!(merged.status(), 200 | 204), "{merged}");
    let led = app.get(&address).await.expect(301);
    assert!(
        led.header("location")
            .unwrap()
            .ends_with(&format!("{there}/changes.atom"))
    );
    let own = format!("/api/v1/partners/{there}");
    let etag = app.get(&own).await.etag();
    admin.delete(&own, &etag).await.expect(204);
    app.get(&format!("{own}/changes.atom")).await.expect(410);
}
