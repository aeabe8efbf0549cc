//! Keys: who they let in.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use twincity::access::keys;
use twincity::core::vocabulary::record::Role;
use twincity::http::problem::Problem;

use crate::support::{Answer, TestApp};

const SOURCES: &str = "/api/v1/sources";

async fn post(app: &TestApp, secret: &str) -> Answer {
    app.with_key(secret)
        .post(SOURCES, json!({"kind": "press", "title": "a"}))
        .await
}

#[track_caller]
fn refused(answer: Answer) {
    assert_eq!(
        answer.header("www-authenticate"),
        Some("Bearer realm=\"twincity\""),
        "{answer}"
    );
    answer.problem("unauthenticated");
}

#[actix_web::test]
async fn writing_takes_a_key_that_works() {
    let app = TestApp::new().await;
    let body = json!({"kind": "press", "title": "a"});
    refused(app.anonymous().post(SOURCES, body.clone()).await);
    refused(post(&app, "tck_wrong").await);
    refused(post(&app, "").await);
    for header in ["Basic YTpi", "tck_x", "Bearer", "bearer  "] {
        let caller = app.anonymous().header("Authorization", header);
        refused(caller.post(SOURCES, body.clone()).await);
    }
    let (_, secret) = app.key(Role::Registrar, None, None);
    post(&app, &secret).await.expect(201);
    // The scheme's name has no case.
    let caller = app
        .anonymous()
        .header("Authorization", &format!("BEARER {secret}"));
    caller.post(SOURCES, body).await.expect(201);
}

#[actix_web::test]
async fn a_key_ends_on_its_day() {
    let app = TestApp::new().await;
    let (_, secret) = app.key(Role::Admin, None, Some(app.app.now() + TimeDelta::days(1)));
    post(&app, &secret).await.expect(201);
    app.clock.advance(TimeDelta::days(1));
    refused(post(&app, &secret).await);
}

#[actix_web::test]
async fn a_revoked_key_opens_nothing() {
    let app = TestApp::new().await;
    let (id, secret) = app.key(Role::Admin, None, None);
    post(&app, &secret).await.expect(201);
    let now = app.app.now();
    let revoke = move |conn: &mut twincity::db::DbConn| -> Result<bool, Problem> {
        Ok(keys::store::revoke(conn, &id, now)?)
    };
    assert!(app.write(revoke).unwrap());
    refused(post(&app, &secret).await);
}

#[actix_web::test]
async fn a_key_that_another_process_revokes_opens_nothing_soon() {
    let app = TestApp::new().await;
    let (id, secret) = app.key(Role::Admin, None, None);
    let keys = async || app.with_key(&secret).get("/api/v1/api-keys").await;
    // The first use is noted, which is a write.
    keys().await.expect(200);
    keys().await.expect(200);
    let before = app.app.db.statements();
    keys().await.expect(200);
    let known = app.app.db.statements() - before;
    app.clock.advance(TimeDelta::seconds(1));
    let before = app.app.db.statements();
    keys().await.expect(200);
    assert!(
        app.app.db.statements() - before > known,
        "nobody was known for a moment"
    );
    let now = app.app.now();
    let other = app.another_instance();
    let revoked = other
        .db
        .write(move |conn| -> Result<bool, Problem> { Ok(keys::store::revoke(conn, &id, now)?) });
    assert!(revoked.await.unwrap());
    actix_web::rt::time::sleep(Duration::from_millis(250)).await;
    refused(keys().await);
}

#[actix_web::test]
async fn a_key_does_not_outlive_the_key_it_was_made_with() {
    let app = TestApp::new().await;
    let (id, secret) = app.key(Role::Admin, None, Some(app.app.now() + TimeDelta::days(9)));
    let made = app
        .with_key(&secret)
        .post(
            "/api/v1/api-keys",
            json!({"name": "k", "role": "registrar"}),
        )
        .await
        .expect(201);
    let child = made.json()["key"].as_str().unwrap().to_owned();
    post(&app, &child).await.expect(201);
    app.as_admin()
        .send(actix_web::test::TestRequest::delete().uri(&format!("/api/v1/api-keys/{id}")))
        .await
        .expect(204);
    refused(post(&app, &secret).await);
    refused(post(&app, &child).await);
}

#[actix_web::test]
async fn the_last_use_of_a_key_is_noted_to_the_hour() {
    let app = TestApp::new().await;
    let (_, secret) = app.key(Role::Admin, None, None);
    let last_used = || {
        let list = app
            .app
            .db
            .read_blocking(|conn| -> Result<_, Problem> { Ok(keys::store::list(conn)?) });
        list.unwrap()[0].last_used_at
    };
    assert_eq!(last_used(), None);
    post(&app, &secret).await.expect(201);
    let first = last_used();
    assert_eq!(first, Some(app.app.now().naive_utc()));
    app.clock.advance(TimeDelta::minutes(59));
    post(&app, &secret).await.expect(201);
    assert_eq!(last_used(), first);
    app.clock.advance(TimeDelta::minutes(1));
    post(&app, &secret).await.expect(201);
    assert_eq!(last_used(), Some(app.app.now().naive_utc()));
}

#[actix_web::test]
async fn an_editor_without_an_office_records_nothing() {
    let app = TestApp::new().await;
    let body = json!({"kind": "press", "title": "a"});
    app.with_role(Role::Editor, None)
        .post(SOURCES, body)
        .await
        .problem("forbidden");
    let editor = app.as_editor_of("ptn_0000000000");
    let made = editor
        .post(SOURCES, json!({"kind": "press", "title": "a"}))
        .await
        .expect(201);
    let by = json!({"role": "editor", "organisation": "ptn_0000000000"});
    assert_eq!(made.json()["created_by"], by);
}

#[actix_web::test]
async fn a_secret_is_kept_as_a_hash_only() {
    let app = TestApp::new().await;
    let (_, secret) = app.key(Role::Admin, None, None);
    assert!(secret.starts_with("tck_") && secret.len() == 47, "{secret}");
    let kept: Vec<String> = app
        .write(|conn| -> Result<_, Problem> {
            use diesel::prelude::*;
            use twincity::db::schema::api_keys;
            Ok(api_keys::table.select(api_keys::hash).load(conn)?)
        })
        .unwrap();
    let hash = twincity::core::digest::sha256(secret.as_bytes());
    assert_eq!(kept, [hash]);
    assert!(!kept[0].contains(&secret));
}
