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
    let longer = patch(&app, &id, json!({"valid_until": "2030"})).await;
    assert_eq!(longer.pointers("guard-failed"), ["/valid_until"]);
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
async fn how_a_term_ends_today_says_nothing_of_one_that_was_renewed() {
    let app = TestApp::new().await;
    let term = json!({"signed_on": "1990-01-01", "valid_until": "2000", "duration": "fixed_term"});
    let id = agreement(&app, term).await;
    event(&app, &id, expire("2001")).await.expect(201);
    event(&app, &id, renew("2003", "2030")).await.expect(201);
    let tacit = patch(&app, &id, json!({"renewal": "tacit"})).await;
    assert_eq!(tacit.expect(200).json()["renewal"], "tacit");
}

#[actix_web::test]
async fn a_correction_that_names_no_source_makes_no_expiry_a_sourced_one() {
    let app = TestApp::new().await;
    let term = json!({"signed_on": "1990-01-01", "valid_until": "2000", "duration": "fixed_term"});
    let id = agreement(&app, term).await;
    let mut over = event(&app, &id, expire("2001")).await.expect(201).id();
    let endless = json!({"valid_until": null, "duration": "unknown"});
    for (on, source, status) in [("2001-06", None, 422), ("2001-07", Some("Paper"), 200)] {
        let mut body = json!({"action": "correct", "effective_on": on, "corrects_event_id": over,
            "reason_text": "it was later"});
        if let Some(title) = source {
            body["source"] = json!({"kind": "press", "title": title});
        }
        over = event(&app, &id, body).await.expect(201).id();
        let answer = patch(&app, &id, endless.clone()).await;
        assert_eq!(answer.status(), status, "{answer}");
    }
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
    // What was too early already may become better known.
    let finer = json!({"signed_on": "2005-03-01"});
    patch(&app, &newer, finer).await.expect(200);
    let refused = patch(&app, &newer, publish.clone()).await;
    assert_eq!(refused.pointers("guard-failed"), ["/supersedes/0"]);
    patch(&app, &older, json!({"signed_on": "1992"}))
        .await
        .expect(200);
    patch(&app, &newer, publish).await.expect(200);
}

/// Writes into the database what no request could.
fn store(app: &TestApp, statements: Vec<String>) {
    app.write(move |conn| -> Result<_, twincity::http::problem::Problem> {
        use diesel::RunQueryDsl;
        for statement in statements {
            diesel::sql_query(statement).execute(conn)?;
        }
        Ok(())
    })
    .unwrap();
}

/// The id of the first event.
async fn first_event(app: &TestApp, id: &str) -> String {
    let events = app.get(&format!("{AGREEMENTS}/{id}/events")).await;
    let first = events.expect(200).json()["data"][0]["id"].clone();
    first.as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn an_event_names_no_successor_that_was_signed_before() {
    let app = TestApp::new().await;
    let [older, newer, ..] = papers(&app, "draft").await;
    patch(&app, &older, json!({"signed_on": "2010"}))
        .await
        .expect(200);
    let publish = json!({"record_state": "published", "supersedes": []});
    patch(&app, &newer, publish).await.expect(200);
    let supersede = json!({"action": "supersede", "effective_on": "2011", "superseded_by": newer});
    let refused = event(&app, &older, supersede.clone()).await;
    let refused = refused.problem("guard-failed");
    let error = &refused["errors"][0];
    assert_eq!(
        (&error["pointer"], &error["code"]),
        (&json!("/superseded_by"), &json!("out_of_order"))
    );
    patch(&app, &older, json!({"signed_on": "1992"}))
        .await
        .expect(200);
    event(&app, &older, supersede).await.expect(201);
}

#[actix_web::test]
async fn what_was_stored_out_of_order_may_become_better_known() {
    let app = TestApp::new().await;
    let [older, newer, ..] = papers(&app, "published").await;
    let first = first_event(&app, &newer).await;
    store(
        &app,
        vec![
            format!("UPDATE agreements SET signed_on = '1980' WHERE public_id = '{newer}'"),
            format!(
                "UPDATE lifecycle_events SET effective_on = '1980' WHERE public_id = '{first}'"
            ),
        ],
    );
    for (id, on) in [(&newer, "1980-05-05"), (&older, "1992-03")] {
        let finer = patch(&app, id, json!({"signed_on": on})).await;
        assert_eq!(finer.expect(200).json()["signed_on"], on);
    }
    // One party that joined too late stands in the way of nothing else.
    let id = agreement(&app, json!({"signed_on": "1990"})).await;
    store(
        &app,
        vec![format!(
            "UPDATE agreement_parties SET acceded_on = '1992', said = '{{\"acceded_on\":\"1992\"}}' \
             WHERE position = 1 AND agreement_id = (SELECT id FROM agreements WHERE public_id = '{id}')"
        )],
    );
    let finer = patch(&app, &id, json!({"signed_on": "1990-05-05"})).await;
    assert_eq!(finer.expect(200).json()["signed_on"], "1990-05-05");
    let wrong = patch(&app, &id, json!({"signed_on": "1993"})).await;
    assert_eq!(
        wrong.pointers("validation-failed"),
        ["/parties/1/acceded_on"]
    );
}

#[actix_web::test]
async fn a_neighbour_whose_events_can_not_be_read_stands_in_nobody_s_way() {
    let app = TestApp::new().await;
    let [older, newer, ..] = papers(&app, "published").await;
    let supersede = json!({"action": "supersede", "effective_on": "2005", "superseded_by": newer});
    event(&app, &older, supersede).await.expect(201);
    let first = first_event(&app, &older).await;
    let broken =
        format!("UPDATE lifecycle_events SET action = 'resume' WHERE public_id = '{first}'");
    store(&app, vec![broken]);
    for body in [
        json!({"title": {"en": "Pact"}}),
        json!({"signed_on": "2005-03-01"}),
    ] {
        patch(&app, &newer, body).await.expect(200);
    }
    let end = json!({"action": "terminate", "effective_on": "2015", "mode": "other", "reason_code": "other"});
    event(&app, &newer, end).await.expect(201);
    let path = format!("{AGREEMENTS}/{newer}");
    app.as_admin().delete(&path, "*").await.expect(204);
}

#[actix_web::test]
async fn an_older_paper_that_comes_into_sight_could_have_been_replaced() {
    let app = TestApp::new().await;
    let (a, b) = (city(&app, "a", "PL").await, city(&app, "b", "NL").await);
    let third = city(&app, "c", "FR").await;
    let make = async |instrument: &str, more: Value| {
        let mut body = json!({"instrument": instrument,
            "parties": [{"partner_id": a}, {"partner_id": b}],
            "sources": [{"kind": "press", "title": "Paper"}]});
        let more = more.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(more);
        app.as_admin().post(AGREEMENTS, body).await.expect(201).id()
    };
    let newer = make("partnership_agreement", json!({"signed_on": "2005"})).await;
    let past = json!({"record_state": "draft", "signed_on": "1992", "events": [
        {"action": "register", "effective_on": "1992", "to_status": "in_force"},
        {"action": "supersede", "effective_on": "2005", "superseded_by": newer},
    ]});
    let older = make("cooperation_agreement", past).await;
    patch(&app, &newer, json!({"signed_on": "2010"}))
        .await
        .expect(200);
    let publish = json!({"record_state": "published"});
    let refused = patch(&app, &older, publish.clone()).await;
    assert_eq!(refused.pointers("guard-failed"), ["/record_state"]);
    patch(&app, &newer, json!({"signed_on": "2005"}))
        .await
        .expect(200);
    patch(&app, &older, publish).await.expect(200);
    let path = format!("{AGREEMENTS}/{older}");
    let admin = app.as_admin();
    admin.delete(&path, "*").await.expect(204);
    let others = json!({"parties": [{"partner_id": a}, {"partner_id": third}]});
    patch(&app, &newer, others).await.expect(200);
    let restore = format!("{path}/restore");
    let refused = admin
        .post(&restore, json!({}))
        .await
        .problem("guard-failed");
    assert_eq!(refused["agreement"], newer);
    let detail = refused["detail"].as_str().unwrap();
    assert!(
        detail.contains(&format!("change {newer} first")),
        "{detail}"
    );
    patch(&app, &newer, json!({"supersedes": []}))
        .await
        .expect(200);
    let back = admin.post(&restore, json!({})).await.expect(200).json();
    assert_eq!(back["status"], "in_force");
}
