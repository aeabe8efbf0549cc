//! What documents belong to.

use serde_json::{Value, json};

use super::{DOCUMENTS, filed, pdf};
use crate::agreements::{AGREEMENTS, agreement};
use crate::memberships::{self, MEMBERSHIPS, membership};
use crate::support::TestApp;

const ACTIVITIES: &str = "/api/v1/activities";

fn ids(rows: &Value) -> Vec<&str> {
    let rows = rows.as_array().unwrap();
    rows.iter().map(|row| row["id"].as_str().unwrap()).collect()
}

async fn activity(app: &TestApp) -> String {
    let body = json!({"kind": "meeting", "title": {"en": "A meeting"}});
    app.as_registrar()
        .post(ACTIVITIES, body)
        .await
        .expect(201)
        .id()
}

#[actix_web::test]
async fn records_show_their_documents_on_an_item_and_in_a_list() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let records = [
        ("agreement_id", AGREEMENTS, agreement(&app, json!({})).await),
        (
            "membership_id",
            MEMBERSHIPS,
            membership(&app, json!({"admitted_on": "2004"})).await,
        ),
        ("activity_id", ACTIVITIES, activity(&app).await),
    ];
    for (field, collection, record) in &records {
        let path = format!("{collection}/{record}");
        let etag = app.get(&path).await.etag();
        let made = filed(&registrar, &[(field, record)]).await;
        let id = made["id"].as_str().unwrap();
        assert_eq!(made[field], record.as_str());
        let read = app
            .get(&format!("{path}?include=documents"))
            .await
            .expect(200);
        assert_ne!(read.etag(), etag);
        assert_eq!(ids(&read.json()["documents"]), [id]);
        assert_eq!(read.json()["documents"][0]["sha256"], made["sha256"]);
        let page = app
            .get(&format!("{collection}?include=documents"))
            .await
            .expect(200);
        assert_eq!(ids(&page.json()["data"][0]["documents"]), [id]);
        let plain = app.get(&path).await.expect(200).json();
        assert_eq!(plain.get("documents"), None);
        let filter = field.strip_suffix("_id").unwrap();
        let list = app
            .get(&format!("{DOCUMENTS}?{filter}={record}"))
            .await
            .expect(200);
        assert_eq!(ids(&list.json()["data"]), [id]);
        registrar
            .delete(&format!("{DOCUMENTS}/{id}"), "*")
            .await
            .expect(204);
        let read = app.get(&format!("{path}?include=documents")).await.json();
        assert_eq!(read["documents"], json!([]));
    }
    let two = pdf()
        .field(records[0].0, &records[0].2)
        .field(records[2].0, &records[2].2);
    let refused = two.post(&registrar, DOCUMENTS).await;
    assert_eq!(refused.pointers("validation-failed"), ["/activity_id"]);
}

#[actix_web::test]
async fn an_agreement_lacks_a_document_until_one_is_there_for_everyone() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let paper = agreement(&app, json!({"signed_on": "1992-06-25"})).await;
    let path = format!("{AGREEMENTS}/{paper}");
    let lacks = || async {
        let read = app.get(&path).await.expect(200).json();
        read["quality_flags"].to_string().contains("no_document")
    };
    assert!(lacks().await);
    let made = filed(&registrar, &[("agreement_id", &paper)]).await;
    let document = format!("{DOCUMENTS}/{}", made["id"].as_str().unwrap());
    assert!(!lacks().await);
    // Every other change of the agreement leaves the flag as it is.
    let read = app.get(&path).await;
    registrar
        .patch(&path, &read.etag(), json!({"signed_at": "Eindhoven"}))
        .await
        .expect(200);
    assert!(!lacks().await);
    registrar
        .patch(&document, "*", json!({"access": "parties"}))
        .await
        .expect(200);
    assert!(lacks().await);
    registrar
        .patch(&document, "*", json!({"access": "public"}))
        .await
        .expect(200);
    assert!(!lacks().await);
    registrar.delete(&document, "*").await.expect(204);
    assert!(lacks().await);
}

#[actix_web::test]
async fn a_document_of_an_event_belongs_to_its_record_too() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let paper = agreement(&app, json!({})).await;
    let place = membership(&app, json!({"admitted_on": "2004"})).await;
    for (field, collection, record) in [
        ("agreement_id", AGREEMENTS, &paper),
        ("membership_id", MEMBERSHIPS, &place),
    ] {
        let events = app
            .get(&format!("{collection}/{record}/events"))
            .await
            .json();
        let event = events["data"][0]["id"].as_str().unwrap();
        let made = filed(&registrar, &[("event_id", event)]).await;
        assert_eq!(
            (&made["event_id"], &made[field]),
            (&json!(event), &json!(record))
        );
        let read = app
            .get(&format!("{collection}/{record}?include=documents"))
            .await;
        assert_eq!(
            ids(&read.json()["documents"]),
            [made["id"].as_str().unwrap()]
        );
        let list = app
            .get(&format!("{DOCUMENTS}?event={event}"))
            .await
            .expect(200);
        assert_eq!(ids(&list.json()["data"]).len(), 1);
    }
    let lost = pdf().field("event_id", "evt_0000000000");
    let refused = lost.post(&registrar, DOCUMENTS).await;
    assert_eq!(refused.pointers("validation-failed"), ["/event_id"]);
}

#[actix_web::test]
async fn an_event_names_a_document_that_is_there() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let paper = agreement(&app, json!({"signed_on": "1992"})).await;
    let made = filed(&registrar, &[("agreement_id", &paper)]).await;
    let id = made["id"].as_str().unwrap();
    let events = format!("{AGREEMENTS}/{paper}/events");
    let amend = |document: &str| json!({"action": "amend", "effective_on": "2000", "document_id": document});
    let recorded = registrar.post(&events, amend(id)).await.expect(201).json();
    assert_eq!(recorded["document_id"], id);
    for wrong in ["doc_0000000000", "src_0000000000", "nonsense"] {
        let refused = registrar.post(&events, amend(wrong)).await;
        assert_eq!(refused.pointers("validation-failed"), ["/document_id"]);
    }
    let place = membership(&app, json!({"admitted_on": "2004"})).await;
    let lapse = json!({"action": "lapse", "effective_on": "2010", "document_id": id});
    let recorded = memberships::event(&app, &place, lapse)
        .await
        .expect(201)
        .json();
    assert_eq!(recorded["document_id"], id);
    let listed = memberships::events(&app, &place).await;
    assert_eq!(listed[1]["document_id"], id);
    let wrong = json!({"action": "note", "effective_on": "2010", "note": "x", "document_id": "doc_0000000000",
        "source": {"kind": "press", "title": "Gazeta"}});
    let refused = memberships::event(&app, &place, wrong).await;
    assert_eq!(refused.pointers("validation-failed"), ["/document_id"]);
}

#[actix_web::test]
async fn documents_are_listed_by_what_is_known_of_them() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let a = filed(&registrar, &[("title", "B")]).await;
    app.clock.advance(chrono::TimeDelta::minutes(1));
    let body =
        json!({"kind": "press_release", "title": "A", "external_url": "https://example.org/a"});
    let b = registrar.post(DOCUMENTS, body).await.expect(201).json();
    let internal = filed(&registrar, &[("access", "internal")]).await;
    let (a, b) = (a["id"].as_str().unwrap(), b["id"].as_str().unwrap());
    for (query, expected) in [
        ("", vec![b, a]),
        ("?sort=title", vec![b, a]),
        ("?sort=-title", vec![a, b]),
        ("?kind=agreement_text", vec![a]),
        ("?kind=photo", vec![]),
        ("?access=internal", vec![]),
        ("?record_state=draft", vec![]),
        ("?updated_since=2026-11-24T12:00:30Z", vec![b]),
        ("?limit=1&sort=created_at", vec![a]),
    ] {
        let list = app.get(&format!("{DOCUMENTS}{query}")).await.expect(200);
        assert_eq!(ids(&list.json()["data"]), expected, "{query}");
    }
    let digest = internal["sha256"].as_str().unwrap();
    let list = registrar
        .get(&format!("{DOCUMENTS}?sha256={digest}&count=true"))
        .await
        .json();
    assert_eq!(list["total"], 2);
    app.get(&format!("{DOCUMENTS}?q=x"))
        .await
        .problem("unknown-parameter");
    app.get(&format!("{DOCUMENTS}?kind=poem"))
        .await
        .problem("malformed-request");
}
