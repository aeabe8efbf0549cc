//! Who stands in whose place: parties that are dissolved, and agreements that others took the place of.

use serde_json::{Value, json};

use super::{AGREEMENTS, city};
use crate::support::{Answer, TestApp};

const PARTNERS: &str = "/api/v1/partners";

async fn succeed(app: &TestApp, from: &str, to: &str) -> String {
    let body = json!({"to_id": to, "type": "successor"});
    let path = format!("{PARTNERS}/{from}/relations");
    let made = app.as_admin().post(&path, body).await.expect(201);
    made.header("location").unwrap().to_owned()
}

fn today(agreement: &Value) -> Vec<&str> {
    let those = agreement["parties"][0]["partner_today"].as_array();
    let those = those.into_iter().flatten();
    those
        .map(|partner| partner["name"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn a_dissolved_party_keeps_its_name_and_is_shown_with_who_stands_in_its_place_today() {
    let app = TestApp::new().await;
    let (district, grand, metropole, west, other) = (
        city(&app, "District", "FR").await,
        city(&app, "Grand Dijon", "FR").await,
        city(&app, "Dijon Métropole", "FR").await,
        city(&app, "West", "FR").await,
        city(&app, "Mainz", "DE").await,
    );
    let admin = app.as_admin();
    let body = json!({"instrument": "partnership_agreement", "signed_on": "1980",
        "parties": [{"partner_id": district, "name_at_signing": "District de l'agglomération"}, {"partner_id": other}]});
    let id = admin.post(AGREEMENTS, body).await.expect(201).id();
    let path = format!("{AGREEMENTS}/{id}");
    succeed(&app, &district, &grand).await;
    succeed(&app, &grand, &metropole).await;
    let first = app.get(&path).await.expect(200);
    // It still exists: nobody stands in its place.
    assert_eq!(today(&first.json()), [""; 0]);
    admin
        .patch(
            &format!("{PARTNERS}/{district}"),
            "\"1\"",
            json!({"existence": "dissolved"}),
        )
        .await
        .expect(200);
    let second = app.get(&path).await.expect(200);
    assert_ne!(first.etag(), second.etag());
    assert_eq!(today(&second.json()), ["Dijon Métropole"]);
    let party = &second.json()["parties"][0];
    assert_eq!(party["name_at_signing"], "District de l'agglomération");
    assert_eq!(party["partner"]["name"], "District");
    // A split, a new name and a line that is taken back all show, each with a validator of its own.
    let split = succeed(&app, &grand, &west).await;
    let third = app.get(&path).await.expect(200);
    assert_ne!(second.etag(), third.etag());
    assert_eq!(today(&third.json()), ["Dijon Métropole", "West"]);
    admin
        .patch(
            &format!("{PARTNERS}/{metropole}"),
            "\"1\"",
            json!({"name": "Dijon"}),
        )
        .await
        .expect(200);
    let fourth = app.get(&path).await.expect(200);
    assert_ne!(third.etag(), fourth.etag());
    assert_eq!(today(&fourth.json()), ["Dijon", "West"]);
    admin.delete(&split, "\"1\"").await.expect(204);
    let page = app.get(AGREEMENTS).await.expect(200).json();
    assert_eq!(today(&page["data"][0]), ["Dijon"]);
    // The log says what lists say.
    let history = app.get(&format!("{path}/history?at=2027-01-01")).await;
    assert_eq!(today(&history.expect(200).json()["record"]), ["Dijon"]);
}

/// An older agreement, superseded by a newer one that says so too.
async fn superseded(app: &TestApp) -> (String, String) {
    let (a, b) = (city(app, "a", "PL").await, city(app, "b", "NL").await);
    let admin = app.as_admin();
    let make = async |instrument: &str, year: &str, supersedes: Value| {
        let body = json!({"instrument": instrument, "signed_on": year, "supersedes": supersedes,
            "parties": [{"partner_id": a}, {"partner_id": b}]});
        admin.post(AGREEMENTS, body).await.expect(201).id()
    };
    let older = make("cooperation_agreement", "1992", json!([])).await;
    let newer = make("partnership_agreement", "2005", json!([older])).await;
    admin
        .post(
            &format!("{AGREEMENTS}/{older}/events"),
            json!({"action": "supersede", "effective_on": "2005", "superseded_by": newer}),
        )
        .await
        .expect(201);
    let shown = app.get(&format!("{AGREEMENTS}/{older}")).await.expect(200);
    assert_eq!(shown.json()["status"], "superseded");
    (
        format!("{AGREEMENTS}/{older}"),
        format!("{AGREEMENTS}/{newer}"),
    )
}

#[actix_web::test]
async fn withdrawing_the_newer_agreement_brings_the_older_one_back_until_it_is_restored() {
    let app = TestApp::new().await;
    let (older, newer) = superseded(&app).await;
    let admin = app.as_admin();
    let etag = app.get(&newer).await.expect(200).etag();
    admin.delete(&newer, &etag).await.expect(204);
    let shown = app.get(&older).await.expect(200).json();
    assert_eq!(
        (
            &shown["status"],
            shown.get("superseded_by"),
            &shown["version"]
        ),
        (&json!("in_force"), None, &json!(3))
    );
    let then = app
        .get(&format!(
            "{AGREEMENTS}?as_of=2010-01-01&status=in_force&count=true"
        ))
        .await
        .expect(200)
        .json();
    assert_eq!(then["total"], 1);
    let events = app.get(&format!("{older}/events")).await.expect(200).json();
    let last = events["data"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["action"], &last["to_status"]),
        (&json!("correct"), &json!("in_force"))
    );
    let history = app
        .get(&format!("{older}/history"))
        .await
        .expect(200)
        .json();
    assert_eq!(history["data"][0]["op"], "event");
    admin
        .post(&format!("{newer}/restore"), json!({}))
        .await
        .expect(200);
    let shown = app.get(&older).await.expect(200).json();
    let id = newer.rsplit_once('/').unwrap().1;
    assert_eq!(
        (&shown["status"], &shown["superseded_by"]),
        (&json!("superseded"), &json!(id))
    );
    let shown = app.get(&newer).await.expect(200).json();
    let id = older.rsplit_once('/').unwrap().1;
    assert_eq!(shown["supersedes"], json!([id]));
}

#[actix_web::test]
async fn an_older_agreement_whose_life_went_on_is_left_alone_when_the_newer_one_comes_back() {
    let app = TestApp::new().await;
    let (older, newer) = superseded(&app).await;
    let admin = app.as_admin();
    let etag = app.get(&newer).await.expect(200).etag();
    admin.delete(&newer, &etag).await.expect(204);
    admin
        .post(
            &format!("{older}/events"),
            json!({"action": "terminate", "effective_on": "2020", "mode": "mutual_consent", "reason_code": "not_stated"}),
        )
        .await
        .expect(201);
    admin
        .post(&format!("{newer}/restore"), json!({}))
        .await
        .expect(200);
    let shown = app.get(&older).await.expect(200).json();
    assert_eq!(shown["status"], "terminated");
}

#[actix_web::test]
async fn dropping_the_link_brings_the_older_agreement_back() {
    let app = TestApp::new().await;
    let (older, newer) = superseded(&app).await;
    let etag = app.get(&newer).await.expect(200).etag();
    let shown = app
        .as_admin()
        .patch(&newer, &etag, json!({"supersedes": []}))
        .await
        .expect(200)
        .json();
    assert_eq!(shown["supersedes"], json!([]));
    let shown = app.get(&older).await.expect(200).json();
    assert_eq!(
        (&shown["status"], shown.get("superseded_by")),
        (&json!("in_force"), None)
    );
}

#[actix_web::test]
async fn a_party_is_not_succeeded_by_one_that_is_a_party_already() {
    let app = TestApp::new().await;
    let (a, b, c) = (
        city(&app, "Alfa", "PL").await,
        city(&app, "Beta", "DE").await,
        city(&app, "Gamma", "FR").await,
    );
    let parties: Vec<_> = [&a, &b, &c].map(|id| json!({"partner_id": id})).into();
    let id = app
        .as_registrar()
        .post(
            AGREEMENTS,
            json!({"instrument": "protocol", "signed_on": "1991", "parties": parties}),
        )
        .await
        .expect(201)
        .id();
    let events = format!("{AGREEMENTS}/{id}/events");
    for successor in [&b, &a] {
        let problem = app
            .as_registrar()
            .post(
                &events,
                json!({"action": "succeed_party", "effective_on": "2010",
                "party": a, "successor_id": successor}),
            )
            .await
            .problem("guard-failed");
        assert!(problem.to_string().contains("already_a_party"), "{problem}");
    }
}

#[actix_web::test]
async fn a_paper_that_was_replaced_already_is_replaced_by_no_other_one() {
    let app = TestApp::new().await;
    let (older, newer) = superseded(&app).await;
    let admin = app.as_admin();
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let (first, second) = (id(&older), id(&newer));
    let parties = app.get(&older).await.expect(200).json()["parties"].clone();
    let parties: Vec<_> = (0..2)
        .map(|at| json!({"partner_id": parties[at]["partner"]["id"]}))
        .collect();
    let body = |supersedes: Value, state: &str| {
        json!({"instrument": "protocol", "signed_on": "2010", "parties": parties,
            "supersedes": supersedes, "record_state": state})
    };
    let refused = |answer: Answer| {
        let problem = answer.problem("validation-failed");
        let error = &problem["errors"][0];
        assert_eq!(error["pointer"], "/supersedes/0", "{problem}");
        assert_eq!(error["code"], "already_superseded", "{problem}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(&second), "{message}");
    };
    // Neither when it is recorded, nor changed, nor as a draft.
    for state in ["published", "draft"] {
        refused(admin.post(AGREEMENTS, body(json!([first]), state)).await);
    }
    let third = admin.post(AGREEMENTS, body(json!([second]), "published"));
    let third = third.await.expect(201).id();
    let path = format!("{AGREEMENTS}/{third}");
    let patch = json!({"supersedes": [first]});
    refused(admin.patch(&path, "*", patch.clone()).await);
    // What was recorded so stays so, and may be changed otherwise.
    let place = json!({"signed_at": "Dijon", "supersedes": [first]});
    admin.patch(&newer, "*", place).await.expect(200);
    // It is free once the newer one is no more, and that one comes back no more then.
    let none = json!({"supersedes": []});
    admin.patch(&path, "*", none.clone()).await.expect(200);
    let etag = app.get(&newer).await.expect(200).etag();
    admin.delete(&newer, &etag).await.expect(204);
    admin.patch(&path, "*", patch).await.expect(200);
    let restore = format!("{newer}/restore");
    let back = admin.post(&restore, json!({})).await;
    assert_eq!(back.pointers("validation-failed"), ["/supersedes/0"]);
    admin.patch(&path, "*", none).await.expect(200);
    admin.post(&restore, json!({})).await.expect(200);
    let shown = app.get(&older).await.expect(200).json();
    assert_eq!(shown["superseded_by"], json!(second));
}

#[actix_web::test]
async fn no_event_names_a_second_successor_and_a_draft_is_asked_when_it_is_published() {
    let app = TestApp::new().await;
    let (a, b) = (city(&app, "a", "PL").await, city(&app, "b", "NL").await);
    let admin = app.as_admin();
    let make = async |instrument: &str, year: &str, supersedes: Value, state: &str| {
        let body = json!({"instrument": instrument, "signed_on": year, "supersedes": supersedes,
            "parties": [{"partner_id": a}, {"partner_id": b}], "record_state": state});
        admin.post(AGREEMENTS, body).await.expect(201).id()
    };
    let older = make("convention", "1992", json!([]), "published").await;
    let draft = make("protocol", "2005", json!([older]), "draft").await;
    let newer = make("partnership_agreement", "2006", json!([older]), "published").await;
    let other = make("joint_declaration", "2007", json!([]), "published").await;
    let path = format!("{AGREEMENTS}/{draft}");
    let publish = json!({"record_state": "published"});
    let late = admin.patch(&path, "*", publish).await;
    assert_eq!(late.pointers("validation-failed"), ["/supersedes/0"]);
    let events = format!("{AGREEMENTS}/{older}/events");
    let supersede = |on: &str, by: &str| json!({"action": "supersede", "effective_on": on, "superseded_by": by});
    let refused = admin.post(&events, supersede("2007", &other)).await;
    let problem = refused.problem("guard-failed");
    let error = &problem["errors"][0];
    assert_eq!(error["pointer"], "/superseded_by", "{problem}");
    assert_eq!(error["code"], "already_superseded", "{problem}");
    assert!(
        error["message"].as_str().unwrap().contains(&newer),
        "{problem}"
    );
    let event = admin.post(&events, supersede("2006", &newer)).await;
    let event = event.expect(201).id();
    // Whom an event names in error is put right.
    let correct = json!({"action": "correct", "effective_on": "2007", "superseded_by": other,
        "corrects_event_id": event, "reason_text": "It was the other one."});
    admin.post(&events, correct).await.expect(201);
    let shown = app.get(&format!("{AGREEMENTS}/{older}")).await.expect(200);
    assert_eq!(shown.json()["superseded_by"], json!(other));
}
