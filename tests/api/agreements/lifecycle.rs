//! Events: what is possible, what is missing, what fails.

use serde_json::{Value, json};

use super::{AGREEMENTS, agreement, city};
use crate::support::TestApp;

async fn event(app: &TestApp, id: &str, body: Value) -> crate::support::Answer {
    app.as_admin()
        .post(&format!("{AGREEMENTS}/{id}/events"), body)
        .await
}

async fn status(app: &TestApp, id: &str) -> (String, String) {
    let body = app
        .get(&format!("{AGREEMENTS}/{id}"))
        .await
        .expect(200)
        .json();
    (
        body["status"].as_str().unwrap().to_owned(),
        body["status_since"].as_str().unwrap().to_owned(),
    )
}

#[actix_web::test]
async fn a_whole_life_step_by_step() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"entry_into_force": "on_consent"})).await;
    let act = json!({"kind": "council_resolution", "number": "1/90"});
    for (body, expected) in [
        (
            json!({"action": "approve", "effective_on": "2024-01", "legal_act": act}),
            "approved",
        ),
        (
            json!({"action": "sign", "effective_on": "2024-02-01"}),
            "signed",
        ),
        (
            json!({"action": "enter_into_force", "effective_on": "2024-03-01"}),
            "in_force",
        ),
        (
            json!({"action": "suspend", "effective_on": "2024-04", "reason_code": "budget", "deciding_body": "council"}),
            "suspended",
        ),
        (
            json!({"action": "resume", "effective_on": "2024-05"}),
            "in_force",
        ),
        (
            json!({"action": "renew", "effective_on": "2024-06", "valid_until": "2030"}),
            "in_force",
        ),
        (
            json!({"action": "amend", "effective_on": "2024-07", "note": "a new annex"}),
            "in_force",
        ),
        (
            json!({"action": "note", "effective_on": "2024-08", "note": "a visit", "source": {"kind": "press", "title": "Paper"}}),
            "in_force",
        ),
        (
            json!({"action": "terminate", "effective_on": "2024-09", "mode": "mutual_consent", "reason_code": "other"}),
            "terminated",
        ),
    ] {
        let made = event(&app, &id, body.clone()).await.expect(201);
        assert_eq!(made.json()["to_status"], expected, "{body}");
        assert_eq!(status(&app, &id).await.0, expected, "{body}");
    }
    let body = app
        .get(&format!("{AGREEMENTS}/{id}"))
        .await
        .expect(200)
        .json();
    assert_eq!(body["version"], 10);
    for (member, expected) in [
        ("approved_on", "2024-01"),
        ("signed_on", "2024-02-01"),
        ("in_force_on", "2024-03-01"),
        ("valid_until", "2030"),
    ] {
        assert_eq!(body[member], expected, "{member}");
    }
    assert_eq!(body["allowed"], json!([]));
    let late = event(
        &app,
        &id,
        json!({"action": "resume", "effective_on": "2025"}),
    )
    .await;
    assert_eq!(late.problem("illegal-transition")["allowed"], json!([]));
}

#[actix_web::test]
async fn what_an_action_needs_is_told_field_by_field() {
    let app = TestApp::new().await;
    let live = agreement(&app, json!({"signed_on": "1992"})).await;
    let proposed = agreement(&app, json!({})).await;
    for (id, action, expected) in [
        (&proposed, "approve", vec!["/legal_act"]),
        (&proposed, "abandon", vec!["/reason_code"]),
        (&live, "suspend", vec!["/deciding_body", "/reason_code"]),
        (&live, "terminate", vec!["/mode", "/reason_code"]),
        (&live, "renew", vec!["/valid_until"]),
        (&live, "amend", vec!["/note"]),
        (&live, "accede", vec!["/party"]),
        (&live, "give_notice", vec!["/notice_given_on"]),
        (&live, "supersede", vec!["/superseded_by"]),
        (&live, "note", vec!["/note", "/source_id"]),
        (&live, "correct", vec!["/corrects_event_id", "/reason_text"]),
    ] {
        let pointers = event(&app, id, json!({"action": action, "effective_on": "2024"}))
            .await
            .pointers("validation-failed");
        assert_eq!(pointers, expected, "{action}");
    }
    assert_eq!(
        event(&app, &live, json!({"action": "amend", "note": "x"}))
            .await
            .pointers("validation-failed"),
        ["/effective_on"]
    );
    event(
        &app,
        &live,
        json!({"action": "amend", "effective_on": "2024", "nots": "x"}),
    )
    .await
    .problem("malformed-request");
}

#[actix_web::test]
async fn a_condition_that_fails_is_a_guard_and_not_a_transition() {
    let app = TestApp::new().await;
    let id = agreement(
        &app,
        json!({"signed_on": "1992", "valid_until": "2030", "duration": "fixed_term"}),
    )
    .await;
    for (body, pointer) in [
        (
            json!({"action": "expire", "effective_on": "2026-11-01"}),
            "/action",
        ),
        (
            json!({"action": "renew", "effective_on": "2024", "valid_until": "2029"}),
            "/valid_until",
        ),
        (
            json!({"action": "suspend", "effective_on": "2027", "reason_code": "other", "deciding_body": "council"}),
            "/effective_on",
        ),
        (
            json!({"action": "give_notice", "effective_on": "2027", "notice_given_on": "2026-12"}),
            "/notice_given_on",
        ),
        (
            json!({"action": "withdraw_notice", "effective_on": "2024"}),
            "/action",
        ),
    ] {
        let problem = event(&app, &id, body.clone()).await.problem("guard-failed");
        let at = problem["errors"][0]["pointer"].as_str().unwrap();
        assert!(
            at == pointer || at == "/effective_on" || at == "/source_id",
            "{body}: {problem}"
        );
    }
    assert_eq!(
        app.get(&format!("{AGREEMENTS}/{id}"))
            .await
            .expect(200)
            .json()["version"],
        1
    );
}

#[actix_web::test]
async fn two_live_parties_remain_whatever_happens() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1992"})).await;
    let body = app
        .get(&format!("{AGREEMENTS}/{id}"))
        .await
        .expect(200)
        .json();
    let first = body["parties"][0]["partner"]["id"].clone();
    let leave = json!({"action": "withdraw_party", "effective_on": "2024", "party": first});
    event(&app, &id, leave.clone())
        .await
        .problem("guard-failed");
    let third = city(&app, "Kaunas", "LT").await;
    let join =
        json!({"action": "accede", "effective_on": "2020", "party": third, "role": "observer"});
    event(&app, &id, join.clone()).await.expect(201);
    event(&app, &id, join).await.problem("guard-failed");
    event(&app, &id, leave).await.expect(201);
    let parties = app
        .get(&format!("{AGREEMENTS}/{id}"))
        .await
        .expect(200)
        .json()["parties"]
        .clone();
    assert_eq!(parties[0]["participation"], "withdrawn");
    assert_eq!(
        (&parties[2]["participation"], &parties[2]["acceded_on"]),
        (&json!("acceded"), &json!("2020"))
    );
    let successor = city(&app, "Successor", "NL").await;
    let succeed = json!({"action": "succeed_party", "effective_on": "2025", "party": parties[1]["partner"]["id"], "successor_id": successor});
    event(&app, &id, succeed).await.expect(201);
    let parties = app
        .get(&format!("{AGREEMENTS}/{id}"))
        .await
        .expect(200)
        .json()["parties"]
        .clone();
    assert_eq!(
        (
            &parties[1]["participation"],
            parties.as_array().unwrap().len()
        ),
        (&json!("succeeded"), 4)
    );
}

#[actix_web::test]
async fn an_end_in_the_future_waits_for_its_day() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1992", "notice_period": "P6M"})).await;
    let notice = json!({"action": "give_notice", "effective_on": "2027-06-30", "notice_given_on": "2026-11-01"});
    event(&app, &id, notice).await.expect(201);
    let body = app
        .get(&format!("{AGREEMENTS}/{id}"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        body["pending_termination"],
        json!({"notice_given_on": "2026-11-01", "effective_on": "2027-06-30"})
    );
    let end = json!({"action": "terminate", "effective_on": "2027-01-31", "mode": "denunciation", "reason_code": "budget"});
    let made = event(&app, &id, end).await.expect(201).json();
    assert_eq!(
        (&made["pending"], &made["warnings"][0]["code"]),
        (&json!(true), &json!("short_notice"))
    );
    assert_eq!(status(&app, &id).await.0, "in_force");
    for (day, expected) in [("2027-01-30", "in_force"), ("2027-01-31", "terminated")] {
        let then = app
            .get(&format!("{AGREEMENTS}?as_of={day}"))
            .await
            .expect(200)
            .json();
        assert_eq!(then["data"][0]["status"], expected, "{day}");
    }
    // It was planned from the day on which it was recorded until it came; the notice is older.
    for (day, expected) in [
        ("2026-11-23", json!("2027-06-30")),
        ("2026-11-24", json!("2027-01-31")),
        ("2027-01-30", json!("2027-01-31")),
        ("2027-01-31", Value::Null),
    ] {
        let then = app
            .get(&format!("{AGREEMENTS}?as_of={day}"))
            .await
            .expect(200)
            .json();
        let pending = &then["data"][0]["pending_termination"];
        assert_eq!(pending["effective_on"], expected, "{day}: {pending}");
    }
    let due = |app: &TestApp| {
        let ctx = twincity::changes::Ctx::system(
            twincity::core::vocabulary::record::Role::Registrar,
            app.app.now(),
        );
        app.write(move |conn| twincity::agreements::scheduled::bring_up_to_date(conn, &ctx, 0))
            .unwrap()
            .done
    };
    assert_eq!(due(&app), 0);
    app.clock.advance(chrono::TimeDelta::days(70));
    assert_eq!((due(&app), due(&app)), (1, 0));
    assert_eq!(
        status(&app, &id).await,
        ("terminated".to_owned(), "2027-01-31".to_owned())
    );
}

#[actix_web::test]
async fn a_wrong_event_stays_and_counts_no_longer() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1992"})).await;
    let wrong = json!({"action": "suspend", "effective_on": "2020", "reason_code": "budget", "deciding_body": "council"});
    let wrong = event(&app, &id, wrong).await.expect(201).id();
    let right = json!({"action": "correct", "effective_on": "2021-03", "corrects_event_id": wrong, "reason_text": "misread"});
    let right = event(&app, &id, right.clone()).await.expect(201).id();
    assert_eq!(
        status(&app, &id).await,
        ("suspended".to_owned(), "2021-03".to_owned())
    );
    let events = app
        .get(&format!("{AGREEMENTS}/{id}/events"))
        .await
        .expect(200)
        .json();
    let marked = events["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|event| event["id"] == wrong.as_str())
        .unwrap();
    assert_eq!(marked["corrected_by"], right.as_str());
    let again = json!({"action": "correct", "effective_on": "2022", "corrects_event_id": wrong, "reason_text": "again"});
    event(&app, &id, again).await.problem("validation-failed");
    let never = json!({"action": "correct", "effective_on": "2021-03", "corrects_event_id": right, "reason_text": "never happened", "to_status": "in_force"});
    event(&app, &id, never).await.expect(201);
    assert_eq!(status(&app, &id).await.0, "in_force");
    let foreign = agreement(&app, json!({"signed_on": "1993"})).await;
    let body = json!({"action": "correct", "effective_on": "2021", "corrects_event_id": wrong, "reason_text": "x"});
    event(&app, &foreign, body)
        .await
        .problem("validation-failed");
}

#[actix_web::test]
async fn a_late_entry_stands_where_it_belongs_or_is_refused() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1992"})).await;
    let act = |action: &str, on: &str| json!({"action": action, "effective_on": on, "reason_code": "other", "deciding_body": "council", "mode": "other"});
    event(&app, &id, act("terminate", "2022")).await.expect(201);
    // Between the beginning and the end, recorded after both.
    event(&app, &id, act("suspend", "2020")).await.expect(201);
    assert_eq!(
        status(&app, &id).await,
        ("terminated".to_owned(), "2022".to_owned())
    );
    let then = app
        .get(&format!("{AGREEMENTS}?as_of=2021-06-01"))
        .await
        .expect(200)
        .json();
    assert_eq!(then["data"][0]["status"], "suspended");
    // Before the beginning nothing can happen.
    event(&app, &id, act("suspend", "1980"))
        .await
        .problem("illegal-transition");
}

#[actix_web::test]
async fn an_event_is_written_in_one_place() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1990"})).await;
    let (event_body, source) = (
        json!({"action": "note", "effective_on": "2024", "note": "a visit"}),
        json!({"kind": "press", "title": "Paper"}),
    );
    let mut twice = event_body.clone();
    twice["source"] = source.clone();
    twice["source_id"] = json!("src_0000000000");
    let refused = event(&app, &id, twice).await;
    assert_eq!(refused.pointers("validation-failed"), ["/source_id"]);
    // What a citation says of a record is not said of an event, and would be lost.
    let mut cited = event_body;
    cited["source"] = source;
    cited["source"]["quote"] = json!("a visit");
    let refused = event(&app, &id, cited).await;
    assert_eq!(refused.pointers("malformed-request"), ["/source/quote"]);
}
