//! Contacts of partners: what they are, and who sees them.

use actix_web::test::TestRequest;
use serde_json::{Value, json};
use twincity::core::vocabulary::record::Role;

use crate::agreements::city;
use crate::support::{Answer, Caller, TestApp};

/// The address of a partner's contacts.
pub fn at(partner: &str) -> String {
    format!("/api/v1/partners/{partner}/contacts")
}

/// A contact of an office with these further members.
pub fn office(more: Value) -> Value {
    let mut body =
        json!({"unit": "International relations office", "email": "twinning@example.org"});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    body
}

/// A contact of a person with these further members.
pub fn person(more: Value) -> Value {
    let mut body = office(json!({
        "is_personal": true, "email": "jane.example@example.org", "phone": "+48 555 010 999",
        "person_name": "Jane Q. Example", "consent_given_on": "2026-11-24", "consent_note": "by letter",
    }));
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    body
}

fn units(page: &Answer) -> Vec<String> {
    let page = page.json();
    let rows = page["data"].as_array().unwrap().iter();
    rows.map(|row| row["unit"].as_str().unwrap().to_owned())
        .collect()
}

fn seqs(page: &Value) -> Vec<&Value> {
    let rows = page["data"].as_array().unwrap().iter();
    rows.map(|change| &change["seq"]).collect()
}

async fn listed(caller: &Caller<'_>, partner: &str) -> Vec<String> {
    units(&caller.get(&at(partner)).await.expect(200))
}

#[actix_web::test]
async fn a_contact_is_recorded_read_changed_and_withdrawn() {
    let app = TestApp::new().await;
    let partner = city(&app, "Białystok", "PL").await;
    let editor = app.as_editor_of(&partner);
    let made = editor
        .post(&at(&partner), office(json!({"phone": "+48 85 869-60-00", "languages": ["pl", "en"], "verified_on": "2026-11-01"})))
        .await
        .expect(201);
    let location = made.header("location").unwrap().to_owned();
    assert_eq!(location, format!("{}/{}", at(&partner), made.id()));
    assert_eq!(made.etag(), "\"1\"");
    let body = made.json();
    assert!(made.id().starts_with("con_"));
    assert_eq!(
        (&body["partner_id"], &body["phone"], &body["visibility"]),
        (&json!(partner), &json!("+48858696000"), &json!("public"))
    );
    assert_eq!(
        (
            &body["is_personal"],
            &body["languages"],
            &body["verified_on"]
        ),
        (&json!(false), &json!(["pl", "en"]), &json!("2026-11-01"))
    );
    let read = app.get(&location).await.expect(200);
    assert_eq!((read.json(), read.etag()), (body, "\"1\"".to_owned()));
    app.anonymous()
        .header("If-None-Match", "\"1\"")
        .get(&location)
        .await
        .expect(304);

    let patch = TestRequest::patch()
        .uri(&location)
        .set_json(json!({"unit": "x"}));
    editor.send(patch).await.problem("precondition-required");
    let changed = editor
        .patch(
            &location,
            "\"1\"",
            json!({"unit": "Mayor's office", "phone": null}),
        )
        .await
        .expect(200);
    assert_eq!(changed.etag(), "\"2\"");
    assert_eq!(changed.json().get("phone"), None);
    editor
        .patch(&location, "\"1\"", json!({"unit": "x"}))
        .await
        .problem("precondition-failed");
    editor
        .patch(&location, "\"2\"", json!({"visibility": null}))
        .await
        .problem("validation-failed");
    editor
        .patch(&location, "\"2\"", json!({"email": null}))
        .await
        .pointers("validation-failed");
    editor
        .delete(&format!("{location}?reason=the+office+is+closed"), "\"2\"")
        .await
        .expect(204);
    let gone = app.get(&location).await.problem("withdrawn");
    assert_eq!(gone["reason"], "the office is closed");
    assert_eq!(listed(&app.anonymous(), &partner).await, [""; 0]);
}

#[actix_web::test]
async fn contacts_are_seen_by_whom_they_are_for() {
    let app = TestApp::new().await;
    let (host, other) = (
        city(&app, "Białystok", "PL").await,
        city(&app, "Eindhoven", "NL").await,
    );
    let partner = app
        .as_admin()
        .post(
            "/api/v1/partners",
            json!({"kind": "university", "name": "University", "country": "PL", "host_id": host}),
        )
        .await
        .expect(201)
        .id();
    let mut ids = Vec::new();
    for visibility in ["public", "registered", "internal"] {
        let body = office(json!({"unit": visibility, "visibility": visibility}));
        let made = app.as_editor_of(&host).post(&at(&partner), body).await;
        ids.push(made.expect(201).id());
    }
    let all = ["internal", "public", "registered"];
    for (caller, seen) in [
        (app.anonymous(), &["public"][..]),
        (app.as_editor_of(&other), &["public", "registered"]),
        (app.as_editor_of(&host), &all),
        (app.as_editor_of(&partner), &all),
        (app.as_registrar(), &all),
        (app.as_admin(), &all),
    ] {
        assert_eq!(listed(&caller, &partner).await, seen);
        let page = caller.get(&format!("{}?count=true", at(&partner))).await;
        assert_eq!(page.json()["total"], seen.len(), "{page}");
        for (id, visibility) in ids.iter().zip(["public", "registered", "internal"]) {
            let answer = caller.get(&format!("{}/{id}", at(&partner))).await;
            if seen.contains(&visibility) {
                answer.expect(200);
            } else {
                answer.problem("not-found");
            }
        }
        let include = format!("/api/v1/partners/{partner}?include=contacts");
        let shown = caller.get(&include).await.expect(200).json();
        assert_eq!(shown["contacts"].as_array().unwrap().len(), seen.len());
        let list = "/api/v1/partners?include=contacts&kind=university";
        let shown = caller.get(list).await.expect(200).json();
        assert_eq!(
            shown["data"][0]["contacts"].as_array().unwrap().len(),
            seen.len()
        );
    }
    let plain = app.get(&format!("/api/v1/partners/{partner}")).await.json();
    assert_eq!(plain.get("contacts"), None);
}

#[actix_web::test]
async fn a_wrong_key_is_refused_and_not_taken_for_nobody() {
    let app = TestApp::new().await;
    let partner = city(&app, "Białystok", "PL").await;
    let made = app
        .as_admin()
        .post(&at(&partner), office(json!({})))
        .await
        .expect(201);
    let stranger = app.with_key("tck_wrong");
    stranger.get(&at(&partner)).await.problem("unauthenticated");
    let location = made.header("location").unwrap();
    stranger.get(location).await.problem("unauthenticated");
}

#[actix_web::test]
async fn only_who_may_edit_the_partner_writes_its_contacts() {
    let app = TestApp::new().await;
    let (partner, other) = (
        city(&app, "Białystok", "PL").await,
        city(&app, "Eindhoven", "NL").await,
    );
    let made = app
        .as_editor_of(&partner)
        .post(&at(&partner), office(json!({})))
        .await
        .expect(201);
    let path = made.header("location").unwrap().to_owned();
    let hidden = app
        .as_editor_of(&partner)
        .post(&at(&partner), office(json!({"visibility": "internal"})))
        .await
        .expect(201);
    let hidden = hidden.header("location").unwrap().to_owned();
    let stranger = app.as_editor_of(&other);
    app.anonymous()
        .post(&at(&partner), office(json!({})))
        .await
        .problem("unauthenticated");
    stranger
        .post(&at(&partner), json!({}))
        .await
        .problem("forbidden");
    stranger
        .patch(&path, "\"9\"", json!({}))
        .await
        .problem("forbidden");
    stranger.delete(&path, "\"9\"").await.problem("forbidden");
    stranger
        .patch(&hidden, "\"1\"", json!({}))
        .await
        .problem("not-found");
    stranger.delete(&hidden, "\"1\"").await.problem("not-found");
    // A contact belongs to its partner: no other address leads to it.
    let wrong = path.replace(&partner, &other);
    app.as_admin().get(&wrong).await.problem("not-found");
    app.as_admin()
        .delete(&wrong, "*")
        .await
        .problem("not-found");
    for id in ["con_0000000000", "ptn_0000000000", "nonsense"] {
        app.get(&format!("{}/{id}", at(&partner)))
            .await
            .problem("not-found");
    }
}

#[actix_web::test]
async fn a_contact_that_is_patched_with_what_it_says_stays_as_it_is() {
    let app = TestApp::new().await;
    let partner = city(&app, "Białystok", "PL").await;
    let editor = app.as_editor_of(&partner);
    let made = editor
        .post(&at(&partner), office(json!({})))
        .await
        .expect(201);
    let path = made.header("location").unwrap().to_owned();
    let revision = app.revision().await;
    for patch in [json!({}), json!({"unit": made.json()["unit"]})] {
        let same = editor.patch(&path, &made.etag(), patch).await.expect(200);
        assert_eq!((same.json(), same.etag()), (made.json(), made.etag()));
    }
    assert_eq!(app.revision().await, revision);
}

#[actix_web::test]
async fn an_office_that_only_recorded_the_partner_keeps_nothing_internal_there() {
    let app = TestApp::new().await;
    let own = city(&app, "Białystok", "PL").await;
    let editor = app.as_editor_of(&own);
    let partner = editor
        .post(
            "/api/v1/partners",
            json!({"kind": "municipality", "name": "Eindhoven", "country": "NL"}),
        )
        .await
        .expect(201)
        .id();
    editor
        .post(&at(&partner), office(json!({"visibility": "internal"})))
        .await
        .problem("forbidden");
    let made = editor
        .post(&at(&partner), office(json!({})))
        .await
        .expect(201);
    let path = made.header("location").unwrap();
    editor
        .patch(path, "\"1\"", json!({"visibility": "internal"}))
        .await
        .problem("forbidden");
}

#[actix_web::test]
async fn every_fault_of_a_contact_is_told_at_once() {
    let app = TestApp::new().await;
    let partner = city(&app, "Białystok", "PL").await;
    let admin = app.as_admin();
    let body = json!({"unit": " ", "email": "office", "phone": "869 60 00", "url": "ftp://x", "languages": ["klingonisch", "pl", "pl"],
        "visibility": "secret", "verified_on": "2027-01-01", "person_name": "Jane Q. Example"});
    assert_eq!(
        admin
            .post(&at(&partner), body)
            .await
            .pointers("validation-failed"),
        [
            "/email",
            "/languages/0",
            "/languages/2",
            "/person_name",
            "/phone",
            "/unit",
            "/url",
            "/verified_on",
            "/visibility"
        ]
    );
    assert_eq!(
        admin
            .post(&at(&partner), json!({}))
            .await
            .pointers("validation-failed"),
        ["", "/unit"]
    );
    let public = person(json!({"visibility": "public", "expires_on": "2028-11-25"}));
    assert_eq!(
        admin
            .post(&at(&partner), public)
            .await
            .pointers("validation-failed"),
        ["/expires_on", "/visibility"]
    );
    admin
        .post(&at(&partner), office(json!({"fax": "1"})))
        .await
        .problem("malformed-request");
    assert_eq!(listed(&admin, &partner).await, [""; 0]);
}

#[actix_web::test]
async fn a_dry_run_and_a_repeated_request_record_no_second_contact() {
    let app = TestApp::new().await;
    let partner = city(&app, "Białystok", "PL").await;
    let admin = app.as_admin();
    let tried = admin
        .post(&format!("{}?dry_run=true", at(&partner)), office(json!({})))
        .await
        .expect(200);
    assert_eq!(tried.header("location"), None);
    assert_eq!(listed(&admin, &partner).await, [""; 0]);
    let again = admin.clone().header("Idempotency-Key", "a");
    let first = again
        .post(&at(&partner), office(json!({})))
        .await
        .expect(201);
    let second = again
        .post(&at(&partner), office(json!({})))
        .await
        .expect(201);
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    assert_eq!(first.id(), second.id());
    again
        .post(&at(&partner), office(json!({"unit": "Other"})))
        .await
        .problem("idempotency-mismatch");
    assert_eq!(listed(&admin, &partner).await.len(), 1);
}

#[actix_web::test]
async fn a_contact_of_a_withdrawn_partner_is_gone_with_it() {
    let app = TestApp::new().await;
    let partner = city(&app, "Białystok", "PL").await;
    let admin = app.as_admin();
    let made = admin
        .post(&at(&partner), office(json!({})))
        .await
        .expect(201);
    admin
        .delete(&format!("/api/v1/partners/{partner}"), "*")
        .await
        .expect(204);
    admin.get(&at(&partner)).await.problem("withdrawn");
    let location = made.header("location").unwrap();
    admin.get(location).await.problem("withdrawn");
    admin
        .post(&at(&partner), office(json!({})))
        .await
        .problem("withdrawn");
    admin.delete(location, "*").await.problem("withdrawn");
}

#[actix_web::test]
async fn the_log_has_no_address_of_mail_and_of_hidden_contacts_only_that_they_exist() {
    let app = TestApp::new().await;
    let partner = city(&app, "Białystok", "PL").await;
    let editor = app.with_role(Role::Editor, Some(&partner));
    let open = office(json!({"phone": "+48858696000", "url": "https://example.org/open"}));
    let made = editor.post(&at(&partner), open).await.expect(201);
    let location = made.header("location").unwrap().to_owned();
    editor
        .post(
            &at(&partner),
            person(json!({"visibility": "registered", "url": "https://example.org/hidden", "verified_on": "2026-11-24"})),
        )
        .await
        .expect(201);
    editor
        .patch(&location, "\"1\"", json!({"email": "new@example.org"}))
        .await
        .expect(200);
    let told = app.get("/api/v1/changes?entity=contact").await.expect(200);
    assert_eq!(told.json()["data"][1]["version"], 2);
    assert_eq!(seqs(&told.json()).len(), 2);
    editor
        .patch(&location, "\"2\"", json!({"visibility": "internal"}))
        .await
        .expect(200);
    let log = app
        .as_admin()
        .get("/api/v1/changes?entity=contact")
        .await
        .expect(200);
    for secret in [
        "Jane",
        "example@",
        "new@",
        "twinning@",
        "555",
        "48858",
        "letter",
        "/hidden",
    ] {
        assert!(!log.text().contains(secret), "{secret}: {log}");
    }
    let log = log.json();
    let rows = log["data"].as_array().unwrap();
    assert_eq!(rows.len(), 5);
    let first = &rows[0]["patch"][0]["value"];
    assert_eq!(first["url"], "https://example.org/open");
    let mut hidden: Vec<&String> = rows[1]["patch"][0]["value"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    hidden.sort();
    let told = [
        "id",
        "partner_id",
        "record_state",
        "verified_on",
        "visibility",
    ];
    assert_eq!(hidden, told);
    // Others read that it is shown no longer, and of the rest that there was a change.
    let selected = app.get("/api/v1/changes?entity=contact").await;
    let selected = selected.expect(200).json();
    assert_eq!(seqs(&selected), [&rows[3]["seq"]]);
    let closed = &selected["data"][0];
    assert_eq!(closed["patch"][0]["value"], Value::Null, "{closed}");
    let whole = app.get("/api/v1/changes").await.expect(200).json();
    for hidden in rows.iter().filter(|row| row["op"] != "refreshed") {
        let entry = whole["data"].as_array().unwrap().iter();
        let mut entry = entry.filter(|change| change["seq"] == hidden["seq"]);
        let shown = json!({"seq": hidden["seq"], "at": hidden["at"], "op": "hidden"});
        assert_eq!(entry.next(), Some(&shown));
    }
    let own = editor
        .get("/api/v1/changes?entity=contact")
        .await
        .expect(200)
        .json();
    assert_eq!(seqs(&own).len(), 5);
}

#[actix_web::test]
async fn a_contact_of_a_draft_is_as_hidden_as_the_draft() {
    let app = TestApp::new().await;
    let own = city(&app, "Białystok", "PL").await;
    let other = city(&app, "Eindhoven", "NL").await;
    let editor = app.as_editor_of(&own);
    let draft = json!({"kind": "university", "name": "University", "country": "PL", "host_id": own, "record_state": "draft"});
    let partner = editor
        .post("/api/v1/partners", draft)
        .await
        .expect(201)
        .id();
    let made = editor
        .post(&at(&partner), office(json!({})))
        .await
        .expect(201);
    let path = made.header("location").unwrap();
    editor.get(path).await.expect(200);
    for stranger in [app.anonymous(), app.as_editor_of(&other)] {
        stranger.get(path).await.problem("not-found");
        stranger.get(&at(&partner)).await.problem("not-found");
        let feed = stranger.get("/api/v1/changes").await.expect(200);
        assert!(!feed.text().contains("con_"), "{feed}");
    }
}
