//! Who sees which document: everywhere the same.

use serde_json::{Value, json};

use super::{DOCUMENTS, Form, PDF, filed};
use crate::agreements::{AGREEMENTS, city};
use crate::support::{Caller, TestApp};

/// Whether the caller sees the document in its item, its bytes, the list, its count and its history,
/// and embedded in its agreement: all or nothing.
async fn sees(caller: &Caller<'_>, id: &str, agreement: &str) -> bool {
    let item = caller.get(&format!("{DOCUMENTS}/{id}")).await;
    let seen = item.status() == 200;
    let expected = if seen { 200 } else { 404 };
    item.expect(expected);
    for part in ["content", "history"] {
        let answer = caller.get(&format!("{DOCUMENTS}/{id}/{part}")).await;
        answer.expect(expected);
    }
    let list = caller
        .get(&format!("{DOCUMENTS}?count=true&agreement={agreement}"))
        .await
        .expect(200)
        .json();
    let embedded = caller
        .get(&format!("{AGREEMENTS}/{agreement}?include=documents"))
        .await
        .expect(200)
        .json();
    let page = caller
        .get(&format!("{AGREEMENTS}?include=documents"))
        .await
        .expect(200)
        .json();
    let holds = |rows: &Value| {
        let rows = rows.as_array().unwrap();
        rows.iter().any(|row| row["id"] == id)
    };
    assert_eq!(holds(&list["data"]), seen, "{list}");
    assert_eq!(list["total"], u64::from(seen), "{list}");
    assert_eq!(holds(&embedded["documents"]), seen, "{embedded}");
    assert_eq!(holds(&page["data"][0]["documents"]), seen, "{page}");
    seen
}

#[actix_web::test]
async fn every_level_of_access_is_kept_everywhere() {
    let app = TestApp::new().await;
    let (a, b, c) = (
        city(&app, "Białystok", "PL").await,
        city(&app, "Eindhoven", "NL").await,
        city(&app, "Kaunas", "LT").await,
    );
    let university =
        json!({"kind": "university", "name": "University", "country": "NL", "host_id": b});
    let university = app
        .as_admin()
        .post("/api/v1/partners", university)
        .await
        .expect(201)
        .id();
    let own = app.as_editor_of(&a);
    for (partner, party) in [(&b, &b), (&b, &university)] {
        for (access, expected) in [
            ("public", [true, true, true, true, true]),
            ("parties", [false, true, true, false, true]),
            ("internal", [false, true, false, false, true]),
        ] {
            let body = json!({"parties": [{"partner_id": a}, {"partner_id": party}], "relationship": "cooperation",
                "instrument": "protocol", "allow_duplicate": "another one"});
            let paper = own.post(AGREEMENTS, body).await.expect(201);
            let (paper, etag) = (paper.id(), paper.etag());
            let made = filed(&own, &[("agreement_id", &paper), ("access", access)]).await;
            let id = made["id"].as_str().unwrap();
            let callers = [
                app.anonymous(),
                own.clone(),
                app.as_editor_of(partner),
                app.as_editor_of(&c),
                app.as_registrar(),
            ];
            for (at, (caller, expected)) in callers.iter().zip(expected).enumerate() {
                assert_eq!(
                    sees(caller, id, &paper).await,
                    expected,
                    "{access}, caller {at}"
                );
            }
            let read = app.get(&format!("{AGREEMENTS}/{paper}")).await.expect(200);
            let moved = read.etag() != etag;
            assert_eq!(moved, access == "public", "{access}");
            let flags = read.json()["quality_flags"].to_string();
            assert_eq!(flags.contains("no_document"), access != "public", "{flags}");
            app.as_registrar()
                .delete(&format!("{AGREEMENTS}/{paper}"), "*")
                .await
                .expect(204);
        }
    }
}

#[actix_web::test]
async fn what_may_not_be_seen_can_not_be_changed_named_or_told_from_what_is_not_there() {
    let app = TestApp::new().await;
    let (a, b) = (
        city(&app, "Białystok", "PL").await,
        city(&app, "Eindhoven", "NL").await,
    );
    let (own, other) = (app.as_editor_of(&a), app.as_editor_of(&b));
    let body = json!({"parties": [{"partner_id": a}, {"partner_id": b}], "instrument": "protocol"});
    let paper = own.post(AGREEMENTS, body).await.expect(201).id();
    let made = filed(&own, &[("agreement_id", &paper), ("access", "internal")]).await;
    let id = made["id"].as_str().unwrap();
    let path = format!("{DOCUMENTS}/{id}");
    other
        .patch(&path, "*", json!({"title": "x"}))
        .await
        .problem("not-found");
    other.delete(&path, "*").await.problem("not-found");
    let newer = Form::default()
        .field("kind", "report")
        .field("replaces", id)
        .file(None, None, PDF);
    let refused = newer.post(&other, DOCUMENTS).await;
    assert_eq!(refused.pointers("validation-failed"), ["/replaces"]);
    let event = json!({"action": "note", "effective_on": "2026", "note": "x", "document_id": id,
        "source": {"kind": "press", "title": "Gazeta"}});
    let events = format!("{AGREEMENTS}/{paper}/events");
    let refused = other.post(&events, event.clone()).await;
    assert_eq!(refused.pointers("validation-failed"), ["/document_id"]);
    let recorded = own.post(&events, event).await.expect(201).json();
    assert_eq!(recorded["document_id"], id);
    for (caller, seen) in [(&own, true), (&other, false), (&app.anonymous(), false)] {
        let list = caller.get(&events).await.expect(200);
        assert_eq!(list.text().contains(id), seen);
        let item = caller
            .get(&format!("{AGREEMENTS}/{paper}?include=events"))
            .await;
        assert_eq!(item.expect(200).text().contains(id), seen);
    }
    // A withdrawn one is gone for those who saw it, and was never there for the others.
    own.delete(&format!("{path}?reason=secret+reason"), "*")
        .await
        .expect(204);
    own.get(&path).await.problem("withdrawn");
    other.get(&path).await.problem("not-found");
    app.get(&format!("{path}/content"))
        .await
        .problem("not-found");
}

#[actix_web::test]
async fn the_public_log_tells_nothing_of_a_document_that_is_not_public() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let made = filed(
        &registrar,
        &[("access", "internal"), ("title", "Top secret")],
    )
    .await;
    let path = format!("{DOCUMENTS}/{}", made["id"].as_str().unwrap());
    let feed = || async {
        app.get("/api/v1/changes?limit=100")
            .await
            .expect(200)
            .text()
            .to_owned()
    };
    registrar
        .patch(&path, "*", json!({"title": "More secret"}))
        .await
        .expect(200);
    registrar
        .patch(&path, "*", json!({"kind": "minutes"}))
        .await
        .expect(200);
    let told = feed().await;
    assert!(
        !told.contains("secret") && !told.contains("minutes"),
        "{told}"
    );
    // Published, it is fed as a whole.
    registrar
        .patch(&path, "*", json!({"access": "public", "title": "Open"}))
        .await
        .expect(200);
    let told = feed().await;
    assert!(told.contains("Open") && told.contains("minutes"), "{told}");
    assert!(!told.contains("secret"), "{told}");
    // Taken back, what was told of it is told no longer.
    registrar
        .patch(&path, "*", json!({"access": "parties"}))
        .await
        .expect(200);
    let told = feed().await;
    assert!(!told.contains("Open"), "{told}");
    registrar
        .delete(&format!("{path}?reason=a+secret+reason"), "*")
        .await
        .expect(204);
    let told = feed().await;
    assert!(!told.contains("secret"), "{told}");
}

#[actix_web::test]
async fn a_key_that_does_not_work_is_told_to_a_reader() {
    let app = TestApp::new().await;
    let wrong = app.with_key("tck_wrong");
    for path in [
        DOCUMENTS,
        AGREEMENTS,
        "/api/v1/activities",
        "/api/v1/memberships",
    ] {
        wrong.get(path).await.problem("unauthenticated");
        app.get(path).await.expect(200);
    }
    let made = filed(&app.as_registrar(), &[]).await;
    let content = made["content_url"].as_str().unwrap();
    wrong.get(content).await.problem("unauthenticated");
}
