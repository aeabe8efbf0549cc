//! Users, offices and keys with limits.

use serde_json::json;
use twincity::core::vocabulary::record::Role;

use crate::agreements::{AGREEMENTS, city};
use crate::support::TestApp;

#[actix_web::test]
async fn an_administrator_opens_an_office_and_fills_it() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let partner = city(&app, "Hrodna", "BY").await;
    let body = json!({"partner_id": partner, "four_eyes": true});
    let made = admin
        .post("/api/v1/organisations", body.clone())
        .await
        .expect(201);
    assert_eq!(made.json()["name"], "Hrodna");
    admin
        .post("/api/v1/organisations", body)
        .await
        .problem("in-use");
    let path = format!("/api/v1/organisations/{partner}");
    let changed = admin
        .patch(&path, &made.etag(), json!({"four_eyes": false}))
        .await
        .expect(200);
    assert_eq!(changed.json()["four_eyes"], false);
    admin
        .patch(&path, &made.etag(), json!({}))
        .await
        .problem("precondition-failed");
    let user = json!({"email": "editor@example.org", "name": "An Editor", "password": "correct horse battery",
        "roles": [{"organisation_id": partner, "role": "editor"}]});
    let made = admin
        .post("/api/v1/users", user.clone())
        .await
        .expect(201)
        .json();
    assert_eq!(made["roles"][0]["organisation_id"], partner.as_str());
    assert!(made.get("password").is_none());
    assert_eq!(
        admin
            .post("/api/v1/users", user)
            .await
            .problem("identifier-taken")["duplicate_of"],
        made["id"]
    );
    // The log tells that there is a user, to registrars, and neither name nor address to anybody.
    let feed = admin.get("/api/v1/changes?limit=100").await.expect(200);
    assert!(feed.text().contains(made["id"].as_str().unwrap()));
    assert!(!feed.text().contains("An Editor") && !feed.text().contains("editor@example.org"));
    assert!(
        !app.get("/api/v1/changes?limit=100")
            .await
            .expect(200)
            .text()
            .contains("usr_")
    );
}

#[actix_web::test]
async fn somebody_always_manages_access() {
    let app = TestApp::new().await;
    let last = app.member(Role::Admin, None);
    let path = format!("/api/v1/users/{}", last.id);
    let keyed = app.as_admin();
    let demoted = json!({"email": "a@example.org", "registry_role": null});
    last.caller
        .patch(&path, "*", demoted.clone())
        .await
        .problem("in-use");
    keyed.delete(&path, "*").await.problem("in-use");
    // One who was invited and has set no password is nobody yet.
    app.member(Role::Admin, None);
    last.caller
        .patch(&path, "*", demoted.clone())
        .await
        .problem("in-use");
    let other = json!({"email": "other@example.org", "name": "Another", "registry_role": "admin",
        "password": "correct horse battery"});
    let other = keyed.post("/api/v1/users", other).await.expect(201).id();
    last.caller.patch(&path, "*", demoted).await.expect(200);
    let path = format!("/api/v1/users/{other}");
    keyed.delete(&path, "*").await.problem("in-use");
}

#[actix_web::test]
async fn a_limited_key_lets_nobody_in() {
    let app = TestApp::new().await;
    let admin = app.member(Role::Admin, None).caller;
    let key = admin
        .post(
            "/api/v1/api-keys",
            json!({"name": "k", "role": "admin", "scopes": ["access:write"]}),
        )
        .await
        .expect(201)
        .json();
    let limited = app.with_key(key["key"].as_str().unwrap());
    let user = json!({"email": "me@example.org", "name": "Me", "registry_role": "admin",
        "password": "correct horse battery"});
    limited
        .post("/api/v1/users", user.clone())
        .await
        .problem("forbidden");
    let made = admin.post("/api/v1/users", user).await.expect(201);
    let path = format!("/api/v1/users/{}", made.id());
    limited
        .patch(&path, "*", json!({"email": "you@example.org"}))
        .await
        .problem("forbidden");
    // Null is not the same as nothing.
    let answer = admin.patch(&path, "*", json!({"active": null})).await;
    assert_eq!(answer.pointers("validation-failed"), ["/active"]);
}

#[actix_web::test]
async fn an_array_is_not_taken_for_the_members_of_an_object() {
    let app = TestApp::new().await;
    app.as_admin()
        .post(
            "/api/v1/users",
            json!({"email": "me@example.org", "name": "Me", "password": "correct horse battery",
                "registry_role": "registrar"}),
        )
        .await
        .expect(201);
    let answer = app
        .anonymous()
        .post(
            "/api/v1/sessions",
            json!(["me@example.org", "correct horse battery"]),
        )
        .await;
    assert_eq!(answer.pointers("malformed-request"), [""]);
}

#[actix_web::test]
async fn what_is_wrong_with_a_user_is_told_at_its_places() {
    let app = TestApp::new().await;
    let partner = city(&app, "Hrodna", "BY").await;
    let answer = app
        .as_admin()
        .post(
            "/api/v1/users",
            json!({"email": "nobody", "name": "", "lang": "xx", "password": "short", "registry_role": "editor",
                "roles": [{"organisation_id": partner, "role": "editor"}, {"organisation_id": "x", "role": "admin"}]}),
        )
        .await;
    assert_eq!(
        answer.pointers("validation-failed"),
        [
            "/email",
            "/lang",
            "/name",
            "/password",
            "/registry_role",
            "/roles/0/organisation_id",
            "/roles/1/organisation_id",
            "/roles/1/role"
        ]
    );
}

#[actix_web::test]
async fn a_limited_key_does_what_its_scopes_say_as_the_person_who_made_it() {
    let app = TestApp::new().await;
    let (a, b) = (
        city(&app, "Hrodna", "BY").await,
        city(&app, "Pskov", "RU").await,
    );
    app.office(&a, false).await;
    let editor = app.member(Role::Editor, Some(&a));
    let key = editor
        .caller
        .post(
            "/api/v1/api-keys",
            json!({"name": "import", "role": "editor", "organisation_id": a,
            "scopes": ["agreements:write"], "expires_at": "2027-01-01T00:00:00Z"}),
        )
        .await
        .expect(201)
        .json();
    let limited = app.with_key(key["key"].as_str().unwrap());
    let body = json!({"instrument": "protocol", "signed_on": "2001", "parties": [{"partner_id": a}, {"partner_id": b}]});
    let made = limited.post(AGREEMENTS, body).await.expect(201).id();
    limited
        .post("/api/v1/sources", json!({"kind": "press", "title": "a"}))
        .await
        .problem("forbidden");
    let path = format!("{AGREEMENTS}/{made}");
    limited.delete(&path, "*").await.expect(204);
    limited
        .post(&format!("{path}/restore"), json!({}))
        .await
        .expect(200);
    let own = format!("/api/v1/partners/{a}/restore");
    limited.post(&own, json!({})).await.problem("forbidden");
    limited
        .post(
            "/api/v1/api-keys",
            json!({"name": "k", "role": "editor", "organisation_id": a,
                "scopes": ["agreements:write"]}),
        )
        .await
        .problem("forbidden");
    // Nor does one without limits make another, which would outlive it.
    let whole = editor
        .caller
        .post(
            "/api/v1/api-keys",
            json!({"name": "k", "role": "editor", "organisation_id": a}),
        )
        .await
        .expect(201)
        .json();
    app.with_key(whole["key"].as_str().unwrap())
        .post(
            "/api/v1/api-keys",
            json!({"name": "k", "role": "editor", "organisation_id": a}),
        )
        .await
        .problem("forbidden");
    // Its person is named to colleagues.
    let seen = editor.caller.get(&path).await.expect(200).json();
    assert_eq!(seen["created_by_person"]["id"], editor.id);
    assert!(
        app.get(&path)
            .await
            .expect(200)
            .json()
            .get("created_by_person")
            .is_none()
    );
    // It is listed without its secret, and ends with the role of its person.
    let listed = editor.caller.get("/api/v1/api-keys").await.expect(200);
    assert!(!listed.text().contains(key["key"].as_str().unwrap()));
    assert_eq!(
        listed.json()["data"][0]["scopes"],
        json!(["agreements:write"])
    );
    let user = format!("/api/v1/users/{}", editor.id);
    let etag = app.as_admin().get(&user).await.expect(200).etag();
    app.as_admin()
        .patch(&user, &etag, json!({"email": "e@example.org", "roles": []}))
        .await
        .expect(200);
    limited.get("/api/v1/me").await.problem("unauthenticated");
}
