//! The second pair of eyes, and the public's corrections.

use serde_json::{Value, json};
use twincity::core::vocabulary::record::Role;

use crate::agreements::{AGREEMENTS, city};
use crate::evidence::documents;
use crate::support::people::Member;
use crate::support::{Answer, Caller, TestApp};

struct Office<'a> {
    editor: Member<'a>,
    approver: Member<'a>,
    agreement: String,
    partner: String,
    other: String,
}

/// An office that wants a second pair of eyes, with an agreement.
async fn office(app: &TestApp) -> Office<'_> {
    let (partner, other) = (
        city(app, "Hrodna", "BY").await,
        city(app, "Pskov", "RU").await,
    );
    app.office(&partner, true).await;
    app.office(&other, false).await;
    let agreement = app
        .as_admin()
        .post(
            AGREEMENTS,
            json!({"instrument": "partnership_agreement", "signed_on": "1992",
                "parties": [{"partner_id": partner}, {"partner_id": other}]}),
        )
        .await
        .expect(201)
        .id();
    Office {
        editor: app.member(Role::Editor, Some(&partner)),
        approver: app.member(Role::Approver, Some(&partner)),
        agreement: format!("{AGREEMENTS}/{agreement}"),
        partner,
        other,
    }
}

fn suggestion(answer: Answer) -> String {
    let answer = answer.expect(202);
    assert_eq!(answer.json()["state"], "open");
    let id = answer.json()["suggestion_id"].as_str().unwrap().to_owned();
    format!("/api/v1/suggestions/{id}")
}

async fn accept(caller: &Caller<'_>, suggestion: &str) -> Answer {
    caller
        .post(&format!("{suggestion}/accept"), json!({}))
        .await
}

#[actix_web::test]
async fn what_an_editor_does_waits_until_another_person_accepts_it() {
    let app = TestApp::new().await;
    let office = office(&app).await;
    let (editor, approver) = (&office.editor.caller, &office.approver.caller);
    let path = &office.agreement;
    let citations = format!("{path}/citations");
    let relations = format!("/api/v1/partners/{}/relations", office.partner);
    let etag = async || app.get(path).await.expect(200).etag();
    let source = app
        .as_admin()
        .post(
            "/api/v1/sources",
            json!({"kind": "press", "title": "Paper"}),
        )
        .await
        .expect(201)
        .id();
    // Fields, an event, a citation, a relation: nothing happens yet.
    let before = app.get(path).await.expect(200).json();
    let waiting = [
        suggestion(
            editor
                .patch(path, &etag().await, json!({"signed_at": "Pskov"}))
                .await,
        ),
        suggestion(
            editor
                .post(
                    &format!("{path}/events"),
                    json!({"action": "suspend", "effective_on": "2022",
                    "reason_code": "armed_aggression", "deciding_body": "council"}),
                )
                .await,
        ),
        suggestion(editor.post(&citations, json!({"source_id": source})).await),
        suggestion(
            editor
                .post(
                    &relations,
                    json!({"type": "related", "to_id": office.other}),
                )
                .await,
        ),
    ];
    assert_eq!(app.get(path).await.expect(200).json(), before);
    for suggestion in &waiting {
        // Nobody else sees it, and the proposer can't let it pass.
        app.get(suggestion).await.problem("unauthenticated");
        app.member(Role::Approver, Some(&office.partner))
            .caller
            .get(suggestion)
            .await
            .expect(200);
        accept(editor, suggestion).await.problem("forbidden");
        let version = approver.get(path).await.expect(200).json()["version"].clone();
        let accepted = approver
            .post(
                &format!("{suggestion}/accept"),
                json!({"version": version, "note": "Checked."}),
            )
            .await
            .expect(200)
            .json();
        assert_eq!(accepted["state"], "accepted", "{accepted}");
        let again = accept(approver, suggestion)
            .await
            .problem("illegal-transition");
        assert_eq!(again["current_status"], "accepted");
    }
    let after = app.get(path).await.expect(200).json();
    assert_eq!(after["signed_at"], "Pskov");
    assert_eq!(after["status"], "suspended");
    // The change names both offices in public, and both persons to their colleagues.
    let of = async |caller: Caller<'_>| -> Value {
        let history = caller
            .get(&format!("{path}/history"))
            .await
            .expect(200)
            .json();
        history["data"]
            .as_array()
            .unwrap()
            .iter()
            .find(|change| change["op"] == "event")
            .unwrap()
            .clone()
    };
    let change = of(app.anonymous()).await;
    assert_eq!(change["actor"]["role"], "editor");
    assert_eq!(change["approved_by"]["role"], "approver");
    assert!(change["person"].is_null() && change["approved_by_person"].is_null());
    let change = of(approver.clone()).await;
    assert_eq!(change["person"]["id"], office.editor.id);
    assert_eq!(change["approved_by_person"]["id"], office.approver.id);
}

#[actix_web::test]
async fn a_new_record_of_an_editor_is_a_draft_until_another_person_publishes_it() {
    let app = TestApp::new().await;
    let office = office(&app).await;
    let (editor, approver) = (&office.editor.caller, &office.approver.caller);
    for (year, asked) in [
        ("2001", json!(null)),
        ("2002", json!("published")),
        ("2003", json!("draft")),
    ] {
        let mut body = json!({"instrument": "protocol", "signed_on": year,
            "parties": [{"partner_id": office.partner}, {"partner_id": office.other}]});
        if !asked.is_null() {
            body["record_state"] = asked;
        }
        let made = editor.post(AGREEMENTS, body).await.expect(201);
        assert_eq!(made.json()["record_state"], "draft");
        let path = format!("{AGREEMENTS}/{}", made.id());
        // Nobody's consent is needed to go on writing.
        let made = editor
            .patch(&path, &made.etag(), json!({"signed_at": "Hrodna"}))
            .await
            .expect(200);
        let waits = suggestion(
            editor
                .patch(&path, &made.etag(), json!({"record_state": "published"}))
                .await,
        );
        app.get(&path).await.problem("not-found");
        accept(editor, &waits).await.problem("forbidden");
        accept(approver, &waits).await.expect(200);
        let public = app.get(&path).await.expect(200).json();
        assert_eq!(public["record_state"], "published");
        assert_eq!(public["created_by"]["role"], "editor");
    }
}

#[actix_web::test]
async fn an_editor_can_not_approve_their_own_change_by_any_path() {
    let app = TestApp::new().await;
    let office = office(&app).await;
    let editor = &office.editor.caller;
    let path = &office.agreement;
    let etag = app.get(path).await.expect(200).etag();
    let waits = suggestion(
        editor
            .patch(path, &etag, json!({"signed_at": "Pskov"}))
            .await,
    );
    // No key that can do more, and none that is somebody else.
    for role in ["approver", "registrar", "admin"] {
        editor
            .post(
                "/api/v1/api-keys",
                json!({"name": "k", "role": role, "organisation_id": office.partner}),
            )
            .await
            .problem("forbidden");
    }
    let key = editor
        .post(
            "/api/v1/api-keys",
            json!({"name": "k", "role": "editor", "organisation_id": office.partner}),
        )
        .await
        .expect(201);
    let key = app.with_key(key.json()["key"].as_str().unwrap());
    accept(&key, &waits).await.problem("forbidden");
    // A key's change waits as well, and its person can't let it pass.
    let by_key = suggestion(key.patch(path, &etag, json!({"signed_at": "Hrodna"})).await);
    accept(editor, &by_key).await.problem("forbidden");
    // One who becomes an approver still needs somebody else.
    let user = format!("/api/v1/users/{}", office.editor.id);
    let version = app.as_admin().get(&user).await.expect(200).etag();
    app.as_admin()
        .patch(
            &user,
            &version,
            json!({"email": "e@example.org",
            "roles": [{"organisation_id": office.partner, "role": "approver"}]}),
        )
        .await
        .expect(200);
    accept(editor, &waits).await.problem("forbidden");
    accept(editor, &by_key).await.problem("forbidden");
    // The second pair of eyes is the office's own: what another party's staff may not see, they can't
    // accept.
    for role in [Role::Editor, Role::Approver] {
        let other = app.member(role, Some(&office.other)).caller;
        other.get(&waits).await.problem("not-found");
        accept(&other, &waits).await.problem("not-found");
    }
    accept(&app.member(Role::Registrar, None).caller, &waits)
        .await
        .expect(200);
}

#[actix_web::test]
async fn what_waits_for_a_record_that_has_passed_to_others_is_not_carried_out() {
    let app = TestApp::new().await;
    let office = office(&app).await;
    let (editor, approver) = (&office.editor.caller, &office.approver.caller);
    let made = approver
        .post(
            "/api/v1/partners",
            json!({"kind": "municipality", "name": "Jelgava", "country": "LV"}),
        )
        .await
        .expect(201);
    let path = format!("/api/v1/partners/{}", made.id());
    let waits = suggestion(
        editor
            .patch(&path, &made.etag(), json!({"name": "Mitau"}))
            .await,
    );
    app.office(&made.id(), false).await;
    accept(approver, &waits).await.problem("forbidden");
    assert_eq!(app.get(&path).await.expect(200).json()["name"], "Jelgava");
}

#[actix_web::test]
async fn accepting_checks_the_version_again_and_says_what_changed() {
    let app = TestApp::new().await;
    let office = office(&app).await;
    let path = &office.agreement;
    let etag = app.get(path).await.expect(200).etag();
    let waits = suggestion(
        office
            .editor
            .caller
            .patch(path, &etag, json!({"signed_at": "Pskov"}))
            .await,
    );
    app.as_registrar()
        .patch(path, &etag, json!({"signed_on": "1993"}))
        .await
        .expect(200);
    let problem = accept(&office.approver.caller, &waits)
        .await
        .problem("precondition-failed");
    assert_eq!(problem["version"], 2);
    assert_eq!(problem["changes"][0]["version"], 2);
    assert_eq!(problem["changes"][0]["actor"]["role"], "registrar");
    office
        .approver
        .caller
        .post(&format!("{waits}/accept"), json!({"version": 2}))
        .await
        .expect(200);
    let after = app.get(path).await.expect(200).json();
    assert_eq!(
        (&after["signed_on"], &after["signed_at"]),
        (&json!("1993"), &json!("Pskov"))
    );
}

#[actix_web::test]
async fn what_is_wrong_with_an_edit_is_told_before_it_waits() {
    let app = TestApp::new().await;
    let office = office(&app).await;
    let path = &office.agreement;
    let editor = &office.editor.caller;
    let etag = app.get(path).await.expect(200).etag();
    let answer = editor
        .patch(path, &etag, json!({"signed_on": "soon"}))
        .await;
    assert_eq!(answer.pointers("validation-failed"), ["/signed_on"]);
    editor
        .patch(path, "\"9\"", json!({}))
        .await
        .problem("precondition-failed");
    editor.post(&format!("{path}/events"), json!({"action": "approve", "effective_on": "2020", "legal_act": {"kind": "council_resolution"}})).await.problem("illegal-transition");
    // A dry run shows the record as it would be.
    let shown = editor
        .patch(
            &format!("{path}?dry_run=true"),
            &etag,
            json!({"signed_at": "Pskov"}),
        )
        .await
        .expect(200);
    assert_eq!(shown.json()["signed_at"], "Pskov");
    let waits = suggestion(editor.delete(&format!("{path}?reason=twice"), &etag).await);
    let rejected = office
        .approver
        .caller
        .post(&format!("{waits}/reject"), json!({"note": "No."}))
        .await
        .expect(200);
    assert_eq!(rejected.json()["state"], "rejected");
    app.get(path).await.expect(200);
}

#[actix_web::test]
async fn anybody_can_suggest_a_correction_and_the_office_decides() {
    let app = TestApp::new().await;
    let office = office(&app).await;
    let target = office.agreement.rsplit('/').next().unwrap();
    let made = app
        .anonymous()
        .post(
            "/api/v1/suggestions",
            json!({"target": target, "patch": {"signed_on": "1992-06-25"}, "message": "See the chronicle.",
                "evidence_url": "https://example.org/chronicle", "email": "Reader@Example.org"}),
        )
        .await
        .expect(201)
        .json();
    let path = format!(
        "/api/v1/suggestions/{}",
        made["suggestion_id"].as_str().unwrap()
    );
    app.get(&path).await.problem("unauthenticated");
    let stranger = app
        .member(Role::Editor, Some(&city_with_office(&app).await))
        .caller;
    stranger.get(&path).await.problem("not-found");
    let listed = stranger
        .get("/api/v1/suggestions?count=true")
        .await
        .expect(200)
        .json();
    assert_eq!(listed["total"], 0);
    // The address is for those who decide.
    let seen = office.editor.caller.get(&path).await.expect(200).json();
    assert!(seen["email"].is_null(), "{seen}");
    let seen = office.approver.caller.get(&path).await.expect(200).json();
    assert_eq!(seen["email"], "reader@example.org");
    // With four eyes it takes an approver.
    accept(&office.editor.caller, &path)
        .await
        .problem("forbidden");
    accept(&office.approver.caller, &path).await.expect(200);
    let record = app.get(&office.agreement).await.expect(200).json();
    assert_eq!(record["signed_on"], "1992-06-25");
    let history = app
        .get(&format!("{}/history", office.agreement))
        .await
        .expect(200)
        .json();
    assert_eq!(history["data"][0]["suggestion_id"], made["suggestion_id"]);
    // The address is nowhere in public.
    for list in ["/api/v1/changes?limit=100", "/api/v1/search?q=reader"] {
        assert!(
            !app.get(list).await.expect(200).text().contains("reader@"),
            "{list}"
        );
    }
}

#[actix_web::test]
async fn what_was_added_to_a_draft_since_is_told_before_it_is_published() {
    let app = TestApp::new().await;
    let office = office(&app).await;
    let (editor, approver) = (&office.editor.caller, &office.approver.caller);
    let body = json!({"instrument": "protocol", "signed_on": "2001",
        "parties": [{"partner_id": office.partner}, {"partner_id": office.other}]});
    let made = editor.post(AGREEMENTS, body).await.expect(201);
    let path = format!("{AGREEMENTS}/{}", made.id());
    let waits = suggestion(
        editor
            .patch(&path, &made.etag(), json!({"record_state": "published"}))
            .await,
    );
    let paper = documents::filed(
        editor,
        &[("agreement_id", &made.id()), ("access", "public")],
    )
    .await;
    let problem = accept(approver, &waits)
        .await
        .problem("precondition-failed");
    assert_eq!(problem["changes"][0]["record"], paper["id"], "{problem}");
    let paper = format!("/api/v1/documents/{}", paper["id"].as_str().unwrap());
    let accept = async |looked_at: &Value| {
        let decision = json!({"version": looked_at["version"], "along": looked_at["along"]});
        approver.post(&format!("{waits}/accept"), decision).await
    };
    // The record's version alone says nothing of the paper.
    approver
        .post(
            &format!("{waits}/accept"),
            json!({"version": problem["version"]}),
        )
        .await
        .problem("precondition-failed");
    // Nor does what was looked at before it was changed once more.
    let etag = editor.get(&paper).await.expect(200).etag();
    editor
        .patch(&paper, &etag, json!({"title": "Another one"}))
        .await
        .expect(200);
    let again = accept(&problem).await.problem("precondition-failed");
    assert_eq!(again["version"], problem["version"]);
    assert_ne!(again["along"], problem["along"]);
    accept(&again).await.expect(200);
    app.get(&paper).await.expect(200);
}

async fn city_with_office(app: &TestApp) -> String {
    let id = city(app, "Kaunas", "LT").await;
    app.office(&id, false).await;
    id
}

#[actix_web::test]
async fn a_suggestion_that_could_not_be_accepted_is_refused_at_once() {
    let app = TestApp::new().await;
    let office = office(&app).await;
    let target = office.agreement.rsplit('/').next().unwrap();
    for (body, pointers) in [
        (json!({"target": target}), vec!["/message"]),
        (
            json!({"target": "agr_0000000000", "message": "x"}),
            vec!["/target"],
        ),
        (json!({"patch": {}}), vec!["/target"]),
        // What the record says already.
        (
            json!({"target": target, "patch": {"signed_on": "1992"}, "message": "It is so."}),
            vec!["/patch"],
        ),
        (
            json!({"target": target, "patch": {"record_state": "draft"}}),
            vec!["/patch/record_state"],
        ),
        (
            json!({"target": target, "patch": {"signed_on": "soon"}}),
            vec!["/patch/signed_on"],
        ),
        (
            json!({"target": target, "patch": {"title": {"en": "x".repeat(70_000)}}}),
            vec!["/patch"],
        ),
        (
            json!({"target": target, "message": "x", "email": "nobody", "evidence_url": "ftp://x", "lang": "xx"}),
            vec!["/email", "/evidence_url", "/lang"],
        ),
    ] {
        let answer = app
            .anonymous()
            .post("/api/v1/suggestions", body.clone())
            .await;
        assert_eq!(answer.pointers("validation-failed"), pointers, "{body}");
    }
}

#[actix_web::test]
async fn an_edit_of_nothing_but_the_name_of_a_person_can_be_accepted() {
    let app = TestApp::new().await;
    let office = office(&app).await;
    let (partner, other) = (&office.partner, &office.other);
    let post = async |list: &str, body: Value| {
        let made = office.approver.caller.post(list, body).await.expect(201);
        format!("{list}/{}", made.id())
    };
    let network = crate::networks::network(&app, "League", json!({})).await;
    let parties = |signed: Value| json!([{"partner_id": partner, "signatories": [signed]}, {"partner_id": other}]);
    let (nobody, somebody) = (
        json!({"office": "Mayor"}),
        json!({"office": "Mayor", "name": "Jane Q. Example"}),
    );
    for (list, body, patch) in [
        (
            AGREEMENTS,
            json!({"instrument": "protocol", "signed_on": "2001", "parties": parties(nobody.clone())}),
            json!({"parties": parties(somebody.clone())}),
        ),
        (
            "/api/v1/memberships",
            json!({"partner_id": partner, "network_id": network, "admitted_on": "2001", "offices": [nobody]}),
            json!({"offices": [somebody]}),
        ),
        (
            "/api/v1/activities",
            json!({"kind": "meeting", "title": {"en": "Visit"}, "starts_on": "2001",
                "participants": [{"partner_id": partner, "office": "Mayor"}]}),
            json!({"participants": [{"partner_id": partner, "office": "Mayor", "name": "Jane Q. Example"}]}),
        ),
    ] {
        let path = post(list, body).await;
        let waits = suggestion(office.editor.caller.patch(&path, "*", patch).await);
        accept(&office.approver.caller, &waits).await.expect(200);
        let shown = app.get(&path).await.expect(200);
        assert!(shown.text().contains("Jane Q. Example"), "{shown}");
        assert_eq!(shown.json()["version"], 2, "{shown}");
    }
}

#[actix_web::test]
async fn who_sends_many_suggestions_solves_a_puzzle_for_each() {
    let app = TestApp::new().await;
    let send = async |number: usize, proof: Option<&str>| {
        let mut body = json!({"message": format!("No. {number}")});
        if let Some(proof) = proof {
            body["proof"] = json!(proof);
        }
        app.anonymous()
            .send(
                actix_web::test::TestRequest::post()
                    .uri("/api/v1/suggestions")
                    .peer_addr("192.0.2.1:9".parse().unwrap())
                    .set_json(body),
            )
            .await
    };
    for number in 0..3 {
        send(number, None).await.expect(201);
    }
    let refused = send(3, None).await;
    assert_eq!(refused.pointers("validation-failed"), ["/proof"]);
    let puzzle = app.get("/api/v1/suggestions/puzzle").await.expect(200);
    let challenge = puzzle.json()["challenge"].as_str().unwrap().to_owned();
    let proof = twincity::suggestions::proof_of_work::solve(&challenge);
    send(4, Some(&proof)).await.expect(201);
    // It is taken once.
    let again = send(5, Some(&proof)).await;
    assert_eq!(again.pointers("validation-failed"), ["/proof"]);
    for number in 6..30 {
        send(number, None).await;
    }
    let waits = send(30, None).await;
    assert!(waits.header("retry-after").is_some());
    waits.problem("too-many-requests");
}

#[actix_web::test]
async fn the_list_goes_on_where_it_was_after_a_decision() {
    let app = TestApp::new().await;
    let registrar = app.member(Role::Registrar, None).caller;
    for number in 0..3 {
        app.anonymous()
            .post(
                "/api/v1/suggestions",
                json!({"message": format!("No. {number}")}),
            )
            .await
            .expect(201);
    }
    let first = registrar
        .get("/api/v1/suggestions?state=open&limit=2")
        .await
        .expect(200)
        .json();
    let last = first["data"][1]["id"].as_str().unwrap();
    registrar
        .post(&format!("/api/v1/suggestions/{last}/reject"), json!({}))
        .await
        .expect(200);
    let next = first["page"]["next"].as_str().unwrap();
    let rest = registrar
        .get(&format!(
            "/api/v1/suggestions?state=open&limit=2&cursor={next}"
        ))
        .await
        .expect(200)
        .json();
    assert_eq!(rest["data"].as_array().unwrap().len(), 1);
    assert_eq!(rest["data"][0]["message"], "No. 2");
}
