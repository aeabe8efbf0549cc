//! The yearly word of a party, in one call.

use serde_json::{Value, json};
use twincity::core::vocabulary::record::Role;

use super::{AGREEMENTS, agreement, city};
use crate::support::TestApp;

async fn tie(app: &TestApp) -> (String, String, String) {
    let (a, b) = (city(app, "a", "PL").await, city(app, "b", "NL").await);
    app.office(&a, false).await;
    app.office(&b, false).await;
    let body = json!({"instrument": "annex", "signed_on": "1992",
        "parties": [{"partner_id": a}, {"partner_id": b}]});
    let id = app.as_admin().post(AGREEMENTS, body).await.expect(201).id();
    (format!("{AGREEMENTS}/{id}"), a, b)
}

fn words(agreement: &Value) -> Vec<&str> {
    let parties = agreement["parties"].as_array().unwrap().iter();
    parties
        .map(|party| party["acknowledgement"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn a_party_confirms_its_agreement_in_one_call() {
    let app = TestApp::new().await;
    let (path, a, b) = tie(&app).await;
    let before = app.revision().await;
    let editor = app.member(Role::Editor, Some(&a)).caller;
    let body = json!({"note": "yearly check"});
    let answer = editor
        .post(&format!("{path}/confirm"), body)
        .await
        .expect(200);
    let shown = app.get(&path).await.expect(200);
    assert_eq!(answer.etag(), shown.etag());
    assert_eq!(answer.json(), shown.json());
    let shown = shown.json();
    assert_eq!(
        (
            &shown["last_confirmed_on"],
            &shown["status_basis"],
            &shown["version"]
        ),
        (&json!("2026-11-24"), &json!("confirmed"), &json!(2))
    );
    assert_eq!(words(&shown), ["acknowledged", "unknown"]);
    assert!(
        !shown["quality_flags"]
            .to_string()
            .contains("presumed_status")
    );
    let feed = app
        .get(&format!("/api/v1/changes?after={before}"))
        .await
        .expect(200)
        .json();
    let changes = feed["data"].as_array().unwrap();
    let of_agreement: Vec<_> = changes
        .iter()
        .filter(|change| change["entity"] == "agreement")
        .collect();
    assert_eq!(of_agreement.len(), 1);
    assert_eq!(
        (&of_agreement[0]["op"], &of_agreement[0]["reason"]),
        (&json!("updated"), &json!("yearly check"))
    );
    app.member(Role::Editor, Some(&b))
        .caller
        .post(&format!("{path}/confirm"), json!({}))
        .await
        .expect(200);
    let shown = app.get(&path).await.expect(200).json();
    assert_eq!(words(&shown), ["acknowledged", "acknowledged"]);
    assert_eq!(shown["reciprocity"], "both_acknowledge");
}

#[actix_web::test]
async fn a_registrar_confirms_the_status_and_puts_words_in_nobodys_mouth() {
    let app = TestApp::new().await;
    let (path, _, _) = tie(&app).await;
    let body = json!({"confirmed_on": "2026-01-15",
        "sources": [{"kind": "press", "title": "A paper", "quote": "still friends"}]});
    let shown = app
        .as_registrar()
        .post(&format!("{path}/confirm"), body)
        .await
        .expect(200)
        .json();
    assert_eq!(shown["status_basis"], "confirmed");
    assert_eq!(words(&shown), ["unknown", "unknown"]);
    let cited = app
        .get(&format!("{path}/citations?pointer=/last_confirmed_on"))
        .await
        .expect(200)
        .json();
    assert_eq!(cited["data"][0]["source"]["title"], "A paper");
}

#[actix_web::test]
async fn a_confirmation_is_neither_ahead_nor_goes_back() {
    let app = TestApp::new().await;
    let (path, a, _) = tie(&app).await;
    let confirm = format!("{path}/confirm");
    let admin = app.as_admin();
    for (day, code) in [("2026-11-25", "in_the_future"), ("2026", "invalid_day")] {
        let problem = admin
            .post(&confirm, json!({"confirmed_on": day}))
            .await
            .problem("validation-failed");
        let error = &problem["errors"][0];
        assert_eq!(
            (&error["pointer"], &error["code"]),
            (&json!("/confirmed_on"), &json!(code))
        );
    }
    let body = json!({"confirmed_on": "2026-10-01"});
    admin.post(&confirm, body.clone()).await.expect(200);
    admin.post(&confirm, body).await.expect(200);
    let problem = admin
        .post(&confirm, json!({"confirmed_on": "2026-09-30"}))
        .await
        .problem("validation-failed");
    assert_eq!(problem["errors"][0]["code"], "before_the_last");
    assert_eq!(
        admin
            .post(&confirm, json!({"source_id": "src_0000000000"}))
            .await
            .pointers("validation-failed"),
        ["/source_id"]
    );
    let stale = admin.clone().header("If-Match", "\"1\"");
    stale
        .post(&confirm, json!({}))
        .await
        .problem("precondition-failed");
    // Neither is a day that is told with the record.
    let ahead = json!({"last_confirmed_on": "2026-11-25"});
    let etag = app.get(&path).await.expect(200).etag();
    assert_eq!(
        admin
            .patch(&path, &etag, ahead)
            .await
            .pointers("validation-failed"),
        ["/last_confirmed_on"]
    );
    let other = city(&app, "c", "PL").await;
    let body = json!({"instrument": "annex", "last_confirmed_on": "2027-01-01",
        "parties": [{"partner_id": a}, {"partner_id": other}]});
    assert_eq!(
        admin
            .post(AGREEMENTS, body)
            .await
            .pointers("validation-failed"),
        ["/last_confirmed_on"]
    );
    app.office(&other, false).await;
    app.member(Role::Editor, Some(&other))
        .caller
        .post(&confirm, json!({}))
        .await
        .problem("forbidden");
}

#[actix_web::test]
async fn a_confirmation_waits_where_a_second_pair_of_eyes_is_wanted() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1992"})).await;
    let path = format!("{AGREEMENTS}/{id}");
    let party = app.get(&path).await.expect(200).json()["parties"][0]["partner"]["id"].clone();
    let party = party.as_str().unwrap();
    app.office(party, true).await;
    let waits = app
        .member(Role::Editor, Some(party))
        .caller
        .post(&format!("{path}/confirm"), json!({}))
        .await
        .expect(202)
        .json();
    assert_eq!(app.get(&path).await.json()["status_basis"], "presumed");
    let suggestion = waits["suggestion_id"].as_str().unwrap();
    app.member(Role::Approver, Some(party))
        .caller
        .post(
            &format!("/api/v1/suggestions/{suggestion}/accept"),
            json!({}),
        )
        .await
        .expect(200);
    let shown = app.get(&path).await.expect(200).json();
    assert_eq!(shown["status_basis"], "confirmed");
    assert_eq!(words(&shown), ["acknowledged", "unknown"]);
}
