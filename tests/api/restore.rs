//! Undoing a withdrawal, for records of every kind.

use serde_json::{Value, json};
use twincity::core::vocabulary::record::Role;

use crate::agreements::{AGREEMENTS, city};
use crate::memberships::{self, MEMBERSHIPS};
use crate::networks::network;
use crate::support::{Answer, TestApp};

const PARTNERS: &str = "/api/v1/partners";
const NETWORKS: &str = "/api/v1/networks";
const ACTIVITIES: &str = "/api/v1/activities";

async fn withdraw(app: &TestApp, path: &str) {
    let etag = app.get(path).await.expect(200).etag();
    let path = format!("{path}?reason=by+mistake");
    app.as_admin().delete(&path, &etag).await.expect(204);
}

async fn restore(app: &TestApp, path: &str) -> Answer {
    app.as_admin()
        .post(&format!("{path}/restore"), json!({"reason": "it is right"}))
        .await
}

async fn make(app: &TestApp, collection: &str, body: Value) -> String {
    let id = app.as_admin().post(collection, body).await.expect(201).id();
    format!("{collection}/{id}")
}

async fn pair(app: &TestApp, instrument: &str) -> (String, String, String) {
    let (a, b) = (city(app, "a", "PL").await, city(app, "b", "NL").await);
    let body = json!({"instrument": instrument, "signed_on": "1992",
        "parties": [{"partner_id": a}, {"partner_id": b}]});
    (make(app, AGREEMENTS, body).await, a, b)
}

#[actix_web::test]
async fn a_restored_record_is_published_again_with_its_next_version_and_the_whole_of_it_told() {
    let app = TestApp::new().await;
    let (agreement, a, _) = pair(&app, "annex").await;
    let membership = memberships::membership(&app, json!({"admitted_on": "1997"})).await;
    let all = [
        make(
            &app,
            PARTNERS,
            json!({"kind": "school", "name": "c", "country": "PL", "host_id": a}),
        )
        .await,
        agreement,
        make(
            &app,
            NETWORKS,
            json!({"kind": "euroregion", "name": "Niemen", "seat_partner_id": a}),
        )
        .await,
        format!("{MEMBERSHIPS}/{membership}"),
        make(
            &app,
            ACTIVITIES,
            json!({"kind": "meeting", "title": {"en": "A meeting"}, "participants": [{"partner_id": a}]}),
        )
        .await,
        make(&app, "/api/v1/sources", json!({"kind": "press", "title": "A paper"})).await,
    ];
    for path in &all {
        let before = app.get(path).await.expect(200).json();
        withdraw(&app, path).await;
        let answer = restore(&app, path).await.expect(200);
        let back = app.get(path).await.expect(200);
        // A partner's read shows more than its own row, and says so in its tag.
        assert!(answer.etag().starts_with("\"3"), "{path}");
        assert!(back.etag().starts_with("\"3"), "{path}");
        let back = back.json();
        assert_eq!(answer.json()["id"], back["id"]);
        assert_eq!(back["version"], 3, "{path}");
        for (name, value) in before.as_object().unwrap() {
            if !["version", "updated_at", "updated_by"].contains(&name.as_str()) {
                assert_eq!(&back[name], value, "{path}: {name}");
            }
        }
        let history = app.get(&format!("{path}/history")).await.expect(200).json();
        let told = &history["data"][0];
        assert_eq!(
            (&told["op"], &told["reason"]),
            (&json!("restored"), &json!("it is right"))
        );
        assert_eq!(told["patch"][0]["path"], "", "{path}");
        assert_eq!(told["patch"][0]["value"]["id"], back["id"], "{path}");
        // It is in the lists again.
        let list = path.rsplit_once('/').unwrap().0;
        let page = app
            .get(&format!("{list}?sort=-updated_at"))
            .await
            .expect(200);
        assert!(page.text().contains(back["id"].as_str().unwrap()), "{path}");
        // Twice there is nothing to restore.
        let again = restore(&app, path).await.problem("illegal-transition");
        assert_eq!(again["record_state"], "published");
    }
}

#[actix_web::test]
async fn what_was_taken_meanwhile_is_not_given_back() {
    let app = TestApp::new().await;
    // An identifier.
    let named = json!({"kind": "municipality", "name": "Hrodna", "country": "BY",
        "identifiers": [{"scheme": "wikidata", "value": "Q181376"}]});
    let partner = make(&app, PARTNERS, named.clone()).await;
    withdraw(&app, &partner).await;
    let newer = make(&app, PARTNERS, named).await;
    let problem = restore(&app, &partner).await.problem("identifier-taken");
    assert!(newer.ends_with(problem["duplicate_of"].as_str().unwrap()));
    withdraw(&app, &newer).await;
    restore(&app, &partner).await.expect(200);
    // An agreement of the same parties.
    let (older, a, b) = pair(&app, "annex").await;
    withdraw(&app, &older).await;
    let body = json!({"instrument": "annex", "signed_on": "1992",
        "parties": [{"partner_id": b}, {"partner_id": a}]});
    let newer = make(&app, AGREEMENTS, body).await;
    let problem = restore(&app, &older).await.problem("duplicate-agreement");
    assert!(newer.ends_with(problem["duplicate_of"].as_str().unwrap()));
    // A live membership.
    let network = network(&app, "Niemen", json!({})).await;
    let body = json!({"partner_id": a, "network_id": network, "admitted_on": "1997"});
    let first = make(&app, MEMBERSHIPS, body.clone()).await;
    withdraw(&app, &first).await;
    let second = make(&app, MEMBERSHIPS, body).await;
    let problem = restore(&app, &first).await.problem("duplicate-agreement");
    assert!(second.ends_with(problem["duplicate_of"].as_str().unwrap()));
    withdraw(&app, &second).await;
    restore(&app, &first).await.expect(200);
    // It guards again.
    let problem = restore(&app, &second).await.problem("duplicate-agreement");
    assert!(first.ends_with(problem["duplicate_of"].as_str().unwrap()));
}

#[actix_web::test]
async fn what_a_restored_record_names_must_still_be_there() {
    let app = TestApp::new().await;
    let (agreement, a, b) = pair(&app, "annex").await;
    let network = network(&app, "Niemen", json!({"seat_partner_id": a})).await;
    let body = json!({"partner_id": a, "network_id": network, "admitted_on": "1997"});
    let membership = make(&app, MEMBERSHIPS, body).await;
    let id = agreement.rsplit_once('/').unwrap().1;
    let body = json!({"kind": "meeting", "title": {"en": "A meeting"}, "agreement_ids": [id],
        "network_id": network, "place": {"partner_id": b}, "participants": [{"partner_id": a}]});
    let activity = make(&app, ACTIVITIES, body).await;
    let body = json!({"kind": "school", "name": "c", "country": "PL", "host_id": a});
    let school = make(&app, PARTNERS, body).await;
    let network = format!("{NETWORKS}/{network}");
    for path in [&activity, &membership, &network, &agreement, &school] {
        withdraw(&app, path).await;
    }
    for partner in [&a, &b] {
        withdraw(&app, &format!("{PARTNERS}/{partner}")).await;
    }
    for (path, pointers) in [
        (&school, vec!["/host_id"]),
        (
            &agreement,
            vec!["/parties/0/partner_id", "/parties/1/partner_id"],
        ),
        (&network, vec!["/seat_partner_id"]),
        (&membership, vec!["/network_id", "/partner_id"]),
        (
            &activity,
            vec![
                "/agreement_ids/0",
                "/network_id",
                "/participants/0/partner_id",
                "/place/partner_id",
            ],
        ),
    ] {
        let refused = restore(&app, path).await;
        assert_eq!(refused.pointers("validation-failed"), pointers, "{path}");
    }
    restore(&app, &format!("{PARTNERS}/{a}")).await.expect(200);
    restore(&app, &school).await.expect(200);
}

#[actix_web::test]
async fn whoever_may_edit_a_record_may_restore_it_and_others_may_not() {
    let app = TestApp::new().await;
    let (agreement, a, _) = pair(&app, "annex").await;
    let stranger = city(&app, "c", "PL").await;
    app.office(&a, true).await;
    app.office(&stranger, false).await;
    withdraw(&app, &agreement).await;
    let path = format!("{agreement}/restore");
    app.anonymous()
        .post(&path, json!({}))
        .await
        .problem("unauthenticated");
    let foreign = app.member(Role::Editor, Some(&stranger)).caller;
    foreign.post(&path, json!({})).await.problem("forbidden");
    let editor = app.member(Role::Editor, Some(&a)).caller;
    let stale = editor.clone().header("If-Match", "\"1\"");
    stale
        .post(&path, json!({}))
        .await
        .problem("precondition-failed");
    assert_eq!(
        editor
            .post(&path, json!({"reason": ""}))
            .await
            .pointers("validation-failed"),
        ["/reason"]
    );
    app.get(&agreement).await.problem("withdrawn");
    // Where a second pair of eyes is wanted, it waits for it.
    let waits = editor.post(&path, json!({})).await.expect(202).json();
    app.get(&agreement).await.problem("withdrawn");
    let suggestion = waits["suggestion_id"].as_str().unwrap();
    app.member(Role::Approver, Some(&a))
        .caller
        .post(
            &format!("/api/v1/suggestions/{suggestion}/accept"),
            json!({}),
        )
        .await
        .expect(200);
    app.get(&agreement).await.expect(200);
    app.as_admin()
        .post("/api/v1/agreements/agr_0000000000/restore", json!({}))
        .await
        .problem("not-found");
    app.as_admin()
        .post("/api/v1/letters/agr_0000000000/restore", json!({}))
        .await
        .problem("not-found");
}

#[actix_web::test]
async fn a_draft_that_nobody_else_had_seen_is_a_draft_again() {
    let app = TestApp::new().await;
    let a = city(&app, "a", "PL").await;
    app.office(&a, false).await;
    let editor = app.member(Role::Editor, Some(&a)).caller;
    let body =
        json!({"kind": "school", "name": "A draft", "country": "PL", "record_state": "draft"});
    let id = editor.post(PARTNERS, body).await.expect(201).id();
    let path = format!("{PARTNERS}/{id}");
    editor.delete(&path, "\"1\"").await.expect(204);
    let back = editor
        .post(&format!("{path}/restore"), json!({}))
        .await
        .expect(200)
        .json();
    assert_eq!(back["record_state"], "draft");
    app.get(&path).await.problem("not-found");
    let change = app.get("/api/v1/changes?entity=partner").await.expect(200);
    assert!(!change.text().contains("A draft"), "{change}");
}

/// Lists by country and statistics read what is kept of the parties beside the agreement.
#[actix_web::test]
async fn a_restored_agreement_is_found_as_it_was_before() {
    let app = TestApp::new().await;
    let (agreement, a, _) = pair(&app, "protocol").await;
    let asked = [
        format!("{AGREEMENTS}?country=NL&count=true"),
        format!("{AGREEMENTS}?countries=PL"),
        format!("{AGREEMENTS}?country=PL&status=in_force,signed&partner={a}"),
        format!("{AGREEMENTS}?domestic=false&sort=-signed_on"),
    ];
    let found = async || {
        let mut all = Vec::new();
        for path in &asked {
            let page = app.get(path).await.expect(200).json();
            all.push((
                page["data"].as_array().unwrap().len(),
                page["total"].clone(),
            ));
        }
        let stats = app.get("/api/v1/stats").await.expect(200).json();
        (all, stats["agreements"]["by_country"].clone())
    };
    let before = found().await;
    assert!(before.0.iter().all(|(count, _)| *count == 1), "{before:?}");
    withdraw(&app, &agreement).await;
    assert!(found().await.0.iter().all(|(count, _)| *count == 0));
    restore(&app, &agreement).await.expect(200);
    assert_eq!(found().await, before);
}
