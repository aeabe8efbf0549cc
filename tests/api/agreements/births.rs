//! What an agreement is when it is recorded.

use serde_json::{Value, json};

use super::{AGREEMENTS, agreement, city};
use crate::support::TestApp;

#[actix_web::test]
async fn the_status_follows_from_what_is_given() {
    let app = TestApp::new().await;
    for (more, status, since) in [
        (json!({}), "proposed", "[..2026-11-24]"),
        (json!({"approved_on": "1991"}), "approved", "1991"),
        (json!({"signed_on": "1992"}), "in_force", "1992"),
        (
            json!({"signed_on": "1992", "entry_into_force": "on_consent"}),
            "signed",
            "1992",
        ),
        (
            json!({"signed_on": "1992", "entry_into_force": "on_consent", "in_force_on": "1993"}),
            "in_force",
            "1993",
        ),
        (
            json!({"initial_status": "expired"}),
            "expired",
            "[..2026-11-24]",
        ),
        (
            json!({"initial_status": "suspended", "signed_on": "2000-06"}),
            "suspended",
            "[..2026-11-24]",
        ),
    ] {
        let id = agreement(&app, more.clone()).await;
        let body = app
            .get(&format!("{AGREEMENTS}/{id}"))
            .await
            .expect(200)
            .json();
        assert_eq!(
            (&body["status"], &body["status_since"]),
            (&json!(status), &json!(since)),
            "{more}"
        );
        let events = app
            .get(&format!("{AGREEMENTS}/{id}/events"))
            .await
            .expect(200)
            .json();
        assert_eq!(events["data"][0]["action"], "register");
    }
}

#[actix_web::test]
async fn the_contracts_own_example_is_answered_as_it_says() {
    let app = TestApp::new().await;
    let id = agreement(
        &app,
        json!({"signed_on": "1992", "sources": [{"kind": "party_website", "title": "Foreign cooperation"}]}),
    )
    .await;
    let body = app
        .get(&format!("{AGREEMENTS}/{id}"))
        .await
        .expect(200)
        .json();
    for (member, expected) in [
        ("title", json!({"en": "Białystok – Eindhoven (1992)"})),
        ("relationship", json!("twinning")),
        ("scope", json!("general")),
        ("status", json!("in_force")),
        ("status_basis", json!("presumed")),
        ("activity_level", json!("unknown")),
        ("signed_on", json!("1992")),
        (
            "signed_on_range",
            json!({"earliest": "1992-01-01", "latest": "1992-12-31"}),
        ),
        (
            "quality_flags",
            json!(["year_only_date", "no_document", "presumed_status"]),
        ),
        ("record_state", json!("published")),
        ("version", json!(1)),
    ] {
        assert_eq!(body[member], expected, "{member}");
    }
    assert_eq!(body["parties"][0]["participation"], "party");
}

#[actix_web::test]
async fn rules_between_fields_are_told_at_their_places() {
    let app = TestApp::new().await;
    let (a, b) = (city(&app, "a", "PL").await, city(&app, "b", "PL").await);
    let parties = json!([{"partner_id": a}, {"partner_id": b}]);
    let admin = app.as_admin();
    let wrong: [(Value, &[&str]); 9] = [
        (json!({"parties": parties}), &["/instrument"]),
        (json!({"instrument": "annex"}), &["/parties"]),
        (
            json!({"instrument": "annex", "parties": [{"partner_id": a}]}),
            &["/parties"],
        ),
        (
            json!({"instrument": "annex", "parties": [{"partner_id": a}, {"partner_id": a}]}),
            &["/parties/1/partner_id"],
        ),
        (
            json!({"instrument": "none", "parties": parties}),
            &["/instrument"],
        ),
        (
            json!({"instrument": "annex", "scope": "thematic", "parties": parties}),
            &["/fields"],
        ),
        (
            json!({"instrument": "annex", "duration": "fixed_term", "parties": parties}),
            &["/valid_until"],
        ),
        (
            json!({"instrument": "annex", "parties": parties, "approved_on": "2001", "signed_on": "2000", "term": "5 years"}),
            &["/signed_on", "/term"],
        ),
        (
            json!({"instrument": "annex", "parties": parties, "signed_on": "2030"}),
            &["/signed_on"],
        ),
    ];
    for (body, expected) in wrong {
        let pointers = admin
            .post(AGREEMENTS, body.clone())
            .await
            .pointers("validation-failed");
        assert_eq!(pointers, expected, "{body}");
    }
    let absent = json!({"instrument": "annex", "parties": [{"partner_id": a}, {"partner_id": "ptn_0000000000"}],
                        "parent_id": "agr_0000000000"});
    assert_eq!(
        admin
            .post(AGREEMENTS, absent)
            .await
            .pointers("validation-failed"),
        ["/parent_id", "/parties/1/partner_id"]
    );
}

#[actix_web::test]
async fn the_same_paper_is_not_recorded_twice_without_a_reason() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let (a, b) = (city(&app, "a", "PL").await, city(&app, "b", "NL").await);
    let body = |signed: Value, parties: [&String; 2]| {
        json!({"instrument": "twinning_charter", "signed_on": signed,
               "parties": [{"partner_id": parties[0]}, {"partner_id": parties[1]}]})
    };
    let first = admin
        .post(AGREEMENTS, body(json!("1992-06"), [&a, &b]))
        .await
        .expect(201)
        .id();
    for again in [body(json!("1992"), [&b, &a]), body(Value::Null, [&a, &b])] {
        let problem = admin
            .post(AGREEMENTS, again)
            .await
            .problem("duplicate-agreement");
        assert_eq!(problem["duplicate_of"], first.as_str());
    }
    // What is undone with the request is named by its place.
    let twice = json!([body(json!("1980"), [&a, &b]), body(json!("1980"), [&a, &b])]);
    let problem = admin
        .post(AGREEMENTS, twice)
        .await
        .problem("duplicate-agreement");
    assert_eq!(problem["duplicate_of"], "/0");
    assert!(!problem["detail"].as_str().unwrap().contains("agr_"));
    admin
        .post(AGREEMENTS, body(json!("1993"), [&a, &b]))
        .await
        .expect(201);
    let mut meant = body(json!("1992"), [&a, &b]);
    meant["allow_duplicate"] = json!("two originals, one for each language");
    let made = admin.post(AGREEMENTS, meant).await.expect(201).id();
    let history = app
        .get(&format!("{AGREEMENTS}/{made}/history"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        history["data"][0]["reason"],
        "two originals, one for each language"
    );
}

#[actix_web::test]
async fn a_tie_of_universities_is_institutional_and_found_as_a_letter_of_intent() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let university = async |name: &str, country: &str| {
        admin
            .post(
                "/api/v1/partners",
                json!({"kind": "university", "name": name, "country": country}),
            )
            .await
            .expect(201)
            .id()
    };
    let (a, b) = (university("UwB", "PL").await, university("UWM", "US").await);
    let letters = "/api/v1/letters-of-intent";
    let made = admin
        .post(
            letters,
            json!({"signed_on": "2009", "parties": [{"partner_id": a}, {"partner_id": b}]}),
        )
        .await
        .expect(201)
        .json();
    assert_eq!(
        (&made["relationship"], &made["instrument"]),
        (&json!("institutional"), &json!("letter_of_intent"))
    );
    agreement(&app, json!({"instrument": "letter_of_intent"})).await;
    let found = app
        .get(&format!("{letters}?institutional=true&country=US"))
        .await
        .expect(200)
        .json();
    assert_eq!(found["data"].as_array().unwrap().len(), 1);
    assert_eq!(
        app.get(&format!("{letters}?count=true"))
            .await
            .expect(200)
            .json()["total"],
        2
    );
    let other = json!({"instrument": "annex", "parties": [{"partner_id": a}, {"partner_id": b}]});
    assert_eq!(
        admin
            .post(letters, other)
            .await
            .pointers("validation-failed"),
        ["/instrument"]
    );
}

#[actix_web::test]
async fn a_signatorys_name_is_on_the_item_only() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let (a, b) = (city(&app, "a", "PL").await, city(&app, "b", "NL").await);
    let made = admin
        .post(
            AGREEMENTS,
            json!({"instrument": "annex", "parties": [{"partner_id": a, "signatories": [
                {"office": "Mayor", "name": "Jane Q. Example"}]}, {"partner_id": b}]}),
        )
        .await
        .expect(201);
    let id = made.id();
    assert!(
        app.get(&format!("{AGREEMENTS}/{id}"))
            .await
            .expect(200)
            .text()
            .contains("Jane Q. Example")
    );
    for path in [
        AGREEMENTS.to_owned(),
        format!("{AGREEMENTS}/{id}/history"),
        "/api/v1/changes".to_owned(),
        "/api/v1/search?q=jane".to_owned(),
        format!("/api/v1/partners/{a}/partnerships"),
    ] {
        let answer = app.get(&path).await.expect(200);
        assert!(!answer.text().contains("Jane"), "{answer}");
    }
}
