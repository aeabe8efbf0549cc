//! A registry that believes an identity provider, from outside.

use serde_json::{Value, json};
use twincity::config::ServeConfig;
use twincity::core::vocabulary::record::Role;

use super::issuer::Issuer;
use super::later;
use super::signer::Signer;
use crate::agreements::city;
use crate::support::TestApp;

const SOURCES: &str = "/api/v1/sources";

fn article() -> Value {
    json!({"kind": "press", "title": "An article"})
}

async fn registry(issuer: &Issuer) -> TestApp {
    TestApp::with(ServeConfig {
        oidc: issuer.config(),
        ..ServeConfig::default()
    })
    .await
}

/// Settings in which this office's group may edit for it, and another group everything.
async fn with_office(issuer: &Issuer) -> (TestApp, String) {
    let mut config = issuer.config();
    config.oidc_roles.push("keepers=registrar".parse().unwrap());
    config.oidc_trust_roles = true;
    let app = TestApp::with(ServeConfig {
        oidc: config,
        ..ServeConfig::default()
    })
    .await;
    let office = city(&app, "Białystok", "PL").await;
    (app, office)
}

#[actix_web::test]
async fn people_write_with_a_token_of_their_identity_provider_as_their_groups_allow() {
    let key = Signer::rsa("k");
    let issuer = Issuer::start(&[&key]);
    let (app, office) = with_office(&issuer).await;
    let other = city(&app, "Grodno", "BY").await;
    let editor = issuer.claims_with(json!({"twincity_roles": [format!("editor@{office}")]}));
    let editor = app.with_key(&key.token(&editor));
    let made = editor.post(SOURCES, article()).await.expect(201);
    assert_eq!(
        made.json()["created_by"],
        json!({"role": "editor", "organisation": office})
    );
    let rename = json!({"name": "Renamed"});
    let own = format!("/api/v1/partners/{office}");
    editor.patch(&own, "*", rename.clone()).await.expect(200);
    // A key of theirs would go on working when the provider has taken the role away.
    let key_of_theirs = json!({"name": "k", "role": "editor", "organisation_id": office});
    editor
        .post("/api/v1/api-keys", key_of_theirs)
        .await
        .problem("forbidden");
    let foreign = format!("/api/v1/partners/{other}");
    editor
        .patch(&foreign, "*", rename.clone())
        .await
        .problem("forbidden");
    let keeper = issuer.claims_with(json!({"twincity_roles": "keepers", "sub": "another"}));
    let keeper = app.with_key(&key.token(&keeper));
    keeper.patch(&foreign, "*", rename).await.expect(200);
}

#[actix_web::test]
async fn the_public_log_holds_neither_name_nor_address_of_whoever_signed_on() {
    let key = Signer::ec("k");
    let issuer = Issuer::start(&[&key]);
    let (app, office) = with_office(&issuer).await;
    let claims = issuer.claims_with(json!({"twincity_roles": [format!("editor@{office}")]}));
    let editor = app.with_key(&key.token(&claims));
    let id = editor.post(SOURCES, article()).await.expect(201).id();
    for path in [
        "/api/v1/changes".to_owned(),
        format!("{SOURCES}/{id}"),
        format!("{SOURCES}/{id}/history"),
    ] {
        let answer = app.get(&path).await.expect(200);
        for secret in ["Jane", "jane@", "f81d4fae"] {
            assert!(!answer.text().contains(secret), "{path}: {secret}");
        }
    }
}

#[actix_web::test]
async fn who_has_no_group_that_is_mapped_may_not_write() {
    let key = Signer::ec("k");
    let issuer = Issuer::start(&[&key]);
    let app = registry(&issuer).await;
    let claims = issuer.claims_with(json!({"twincity_roles": ["canteen", "admin"]}));
    let answer = app
        .with_key(&key.token(&claims))
        .post(SOURCES, article())
        .await;
    answer.problem("forbidden");
}

#[actix_web::test]
async fn a_token_that_is_not_believed_is_401_and_says_why_without_repeating_it() {
    let (key, forger) = (Signer::ec("k"), Signer::ec("k"));
    let issuer = Issuer::start(&[&key]);
    let app = registry(&issuer).await;
    let past = issuer.claims_with(json!({"exp": later(-3600).timestamp()}));
    for (token, reason) in [
        (key.token(&past), "expired"),
        (forger.token(&issuer.claims()), "signature"),
        (
            key.token(&issuer.claims_with(json!({"aud": "account"}))),
            "another service",
        ),
        ("a.b.c".to_owned(), "read"),
    ] {
        let answer = app.with_key(&token).post(SOURCES, article()).await;
        assert!(answer.header("www-authenticate").is_some(), "{answer}");
        assert!(!answer.text().contains(&token), "{answer}");
        let problem = answer.problem("unauthenticated");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(reason), "{detail}");
    }
}

#[actix_web::test]
async fn keys_and_sessions_work_while_the_identity_provider_is_away() {
    let key = Signer::ec("k");
    let issuer = Issuer::start(&[&key]);
    issuer.stop().await;
    let app = registry(&issuer).await;
    let answer = app
        .with_key(&key.token(&issuer.claims()))
        .post(SOURCES, article())
        .await;
    assert_eq!(answer.header("retry-after"), Some("5"), "{answer}");
    answer.problem("unavailable");
    app.as_registrar()
        .post(SOURCES, article())
        .await
        .expect(201);
    let session = app.member(Role::Registrar, None).caller;
    session.post(SOURCES, article()).await.expect(201);
    app.get(SOURCES).await.expect(200);
}

#[actix_web::test]
async fn somebody_who_signs_on_twice_is_one_user() {
    let key = Signer::ec("k");
    let issuer = Issuer::start(&[&key]);
    let (app, office) = with_office(&issuer).await;
    for (seconds, sub) in [(0, "one"), (10, "one"), (20, "two")] {
        app.clock.set(later(seconds));
        let roles = json!({"twincity_roles": [format!("editor@{office}")], "sub": sub});
        let claims = issuer.claims_with(roles);
        app.with_key(&key.token(&claims))
            .post(SOURCES, article())
            .await
            .expect(201);
    }
    let users = app.as_admin().get("/api/v1/users").await.expect(200).json();
    let signed_on: Vec<&Value> = users["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|user| user["single_sign_on"] == true)
        .collect();
    assert_eq!(signed_on.len(), 2, "{users}");
}

#[actix_web::test]
async fn an_approver_of_the_identity_provider_is_told_what_waits() {
    use diesel::prelude::*;
    use twincity::db::schema::jobs;
    use twincity::http::problem::Problem;

    let key = Signer::rsa("k");
    let issuer = Issuer::start(&[&key]);
    let (app, office) = with_office(&issuer).await;
    app.office(&office, true).await;
    let written = || {
        app.write(|conn| -> Result<Vec<String>, Problem> {
            Ok(jobs::table.select(jobs::payload).load(conn)?)
        })
        .unwrap()
        .into_iter()
        .filter(|job| job.contains("approver@city.example"))
        .count()
    };
    let editor = app.member(Role::Editor, Some(&office)).caller;
    let own = format!("/api/v1/partners/{office}");
    let propose = async |name: &str| {
        editor
            .patch(&own, "*", json!({"name": name}))
            .await
            .expect(202);
    };
    propose("Before").await;
    assert_eq!(written(), 0);
    let claims = issuer.claims_with(json!({"sub": "approver", "email": "approver@city.example",
        "twincity_roles": [format!("approver@{office}")]}));
    let token = key.token(&claims);
    app.with_key(&token).get("/api/v1/me").await.expect(200);
    propose("After").await;
    assert_eq!(written(), 1);
    // Who has become something else is told no more.
    let claims = issuer.claims_with(json!({"sub": "approver", "email": "approver@city.example",
        "twincity_roles": [format!("editor@{office}")]}));
    app.with_key(&key.token(&claims))
        .get("/api/v1/me")
        .await
        .expect(200);
    propose("Later").await;
    assert_eq!(written(), 1);
}
