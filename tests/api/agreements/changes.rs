//! Changing an agreement without its status.

use serde_json::json;

use super::{AGREEMENTS, agreement, city};
use crate::support::TestApp;

#[actix_web::test]
async fn everything_but_the_status_changes_by_patch() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let id = agreement(&app, json!({"signed_on": "1992"})).await;
    let path = format!("{AGREEMENTS}/{id}");
    let changed = admin
        .patch(
            &path,
            "\"1\"",
            json!({"activity_level": "dormant", "title": {"pl": "Umowa"}, "fields": ["youth"]}),
        )
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&changed["version"], &changed["title"]),
        (&json!(2), &json!({"pl": "Umowa"}))
    );
    assert!(
        changed["quality_flags"]
            .as_array()
            .unwrap()
            .contains(&json!("dormant_in_force"))
    );
    admin
        .patch(&path, "\"2\"", json!({"status": "terminated"}))
        .await
        .problem("malformed-request");
    admin
        .patch(&path, "\"2\"", json!({"events": []}))
        .await
        .problem("malformed-request");
    admin
        .patch(&path, "\"2\"", json!({"instrument": null}))
        .await
        .problem("validation-failed");
    admin
        .patch(&path, "\"1\"", json!({"activity_level": "low"}))
        .await
        .problem("precondition-failed");
}

#[actix_web::test]
async fn changing_a_date_moves_its_event_by_a_correction() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let id = agreement(&app, json!({"signed_on": "1992"})).await;
    let path = format!("{AGREEMENTS}/{id}");
    admin
        .patch(&path, "\"1\"", json!({"signed_on": "1992-06-25"}))
        .await
        .expect(200);
    let body = app.get(&path).await.expect(200).json();
    assert_eq!(
        (&body["status"], &body["status_since"], &body["version"]),
        (&json!("in_force"), &json!("1992-06-25"), &json!(2))
    );
    let events = app.get(&format!("{path}/events")).await.expect(200).json();
    let actions: Vec<_> = events["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["register", "correct"]);
    let before = app
        .get(&format!("{AGREEMENTS}?as_of=1992-03-01"))
        .await
        .expect(200)
        .json();
    assert_eq!(before["data"], json!([]));
}

#[actix_web::test]
async fn a_renamed_partner_changes_what_shows_it() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let id = agreement(&app, json!({"signed_on": "1992"})).await;
    let path = format!("{AGREEMENTS}/{id}");
    let before = app.get(&path).await.expect(200);
    let partner = before.json()["parties"][0]["partner"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    admin
        .patch(
            &format!("/api/v1/partners/{partner}"),
            "\"1\"",
            json!({"name": "Bielastok"}),
        )
        .await
        .expect(200);
    let after = app.get(&path).await.expect(200);
    assert_ne!(before.etag(), after.etag());
    assert_eq!(
        after.json()["title"],
        json!({"en": "Bielastok – Eindhoven (1992)"})
    );
    assert_eq!(after.json()["version"], 1);
    let found = app
        .get(&format!("{AGREEMENTS}?q=bielastok"))
        .await
        .expect(200)
        .json();
    assert_eq!(found["data"].as_array().unwrap().len(), 1);
    // The version alone is compared: what else the tag says makes no difference.
    admin
        .patch(&path, "\"1\"", json!({"activity_level": "low"}))
        .await
        .expect(200);
}

#[actix_web::test]
async fn links_form_no_circle_and_are_shown_from_both_sides() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let first = agreement(&app, json!({"signed_on": "1992"})).await;
    let second = agreement(
        &app,
        json!({"signed_on": "2002", "supersedes": [first], "arose_from": first}),
    )
    .await;
    let shown = app
        .get(&format!("{AGREEMENTS}/{first}"))
        .await
        .expect(200)
        .json();
    assert_eq!(shown["superseded_by"], json!(second));
    for member in ["supersedes", "arose_from"] {
        let value = if member == "supersedes" {
            json!([second])
        } else {
            json!(second)
        };
        let at = if member == "supersedes" {
            "/supersedes/0"
        } else {
            "/arose_from"
        };
        let pointers = admin
            .patch(
                &format!("{AGREEMENTS}/{first}"),
                "\"1\"",
                json!({member: value}),
            )
            .await
            .pointers("validation-failed");
        assert_eq!(pointers, [at]);
    }
}

#[actix_web::test]
async fn an_agreement_in_force_keeps_two_live_parties_through_a_patch() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let id = agreement(&app, json!({"signed_on": "1992"})).await;
    let path = format!("{AGREEMENTS}/{id}");
    let mut parties = app.get(&path).await.expect(200).json()["parties"].clone();
    for party in parties.as_array_mut().unwrap() {
        let partner = party["partner"]["id"].clone();
        *party = json!({"partner_id": partner, "participation": "withdrawn"});
    }
    admin
        .patch(&path, "\"1\"", json!({"parties": parties}))
        .await
        .problem("guard-failed");
    let third = city(&app, "c", "PL").await;
    parties[0]["participation"] = json!("party");
    parties[1] = json!({"partner_id": third});
    let changed = admin
        .patch(&path, "\"1\"", json!({"parties": parties}))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (
            &changed["domestic"],
            &changed["parties"][1]["partner"]["name"]
        ),
        (&json!(true), &json!("c"))
    );
}

#[actix_web::test]
async fn a_withdrawn_agreement_is_no_longer_a_duplicate() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let id = agreement(&app, json!({"signed_on": "1992"})).await;
    let path = format!("{AGREEMENTS}/{id}");
    let parties: Vec<_> = app.get(&path).await.expect(200).json()["parties"]
        .as_array()
        .unwrap()
        .iter()
        .map(|party| json!({"partner_id": party["partner"]["id"]}))
        .collect();
    admin.delete(&path, "\"1\"").await.expect(204);
    assert_eq!(
        app.get(&format!("{AGREEMENTS}?country=NL"))
            .await
            .expect(200)
            .json()["data"],
        json!([])
    );
    let again =
        json!({"instrument": "partnership_agreement", "signed_on": "1992", "parties": parties});
    admin.post(AGREEMENTS, again).await.expect(201);
}

#[actix_web::test]
async fn an_editor_records_only_what_the_own_office_takes_part_in() {
    let app = TestApp::new().await;
    let (own, other, third) = (
        city(&app, "own", "PL").await,
        city(&app, "other", "NL").await,
        city(&app, "third", "LT").await,
    );
    let editor = app.as_editor_of(&own);
    let body = |a: &str, b: &str| json!({"instrument": "annex", "signed_on": "2020", "parties": [{"partner_id": a}, {"partner_id": b}]});
    let made = editor
        .post(AGREEMENTS, body(&own, &other))
        .await
        .expect(201)
        .id();
    editor
        .post(AGREEMENTS, body(&third, &other))
        .await
        .problem("forbidden");
    let foreign = app
        .as_admin()
        .post(AGREEMENTS, body(&third, &other))
        .await
        .expect(201)
        .id();
    editor
        .patch(
            &format!("{AGREEMENTS}/{made}"),
            "\"1\"",
            json!({"activity_level": "low"}),
        )
        .await
        .expect(200);
    editor
        .patch(
            &format!("{AGREEMENTS}/{foreign}"),
            "\"1\"",
            json!({"activity_level": "low"}),
        )
        .await
        .problem("forbidden");
    let event = json!({"action": "amend", "effective_on": "2021", "note": "x"});
    editor
        .post(&format!("{AGREEMENTS}/{made}/events"), event.clone())
        .await
        .expect(201);
    editor
        .post(&format!("{AGREEMENTS}/{foreign}/events"), event)
        .await
        .problem("forbidden");
}

#[actix_web::test]
async fn what_a_record_names_may_be_withdrawn_and_the_record_still_be_edited() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let first = agreement(&app, json!({"signed_on": "1992"})).await;
    let second = agreement(
        &app,
        json!({"initial_status": "terminated", "supersedes": [first], "arose_from": first, "parent_id": first}),
    )
    .await;
    admin
        .delete(&format!("{AGREEMENTS}/{first}"), "\"1\"")
        .await
        .expect(204);
    let path = format!("{AGREEMENTS}/{second}");
    let body = app.get(&path).await.expect(200).json();
    let partner = body["parties"][1]["partner"]["id"].as_str().unwrap();
    admin
        .delete(&format!("/api/v1/partners/{partner}"), "\"1\"")
        .await
        .expect(204);
    admin
        .patch(&path, "\"1\"", json!({"activity_level": "low"}))
        .await
        .expect(200);
}

#[actix_web::test]
async fn an_office_speaks_for_itself_only_and_gives_nothing_away() {
    let app = TestApp::new().await;
    let (own, other, third) = (
        city(&app, "own", "PL").await,
        city(&app, "other", "NL").await,
        city(&app, "third", "LT").await,
    );
    let admin = app.as_admin();
    let body = json!({"instrument": "annex", "signed_on": "2020", "parties": [{"partner_id": own}, {"partner_id": other}]});
    let path = format!(
        "{AGREEMENTS}/{}",
        admin.post(AGREEMENTS, body).await.expect(201).id()
    );
    let editor = app.as_editor_of(&own);
    let parties = |mine: &str, theirs: &str| json!({"parties": [{"partner_id": own, "acknowledgement": mine}, {"partner_id": other, "acknowledgement": theirs}]});
    editor
        .patch(&path, "\"1\"", parties("unknown", "denied"))
        .await
        .problem("forbidden");
    editor
        .patch(&path, "\"1\"", parties("acknowledged", "unknown"))
        .await
        .expect(200);
    let away = json!({"parties": [{"partner_id": third}, {"partner_id": other}]});
    editor
        .patch(&path, "\"2\"", away)
        .await
        .problem("forbidden");
    let suspend = json!({"action": "suspend", "effective_on": "2021", "reason_code": "budget", "deciding_body": "council"});
    let event = editor
        .post(&format!("{path}/events"), suspend)
        .await
        .expect(201)
        .id();
    let correct = json!({"action": "correct", "effective_on": "2022", "corrects_event_id": event, "reason_text": "misread"});
    app.as_editor_of(&other)
        .post(&format!("{path}/events"), correct.clone())
        .await
        .problem("forbidden");
    let corrected = editor
        .post(&format!("{path}/events"), correct)
        .await
        .expect(201)
        .json();
    // What the correction does not say again it keeps.
    assert_eq!(corrected["deciding_body"], "council");
}
