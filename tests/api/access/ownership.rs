//! Whose a record is: drafts, partners without an office, words of a party, and what a merge moves.

use serde_json::{Value, json};
use twincity::core::vocabulary::record::Role;

use crate::agreements::{AGREEMENTS, city};
use crate::evidence::documents::{self, DOCUMENTS};
use crate::support::TestApp;

const PARTNERS: &str = "/api/v1/partners";
const SUGGESTIONS: &str = "/api/v1/suggestions";

async fn cities(app: &TestApp) -> (String, String) {
    let (a, b) = (
        city(app, "Hrodna", "BY").await,
        city(app, "Pskov", "RU").await,
    );
    app.office(&a, false).await;
    app.office(&b, false).await;
    (a, b)
}

fn between(a: &str, b: &str) -> Value {
    json!({"instrument": "protocol", "signed_on": "2001",
        "parties": [{"partner_id": a}, {"partner_id": b}]})
}

#[actix_web::test]
async fn a_draft_is_nobodys_but_its_own_offices_whoever_takes_part() {
    let app = TestApp::new().await;
    let (a, b) = cities(&app).await;
    let own = app.member(Role::Editor, Some(&a)).caller;
    let party = app.member(Role::Approver, Some(&b)).caller;
    let mut body = between(&a, &b);
    body["record_state"] = json!("draft");
    let id = own.post(AGREEMENTS, body).await.expect(201).id();
    // A colleague leaves a note on it: the other party sees neither.
    let note = own
        .post(
            SUGGESTIONS,
            json!({"target": id, "message": "Is the day right?"}),
        )
        .await
        .expect(201)
        .json();
    let note = format!("{SUGGESTIONS}/{}", note["suggestion_id"].as_str().unwrap());
    own.get(&note).await.expect(200);
    party.get(&note).await.problem("not-found");
    for decision in ["accept", "reject"] {
        party
            .post(&format!("{note}/{decision}"), json!({}))
            .await
            .problem("not-found");
    }
    let listed = party
        .get(&format!("{SUGGESTIONS}?count=true"))
        .await
        .expect(200)
        .json();
    assert_eq!(listed["total"], 0);
    // A registrar cites a source for it: the change is for the office that began it.
    let source = app
        .as_registrar()
        .post(
            "/api/v1/sources",
            json!({"kind": "press", "title": "Gazette"}),
        )
        .await
        .expect(201)
        .id();
    app.as_registrar()
        .post(
            &format!("{AGREEMENTS}/{id}/citations"),
            json!({"source_id": source}),
        )
        .await
        .expect(201);
    let seen = own.get("/api/v1/changes?entity=citation").await.expect(200);
    assert!(seen.text().contains(&id), "{seen}");
    let seen = party
        .get("/api/v1/changes?entity=citation")
        .await
        .expect(200);
    assert!(!seen.text().contains(&id), "{seen}");
}

#[actix_web::test]
async fn a_draft_is_not_shown_by_what_it_names() {
    let app = TestApp::new().await;
    let (a, b) = cities(&app).await;
    let own = app.member(Role::Editor, Some(&a)).caller;
    let party = app.member(Role::Editor, Some(&b)).caller;
    let newer = party
        .post(AGREEMENTS, between(&a, &b))
        .await
        .expect(201)
        .id();
    let newer = format!("{AGREEMENTS}/{newer}");
    let mut body = json!({"instrument": "partnership_agreement", "signed_on": "1992",
        "parties": [{"partner_id": a}, {"partner_id": b}]});
    body["record_state"] = json!("draft");
    let before = app.get(&newer).await.expect(200);
    let draft = own.post(AGREEMENTS, body).await.expect(201).id();
    let path = format!("{AGREEMENTS}/{draft}");
    let newer_id = newer.rsplit('/').next().unwrap();
    let event = json!({"action": "supersede", "effective_on": "2001", "superseded_by": newer_id});
    own.post(&format!("{path}/events"), event).await.expect(201);
    let shown = app.get(&newer).await.expect(200);
    assert_eq!((shown.etag(), shown.json()), (before.etag(), before.json()));
    // Named by somebody else, it is not there.
    let body = json!({"instrument": "protocol", "signed_on": "2005", "supersedes": [draft],
        "parties": [{"partner_id": a}, {"partner_id": b}]});
    let answer = party.post(AGREEMENTS, body).await;
    assert!(answer.text().contains("there is no agreement"), "{answer}");
    assert_eq!(answer.pointers("validation-failed"), ["/supersedes/0"]);
    // Published, it is linked in both directions.
    own.patch(&path, "*", json!({"record_state": "published"}))
        .await
        .expect(200);
    let shown = app.get(&newer).await.expect(200);
    assert_eq!(shown.json()["supersedes"], json!([draft]));
    assert_ne!(shown.etag(), before.etag());
    let older = app.get(&path).await.expect(200).json();
    assert_eq!(older["superseded_by"], newer_id);
}

#[actix_web::test]
async fn a_partner_is_its_recorders_until_it_has_an_office_of_its_own() {
    let app = TestApp::new().await;
    let a = city(&app, "Hrodna", "BY").await;
    app.office(&a, false).await;
    let editor = app.member(Role::Editor, Some(&a)).caller;
    let made = editor
        .post(
            PARTNERS,
            json!({"kind": "municipality", "name": "Jelgava", "country": "LV"}),
        )
        .await
        .expect(201);
    let path = format!("{PARTNERS}/{}", made.id());
    editor
        .patch(&path, "*", json!({"website": "https://example.org"}))
        .await
        .expect(200);
    app.office(&made.id(), false).await;
    editor
        .patch(&path, "*", json!({"website": "https://example.com"}))
        .await
        .problem("forbidden");
    let own = app.member(Role::Editor, Some(&made.id())).caller;
    own.patch(&path, "*", json!({"website": "https://example.com"}))
        .await
        .expect(200);
}

#[actix_web::test]
async fn no_office_takes_what_belongs_to_others_by_hosting_it() {
    let app = TestApp::new().await;
    let (a, b) = cities(&app).await;
    let editor = app.member(Role::Editor, Some(&a)).caller;
    let made = editor
        .post(
            PARTNERS,
            json!({"kind": "municipality", "name": "Dortmund", "country": "DE"}),
        )
        .await
        .expect(201)
        .id();
    let path = format!("{PARTNERS}/{made}");
    // It takes part in nothing yet.
    editor
        .patch(&path, "*", json!({"host_id": a}))
        .await
        .expect(200);
    editor
        .patch(&path, "*", json!({"host_id": null}))
        .await
        .expect(200);
    app.member(Role::Editor, Some(&b))
        .caller
        .post(AGREEMENTS, between(&b, &made))
        .await
        .expect(201);
    editor
        .patch(&path, "*", json!({"host_id": a}))
        .await
        .problem("forbidden");
    app.as_registrar()
        .patch(&path, "*", json!({"host_id": a}))
        .await
        .expect(200);
}

#[actix_web::test]
async fn no_office_says_for_another_that_it_acknowledges_an_agreement() {
    let app = TestApp::new().await;
    let (a, b) = cities(&app).await;
    let editor = app.member(Role::Editor, Some(&a)).caller;
    let mut body = between(&a, &b);
    body["parties"][1]["acknowledgement"] = json!("acknowledged");
    editor
        .post(AGREEMENTS, body.clone())
        .await
        .problem("forbidden");
    app.as_registrar().post(AGREEMENTS, body).await.expect(201);
    let mut body = between(&a, &b);
    body["signed_on"] = json!("2010");
    body["parties"][0]["acknowledgement"] = json!("acknowledged");
    editor.post(AGREEMENTS, body).await.expect(201);
}

#[actix_web::test]
async fn no_office_puts_another_out_of_their_agreement() {
    let app = TestApp::new().await;
    let (a, b) = cities(&app).await;
    let third = city(&app, "Kaunas", "LT").await;
    let own = app.member(Role::Editor, Some(&a)).caller;
    let other = app.member(Role::Editor, Some(&b)).caller;
    let mut body = between(&a, &b);
    body["parties"][0]["acknowledgement"] = json!("acknowledged");
    let id = own.post(AGREEMENTS, body).await.expect(201).id();
    let path = format!("{AGREEMENTS}/{id}");
    let paper = documents::filed(&own, &[("agreement_id", &id), ("access", "public")]).await;
    for parties in [
        json!([{"partner_id": b}, {"partner_id": third}]),
        json!([{"partner_id": a, "participation": "withdrawn", "acknowledgement": "acknowledged"},
            {"partner_id": b}]),
    ] {
        other
            .patch(&path, "*", json!({"parties": parties}))
            .await
            .problem("forbidden");
    }
    let paper = format!("{DOCUMENTS}/{}", paper["id"].as_str().unwrap());
    other.delete(&paper, "*").await.problem("forbidden");
    // What has no office of its own can be added and put right.
    let parties = json!([{"partner_id": a, "acknowledgement": "acknowledged"},
        {"partner_id": b}, {"partner_id": third}]);
    other
        .patch(&path, "*", json!({"parties": parties}))
        .await
        .expect(200);
    let parties = json!([{"partner_id": a, "acknowledgement": "acknowledged"}, {"partner_id": b}]);
    own.patch(&path, "*", json!({"parties": parties}))
        .await
        .expect(200);
    own.delete(&paper, "*").await.expect(204);
}

#[actix_web::test]
async fn a_suggestion_of_staff_is_signed_by_whoever_accepts_it() {
    let app = TestApp::new().await;
    let (a, b) = cities(&app).await;
    let third = city(&app, "Kaunas", "LT").await;
    app.office(&third, false).await;
    let id = app
        .as_admin()
        .post(AGREEMENTS, between(&a, &b))
        .await
        .expect(201)
        .id();
    let guest = app.member(Role::Editor, Some(&third));
    let made = guest
        .caller
        .post(
            SUGGESTIONS,
            json!({"target": id, "patch": {"signed_at": "Pskov"}, "email": "guest@example.org"}),
        )
        .await
        .expect(201)
        .json();
    let path = format!("{SUGGESTIONS}/{}", made["suggestion_id"].as_str().unwrap());
    guest
        .caller
        .post(&format!("{path}/accept"), json!({}))
        .await
        .problem("forbidden");
    let own = guest.caller.get(&path).await.expect(200).json();
    assert_eq!(own["proposer"]["id"], guest.id);
    // Neither party's staff learn the guest's name; who may decide sees the address.
    let editor = app.member(Role::Editor, Some(&a)).caller;
    let seen = editor.get(&path).await.expect(200).json();
    assert!(seen["proposer"].is_null(), "{seen}");
    assert_eq!(seen["email"], "guest@example.org");
    editor
        .post(&format!("{path}/accept"), json!({}))
        .await
        .expect(200);
    let history = app
        .get(&format!("{AGREEMENTS}/{id}/history"))
        .await
        .expect(200)
        .json();
    assert_eq!(history["data"][0]["actor"]["organisation"], a);
}

#[actix_web::test]
async fn a_merge_takes_drafts_papers_and_what_waits_along() {
    let app = TestApp::new().await;
    let (twice, b) = cities(&app).await;
    let stays = city(&app, "Grodno", "BY").await;
    let editor = app.member(Role::Editor, Some(&twice)).caller;
    let mut body = between(&twice, &b);
    body["record_state"] = json!("draft");
    let draft = editor.post(AGREEMENTS, body).await.expect(201).id();
    let paper =
        documents::filed(&editor, &[("agreement_id", &draft), ("access", "internal")]).await;
    let published = editor
        .post(AGREEMENTS, between(&twice, &b))
        .await
        .expect(201)
        .id();
    let suggestion = app
        .anonymous()
        .post(SUGGESTIONS, json!({"target": twice, "message": "Twice."}))
        .await
        .expect(201)
        .json();
    app.as_registrar()
        .post(
            &format!("{PARTNERS}/{twice}/merge"),
            json!({"into": stays, "reason": "recorded twice"}),
        )
        .await
        .expect(200);
    let editor = app.member(Role::Editor, Some(&stays)).caller;
    for path in [
        format!("{AGREEMENTS}/{draft}"),
        format!("{DOCUMENTS}/{}", paper["id"].as_str().unwrap()),
        format!(
            "{SUGGESTIONS}/{}",
            suggestion["suggestion_id"].as_str().unwrap()
        ),
    ] {
        editor.get(&path).await.expect(200);
    }
    // The old id leads there in lists, too.
    for list in [
        format!("{AGREEMENTS}?partner={twice}"),
        format!("{AGREEMENTS}?partner={stays}"),
    ] {
        let found = app.get(&list).await.expect(200).json();
        assert_eq!(found["data"][0]["id"], published, "{list}");
    }
    // Events of the office that is gone are the other's to put right.
    let path = format!("{AGREEMENTS}/{published}/events");
    let events = editor.get(&path).await.expect(200).json();
    let event = &events["data"][0]["id"];
    editor
        .post(
            &path,
            json!({"action": "correct", "corrects_event_id": event, "effective_on": "2002",
                "reason_text": "the paper says so"}),
        )
        .await
        .expect(201);
}

#[actix_web::test]
async fn a_withdrawal_that_waits_does_not_reach_the_partner_that_a_merge_leaves() {
    let app = TestApp::new().await;
    let office = city(&app, "Hrodna", "BY").await;
    app.office(&office, true).await;
    let approver = app.member(Role::Approver, Some(&office)).caller;
    let school = async |name: &str| {
        let body = json!({"kind": "school", "name": name, "country": "BY", "host_id": office});
        approver.post(PARTNERS, body).await.expect(201).id()
    };
    let (twice, stays) = (school("School 1").await, school("School No. 1").await);
    let editor = app.member(Role::Editor, Some(&office)).caller;
    let waits = editor.delete(&format!("{PARTNERS}/{twice}"), "*").await;
    let waits = waits.expect(202).json()["suggestion_id"].clone();
    let merge = json!({"into": stays, "reason": "recorded twice"});
    app.as_registrar()
        .post(&format!("{PARTNERS}/{twice}/merge"), merge)
        .await
        .expect(200);
    let path = format!("{PARTNERS}/{stays}");
    let version = app.get(&path).await.expect(200).json()["version"].clone();
    let waits = format!("{SUGGESTIONS}/{}", waits.as_str().unwrap());
    approver
        .post(&format!("{waits}/accept"), json!({ "version": version }))
        .await
        .problem("illegal-transition");
    app.get(&path).await.expect(200);
    approver
        .post(&format!("{waits}/reject"), json!({"note": "It is gone."}))
        .await
        .expect(200);
}

#[actix_web::test]
async fn papers_of_a_withdrawn_record_are_its_offices() {
    let app = TestApp::new().await;
    let (a, b) = cities(&app).await;
    let editor = app.member(Role::Editor, Some(&a)).caller;
    let id = editor
        .post(AGREEMENTS, between(&a, &b))
        .await
        .expect(201)
        .id();
    let paper = documents::filed(&editor, &[("agreement_id", &id), ("access", "public")]).await;
    let paper = format!("{DOCUMENTS}/{}", paper["id"].as_str().unwrap());
    let content = format!("{paper}/content");
    let path = format!("{AGREEMENTS}/{id}");
    app.get(&content).await.expect(200);
    editor.delete(&path, "*").await.expect(204);
    for address in [&paper, &content] {
        app.get(address).await.problem("not-found");
        editor.get(address).await.expect(200);
    }
    editor
        .post(
            &format!("{path}/restore"),
            json!({"reason": "it was right"}),
        )
        .await
        .expect(200);
    app.get(&content).await.expect(200);
}
