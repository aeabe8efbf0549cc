//! What members of an agreement may not say together, or of others.

use serde_json::{Value, json};

use super::{AGREEMENTS, city};
use crate::support::TestApp;

async fn between(app: &TestApp, parties: &[&str], more: Value) -> crate::support::Answer {
    let parties: Vec<Value> = parties.iter().map(|id| json!({"partner_id": id})).collect();
    let mut body = json!({"instrument": "protocol", "parties": parties, "sources": [{"kind": "press", "title": "t"}]});
    for (member, value) in more.as_object().unwrap() {
        body[member] = value.clone();
    }
    app.as_admin().post(AGREEMENTS, body).await
}

#[actix_web::test]
async fn an_agreement_takes_the_place_of_an_older_one_of_the_same_parties() {
    let app = TestApp::new().await;
    let mut cities = Vec::new();
    for name in ["a", "b", "c", "d"] {
        cities.push(city(&app, name, "FR").await);
    }
    let [a, b, c, d] = [0, 1, 2, 3].map(|at: usize| cities[at].as_str());
    let older = between(&app, &[a, b], json!({"signed_on": "1990"}))
        .await
        .expect(201)
        .id();
    let of = |signed: &str| json!({"signed_on": signed, "supersedes": [older]});
    let earlier = between(&app, &[a, b], of("1980")).await;
    assert_eq!(earlier.pointers("validation-failed"), ["/supersedes/0"]);
    // An office says nothing of the papers of others.
    let editor = app.as_editor_of(c);
    let body = json!({"instrument": "protocol", "signed_on": "2020", "supersedes": [older],
        "parties": [{"partner_id": c}, {"partner_id": d}]});
    editor.post(AGREEMENTS, body).await.problem("forbidden");
    let own = json!({"instrument": "protocol", "signed_on": "2020",
        "parties": [{"partner_id": c}, {"partner_id": d}]});
    let own = editor.post(AGREEMENTS, own).await.expect(201).id();
    let patch = json!({"supersedes": [older]});
    let path = format!("{AGREEMENTS}/{own}");
    editor
        .patch(&path, "\"1\"", patch.clone())
        .await
        .problem("forbidden");
    // Whoever keeps the registry may say so; the two were partners only from then on all the same.
    app.as_admin()
        .patch(&path, "\"1\"", patch)
        .await
        .expect(200);
    let ties = app.get(&format!("/api/v1/partners/{d}/partnerships")).await;
    assert_eq!(ties.expect(200).json()["data"][0]["since"], "2020");
    // One agreement takes the place of another. A paper of the same parties and more is for the offices of those that
    // join, too.
    let path = format!("{AGREEMENTS}/{own}");
    let tag = app.get(&path).await.etag();
    let none = json!({"supersedes": []});
    app.as_admin().patch(&path, &tag, none).await.expect(200);
    let body = json!({"instrument": "convention", "signed_on": "2021", "supersedes": [older],
        "parties": [{"partner_id": a}, {"partner_id": b}, {"partner_id": c}]});
    editor.post(AGREEMENTS, body).await.expect(201);
}

#[actix_web::test]
async fn who_left_is_no_party_and_nobody_joins_or_leaves_ahead() {
    let app = TestApp::new().await;
    let (a, b, c) = (
        city(&app, "a", "FR").await,
        city(&app, "b", "FR").await,
        city(&app, "c", "FR").await,
    );
    let record = async |signed: &str, third: Value| {
        let mut last = json!({"partner_id": c});
        for (member, value) in third.as_object().unwrap() {
            last[member] = value.clone();
        }
        let parties = json!([{"partner_id": a}, {"partner_id": b}, last]);
        let body = json!({"instrument": "protocol", "signed_on": signed, "parties": parties,
            "allow_duplicate": "a test"});
        app.as_admin().post(AGREEMENTS, body).await
    };
    let left = record("2000", json!({"withdrew_on": "2010"}))
        .await
        .expect(201)
        .json();
    assert_eq!(left["parties"][2]["participation"], "withdrawn");
    let ties = format!("/api/v1/partners/{c}/partnerships?as_of=2020-01-01&status=in_force");
    assert_eq!(app.get(&ties).await.expect(200).json()["data"], json!([]));
    for (signed, third, at) in [
        (
            "2000",
            json!({"withdrew_on": "2040"}),
            "/parties/2/withdrew_on",
        ),
        (
            "2000",
            json!({"acceded_on": "2040"}),
            "/parties/2/acceded_on",
        ),
        ("2000", json!({"signed_on": "2040"}), "/parties/2/signed_on"),
        (
            "2020",
            json!({"withdrew_on": "2010"}),
            "/parties/2/withdrew_on",
        ),
        (
            "2000",
            json!({"withdrew_on": "2010", "participation": "party"}),
            "/parties/2/withdrew_on",
        ),
    ] {
        let refused = record(signed, third.clone()).await;
        assert_eq!(refused.pointers("validation-failed"), [at], "{third}");
    }
    // Two have to remain.
    let parties = json!([{"partner_id": a}, {"partner_id": b, "withdrew_on": "2010"}]);
    let body = json!({"instrument": "protocol", "signed_on": "2000", "parties": parties});
    let refused = app.as_admin().post(AGREEMENTS, body).await;
    assert_eq!(refused.status(), 422, "{refused}");
}

#[actix_web::test]
async fn nobody_takes_a_step_after_its_end() {
    let app = TestApp::new().await;
    let a = city(&app, "a", "FR").await;
    let gone =
        json!({"kind": "municipality", "name": "Gone", "country": "FR", "dissolved_on": "2009"});
    let gone = app
        .as_admin()
        .post("/api/v1/partners", gone)
        .await
        .expect(201)
        .id();
    for (at, more) in [
        ("/proposed_on", json!({"proposed_on": "2015"})),
        ("/approved_on", json!({"approved_on": "2015"})),
        (
            "/in_force_on",
            json!({"in_force_on": "2015", "initial_status": "in_force"}),
        ),
    ] {
        let refused = between(&app, &[&a, &gone], more).await;
        assert_eq!(refused.pointers("validation-failed")[0], at);
    }
}

#[actix_web::test]
async fn a_renewed_term_ends_after_it_begins() {
    let app = TestApp::new().await;
    let (a, b) = (city(&app, "a", "FR").await, city(&app, "b", "FR").await);
    let made = between(&app, &[&a, &b], json!({"signed_on": "2000"}))
        .await
        .expect(201);
    let path = format!("{AGREEMENTS}/{}/events", made.id());
    let renew = json!({"action": "renew", "effective_on": "2010", "valid_until": "2005"});
    let refused = app
        .as_admin()
        .post(&path, renew)
        .await
        .problem("guard-failed");
    assert_eq!(refused["errors"][0]["pointer"], "/valid_until");
}

#[actix_web::test]
async fn the_term_on_a_day_is_the_one_of_that_day() {
    let app = TestApp::new().await;
    let (a, b) = (city(&app, "a", "FR").await, city(&app, "b", "FR").await);
    let term =
        json!({"signed_on": "2000-01-01", "valid_until": "2010-12-31", "duration": "fixed_term"});
    let made = between(&app, &[&a, &b], term).await.expect(201);
    let path = format!("{AGREEMENTS}/{}/events", made.id());
    for event in [
        json!({"action": "renew", "effective_on": "2009-06-01", "valid_until": "2040-12-31"}),
        json!({"action": "give_notice", "notice_given_on": "2020-05-01", "effective_on": "2039-12-31",
            "mode": "denunciation", "reason_code": "budget"}),
    ] {
        app.as_admin().post(&path, event).await.expect(201);
    }
    let on = async |day: &str| {
        let list = app
            .get(&format!("{AGREEMENTS}?as_of={day}"))
            .await
            .expect(200)
            .json();
        let one = &list["data"][0];
        (
            one["valid_until"].clone(),
            one.get("pending_termination").is_some(),
        )
    };
    assert_eq!(on("2005-01-01").await, (json!("2010-12-31"), false));
    assert_eq!(on("2012-01-01").await, (json!("2040-12-31"), false));
    assert_eq!(on("2021-01-01").await, (json!("2040-12-31"), true));
}
