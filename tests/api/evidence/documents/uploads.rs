//! One document from its upload to its withdrawal, and uploads that come to nothing.

use serde_json::json;
use twincity::config::ServeConfig;
use twincity::core::vocabulary::record::Role;
use twincity::files::Location;

use super::{DOCUMENTS, Form, PDF, filed, kept, pdf, request};
use crate::agreements::{agreement, city};
use crate::support::TestApp;

#[actix_web::test]
async fn a_document_is_sent_in_read_changed_and_withdrawn() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let form = pdf()
        .field("title", " Partnership  agreement ")
        .field("language", "PL")
        .field("authentic", "true");
    let made = form.post(&registrar, DOCUMENTS).await.expect(201);
    let (id, body) = (made.id(), made.json());
    let location = format!("{DOCUMENTS}/{id}");
    assert_eq!(made.header("location"), Some(location.as_str()));
    assert_eq!(made.etag(), "\"1-1\"");
    assert_eq!(body["sha256"].as_str().unwrap().len(), 64);
    for (name, value) in [
        ("title", json!("Partnership agreement")),
        ("language", json!("pl")),
        ("authentic", json!(true)),
        ("access", json!("public")),
        ("media_type", json!("application/pdf")),
        ("size", json!(PDF.len())),
        ("file_name", json!("agreement.pdf")),
        ("content_url", json!(format!("{location}/content"))),
        ("created_at", json!("2026-11-24T12:00:00.000Z")),
    ] {
        assert_eq!(body[name], value, "{name}");
    }
    assert_eq!(body["versions"][0]["id"], id.as_str());
    let read = app.get(&location).await.expect(200);
    assert_eq!((read.json(), read.etag()), (body, made.etag()));
    let content = app.get(&format!("{location}/content")).await.expect(200);
    assert_eq!(&content.bytes()[..], PDF);
    let random = id.strip_prefix("doc_").unwrap();
    assert_eq!(kept(&app), [format!("{}/{id}", &random[..2])]);

    let patch = json!({"title": "Agreement", "language": null, "kind": "annex"});
    let changed = registrar.patch(&location, "\"1\"", patch).await.expect(200);
    let body = changed.json();
    assert_eq!(
        (&body["title"], body.get("language"), &body["kind"]),
        (&json!("Agreement"), None, &json!("annex"))
    );
    let stale = registrar.patch(&location, "\"1\"", json!({})).await;
    stale.problem("precondition-failed");

    registrar
        .delete(&format!("{location}?reason=illegible"), "\"2\"")
        .await
        .expect(204);
    let gone = app.get(&location).await.problem("withdrawn");
    assert_eq!(gone["reason"], "illegible");
    app.get(&format!("{location}/content"))
        .await
        .problem("withdrawn");
    assert_eq!(app.get(DOCUMENTS).await.json()["data"], json!([]));
    assert_eq!(kept(&app).len(), 1);
    let history = app.get(&format!("{location}/history")).await.expect(200);
    let ops: Vec<_> = history.json()["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["op"].clone())
        .collect();
    assert_eq!(ops, ["withdrawn", "updated", "created"]);
    // Names of files often name persons.
    assert!(!history.text().contains("agreement.pdf"), "{history}");
}

#[actix_web::test]
async fn fields_come_in_any_order_and_blank_ones_count_as_absent() {
    let app = TestApp::new().await;
    let paper = agreement(&app, json!({"signed_on": "1992"})).await;
    let form = Form::default()
        .file(None, None, PDF)
        .field("title", "")
        .field("language", "")
        .field("agreement_id", &paper)
        .field("kind", "minutes");
    let made = form.post(&app.as_registrar(), DOCUMENTS).await.expect(201);
    let body = made.json();
    assert_eq!(body["agreement_id"], paper.as_str());
    assert_eq!((body.get("title"), body.get("file_name")), (None, None));
}

#[actix_web::test]
async fn every_fault_of_a_form_is_told_at_once() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let form = Form::default()
        .field("kind", "poem")
        .field("language", "klingonisch")
        .field("access", "secret")
        .field("agreement_id", "agr_0000000000")
        .field("activity_id", "ptn_0000000000")
        .field("replaces", "doc_0000000000")
        .field("external_url", "ftp://x")
        .file(None, None, b"");
    let mut pointers = form
        .post(&registrar, DOCUMENTS)
        .await
        .pointers("validation-failed");
    pointers.dedup();
    let all = [
        "/access",
        "/activity_id",
        "/agreement_id",
        "/external_url",
        "/kind",
        "/language",
        "/replaces",
    ];
    assert_eq!(pointers, all);
    let empty = Form::default()
        .field("kind", "report")
        .file(Some("a.pdf"), None, b"");
    let pointers = empty
        .post(&registrar, DOCUMENTS)
        .await
        .pointers("validation-failed");
    assert_eq!(pointers, ["/file"]);
    let nothing = Form::default()
        .field("title", "A title")
        .post(&registrar, DOCUMENTS)
        .await;
    assert_eq!(nothing.pointers("validation-failed"), ["/file", "/kind"]);
    assert_eq!(kept(&app), Vec::<String>::new());
    assert_eq!(app.revision().await, 0);
}

#[actix_web::test]
async fn a_document_of_20_mib_is_kept_and_one_byte_more_is_not() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let mut bytes = PDF.to_vec();
    bytes.resize(20 * 1024 * 1024, b'x');
    let form = |bytes: &[u8]| {
        Form::default()
            .field("kind", "photo")
            .file(None, None, bytes)
    };
    let made = form(&bytes).post(&registrar, DOCUMENTS).await.expect(201);
    assert_eq!(made.json()["size"], bytes.len());
    bytes.push(b'x');
    form(&bytes)
        .post(&registrar, DOCUMENTS)
        .await
        .problem("payload-too-large");
    // What is too large as a whole is not even begun with.
    let announced = request(DOCUMENTS, "").insert_header(("Content-Length", "30000000"));
    registrar.send(announced).await.problem("payload-too-large");
    assert_eq!(kept(&app).len(), 1);
    let content = app
        .get(&format!("{DOCUMENTS}/{}/content", made.id()))
        .await
        .expect(200);
    assert!(content.bytes()[..] == bytes[..20 * 1024 * 1024]);
}

#[actix_web::test]
async fn who_may_not_record_it_is_told_before_anything_is_read() {
    let app = TestApp::new().await;
    let paper = agreement(&app, json!({})).await;
    let elsewhere = city(&app, "Grodno", "BY").await;
    app.send(request(DOCUMENTS, "no form at all"))
        .await
        .problem("unauthenticated");
    let nobody = app.with_role(Role::Editor, None);
    nobody
        .send(request(DOCUMENTS, "no form at all"))
        .await
        .problem("forbidden");
    let foreign = app.as_editor_of(&elsewhere);
    let before = Form::default()
        .field("agreement_id", &paper)
        .file(None, None, b"<html>");
    before.post(&foreign, DOCUMENTS).await.problem("forbidden");
    let behind = pdf().field("agreement_id", &paper);
    behind.post(&foreign, DOCUMENTS).await.problem("forbidden");
    let own = filed(&foreign, &[]).await;
    let other = city(&app, "Kaunas", "LT").await;
    let path = format!("{DOCUMENTS}/{}", own["id"].as_str().unwrap());
    for (caller, code) in [
        (app.as_editor_of(&other), "forbidden"),
        (app.anonymous(), "unauthenticated"),
    ] {
        caller
            .patch(&path, "\"1\"", json!({"title": "x"}))
            .await
            .problem(code);
        caller.delete(&path, "\"1\"").await.problem(code);
    }
    foreign
        .patch(&path, "\"1\"", json!({"title": "x"}))
        .await
        .expect(200);
    assert_eq!(kept(&app).len(), 1);
}

#[actix_web::test]
async fn a_write_that_fails_leaves_no_bytes() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let lost = pdf().field("agreement_id", "agr_0000000000");
    let pointers = lost
        .post(&registrar, DOCUMENTS)
        .await
        .pointers("validation-failed");
    assert_eq!(pointers, ["/agreement_id"]);
    let tried = pdf()
        .post(&registrar, &format!("{DOCUMENTS}?dry_run=true"))
        .await
        .expect(200);
    assert_eq!(tried.json()["media_type"], "application/pdf");
    assert_eq!(
        (kept(&app), app.revision().await),
        (Vec::<String>::new(), 0)
    );

    let keyed = registrar.header("Idempotency-Key", "once");
    let first = pdf().post(&keyed, DOCUMENTS).await.expect(201);
    let again = pdf().post(&keyed, DOCUMENTS).await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!((again.json(), kept(&app).len()), (first.json(), 1));
    let other = Form::default().field("kind", "agreement_text").file(
        Some("agreement.pdf"),
        None,
        b"%PDF-2.0",
    );
    other
        .post(&keyed, DOCUMENTS)
        .await
        .problem("idempotency-mismatch");
    assert_eq!(kept(&app).len(), 1);
}

#[actix_web::test]
async fn a_place_that_can_not_be_used_is_told_and_nothing_is_recorded() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let config = ServeConfig {
        documents: Some(Location::Folder(file.path().join("documents"))),
        ..ServeConfig::default()
    };
    let app = TestApp::with(config).await;
    let answer = pdf().post(&app.as_registrar(), DOCUMENTS).await;
    assert_eq!(answer.header("retry-after"), Some("5"));
    answer.problem("unavailable");
    assert_eq!(app.revision().await, 0);
}

#[actix_web::test]
async fn a_document_that_is_held_elsewhere_has_an_address_and_no_bytes() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let url = "https://example.org/resolution.pdf";
    let body = json!({"kind": "resolution", "external_url": url});
    let made = registrar.post(DOCUMENTS, body).await.expect(201);
    let path = format!("{DOCUMENTS}/{}", made.id());
    let body = made.json();
    assert_eq!(
        (
            &body["external_url"],
            body.get("content_url"),
            body.get("size")
        ),
        (&json!(url), None, None)
    );
    let problem = app.get(&format!("{path}/content")).await;
    assert_eq!(problem.header("location"), None);
    assert_eq!(problem.problem("not-found")["external_url"], url);
    let moved = json!({"external_url": "https://example.org/r.pdf"});
    registrar.patch(&path, "\"1\"", moved).await.expect(200);
    for (path, version, patch) in [
        (path.clone(), "\"2\"", json!({"external_url": null})),
        (
            format!(
                "{DOCUMENTS}/{}",
                filed(&registrar, &[]).await["id"].as_str().unwrap()
            ),
            "\"1\"",
            json!({"external_url": url}),
        ),
    ] {
        let pointers = registrar
            .patch(&path, version, patch)
            .await
            .pointers("validation-failed");
        assert_eq!(pointers, ["/external_url"]);
    }
    let both = pdf().field("external_url", url).post(&registrar, DOCUMENTS);
    assert_eq!(both.await.pointers("validation-failed"), ["/external_url"]);
    let neither = registrar.post(DOCUMENTS, json!({"kind": "report"})).await;
    assert_eq!(neither.pointers("validation-failed"), ["/file"]);
}
