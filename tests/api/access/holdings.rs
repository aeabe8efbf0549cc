//! What is published along is what was looked at, and nothing comes to stand in another office's
//! holdings unless that office agrees.

use serde_json::{Value, json};
use twincity::core::vocabulary::record::Role;

use crate::agreements::{AGREEMENTS, city};
use crate::evidence::documents::{self, DOCUMENTS};
use crate::networks::network;
use crate::support::people::Member;
use crate::support::{Answer, Caller, TestApp};

const PARTNERS: &str = "/api/v1/partners";
const NETWORKS: &str = "/api/v1/networks";

fn suggestion(answer: Answer) -> String {
    let id = answer.expect(202).json()["suggestion_id"]
        .as_str()
        .unwrap()
        .to_owned();
    format!("/api/v1/suggestions/{id}")
}

async fn accept(caller: &Caller<'_>, suggestion: &str, body: Value) -> Answer {
    caller.post(&format!("{suggestion}/accept"), body).await
}

/// An office with a second pair of eyes, its partner and another one.
async fn careful(app: &TestApp) -> (Member<'_>, Member<'_>, [String; 2]) {
    let those = [
        city(app, "Hrodna", "BY").await,
        city(app, "Pskov", "RU").await,
    ];
    app.office(&those[0], true).await;
    let editor = app.member(Role::Editor, Some(&those[0]));
    let approver = app.member(Role::Approver, Some(&those[0]));
    (editor, approver, those)
}

fn draft([a, b]: &[String; 2], sources: &Value) -> Value {
    json!({"instrument": "protocol", "signed_on": "2001", "sources": sources,
        "parties": [{"partner_id": a}, {"partner_id": b}]})
}

/// What an approver read is refused once `changed` has happened; what it is then is published.
async fn has_to_be_looked_at_again(approver: &Caller<'_>, path: &str, looked_at: &str) -> String {
    let publish = json!({"record_state": "published"});
    let refused = approver.patch(path, looked_at, publish).await;
    let problem = refused.problem("precondition-failed");
    let now = approver.get(path).await.expect(200).etag();
    assert_eq!(problem["etag"], json!(now));
    now
}

#[actix_web::test]
async fn who_publishes_a_draft_without_asking_has_looked_at_its_evidence_too() {
    let app = TestApp::new().await;
    let (editor, approver, those) = careful(&app).await;
    let (editor, approver) = (&editor.caller, &approver.caller);
    let described = json!([{"kind": "press", "title": "Gazette"}]);
    let told = json!([{"action": "register", "effective_on": "2001", "to_status": "in_force",
        "source": {"kind": "press", "title": "Told"}}]);
    let mut body = draft(&those, &described);
    body["events"] = told;
    let id = editor.post(AGREEMENTS, body).await.expect(201).id();
    let path = format!("{AGREEMENTS}/{id}");
    let mut looked_at = approver.get(&path).await.expect(200).etag();

    // A citation comes.
    let another = json!({"kind": "press", "title": "Another gazette"});
    let source = editor.post("/api/v1/sources", another).await;
    let source = source.expect(201).id();
    let cited = json!({"source_id": source});
    editor
        .post(&format!("{path}/citations"), cited)
        .await
        .expect(201);
    looked_at = has_to_be_looked_at_again(approver, &path, &looked_at).await;

    // A paper comes, is called otherwise, and goes; everyone would see it, or nobody but the office.
    for access in ["public", "internal"] {
        let form = documents::Form::default()
            .field("kind", "minutes")
            .field("access", access)
            .field("agreement_id", &id)
            .file(Some("a.pdf"), None, documents::PDF);
        let paper = form.post(editor, DOCUMENTS).await.expect(201).id();
        looked_at = has_to_be_looked_at_again(approver, &path, &looked_at).await;
        let paper = format!("{DOCUMENTS}/{paper}");
        let otherwise = json!({"title": "Another paper"});
        editor.patch(&paper, "*", otherwise).await.expect(200);
        looked_at = has_to_be_looked_at_again(approver, &path, &looked_at).await;
        editor.delete(&paper, "*").await.expect(204);
        looked_at = has_to_be_looked_at_again(approver, &path, &looked_at).await;
    }

    // What an event rests on says something else.
    let events = editor.get(&format!("{path}/events")).await.json();
    let told = events["data"][0]["source_id"].as_str().unwrap().to_owned();
    let otherwise = json!({"title": "Told otherwise"});
    editor
        .patch(&format!("/api/v1/sources/{told}"), "*", otherwise)
        .await
        .expect(200);
    looked_at = has_to_be_looked_at_again(approver, &path, &looked_at).await;
    let publish = json!({"record_state": "published"});
    approver.patch(&path, &looked_at, publish).await.expect(200);
}

#[actix_web::test]
async fn the_tag_of_a_drafted_partner_stands_for_its_citations() {
    let app = TestApp::new().await;
    let (editor, approver, _) = careful(&app).await;
    let (editor, approver) = (&editor.caller, &approver.caller);
    let body = json!({"kind": "municipality", "name": "Drafted", "country": "BY",
        "sources": [{"kind": "press", "title": "Gazette"}]});
    let id = editor.post(PARTNERS, body).await.expect(201).id();
    let path = format!("{PARTNERS}/{id}");
    let looked_at = approver.get(&path).await.expect(200).etag();
    let another = json!({"kind": "press", "title": "Another gazette"});
    let source = editor.post("/api/v1/sources", another).await;
    let cited = json!({"source_id": source.expect(201).id()});
    let cited = editor.post(&format!("{path}/citations"), cited).await;
    cited.expect(201);
    let now = has_to_be_looked_at_again(approver, &path, &looked_at).await;
    let publish = json!({"record_state": "published"});
    approver.patch(&path, &now, publish).await.expect(200);
    // Published, its version is all there is to it.
    assert_eq!(app.get(&path).await.expect(200).etag(), "\"2\"");
}

#[actix_web::test]
async fn whatever_is_published_along_with_a_draft_is_looked_at_again_when_it_changes() {
    let app = TestApp::new().await;
    let (editor, approver, those) = careful(&app).await;
    let (editor, approver) = (&editor.caller, &approver.caller);
    let described = json!([{"kind": "press", "title": "Gazette", "url": "https://example.org/a"}]);
    let id = editor
        .post(AGREEMENTS, draft(&those, &described))
        .await
        .expect(201)
        .id();
    let path = format!("{AGREEMENTS}/{id}");
    let form = documents::Form::default()
        .field("kind", "minutes")
        .field("agreement_id", &id)
        .file(Some("a.pdf"), None, documents::PDF);
    let paper = form.post(editor, DOCUMENTS).await.expect(201).id();
    let shown = editor
        .get(&format!("{path}?include=citations"))
        .await
        .expect(200)
        .json();
    let citation = shown["citations"][0]["id"].as_str().unwrap().to_owned();
    let source = shown["citations"][0]["source"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    // A second draft of the office that rests on the same draft source.
    let shared = json!([{"source_id": source}]);
    let mut other = draft(&those, &shared);
    other["instrument"] = json!("memorandum_of_understanding");
    let other = editor.post(AGREEMENTS, other).await.expect(201).id();

    let publish = json!({"record_state": "published"});
    let steps: [(&str, String, Value); 4] = [
        ("sources", source.clone(), json!({"title": "Another"})),
        (
            "sources",
            source.clone(),
            json!({"url": "https://example.org/b"}),
        ),
        ("citations", citation.clone(), json!({"quote": "Otherwise"})),
        (
            "documents",
            paper.clone(),
            json!({"title": "Another paper"}),
        ),
    ];
    for (collection, record, patch) in steps {
        let waits = suggestion(editor.patch(&path, "*", publish.clone()).await);
        let waits_too = suggestion(
            editor
                .patch(&format!("{AGREEMENTS}/{other}"), "*", publish.clone())
                .await,
        );
        editor
            .patch(&format!("/api/v1/{collection}/{record}"), "*", patch)
            .await
            .expect(200);
        let problem = accept(approver, &waits, json!({}))
            .await
            .problem("precondition-failed");
        let told = problem["changes"].as_array().unwrap();
        assert!(
            told.iter().any(|change| change["record"] == json!(record)),
            "{collection}: {problem}"
        );
        // The source is published along with either of the two drafts.
        let shared = accept(approver, &waits_too, json!({})).await;
        if collection == "sources" {
            shared.problem("precondition-failed");
            for waiting in [&waits_too] {
                approver
                    .post(&format!("{waiting}/reject"), json!({}))
                    .await
                    .expect(200);
            }
        } else {
            assert_eq!(shared.status(), 200, "{shared}");
            // What was published with it is a draft no longer: enough was seen.
            break;
        }
        approver
            .post(&format!("{waits}/reject"), json!({}))
            .await
            .expect(200);
    }
    // A citation that was dropped, and one that was added.
    let waits = suggestion(editor.patch(&path, "*", publish.clone()).await);
    editor
        .delete(&format!("/api/v1/citations/{citation}"), "*")
        .await;
    let fresh = editor
        .post(
            &format!("{path}/citations"),
            json!({"source_id": source, "quote": "Added"}),
        )
        .await
        .expect(201);
    drop(fresh);
    let now = accept(approver, &waits, json!({}))
        .await
        .problem("precondition-failed");
    let version = editor.get(&path).await.expect(200).json()["version"].clone();
    assert_eq!(now["version"], version);
    let looked_at = json!({"version": version, "along": now["along"]});
    accept(approver, &waits, looked_at).await.expect(200);
    assert_eq!(
        app.get(&path).await.expect(200).json()["record_state"],
        "published"
    );
}

#[actix_web::test]
async fn a_second_proposal_of_the_same_makes_no_empty_version() {
    let app = TestApp::new().await;
    let (editor, approver, those) = careful(&app).await;
    let (editor, approver) = (&editor.caller, &approver.caller);
    let id = editor
        .post(AGREEMENTS, draft(&those, &json!([])))
        .await
        .expect(201)
        .id();
    let path = format!("{AGREEMENTS}/{id}");
    let publish = json!({"record_state": "published"});
    let first = suggestion(editor.patch(&path, "*", publish.clone()).await);
    let second = suggestion(editor.patch(&path, "*", publish).await);
    accept(approver, &first, json!({})).await.expect(200);
    let version = app.get(&path).await.expect(200).json()["version"].clone();
    for body in [json!({}), json!({ "version": version })] {
        accept(approver, &second, body)
            .await
            .problem("illegal-transition");
    }
    assert_eq!(app.get(&path).await.expect(200).json()["version"], version);
    // The same of an edit: once it is so, another person's proposal of it does nothing.
    let patch = json!({"signed_at": "Pskov"});
    let first = suggestion(editor.patch(&path, "*", patch.clone()).await);
    let second = suggestion(editor.patch(&path, "*", patch).await);
    accept(approver, &first, json!({})).await.expect(200);
    let version = app.get(&path).await.expect(200).json()["version"].clone();
    accept(approver, &second, json!({ "version": version }))
        .await
        .problem("illegal-transition");
    assert_eq!(app.get(&path).await.expect(200).json()["version"], version);
    approver
        .post(&format!("{second}/reject"), json!({"note": "It is so."}))
        .await
        .expect(200);
}

/// Two offices, of which the first has an editor and the second an approver and an editor.
struct Two<'a> {
    writer: Member<'a>,
    approver: Member<'a>,
    editor: Member<'a>,
    own: String,
    theirs: String,
}

async fn two(app: &TestApp, four_eyes: bool) -> Two<'_> {
    let (own, theirs) = (
        city(app, "Hrodna", "BY").await,
        city(app, "Pskov", "RU").await,
    );
    app.office(&own, false).await;
    app.office(&theirs, four_eyes).await;
    Two {
        writer: app.member(Role::Editor, Some(&own)),
        approver: app.member(Role::Approver, Some(&theirs)),
        editor: app.member(Role::Editor, Some(&theirs)),
        own,
        theirs,
    }
}

#[actix_web::test]
async fn a_partner_below_another_offices_partner_is_recorded_when_that_office_agrees() {
    let app = TestApp::new().await;
    let two = two(&app, true).await;
    let writer = &two.writer.caller;
    let university = json!({"kind": "university", "name": "Pskov University", "country": "RU",
        "host_id": two.theirs});
    let before = app.revision().await;
    let dry = writer
        .post(&format!("{PARTNERS}?dry_run=true"), university.clone())
        .await
        .expect(200)
        .json();
    assert_eq!(dry["host"]["id"], json!(two.theirs));
    assert_eq!(app.revision().await, before);
    let waits = suggestion(writer.post(PARTNERS, university.clone()).await);
    let found = app
        .get(&format!("{PARTNERS}?q=university"))
        .await
        .expect(200);
    assert_eq!(found.json()["data"], json!([]));
    // What is wrong is told at once; an array can't wait.
    let mut wrong = university.clone();
    wrong["country"] = json!("XX");
    writer
        .post(PARTNERS, wrong)
        .await
        .problem("validation-failed");
    writer
        .post(PARTNERS, json!([university.clone()]))
        .await
        .problem("forbidden");
    // Both offices see it; only the other one decides, and there not an editor.
    let seen = two.approver.caller.get(&waits).await.expect(200).json();
    assert_eq!(
        (&seen["operation"], &seen["office"]),
        (&json!("create"), &json!(two.theirs))
    );
    writer.get(&waits).await.expect(200);
    accept(writer, &waits, json!({})).await.problem("forbidden");
    accept(&two.editor.caller, &waits, json!({}))
        .await
        .problem("forbidden");
    let done = accept(&two.approver.caller, &waits, json!({}))
        .await
        .expect(200)
        .json();
    let made = done["result"]["id"].as_str().unwrap().to_owned();
    let shown = app
        .get(&format!("{PARTNERS}/{made}"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        shown["created_by"],
        json!({"role": "editor", "organisation": two.own})
    );
    // It is the other office's from then on.
    let rename = json!({"name": "University of Pskov"});
    let path = format!("{PARTNERS}/{made}");
    writer
        .patch(&path, "*", rename.clone())
        .await
        .problem("forbidden");
    two.approver
        .caller
        .patch(&path, "*", rename)
        .await
        .expect(200);
}

#[actix_web::test]
async fn a_partner_moves_below_another_offices_partner_only_when_that_office_agrees() {
    let app = TestApp::new().await;
    let two = two(&app, false).await;
    let writer = &two.writer.caller;
    let made = writer
        .post(
            PARTNERS,
            json!({"kind": "ngo", "name": "Society", "country": "RU"}),
        )
        .await
        .expect(201)
        .id();
    let path = format!("{PARTNERS}/{made}");
    let host = json!({"host_id": two.theirs});
    let waits = suggestion(writer.patch(&path, "*", host.clone()).await);
    assert!(app.get(&path).await.expect(200).json()["host"].is_null());
    // A reader's correction of the same can't go round it.
    let reader = app
        .anonymous()
        .post(
            "/api/v1/suggestions",
            json!({"target": made, "patch": host}),
        )
        .await
        .expect(201)
        .json();
    let reader = format!(
        "/api/v1/suggestions/{}",
        reader["suggestion_id"].as_str().unwrap()
    );
    accept(writer, &reader, json!({}))
        .await
        .problem("forbidden");
    accept(&two.editor.caller, &waits, json!({}))
        .await
        .expect(200);
    assert_eq!(
        app.get(&path).await.expect(200).json()["host"]["id"],
        json!(two.theirs)
    );
    // A draft may name it; publishing it asks.
    let draft = writer
        .post(
            PARTNERS,
            json!({"kind": "ngo", "name": "Club", "country": "RU",
            "host_id": two.theirs, "record_state": "draft"}),
        )
        .await
        .expect(201)
        .id();
    let draft = format!("{PARTNERS}/{draft}");
    let waits = suggestion(
        writer
            .patch(&draft, "*", json!({"record_state": "published"}))
            .await,
    );
    app.get(&draft).await.problem("not-found");
    accept(&two.editor.caller, &waits, json!({}))
        .await
        .expect(200);
    app.get(&draft).await.expect(200);
    // Who decides in both offices asks nobody, nor does anybody where there is no office.
    let both = app
        .member_of(
            None,
            &[(&two.own, Role::Editor), (&two.theirs, Role::Approver)],
        )
        .caller;
    both.post(
        PARTNERS,
        json!({"kind": "ngo", "name": "Choir", "country": "RU",
        "host_id": two.theirs}),
    )
    .await
    .expect(201);
    let free = city(&app, "Gdov", "RU").await;
    writer
        .post(
            PARTNERS,
            json!({"kind": "ngo", "name": "Band", "country": "RU", "host_id": free}),
        )
        .await
        .expect(201);
}

#[actix_web::test]
async fn a_network_is_seated_at_another_offices_partner_only_when_that_office_agrees() {
    let app = TestApp::new().await;
    let two = two(&app, false).await;
    let writer = &two.writer.caller;
    let seated = json!({"kind": "city_network", "name": "Hansa", "seat_partner_id": two.theirs});
    let waits = suggestion(writer.post(NETWORKS, seated).await);
    let made = accept(&two.editor.caller, &waits, json!({}))
        .await
        .expect(200)
        .json();
    assert_eq!(made["result"]["seat"]["id"], json!(two.theirs));
    let own = writer
        .post(NETWORKS, json!({"kind": "city_network", "name": "Rivers"}))
        .await
        .expect(201)
        .id();
    let path = format!("{NETWORKS}/{own}");
    let waits = suggestion(
        writer
            .patch(&path, "*", json!({"seat_partner_id": two.theirs}))
            .await,
    );
    assert!(app.get(&path).await.expect(200).json()["seat"].is_null());
    two.editor
        .caller
        .post(&format!("{waits}/reject"), json!({"note": "No."}))
        .await
        .expect(200);
    assert!(app.get(&path).await.expect(200).json()["seat"].is_null());
    let registrar = network(&app, "Lakes", json!({"seat_partner_id": two.theirs})).await;
    app.get(&format!("{NETWORKS}/{registrar}"))
        .await
        .expect(200);
}
