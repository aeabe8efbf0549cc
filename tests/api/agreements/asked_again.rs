//! What was possible when it was recorded is asked again when something is changed on which it rests.

use serde_json::{Value, json};

use super::{AGREEMENTS, agreement, city};
use crate::support::{Answer, TestApp};

async fn event(app: &TestApp, id: &str, body: Value) -> Answer {
    let path = format!("{AGREEMENTS}/{id}/events");
    app.as_admin().post(&path, body).await
}

async fn patch(app: &TestApp, id: &str, body: Value) -> Answer {
    let path = format!("{AGREEMENTS}/{id}");
    app.as_admin().patch(&path, "*", body).await
}

fn expire(on: &str) -> Value {
    json!({"action": "expire", "effective_on": on})
}

fn renew(on: &str, until: &str) -> Value {
    json!({"action": "renew", "effective_on": on, "valid_until": until})
}

#[actix_web::test]
async fn an_expiry_falls_with_the_term_that_it_rests_on() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1990-01-01"})).await;
    let renewed = event(&app, &id, renew("2000", "2010"))
        .await
        .expect(201)
        .id();
    let over = event(&app, &id, expire("2011")).await.expect(201).id();
    let correct = |more: Value| {
        let mut body = json!({"action": "correct", "effective_on": "2000",
            "corrects_event_id": renewed, "reason_text": "it was otherwise"});
        let more = more.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(more);
        body
    };
    for (body, code) in [
        (correct(json!({"to_status": "in_force"})), "required"),
        (correct(json!({"valid_until": "2030"})), "not_over"),
        (correct(json!({"duration": "indefinite"})), "required"),
        (renew("2009", "2040"), "not_over"),
    ] {
        let refused = event(&app, &id, body.clone()).await;
        let refused = refused.problem("guard-failed");
        assert_eq!(refused["event"], over, "{body}");
        assert_eq!(refused["errors"][0]["code"], code, "{body}");
    }
    patch(&app, &id, json!({"valid_until": "2030"}))
        .await
        .problem("guard-failed");
    event(&app, &id, correct(json!({"valid_until": "2009"})))
        .await
        .expect(201);
}

#[actix_web::test]
async fn an_expiry_falls_with_what_the_record_says_of_its_term() {
    let app = TestApp::new().await;
    let term = json!({"signed_on": "1990-01-01", "valid_until": "2000", "duration": "fixed_term"});
    let id = agreement(&app, term.clone()).await;
    let over = event(&app, &id, expire("2001")).await.expect(201).id();
    let endless = json!({"valid_until": null, "duration": "unknown"});
    for (body, at, code) in [
        (json!({"renewal": "tacit"}), "/renewal", "renews_tacitly"),
        (json!({"valid_until": "2030"}), "/valid_until", "not_over"),
        (endless.clone(), "/valid_until", "required"),
    ] {
        let refused = patch(&app, &id, body).await.problem("guard-failed");
        let error = &refused["errors"][0];
        assert_eq!(
            (&error["pointer"], &error["code"]),
            (&json!(at), &json!(code))
        );
        assert_eq!(refused["event"], over);
    }
    patch(&app, &id, json!({"valid_until": "2000-06"}))
        .await
        .expect(200);
    // A source says that it was over, whatever the term.
    let mut again = term;
    again["allow_duplicate"] = json!("a test");
    let sourced = agreement(&app, again).await;
    let mut body = expire("2001");
    body["source"] = json!({"kind": "press", "title": "Paper"});
    event(&app, &sourced, body).await.expect(201);
    patch(&app, &sourced, endless).await.expect(200);
}

#[actix_web::test]
async fn a_past_that_names_its_sources_rests_on_them() {
    let app = TestApp::new().await;
    let (a, b) = (city(&app, "a", "PL").await, city(&app, "b", "NL").await);
    let body = json!({"instrument": "protocol", "valid_until": "2000", "duration": "fixed_term",
    "parties": [{"partner_id": a}, {"partner_id": b}],
    "sources": [{"kind": "press", "title": "Paper"}],
    "events": [
        {"action": "register", "effective_on": "1990", "to_status": "in_force"},
        {"action": "expire", "effective_on": "2001"},
    ]});
    let id = app.as_admin().post(AGREEMENTS, body).await.expect(201).id();
    let endless = json!({"valid_until": null, "duration": "unknown"});
    patch(&app, &id, endless).await.expect(200);
    patch(&app, &id, json!({"renewal": "tacit"}))
        .await
        .problem("guard-failed");
}

/// Two papers of two cities; the newer one says that it took the place of the older one.
async fn papers(app: &TestApp, newer_state: &str) -> [String; 4] {
    let (a, b) = (city(app, "a", "PL").await, city(app, "b", "NL").await);
    let make = async |instrument: &str, year: &str, supersedes: Value, state: &str| {
        let body = json!({"instrument": instrument, "signed_on": year, "supersedes": supersedes,
            "parties": [{"partner_id": a}, {"partner_id": b}], "record_state": state});
        let made = app.as_admin().post(AGREEMENTS, body).await;
        made.expect(201).id()
    };
    let older = make("cooperation_agreement", "1992", json!([]), "published").await;
    let newer = make("partnership_agreement", "2005", json!([older]), newer_state).await;
    [older, newer, a, b]
}

#[actix_web::test]
async fn what_took_the_place_of_a_paper_still_could_have_when_it_is_changed() {
    let app = TestApp::new().await;
    let [older, newer, a, _] = papers(&app, "published").await;
    let early = patch(&app, &newer, json!({"signed_on": "1980"})).await;
    assert_eq!(early.pointers("validation-failed"), ["/supersedes/0"]);
    let late = patch(&app, &older, json!({"signed_on": "2010"})).await;
    assert_eq!(late.pointers("guard-failed"), ["/signed_on"]);
    let supersede = json!({"action": "supersede", "effective_on": "2005", "superseded_by": newer});
    event(&app, &older, supersede).await.expect(201);
    let late = patch(&app, &newer, json!({"signed_on": "2010"})).await;
    assert_eq!(late.pointers("guard-failed"), ["/signed_on"]);
    let third = city(&app, "c", "FR").await;
    let others = json!({"parties": [{"partner_id": a}, {"partner_id": third}]});
    let others = patch(&app, &newer, others).await;
    assert_eq!(others.pointers("guard-failed"), ["/parties"]);
    // Events move the day as well, and take the signature back.
    let events = app.get(&format!("{AGREEMENTS}/{newer}/events")).await;
    let first = events.expect(200).json()["data"][0]["id"].clone();
    let correct = |on: &str, to: Value| {
        json!({"action": "correct", "effective_on": on, "corrects_event_id": first,
            "reason_text": "it was otherwise", "to_status": to})
    };
    for body in [
        correct("2010", Value::Null),
        correct("1980", Value::Null),
        correct("2005", json!("proposed")),
    ] {
        let refused = event(&app, &newer, body.clone()).await;
        let refused = refused.problem("guard-failed");
        assert_eq!(refused["agreement"], older, "{body}");
        assert_eq!(refused["errors"][0]["pointer"], "/effective_on", "{body}");
    }
    let finer = patch(&app, &newer, json!({"signed_on": "2005-03-01"})).await;
    assert_eq!(finer.expect(200).json()["supersedes"], json!([older]));
}

#[actix_web::test]
async fn a_draft_holds_no_paper_of_others_and_is_asked_when_it_is_published() {
    let app = TestApp::new().await;
    let [older, newer, ..] = papers(&app, "draft").await;
    patch(&app, &older, json!({"signed_on": "2010"}))
        .await
        .expect(200);
    let publish = json!({"record_state": "published"});
    let refused = patch(&app, &newer, publish.clone()).await;
    assert_eq!(refused.pointers("guard-failed"), ["/signed_on"]);
    patch(&app, &older, json!({"signed_on": "1992"}))
        .await
        .expect(200);
    patch(&app, &newer, publish).await.expect(200);
}
