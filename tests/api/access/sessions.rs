//! Logging in and out.

use chrono::TimeDelta;
use serde_json::json;
use twincity::core::vocabulary::record::Role;

use crate::support::{Answer, TestApp};

const SESSIONS: &str = "/api/v1/sessions";
const PASSWORD: &str = "correct horse battery";

/// A registrar with a password.
async fn user(app: &TestApp, email: &str) -> Answer {
    app.as_admin()
        .post(
            "/api/v1/users",
            json!({"email": email, "name": "A. Registrar", "password": PASSWORD, "registry_role": "registrar"}),
        )
        .await
        .expect(201)
}

async fn log_in(app: &TestApp, email: &str, password: &str) -> Answer {
    app.anonymous()
        .post(SESSIONS, json!({"email": email, "password": password}))
        .await
}

#[actix_web::test]
async fn a_password_opens_a_session_that_ends() {
    let app = TestApp::new().await;
    user(&app, "a@example.org").await;
    let session = log_in(&app, " A@Example.org", PASSWORD)
        .await
        .expect(201)
        .json();
    let me = app.with_key(session["token"].as_str().unwrap());
    let who = me.get("/api/v1/me").await.expect(200).json();
    assert_eq!(who["user"]["email"], "a@example.org");
    assert_eq!(who["grants"], json!([{"role": "registrar"}]));
    me.post("/api/v1/sources", json!({"kind": "press", "title": "a"}))
        .await
        .expect(201);
    let other = log_in(&app, "a@example.org", PASSWORD)
        .await
        .expect(201)
        .json();
    let listed = me.get(SESSIONS).await.expect(200).json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    // One ends by hand, the other by itself.
    let id = other["id"].as_str().unwrap();
    me.send(actix_web::test::TestRequest::delete().uri(&format!("{SESSIONS}/{id}")))
        .await
        .expect(204);
    app.with_key(other["token"].as_str().unwrap())
        .get("/api/v1/me")
        .await
        .problem("unauthenticated");
    app.clock.advance(TimeDelta::hours(12));
    me.get("/api/v1/me").await.problem("unauthenticated");
    // A bad token is told everywhere, not taken for nobody's.
    me.get("/api/v1/partners").await.problem("unauthenticated");
}

#[actix_web::test]
async fn logging_out_ends_the_session_only() {
    let app = TestApp::new().await;
    user(&app, "a@example.org").await;
    let token = log_in(&app, "a@example.org", PASSWORD)
        .await
        .expect(201)
        .json();
    let me = app.with_key(token["token"].as_str().unwrap());
    me.get("/api/v1/sessions/current").await.expect(200);
    me.send(actix_web::test::TestRequest::delete().uri("/api/v1/sessions/current"))
        .await
        .expect(204);
    me.get("/api/v1/me").await.problem("unauthenticated");
    log_in(&app, "a@example.org", PASSWORD).await.expect(201);
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let app = TestApp::new().await;
    let id = user(&app, "a@example.org").await.id();
    let mut told = Vec::new();
    for (email, password) in [
        ("a@example.org", "wrong horse battery"),
        ("b@example.org", PASSWORD),
    ] {
        let mut problem = log_in(&app, email, password)
            .await
            .problem("unauthenticated");
        problem.as_object_mut().unwrap().remove("request_id");
        told.push(problem);
    }
    let path = format!("/api/v1/users/{id}");
    let etag = app.as_admin().get(&path).await.expect(200).etag();
    app.as_admin()
        .patch(&path, &etag, json!({"active": false}))
        .await
        .expect(200);
    let mut problem = log_in(&app, "a@example.org", PASSWORD)
        .await
        .problem("unauthenticated");
    problem.as_object_mut().unwrap().remove("request_id");
    told.push(problem);
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
}

#[actix_web::test]
async fn guessing_is_slowed_for_known_and_unknown_addresses_alike() {
    let app = TestApp::new().await;
    user(&app, "a@example.org").await;
    for email in ["a@example.org", "nobody@example.org"] {
        for _ in 0..10 {
            log_in(&app, email, "wrong horse battery")
                .await
                .problem("unauthenticated");
        }
        let answer = log_in(&app, email, PASSWORD).await;
        assert_eq!(answer.header("retry-after"), Some("900"), "{email}");
        answer.problem("too-many-requests");
    }
    app.clock.advance(TimeDelta::minutes(15));
    log_in(&app, "a@example.org", PASSWORD).await.expect(201);
}

#[actix_web::test]
async fn deactivation_ends_sessions_and_keys_at_once() {
    let app = TestApp::new().await;
    let member = app.member(Role::Registrar, None);
    let key = member
        .caller
        .post(
            "/api/v1/api-keys",
            json!({"name": "k", "role": "registrar"}),
        )
        .await
        .expect(201)
        .json();
    let key = app.with_key(key["key"].as_str().unwrap());
    key.get("/api/v1/me").await.expect(200);
    let path = format!("/api/v1/users/{}", member.id);
    let admin = app.member(Role::Admin, None);
    let etag = admin.caller.get(&path).await.expect(200).etag();
    admin.caller.delete(&path, &etag).await.expect(204);
    member
        .caller
        .get("/api/v1/me")
        .await
        .problem("unauthenticated");
    key.get("/api/v1/me").await.problem("unauthenticated");
    // Coming back does not bring the old tokens back.
    let etag = admin.caller.get(&path).await.expect(200).etag();
    admin
        .caller
        .patch(
            &path,
            &etag,
            json!({"email": "m@example.org", "active": true}),
        )
        .await
        .expect(200);
    member
        .caller
        .get("/api/v1/me")
        .await
        .problem("unauthenticated");
    key.get("/api/v1/me").await.problem("unauthenticated");
    // Nobody locks themselves out.
    let own = format!("/api/v1/users/{}", admin.id);
    let etag = admin.caller.get(&own).await.expect(200).etag();
    admin.caller.delete(&own, &etag).await.problem("in-use");
}

#[actix_web::test]
async fn a_new_password_needs_the_old_one_and_ends_other_sessions() {
    let app = TestApp::new().await;
    user(&app, "a@example.org").await;
    let token = |answer: Answer| {
        answer.expect(201).json()["token"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (one, other) = (
        token(log_in(&app, "a@example.org", PASSWORD).await),
        token(log_in(&app, "a@example.org", PASSWORD).await),
    );
    let me = app.with_key(&one);
    for (body, pointer) in [
        (
            json!({"password": "another good password"}),
            "/current_password",
        ),
        (
            json!({"password": "short", "current_password": PASSWORD}),
            "/password",
        ),
        (
            json!({"password": "aaaaaaaaaaaaaaaa", "current_password": PASSWORD}),
            "/password",
        ),
    ] {
        assert_eq!(
            me.patch("/api/v1/me", "*", body)
                .await
                .pointers("validation-failed"),
            [pointer]
        );
    }
    let body =
        json!({"password": "another good password", "current_password": PASSWORD, "lang": "pl"});
    me.patch("/api/v1/me", "*", body).await.expect(200);
    me.get("/api/v1/me").await.expect(200);
    app.with_key(&other)
        .get("/api/v1/me")
        .await
        .problem("unauthenticated");
    log_in(&app, "a@example.org", PASSWORD)
        .await
        .problem("unauthenticated");
    log_in(&app, "a@example.org", "another good password")
        .await
        .expect(201);
}

#[actix_web::test]
async fn a_log_in_costs_one_hash_whoever_it_is_for() {
    let app = TestApp::new().await;
    user(&app, "a@example.org").await;
    let invited = json!({"email": "b@example.org", "name": "B", "registry_role": "registrar"});
    let admin = app.as_admin();
    admin.post("/api/v1/users", invited).await.expect(201);
    for (email, password, status) in [
        ("a@example.org", PASSWORD, 201),
        ("a@example.org", "wrong horse battery", 401),
        ("nobody@example.org", PASSWORD, 401),
        ("b@example.org", PASSWORD, 401),
        ("a@example.org", &"long".repeat(100_000), 401),
        ("", "", 401),
    ] {
        let before = app.hasher.done();
        log_in(&app, email, password).await.expect(status);
        assert_eq!(app.hasher.done() - before, 1, "{email}");
    }
    // A link that nobody was sent costs none.
    let before = app.hasher.done();
    for path in [
        "/api/v1/invitations/accept",
        "/api/v1/password-resets/confirm",
    ] {
        let body = json!({"token": "tct_x", "password": PASSWORD});
        let answer = app.anonymous().post(path, body).await;
        assert!((400..500).contains(&answer.status()), "{answer}");
    }
    assert_eq!(app.hasher.done(), before);
}

#[actix_web::test]
async fn no_two_users_have_addresses_that_look_alike() {
    let app = TestApp::new().await;
    user(&app, "admin@example.org").await;
    let admin = app.as_admin();
    let add = async |email: &str| {
        let body = json!({"email": email, "name": "A", "registry_role": "registrar"});
        admin.post("/api/v1/users", body).await
    };
    // Wide and styled letters are the usual ones, written otherwise.
    for same in [
        "ＡＤＭＩＮ@example.org",
        "admin＠example.org",
        "𝐚dmin@example.org",
        "ADMIN@EXAMPLE.ORG",
    ] {
        add(same).await.problem("identifier-taken");
        log_in(&app, same, PASSWORD).await.expect(201);
    }
    for alike in [
        "\u{430}dmin@example.org",
        "admin@ex\u{430}mple.org",
        "ad\u{200b}min@example.org",
        "admin\u{ad}@example.org",
        "adm\u{131}n@example.org",
        "\u{251}dmin@example.org",
        "admin@example.org\u{202e}",
        "adm\u{456}n@example.org",
        "αdmin@example.org",
        "a\u{335}dmin@example.org",
    ] {
        let pointers = add(alike).await.pointers("validation-failed");
        assert_eq!(pointers, ["/email"], "{alike}");
    }
    add("józef.żółć@gmina.example").await.expect(201);
}
