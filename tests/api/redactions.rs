//! The name of a person leaves the registry.

use serde_json::{Value, json};
use twincity::core::vocabulary::record::Role;
use twincity::exchange::export::{self, Format};

use crate::agreements::{AGREEMENTS, agreement, city};
use crate::memberships::{MEMBERSHIPS, membership};
use crate::partners::contacts::{at, person};
use crate::support::follower::Follower;
use crate::support::{Answer, Caller, TestApp};

const PARTNERS: &str = "/api/v1/partners";
const REDACTIONS: &str = "/api/v1/redactions";
const NAME: &str = "Łucja Q. Example";

fn of(target: &str, person: &str) -> Value {
    json!({"target": target, "person": person, "reason": "the person asked for it"})
}

fn hits(text: &str) -> usize {
    let lower = text.to_lowercase();
    lower.matches("łucja").count() + lower.matches("lucja").count()
}

#[track_caller]
fn silent(answer: &Answer) {
    assert_eq!(hits(answer.text()), 0, "{answer}");
}

/// An agreement with the name in every place, and the key its request was sent with.
async fn named_agreement(app: &TestApp) -> (String, Value, Caller<'_>) {
    let (a, b) = (
        city(app, "Białystok", "PL").await,
        city(app, "Eindhoven", "NL").await,
    );
    let body = json!({
        "instrument": "partnership_agreement", "signed_on": "1992-06-25",
        "title": {"en": "Agreement signed by Łucja Q. Example"},
        "purpose": {"pl": "Umowa, którą zawarła ŁUCJA Q EXAMPLE."},
        "parties": [
            {"partner_id": a, "signatories": [{"office": "Mayor", "name": NAME, "signed_as": "for the city"},
                                              {"office": "Clerk", "name": "John Example"}]},
            {"partner_id": b, "signatories": [{"office": "Alderman", "name": "lucja q example"}]},
        ],
        "sources": [{"kind": "press", "title": "Gazeta", "quote": "signed by Łucja Q. Example", "stated_value": "Lucja Q. Example"}],
    });
    let caller = app.as_registrar().header("Idempotency-Key", "birth");
    let id = caller.post(AGREEMENTS, body.clone()).await.expect(201).id();
    (id, body, caller)
}

#[actix_web::test]
async fn a_name_that_is_spelt_like_a_code_breaks_nothing() {
    let app = TestApp::new().await;
    let (a, b) = (
        city(&app, "Białystok", "PL").await,
        city(&app, "Eindhoven", "NL").await,
    );
    let registrar = app.as_registrar();
    let names = ["suspend", "council", "title", "replace", "PL", "Mayor"];
    let signatories: Vec<Value> = names
        .iter()
        .map(|name| json!({"office": "Clerk", "name": name}))
        .collect();
    let body = json!({"instrument": "protocol", "signed_on": "1992", "parties": [
        {"partner_id": a, "signatories": signatories}, {"partner_id": b}]});
    let id = registrar.post(AGREEMENTS, body).await.expect(201).id();
    let path = format!("{AGREEMENTS}/{id}");
    let event = json!({"action": "suspend", "effective_on": "2022-03-01", "reason_code": "other",
        "deciding_body": "council", "note": "The Mayor spoke."});
    registrar
        .post(&format!("{path}/events"), event)
        .await
        .expect(201);
    registrar
        .patch(&path, "*", json!({"title": {"en": "Mayor and council"}}))
        .await
        .expect(200);
    for name in names {
        registrar.post(REDACTIONS, of(&id, name)).await.expect(200);
    }
    let shown = app.get(&path).await.expect(200).json();
    assert_eq!(shown["status"], "suspended");
    assert_eq!(shown["title"]["en"], "[redacted] and [redacted]");
    assert!(shown["parties"][0]["signatories"][0]["name"].is_null());
    let events = app.get(&format!("{path}/events")).await.expect(200);
    assert!(events.text().contains("The [redacted] spoke."), "{events}");
    assert!(events.text().contains("\"deciding_body\":\"council\""));
    // Every patch still applies.
    for version in 1..=3 {
        registrar
            .get(&format!("{path}/history?version={version}"))
            .await
            .expect(200);
    }
}

#[actix_web::test]
async fn an_office_redacts_people_and_not_words() {
    let app = TestApp::new().await;
    let (a, b) = (
        city(&app, "Białystok", "PL").await,
        city(&app, "Eindhoven", "NL").await,
    );
    app.office(&a, true).await;
    let (editor, approver) = (
        app.member(Role::Editor, Some(&a)).caller,
        app.member(Role::Approver, Some(&a)).caller,
    );
    let body = json!({"instrument": "protocol", "signed_on": "1992",
        "title": {"en": "Białystok meets Eindhoven, by Jane Example"},
        "parties": [{"partner_id": a, "signatories": [{"office": "Mayor", "name": "Jane Example"}]},
                    {"partner_id": b}]});
    let id = approver.post(AGREEMENTS, body).await.expect(201).id();
    let answer = approver.post(REDACTIONS, of(&id, "Eindhoven")).await;
    assert_eq!(answer.pointers("validation-failed"), ["/person"]);
    // There is no way back, so that it takes somebody whose word is enough.
    editor
        .post(REDACTIONS, of(&id, "Jane Example"))
        .await
        .problem("forbidden");
    approver
        .post(REDACTIONS, of(&id, "Jane Example"))
        .await
        .expect(200);
    let shown = app.get(&format!("{AGREEMENTS}/{id}")).await.expect(200);
    assert!(!shown.text().contains("Jane"), "{shown}");
}

#[actix_web::test]
async fn a_source_is_redacted_by_its_own_id_wherever_it_is_cited() {
    let app = TestApp::new().await;
    let (a, b) = (
        city(&app, "Białystok", "PL").await,
        city(&app, "Eindhoven", "NL").await,
    );
    let registrar = app.as_registrar();
    let body = json!({"instrument": "protocol", "signed_on": "1992",
        "parties": [{"partner_id": a}, {"partner_id": b}],
        "sources": [{"kind": "press", "title": "Signed by Łucja Q. Example",
            "url": "https://example.org/lucja-q-example"}]});
    let path = registrar.post(AGREEMENTS, body).await.expect(201).id();
    let path = format!("{AGREEMENTS}/{path}");
    let cited = app.get(&format!("{path}/citations")).await.expect(200);
    let source = cited.json()["data"][0]["source"]["id"].clone();
    let source = source.as_str().unwrap();
    let etag = app
        .get(&format!("{path}?include=sources"))
        .await
        .expect(200)
        .etag();
    app.office(&a, false).await;
    app.member(Role::Approver, Some(&a))
        .caller
        .post(REDACTIONS, of(source, "Signed by"))
        .await
        .problem("validation-failed");
    registrar
        .post(REDACTIONS, of(source, NAME))
        .await
        .expect(200);
    let shown = app
        .get(&format!("{path}?include=sources"))
        .await
        .expect(200);
    assert_ne!(shown.etag(), etag);
    for address in [
        format!("/api/v1/sources/{source}"),
        format!("/api/v1/sources/{source}/history"),
        "/api/v1/sources".to_owned(),
        "/api/v1/search?q=signed".to_owned(),
        format!("{path}?include=sources,citations"),
        format!("{path}/citations"),
        "/api/v1/changes?limit=100".to_owned(),
    ] {
        silent(&registrar.get(&address).await.expect(200));
    }
}

#[actix_web::test]
async fn what_is_said_beside_a_record_is_found_everywhere() {
    let app = TestApp::new().await;
    let (a, b) = (
        city(&app, "Białystok", "PL").await,
        city(&app, "Eindhoven", "NL").await,
    );
    let registrar = app.as_registrar();
    let body = json!({"instrument": "protocol", "signed_on": "1992",
        "parties": [{"partner_id": a}, {"partner_id": b}],
        "sources": [{"kind": "press", "title": "Gazette", "quote": "Łucja Q. Example spoke."}]});
    let cited = registrar.post(AGREEMENTS, body).await.expect(201).id();
    let body = json!({"kind": "meeting", "title": {"en": "Meeting"}, "starts_on": "2020",
        "participants": [{"partner_id": a}]});
    let told = registrar
        .post("/api/v1/activities", body)
        .await
        .expect(201)
        .id();
    app.anonymous()
        .post(
            "/api/v1/suggestions",
            json!({"target": told, "message": "Łucja Q. Example was there."}),
        )
        .await
        .expect(201);
    let done = registrar
        .post(
            REDACTIONS,
            json!({"everywhere": true, "person": NAME, "reason": "asked for"}),
        )
        .await
        .expect(200)
        .json();
    let mut found: Vec<&str> = done["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| record["target"].as_str().unwrap())
        .collect();
    found.sort_unstable();
    let mut expected = [cited.as_str(), told.as_str()];
    expected.sort_unstable();
    assert_eq!(found, expected, "{done}");
    silent(&registrar.get("/api/v1/suggestions").await.expect(200));
}

#[actix_web::test]
async fn a_redacted_name_is_gone_from_the_agreement_and_all_that_was_said_of_it() {
    let app = TestApp::new().await;
    let (id, body, caller) = named_agreement(&app).await;
    let path = format!("{AGREEMENTS}/{id}");
    let registrar = app.as_registrar();
    let event = json!({"action": "suspend", "effective_on": "2022-03-01", "reason_code": "other", "deciding_body": "council",
        "note": "moved by Łucja Q. Example and others"});
    registrar
        .post(&format!("{path}/events"), event)
        .await
        .expect(201);
    let etag = app.get(&path).await.expect(200).etag();
    registrar
        .patch(
            &path,
            &etag,
            json!({"signed_at": "in the garden of Łucja Q. Example"}),
        )
        .await
        .expect(200);
    assert!(hits(app.get(&path).await.text()) > 2);

    let before = app.revision().await;
    let done = registrar
        .post(REDACTIONS, of(&id, "łucja Q. EXAMPLE"))
        .await
        .expect(200);
    silent(&done);
    let view = done.json();
    assert_eq!((&view["target"], &view["version"]), (&json!(id), &json!(4)));
    assert!(view["places"].as_i64().unwrap() >= 7, "{view}");
    // One change of the agreement, one of the citation.
    assert_eq!(app.revision().await, before + 2);

    let item = app.get(&path).await.expect(200);
    assert_ne!(item.etag(), etag);
    let shown = item.json();
    assert_eq!(
        shown["parties"][0]["signatories"],
        json!([{"office": "Mayor", "signed_as": "for the city"}, {"office": "Clerk", "name": "John Example"}])
    );
    assert_eq!(
        shown["parties"][1]["signatories"],
        json!([{"office": "Alderman"}])
    );
    assert_eq!(shown["title"]["en"], "Agreement signed by [redacted]");
    assert_eq!(shown["signed_on"], "1992-06-25");
    for address in [
        path.clone(),
        format!("{path}?include=events,citations,sources,activities"),
        format!("{path}/events"),
        format!("{path}/citations"),
        format!("{path}/history"),
        format!("{AGREEMENTS}?include=events,citations"),
        "/api/v1/changes".to_owned(),
        "/api/v1/search?q=agreement".to_owned(),
    ] {
        silent(&registrar.get(&address).await.expect(200));
    }
    let found = app
        .get("/api/v1/search?q=%C5%81ucja")
        .await
        .expect(200)
        .json();
    assert_eq!(found["data"], json!([]), "{found}");
    let history = app.get(&format!("{path}/history")).await.json();
    let last = &history["data"][0];
    assert_eq!(
        (&last["op"], &last["reason"], &last["version"]),
        (
            &json!("redacted"),
            &json!("the person asked for it"),
            &json!(4)
        )
    );
    // The request that recorded it is a new one now, and meets what it recorded.
    let again = caller.post(AGREEMENTS, body).await;
    assert_eq!(again.header("idempotency-replayed"), None);
    let again = again.problem("duplicate-agreement");
    assert_eq!(again["duplicate_of"], json!(id));
    // The name does not stand there any more.
    assert_eq!(
        registrar
            .post(REDACTIONS, of(&id, NAME))
            .await
            .pointers("validation-failed"),
        ["/person"]
    );
}

#[actix_web::test]
async fn what_was_logged_and_exported_never_held_a_signatory() {
    let app = TestApp::new().await;
    let paper = agreement(&app, json!({"signed_on": "1992"})).await;
    let path = format!("{AGREEMENTS}/{paper}");
    let item = app.get(&path).await.expect(200);
    let partner = item.json()["parties"][0]["partner"]["id"].clone();
    let other = item.json()["parties"][1]["partner"]["id"].clone();
    app.as_registrar()
        .patch(&path, &item.etag(), json!({"parties": [{"partner_id": partner, "signatories": [{"office": "Mayor", "name": NAME}]}, {"partner_id": other}]}))
        .await
        .expect(200);
    assert_eq!(hits(app.get(&path).await.text()), 1);
    silent(&app.get(&format!("{path}/history")).await.expect(200));
    silent(&app.get("/api/v1/changes").await.expect(200));
    silent(&app.get(AGREEMENTS).await.expect(200));
    let folder = tempfile::tempdir().unwrap();
    let options = |force| export::Options {
        format: Format::Jsonl,
        bom: false,
        force,
        now: app.app.now(),
    };
    let exported = |force| {
        let files = export::records(&app.app.db, folder.path(), options(force)).unwrap();
        assert!(files.len() > 3);
        let all = std::fs::read_dir(folder.path()).unwrap();
        all.map(|file| hits(&std::fs::read_to_string(file.unwrap().path()).unwrap()))
            .sum::<usize>()
    };
    assert_eq!(exported(false), 0);
    app.as_registrar()
        .post(REDACTIONS, of(&paper, NAME))
        .await
        .expect(200);
    assert_eq!(exported(true), 0);
    silent(&app.get(&path).await.expect(200));
}

#[actix_web::test]
async fn a_reason_of_an_earlier_change_is_scrubbed_too() {
    let app = TestApp::new().await;
    let paper = agreement(&app, json!({})).await;
    let path = format!("{AGREEMENTS}/{paper}");
    let admin = app.as_admin();
    admin
        .delete(
            &format!("{path}?reason=asked+by+%C5%81ucja+Q.+Example"),
            "*",
        )
        .await
        .expect(204);
    assert!(hits(app.get(&path).await.expect(410).text()) > 0);
    let done = admin
        .post(REDACTIONS, of(&paper, NAME))
        .await
        .expect(200)
        .json();
    assert_eq!(done["places"], 2);
    let gone = app.get(&path).await.problem("withdrawn");
    assert_eq!(gone["reason"], "asked by [redacted]");
    let history = app.get(&format!("{path}/history")).await.expect(200);
    assert_eq!(history.json()["data"][1]["reason"], "asked by [redacted]");
    silent(&history);
}

#[actix_web::test]
async fn participants_office_holders_and_contacts_are_redacted_where_they_stand() {
    let app = TestApp::new().await;
    let partner = city(&app, "Białystok", "PL").await;
    let registrar = app.as_registrar();
    let activity = registrar
        .post(
            "/api/v1/activities",
            json!({"kind": "meeting", "title": {"en": "A meeting"}, "starts_on": "2009-06", "outcome": "Łucja Q. Example spoke",
                "participants": [{"partner_id": partner, "office": "mayor", "name": format!("dr {NAME}")}]}),
        )
        .await
        .expect(201)
        .id();
    let member = membership(
        &app,
        json!({"admitted_on": "1997", "offices": [{"office": "president", "name": NAME, "since": "1998"}]}),
    )
    .await;
    let contact = registrar
        .post(
            &at(&partner),
            person(json!({"person_name": NAME, "email": "lucja@example.org"})),
        )
        .await
        .expect(201);
    for (target, path, places) in [
        (&activity, format!("/api/v1/activities/{activity}"), 3),
        (&member, format!("{MEMBERSHIPS}/{member}"), 1),
    ] {
        let done = registrar
            .post(REDACTIONS, of(target, NAME))
            .await
            .expect(200);
        assert_eq!(
            done.json(),
            json!({"target": target, "places": places, "version": 2})
        );
        let item = app.get(&path).await.expect(200);
        silent(&item);
        assert_eq!(item.json()["version"], 2);
    }
    let shown = app
        .get(&format!("/api/v1/activities/{activity}"))
        .await
        .json();
    assert_eq!(shown["participants"][0]["office"], "mayor");
    assert_eq!(shown["outcome"], "[redacted] spoke");
    let shown = app.get(&format!("{MEMBERSHIPS}/{member}")).await.json();
    assert_eq!(
        shown["offices"],
        json!([{"office": "president", "since": "1998"}])
    );

    let path = contact.header("location").unwrap().to_owned();
    let done = registrar
        .post(REDACTIONS, of(&contact.id(), NAME))
        .await
        .expect(200);
    assert_eq!(
        done.json(),
        json!({"target": contact.id(), "places": 1, "version": 2})
    );
    let gone = registrar.get(&path).await.problem("withdrawn");
    assert_eq!(gone["reason"], "the person asked for it");
    registrar
        .post(REDACTIONS, of(&contact.id(), NAME))
        .await
        .problem("withdrawn");
}

#[actix_web::test]
async fn who_may_edit_the_record_may_redact_it() {
    let app = TestApp::new().await;
    let (id, ..) = named_agreement(&app).await;
    let shown = app.get(&format!("{AGREEMENTS}/{id}")).await.json();
    let own = shown["parties"][0]["partner"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let other = city(&app, "Suwałki", "PL").await;
    app.anonymous()
        .post(REDACTIONS, of(&id, NAME))
        .await
        .problem("unauthenticated");
    let stranger = app.as_editor_of(&other);
    // Rights come before rules.
    stranger
        .post(REDACTIONS, json!({"target": id}))
        .await
        .problem("forbidden");
    let hidden = app
        .as_registrar()
        .post(&at(&own), person(json!({})))
        .await
        .expect(201)
        .id();
    stranger
        .post(REDACTIONS, of(&hidden, NAME))
        .await
        .problem("not-found");
    for id in [
        "agr_0000000000",
        "act_0000000000",
        "mbr_0000000000",
        "con_0000000000",
    ] {
        app.as_admin()
            .post(REDACTIONS, of(id, NAME))
            .await
            .problem("not-found");
    }
    let editor = app.as_editor_of(&own);
    let mut wide = of(&id, NAME);
    wide["everywhere"] = json!(true);
    for caller in [&editor, &app.with_role(Role::Approver, Some(&own))] {
        caller
            .post(REDACTIONS, wide.clone())
            .await
            .problem("forbidden");
    }
    editor
        .clone()
        .header("If-Match", "\"7\"")
        .post(REDACTIONS, of(&id, NAME))
        .await
        .problem("precondition-failed");
    editor.post(REDACTIONS, of(&id, NAME)).await.expect(200);
}

#[actix_web::test]
async fn a_redaction_that_breaks_a_rule_removes_nothing() {
    let app = TestApp::new().await;
    let (id, ..) = named_agreement(&app).await;
    let registrar = app.as_registrar();
    let before = app.revision().await;
    assert_eq!(
        registrar
            .post(REDACTIONS, json!({}))
            .await
            .pointers("validation-failed"),
        ["/person", "/reason", "/target"]
    );
    let bad = json!({"target": "cit_0000000000", "person": "–", "reason": " "});
    assert_eq!(
        registrar
            .post(REDACTIONS, bad)
            .await
            .pointers("validation-failed"),
        ["/person", "/reason", "/target"]
    );
    let told = json!({"target": id, "person": NAME, "reason": "lucja q example asked for it"});
    let refused = registrar.post(REDACTIONS, told).await;
    silent(&refused);
    assert_eq!(refused.pointers("validation-failed"), ["/reason"]);
    let unknown = registrar.post(REDACTIONS, of(&id, "Łucja Nobody")).await;
    silent(&unknown);
    assert_eq!(unknown.pointers("validation-failed"), ["/person"]);
    let tried = registrar
        .post(&format!("{REDACTIONS}?dry_run=true"), of(&id, NAME))
        .await
        .expect(200);
    assert_eq!(tried.json()["version"], 2);
    assert_eq!(app.revision().await, before);
    assert!(hits(app.get(&format!("{AGREEMENTS}/{id}")).await.text()) > 2);
}

#[actix_web::test]
async fn a_registrar_removes_a_person_from_every_record_at_once() {
    let app = TestApp::new().await;
    let (paper, ..) = named_agreement(&app).await;
    let registrar = app.as_registrar();
    let other = agreement(&app, json!({})).await;
    registrar
        .post(
            &format!("{AGREEMENTS}/{other}/events"),
            json!({"action": "note", "effective_on": "2020", "note": "Lucja Q Example spoke against it",
                "source": {"kind": "press", "title": "Gazeta"}}),
        )
        .await
        .expect(201);
    let untouched = agreement(&app, json!({"signed_on": "1999"})).await;
    let member = membership(
        &app,
        json!({"admitted_on": "1997", "offices": [{"office": "president", "name": "LUCJA Q EXAMPLE"}]}),
    )
    .await;
    let wide = json!({"person": NAME, "reason": "the person asked for it", "everywhere": true});
    let done = registrar.post(REDACTIONS, wide.clone()).await.expect(200);
    silent(&done);
    let view = done.json();
    let mut those: Vec<&str> = view["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| record["target"].as_str().unwrap())
        .collect();
    those.sort_unstable();
    let mut wanted = [paper.as_str(), other.as_str(), member.as_str()];
    wanted.sort_unstable();
    assert_eq!(those, wanted);
    assert_eq!((view.get("target"), view.get("version")), (None, None));
    for path in [
        format!("{AGREEMENTS}/{paper}"),
        format!("{AGREEMENTS}/{other}/events"),
        format!("{MEMBERSHIPS}/{member}"),
        "/api/v1/changes".to_owned(),
    ] {
        silent(&registrar.get(&path).await.expect(200));
    }
    let kept = app.get(&format!("{AGREEMENTS}/{untouched}")).await.json();
    assert_eq!(kept["version"], 1);
    assert_eq!(
        registrar
            .post(REDACTIONS, wide)
            .await
            .pointers("validation-failed"),
        ["/person"]
    );
}

#[actix_web::test]
async fn a_name_sent_again_is_recorded_again() {
    let app = TestApp::new().await;
    let (id, ..) = named_agreement(&app).await;
    let path = format!("{AGREEMENTS}/{id}");
    let registrar = app.as_registrar();
    registrar.post(REDACTIONS, of(&id, NAME)).await.expect(200);
    let item = app.get(&path).await.expect(200);
    let parties = item.json()["parties"].clone();
    let again: Vec<Value> = parties
        .as_array()
        .unwrap()
        .iter()
        .map(|party| json!({"partner_id": party["partner"]["id"], "signatories": [{"office": "Mayor", "name": NAME}]}))
        .collect();
    let changed = registrar
        .patch(&path, &item.etag(), json!({"parties": again}))
        .await
        .expect(200);
    assert_eq!(hits(changed.text()), 2);
    registrar.post(REDACTIONS, of(&id, NAME)).await.expect(200);
}

#[actix_web::test]
async fn what_is_proposed_for_the_record_is_scrubbed_too() {
    let app = TestApp::new().await;
    let (id, ..) = named_agreement(&app).await;
    let shown = app.get(&format!("{AGREEMENTS}/{id}")).await.json();
    let parties: Vec<Value> = shown["parties"]
        .as_array()
        .unwrap()
        .iter()
        .map(|party| json!({"partner_id": party["partner"]["id"], "signatories": [{"office": "Mayor", "name": "Lucja Q Example"}]}))
        .collect();
    let mut proposed = Vec::new();
    for more in [
        json!({"message": "Łucja Q. Example signed it in June.",
               "evidence_url": "https://example.org/%C5%81ucja-Q-Example"}),
        json!({"patch": {"parties": parties}}),
    ] {
        let mut body = json!({"target": id});
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let made = app
            .anonymous()
            .post("/api/v1/suggestions", body)
            .await
            .expect(201)
            .json();
        proposed.push(made["suggestion_id"].as_str().unwrap().to_owned());
    }
    let registrar = app.as_registrar();
    registrar.post(REDACTIONS, of(&id, NAME)).await.expect(200);
    for suggestion in proposed {
        let path = format!("/api/v1/suggestions/{suggestion}");
        let kept = registrar.get(&path).await.expect(200);
        silent(&kept);
        assert!(kept.text().contains("Mayor") || kept.text().contains("[redacted] signed it"));
    }
}

#[actix_web::test]
async fn the_name_that_was_used_at_signing_is_scrubbed_and_told_as_it_stays() {
    let app = TestApp::new().await;
    let (a, b) = (
        city(&app, "Białystok", "PL").await,
        city(&app, "Eindhoven", "NL").await,
    );
    let registrar = app.as_registrar();
    let body = json!({"instrument": "protocol", "signed_on": "1992", "parties": [
        {"partner_id": a, "name_at_signing": "Office of Łucja Q. Example"}, {"partner_id": b}]});
    let id = registrar.post(AGREEMENTS, body).await.expect(201).id();
    registrar.post(REDACTIONS, of(&id, NAME)).await.expect(200);
    for address in [
        format!("{AGREEMENTS}/{id}"),
        format!("{AGREEMENTS}/{id}/history"),
        "/api/v1/changes".to_owned(),
    ] {
        silent(&registrar.get(&address).await.expect(200));
    }
    // Nothing of it is left to be found.
    registrar
        .post(REDACTIONS, of(&id, NAME))
        .await
        .problem("validation-failed");
}

#[actix_web::test]
async fn a_draft_is_redacted_by_its_own_office_and_out_of_sight() {
    let app = TestApp::new().await;
    let (own, other) = (
        city(&app, "Białystok", "PL").await,
        city(&app, "Eindhoven", "NL").await,
    );
    let editor = app.as_editor_of(&own);
    let draft = editor
        .post(
            "/api/v1/activities",
            json!({"kind": "meeting", "title": {"en": "A meeting"}, "record_state": "draft",
                "participants": [{"partner_id": own, "name": NAME}, {"partner_id": other}]}),
        )
        .await
        .expect(201)
        .id();
    let stranger = app.as_editor_of(&other);
    stranger
        .post(REDACTIONS, of(&draft, NAME))
        .await
        .problem("not-found");
    editor.post(REDACTIONS, of(&draft, NAME)).await.expect(200);
    let item = editor.get(&format!("/api/v1/activities/{draft}")).await;
    silent(&item.expect(200));
    let feed = app.get("/api/v1/changes").await.expect(200);
    assert!(!feed.text().contains("redacted"), "{feed}");
}

#[actix_web::test]
async fn a_document_of_the_record_keeps_no_name_in_what_is_said_of_it() {
    let app = TestApp::new().await;
    let paper = agreement(&app, json!({})).await;
    let registrar = app.as_registrar();
    let made = registrar
        .post(
            "/api/v1/documents",
            json!({"kind": "press_release", "title": "Speech of Łucja Q. Example", "agreement_id": paper,
                "external_url": "https://example.org/speech-%C5%81ucja+Q.+Example", "access": "public"}),
        )
        .await
        .expect(201);
    let done = registrar
        .post(REDACTIONS, of(&paper, NAME))
        .await
        .expect(200)
        .json();
    assert_eq!((&done["version"], &done["places"]), (&json!(2), &json!(4)));
    let path = made.header("location").unwrap();
    let item = app.get(path).await.expect(200).json();
    assert_eq!(item["title"], "Speech of [redacted]");
    assert!(item.get("external_url").is_none());
    for address in [
        path.to_owned(),
        "/api/v1/documents".to_owned(),
        format!("{path}/history"),
        format!("{AGREEMENTS}/{paper}?include=documents"),
        "/api/v1/changes".to_owned(),
    ] {
        silent(&registrar.get(&address).await.expect(200));
    }
}

#[actix_web::test]
async fn a_dry_run_is_refused_where_the_request_is() {
    let app = TestApp::new().await;
    let (id, ..) = named_agreement(&app).await;
    let shown = app.get(&format!("{AGREEMENTS}/{id}")).await.json();
    let own = shown["parties"][0]["partner"]["id"].as_str().unwrap();
    app.office(own, true).await;
    let editor = app.as_editor_of(own);
    for target in [REDACTIONS.to_owned(), format!("{REDACTIONS}?dry_run=true")] {
        editor
            .post(&target, of(&id, NAME))
            .await
            .problem("forbidden");
    }
    let approver = app.with_role(Role::Approver, Some(own));
    let dry = format!("{REDACTIONS}?dry_run=true");
    approver.post(&dry, of(&id, NAME)).await.expect(200);
    approver.post(REDACTIONS, of(&id, NAME)).await.expect(200);
}

/// A partner, a network and a membership with the name in every text, and what was once said of the partner.
async fn described(app: &TestApp) -> [(&'static str, String); 3] {
    let registrar = app.as_registrar();
    let other = city(app, "Eindhoven", "NL").await;
    let say = |text: &str| format!("{text} by {NAME}");
    let partner = json!({"kind": "school", "name": say("School founded"), "country": "PL",
        "description": {"en": say("Founded")}, "seeking": {"note": say("Looked after")},
        "website": "https://example.org/lucja-q-example",
        "sources": [{"kind": "press", "title": "Gazette"}]});
    let partner = registrar.post(PARTNERS, partner).await.expect(201).id();
    let network = json!({"kind": "euroregion", "name": "Niemen", "description": {"en": say("Founded")},
        "legal_form": say("association"), "membership_classes": ["full", say("guest")]});
    let network = registrar
        .post("/api/v1/networks", network)
        .await
        .expect(201);
    let network = network.id();
    let membership = json!({"partner_id": partner, "network_id": network, "admitted_on": "1997",
        "class": say("guest"), "section": say("section")});
    let membership = registrar.post(MEMBERSHIPS, membership).await.expect(201);
    let at = format!("{PARTNERS}/{partner}");
    let related = json!({"to_id": other, "type": "related", "note": say("Arranged")});
    let relations = format!("{at}/relations");
    registrar.post(&relations, related).await.expect(201);
    // Of these nothing but the log is left.
    let gone = json!({"to_id": other, "type": "successor", "note": say("Written")});
    let gone = registrar.post(&relations, gone).await.expect(201).id();
    let gone = format!("{relations}/{gone}");
    registrar.delete(&gone, "\"1\"").await.expect(204);
    let source = json!({"kind": "press", "title": "Other"});
    let source = registrar.post("/api/v1/sources", source).await.expect(201);
    let cited = json!({"source_id": source.id(), "quote": say("Quoted")});
    let cited = registrar.post(&format!("{at}/citations"), cited).await;
    let cited = format!("/api/v1/citations/{}", cited.expect(201).id());
    registrar.delete(&cited, "*").await.expect(204);
    [
        ("partners", partner),
        ("networks", network),
        ("memberships", membership.id()),
    ]
}

#[actix_web::test]
async fn texts_of_bodies_and_what_was_once_said_of_them_hold_no_name() {
    for wide in [false, true] {
        let app = TestApp::new().await;
        let registrar = app.as_registrar();
        let all = described(&app).await;
        let mut follower = Follower::default();
        follower.equals_lists(&app, "recording").await;
        if wide {
            let body = json!({"everywhere": true, "person": NAME, "reason": "asked for"});
            let done = registrar.post(REDACTIONS, body.clone()).await.expect(200);
            assert_eq!(done.json()["records"].as_array().unwrap().len(), 3);
            let again = registrar.post(REDACTIONS, body).await;
            assert_eq!(again.pointers("validation-failed"), ["/person"]);
        } else {
            for (_, id) in &all {
                registrar.post(REDACTIONS, of(id, NAME)).await.expect(200);
                let again = registrar.post(REDACTIONS, of(id, NAME)).await;
                assert_eq!(again.pointers("validation-failed"), ["/person"]);
            }
        }
        follower.equals_lists(&app, "redacting").await;
        let school = format!("School founded by {NAME}");
        let mut addresses = vec![
            "/api/v1/changes?limit=100".to_owned(),
            format!("{PARTNERS}/{}/relations", all[0].1),
            format!("{PARTNERS}/{}/citations", all[0].1),
        ];
        for (collection, id) in &all {
            let at = format!("/api/v1/{collection}/{id}");
            addresses.extend([
                format!("/api/v1/{collection}"),
                format!("{at}/history"),
                format!("{at}/history?version=1"),
                at,
            ]);
        }
        for address in addresses {
            let answer = registrar.get(&address).await.expect(200);
            // How a body is called stays.
            assert_eq!(hits(&answer.text().replace(&school, "")), 0, "{answer}");
        }
        let shown = app.get(&format!("{PARTNERS}/{}", all[0].1)).await.json();
        assert_eq!(shown["name"], json!(school));
        assert_eq!(shown["description"]["en"], "Founded by [redacted]");
        assert!(shown["website"].is_null());
    }
}

#[actix_web::test]
async fn whoever_follows_the_feed_loses_the_name_too() {
    let app = TestApp::new().await;
    let (paper, ..) = named_agreement(&app).await;
    let partner = app.get(&format!("{AGREEMENTS}/{paper}")).await.json();
    let partner = partner["parties"][0]["partner"]["id"].as_str().unwrap();
    let registrar = app.as_registrar();
    let source = json!({"kind": "press", "title": format!("Written by {NAME}"),
        "licence": format!("As {NAME} allows")});
    let source = registrar.post("/api/v1/sources", source).await.expect(201);
    let cited = json!({"source_id": source.id(), "quote": format!("Said by {NAME}")});
    let cited = registrar
        .post(&format!("{PARTNERS}/{partner}/citations"), cited)
        .await
        .expect(201);
    let mut follower = Follower::default();
    follower.equals_lists(&app, "recording").await;
    for target in [paper.clone(), source.id(), partner.to_owned()] {
        registrar
            .post(REDACTIONS, of(&target, NAME))
            .await
            .expect(200);
        follower.equals_lists(&app, "redacting").await;
        assert_eq!(hits(&follower.record(&target).to_string()), 0);
    }
    let copied = follower.record(&cited.id());
    assert_eq!(copied["source"]["title"], "Written by [redacted]");
    assert_eq!(copied["quote"], "Said by [redacted]");
    let mut late = Follower::default();
    late.equals_lists(&app, "following from the beginning")
        .await;
    silent(&app.get("/api/v1/changes?limit=100").await.expect(200));
}

#[actix_web::test]
async fn a_source_is_redacted_by_itself_wherever_it_was_shown() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let partner = city(&app, "Białystok", "PL").await;
    let at = format!("{PARTNERS}/{partner}");
    let title = format!("Written by {NAME}");
    let source = json!({"kind": "press", "title": title});
    let source = registrar.post("/api/v1/sources", source).await.expect(201);
    let source = source.id();
    let mut cited = Vec::new();
    for pointer in ["/name", "/country"] {
        let body =
            json!({"source_id": source, "pointer": pointer, "quote": format!("Said by {NAME}")});
        let citation = registrar.post(&format!("{at}/citations"), body).await;
        cited.push(citation.expect(201).id());
    }
    let gone = format!("/api/v1/citations/{}", cited[1]);
    registrar.delete(&gone, "*").await.expect(204);
    registrar
        .post(REDACTIONS, of(&partner, NAME))
        .await
        .expect(200);
    // The feed says what lists show: the citation, and the source with its title.
    let mut follower = Follower::default();
    follower.follow(&app).await;
    assert_eq!(
        follower.record(&cited[0])["quote"],
        json!("Said by [redacted]")
    );
    assert_eq!(follower.record(&cited[0])["source"]["title"], json!(title));
    let version = app.get(&at).await.json()["version"].clone();
    let body = json!({"everywhere": true, "person": NAME, "reason": "asked for"});
    let done = registrar.post(REDACTIONS, body).await.expect(200).json();
    // Who cites it has said nothing of the person.
    assert_eq!(done["records"].as_array().unwrap().len(), 1, "{done}");
    assert_eq!(done["records"][0]["target"], json!(source));
    assert_eq!(app.get(&at).await.json()["version"], version);
    // Of one that was removed the log alone is left.
    silent(&app.get("/api/v1/changes?limit=100").await.expect(200));
}

#[actix_web::test]
async fn what_was_said_of_a_partner_that_was_merged_is_redacted_with_the_other_one() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let [twice, stays, other] = [
        city(&app, "Suwałki", "PL").await,
        city(&app, "Białystok", "PL").await,
        city(&app, "Eindhoven", "NL").await,
    ];
    let at = format!("{PARTNERS}/{twice}");
    let source = json!({"kind": "press", "title": "Gazette"});
    let source = registrar.post("/api/v1/sources", source).await.expect(201);
    let quote = json!({"source_id": source.id(), "quote": format!("Said by {NAME}")});
    let cited = registrar.post(&format!("{at}/citations"), quote).await;
    let note = json!({"to_id": other, "type": "related", "note": format!("Arranged by {NAME}")});
    let related = registrar.post(&format!("{at}/relations"), note).await;
    let parts = [cited.expect(201).id(), related.expect(201).id()];
    let body = json!({"into": stays, "reason": "recorded twice"});
    let merged = registrar.post(&format!("{at}/merge"), body).await;
    merged.expect(200);
    registrar
        .post(REDACTIONS, of(&stays, NAME))
        .await
        .expect(200);
    silent(&app.get("/api/v1/changes?limit=100").await.expect(200));
    let mut follower = Follower::default();
    follower.follow(&app).await;
    assert_eq!(follower.record(&parts[0])["quote"], "Said by [redacted]");
    assert_eq!(follower.record(&parts[1])["note"], "Arranged by [redacted]");
}
