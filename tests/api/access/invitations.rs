//! Invitations and resets: received by mail, their links work once and expire.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use serde_json::json;
use twincity::core::vocabulary::record::Role;

use crate::agreements::city;
use crate::notify::server::MailServer;
use crate::notify::{parsed, work};
use crate::support::TestApp;

const PASSWORD: &str = "correct horse battery";

/// The address and token of the link in the newest mail.
fn link(server: &MailServer) -> (String, String) {
    let (_, message) = server.received().pop().unwrap();
    let text = parsed(&message).text;
    let line = text.lines().find(|line| line.contains("?token=")).unwrap();
    let at = line.find("/account/").unwrap();
    let (path, token) = line[at..].trim().split_once("?token=").unwrap();
    (path.to_owned(), token.to_owned())
}

async fn log_in(app: &TestApp, password: &str) -> u16 {
    app.anonymous()
        .post(
            "/api/v1/sessions",
            json!({"email": "editor@example.org", "password": password}),
        )
        .await
        .status()
}

/// A user who was invited and has not answered.
async fn invited(app: &TestApp) {
    app.as_admin()
        .post(
            "/api/v1/users",
            json!({"email": "editor@example.org", "name": "An Editor", "registry_role": "registrar"}),
        )
        .await
        .expect(201);
    while work(app).await > 0 {}
}

#[actix_web::test]
async fn an_invitation_sets_the_first_password_once() {
    let server = MailServer::start();
    let app = server.registry("").await;
    invited(&app).await;
    let (path, token) = link(&server);
    assert_eq!(path, "/account/invitation");
    let accept = async |token: &str| {
        app.anonymous()
            .post(
                "/api/v1/invitations/accept",
                json!({"token": token, "password": PASSWORD}),
            )
            .await
    };
    let answer = accept("tct_wrong").await;
    assert_eq!(answer.pointers("validation-failed"), ["/token"]);
    accept(&token).await.expect(204);
    assert_eq!(log_in(&app, PASSWORD).await, 201);
    let again = accept(&token).await;
    assert_eq!(again.pointers("validation-failed"), ["/token"]);
}

#[actix_web::test]
async fn the_page_of_a_link_sets_nothing_by_being_opened() {
    let server = MailServer::start();
    let app = server.registry("").await;
    invited(&app).await;
    let (path, token) = link(&server);
    for _ in 0..2 {
        let page = app.get(&format!("{path}?token={token}")).await.expect(200);
        assert!(page.text().contains(&token));
        assert_eq!(page.header("cache-control"), Some("no-store"));
    }
    let send = async |password: &str| {
        app.send(
            TestRequest::post()
                .uri(&path)
                .set_form([("token", token.as_str()), ("password", password)]),
        )
        .await
        .expect(200)
    };
    assert!(send("short").await.text().contains("12 to 200"));
    assert!(send(PASSWORD).await.text().contains("The password is set"));
    assert_eq!(log_in(&app, PASSWORD).await, 201);
    let odd = app
        .get("/account/invitation?token=%22%3E%3Cscript%3E")
        .await;
    assert!(!odd.expect(200).text().contains("<script>"));
    app.get("/account/other").await.problem("not-found");
}

#[actix_web::test]
async fn links_expire_and_give_way_to_newer_ones() {
    let server = MailServer::start();
    let app = server.registry("").await;
    invited(&app).await;
    let (_, token) = link(&server);
    app.clock.advance(TimeDelta::days(7));
    let late = app
        .anonymous()
        .post(
            "/api/v1/invitations/accept",
            json!({"token": token, "password": PASSWORD}),
        )
        .await;
    assert_eq!(late.pointers("validation-failed"), ["/token"]);
    let ask = async |email: &str| {
        app.anonymous()
            .post("/api/v1/password-resets", json!({"email": email}))
            .await
            .expect(202);
        while work(&app).await > 0 {}
    };
    ask("editor@example.org").await;
    let (path, first) = link(&server);
    assert_eq!(path, "/account/reset");
    ask("Editor@example.org").await;
    let (_, second) = link(&server);
    // Nobody is told who has an account.
    let mails = server.received().len();
    ask("nobody@example.org").await;
    assert_eq!(server.received().len(), mails);
    let confirm = async |token: &str| {
        app.anonymous()
            .post(
                "/api/v1/password-resets/confirm",
                json!({"token": token, "password": PASSWORD}),
            )
            .await
    };
    let old = confirm(&first).await;
    assert_eq!(old.pointers("validation-failed"), ["/token"]);
    confirm(&second).await.expect(204);
    assert_eq!(log_in(&app, PASSWORD).await, 201);
    // It works for an hour, and not for longer.
    app.clock.advance(TimeDelta::minutes(16));
    ask("editor@example.org").await;
    let (_, late) = link(&server);
    app.clock.advance(TimeDelta::hours(1));
    let late = confirm(&late).await;
    assert_eq!(late.pointers("validation-failed"), ["/token"]);
    // What would arrive with a dead link is not sent.
    let mails = server.received().len();
    app.anonymous()
        .post(
            "/api/v1/password-resets",
            json!({"email": "editor@example.org"}),
        )
        .await
        .expect(202);
    // One job asks who that is, the next one writes.
    assert_eq!(work(&app).await, 1);
    app.clock.advance(TimeDelta::hours(1));
    while work(&app).await > 0 {}
    assert_eq!(server.received().len(), mails);
    let long = format!("{}@example.org", "x".repeat(250));
    let answer = app
        .anonymous()
        .post("/api/v1/password-resets", json!({"email": long}))
        .await;
    assert_eq!(answer.pointers("validation-failed"), ["/email"]);
}

#[actix_web::test]
async fn who_sets_a_new_password_need_not_wait_for_guesses_of_others() {
    const OTHER: &str = "another horse battery";
    let server = MailServer::start();
    let app = server.registry("").await;
    invited(&app).await;
    let slowed = async || {
        for _ in 0..10 {
            log_in(&app, "wrong horse battery").await;
        }
        assert_eq!(log_in(&app, PASSWORD).await, 429);
    };
    let asked = async || {
        app.anonymous()
            .post(
                "/api/v1/password-resets",
                json!({"email": "editor@example.org"}),
            )
            .await
            .expect(202);
        while work(&app).await > 0 {}
        link(&server)
    };
    slowed().await;
    let (_, token) = asked().await;
    app.anonymous()
        .post(
            "/api/v1/password-resets/confirm",
            json!({"token": token, "password": PASSWORD}),
        )
        .await
        .expect(204);
    assert_eq!(log_in(&app, PASSWORD).await, 201);
    // Nor does who sends the form of the page.
    slowed().await;
    let (path, token) = asked().await;
    let form = [("token", token.as_str()), ("password", OTHER)];
    app.send(TestRequest::post().uri(&path).set_form(form))
        .await
        .expect(200);
    assert_eq!(log_in(&app, OTHER).await, 201);
}

#[actix_web::test]
async fn links_end_with_what_they_were_sent_for() {
    let server = MailServer::start();
    let app = server.registry("").await;
    invited(&app).await;
    let admin = app.as_admin();
    let all = admin.get("/api/v1/users").await.expect(200).json();
    let user = format!("/api/v1/users/{}", all["data"][0]["id"].as_str().unwrap());
    let accept = async |token: String| {
        app.anonymous()
            .post(
                "/api/v1/invitations/accept",
                json!({"token": token, "password": PASSWORD}),
            )
            .await
    };
    // The address was wrong: whoever has it is not let in, and the right one is invited.
    let (_, wrong) = link(&server);
    admin
        .patch(&user, "*", json!({"email": "right@example.org"}))
        .await
        .expect(200);
    while work(&app).await > 0 {}
    let mails = server.received();
    assert_eq!(mails.last().unwrap().0, ["right@example.org"]);
    let (_, right) = link(&server);
    accept(wrong).await.problem("validation-failed");
    // Nor is somebody who was deactivated meanwhile, also not after coming back.
    admin.delete(&user, "*").await.expect(204);
    admin
        .patch(&user, "*", json!({"active": true}))
        .await
        .expect(200);
    accept(right).await.problem("validation-failed");
}

#[actix_web::test]
async fn a_suggestion_is_acknowledged_to_one_address_only_so_often() {
    let server = MailServer::start();
    let app = server.registry("").await;
    let editor = app.member(Role::Registrar, None).caller;
    for number in 0..5 {
        editor
            .post(
                "/api/v1/suggestions",
                json!({"message": format!("No. {number}"), "email": "victim@example.org"}),
            )
            .await
            .expect(201);
    }
    while work(&app).await > 0 {}
    assert_eq!(server.received().len(), 3);
}

#[actix_web::test]
async fn approvers_are_told_what_waits_for_them() {
    let server = MailServer::start();
    let app = server.registry("").await;
    let (a, b) = (
        city(&app, "Hrodna", "BY").await,
        city(&app, "Pskov", "RU").await,
    );
    app.office(&a, true).await;
    for (email, role) in [
        ("approver@example.org", "approver"),
        ("editor@example.org", "editor"),
    ] {
        app.as_admin()
            .post(
                "/api/v1/users",
                json!({"email": email, "name": "A. Member", "password": PASSWORD, "lang": "pl",
                    "roles": [{"organisation_id": a, "role": role}]}),
            )
            .await
            .expect(201);
    }
    let editor = app.member(Role::Editor, Some(&a)).caller;
    let made = editor
        .post(
            "/api/v1/agreements",
            json!({"instrument": "protocol", "parties": [{"partner_id": a}, {"partner_id": b}]}),
        )
        .await
        .expect(201);
    while work(&app).await > 0 {}
    assert_eq!(server.received().len(), 0);
    let path = format!("/api/v1/agreements/{}", made.id());
    let waits = editor
        .patch(&path, &made.etag(), json!({"record_state": "published"}))
        .await
        .expect(202)
        .json();
    while work(&app).await > 0 {}
    let mails = server.received();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, ["approver@example.org"]);
    let text = parsed(&mails[0].1).text;
    assert!(
        text.contains(waits["suggestion_id"].as_str().unwrap()),
        "{text}"
    );
    assert!(text.contains("Hrodna – Pskov"), "{text}");
    // So they are of a correction by the public, whose sender is answered in the end.
    let made = app
        .anonymous()
        .post(
            "/api/v1/suggestions",
            json!({"target": a, "patch": {"population": 7}, "email": "reader@example.org"}),
        )
        .await
        .expect(201)
        .json();
    while work(&app).await > 0 {}
    let told: Vec<String> = server.received()[1..]
        .iter()
        .map(|(to, _)| to[0].clone())
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.contains(&"approver@example.org".to_owned()));
    let path = format!(
        "/api/v1/suggestions/{}",
        made["suggestion_id"].as_str().unwrap()
    );
    let registrar = app.member(Role::Registrar, None).caller;
    let decided = registrar
        .post(
            &format!("{path}/reject"),
            json!({"note": "Seven it is not."}),
        )
        .await
        .expect(200)
        .json();
    // The address has served its purpose.
    assert!(decided["email"].is_null(), "{decided}");
    while work(&app).await > 0 {}
    let (to, message) = server.received().pop().unwrap();
    assert_eq!(to, ["reader@example.org"]);
    assert!(parsed(&message).text.contains("Seven it is not."));
}
