//! The fold: what an agreement is follows from its events in their order, whatever was recorded first.

use serde_json::{Value, json};
use twincity::service::daily;

use super::{AGREEMENTS, agreement, city};
use crate::support::{Answer, TestApp};

async fn event(app: &TestApp, id: &str, body: Value) -> Answer {
    app.as_admin()
        .post(&format!("{AGREEMENTS}/{id}/events"), body)
        .await
}

async fn done(app: &TestApp, id: &str, body: Value) -> String {
    event(app, id, body).await.expect(201).id()
}

async fn read(app: &TestApp, id: &str) -> Value {
    let path = format!("{AGREEMENTS}/{id}");
    app.get(&path).await.expect(200).json()
}

async fn patch(app: &TestApp, id: &str, body: Value) -> Answer {
    let version = read(app, id).await["version"].to_string();
    let path = format!("{AGREEMENTS}/{id}");
    app.as_admin()
        .patch(&path, &format!("\"{version}\""), body)
        .await
}

/// What a list says of it on a day.
async fn on(app: &TestApp, id: &str, day: &str, certainty: &str) -> Option<Value> {
    let path = format!("{AGREEMENTS}?as_of={day}&match={certainty}&limit=100");
    let page = app.get(&path).await.expect(200).json();
    let rows = page["data"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == id).cloned()
}

async fn status_on(app: &TestApp, id: &str, day: &str, certainty: &str) -> Option<String> {
    let row = on(app, id, day, certainty).await?;
    Some(row["status"].as_str().unwrap().to_owned())
}

fn party(row: &Value, partner: &str) -> Value {
    let parties = row["parties"].as_array().unwrap();
    let found = parties
        .iter()
        .find(|party| party["partner"]["id"] == partner);
    found.cloned().unwrap_or(Value::Null)
}

fn suspend(on: &str) -> Value {
    json!({"action": "suspend", "effective_on": on, "reason_code": "budget", "deciding_body": "council"})
}

fn about(action: &str, on: &str, party: &str) -> Value {
    json!({"action": action, "effective_on": on, "party": party})
}

/// An agreement of 1990 between two of these cities; the third one is no party.
async fn since_1990(app: &TestApp) -> (String, [String; 3]) {
    let cities = [
        city(app, "Białystok", "PL").await,
        city(app, "Eindhoven", "NL").await,
        city(app, "Kaunas", "LT").await,
    ];
    let body = json!({
        "instrument": "partnership_agreement", "signed_on": "1990-01-01",
        "parties": [{"partner_id": cities[0]}, {"partner_id": cities[1]}]
    });
    let id = app.as_admin().post(AGREEMENTS, body).await.expect(201).id();
    (id, cities)
}

#[actix_web::test]
async fn a_party_that_left_has_left_although_its_joining_was_recorded_later() {
    let app = TestApp::new().await;
    let (id, [_, _, third]) = since_1990(&app).await;
    done(&app, &id, about("accede", "2005", &third)).await;
    done(&app, &id, about("withdraw_party", "2020", &third)).await;
    // What came between is learnt last.
    let early = about("withdraw_party", "2010", &third);
    let refused = event(&app, &id, early.clone()).await.expect(422).json();
    assert!(refused["event"].as_str().unwrap().starts_with("evt_"));
    let again = event(&app, &id, about("accede", "2015", &third)).await;
    assert_eq!(
        again.expect(422).json()["errors"][0]["code"],
        "already_a_party"
    );
    let now = party(&read(&app, &id).await, &third);
    assert_eq!(
        (
            &now["participation"],
            &now["acceded_on"],
            &now["withdrew_on"]
        ),
        (&json!("withdrawn"), &json!("2005"), &json!("2020"))
    );
    for (day, stands) in [
        ("2004-06-01", Value::Null),
        ("2006-01-01", json!("acceded")),
        ("2021-01-01", json!("withdrawn")),
    ] {
        let then = on(&app, &id, day, "possible").await.unwrap();
        assert_eq!(party(&then, &third)["participation"], stands, "{day}");
    }
}

#[actix_web::test]
async fn a_party_of_the_beginning_that_left_and_joined_late_ends_where_its_last_event_left_it() {
    let app = TestApp::new().await;
    let (_, [first, second, third]) = since_1990(&app).await;
    let parties = [&first, &second, &third].map(|id| json!({"partner_id": id}));
    let body = json!({"instrument": "protocol", "signed_on": "1990", "parties": parties});
    let id = app.as_admin().post(AGREEMENTS, body).await.expect(201).id();
    done(&app, &id, about("withdraw_party", "2010", &third)).await;
    // It had been one since 1990, so that it can't have joined in 2005.
    event(&app, &id, about("accede", "2005", &third))
        .await
        .expect(422);
    done(&app, &id, about("accede", "2015", &third)).await;
    assert_eq!(
        party(&read(&app, &id).await, &third)["participation"],
        "acceded"
    );
}

#[actix_web::test]
async fn a_joining_that_an_event_tells_of_is_not_said_otherwise_by_the_record() {
    let app = TestApp::new().await;
    let (id, [first, second, third]) = since_1990(&app).await;
    done(&app, &id, about("accede", "2005", &third)).await;
    let parties = |joined: &str| {
        json!({"parties": [{"partner_id": first}, {"partner_id": second},
            {"partner_id": third, "acceded_on": joined}]})
    };
    let refused = patch(&app, &id, parties("1995")).await.expect(422).json();
    let error = &refused["errors"][0];
    assert_eq!(
        (&error["pointer"], &error["code"]),
        (&json!("/parties/2/acceded_on"), &json!("follows_events"))
    );
    // As it is shown it says nothing new.
    patch(&app, &id, parties("2005")).await.expect(200);
}

#[actix_web::test]
async fn who_left_before_joining_and_a_time_with_one_party_are_refused() {
    let app = TestApp::new().await;
    let (id, [_, second, third]) = since_1990(&app).await;
    done(&app, &id, about("accede", "2005", &third)).await;
    let refused = event(&app, &id, about("withdraw_party", "2001", &third)).await;
    let refused = refused.expect(422).json();
    assert_eq!(
        (&refused["code"], &refused["errors"][0]["code"]),
        (&json!("guard-failed"), &json!("not_a_party"))
    );
    let refused = event(&app, &id, about("withdraw_party", "2003", &second)).await;
    assert_eq!(
        refused.expect(422).json()["errors"][0]["code"],
        "too_few_parties"
    );
    // A late event that takes away what a later one rests on names it.
    let left = done(&app, &id, about("withdraw_party", "2010", &third)).await;
    let refused = event(&app, &id, about("exclude_party", "2007", &third)).await;
    assert_eq!(refused.expect(422).json()["event"], left);
}

#[actix_web::test]
async fn the_term_is_that_of_the_last_renewal_and_a_correction_takes_one_back() {
    let app = TestApp::new().await;
    let (id, _) = since_1990(&app).await;
    let renew = |on: &str, until: &str| json!({"action": "renew", "effective_on": on, "valid_until": until});
    done(&app, &id, renew("2010", "2030")).await;
    done(&app, &id, renew("2000", "2010")).await;
    assert_eq!(read(&app, &id).await["valid_until"], "2030");
    let endless = json!({"action": "renew", "effective_on": "2012", "duration": "indefinite"});
    let never = done(&app, &id, endless).await;
    let now = read(&app, &id).await;
    assert_eq!(
        (&now["duration"], &now["valid_until"]),
        (&json!("indefinite"), &Value::Null)
    );
    let back = json!({"action": "correct", "effective_on": "2012", "corrects_event_id": never,
                      "to_status": "in_force", "reason_text": "it never was"});
    done(&app, &id, back).await;
    let now = read(&app, &id).await;
    assert_eq!(
        (&now["duration"], &now["valid_until"]),
        (&json!("fixed_term"), &json!("2030"))
    );
    // Another term by PATCH is what the last renewal agreed on, put right.
    patch(&app, &id, json!({"valid_until": "2031"}))
        .await
        .expect(200);
    assert_eq!(read(&app, &id).await["valid_until"], "2031");
    let source = json!({"kind": "press", "title": "Paper"});
    let over = json!({"action": "expire", "effective_on": "2005", "source": source});
    event(&app, &id, over).await.expect(422);
}

#[actix_web::test]
async fn a_notice_that_never_was_announces_nothing_and_none_is_taken_back_before_it_was_given() {
    let app = TestApp::new().await;
    let (id, _) = since_1990(&app).await;
    let notice =
        json!({"action": "give_notice", "effective_on": "2030-12-31", "notice_given_on": "2013"});
    let given = done(&app, &id, notice).await;
    let pending = &read(&app, &id).await["pending_termination"];
    assert_eq!(pending["effective_on"], "2030-12-31");
    let early = json!({"action": "withdraw_notice", "effective_on": "1998"});
    let refused = event(&app, &id, early).await.expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "no_notice");
    let never = json!({"action": "correct", "effective_on": "2013", "corrects_event_id": given,
                       "to_status": "in_force", "reason_text": "it never was"});
    done(&app, &id, never).await;
    assert_eq!(read(&app, &id).await["pending_termination"], Value::Null);
}

#[actix_web::test]
async fn a_corrected_beginning_places_the_parties_anew() {
    let app = TestApp::new().await;
    for (from, to, stands) in [
        ("in_force", "proposed", "invited"),
        ("proposed", "suspended", "party"),
        ("proposed", "terminated", "party"),
    ] {
        let id = agreement(
            &app,
            json!({"initial_status": from, "allow_duplicate": "a test"}),
        )
        .await;
        let events = app.get(&format!("{AGREEMENTS}/{id}/events")).await;
        let first = events.expect(200).json()["data"][0].clone();
        let correct = json!({"action": "correct", "effective_on": first["effective_on"],
            "corrects_event_id": first["id"], "to_status": to, "reason_text": "it was so"});
        done(&app, &id, correct).await;
        let now = read(&app, &id).await;
        assert_eq!(now["status"], to);
        for party in now["parties"].as_array().unwrap() {
            assert_eq!(party["participation"], stands, "{from} to {to}");
        }
    }
}

#[actix_web::test]
async fn a_patch_of_the_parties_revives_nobody_who_left_by_an_event() {
    let app = TestApp::new().await;
    let (id, [first, second, third]) = since_1990(&app).await;
    done(&app, &id, about("accede", "2005", &third)).await;
    done(&app, &id, about("withdraw_party", "2010", &first)).await;
    let all = [&first, &second, &third].map(|id| json!({"partner_id": id}));
    patch(&app, &id, json!({"parties": all})).await.expect(200);
    let now = read(&app, &id).await;
    assert_eq!(party(&now, &first)["participation"], "withdrawn");
    assert_eq!(party(&now, &first)["withdrew_on"], "2010");
    assert_eq!(party(&now, &third)["participation"], "acceded");
    let mut revived = all.clone();
    revived[0]["participation"] = json!("party");
    let refused = patch(&app, &id, json!({"parties": revived}))
        .await
        .expect(422)
        .json();
    assert_eq!(refused["errors"][0]["pointer"], "/parties/0/participation");
    patch(&app, &id, json!({"parties": all[..2]}))
        .await
        .expect(422);
}

#[actix_web::test]
async fn the_order_contradicts_nothing_that_is_certain() {
    let app = TestApp::new().await;
    let source = json!({"kind": "press", "title": "Paper"});
    let note =
        json!({"action": "note", "effective_on": "2022", "note": "a letter", "source": source});
    let (id, _) = since_1990(&app).await;
    let end = json!({"action": "terminate", "effective_on": "2022-03-03", "mode": "other", "reason_code": "other"});
    done(&app, &id, end).await;
    done(&app, &id, note.clone()).await;
    done(&app, &id, suspend("2022-01-10")).await;

    let other = agreement(&app, json!({"signed_on": "1991-01-01"})).await;
    done(&app, &other, suspend("2022-06-01")).await;
    done(&app, &other, note).await;
    let early = json!({"action": "resume", "effective_on": "2022-01-10"});
    let refused = event(&app, &other, early).await.expect(409).json();
    assert_eq!(
        (&refused["status_then"], &refused["current_status"]),
        (&json!("in_force"), &json!("suspended"))
    );
    let allowed = refused["allowed"].as_array().unwrap();
    assert!(allowed.contains(&json!("resume")) && !allowed.contains(&json!("suspend")));
    // Before the beginning nothing was possible; what is possible now is told all the same.
    let amend = json!({"action": "amend", "effective_on": "1980", "note": "an annex"});
    let refused = event(&app, &other, amend).await.expect(409).json();
    assert_eq!(refused["status_then"], Value::Null);
    assert!(
        refused["allowed"]
            .as_array()
            .unwrap()
            .contains(&json!("amend"))
    );
}

#[actix_web::test]
async fn nothing_is_certain_while_it_is_not_known_whether_it_was_suspended_or_resumed() {
    let app = TestApp::new().await;
    let (id, _) = since_1990(&app).await;
    done(&app, &id, suspend("2020")).await;
    done(
        &app,
        &id,
        json!({"action": "resume", "effective_on": "2020-06"}),
    )
    .await;
    for (day, certain) in [
        ("2019-12-31", Some("in_force")),
        ("2020-01-01", None),
        ("2020-03-01", None),
        ("2020-06-15", None),
        ("2020-07-01", Some("in_force")),
    ] {
        let found = status_on(&app, &id, day, "certain").await;
        assert_eq!(found.as_deref(), certain, "{day}");
        assert!(status_on(&app, &id, day, "possible").await.is_some());
    }
}

#[actix_web::test]
async fn today_is_as_the_record_says() {
    let app = TestApp::new().await;
    let (id, _) = since_1990(&app).await;
    // The clock of tests stands in November 2026.
    done(&app, &id, suspend("2026")).await;
    assert_eq!(read(&app, &id).await["status"], "suspended");
    for certainty in ["possible", "certain"] {
        let found = status_on(&app, &id, "2026-11-24", certainty).await;
        assert_eq!(found.as_deref(), Some("suspended"), "{certainty}");
    }
    assert_eq!(status_on(&app, &id, "2026-06-01", "certain").await, None);
}

#[actix_web::test]
async fn each_date_is_an_event_of_its_own() {
    let app = TestApp::new().await;
    let dates = json!({"proposed_on": "1990-01-10", "signed_on": "1992-03-01"});
    let id = agreement(&app, dates).await;
    let certain = async |id: &str, day: &str| status_on(&app, id, day, "certain").await;
    assert_eq!(
        certain(&id, "1991-01-01").await.as_deref(),
        Some("proposed")
    );
    assert_eq!(
        certain(&id, "1992-03-01").await.as_deref(),
        Some("in_force")
    );
    let over =
        json!({"initial_status": "terminated", "signed_on": "1992", "allow_duplicate": "a test"});
    let ended = agreement(&app, over).await;
    let row = read(&app, &ended).await;
    assert_eq!(
        (&row["status"], &row["status_since"]),
        (&json!("terminated"), &json!("[..2026-11-24]"))
    );
    let then = status_on(&app, &ended, "2000-01-01", "possible").await;
    assert_eq!(then.as_deref(), Some("in_force"));
    assert_eq!(certain(&ended, "2000-01-01").await, None);
    // A date moves its own event and no other.
    patch(&app, &id, json!({"proposed_on": "1990-05-05"}))
        .await
        .expect(200);
    patch(&app, &id, json!({"signed_on": "1993-03-01"}))
        .await
        .expect(200);
    assert_eq!(status_on(&app, &id, "1990-05-04", "possible").await, None);
    assert_eq!(
        certain(&id, "1992-12-31").await.as_deref(),
        Some("proposed")
    );
    assert_eq!(
        certain(&id, "1993-03-01").await.as_deref(),
        Some("in_force")
    );
    // Both at once, past each other.
    let both = json!({"proposed_on": "1995-01-01", "signed_on": "1996-01-01"});
    patch(&app, &id, both).await.expect(200);
    assert_eq!(
        certain(&id, "1995-06-01").await.as_deref(),
        Some("proposed")
    );
}

#[actix_web::test]
async fn what_is_registered_as_approved_is_not_in_force_before() {
    let app = TestApp::new().await;
    let id = agreement(
        &app,
        json!({"initial_status": "approved", "approved_on": "1995"}),
    )
    .await;
    done(
        &app,
        &id,
        json!({"action": "sign", "effective_on": "[..2006]"}),
    )
    .await;
    assert_eq!(status_on(&app, &id, "1980-01-01", "possible").await, None);
    let later = status_on(&app, &id, "2007-01-01", "certain").await;
    assert_eq!(later.as_deref(), Some("in_force"));
}

#[actix_web::test]
async fn a_day_to_come_leaves_it_signed_and_enters_it_into_force() {
    let app = TestApp::new().await;
    let planned = json!({"signed_on": "2026-01-01", "in_force_on": "2026-12-01"});
    let id = agreement(&app, planned).await;
    assert_eq!(read(&app, &id).await["status"], "signed");
    let (a, b) = (
        city(&app, "Łomża", "PL").await,
        city(&app, "Sigulda", "LV").await,
    );
    let body = json!({"initial_status": "in_force", "in_force_on": "2027-01-01",
        "instrument": "protocol", "parties": [{"partner_id": a}, {"partner_id": b}]});
    let refused = app
        .as_admin()
        .post(AGREEMENTS, body)
        .await
        .expect(422)
        .json();
    assert_eq!(refused["errors"][0]["pointer"], "/in_force_on");
    for (day, status) in [("2026-11-30", "signed"), ("2026-12-01", "in_force")] {
        app.clock.set(format!("{day}T12:00:00Z").parse().unwrap());
        daily::run_once(&app.app, "test").await.unwrap().unwrap();
        assert_eq!(read(&app, &id).await["status"], status, "{day}");
    }
    let now = read(&app, &id).await;
    assert_eq!(
        (&now["status_since"], &now["version"]),
        (&json!("2026-12-01"), &json!(2))
    );
}

#[actix_web::test]
async fn a_date_of_a_step_that_was_not_taken_is_refused_and_the_action_named() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({})).await;
    for (field, action) in [
        ("approved_on", "approve"),
        ("signed_on", "sign"),
        ("in_force_on", "enter_into_force"),
    ] {
        let refused = patch(&app, &id, json!({field: "2001"}))
            .await
            .expect(422)
            .json();
        assert_eq!(refused["errors"][0]["pointer"], format!("/{field}"));
        let message = refused["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(action), "{message}");
    }
    // A day that is planned is no step.
    patch(&app, &id, json!({"in_force_on": "2030-01-01"}))
        .await
        .expect(200);
    assert_eq!(read(&app, &id).await["status"], "proposed");
}

#[actix_web::test]
async fn late_events_are_judged_by_their_own_day() {
    let app = TestApp::new().await;
    let (id, [first, second, _]) = since_1990(&app).await;
    let newer = json!({"instrument": "twinning_charter", "signed_on": "2000-05-05",
                       "parties": [{"partner_id": first}, {"partner_id": second}]});
    let newer = app
        .as_admin()
        .post(AGREEMENTS, newer)
        .await
        .expect(201)
        .id();
    let early = json!({"action": "supersede", "effective_on": "1995", "superseded_by": newer});
    let refused = event(&app, &id, early).await.expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "successor_not_signed");
    // An end that is planned is not put right as something else that is planned.
    let end = json!({"action": "terminate", "effective_on": "2029-12-31", "mode": "other", "reason_code": "other"});
    let end = done(&app, &id, end).await;
    let allowed = read(&app, &id).await["allowed"].clone();
    assert!(
        !allowed.as_array().unwrap().contains(&json!("terminate")),
        "{allowed}"
    );
    assert!(
        allowed.as_array().unwrap().contains(&json!("suspend")),
        "{allowed}"
    );
    let signed = json!({"action": "correct", "effective_on": "2029-12-31", "corrects_event_id": end,
                        "to_status": "signed", "reason_text": "only signed"});
    let refused = event(&app, &id, signed).await.expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "in_the_future");
}

#[actix_web::test]
async fn who_signed_on_a_day_had_been_asked_by_then_however_little_is_known_of_when() {
    let app = TestApp::new().await;
    let id = agreement(
        &app,
        json!({"signed_on": "1990", "in_force_on": "1991", "entry_into_force": "on_consent"}),
    )
    .await;
    let wrong = done(&app, &id, suspend("2020-05")).await;
    let otherwise = json!({"action": "correct", "effective_on": "2026", "corrects_event_id": wrong,
        "to_status": "approved", "reason_text": "It had to be signed anew."});
    done(&app, &id, otherwise).await;
    done(&app, &id, json!({"action": "sign", "effective_on": "2026"})).await;
    for (day, status, participation) in [
        ("2025-12-31", "in_force", "party"),
        ("2026-01-01", "signed", "signatory"),
    ] {
        let row = on(&app, &id, day, "possible").await.unwrap();
        assert_eq!(row["status"], status, "{row}");
        for party in row["parties"].as_array().unwrap() {
            assert_eq!(party["participation"], participation, "{day}: {party}");
        }
    }
}
